"""Kernels: open and close aisles, put orders in and take them out, and take it back.

The orders of a wave that need items which are not plain are chosen one by one; what
plain items bring is looked up. Every change is written into a journal, so that a move
that is not wanted can be undone.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel, lean_kernel
from solvers.random_words import random_below
from solvers.waves.arrays import WaveArrays

UNITS, OPEN, JOURNAL, TOUCHED = 0, 1, 2, 3


class WaveState(NamedTuple):
    """A wave under way; fields are int32 unless said otherwise.

    Attributes
    ----------
    is_open : ndarray of uint8, shape (aisles,)
    in_wave : ndarray of uint8, shape (orders,)
        For orders with an item that is not plain; 0 for all others.
    free : shape (items,)
        Stock in open aisles, less what chosen orders take.
    open_list, place
        Open aisles, then closed ones; where each aisle stands in the list.
    journal
        What was done last: an order o as o + 1 where it went in, -(o + 1) where it
        went out.
    touched : shape (items,)
        Items of which more became free.
    is_touched : ndarray of uint8, shape (items,)
    counts : ndarray of int64, shape (4,)
        Units, open aisles, length of the journal, length of ``touched``.
    """

    is_open: NDArray[np.uint8]
    in_wave: NDArray[np.uint8]
    free: NDArray[np.int32]
    open_list: NDArray[np.int32]
    place: NDArray[np.int32]
    journal: NDArray[np.int32]
    touched: NDArray[np.int32]
    is_touched: NDArray[np.uint8]
    counts: NDArray[np.int64]


def empty_state(arrays: WaveArrays) -> WaveState:
    """No aisle open, no order chosen."""
    aisles, items = len(arrays.aisle_start) - 1, len(arrays.use_start)
    orders = len(arrays.units)
    return WaveState(
        is_open=np.zeros(aisles, np.uint8),
        in_wave=np.zeros(orders, np.uint8),
        free=np.zeros(items, np.int32),
        open_list=np.arange(aisles, dtype=np.int32),
        place=np.arange(aisles, dtype=np.int32),
        journal=np.zeros(2 * orders + 2, np.int32),
        touched=np.zeros(items, np.int32),
        is_touched=np.zeros(items, np.uint8),
        counts=np.zeros(4, np.int64),
    )


@kernel
def load(
    arrays: WaveArrays,
    state: WaveState,
    is_open: NDArray[np.uint8],
    in_wave: NDArray[np.uint8],
) -> None:
    """Make the state that of a known wave, and fill in what else fits.

    Parameters
    ----------
    is_open : ndarray of uint8, shape (aisles,)
    in_wave : ndarray of uint8, shape (orders,)
        Those of plain items do not count: they are looked up.
    """
    state.counts[:] = 0
    state.free[:] = 0
    state.is_touched[:] = 0
    for aisle in range(len(is_open)):
        state.is_open[aisle] = 0
        state.open_list[aisle] = aisle
        state.place[aisle] = aisle
    for aisle in range(len(is_open)):
        if is_open[aisle]:
            shift_stock(arrays, state, aisle, 1)
    for order in range(len(in_wave)):
        plain = arrays.use_start[arrays.order_item[arrays.order_start[order]]] >= 0
        state.in_wave[order] = 0
        if in_wave[order] and not plain:
            shift_order(arrays, state, order, 1)
    fill(arrays, state)
    state.counts[JOURNAL] = 0


@lean_kernel
def list_aisle(state: WaveState, aisle: int, opened: int) -> None:
    """Note that an aisle is open (1) or closed (0): in the list too."""
    last = state.counts[OPEN] if opened else state.counts[OPEN] - 1
    other = state.open_list[last]
    here = state.place[aisle]
    state.open_list[here] = other
    state.place[other] = here
    state.open_list[last] = aisle
    state.place[aisle] = last
    state.is_open[aisle] = opened
    state.counts[OPEN] += 1 if opened else -1


@lean_kernel
def touch(state: WaveState, item: int) -> None:
    """Note that more of an item became free."""
    if not state.is_touched[item]:
        state.is_touched[item] = 1
        state.touched[state.counts[TOUCHED]] = item
        state.counts[TOUCHED] += 1


@lean_kernel
def shift_stock(arrays: WaveArrays, state: WaveState, aisle: int, sign: int) -> None:
    """Add the stock of an aisle (1) or take it away (-1), and list the aisle.

    Items that are not plain may be left with less than nothing free.
    """
    list_aisle(state, aisle, 1 if sign > 0 else 0)
    units = 0
    for line in range(arrays.aisle_start[aisle], arrays.aisle_start[aisle + 1]):
        item = int(arrays.aisle_item[line])
        before = state.free[item]
        after = before + sign * arrays.aisle_quantity[line]
        state.free[item] = after
        first = arrays.use_start[item]
        if first >= 0:
            last = arrays.use_last[item]
            units += arrays.best_use[first + min(after, last)]
            units -= arrays.best_use[first + min(before, last)]
        elif sign > 0:
            touch(state, item)
    state.counts[UNITS] += units


@lean_kernel
def shift_order(arrays: WaveArrays, state: WaveState, order: int, sign: int) -> None:
    """Put an order in (1) or take it out (-1)."""
    for line in range(arrays.order_start[order], arrays.order_start[order + 1]):
        state.free[arrays.order_item[line]] -= sign * arrays.order_quantity[line]
    state.in_wave[order] = 1 if sign > 0 else 0
    state.counts[UNITS] += sign * arrays.units[order]


@lean_kernel
def change_order(arrays: WaveArrays, state: WaveState, order: int, sign: int) -> None:
    """Put an order in (1) or take it out (-1), to be undone if need be."""
    shift_order(arrays, state, order, sign)
    if sign < 0:
        for line in range(arrays.order_start[order], arrays.order_start[order + 1]):
            touch(state, int(arrays.order_item[line]))
    state.journal[state.counts[JOURNAL]] = sign * (order + 1)
    state.counts[JOURNAL] += 1


@lean_kernel
def fits(arrays: WaveArrays, state: WaveState, order: int) -> bool:
    """Whether what is free serves an order."""
    for line in range(arrays.order_start[order], arrays.order_start[order + 1]):
        if state.free[arrays.order_item[line]] < arrays.order_quantity[line]:
            return False
    return True


@lean_kernel
def relieve(
    arrays: WaveArrays,
    state: WaveState,
    item: int,
    kept: int,
    random: NDArray[np.uint64],
) -> None:
    """Take orders of an item out, rather small ones, while more is used than is there.

    The order ``kept`` stays (-1: none).
    """
    while state.free[item] < 0:
        worst = -1
        least = 0
        for k in range(arrays.item_start[item], arrays.item_start[item + 1]):
            order = int(arrays.item_order[k])
            if state.in_wave[order] and order != kept:
                score = arrays.units[order] * (64 + random_below(random, 64))
                if worst < 0 or score < least:
                    worst, least = order, score
        change_order(arrays, state, worst, -1)


@lean_kernel
def fill(arrays: WaveArrays, state: WaveState) -> None:
    """Put in whatever orders fit that need an item of which more became free."""
    for t in range(state.counts[TOUCHED]):
        item = int(state.touched[t])
        state.is_touched[item] = 0
        for k in range(arrays.item_start[item], arrays.item_start[item + 1]):
            if state.free[item] <= 0:
                break
            order = int(arrays.item_order[k])
            if not state.in_wave[order] and fits(arrays, state, order):
                change_order(arrays, state, order, 1)
    state.counts[TOUCHED] = 0


@kernel
def move(
    arrays: WaveArrays,
    state: WaveState,
    opened: int,
    closed: int,
    forced: int,
    random: NDArray[np.uint64],
) -> None:
    """Open an aisle, close another, put an order in; choose others anew around them.

    Parameters
    ----------
    opened, closed : int
        Aisles; -1 for none.
    forced : int
        An order of which open aisles hold enough; those in its way leave. -1: none.
    """
    state.counts[JOURNAL] = 0
    if opened >= 0:
        shift_stock(arrays, state, opened, 1)
    if closed >= 0:
        shift_stock(arrays, state, closed, -1)
        for line in range(arrays.aisle_start[closed], arrays.aisle_start[closed + 1]):
            item = int(arrays.aisle_item[line])
            relieve(arrays, state, item, -1, random)
    if forced >= 0:
        change_order(arrays, state, forced, 1)
        for line in range(arrays.order_start[forced], arrays.order_start[forced + 1]):
            item = int(arrays.order_item[line])
            relieve(arrays, state, item, forced, random)
    fill(arrays, state)


@lean_kernel
def undo(arrays: WaveArrays, state: WaveState, opened: int, closed: int) -> None:
    """Take back what the journal holds and a change of aisles (-1: none)."""
    for k in range(state.counts[JOURNAL] - 1, -1, -1):
        entry = int(state.journal[k])
        shift_order(arrays, state, abs(entry) - 1, -1 if entry > 0 else 1)
    state.counts[JOURNAL] = 0
    if closed >= 0:
        shift_stock(arrays, state, closed, 1)
    if opened >= 0:
        shift_stock(arrays, state, opened, -1)
    for t in range(state.counts[TOUCHED]):
        state.is_touched[state.touched[t]] = 0
    state.counts[TOUCHED] = 0
