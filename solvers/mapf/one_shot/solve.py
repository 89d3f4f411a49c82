"""One-shot path finding: a plan as soon as there can be one, and a better one in time.

LaCAM* finds a first plan in about as long as it takes to write it down. PIBT on the
advice of windowed guidance makes two more, one on each core, that are mostly far
better; large neighbourhood search improves the best until the time is up, in turns
with conflict-based search where the team is small. Robots that turn carry out the
plans of robots that move freely, and improve them as robots that turn.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.mapf.distances import distance_rows
from solvers.mapf.guidance.space_utilisation import guide_rows, plan_guides
from solvers.mapf.one_shot.conflict_based_search import ConflictBasedSearch
from solvers.mapf.one_shot.guided import GuidedRun
from solvers.mapf.one_shot.lacam import Instance, Lacam, make_instance
from solvers.mapf.one_shot.neighbourhood_search import Task, improve
from solvers.mapf.one_shot.problem import Objective, OneShotProblem, Paths
from solvers.mapf.one_shot.tidy import tidy
from solvers.mapf.one_shot.turning import turn, turning_rows
from solvers.mapf.one_shot.turning_guided import TurningRun
from solvers.result import ProgressCallback, Result, Status, Stop, Termination
from warehouse.distances import UNREACHABLE

_CHUNK = 100_000
"""Robot-steps of PIBT between two looks at the clock: about 20 ms."""

_GUIDE_BYTES = 400_000_000
"""Largest table of distances of which a second one is made for guide paths."""

_STATE_BYTES = 1_500_000_000
"""Largest table of distances that count turns; beyond, they are not searched with."""

_EXACT_ROBOTS = 100
"""Largest team that conflict-based search is tried on."""

_FIRST_ITERATIONS = 200
"""Neighbourhoods in the first turn of the searches, and nodes of conflict-based search
times `_ITERATIONS_A_NODE`; twice as many in each turn that follows."""

_ITERATIONS_A_NODE = 10

_SMALL_ROBOTS = 16
"""Largest team that conflict-based search is tried on before all else."""

_FIRST_NODES = 500
"""Its nodes then."""

_FIRST_SHARE = 0.1
"""Part of the time left that it may take then."""

_GUIDED_SHARE = 0.5
"""Part of the time left after the first plan in which guided ones have to be ready."""

_NEAR = 1.2
"""Cost over bound from which on the neighbourhood search gains more than a plan made
with turns would."""


@dataclass(frozen=True, slots=True)
class OneShotParams:
    """Parameters of `solve`.

    Parameters
    ----------
    objective : "sum_of_costs", "loss" or "makespan"
        What is made small: the sum over robots of the timestep from which on each
        stays at its goal; the number of robot-steps away from the goals; or the
        timestep at which all have come to stay.
    threads : int
        Threads of the neighbourhood search.
    memory_bytes : int
        Most that LaCAM* keeps; beyond, it starts again and proves nothing any more.
    windows : tuple of int
        Timesteps that robots look ahead in guided plans, one plan for each. When
        robots turn, only the first is of robots that move freely.
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
        Iterations are those of the neighbourhood search; conflict-based search has
        in proportion. Without any limit there is neither.
    seed : int
    params : OneShotParams
    initial : Paths, optional
        A plan to begin from instead of searching a first one.
    on_progress : callable, optional

    Returns
    -------
    Result of Paths
        The bound counts shortest paths of robots that ignore each other, turns too;
        for the sum of costs of a small team it is that of conflict-based search. When
        it is met, the search ends. Infeasible is proved; unknown means that the time
        was too short. Statistics: ``first_solution_s``, ``history`` (seconds, cost)
        with the first plan first, and those of the neighbourhood search.

    Notes
    -----
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
        run.take_initial(initial)
    elif not run.is_connected():
        return run.result(Status.INFEASIBLE, Termination.PROVED)
    else:
        ended = run.search()
        if ended is not None:
            return run.result(*ended)
    if not params.first_only:
        run.count_turns()
        run.prove_at_once()
        if initial is None:
            run.follow_advice()
    return run.result(*run.improve())


@dataclass(slots=True)
class _Run:
    """One call of `solve`: the data it works on and the best plan so far.

    ``best`` and what is taken are plans of states: vertices, or four times the vertex
    plus the heading for robots that turn.
    """

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
    to_goal: NDArray[np.int16] = field(init=False)
    instance: Instance = field(init=False)
    shift: int = field(init=False)
    bound: int = 0
    first: NDArray[np.int32] | None = None
    exact: ConflictBasedSearch | None = None
    best: NDArray[np.int32] | None = None
    statistics: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        floor = self.problem.floor
        self.deadline = self.stop.deadline()
        self.starts = floor.at(self.problem.starts)
        self.goals = floor.at(self.problem.goals)
        self.distances = self.to_goal = distance_rows(floor, self.goals)
        self.instance = make_instance(floor, self.distances, self.goals)
        self.shift = 2 if self.problem.motion == "rotate" else 0
        self._set_bound(self._alone())
        self.statistics |= {"history": [], "distances_s": self.elapsed_s}

    def _alone(self) -> NDArray[np.int64]:
        """Shortest path of each robot, turns not counted."""
        return self.distances[np.arange(len(self.starts)), self.starts].astype(int)

    def _set_bound(self, alone: NDArray[np.int64]) -> None:
        makespan = self.params.objective == "makespan"
        self.bound = int(alone.max(initial=0) if makespan else alone.sum())

    @property
    def elapsed_s(self) -> float:
        return time.perf_counter() - self.began

    def cost(self, states: NDArray[np.int32]) -> int:
        """Value of a plan in terms of the objective."""
        return int(getattr(Paths(states >> self.shift), self.params.objective))

    def take(self, states: NDArray[np.int32]) -> None:
        """Keep a plan if it is better than the best so far."""
        cost = self.cost(states)
        if self.best is not None and cost >= self.cost(self.best):
            return
        self.best = states
        now_s = self.elapsed_s
        self.statistics["history"].append((now_s, cost))
        self.statistics.setdefault("first_solution_s", now_s)

    def take_free(self, vertices: NDArray[np.int32]) -> None:
        """Keep a plan of robots that move freely, as far as it is of use."""
        self.take(self._turned(vertices) if self.shift else vertices)

    def _turned(self, vertices: NDArray[np.int32]) -> NDArray[np.int32]:
        """States of robots that turn, which carry out a plan of others."""
        headings = self.problem.headings
        assert headings is not None
        return turn(self.problem.floor, vertices, headings)

    def take_initial(self, plan: Paths) -> None:
        """Keep the plan that was given."""
        vertices = self.problem.floor.at(plan.cells)
        if self.shift and plan.headings is not None:
            vertices = vertices * np.int32(4) + plan.headings.astype(np.int32)
            self.take(vertices)
        else:
            self.take_free(vertices)

    def is_connected(self) -> bool:
        """Whether every robot alone has a way to its goal."""
        lost = np.flatnonzero(self._alone() == UNREACHABLE)
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
        lacam = Lacam(self.instance, self.starts, self.seed, self.params.memory_bytes)
        self.report(0.0, "looking for a first plan")
        while not lacam.run(max(1, _CHUNK // robots)):
            if lacam.exhausted:
                return Status.INFEASIBLE, Termination.PROVED
            why = self.ended()
            if why is not None:
                return Status.UNKNOWN, why
        self.first = lacam.best()
        assert self.first is not None
        self.take_free(self.first)
        return None

    def follow_advice(self) -> None:
        """Make guided plans, each in a thread of its own, and keep the best."""
        assert self.best is not None and self.first is not None
        if self.cost(self.best) <= self.bound:
            return
        if time.perf_counter() > self.deadline:
            return
        now, first = time.perf_counter(), Paths(self.first)
        deadline = now + _GUIDED_SHARE * (self.deadline - now)
        self.report(0.0, "planning with windows")
        turns = self.shift > 0 and self.to_goal.nbytes <= _GUIDE_BYTES
        near = Event()

        def make(k: int) -> NDArray[np.int32] | None:
            if turns and k > 0:
                return self._plan_turning(k, deadline, near.is_set)
            plan = self._plan_free(k, first, deadline)
            timed = np.isfinite(self.deadline)
            if timed and plan is not None and self.cost(plan) < _NEAR * self.bound:
                near.set()
            return plan

        with ThreadPoolExecutor(self.params.threads) as threads:
            for plan in threads.map(make, range(len(self.params.windows))):
                if plan is not None:
                    self.take(plan)

    def _plan_free(
        self, k: int, first: Paths, deadline: float
    ) -> NDArray[np.int32] | None:
        """Plan states with the k-th window and without turns, which come in after."""
        floor, alone = self.problem.floor, self._alone()
        run = GuidedRun(
            window=self.params.windows[k],
            seed=self.seed + k,
            expected_steps=(first.makespan + int(alone.max())) // 2,
            cost_to_beat=first.loss,
            deadline=deadline,
            end=self.deadline,
        )
        rows = self.distances
        if k == 0 and rows.nbytes <= _GUIDE_BYTES:
            guides = plan_guides(
                floor, rows, self.starts, self.goals, deadline=deadline
            )
            rows = guide_rows(floor, rows, guides)
        plan = run.plan(self.instance, self.starts, rows, self.stop.interrupted)
        if plan is None or self.shift == 0:
            return plan
        return self._turned(tidy(floor.vertices, plan))

    def _plan_turning(
        self, k: int, deadline: float, in_vain: Callable[[], bool]
    ) -> NDArray[np.int32] | None:
        """Plan with windows and guide paths that know of headings."""
        assert self.best is not None and self.first is not None
        starts, interrupted = self.best[0], self.stop.interrupted

        def given_up() -> bool:
            return in_vain() or interrupted()

        alone = int(self.to_goal[np.arange(len(starts)), starts].max(initial=0))
        run = TurningRun(
            seed=self.seed + k - 1,
            expected_steps=(len(self.first) + alone) // 2,
            loss_to_beat=Paths(self.best >> 2).loss,
            deadline=deadline,
            end=self.deadline,
        )
        floor, rows = self.problem.floor, self.to_goal
        return run.plan(floor, self.instance, rows, starts, given_up)

    def improve(self) -> tuple[Status, Termination]:
        """Make the plan better until the time is up."""
        assert self.best is not None
        limited = self.stop.iterations is not None or np.isfinite(self.deadline)
        counted = self.shift == 0 or self.to_goal is not self.distances
        if limited and not self.params.first_only and counted:
            self.take(self._tidied(self.best))
            if self.cost(self.best) > self.bound:
                self._search_in_turns()
        if self.cost(self.best) <= self.bound:
            return Status.OPTIMAL, Termination.PROVED
        if self.params.first_only or not limited:
            return Status.FEASIBLE, Termination.CONVERGED
        return Status.FEASIBLE, self.ended() or Termination.ITERATION_LIMIT

    def count_turns(self) -> None:
        """Count turns in distances, unless that takes too much memory or time."""
        if self.shift == 0 or 4 * self.distances.nbytes > _STATE_BYTES:
            return
        assert self.best is not None
        rows = turning_rows(self.problem.floor, self.goals, self.deadline)
        if rows is None:
            return
        self.to_goal = rows
        alone = rows[np.arange(len(self.goals)), self.best[0]].astype(int)
        self._set_bound(np.where(alone == UNREACHABLE, self._alone(), alone))

    def prove_at_once(self) -> None:
        """Let conflict-based search alone solve what is small and easy."""
        iterations = self.stop.iterations
        limited = iterations is not None or np.isfinite(self.deadline)
        if limited and len(self.goals) <= _SMALL_ROBOTS:
            self._begin_exact_search()
            most = _FIRST_NODES * _ITERATIONS_A_NODE
            now = time.perf_counter()
            until = now + _FIRST_SHARE * (self.deadline - now)
            self._prove(most if iterations is None else min(most, iterations), until)
            # Later it begins anew, with a better plan to cut it short.
            self.exact = None

    def _tidied(self, states: NDArray[np.int32]) -> NDArray[np.int32]:
        if self.shift or self.params.objective == "loss":
            return states
        return tidy(self.problem.floor.vertices, states)

    def _search_in_turns(self) -> None:
        """Neighbourhood search, in turns with conflict-based search if there is one."""
        assert self.best is not None
        self._begin_exact_search()
        left, turn_size = self.stop.iterations, _FIRST_ITERATIONS
        # Each turn has other random numbers, for its size is a part of the seed.
        while self.cost(self.best) > self.bound and self.ended() is None:
            share = left if self.exact is None else turn_size
            if share is not None and left is not None:
                share = min(share, left)
                left -= share
            began = time.perf_counter()
            self._neighbourhood_search(share, self.seed + turn_size)
            now = time.perf_counter()
            timed = np.isfinite(self.deadline)
            self._prove(turn_size, 2 * now - began if timed else np.inf)
            turn_size *= 2
            if left == 0:
                break

    def _begin_exact_search(self) -> None:
        """Set conflict-based search up where it may do."""
        assert self.best is not None
        starts, cost = self.best[0], self.cost(self.best)
        counted = self.shift == 0 or self.to_goal is not self.distances
        small = 0 < len(starts) <= _EXACT_ROBOTS and counted
        if self.params.objective != "sum_of_costs" or not small or cost <= self.bound:
            return
        if ConflictBasedSearch.fits(self.to_goal, starts, cost):
            floor = self.problem.floor
            self.exact = ConflictBasedSearch(
                floor, self.to_goal, starts, self.goals, cost
            )

    def _prove(self, iterations: int, until: float = np.inf) -> None:
        """Go on with conflict-based search, if there is one and it has not ended."""
        if self.exact is None:
            return
        assert self.best is not None
        self.exact.take(self.cost(self.best))
        nodes = iterations // _ITERATIONS_A_NODE
        chunk = max(1, 64 // len(self.goals))
        goes_on = True
        while nodes > 0 and goes_on and self.ended() is None:
            if time.perf_counter() > until:
                break
            goes_on = self.exact.run(min(nodes, chunk))
            nodes -= chunk
        plan = self.exact.plan()
        if plan is not None:
            self.take(plan)
        self.bound = max(self.bound, self.exact.bound)
        if not goes_on:
            self.exact = None

    def _neighbourhood_search(self, iterations: int | None, seed: int) -> None:
        assert self.best is not None
        offset = self.elapsed_s
        limit = self.stop.time_limit_s

        def on_better(seconds: float, cost: int) -> None:
            self.statistics["history"].append((offset + seconds, cost))
            if limit is not None:
                share = self.elapsed_s / limit if limit > 0 else 1.0
                self.report(share, f"cost {cost:,}")

        task = Task(
            self.problem.floor,
            self.distances,
            self.to_goal,
            self.params.objective,
            self.bound,
            seed,
            self.params.threads,
        )
        better = improve(
            task,
            self.best,
            self.deadline,
            iterations=iterations,
            interrupted=self.stop.interrupted,
            on_better=on_better,
        )
        self.statistics["neighbourhood_search"] = better.statistics
        # No better makespan, yet perhaps fewer late robots to go on from.
        self.best = better.states
        self.take(self._tidied(better.states))

    def result(self, status: Status, why: Termination) -> Result[Paths]:
        """Pack up what was found."""
        plan, cost = None, float("inf")
        if self.best is not None:
            cells = self.problem.floor.cell_of[self.best >> self.shift]
            headings = (self.best & 3).astype(np.uint8) if self.shift else None
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
