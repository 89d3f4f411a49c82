"""Waves: what cannot matter is taken away before anything is searched."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.waves.problem import Wave, WaveProblem


@dataclass(frozen=True, slots=True)
class Reduced:
    """A smaller problem with the same best waves, and the way back.

    Parameters
    ----------
    problem : WaveProblem
        Orders that some wave can hold, items that they ask for, aisles that hold any
        of those. Each item stands once in an order or aisle, and no aisle holds more
        of an item than all orders together ask for.
    order_of, aisle_of : ndarray of int32
        Number in the given problem of each order and aisle that is left.
    """

    problem: WaveProblem
    order_of: NDArray[np.int32]
    aisle_of: NDArray[np.int32]

    def given_wave(self, wave: Wave) -> Wave:
        """Return a wave of the smaller problem in numbers of the given one."""
        return Wave(self.order_of[wave.orders], self.aisle_of[wave.aisles], wave.units)


def reduce_problem(given: WaveProblem) -> Reduced:
    """Leave out orders that no wave holds, and stock that no order needs.

    Examples
    --------
    Order 1 is larger than a wave may be, and nobody asks for what lies in aisle 0.

    >>> given = WaveProblem(
    ...     2, [0, 1, 2], [1, 1], [2, 9], [0, 1, 2], [0, 1], [5, 5], 0, 4)
    >>> reduced = reduce_problem(given)
    >>> reduced.order_of.tolist(), reduced.aisle_of.tolist()
    ([0], [1])
    >>> reduced.problem.aisle_quantity.tolist()
    [2]
    """
    # Only items that are ordered are counted: a problem may claim any number of them.
    ordered, item = np.unique(given.order_item, return_inverse=True)
    orders = _merged(given.order_start, item, given.order_quantity, len(ordered))
    item = np.searchsorted(ordered, given.aisle_item)
    item[~np.isin(given.aisle_item, ordered)] = len(ordered)
    aisles = _merged(given.aisle_start, item, given.aisle_quantity, len(ordered) + 1)
    aisles = aisles.lines_where(aisles.item < len(ordered))
    stock = np.zeros(len(ordered), np.int64)
    np.add.at(stock, aisles.item, aisles.quantity)
    short = orders.quantity > stock[orders.item]
    lacking = np.bincount(orders.row[short], minlength=given.orders) > 0
    units = given.order_units
    kept = ~lacking & (units > 0) & (units <= given.most_units)
    orders, order_of = orders.rows_where(kept)

    demand = np.zeros(len(ordered), np.int64)
    np.add.at(demand, orders.item, orders.quantity)
    capped = np.minimum(aisles.quantity, demand[aisles.item])
    aisles = _Lines(aisles.row, aisles.item, capped).lines_where(capped > 0)
    filled = np.bincount(aisles.row, minlength=given.aisles) > 0
    aisles, aisle_of = aisles.rows_where(filled)

    number = np.cumsum(demand > 0) - 1
    problem = WaveProblem(
        int((demand > 0).sum()),
        orders.starts(len(order_of)), number[orders.item], orders.quantity,
        aisles.starts(len(aisle_of)), number[aisles.item], aisles.quantity,
        given.least_units, given.most_units,
    )  # fmt: skip
    return Reduced(problem, order_of, aisle_of)


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines of orders or aisles, rows ascending."""

    row: NDArray[np.int64]
    item: NDArray[np.int64]
    quantity: NDArray[np.int64]

    def lines_where(self, kept: NDArray[np.bool_]) -> "_Lines":
        return _Lines(self.row[kept], self.item[kept], self.quantity[kept])

    def rows_where(self, kept: NDArray[np.bool_]) -> "tuple[_Lines, NDArray[np.int32]]":
        """Lines of some rows, numbered anew, and the old numbers."""
        some = kept[self.row]
        number = np.cumsum(kept) - 1
        lines = _Lines(number[self.row[some]], self.item[some], self.quantity[some])
        return lines, np.flatnonzero(kept).astype(np.int32)

    def starts(self, rows: int) -> NDArray[np.int64]:
        return np.searchsorted(self.row, np.arange(rows + 1)).astype(np.int64)


def _merged(
    start: NDArray[np.int64],
    item: NDArray[np.int64],
    quantity: NDArray[np.int64],
    items: int,
) -> _Lines:
    """Lines with each item once in a row."""
    row = np.repeat(np.arange(len(start) - 1), np.diff(start))
    both, where = np.unique(row * max(items, 1) + item, return_inverse=True)
    total = np.zeros(len(both), np.int64)
    np.add.at(total, where, quantity)
    return _Lines(both // max(items, 1), both % max(items, 1), total)
