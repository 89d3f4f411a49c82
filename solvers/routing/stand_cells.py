"""The scan for the cell to stand on: tours whose stops have several floor cells.

A rack is reached from any of the floor cells beside it. For a fixed order of stops the
best choice is a shortest path through layers of candidates; between such scans the
stops are put into a new order, until neither shortens the tour. This is a heuristic
for the generalised travelling salesman problem (cluster optimisation of Fischetti,
Salazar González and Toth, 1997, doi:10.1287/opre.45.3.378). A few stops are solved
exactly, by Held and Karp's recursion with a place beside each last stop.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from solvers.routing.tour_kernels import make_work, tour_cost
from warehouse.errors import SolverError

FAR: Final = 1 << 60
MOST_ROUNDS: Final = 20
EXACT_STOPS: Final = 7
"""`tour_over_stands` is exact up to this many stops."""


@dataclass(frozen=True, slots=True)
class StandTour:
    """In which order stops are served, and from where.

    Parameters
    ----------
    order : ndarray of int32, shape (stops,)
        Stops in the order in which they are served.
    places : ndarray of int32, shape (stops,)
        Place to stand on for each stop, by stop and not by order.
    length : int
        From the start through all places to the end.
    """

    order: NDArray[np.int32]
    places: NDArray[np.int32]
    length: int


def tour_over_stands(
    distance: NDArray[np.int32],
    candidates: NDArray[np.int32],
    start: int,
    end: int,
) -> StandTour:
    """Choose the order of stops and a place to stand on for each.

    Parameters
    ----------
    distance : ndarray of int, shape (places, places)
        From row to column; may be asymmetric.
    candidates : ndarray of int32, shape (stops, most candidates)
        Places that serve each stop, -1 as padding; at least one a stop.
    start, end : int
        Places where the tour begins and ends; may be the same.

    Raises
    ------
    SolverError
        E301, if candidates are no table; E303, if a place is outside the matrix;
        E332, if a stop has no candidate.

    Examples
    --------
    Places 0 to 4 on a line; the stop is served from 1 or from 4, and 1 is nearer.

    >>> line = np.abs(np.subtract.outer(np.arange(5), np.arange(5)))
    >>> tour_over_stands(line, np.array([[4, 1]], np.int32), 0, 0).length
    2
    """
    _check(distance, candidates, start, end)
    stops, width = candidates.shape
    order = np.zeros(stops, np.int32)
    places = np.zeros(stops, np.int32)
    if stops == 0:
        return StandTour(order, places, int(distance[start, end]))
    if stops <= EXACT_STOPS:
        sets = np.zeros((1 << stops, stops, width), np.int64)
        length = exact_stands(distance, candidates, start, end, order, places, sets)
        return StandTour(order, places, int(length))
    work = make_work(stops)
    between = _least_distances(distance, candidates, start, end)
    nodes = np.arange(1, stops + 1, dtype=np.int32)
    tour_cost(between, nodes, stops, 0, stops + 1, order, work)
    table = np.zeros((stops, width, 2), np.int64)
    length = choose_stands(
        distance, candidates, order, stops, start, end, places, table
    )
    new_order, new_places = order.copy(), places.copy()
    for _ in range(MOST_ROUNDS):
        tour_cost(distance, places, stops, start, end, new_order, work)
        new_length = choose_stands(
            distance, candidates, new_order, stops, start, end, new_places, table
        )
        if new_length >= length:
            break
        length = new_length
        order[:], places[:] = new_order, new_places
    return StandTour(order, places, int(length))


@njit(cache=True)
def choose_stands(
    distance: NDArray[np.int32],
    candidates: NDArray[np.int32],
    order: NDArray[np.int32],
    stops: int,
    start: int,
    end: int,
    places_out: NDArray[np.int32],
    table: NDArray[np.int64],
) -> int:
    """Best place for each stop of a fixed order; returns the length of the path.

    ``table`` is a work array (stops, candidates, 2): least length of a path up to a
    candidate, and the candidate before it. O(stops * candidates ** 2).
    """
    if stops == 0:
        return distance[start, end]
    width = candidates.shape[1]
    for t in range(stops):
        for c in range(width):
            table[t, c, 0] = FAR
            place = candidates[order[t], c]
            if place < 0:
                continue
            if t == 0:
                table[t, c, 0] = distance[start, place]
                continue
            for before in range(width):
                other = candidates[order[t - 1], before]
                if other < 0:
                    continue
                length = table[t - 1, before, 0] + distance[other, place]
                if length < table[t, c, 0]:
                    table[t, c, 0] = length
                    table[t, c, 1] = before
    best = FAR
    chosen = 0
    for c in range(width):
        place = candidates[order[stops - 1], c]
        if place >= 0 and table[stops - 1, c, 0] + distance[place, end] < best:
            best = table[stops - 1, c, 0] + distance[place, end]
            chosen = c
    for t in range(stops - 1, -1, -1):
        places_out[order[t]] = candidates[order[t], chosen]
        chosen = table[t, chosen, 1]
    return best


@njit(cache=True)
def exact_stands(
    distance: NDArray[np.int32],
    candidates: NDArray[np.int32],
    start: int,
    end: int,
    order_out: NDArray[np.int32],
    places_out: NDArray[np.int32],
    table: NDArray[np.int64],
) -> int:
    """Best order and best place for each stop; returns the length of the path.

    ``table[visited, last, c]``, a work array, is the shortest path over a set of stops
    that ends at candidate c of the last. O(2 ** stops * (stops * candidates) ** 2).
    """
    stops, width = candidates.shape
    full = (1 << stops) - 1
    for visited in range(1, full + 1):
        for last in range(stops):
            before = visited ^ (1 << last)
            for c in range(width):
                place = candidates[last, c]
                table[visited, last, c] = FAR
                if before > visited or place < 0:
                    continue
                if before == 0:
                    table[visited, last, c] = distance[start, place]
                for stop in range(stops):
                    if before >> stop & 1:
                        for b in range(width):
                            other = candidates[stop, b]
                            if other >= 0:
                                length = table[before, stop, b] + distance[other, place]
                                if length < table[visited, last, c]:
                                    table[visited, last, c] = length
    # Read the path back from its end.
    visited, following, shortest = full, end, FAR
    for t in range(stops - 1, -1, -1):
        best, chosen, place_chosen = FAR, 0, 0
        for last in range(stops):
            if visited >> last & 1:
                for c in range(width):
                    place = candidates[last, c]
                    if place >= 0:
                        length = table[visited, last, c] + distance[place, following]
                        if length < best:
                            best, chosen, place_chosen = length, last, place
        if t == stops - 1:
            shortest = best
        order_out[t] = chosen
        places_out[chosen] = place_chosen
        visited ^= 1 << chosen
        following = place_chosen
    return shortest


def _least_distances(
    distance: NDArray[np.int32], candidates: NDArray[np.int32], start: int, end: int
) -> NDArray[np.int32]:
    """Least distance between any two candidates; row 0 is the start, the last the end.

    Shape (stops + 2, stops + 2).
    """
    stops, width = candidates.shape
    groups = np.full((stops + 2, width), -1, np.int32)
    groups[0, 0] = start
    groups[-1, 0] = end
    groups[1:-1] = candidates
    flat = groups.ravel()
    wide = distance[np.ix_(flat, flat)].astype(np.int32)
    far = wide.max()
    wide[flat < 0] = far
    wide[:, flat < 0] = far
    return wide.reshape(stops + 2, width, stops + 2, width).min(axis=(1, 3))


def _check(
    distance: NDArray[np.int32], candidates: NDArray[np.int32], start: int, end: int
) -> None:
    places = len(distance)
    if candidates.ndim != 2:
        raise SolverError("E301", f"got candidates {candidates.shape}, need (stops, n)")
    if not (0 <= start < places and 0 <= end < places):
        raise SolverError("E303", "got a start or end outside the distance matrix")
    if candidates.max(initial=-1) >= places:
        raise SolverError("E303", "got a candidate outside the distance matrix")
    if (candidates < 0).all(axis=1).any():
        stop = int(np.argmax((candidates < 0).all(axis=1)))
        raise SolverError("E332", f"got stop {stop} without a place to stand on")
