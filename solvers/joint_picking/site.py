"""What the kernels of joint picking read: stock, orders, and how far things lie."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel

ZONE: Final = 0
"""Column of ``Site.item``."""
VOLUME: Final = 1
"""Column of ``Site.item``."""
ARTICLE: Final = 2
"""Column of ``Site.item``."""
WANTED: Final = 0
"""Column of ``Site.position``: the article it asks for."""
ORDER: Final = 1
"""Column of ``Site.position``."""


class Ground(NamedTuple):
    """Where items lie, and how one walks between them.

    Kept apart from `Site` and small: it is read at every step.

    Parameters
    ----------
    row, aisle : ndarray of int32, shape (items + 1,)
        The last is the conveyor, at row 0 and aisle 0.
    upper, lower : int
        Distance of the outer cross aisles from row 0, up and down.
    direct : int
        1 where one walks straight between two items of an aisle, 0 where every way
        from item to item leads over a cross aisle.
    """

    row: NDArray[np.int32]
    aisle: NDArray[np.int32]
    upper: int
    lower: int
    direct: int


class Site(NamedTuple):
    """Arrays of a problem that do not change while it is solved.

    Parameters
    ----------
    ground : Ground
    item : ndarray of int32, shape (items, 3)
        `ZONE`, `VOLUME` and `ARTICLE` of each stock item.
    stock_start : ndarray of int32, shape (articles + 1,)
        Where the items of each article begin in ``stock``.
    stock : ndarray of int32, shape (items,)
    order_start : ndarray of int32, shape (orders + 1,)
        Where the positions of each order begin.
    position : ndarray of int32, shape (positions, 2)
        `WANTED` and `ORDER` of each position.
    wanting_start : ndarray of int32, shape (articles + 1,)
        Where the positions that want each article begin in ``wanting``.
    wanting : ndarray of int32, shape (positions,)
    zone_start : ndarray of int32, shape (zones + 1,)
        Where the items of each zone begin in ``zone_item``.
    zone_item : ndarray of int32, shape (items that some order wants,)
    capacity, max_orders : int
        Volume of a pick list; orders of a batch.
    """

    ground: Ground
    item: NDArray[np.int32]
    stock_start: NDArray[np.int32]
    stock: NDArray[np.int32]
    order_start: NDArray[np.int32]
    position: NDArray[np.int32]
    wanting_start: NDArray[np.int32]
    wanting: NDArray[np.int32]
    zone_start: NDArray[np.int32]
    zone_item: NDArray[np.int32]
    capacity: int
    max_orders: int


@lean_kernel
def distance(ground: Ground, a: int, b: int) -> np.int64:
    """Way between two items of a zone, or between an item and the conveyor."""
    row_a, row_b = np.int64(ground.row[a]), np.int64(ground.row[b])
    across = abs(np.int64(ground.aisle[a]) - np.int64(ground.aisle[b]))
    return _way(row_a, row_b, across, ground.upper, ground.lower, ground.direct)


@lean_kernel
def _way(row_a, row_b, across, upper, lower, direct):  # type: ignore[no-untyped-def]
    # Of numbers alone: with arrays, its many exits would be slow, as each counts
    # references.
    if direct and across == 0:
        return abs(row_a - row_b)
    along = abs(row_a) + abs(row_b)
    if row_a > 0 and row_b > 0:
        along = min(along, 2 * upper - along)
    elif row_a < 0 and row_b < 0:
        along = min(along, 2 * lower - along)
    return along + across
