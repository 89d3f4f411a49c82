"""Labels of partial tours for scattered storage: kernels of one step of the sweep.

A label is a tour's part left of a point of the sweep: its state (as in
`aisle_states`), its length, and how much of every article it has passed. Extended
reach by reach, labels that cannot beat the best tour known or that another one
dominates are dropped.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel
from solvers.routing.packed_amounts import (
    Packing,
    add_amounts,
    brings_as_much,
    wasted_worth,
)

EMPTY = -1
COMPARISONS = 64


class Labels(NamedTuple):
    """Room for labels, column by column.

    Parameters
    ----------
    state : ndarray of int32, shape (room,)
    length : ndarray of float64, shape (room,)
    reduced : ndarray of float64, shape (room,)
        Length less the prices of what was passed.
    bound : ndarray of float64, shape (room,)
        No tour that begins like this is shorter.
    have : ndarray of uint64, shape (room, words)
        Packed amounts of the articles passed, at most the demand.
    parent, reach : ndarray of int32, shape (room,)
        The label extended, and the reach that did it (-1 on the way between aisles).
    """

    state: NDArray[np.int32]
    length: NDArray[np.float64]
    reduced: NDArray[np.float64]
    bound: NDArray[np.float64]
    have: NDArray[np.uint64]
    parent: NDArray[np.int32]
    reach: NDArray[np.int32]


class Search(NamedTuple):
    """What the kernels share, beside the labels.

    Parameters
    ----------
    packing : Packing
    price : ndarray of float64, shape (articles,)
    reach_have : ndarray of uint64, shape (reaches, words)
    table : ndarray of int32, shape (power of two,)
        Hash table from state and amounts to a label.
    found : ndarray of float64, shape (4,)
        Shortest complete tour, its parent label, its last reach, and the least bound
        of the labels dropped for want of room.
    granule : float
        All tours' lengths differ by multiples of it; 0 if none is known.
    """

    packing: Packing
    price: NDArray[np.float64]
    reach_have: NDArray[np.uint64]
    table: NDArray[np.int32]
    found: NDArray[np.float64]
    granule: float


class Slot(NamedTuple):
    """What lies in one block of one aisle, and what comes after it.

    Parameters
    ----------
    reduced : ndarray of float64, shape (reaches,)
        Reduced length of every reach of the warehouse.
    by_way : ndarray of int32
        Reaches of this block that are left, by way, the least reduced first.
    way_start : ndarray of int64, shape (ways + 1,)
    to_go, home : ndarray of float64, shape (states,)
        Least reduced way home after this block, with the worth of the demand; and
        the least way home if nothing more is needed.
    after : ndarray of uint64, shape (words,)
        Packed amounts that the blocks after this one hold, at most the demand.
    """

    reduced: NDArray[np.float64]
    by_way: NDArray[np.int32]
    way_start: NDArray[np.int64]
    to_go: NDArray[np.float64]
    home: NDArray[np.float64]
    after: NDArray[np.uint64]


def labels_with_room(room: int, words: int) -> Labels:
    """Make room for labels."""
    return Labels(
        np.empty(room, np.int32),
        np.empty(room, np.float64),
        np.empty(room, np.float64),
        np.empty(room, np.float64),
        np.empty((room, words), np.uint64),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
    )


@kernel
def serve_block(  # type: ignore[no-untyped-def]
    labels, chosen, reaches, slot, moves, search, new, made, width
):
    """Extend labels by every reach of one block of one aisle.

    Parameters
    ----------
    labels : Labels
    chosen : ndarray of int64
        Labels to extend; the best first finds good tours early.
    reaches : Reaches
    slot : Slot
    moves : ndarray of int32, shape (moves, 3)
        From state, to state, way.
    search : Search
    new : Labels
        Written; thin them out when all are extended.
    made : int
        New labels so far; 0 forgets those of the block before.
    width : int
        Labels to keep when room runs out.

    Returns
    -------
    int
        Number of new labels.
    """
    found, packing = search.found, search.packing
    reachable = np.empty(labels.have.shape[1], np.uint64)
    if made == 0:
        search.table[:] = EMPTY
    for label in chosen:
        have = labels.have[label]
        for move in range(moves.shape[0]):
            if moves[move, 0] != labels.state[label]:
                continue
            target, way = moves[move, 1], moves[move, 2]
            home = labels.length[label] + slot.home[target]
            to_go = labels.reduced[label] + slot.to_go[target]
            for at in range(slot.way_start[way], slot.way_start[way + 1]):
                reach = slot.by_way[at]
                limit = found[0] - search.granule + 1e-6
                bound = to_go + slot.reduced[reach]
                if bound > limit:
                    break
                if made == new.state.shape[0]:
                    made = thin_out(new, made, width, search)
                    _index_anew(new, made, search)
                brought, total = search.reach_have[reach], new.have[made]
                if add_amounts(have, brought, packing, total):
                    length = home + reaches.length[reach]
                    if length < found[0] - 1e-6:
                        found[0], found[1], found[2] = length, label, reach
                    continue
                bound += wasted_worth(have, brought, total, packing, search.price)
                if bound > limit:
                    continue
                if not add_amounts(total, slot.after, packing, reachable):
                    continue
                new.state[made] = target
                new.length[made] = labels.length[label] + reaches.length[reach]
                new.reduced[made] = bound - slot.to_go[target]
                new.bound[made] = bound
                new.parent[made] = label
                new.reach[made] = reach
                made = _settle(new, made, search)
    return made


@kernel
def walk_on(labels, count, moves, gap, to_go, search, new, width):  # type: ignore[no-untyped-def]
    """Take labels along the cross aisles to the next aisle, ``gap`` further.

    ``moves`` are from state, to state, copies of the gap; ``to_go`` is the least
    reduced way home from each state of the next aisle. The rest as in `serve_block`.
    """
    made = 0
    search.table[:] = EMPTY
    order = np.argsort(labels.bound[:count])
    for label in order:
        for move in range(moves.shape[0]):
            if moves[move, 0] != labels.state[label]:
                continue
            target, walked = moves[move, 1], gap * moves[move, 2]
            bound = labels.reduced[label] + walked + to_go[target]
            if bound > search.found[0] - search.granule + 1e-6:
                continue
            if made == new.state.shape[0]:
                made = thin_out(new, made, width, search)
                _index_anew(new, made, search)
            new.state[made] = target
            new.length[made] = labels.length[label] + walked
            new.reduced[made] = labels.reduced[label] + walked
            new.bound[made] = bound
            new.have[made] = labels.have[label]
            new.parent[made] = label
            new.reach[made] = -1
            made = _settle(new, made, search)
    return thin_out(new, made, width, search)


@kernel
def _place_in_table(new, label, search):  # type: ignore[no-untyped-def]
    """Entry of the hash table for a label's state and amounts: its own, or free."""
    mixed = np.uint64(new.state[label]) * np.uint64(0x9E3779B97F4A7C15)
    for word in range(new.have.shape[1]):
        mixed = (mixed ^ new.have[label, word]) * np.uint64(0xD6E8FEB86659FD93)
        mixed ^= mixed >> np.uint64(32)
    last = search.table.shape[0] - 1
    entry = np.int64(mixed & np.uint64(last))
    while search.table[entry] != EMPTY:
        other = search.table[entry]
        same = new.state[other] == new.state[label]
        for word in range(new.have.shape[1]):
            same = same and new.have[other, word] == new.have[label, word]
        if same:
            break
        entry = (entry + 1) & last
    return entry


@kernel
def _settle(new, made, search):  # type: ignore[no-untyped-def]
    """Keep the candidate in row ``made``, unless one like it is there and no longer."""
    entry = _place_in_table(new, made, search)
    other = search.table[entry]
    if other == EMPTY:
        search.table[entry] = made
        return made + 1
    if new.length[made] < new.length[other]:
        _copy(new, made, other)
    return made


@kernel
def _copy(new, source, target):  # type: ignore[no-untyped-def]
    new.state[target] = new.state[source]
    new.length[target] = new.length[source]
    new.reduced[target] = new.reduced[source]
    new.bound[target] = new.bound[source]
    new.have[target] = new.have[source]
    new.parent[target] = new.parent[source]
    new.reach[target] = new.reach[source]


@kernel
def _index_anew(new, made, search):  # type: ignore[no-untyped-def]
    search.table[:] = EMPTY
    for label in range(made):
        search.table[_place_in_table(new, label, search)] = label


@kernel
def thin_out(new, made, width, search):  # type: ignore[no-untyped-def]
    """Drop labels that others dominate or that are too long; keep the best ``width``.

    A label dominates another in its state that is no shorter and has no more. Only
    the best of each state are tried as dominators. Returns how many stay.
    """
    order = np.argsort(new.bound[:made])
    states = 0
    for label in range(made):
        states = max(states, new.state[label] + 1)
    best = np.empty((states, COMPARISONS), np.int64)
    known = np.zeros(states, np.int64)
    keep = np.zeros(made, np.bool_)
    kept = 0
    limit = search.found[0] - search.granule + 1e-6
    for label in order:
        if new.bound[label] > limit:
            break
        state = new.state[label]
        dominated = False
        for rank in range(known[state]):
            other = best[state, rank]
            if new.length[other] <= new.length[label] and brings_as_much(
                new.have[other], new.have[label], search.packing
            ):
                dominated = True
                break
        if dominated:
            continue
        if kept == width:
            search.found[3] = min(search.found[3], new.bound[label])
            break
        keep[label] = True
        kept += 1
        if known[state] < COMPARISONS:
            best[state, known[state]] = label
            known[state] += 1
    stay = 0
    for label in range(made):
        if keep[label]:
            if stay < label:
                _copy(new, label, stay)
            stay += 1
    return stay
