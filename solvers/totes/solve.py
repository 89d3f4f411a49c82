"""Trips of the tote problem: all sets of orders where they can be, else the best met.

What a set of orders costs is its shortest covering trip. Where the sets that a robot
can carry are few, all are tried, and the best choice among them is proved. Else sets
are joined by savings (Clarke and Wright 1964) and varied, and the best choice among all
sets met is taken.
"""

import time
from dataclasses import dataclass, field
from math import inf
from typing import Final

import numpy as np

from solvers.batching.set_partitioning import Columns, choose
from solvers.result import ProgressCallback, Result, Status, Stop, Termination
from solvers.totes.bound import least_length
from solvers.totes.covering_tour import Trip, covering_trip
from solvers.totes.problem import ToteProblem

MOST_SETS: Final = 20_000
MOVES_PER_ORDER: Final = 200
NODES: Final = 20_000
LONGEST_CHOICE_S: Final = 10.0
SET_S: Final = 3e-4
"""What a set costs HiGHS before it looks at the clock, about."""
FOR_ALL, FOR_JOINS, FOR_MOVES = 0.45, 0.65, 0.8
"""Shares of the time that are over when the next part of the work begins."""
_NO_LIMIT: Final = Stop()


@dataclass(frozen=True, slots=True)
class ToteTrip:
    """Orders of a trip, and its nodes: a station, stops, the station again."""

    orders: tuple[int, ...]
    nodes: tuple[int, ...]
    length: int


@dataclass(slots=True)
class _Sets:
    """Sets of orders met so far, as bits of a number, with their trips."""

    problem: ToteProblem
    stop: Stop
    began: float
    deadline: float
    trips: dict[int, Trip | None] = field(default_factory=dict)

    def over(self, share: float = 1.0) -> bool:
        """Whether a share of the time is over."""
        end = self.began + share * (self.deadline - self.began)
        return self.stop.interrupted() or time.perf_counter() >= end

    @property
    def left_s(self) -> float:
        """Time that is left; inf without a limit."""
        return max(0.0, self.deadline - time.perf_counter())

    def time_is_enough_for(self) -> float:
        """Among how many sets there is time to choose: half of what is left counts."""
        return self.left_s / (2 * SET_S)

    def orders(self, chosen: int) -> list[int]:
        """Orders of a set, ascending."""
        return [k for k in range(self.problem.orders) if chosen >> k & 1]

    def fits(self, chosen: int) -> bool:
        """Whether a robot can carry a set."""
        mass = self.problem.mass[self.orders(chosen)].sum()
        return bool(mass <= self.problem.capacity)

    def trip(self, chosen: int) -> Trip | None:
        """Trip of a set; None where a SKU has no place."""
        if chosen not in self.trips:
            problem = self.problem
            skus = problem.skus_of(self.orders(chosen))
            places = [problem.places_of(sku) for sku in skus]
            trip = covering_trip(problem.distance, problem.stations, places)
            self.trips[chosen] = trip
        return self.trips[chosen]

    def length(self, chosen: int) -> int:
        """Length of the trip of a set; 0 of none."""
        trip = self.trip(chosen) if chosen else None
        return 0 if trip is None else trip.length


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
        Iterations count variations of the trips, where not all sets are tried.
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
    sets = _Sets(problem, stop, began, stop.deadline())
    singles = [1 << order for order in range(problem.orders)]
    reached = all(sets.trip(single) is not None for single in singles)
    if not reached or (problem.mass > problem.capacity).any():
        return _result(None, Status.INFEASIBLE, Termination.PROVED, inf, began, seed)
    complete = _try_all(sets, on_progress)
    parts = _join(sets, singles)
    if not complete or sets.time_is_enough_for() < len(sets.trips):
        parts = _vary(sets, parts, seed, on_progress)
    exact = all(trip is None or trip.exact for trip in sets.trips.values())
    met = _met(sets, parts)
    complete = complete and len(met) == len(sets.trips)
    parts, chosen_bound = _choose(sets, parts, met)
    length = sum(sets.length(part) for part in parts)
    bound = float(least_length(problem, [sets.trip(single) for single in singles]))
    if complete and exact:
        bound = max(bound, float(np.ceil(chosen_bound - 1e-6)))
    proved = bound >= length
    termination = Termination.PROVED if proved else Termination.CONVERGED
    if not proved and sets.over():
        by_hand = stop.interrupted()
        termination = Termination.INTERRUPTED if by_hand else Termination.TIME_LIMIT
    status = Status.OPTIMAL if proved else Status.FEASIBLE
    trips = tuple(_tote_trip(sets, part) for part in sorted(parts))
    statistics = {"sets": len(sets.trips), "all_sets": complete}
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


def _tote_trip(sets: _Sets, part: int) -> ToteTrip:
    trip = sets.trip(part)
    assert trip is not None  # sets without a trip are not joined
    return ToteTrip(tuple(sets.orders(part)), trip.nodes, trip.length)


def _try_all(sets: _Sets, on_progress: ProgressCallback | None) -> bool:
    """Try every set that fits; False if they are too many, or time was up."""
    problem = sets.problem
    found: list[int] = []
    stack = [(0, 0, 0)]
    while stack:
        chosen, first, mass = stack.pop()
        for order in range(first, problem.orders):
            more = mass + int(problem.mass[order])
            if more <= problem.capacity:
                found.append(chosen | 1 << order)
                stack.append((found[-1], order + 1, more))
        if len(found) > MOST_SETS:
            return False
    for number, chosen in enumerate(sorted(found, key=int.bit_count)):
        if sets.over(FOR_ALL):
            return False
        if on_progress is not None and number % 64 == 0:
            on_progress(number / len(found), "trying sets of orders")
        sets.trip(chosen)
    return True


def _join(sets: _Sets, parts: list[int]) -> list[int]:
    """Join the two sets that save most, again and again."""
    parts = list(parts)
    while not sets.over(FOR_JOINS):
        best, pair = 0, None
        for i, one in enumerate(parts):
            for other in parts[:i]:
                if sets.fits(one | other) and not sets.over(FOR_JOINS):
                    saved = sets.length(one) + sets.length(other)
                    saved -= sets.length(one | other)
                    if saved > best:
                        best, pair = saved, (one, other)
        if pair is None:
            return parts
        parts = [part for part in parts if part not in pair] + [pair[0] | pair[1]]
    return parts


def _vary(
    sets: _Sets, parts: list[int], seed: int, on_progress: ProgressCallback | None
) -> list[int]:
    """Move an order to another trip, or swap two, where that makes no trip longer."""
    rng = np.random.default_rng(seed)
    moves = sets.stop.iterations or MOVES_PER_ORDER * sets.problem.orders
    parts = list(parts)
    for move in range(moves):
        if sets.over(FOR_MOVES) or len(parts) < 2:
            break
        if on_progress is not None and move % 64 == 0:
            on_progress(move / moves, "varying trips")
        i, j = rng.choice(len(parts), 2, replace=False).tolist()
        out = 1 << int(rng.choice(sets.orders(parts[i])))
        back = 0
        if rng.random() < 0.5:
            back = 1 << int(rng.choice(sets.orders(parts[j])))
        one, other = parts[i] ^ out | back, parts[j] ^ back | out
        if sets.fits(one) and sets.fits(other):
            before = sets.length(parts[i]) + sets.length(parts[j])
            if sets.length(one) + sets.length(other) <= before:
                parts[i], parts[j] = one, other
                parts = [part for part in parts if part]
    return parts


def _met(sets: _Sets, parts: list[int]) -> list[int]:
    """Sets to choose among: all that were met, or those that time is enough for.

    The shortest for their number of orders come first.
    """
    met = [chosen for chosen, trip in sets.trips.items() if trip is not None]
    most = sets.time_is_enough_for()
    if most < len(met):
        met.sort(key=lambda chosen: sets.length(chosen) / chosen.bit_count())
        met = list(dict.fromkeys(parts + met[: int(most)]))
    return met


def _choose(sets: _Sets, parts: list[int], met: list[int]) -> tuple[list[int], float]:
    """Best choice among some sets, and the bound on such choices."""
    orders = [sets.orders(chosen) for chosen in met]
    sizes = [len(each) for each in orders]
    columns = Columns(
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        np.array([order for each in orders for order in each], np.int32),
        np.array([sets.length(chosen) for chosen in met], np.float64),
    )
    problem = sets.problem
    best = float(sum(sets.length(part) for part in parts))
    least = -(-int(problem.mass.sum()) // max(1, problem.capacity))
    # Half of what is left: building the model takes time, too.
    limit_s = min(LONGEST_CHOICE_S, sets.left_s / 2)
    chosen, bound = choose(columns, problem.orders, least, best, limit_s, NODES)
    if chosen is None:
        return parts, bound
    return [met[column] for column in chosen], bound
