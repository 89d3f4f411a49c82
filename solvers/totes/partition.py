"""Partitions of all orders into sets whose reduced costs leave room, depth first."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel

DONE, STEPS_OVER, ENOUGH = 0, 1, 2


class Groups(NamedTuple):
    """Sets, those with the same lowest order together, the cheapest first.

    Parameters
    ----------
    start : ndarray of int64, shape (orders + 1,)
        Where the sets with each lowest order begin.
    bits : ndarray of int64, shape (sets,)
    cost : ndarray of float64, shape (sets,)
        0 or more.
    known : ndarray of bool, shape (sets,)
        Whether the set costs just that, not only at least that.
    sorted_bits, rank : ndarray of int64, shape (sets,)
        The same sets in ascending order, and where each of these is.
    free : int
        So many sets cost no more than that; every further one costs more by
    surcharge : float
        0 or more.
    """

    start: NDArray[np.int64]
    bits: NDArray[np.int64]
    cost: NDArray[np.float64]
    known: NDArray[np.bool_]
    sorted_bits: NDArray[np.int64]
    rank: NDArray[np.int64]
    free: int
    surcharge: float


class Descent(NamedTuple):
    """How far a search is; see `begin`.

    Parameters
    ----------
    at, taken : ndarray of int64, shape (orders + 1,)
        The set to look at next, and the one taken, at each depth.
    spent : ndarray of float64, shape (orders + 1,)
        Cost of the sets above each depth.
    held, lowest : ndarray of int64, shape (orders + 1,)
        Orders of the sets above each depth, and the lowest that none of them has.
    depth : ndarray of int64, shape (1,)
    room : ndarray of float64, shape (1,)
        What a partition may cost.
    best : ndarray of int64, shape (orders + 1,)
        How many sets the cheapest partition of known sets has, and which.
    wanted : ndarray of bool, shape (sets,)
        Sets not known that are in a partition that may have room.
    """

    at: NDArray[np.int64]
    taken: NDArray[np.int64]
    spent: NDArray[np.float64]
    held: NDArray[np.int64]
    lowest: NDArray[np.int64]
    depth: NDArray[np.int64]
    room: NDArray[np.float64]
    best: NDArray[np.int64]
    wanted: NDArray[np.bool_]


def group(
    bits: NDArray[np.int64],
    cost: NDArray[np.float64],
    known: NDArray[np.bool_],
    orders: int,
    free: int,
    surcharge: float,
) -> tuple[Groups, NDArray[np.intp]]:
    """Group sets by their lowest order; and where each of them was before.

    Examples
    --------
    >>> none = np.zeros(3, bool)
    >>> group(np.array([3, 2, 1]), np.array([1.0, 0.5, 0.0]), none, 2, 2, 0.0)[0].start
    array([0, 2, 3])
    """
    lowest = np.bitwise_count((bits & -bits) - 1)
    order = np.lexsort((bits, cost, lowest))
    start = np.searchsorted(lowest[order], np.arange(orders + 1))
    groups = Groups(
        start.astype(np.int64),
        bits[order],
        np.maximum(0.0, cost[order]),
        known[order],
        np.sort(bits),
        np.argsort(bits[order]),
        free,
        surcharge,
    )
    return groups, order


def begin(groups: Groups, room: float) -> Descent:
    """Begin a search for partitions that cost no more than ``room``."""
    depths = len(groups.start)
    whole = np.zeros((5, depths), np.int64)
    return Descent(
        whole[0],
        whole[1],
        np.zeros(depths),
        whole[2],
        whole[3],
        np.zeros(1, np.int64),
        np.array([room]),
        whole[4],
        np.zeros(len(groups.bits), np.bool_),
    )


@kernel
def descend(
    groups: Groups, descent: Descent, below: float, most_wanted: int, steps: int
) -> int:
    """Go on with a search; a partition of known sets leaves less room for the next.

    Parameters
    ----------
    groups : Groups
    descent : Descent
        Goes on from where it is.
    below : float
        The next partition is to be cheaper by this.
    most_wanted : int
        Stop where so many sets are wanted.
    steps : int
        Sets to look at.

    Returns
    -------
    int
        `DONE`, `STEPS_OVER` or `ENOUGH`.
    """
    at, taken, spent, held = descent.at, descent.taken, descent.spent, descent.held
    depth, room = descent.depth[0], descent.room[0]
    every = (1 << (len(groups.start) - 1)) - 1
    wanted = 0
    for _ in range(steps):
        lowest = descent.lowest[depth]
        here = at[depth]
        if here < groups.start[lowest]:
            here = groups.start[lowest]
            if depth >= groups.free - 1 and spent[depth] + groups.surcharge > room:
                # No set may follow, so this one has to hold all that is left.
                rest = every ^ held[depth]
                found = np.searchsorted(groups.sorted_bits, rest)
                at[depth] = groups.start[lowest + 1]
                here = at[depth]
                if found < len(groups.rank) and groups.sorted_bits[found] == rest:
                    here = groups.rank[found]
        at[depth] = max(at[depth], here + 1)
        so_far = spent[depth]
        if depth >= groups.free:
            so_far += groups.surcharge
        if here >= groups.start[lowest + 1] or so_far + groups.cost[here] > room:
            at[depth] = 0
            depth -= 1
            if depth < 0:
                break
            continue
        if groups.bits[here] & held[depth]:
            continue
        taken[depth] = here
        total = so_far + groups.cost[here]
        together = held[depth] | groups.bits[here]
        if together != every:
            depth += 1
            spent[depth], held[depth], at[depth] = total, together, 0
            while together >> lowest & 1:
                lowest += 1
            descent.lowest[depth] = lowest
            continue
        new = 0
        for above in range(depth + 1):
            index = taken[above]
            if not groups.known[index]:
                new += 1
                if not descent.wanted[index]:
                    descent.wanted[index] = True
                    wanted += 1
        if new == 0:
            room = total - below
            descent.best[0] = depth + 1
            for above in range(depth + 1):
                descent.best[above + 1] = taken[above]
        if wanted >= most_wanted:
            break
    descent.depth[0], descent.room[0] = depth, room
    if depth < 0:
        return DONE
    return ENOUGH if wanted >= most_wanted else STEPS_OVER
