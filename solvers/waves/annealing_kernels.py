"""Kernel: annealing over the set of open aisles, with the orders chosen along."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel, lean_kernel
from solvers.random_words import random_below, random_word
from solvers.waves.arrays import WaveArrays
from solvers.waves.moves import (
    OPEN,
    UNITS,
    WaveState,
    move,
    undo,
)


class BestWave(NamedTuple):
    """The best wave that a search met.

    Attributes
    ----------
    is_open : ndarray of uint8, shape (aisles,)
    in_wave : ndarray of uint8, shape (orders,)
    ratio : ndarray of int64, shape (2,)
        Units, no more than a wave may have, and aisles; 0 and 1 for none.
    """

    is_open: NDArray[np.uint8]
    in_wave: NDArray[np.uint8]
    ratio: NDArray[np.int64]


@lean_kernel
def worth(units: int, aisles: int, least: int, most: int, price: float) -> float:
    """Units of a wave less the price of its aisles, and less what it is short of."""
    return min(units, most) - price * aisles - max(0, least - units)


@lean_kernel
def keep_if_best(state: WaveState, best: BestWave, least: int, most: int) -> bool:
    """Copy the wave if it is large enough and has more units per aisle."""
    units = min(state.counts[UNITS], most)
    aisles = state.counts[OPEN]
    if units < least or units * best.ratio[1] <= best.ratio[0] * aisles:
        return False
    for aisle in range(len(state.is_open)):  # copying a slice would compile for long
        best.is_open[aisle] = state.is_open[aisle]
    for order in range(len(state.in_wave)):
        best.in_wave[order] = state.in_wave[order]
    best.ratio[0] = units
    best.ratio[1] = aisles
    return True


@lean_kernel
def lacking_item(arrays: WaveArrays, state: WaveState, order: int) -> int:
    """First item of an order that open aisles hold too little of; -1: there is none.

    Nothing that other orders take counts.
    """
    for line in range(arrays.order_start[order], arrays.order_start[order + 1]):
        item = arrays.order_item[line]
        stock = 0
        for k in range(arrays.source_start[item], arrays.source_start[item + 1]):
            if state.is_open[arrays.source_aisle[k]]:
                stock += arrays.source_quantity[k]
        if stock < arrays.order_quantity[line]:
            return item
    return -1


@lean_kernel
def closed_source(
    arrays: WaveArrays, state: WaveState, item: int, random: NDArray[np.uint64]
) -> int:
    """Some closed aisle that holds an item; -1: there is none."""
    first = arrays.source_start[item]
    count = arrays.source_start[item + 1] - first
    start = random_below(random, count)
    for k in range(count):
        aisle = int(arrays.source_aisle[first + (start + k) % count])
        if not state.is_open[aisle]:
            return aisle
    return -1


@kernel
def anneal(
    arrays: WaveArrays,
    state: WaveState,
    best: BestWave,
    random: NDArray[np.uint64],
    moves: int,
    least: int,
    most: int,
    temperature: float,
) -> int:
    """Make some moves, and return how many waves were kept as the best.

    Parameters
    ----------
    arrays : WaveArrays
    state : WaveState
        Changed.
    best : BestWave
        Replaced by each better wave. Its ratio is the price of an aisle.
    random : ndarray of uint64, shape (1,)
        Not 0; changed.
    moves : int
    least, most : int
        Units of a wave.
    temperature : float
        In units.
    """
    aisles = len(state.is_open)
    joint = len(arrays.joint_orders)
    price = best.ratio[0] / best.ratio[1]
    now = worth(state.counts[UNITS], state.counts[OPEN], least, most, price)
    kept = 0
    for _ in range(moves):
        dice = random_below(random, 16)
        opened = closed = forced = -1
        count = state.counts[OPEN]
        if joint and dice < 6:
            order = int(arrays.joint_orders[random_below(random, joint)])
            if state.in_wave[order]:
                continue
            item = lacking_item(arrays, state, order)
            if item < 0:
                forced = order
            else:
                opened = closed_source(arrays, state, item, random)
                if dice < 4 and count > 0:
                    closed = int(state.open_list[random_below(random, count)])
        else:
            if dice < 14 and count < aisles:
                place = count + random_below(random, aisles - count)
                opened = int(state.open_list[place])
                if dice % 2:  # of two, the one with more in it
                    place = count + random_below(random, aisles - count)
                    other = int(state.open_list[place])
                    if arrays.aisle_units[other] > arrays.aisle_units[opened]:
                        opened = other
            if (dice < 12 or dice >= 14) and count > 1:
                closed = int(state.open_list[random_below(random, count)])
        move(arrays, state, opened, closed, forced, random)
        after = worth(state.counts[UNITS], state.counts[OPEN], least, most, price)
        chance = (random_word(random) >> np.uint64(11)) * (1.0 / 9007199254740992.0)
        if after >= now or chance < np.exp((after - now) / temperature):
            now = after
            if keep_if_best(state, best, least, most):
                kept += 1
                price = best.ratio[0] / best.ratio[1]
                now = worth(state.counts[UNITS], state.counts[OPEN], least, most, price)
        else:
            undo(arrays, state, opened, closed)
    return kept
