"""What the tour of a set of orders costs: computed at need, and remembered.

Exact in parallel aisles (the sweep of `solvers.routing.aisle_length`). On a distance
matrix exact up to `EXACT_NODES` places and a local optimum above. A set has a key of
64 bits, the exclusive or of a random number for each of its orders (Zobrist 1970), so
that the key of a set with an order more or less is one operation away, and its cost,
if it was ever asked for, one look into a table.
"""

from typing import Final, NamedTuple

import numpy as np
from numba.extending import overload
from numpy.typing import NDArray

from solvers.batching.problem import BatchingProblem
from solvers.kernel import kernel, lean_kernel
from solvers.routing.aisle_length import (
    AisleFloor,
    LengthWork,
    aisle_floor,
    length_work,
    tour_length,
)
from solvers.routing.parallel_aisles import AisleProblem
from solvers.routing.tour_kernels import TourWork, make_work, tour_cost

PROBES: Final = 4
"""Slots of the table in which a key may stand."""


class SetCosts(NamedTuple):
    """Orders, the floor they lie on, and what was computed so far; one per thread.

    Parameters
    ----------
    floor : AisleTours or MatrixTours
    start, place : ndarray of int32
        Places of each order, ascending in the numbering of the floor.
    key : ndarray of uint64, shape (orders,)
    known, cost : ndarray of uint64 and float64, shape (slots + PROBES,)
        Keys and costs that are remembered; key 0 is an empty slot.
    merged : ndarray of int32, shape (2, width)
        Work space: the places of a set.
    """

    floor: "AisleTours | MatrixTours"
    start: NDArray[np.int32]
    place: NDArray[np.int32]
    key: NDArray[np.uint64]
    known: NDArray[np.uint64]
    cost: NDArray[np.float64]
    merged: NDArray[np.int32]


class AisleTours(NamedTuple):
    """Parallel aisles, and work space."""

    floor: AisleFloor
    work: LengthWork


class MatrixTours(NamedTuple):
    """A distance matrix, shape (places + 1, places + 1), and work space."""

    distance: NDArray[np.int32]
    work: TourWork
    visits: NDArray[np.int32]


def set_costs(problem: BatchingProblem, slots_log2: int = 18) -> SetCosts:
    """Arrays for the costs of sets of orders, with nothing computed yet.

    Parameters
    ----------
    problem : BatchingProblem
    slots_log2 : int
        The table has 2 to the power of this many slots.
    """
    start, width = problem.order_start, _most_places(problem)
    floor: AisleTours | MatrixTours
    if isinstance(problem.floor, AisleProblem):
        aisles, numbers = aisle_floor(problem.floor)
        place = numbers[problem.order_place - 1]
        floor = AisleTours(aisles, length_work(aisles))
    else:
        place = np.array(problem.order_place)
        visits = np.zeros(width, np.int32)
        floor = MatrixTours(np.array(problem.floor), make_work(width), visits)
    order = np.repeat(np.arange(problem.orders), np.diff(start))
    slots = (1 << slots_log2) + PROBES
    return SetCosts(
        floor,
        np.array(start),
        place[np.lexsort((place, order))].astype(np.int32),
        np.random.default_rng(7).integers(1, 2**64, problem.orders, np.uint64),
        np.zeros(slots, np.uint64),
        np.zeros(slots, np.float64),
        np.zeros((2, width), np.int32),
    )


def _most_places(problem: BatchingProblem) -> int:
    """As many places as any batch visits, or any two orders: pairs are always tried."""
    sizes = np.sort(np.diff(problem.order_start))
    together = int(sizes[-max(2, problem.most_orders()) :].sum())
    return max(1, together)


@kernel
def remembered_cost(members, size, key, costs):  # type: ignore[no-untyped-def]
    """Cost of the tour through all places of a set of orders.

    Parameters
    ----------
    members : ndarray of int, the first ``size`` are the set
    size : int
    key : uint64
        Exclusive or of the keys of the members.
    costs : SetCosts
    """
    slot = np.int64(key & np.uint64(len(costs.known) - PROBES - 1))
    at = slot
    for probe in range(PROBES):
        if costs.known[slot + probe] == key:
            return costs.cost[slot + probe]
        if costs.known[slot + probe] == 0:
            at = slot + probe
            break
    cost = set_cost(members, size, costs)
    costs.known[at] = key
    costs.cost[at] = cost
    return cost


@kernel
def set_cost(members, size, costs):  # type: ignore[no-untyped-def]
    """Cost of the tour through all places of a set of orders, computed anew."""
    now = 0
    count = 0
    for m in range(size):
        first, last = costs.start[members[m]], costs.start[members[m] + 1]
        if count == 0:
            count = last - first
            costs.merged[now, :count] = costs.place[first:last]
            continue
        count = _merge(
            costs.merged[now], count, costs.place, first, last, costs.merged[1 - now]
        )
        now = 1 - now
    return _length(costs.merged[now], count, costs.floor)


def _length(
    places: NDArray[np.int32], count: int, floor: AisleTours | MatrixTours
) -> float:
    """Length of the tour through some places, on either kind of floor."""
    if isinstance(floor, AisleTours):
        return float(tour_length(places, count, floor.floor, floor.work))
    return float(
        tour_cost(floor.distance, places, count, 0, 0, floor.visits, floor.work)
    )


@overload(_length)
def _compiled_length(places, count, floor):  # type: ignore[no-untyped-def]
    # Chosen by type, so that a floor of one kind compiles nothing of the other.
    if getattr(floor, "instance_class", None) is AisleTours:

        def in_aisles(places, count, floor):  # type: ignore[no-untyped-def]
            return tour_length(places, count, floor.floor, floor.work)

        return in_aisles

    def on_matrix(places, count, floor):  # type: ignore[no-untyped-def]
        return np.float64(
            tour_cost(floor.distance, places, count, 0, 0, floor.visits, floor.work)
        )

    return on_matrix


@lean_kernel
def _merge(a, count, b, first, last, out):  # type: ignore[no-untyped-def]
    """Merge two ascending lists of places, each place once; return how many."""
    i, j, n = 0, first, 0
    while i < count and j < last:
        if a[i] < b[j]:
            out[n] = a[i]
            i += 1
        elif a[i] > b[j]:
            out[n] = b[j]
            j += 1
        else:
            out[n] = a[i]
            i += 1
            j += 1
        n += 1
    while i < count:
        out[n] = a[i]
        i += 1
        n += 1
    while j < last:
        out[n] = b[j]
        j += 1
        n += 1
    return n
