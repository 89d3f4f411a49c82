"""Allocation of order lines to stock locations: the problem and its answer."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from solvers.arguments import indices, keep, numbers, whole_numbers
from warehouse.errors import SolverError


@dataclass(frozen=True, slots=True)
class AllocationProblem:
    """Order lines that want units, and stock locations that hold them.

    What earlier decisions have taken is already off ``stock_quantity``.

    Parameters
    ----------
    line_quantity, line_sku, line_order : ndarray of int64, shape (L,)
        Units wanted (0 allowed), SKU and order of each line.
    line_weight : ndarray of float64, shape (L,)
        Where stock is short, lines of larger weight are served first.
    stock_sku, stock_quantity : ndarray of int64, shape (K,)
        SKU of each location and the units that are free on it.
    pair_line, pair_stock, pair_cost : ndarray of int64, shape (P,)
        Pair p: line ``pair_line[p]`` may be served at location ``pair_stock[p]``,
        and a visit there costs ``pair_cost[p]`` however many units are taken.

    Raises
    ------
    SolverError
        E301 if arrays differ in length or hold no integers, E302 if a number is
        negative, not finite or above 2**31 - 1, E303 if a pair points nowhere,
        joins two SKUs or is given twice.

    Examples
    --------
    >>> AllocationProblem([3], [0], [0], [1], [0], [-2], [0], [0], [5])
    Traceback (most recent call last):
    warehouse.errors.SolverError: E302 got stock_quantity -2; need 0 to 2147483647
    """

    line_quantity: NDArray[np.int64]
    line_sku: NDArray[np.int64]
    line_order: NDArray[np.int64]
    line_weight: NDArray[np.float64]
    stock_sku: NDArray[np.int64]
    stock_quantity: NDArray[np.int64]
    pair_line: NDArray[np.int64]
    pair_stock: NDArray[np.int64]
    pair_cost: NDArray[np.int64]

    def __post_init__(self) -> None:
        whole = partial(whole_numbers, dtype=np.int64)
        index = partial(indices, dtype=np.int64)
        lines, stocks = (len(self.line_quantity),), (len(self.stock_quantity),)
        pairs = (len(self.pair_line),)
        keep(
            self,
            line_quantity=whole("line_quantity", self.line_quantity, lines),
            line_sku=whole("line_sku", self.line_sku, lines),
            line_order=whole("line_order", self.line_order, lines),
            line_weight=numbers("line_weight", self.line_weight, lines, low=-np.inf),
            stock_sku=whole("stock_sku", self.stock_sku, stocks),
            stock_quantity=whole("stock_quantity", self.stock_quantity, stocks),
            pair_line=index("pair_line", self.pair_line, pairs, *lines),
            pair_stock=index("pair_stock", self.pair_stock, pairs, *stocks),
            pair_cost=whole("pair_cost", self.pair_cost, pairs),
        )
        if (self.line_sku[self.pair_line] != self.stock_sku[self.pair_stock]).any():
            raise SolverError(
                "E303", "got a pair of two SKUs", "need line and location of one SKU"
            )
        key = self.pair_line * max(len(self.stock_sku), 1) + self.pair_stock
        # Pairs mostly come in order, which a stable sort is quick to see.
        if (np.diff(np.sort(key, kind="stable")) == 0).any():
            raise SolverError("E303", "got a pair twice", "need each pair once")


@dataclass(frozen=True, slots=True)
class Allocation:
    """Which units of which line are taken where.

    Parameters
    ----------
    line, stock, quantity : ndarray of int32, shape (rows,)
        ``quantity`` units (at least 1) of ``line`` are taken from location
        ``stock``; ordered by line, then location.
    shortage : ndarray of int32, shape (L,)
        Units of each line that are not served.
    held : ndarray of bool, shape (L,)
        Lines that stock could serve, not served because another line of their
        order is short; False everywhere when orders are shipped in part.
    """

    line: NDArray[np.int32]
    stock: NDArray[np.int32]
    quantity: NDArray[np.int32]
    shortage: NDArray[np.int32]
    held: NDArray[np.bool_]

    def __post_init__(self) -> None:
        for name in ("line", "stock", "quantity", "shortage", "held"):
            getattr(self, name).flags.writeable = False
