"""Waves: the orders of a wave, written out from what a search kept of it."""

import numpy as np
from numpy.typing import NDArray

from solvers.waves.arrays import WaveArrays
from solvers.waves.problem import Wave


def recover_wave(
    arrays: WaveArrays,
    is_open: NDArray[np.uint8],
    in_wave: NDArray[np.uint8],
    most_units: int,
) -> Wave:
    """Add the orders of plain items, and take out what is too much.

    Parameters
    ----------
    is_open : ndarray of uint8, shape (aisles,)
    in_wave : ndarray of uint8, shape (orders,)
        Orders that were chosen one by one.
    most_units : int
        Where the wave has more, large orders leave it first.
    """
    items = len(arrays.use_start)
    aisle = np.repeat(np.arange(len(is_open)), np.diff(arrays.aisle_start))
    opened = is_open[aisle] > 0
    stock = np.bincount(
        arrays.aisle_item[opened], arrays.aisle_quantity[opened], minlength=items
    ).astype(np.int64)
    chosen = in_wave > 0
    plain = arrays.use_start >= 0
    full = plain & (stock >= arrays.use_last)
    first_item = arrays.order_item[arrays.order_start[:-1]]
    chosen |= full[first_item]
    for item in np.flatnonzero(plain & ~full & (stock > 0)).tolist():
        mine = arrays.item_order[arrays.item_start[item] : arrays.item_start[item + 1]]
        chosen[_largest_sum(mine, arrays.units, int(stock[item]))] = True
    orders = _trim(np.flatnonzero(chosen), arrays.units, most_units)
    units = int(arrays.units[orders].sum())
    aisles = np.flatnonzero(is_open).astype(np.int32)
    return Wave(orders.astype(np.int32), aisles, units)


def _largest_sum(
    orders: NDArray[np.int32], units: NDArray[np.int32], most: int
) -> NDArray[np.int64]:
    """Orders whose units add up to as much as possible, and not over ``most``."""
    # Bit c of an entry stands for a sum of c that the orders before it can make.
    reached = [1]
    for order in orders.tolist():
        reached.append(reached[-1] | (reached[-1] << int(units[order])))
    rest = (reached[-1] & ((1 << (most + 1)) - 1)).bit_length() - 1
    taken = []
    for k in range(len(orders) - 1, -1, -1):
        if not (reached[k] >> rest) & 1:
            taken.append(int(orders[k]))
            rest -= int(units[orders[k]])
    return np.array(taken, np.int64)


def _trim(
    orders: NDArray[np.int64], units: NDArray[np.int32], most: int
) -> NDArray[np.int64]:
    """Take out orders until no more than ``most`` units are left, hardly fewer."""
    excess = int(units[orders].sum()) - most
    kept = np.ones(len(orders), bool)
    large_first = np.argsort(-units[orders], kind="stable").tolist()
    for k in large_first:
        if excess <= 0:
            break
        if units[orders[k]] <= excess:
            kept[k] = False
            excess -= int(units[orders[k]])
    if excess > 0:  # what is left is smaller than any order left
        smallest = next(k for k in reversed(large_first) if kept[k])
        kept[smallest] = False
    return orders[kept]
