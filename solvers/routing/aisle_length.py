"""The length of the shortest tour through parallel aisles, a million times a second.

The sweep of `ratliff_rosenthal` without its walk, for use inside other kernels: it
allocates nothing, sweeps only the aisles between the outermost picks and the depot,
and can be given what it costs to serve each aisle, so that a caller who changes the
picks of one aisle measures that aisle anew and no other.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel
from solvers.routing.aisle_states import WAYS, aisle_states
from solvers.routing.parallel_aisles import AisleProblem


class AisleFloor(NamedTuple):
    """A warehouse of parallel aisles and its places, as arrays for kernels.

    Parameters
    ----------
    place_aisle : ndarray of int32, shape (places,)
        Ascending: places are numbered aisle by aisle, from the top down.
    place_y : ndarray of float64, shape (places,)
    aisle_x : ndarray of float64, shape (aisles,)
    cross_y : ndarray of float64, shape (cross aisles,)
    depot_aisle : int
    twice_leg : float
        Way from the depot's crossing to the depot and back.
    at_depot, serve, serve_start, pass_on, is_tour
        States and moves of `aisle_states`; ``at_depot`` is the row of the depot.
    """

    place_aisle: NDArray[np.int32]
    place_y: NDArray[np.float64]
    aisle_x: NDArray[np.float64]
    cross_y: NDArray[np.float64]
    depot_aisle: int
    twice_leg: float
    at_depot: NDArray[np.int32]
    serve: NDArray[np.int32]
    serve_start: NDArray[np.int32]
    pass_on: NDArray[np.int32]
    is_tour: NDArray[np.bool_]


class LengthWork(NamedTuple):
    """Arrays that `tour_length` writes to; each thread needs its own."""

    costs: NDArray[np.float64]
    value: NDArray[np.float64]


def aisle_floor(problem: AisleProblem) -> tuple[AisleFloor, NDArray[np.int32]]:
    """Arrays for kernels, and the number that each pick of the problem has there.

    Examples
    --------
    Places are numbered from the top down, whatever their order in the problem.

    >>> problem = AisleProblem(
    ...     np.array([0.0]), np.array([0.0, 10.0]),
    ...     np.array([0, 0], np.int32), np.array([9.0, 2.0]), 0, 0)
    >>> floor, place_of_pick = aisle_floor(problem)
    >>> place_of_pick.tolist()
    [1, 0]
    >>> tour_length(place_of_pick[:1], 1, floor, length_work(floor))
    18.0
    """
    tables = aisle_states(len(problem.cross_y))
    by_place = np.lexsort((problem.pick_y, problem.pick_aisle))
    place_of_pick = np.empty(problem.picks, np.int32)
    place_of_pick[by_place] = np.arange(problem.picks)
    floor = AisleFloor(
        problem.pick_aisle[by_place].astype(np.int32),
        problem.pick_y[by_place],
        np.array(problem.aisle_x, np.float64),
        np.array(problem.cross_y, np.float64),
        int(problem.depot_aisle),
        2.0 * float(problem.depot_leg),
        np.array(tables.at_depot[problem.depot_cross], np.int32),
        tables.serve,
        tables.serve_start,
        tables.pass_on,
        tables.is_tour,
    )
    return floor, place_of_pick


def length_work(floor: AisleFloor) -> LengthWork:
    """Work arrays of `tour_length` for one floor and one thread."""
    return LengthWork(
        np.empty((len(floor.aisle_x), len(floor.cross_y) - 1, WAYS), np.float64),
        np.empty((2, len(floor.is_tour)), np.float64),
    )


@kernel
def tour_length(places, count, floor, work):  # type: ignore[no-untyped-def]
    """Length of the shortest tour from the depot through some places, and back.

    Parameters
    ----------
    places : ndarray of int32
        The first ``count`` are used; ascending, may repeat.
    count : int
    floor : AisleFloor
    work : LengthWork

    Returns
    -------
    float
        0 without places. O(picks + aisles * moves).
    """
    if count == 0:
        return 0.0
    first = min(floor.depot_aisle, floor.place_aisle[places[0]])
    last = max(floor.depot_aisle, floor.place_aisle[places[count - 1]])
    begin = 0
    for aisle in range(first, last + 1):
        begin = way_costs(places, begin, count, aisle, floor, work.costs[aisle])
    return sweep_length(work.costs, first, last, floor, work.value) + floor.twice_leg


@kernel
def way_costs(places, begin, count, aisle, floor, costs):  # type: ignore[no-untyped-def]
    """Length of each way to serve each block of one aisle.

    Parameters
    ----------
    places, count, floor
        As in `tour_length`.
    begin : int
        Where the places of this aisle begin in ``places``.
    aisle : int
    costs : ndarray of float64, shape (blocks, ways), written
        Ways are numbered as in `aisle_states`; inf where a way misses a place.

    Returns
    -------
    int
        Where the places of the next aisle begin.
    """
    pick = begin
    blocks = costs.shape[0]
    for block in range(blocks):
        top, bottom = floor.cross_y[block], floor.cross_y[block + 1]
        start = pick
        widest = 0.0
        while pick < count and floor.place_aisle[places[pick]] == aisle:
            y = floor.place_y[places[pick]]
            if y >= bottom and block < blocks - 1:
                break
            if pick > start:
                widest = max(widest, y - floor.place_y[places[pick - 1]])
            pick += 1
        for way in range(4):
            costs[block, way] = np.inf
        costs[block, 4] = bottom - top
        costs[block, 5] = 2 * (bottom - top)
        if pick == start:
            costs[block, 0] = 0.0
        else:
            costs[block, 1] = 2 * (floor.place_y[places[pick - 1]] - top)
            costs[block, 2] = 2 * (bottom - floor.place_y[places[start]])
            if pick - start > 1:
                costs[block, 3] = 2 * (bottom - top - widest)
    return pick


@kernel
def sweep_length(costs, first, last, floor, value):  # type: ignore[no-untyped-def]
    """Length of the best tour, given what each way to serve each aisle costs.

    Parameters
    ----------
    costs : ndarray of float64, shape (aisles, blocks, ways)
        As `way_costs` writes it, aisle by aisle.
    first, last : int
        Aisles to sweep; the depot's and all with places lie between them.
    floor : AisleFloor
    value : ndarray of float64, shape (2, states), written

    Returns
    -------
    float
        Without the leg from the crossing to the depot.
    """
    now, new = value[0], value[1]
    states = now.shape[0]
    now[:] = np.inf
    now[0] = 0.0
    for aisle in range(first, last + 1):
        if aisle == floor.depot_aisle:
            new[:] = np.inf
            for state in range(states):
                target = floor.at_depot[state]
                if target >= 0:
                    new[target] = min(new[target], now[state])
            now, new = new, now
        for block in range(costs.shape[1]):
            new[:] = np.inf
            for move in range(floor.serve_start[block], floor.serve_start[block + 1]):
                source, target = floor.serve[move, 0], floor.serve[move, 1]
                length = now[source] + costs[aisle, block, floor.serve[move, 2]]
                new[target] = min(new[target], length)
            now, new = new, now
        if aisle < last:
            gap = floor.aisle_x[aisle + 1] - floor.aisle_x[aisle]
            new[:] = np.inf
            for move in range(floor.pass_on.shape[0]):
                source, target = floor.pass_on[move, 0], floor.pass_on[move, 1]
                length = now[source] + gap * floor.pass_on[move, 2]
                new[target] = min(new[target], length)
            now, new = new, now
    best = np.inf
    for state in range(states):
        if floor.is_tour[state]:
            best = min(best, now[state])
    return best
