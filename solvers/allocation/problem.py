"""Allocation of order lines to stock locations: the problem and its answer."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import SolverError

_INDEX_FIELDS: Final = {"pair_line": "line_quantity", "pair_stock": "stock_quantity"}
_LENGTHS: Final = (
    ("line_quantity", "line_sku", "line_order", "line_weight"),
    ("stock_quantity", "stock_sku"),
    ("pair_line", "pair_stock", "pair_cost"),
)
_LARGEST: Final = 2**31 - 1


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
    warehouse.errors.SolverError: E302 got stock_quantity -2; need 0 or more
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
        for names in _LENGTHS:
            for name in names:
                self._keep(name, len(getattr(self, names[0])))
        for name, owner in _INDEX_FIELDS.items():
            index, size = getattr(self, name), len(getattr(self, owner))
            if index.size and index.max() >= size:
                raise SolverError(
                    "E303", f"got {name} {index.max()}", f"need less than {size}"
                )
        if (self.line_sku[self.pair_line] != self.stock_sku[self.pair_stock]).any():
            raise SolverError(
                "E303", "got a pair of two SKUs", "need line and location of one SKU"
            )
        key = self.pair_line * max(len(self.stock_sku), 1) + self.pair_stock
        if len(np.unique(key)) < len(key):
            raise SolverError("E303", "got a pair twice", "need each pair once")

    def _keep(self, name: str, length: int) -> None:
        """Replace a field by its checked, read-only copy."""
        given = np.asarray(getattr(self, name))
        if given.shape != (length,):
            raise SolverError(
                "E301", f"got {name} of shape {given.shape}", f"need ({length},)"
            )
        real = name == "line_weight"
        if given.size and given.dtype.kind not in ("iuf" if real else "iu"):
            raise SolverError("E301", f"got {name} of {given.dtype}", "need integers")
        kept = np.array(given, dtype=np.float64 if real else np.int64)
        if real and not np.isfinite(kept).all():
            raise SolverError("E302", f"got {name} not finite", "need finite numbers")
        if not real and kept.size and kept.min() < 0:
            raise SolverError("E302", f"got {name} {kept.min()}", "need 0 or more")
        if not real and kept.size and kept.max() > _LARGEST:
            raise SolverError(
                "E302", f"got {name} {kept.max()}", f"need at most {_LARGEST}"
            )
        kept.flags.writeable = False
        object.__setattr__(self, name, kept)


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
