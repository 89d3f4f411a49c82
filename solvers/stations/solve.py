"""Choose the packing station of each job."""

import time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.arguments import indices
from solvers.result import Result, Status, Stop, Termination
from solvers.stations.problem import StationChoice, StationParams, StationProblem
from solvers.stations.slots import fill_slots
from solvers.stations.value import (
    finish_s,
    largest_finish_bound_s,
    lateness_s,
    objective,
    objective_bound,
)

_NO_LIMIT: Final = Stop()
_DEFAULTS: Final = StationParams()
_TOLERANCE: Final = 1e-6
# Above this many terms the exact model of release times takes longer than it is worth.
_MOST_TERMS: Final = 100_000


def solve(
    problem: StationProblem,
    stop: Stop = _NO_LIMIT,
    *,
    seed: int = 0,
    params: StationParams = _DEFAULTS,
    initial: NDArray[np.int32] | None = None,
) -> Result[StationChoice]:
    """Balance the stations' finishing times, then save travel, then lateness.

    A minimum-cost flow fills slots at the stations with the least travel, moves and
    swaps level them; small problems then go to CP-SAT with that as a hint.

    Parameters
    ----------
    problem : StationProblem
    stop : Stop
        Only ``time_limit_s`` counts; without it the answer is the same every time.
    seed : int
        Seed of CP-SAT.
    params : StationParams
    initial : ndarray of int32, shape (J,), optional
        A choice to start from in place of the flow's.

    Returns
    -------
    Result of StationChoice
        ``objective`` is the largest finishing time in seconds, plus weighted travel
        and lateness. Statistics: ``largest_finish_s``, ``largest_finish_bound_s``,
        ``travel``, ``lateness_s``. With CP-SAT, "optimal" means to the millisecond.

    Raises
    ------
    SolverError
        E301 or E303 if ``initial`` has another shape or names no station.

    Notes
    -----
    2,000 jobs and 40 stations take about a second; a first call compiles.

    Examples
    --------
    The near station is busy for a while: one job goes to the far one.

    >>> problem = StationProblem(
    ...     work_s=[30.0, 30.0], ready_s=[0.0, 0.0], due_s=[np.inf, np.inf],
    ...     travel=[[1.0, 9.0], [1.0, 8.0]], load_s=[10.0, 0.0], packers=[1, 1])
    >>> result = solve(problem)
    >>> result.solution.station.tolist(), result.solution.finish_s.tolist()
    ([0, 1], [40.0, 30.0])
    """
    begun, deadline = time.perf_counter(), stop.deadline()
    jobs, stations = problem.travel.shape
    if not jobs:
        return _result(problem, np.zeros(0, np.int32), params, seed, begun)
    if initial is None:
        station = fill_slots(problem)
    else:
        station = indices("initial station", initial, (jobs,), stations)
    from solvers.stations.local_search import level

    station, converged = level(problem, station, params, deadline)
    value = objective(problem, station, params)
    bound = objective_bound(problem, params)
    terms = jobs * stations * (1 + len(np.unique(problem.ready_s)))
    left_s = deadline - time.perf_counter()
    if (
        value <= bound + _TOLERANCE
        or jobs * stations > params.exact_pairs
        or terms > _MOST_TERMS
        or left_s <= 0
    ):
        return _result(problem, station, params, seed, begun, converged=converged)
    from solvers.stations.cp_sat import choose

    found, bound, proved = choose(
        problem, station, params, seed=seed, time_limit_s=left_s
    )
    if found is not None and objective(problem, found, params) < value:
        station = found
    return _result(
        problem, station, params, seed, begun, bound=bound, proved=proved, exact=True
    )


def _result(
    problem: StationProblem,
    station: NDArray[np.int32],
    params: StationParams,
    seed: int,
    begun: float,
    *,
    bound: float = 0.0,
    converged: bool = True,
    proved: bool = False,
    exact: bool = False,
) -> Result[StationChoice]:
    """Say what the choice is worth and what is known of it."""
    value = objective(problem, station, params)
    bound = max(bound, objective_bound(problem, params))
    proved = proved or value <= bound + _TOLERANCE
    finish = finish_s(problem, station)
    stopped = Termination.CONVERGED if converged else Termination.TIME_LIMIT
    return Result(
        solution=StationChoice(station, finish),
        status=Status.OPTIMAL if proved else Status.FEASIBLE,
        termination=Termination.PROVED if proved else stopped,
        objective=value,
        lower_bound=min(bound, value),
        runtime_s=time.perf_counter() - begun,
        seed=seed,
        solver="stations: flow, local search" + (", CP-SAT" if exact else ""),
        statistics={
            "largest_finish_s": float(finish.max(initial=0.0)),
            "largest_finish_bound_s": largest_finish_bound_s(problem),
            "travel": float(problem.travel[np.arange(len(station)), station].sum()),
            "lateness_s": lateness_s(problem, station),
        },
    )
