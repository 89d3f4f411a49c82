"""Lower bounds on makespan, travel and tardiness that hold for every plan.

They hold for every plan that serves the same units of the same orders, whatever it
decides: locations, stations, batches, tours, robots and paths. Robots are taken to
drive on shortest paths as if alone, and packers never to wait for anything but the
first delivery. Rules of the checker they rely on: an order rides in one trip, a trip
carries at most ``slots`` orders and ends at a dock.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

Filled = Callable[[NDArray[np.float64], float], float]
"""From when work is at each station, and how much, to when it is done."""


@dataclass(frozen=True, slots=True)
class BoundProblem:
    """Facts about each order alone, times in seconds, arrays of length orders.

    Parameters
    ----------
    release_s, due_s : ndarray of float64
    pick_s : ndarray of float64
        Standing to pick.
    drop_s : float
        Standing to hand over, an order.
    pack_s : ndarray of float64
    round_s : ndarray of float64
        Least drive from a dock through its picks to a dock.
    from_home_s : ndarray of float64
        Least drive from a start cell through its picks to a dock.
    onward_s : ndarray of float64
        Least drive from its first pick through the others to a dock.
    earliest_s : ndarray of float64, shape (orders, stations)
        When it can be handed over at each station at the earliest.
    packers : ndarray of int32, shape (stations,)
    robots, slots : int
    head_start_s : float
        Most that a robot's first trip, which begins at home, can be shorter than one
        that begins at a dock.
    """

    release_s: NDArray[np.float64]
    due_s: NDArray[np.float64]
    pick_s: NDArray[np.float64]
    drop_s: float
    pack_s: NDArray[np.float64]
    round_s: NDArray[np.float64]
    from_home_s: NDArray[np.float64]
    onward_s: NDArray[np.float64]
    earliest_s: NDArray[np.float64]
    packers: NDArray[np.int32]
    robots: int
    slots: int
    head_start_s: float


def travel_bound_s(problem: BoundProblem) -> float:
    """Least driving of all robots together.

    A trip is at least as long as the way of its longest order alone. Only a robot's
    first trip begins at home: either that is allowed to every trip, or all begin at
    docks and each robot once gets its head start.
    """
    to_all = _longest_of_trips(
        np.minimum(problem.round_s, problem.from_home_s), problem.slots
    )
    once = _longest_of_trips(problem.round_s, problem.slots)
    once -= problem.robots * problem.head_start_s
    return float(max(0.0, to_all, once))


def _longest_of_trips(way_s: NDArray[np.float64], slots: int) -> float:
    """Least sum of the longest ways in trips of some orders each.

    It is least when the longest ways ride together, then the next longest, and so on:
    the k-th trip by its longest way can be no better than that.
    """
    return float(np.sort(way_s)[::-1][::slots].sum())


def robots_bound_s(problem: BoundProblem) -> float:
    """Work of the robots divided over the fleet, and the packing of one order."""
    if len(problem.pick_s) == 0:
        return 0.0
    work = problem.pick_s.sum() + problem.drop_s * len(problem.pick_s)
    busy = (work + travel_bound_s(problem)) / problem.robots
    return float(busy + problem.pack_s.min())


def delivery_bound_s(problem: BoundProblem) -> NDArray[np.float64]:
    """Earliest moment at which each order can be at a station, were it alone."""
    arrival = np.maximum(problem.from_home_s, problem.release_s + problem.onward_s)
    return arrival + problem.pick_s + problem.drop_s


def completion_bound_s(problem: BoundProblem) -> NDArray[np.float64]:
    """Earliest moment at which each order can be packed, were it alone."""
    return delivery_bound_s(problem) + problem.pack_s


def stations_bound_s(problem: BoundProblem, filled_s: Filled | None = None) -> float:
    """Packing of all orders divided over the packers, from their first deliveries on.

    For each release time: the orders released then or later are packed by packers
    that wait until the first of them can be at their station.

    Parameters
    ----------
    problem : BoundProblem
    filled_s : callable, optional
        When packers have done some work, who begin when it is at their station; by
        default they never stop.
    """
    if filled_s is None:
        filled_s = partial(_fill, problem.packers)
    best = 0.0
    releases = np.unique(problem.release_s)
    if len(releases) > 64:
        releases = np.unique(
            np.quantile(problem.release_s, np.linspace(0, 1, 64), method="lower")
        )
    for release in releases:
        later = problem.release_s >= release
        if later.any():
            ready = problem.earliest_s[later].min(0)
            best = max(best, filled_s(ready, float(problem.pack_s[later].sum())))
    return best


def _fill(packers: NDArray[np.int32], ready: NDArray[np.float64], work: float) -> float:
    """Moment by which packers that begin when ready have done some work together."""
    order = np.argsort(ready)
    done, rate, now = 0.0, 0.0, 0.0
    for s in order:
        more = rate * (ready[s] - now)
        if rate > 0 and done + more >= work:
            break
        done, now = done + more, float(ready[s])
        rate += packers[s]
    return now + (work - done) / rate
