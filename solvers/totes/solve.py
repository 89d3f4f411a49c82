"""Trips of the tote problem: which orders ride together, and on which way.

What a set of orders costs is its shortest covering trip. Sets are joined by savings
(Clarke and Wright 1964) and varied. Where the sets that a robot can carry are not too
many, the best choice among all of them follows, see `solvers.totes.lazy_choice`; else
the best choice among those met.
"""

import time
from dataclasses import dataclass
from math import inf
from typing import Final

from solvers.result import ProgressCallback, Result, Status, Stop, Termination
from solvers.totes.bound import least_length
from solvers.totes.carried import CarriedSets
from solvers.totes.lazy_choice import choose_lazily
from solvers.totes.local_search import choose_met, join, vary
from solvers.totes.problem import ToteProblem
from solvers.totes.trips_met import TripsMet

FOR_MOVES, FOR_MOVES_ALONE = 0.35, 0.8
"""Shares of the time that are over when trips are no longer varied; the second where
no choice among all sets follows."""
_NO_LIMIT: Final = Stop()


@dataclass(frozen=True, slots=True)
class ToteTrip:
    """Orders of a trip, and its nodes: a station, stops, the station again."""

    orders: tuple[int, ...]
    nodes: tuple[int, ...]
    length: int


def solve(
    problem: ToteProblem,
    stop: Stop = _NO_LIMIT,
    *,
    seed: int = 0,
    on_progress: ProgressCallback | None = None,
) -> Result[tuple[ToteTrip, ...]]:
    """Find trips for all orders that are short together.

    Parameters
    ----------
    problem : ToteProblem
    stop : Stop
        Iterations count variations of the trips.
    seed : int
    on_progress : callable, optional

    Returns
    -------
    Result of tuple of ToteTrip
        Infeasible where an order is too heavy, or a SKU has no place.

    Examples
    --------
    >>> problem = ToteProblem([[0, 2], [2, 0]], 1, [0, 1], [1], [0, 1, 2], [0, 0],
    ...                       [1, 1], 2)
    >>> solve(problem).solution
    (ToteTrip(orders=(0, 1), nodes=(0, 1, 0), length=4),)
    """
    began = time.perf_counter()
    met = TripsMet(problem, stop, began, stop.deadline())
    singles = [1 << order for order in range(problem.orders)]
    alone = [trip for trip in map(met.trip, singles) if trip is not None]
    if len(alone) < len(singles) or (problem.mass > problem.capacity).any():
        return _result(None, Status.INFEASIBLE, Termination.PROVED, inf, began, seed)
    bound = least_length(problem, alone)
    carried = CarriedSets.within(problem.mass, problem.capacity)
    parts = join(met, singles)
    share = FOR_MOVES_ALONE if carried is None else FOR_MOVES
    parts = vary(met, parts, seed, share, on_progress)
    if carried is None:
        parts = choose_met(met, parts)
    else:
        parts, least = choose_lazily(met, carried, parts, on_progress)
        bound = max(bound, int(least))
    length = met.total(parts)
    proved = bound >= length
    termination = Termination.PROVED if proved else Termination.CONVERGED
    if not proved and met.over():
        by_hand = stop.interrupted()
        termination = Termination.INTERRUPTED if by_hand else Termination.TIME_LIMIT
    status = Status.OPTIMAL if proved else Status.FEASIBLE
    trips = tuple(_tote_trip(met, part) for part in sorted(parts))
    statistics = {"trips_found": len(met.trips)}
    if carried is not None:
        statistics["sets_that_fit"] = len(carried.bits)
    return _result(
        trips, status, termination, min(bound, length), began, seed, statistics
    )


def _result(
    trips: tuple[ToteTrip, ...] | None,
    status: Status,
    termination: Termination,
    bound: float,
    began: float,
    seed: int,
    statistics: dict[str, int] | None = None,
) -> Result[tuple[ToteTrip, ...]]:
    return Result(
        solution=trips,
        status=status,
        termination=termination,
        objective=inf if trips is None else float(sum(t.length for t in trips)),
        lower_bound=bound,
        runtime_s=time.perf_counter() - began,
        seed=seed,
        solver="totes",
        statistics=statistics or {},
    )


def _tote_trip(met: TripsMet, part: int) -> ToteTrip:
    trip = met.trip(part)
    assert trip is not None  # every order has a trip, so every set of them has
    return ToteTrip(tuple(met.orders(part)), trip.nodes, trip.length)
