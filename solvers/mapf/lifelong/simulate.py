"""Lifelong simulation: a team moves step by step while its tasks are renewed."""

import time
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from solvers.mapf.floor import Floor
from solvers.mapf.lifelong.bound import bound_throughput
from solvers.mapf.lifelong.problem import LifelongProblem, RoundRobin, TaskState
from solvers.mapf.lifelong.team import OmniParams, OmniTeam
from solvers.mapf.lifelong.turning import TurningParams, TurningTeam
from solvers.result import ProgressCallback, Result, Status, Stop, Termination
from warehouse.errors import SolverError


class Team(Protocol):
    """Robots that are moved one timestep at a time."""

    @property
    def statistics(self) -> dict[str, float]:
        """How it went, for people."""

    def prepare(self, goals: NDArray[np.int32]) -> None:
        """Do what can be done before the clock runs."""

    def step(
        self, goals: NDArray[np.int32], deadline: float
    ) -> tuple[NDArray[np.int32], NDArray[np.uint8] | None]:
        """Move all; return the vertices and, for robots that turn, the headings."""


@dataclass(frozen=True, slots=True)
class LifelongParams:
    """Parameters of `simulate`.

    Parameters
    ----------
    step_ms : float, optional
        Wall-clock budget for deciding one timestep. A step that takes longer is still
        safe, and counted as an overrun. Without a budget the run is the same for the
        same seed.
    omni : OmniParams
    turning : TurningParams
    """

    step_ms: float | None = None
    omni: OmniParams = field(default_factory=OmniParams)
    turning: TurningParams = field(default_factory=TurningParams)


@dataclass(frozen=True, slots=True)
class LifelongRun:
    """What happened in a run.

    Parameters
    ----------
    cells : ndarray of int32, shape (timesteps + 1, robots)
        Flat cells.
    headings : ndarray of uint8, same shape, or None
    tasks : TaskState
        With the events: who reached which cell of which task when.
    step_ms, step_cpu_ms : ndarray of float64, shape (timesteps,)
        What deciding each timestep took: wall-clock and processor time of all threads.
    """

    cells: NDArray[np.int32]
    headings: NDArray[np.uint8] | None
    tasks: TaskState
    step_ms: NDArray[np.float64]
    step_cpu_ms: NDArray[np.float64]


def simulate(
    problem: LifelongProblem,
    stop: Stop,
    *,
    seed: int = 0,
    params: LifelongParams | None = None,
    on_progress: ProgressCallback | None = None,
) -> Result[LifelongRun]:
    """Move robots from goal to goal for ``stop.iterations`` timesteps.

    Parameters
    ----------
    problem : LifelongProblem
    stop : Stop
        Timesteps to run as ``iterations``; a run that is interrupted or out of time
        ends at the timestep it has come to.
    seed : int
    params : LifelongParams, optional
    on_progress : callable, optional

    Returns
    -------
    Result of LifelongRun
        The objective is timesteps per finished task, and the lower bound with it:
        ``-inf`` where tasks are not dealt out beforehand. Statistics: ``throughput``
        (tasks per timestep), ``bound_throughput``, ``step_ms_median``, ``_p99``,
        ``_max``, the same for ``step_cpu_ms``, ``prepare_s``, ``overruns``.

    Raises
    ------
    SolverError
        E302 where the number of timesteps is missing or below 1; E311 or E313 for
        tasks that cannot be reached.

    Examples
    --------
    >>> from warehouse.grid import Grid
    >>> grid = Grid.from_arrays(np.ones((1, 3), bool))
    >>> problem = LifelongProblem(grid, np.array([0]), RoundRobin([2, 0]))
    >>> result = simulate(problem, Stop(iterations=7))
    >>> result.solution.cells[:, 0].tolist(), result.statistics["finished"]
    ([0, 1, 2, 1, 0, 1, 2, 1], 3)
    """
    began = time.perf_counter()
    params = params or LifelongParams()
    if stop.iterations is None or stop.iterations < 1:
        raise SolverError(
            "E302",
            f"got {stop.iterations} timesteps; need 1 or more",
            "give Stop(iterations=...)",
        )
    deadline = stop.deadline()
    tasks = problem.tasks.begin(
        problem.floor, problem.floor.at(problem.starts), problem.motion
    )
    record = _Record(problem, stop.iterations)
    team = _team(problem, seed, params)
    goals = tasks.visit(0, record.vertices[0], record.headings_at(0))
    team.prepare(goals)
    prepare_s = time.perf_counter() - began
    termination = Termination.ITERATION_LIMIT
    for t in range(stop.iterations):
        if stop.interrupted():
            termination = Termination.INTERRUPTED
            break
        if time.perf_counter() > deadline:
            termination = Termination.TIME_LIMIT
            break
        goals = record.decide(team, tasks, goals, t, params.step_ms)
        if on_progress is not None:
            words = f"timestep {t + 1}, {tasks.finished} tasks finished"
            on_progress((t + 1) / stop.iterations, words)
    run = record.run(problem.floor, tasks)
    statistics = _figures(run, params) | {"prepare_s": prepare_s, **team.statistics}
    lower_bound = _add_bound(problem, len(run.cells) - 1, statistics)
    return Result(
        solution=run,
        status=Status.FEASIBLE,
        termination=termination,
        objective=_per_task(len(run.cells) - 1, tasks.finished),
        lower_bound=lower_bound,
        runtime_s=time.perf_counter() - began,
        seed=seed,
        solver="guided-pibt" if problem.motion == "omni" else "turning-pibt",
        statistics=statistics,
    )


def _team(problem: LifelongProblem, seed: int, params: LifelongParams) -> Team:
    starts = problem.floor.at(problem.starts)
    if problem.motion == "omni":
        return OmniTeam(problem.floor, starts, seed=seed, params=params.omni)
    return TurningTeam(
        problem.floor, starts, problem.headings, seed=seed, params=params.turning
    )


class _Record:
    """Where robots were, and what each step took."""

    def __init__(self, problem: LifelongProblem, timesteps: int) -> None:
        shape = (timesteps + 1, problem.robots)
        self.vertices = np.empty(shape, np.int32)
        self.vertices[0] = problem.floor.at(problem.starts)
        self.headings: NDArray[np.uint8] | None = None
        if problem.motion == "rotate" and problem.headings is not None:
            self.headings = np.tile(problem.headings, (timesteps + 1, 1))
        self.tasks_s = 0.0
        self.wall_ms: list[float] = []
        self.cpu_ms: list[float] = []

    def headings_at(self, t: int) -> NDArray[np.uint8] | None:
        return None if self.headings is None else self.headings[t]

    def decide(
        self,
        team: Team,
        tasks: TaskState,
        goals: NDArray[np.int32],
        t: int,
        step_ms: float | None,
    ) -> NDArray[np.int32]:
        """Move the team from t to t + 1 and return the goals from then on."""
        wall, cpu = time.perf_counter(), time.process_time()
        budget_s = float("inf") if step_ms is None else step_ms / 1000
        # Tasks come after the motion, within the same budget; nothing ends on the dot.
        if isinstance(team, TurningTeam):
            team.look_ahead(tasks.ahead())
        vertices, headings = team.step(
            goals, wall + 0.97 * budget_s - 1.5 * self.tasks_s
        )
        self.vertices[t + 1] = vertices
        if self.headings is not None and headings is not None:
            self.headings[t + 1] = headings
        moved = time.perf_counter()
        goals = tasks.visit(t + 1, self.vertices[t + 1], self.headings_at(t + 1))
        self.tasks_s = max(time.perf_counter() - moved, 0.9 * self.tasks_s)
        self.wall_ms.append(1000 * (time.perf_counter() - wall))
        self.cpu_ms.append(1000 * (time.process_time() - cpu))
        return goals

    def run(self, floor: Floor, tasks: TaskState) -> LifelongRun:
        done = len(self.wall_ms)
        headings = None if self.headings is None else self.headings[: done + 1]
        return LifelongRun(
            floor.cell_of[self.vertices[: done + 1]],
            headings,
            tasks,
            np.array(self.wall_ms),
            np.array(self.cpu_ms),
        )


def _per_task(timesteps: int, tasks: int) -> float:
    return timesteps / tasks if tasks else float("inf")


def _figures(run: LifelongRun, params: LifelongParams) -> dict[str, Any]:
    timesteps = len(run.step_ms)
    figures: dict[str, Any] = {
        "robots": run.cells.shape[1],
        "timesteps": timesteps,
        "finished": run.tasks.finished,
        "throughput": run.tasks.finished / max(1, timesteps),
        "overruns": 0
        if params.step_ms is None
        else int((run.step_ms > params.step_ms).sum()),
    }
    for name, ms in (("step_ms", run.step_ms), ("step_cpu_ms", run.step_cpu_ms)):
        for measure, percent in (("median", 50), ("p99", 99), ("max", 100)):
            value = float(np.percentile(ms, percent)) if timesteps else 0.0
            figures[f"{name}_{measure}"] = value
    return figures


def _add_bound(
    problem: LifelongProblem, timesteps: int, statistics: dict[str, Any]
) -> float:
    """Add the bound on throughput; return that on timesteps per task."""
    if not isinstance(problem.tasks, RoundRobin) or timesteps == 0:
        return float("-inf")
    floor = problem.floor
    goals = floor.at(problem.tasks.cells)
    bound = bound_throughput(floor, floor.at(problem.starts), goals, timesteps)
    statistics["bound_throughput"] = bound.tasks / timesteps
    statistics["binding"] = bound.binding
    return _per_task(timesteps, bound.tasks)
