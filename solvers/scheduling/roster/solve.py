"""Decide which packer packs which order, and when."""

import math
import time
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from solvers.result import ProgressCallback, Result, Status, Stop, Termination
from solvers.scheduling.roster.bounds import bound
from solvers.scheduling.roster.exact import is_small_enough, solve_exactly
from solvers.scheduling.roster.methods import METHODS, RULES, Method
from solvers.scheduling.roster.problem import (
    NEVER,
    NOBODY,
    PER_S,
    Roster,
    RosterProblem,
    Value,
    Work,
)
from solvers.scheduling.roster.routes import Routes
from solvers.scheduling.roster.rules import routes_by_rule
from solvers.scheduling.roster.search import search
from solvers.scheduling.roster.subsets import MOST_JOBS, best_of_few
from warehouse.errors import SolverError

_NO_LIMIT: Final = Stop()
_RULES_SHARE, _BOUND_SHARE = 0.1, 0.25
"""Shares of the time limit by which rules and bounds end."""
_ALL_THE_TIME: Final = 10**15
_MOVES_BEFORE_EXACT: Final = 400_000


@dataclass(frozen=True, slots=True)
class RosterParams:
    """Parameters of `solve`.

    Parameters
    ----------
    method : Method
        ``"search"``, ``"exact"``, or the name of a rule, which is used alone. Where
        the model of the exact method would be too large, it is ``"search"``.
    moves : int
        Moves of the search where the stop sets no iteration limit.
    exact_jobs : int
        Up to so many jobs, 14 at most, the search is left out: dynamic programming
        finds the best.
    """

    method: Method = "search"
    moves: int = 1_000_000
    exact_jobs: int = 12


_DEFAULTS: Final = RosterParams()


def solve(
    problem: RosterProblem,
    stop: Stop = _NO_LIMIT,
    *,
    seed: int = 0,
    params: RosterParams = _DEFAULTS,
    initial: Roster | None = None,
    on_progress: ProgressCallback | None = None,
) -> Result[Roster]:
    """Decide who does which job when: few late, then little tardiness, then early.

    Rules make rosters, and simulated annealing improves the best of them; the best for
    few jobs comes from dynamic programming. The method "exact" has CP-SAT prove what
    the search found, or find better, up to some hundred jobs.

    Parameters
    ----------
    problem : RosterProblem
    stop : Stop
        ``iterations`` counts moves of the search.
    seed : int
    params : RosterParams
    initial : Roster, optional
        Where to begin, if it is better than what the rules make. Its order counts, not
        its times.
    on_progress : callable, optional

    Returns
    -------
    Result of Roster
        ``objective`` is the weight of late jobs. Optimal means so on all levels.
        Statistics: the levels ``unpacked``, ``late_weight``, ``tardiness_s``,
        ``makespan_s``, each with its bound as in ``late_weight_bound``, and
        ``late_jobs``.

    Raises
    ------
    SolverError
        E302 for an unknown method.

    Examples
    --------
    A break of 10 s begins at 5 s: what would not end before it waits.

    >>> from solvers.scheduling.roster.problem import Breaks
    >>> problem = RosterProblem(
    ...     [0.0, 0.0], [20.0, 20.0], [0, 0], [0, 0], [4.0, 3.0], [0.0],
    ...     [[True], [True]], [1.0], [0.0], [float("inf")],
    ...     breaks=Breaks([0], [5.0], [15.0], [0.0]))
    >>> solve(problem).solution.end_s.tolist()
    [4.0, 18.0]
    """
    if params.method not in METHODS:
        found = f"got method {params.method!r}"
        raise SolverError("E302", found, f"need {', '.join(METHODS)}")
    begun, deadline = time.perf_counter(), stop.deadline()
    work = problem.work
    if params.method == "exact" and not is_small_enough(work):
        params = replace(params, method="search")
    rules_until = _part(begun, deadline, _RULES_SHARE)
    routes = _first(work, params.method, initial, rules_until)
    floor = bound(problem, work, _part(begun, deadline, _BOUND_SHARE))
    value = routes.value(work)
    better = value > floor.holding_for(value)
    termination, moves = Termination.CONVERGED, 0
    if params.method in ("search", "exact") and better:
        improve = _Improve(work, floor, stop, deadline, seed, params)
        routes, floor, termination, moves = improve(routes, on_progress)
    else:
        floor = floor.holding_for(value)
    roster, value = routes.timed(work)
    proved = value <= floor
    return Result(
        solution=roster,
        status=Status.OPTIMAL if proved else Status.FEASIBLE,
        termination=Termination.PROVED if proved else termination,
        objective=float(value.late),
        lower_bound=float(min(value.late, floor.late)),
        runtime_s=time.perf_counter() - begun,
        seed=seed,
        solver=f"scheduling: {params.method}",
        statistics=_statistics(work, roster, value, floor) | {"moves": moves},
    )


@dataclass(frozen=True, slots=True)
class _Improve:
    """How routes are made better: what `solve` was given, and the bounds so far."""

    work: Work
    floor: Value
    stop: Stop
    deadline: float
    seed: int
    params: RosterParams

    def __call__(
        self, routes: Routes, on_progress: ProgressCallback | None
    ) -> tuple[Routes, Value, Termination, int]:
        """Return routes, their bounds, why it ended, and how many moves were tried."""
        jobs, method = len(self.work.ready), self.params.method
        if method == "search" and jobs <= min(self.params.exact_jobs, MOST_JOBS):
            best = best_of_few(self.work, self.deadline)
            if best is not None:
                return best, best.value(self.work), Termination.PROVED, 0
        routes, termination, moves = self._search(routes, on_progress)
        floor = self.floor.holding_for(routes.value(self.work))
        if termination == Termination.INTERRUPTED:
            return routes, floor, termination, moves
        if method == "exact":
            routes, floor = solve_exactly(
                self.work, routes, floor, self.deadline, seed=self.seed
            )
        if time.perf_counter() >= self.deadline:
            termination = Termination.TIME_LIMIT
        return routes, floor, termination, moves

    def _search(
        self, routes: Routes, on_progress: ProgressCallback | None
    ) -> tuple[Routes, Termination, int]:
        """Anneal; few moves before the exact method, else all that time allows."""
        most = self.params.moves if self.deadline == math.inf else _ALL_THE_TIME
        if self.params.method == "exact":
            most = min(self.params.moves, _MOVES_BEFORE_EXACT)
        left_s = max(0.0, self.deadline - time.perf_counter())
        limit_s = None if self.deadline == math.inf else left_s
        stop = replace(self.stop, time_limit_s=limit_s)
        return search(
            self.work, routes, self.floor, stop, most,
            seed=self.seed, on_progress=on_progress,
        )  # fmt: skip


def load_kernels() -> None:
    """Compile all kernels, or load them, so that no time limit pays for it."""
    zeros, ones = np.zeros(2), np.ones(2)
    index = np.zeros(2, np.int32)
    able = np.ones((2, 2), bool)
    problem = RosterProblem(
        zeros, ones, index, index, ones, ones, able, ones, zeros, ones * 3
    )
    for exact_jobs in (0, 12):
        solve(problem, Stop(iterations=1), params=RosterParams(exact_jobs=exact_jobs))


def _first(
    work: Work, method: Method, initial: Roster | None, deadline: float
) -> Routes:
    """Return the best routes that rules make in time, or that were given."""
    rules = [rule for rule in RULES if method in ("search", "exact", rule)]
    tried = [] if initial is None else [Routes.of(work, initial)]
    for rule in rules:
        if not tried or time.perf_counter() < deadline:
            tried.append(routes_by_rule(work, rule, deadline))
    return min(tried, key=lambda routes: routes.value(work))


def _part(begun: float, deadline: float, share: float) -> float:
    """Moment by which a share of the time has passed."""
    if deadline == math.inf:
        return math.inf
    return begun + share * (deadline - begun)


def _statistics(
    work: Work, roster: Roster, value: Value, floor: Value
) -> dict[str, float]:
    late = (roster.packer == NOBODY) | (roster.end_s * PER_S > work.due + 0.5)
    return {
        "unpacked": value.unpacked,
        "unpacked_bound": floor.unpacked,
        "late_jobs": int((late & (work.due < NEVER)).sum()),
        "late_weight": value.late,
        "late_weight_bound": floor.late,
        "tardiness_s": value.tardiness_ms / PER_S,
        "tardiness_bound_s": floor.tardiness_ms / PER_S,
        "makespan_s": value.makespan_ms / PER_S,
        "makespan_bound_s": floor.makespan_ms / PER_S,
    }
