"""Waves: a reduced problem as the kernels take it, looked up in both directions."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.waves.best_use import fill_best_use
from solvers.waves.problem import WaveProblem, row_sums

MOST_TABLE: Final = 4096
"""Largest demand of an item for which the best use of its stock is in a table."""
MOST_TABLES: Final = 2**26
"""Largest size of all tables together."""


class WaveArrays(NamedTuple):
    """Lines by order, by aisle and by item; fields are int32 unless said otherwise.

    An item is *plain* when only orders of a single line ask for it. How many of its
    stock units are best released is then a matter of this item alone, and stands in
    a table: ``best_use[use_start[i] + c]`` units of c in stock.

    Attributes
    ----------
    order_start, order_item, order_quantity
        Lines of each order.
    units : shape (orders,)
    item_start, item_order
        Orders of each item, large ones first.
    aisle_start, aisle_item, aisle_quantity
        Stock of each aisle.
    aisle_units : shape (aisles,)
        Units in each aisle.
    source_start, source_aisle, source_quantity
        Aisles of each item.
    use_start : shape (items,)
        -1 for an item that is not plain.
    use_last : shape (items,)
        Demand of a plain item: its table ends there.
    best_use
    joint_orders
        Orders with an item that is not plain.
    """

    order_start: NDArray[np.int32]
    order_item: NDArray[np.int32]
    order_quantity: NDArray[np.int32]
    units: NDArray[np.int32]
    item_start: NDArray[np.int32]
    item_order: NDArray[np.int32]
    aisle_start: NDArray[np.int32]
    aisle_item: NDArray[np.int32]
    aisle_quantity: NDArray[np.int32]
    aisle_units: NDArray[np.int32]
    source_start: NDArray[np.int32]
    source_aisle: NDArray[np.int32]
    source_quantity: NDArray[np.int32]
    use_start: NDArray[np.int32]
    use_last: NDArray[np.int32]
    best_use: NDArray[np.int32]
    joint_orders: NDArray[np.int32]


def wave_arrays(problem: WaveProblem) -> WaveArrays:
    """Look a reduced problem up in both directions.

    Parameters
    ----------
    problem : WaveProblem
        Reduced: each item once in an order or aisle.

    Examples
    --------
    Two orders of 2 and 3 units of one item: of 4 in stock, 3 are used.

    >>> problem = WaveProblem(1, [0, 1, 2], [0, 0], [2, 3], [0, 1], [0], [5], 0, 9)
    >>> wave_arrays(problem).best_use.tolist()
    [0, 0, 2, 3, 3, 5]
    """
    lines = np.diff(problem.order_start)
    order = np.repeat(np.arange(problem.orders), lines)
    aisle = np.repeat(np.arange(problem.aisles), np.diff(problem.aisle_start))
    demand = np.bincount(
        problem.order_item, problem.order_quantity, minlength=problem.items
    ).astype(np.int64)
    joint = np.bincount(
        problem.order_item, lines[order] > 1, minlength=problem.items
    ).astype(bool)
    plain = ~joint & (demand <= MOST_TABLE)
    plain &= np.cumsum(np.where(plain, demand + 1, 0)) <= MOST_TABLES
    units = problem.order_units
    mine = plain[problem.order_item]
    by_item = np.lexsort((order, -units[order], problem.order_item))
    by_source = np.argsort(problem.aisle_item, kind="stable")
    use_start = np.full(problem.items, -1, np.int64)
    sizes = np.where(plain, demand + 1, 0)
    use_start[plain] = (np.cumsum(sizes) - sizes)[plain]
    best_use = np.zeros(int(sizes.sum()), np.int32)
    fill_best_use(problem.order_item[mine], problem.order_quantity[mine], use_start,
                  demand, best_use)  # fmt: skip
    return WaveArrays(
        *(_int32(array) for array in (
            problem.order_start, problem.order_item, problem.order_quantity, units,
            _starts(problem.order_item[by_item], problem.items), order[by_item],
            problem.aisle_start, problem.aisle_item, problem.aisle_quantity,
            row_sums(problem.aisle_start, problem.aisle_quantity),
            _starts(problem.aisle_item[by_source], problem.items), aisle[by_source],
            problem.aisle_quantity[by_source],
            use_start, demand, best_use, np.unique(order[~mine]),
        ))
    )  # fmt: skip


def _starts(sorted_rows: NDArray[np.integer], rows: int) -> NDArray[np.int64]:
    return np.searchsorted(sorted_rows, np.arange(rows + 1))


def _int32(array: NDArray[np.integer]) -> NDArray[np.int32]:
    return np.ascontiguousarray(array, np.int32)
