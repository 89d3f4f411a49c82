"""One-shot path finding: a plan as soon as there can be one, and a better one in time.

LaCAM* finds a first plan in about as long as it takes to write it down. PIBT on the
advice of windowed guidance makes two more, one on each core, that are mostly far
better; large neighbourhood search improves the best until the time is up.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from solvers.mapf.distances import distance_rows
from solvers.mapf.guidance.space_utilisation import guide_rows, plan_guides
from solvers.mapf.one_shot.guided import GuidedRun
from solvers.mapf.one_shot.lacam import Instance, Lacam, make_instance
from solvers.mapf.one_shot.neighbourhood_search import improve
from solvers.mapf.one_shot.problem import OneShotProblem, Paths
from solvers.mapf.one_shot.tidy import tidy
from solvers.result import ProgressCallback, Result, Status, Stop, Termination
from warehouse.distances import UNREACHABLE

Objective = Literal["sum_of_costs", "loss", "makespan"]

_CHUNK = 100_000
"""Robot-steps of PIBT between two looks at the clock: about 20 ms."""

_GUIDE_BYTES = 400_000_000
"""Largest table of distances of which a second one is made for guide paths."""

_GUIDED_SHARE = 0.5
"""Part of the time left after the first plan in which guided ones have to be ready."""


@dataclass(frozen=True, slots=True)
class OneShotParams:
    """Parameters of `solve`.

    Parameters
    ----------
    objective : "sum_of_costs", "loss" or "makespan"
        What is made small: the sum over robots of the timestep from which on each
        stays at its goal; the number of robot-steps away from the goals; or the
        timestep at which all have come to stay. Plans are compared by it; the
        neighbourhood search lowers the sum of costs.
    threads : int
        Threads of the neighbourhood search.
    memory_bytes : int
        Most that LaCAM* keeps; beyond, it starts again and proves nothing any more.
    windows : tuple of int
        Timesteps that robots look ahead in guided plans, one plan for each.
    first_only : bool
        Whether the first plan is enough.
    """

    objective: Objective = "sum_of_costs"
    threads: int = 2
    memory_bytes: int = 2_000_000_000
    windows: tuple[int, ...] = (20, 40)
    first_only: bool = False


def solve(
    problem: OneShotProblem,
    stop: Stop,
    *,
    seed: int = 0,
    params: OneShotParams = OneShotParams(),
    initial: Paths | None = None,
    on_progress: ProgressCallback | None = None,
) -> Result[Paths]:
    """Find paths for all robots that do not collide.

    Parameters
    ----------
    problem : OneShotProblem
    stop : Stop
        Iterations are those of the neighbourhood search. Without any limit there is
        none.
    seed : int
    params : OneShotParams
    initial : Paths, optional
        A plan to begin from instead of searching a first one.
    on_progress : callable, optional

    Returns
    -------
    Result of Paths
        The bound counts shortest paths of robots that ignore each other. Infeasible
        is proved; unknown means that the time was too short. Statistics:
        ``first_solution_s``, ``history`` (seconds, cost) with the first plan first,
        and those of the neighbourhood search.

    Notes
    -----
    Turning robots get the first plan of LaCAM* only, which is not made better yet.
    With a seed, one iteration limit and no time limit the plan is the same each time.

    Examples
    --------
    Two robots that want to change places in a dead-end aisle cannot:

    >>> from warehouse.grid import Grid
    >>> aisle = Grid.from_arrays(np.ones((1, 3), bool))
    >>> problem = OneShotProblem(aisle, np.array([0, 2]), np.array([2, 0]))
    >>> solve(problem, Stop(time_limit_s=1)).status
    <Status.INFEASIBLE: 'infeasible'>
    """
    run = _Run(problem, stop, seed, params, on_progress)
    if initial is not None:
        run.take(run.with_headings(problem.floor.at(initial.cells), initial.headings))
    elif not run.is_connected():
        return run.result(Status.INFEASIBLE, Termination.PROVED)
    else:
        ended = run.search()
        if ended is not None:
            return run.result(*ended)
        if not params.first_only:
            run.follow_advice()
    return run.result(*run.improve())


@dataclass(slots=True)
class _Run:
    """One call of `solve`: the data it works on and the best plan so far."""

    problem: OneShotProblem
    stop: Stop
    seed: int
    params: OneShotParams
    on_progress: ProgressCallback | None
    began: float = field(default_factory=time.perf_counter)
    deadline: float = field(init=False)
    starts: NDArray[np.int32] = field(init=False)
    goals: NDArray[np.int32] = field(init=False)
    distances: NDArray[np.int16] = field(init=False)
    instance: Instance = field(init=False)
    bound: int = field(init=False)
    best: NDArray[np.int32] | None = None
    statistics: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        floor = self.problem.floor
        self.deadline = self.stop.deadline()
        self.starts = floor.at(self.problem.starts)
        self.goals = floor.at(self.problem.goals)
        self.distances = distance_rows(floor, self.goals)
        turning = self.problem.motion == "rotate"
        self.instance = make_instance(floor, self.distances, self.goals, turning)
        alone = self.distances[np.arange(len(self.starts)), self.starts].astype(int)
        makespan = self.params.objective == "makespan"
        self.bound = int(alone.max(initial=0) if makespan else alone.sum())
        self.statistics |= {"history": [], "distances_s": self.elapsed_s}

    @property
    def elapsed_s(self) -> float:
        return time.perf_counter() - self.began

    def cost(self, states: NDArray[np.int32]) -> int:
        """Value of a plan in terms of the objective."""
        paths = Paths(states >> self.instance.shift)
        return int(getattr(paths, self.params.objective))

    def take(self, states: NDArray[np.int32]) -> None:
        """Keep a plan if it is better than the best so far."""
        cost = self.cost(states)
        if self.best is not None and cost >= self.cost(self.best):
            return
        self.best = states
        now_s = self.elapsed_s
        self.statistics["history"].append((now_s, cost))
        self.statistics.setdefault("first_solution_s", now_s)

    def with_headings(
        self, vertices: NDArray[np.int32], headings: NDArray[np.uint8] | None
    ) -> NDArray[np.int32]:
        """States of robots that turn; for others, their vertices."""
        if self.instance.shift == 0 or headings is None:
            return vertices
        return vertices * np.int32(4) + headings.astype(np.int32)

    def is_connected(self) -> bool:
        """Whether every robot alone has a way to its goal."""
        alone = self.distances[np.arange(len(self.starts)), self.starts]
        lost = np.flatnonzero(alone == UNREACHABLE)
        if len(lost):
            self.statistics["unreachable"] = lost.tolist()
        return len(lost) == 0

    def report(self, share: float, words: str) -> None:
        """Tell the caller how far the run has come."""
        if self.on_progress is not None:
            self.on_progress(min(1.0, share), words)

    def ended(self) -> Termination | None:
        """Why to stop now, if at all."""
        if self.stop.interrupted():
            return Termination.INTERRUPTED
        if time.perf_counter() >= self.deadline:
            return Termination.TIME_LIMIT
        return None

    def search(self) -> tuple[Status, Termination] | None:
        """Let LaCAM* find a first plan; None when there is one to go on with."""
        robots = max(1, len(self.starts))
        lacam = Lacam(
            self.instance,
            self.with_headings(self.starts, self.problem.headings),
            self.seed,
            self.params.memory_bytes,
        )
        self.report(0.0, "looking for a first plan")
        while not lacam.run(max(1, _CHUNK // robots)):
            if lacam.exhausted:
                return Status.INFEASIBLE, Termination.PROVED
            why = self.ended()
            if why is not None:
                return Status.UNKNOWN, why
        first = lacam.best()
        assert first is not None
        self.take(first)
        return None

    def follow_advice(self) -> None:
        """Make guided plans, each in a thread of its own, and keep the best."""
        assert self.best is not None
        if self.cost(self.best) <= self.bound or self.instance.shift > 0:
            return
        now, paths = time.perf_counter(), Paths(self.best)
        alone = self.distances[np.arange(len(self.starts)), self.starts]
        self.report(0.0, "planning with windows")
        floor = self.problem.floor

        def make(k: int) -> NDArray[np.int32] | None:
            run = GuidedRun(
                window=self.params.windows[k],
                seed=self.seed + k,
                expected_steps=(paths.makespan + int(alone.max())) // 2,
                cost_to_beat=paths.loss,
                deadline=now + _GUIDED_SHARE * (self.deadline - now),
                end=self.deadline,
            )
            rows = self.distances
            if k == 0 and rows.nbytes <= _GUIDE_BYTES:
                guides = plan_guides(
                    floor, rows, self.starts, self.goals, deadline=run.deadline
                )
                rows = guide_rows(floor, rows, guides)
            return run.plan(self.instance, self.starts, rows, self.stop.interrupted)

        with ThreadPoolExecutor(self.params.threads) as threads:
            for plan in threads.map(make, range(len(self.params.windows))):
                if plan is not None:
                    self.take(plan)

    def improve(self) -> tuple[Status, Termination]:
        """Make the plan better until the time is up."""
        assert self.best is not None
        limited = self.stop.iterations is not None or np.isfinite(self.deadline)
        done = Termination.CONVERGED
        wanted = not self.params.first_only and self.instance.shift == 0
        if limited and wanted and self.cost(self.best) > self.bound:
            done = self._neighbourhood_search(self.best)
        if self.cost(self.best) <= self.bound:
            return Status.OPTIMAL, Termination.PROVED
        return Status.FEASIBLE, done

    def _neighbourhood_search(self, plan: NDArray[np.int32]) -> Termination:
        offset = self.elapsed_s
        limit = self.stop.time_limit_s

        def on_better(seconds: float, cost: int) -> None:
            if self.params.objective == "sum_of_costs":
                self.statistics["history"].append((offset + seconds, cost))
            share = (offset + seconds) / limit if limit else 0.0
            self.report(share, f"cost {cost}, at least {self.bound}")

        vertices = self.problem.floor.vertices
        better = improve(
            self.problem.floor,
            self.distances,
            tidy(vertices, plan),
            self.deadline,
            iterations=self.stop.iterations,
            seed=self.seed,
            threads=self.params.threads,
            interrupted=self.stop.interrupted,
            on_better=on_better,
        )
        self.statistics["neighbourhood_search"] = better.statistics
        self.take(tidy(vertices, better.vertices))
        return self.ended() or Termination.ITERATION_LIMIT

    def result(self, status: Status, why: Termination) -> Result[Paths]:
        """Pack up what was found."""
        plan, cost = None, float("inf")
        if self.best is not None:
            shift = self.instance.shift
            cells = self.problem.floor.cell_of[self.best >> shift]
            headings = (self.best & 3).astype(np.uint8) if shift else None
            plan, cost = Paths(cells, headings), float(self.cost(self.best))
        return Result(
            solution=plan,
            status=status,
            termination=why,
            objective=cost,
            lower_bound=float(self.bound),
            runtime_s=self.elapsed_s,
            seed=self.seed,
            solver="LaCAM* and large neighbourhood search",
            statistics=self.statistics,
        )
