"""Kernels: what aisles are worth at some prices, and which prices are too low."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel, lean_kernel


class PricedLines(NamedTuple):
    """Lines of orders and of stock, looked up by item; and prices on both.

    Attributes
    ----------
    order_start : ndarray of int64, shape (orders + 1,)
    order_item : ndarray of int32, shape (order lines,)
    order_quantity : ndarray of float64, shape (order lines,)
    units : ndarray of float64, shape (orders,)
    item_start, item_line : ndarray of int64
        Order lines of each item.
    stock_aisle, stock_item : ndarray of int32, shape (stock lines,)
    stock : ndarray of float64, shape (stock lines,)
        No more than all orders ask for.
    line_price : ndarray of float64, shape (order lines,)
        Units that an order pays to be let in by a line.
    item_price : ndarray of float64, shape (items,)
        Units paid for a unit; 0 for an item that one order alone asks for.
    """

    order_start: NDArray[np.int64]
    order_item: NDArray[np.int32]
    order_quantity: NDArray[np.float64]
    units: NDArray[np.float64]
    item_start: NDArray[np.int64]
    item_line: NDArray[np.int64]
    stock_aisle: NDArray[np.int32]
    stock_item: NDArray[np.int32]
    stock: NDArray[np.float64]
    line_price: NDArray[np.float64]
    item_price: NDArray[np.float64]


@lean_kernel
def serve_orders(lines: PricedLines, served: NDArray[np.uint8]) -> float:
    """Mark orders that are worth more than they pay; return what is left to them."""
    left = 0.0
    for order in range(len(lines.units)):
        rest = lines.units[order]
        for line in range(lines.order_start[order], lines.order_start[order + 1]):
            price = lines.item_price[lines.order_item[line]]
            rest -= lines.line_price[line] + price * lines.order_quantity[line]
        served[order] = rest > 0.0
        left += max(rest, 0.0)
    return left


@lean_kernel
def add_worth(lines: PricedLines, worth: NDArray[np.float64]) -> None:
    """Add to each aisle what orders pay for its stock."""
    for k in range(len(lines.stock)):
        item, stock = lines.stock_item[k], lines.stock[k]
        paid = lines.item_price[item] * stock
        for j in range(lines.item_start[item], lines.item_start[item + 1]):
            line = lines.item_line[j]
            share = min(1.0, stock / lines.order_quantity[line])
            paid += lines.line_price[line] * share
        worth[lines.stock_aisle[k]] += paid


@kernel
def find_imbalance(
    lines: PricedLines,
    served: NDArray[np.uint8],
    is_open: NDArray[np.uint8],
    line_lack: NDArray[np.float64],
    item_lack: NDArray[np.float64],
) -> float:
    """Find what orders ask for beyond what open aisles hold; return its square sum.

    Negative where aisles hold more, but 0 there if the price is 0 already.

    Parameters
    ----------
    served : ndarray of uint8, shape (orders,)
    is_open : ndarray of uint8, shape (aisles,)
    line_lack : ndarray of float64, shape (order lines,)
        Of each line, as a share of it. Overwritten.
    item_lack : ndarray of float64, shape (items,)
        Of each item, units. Overwritten; 0 where one order alone asks for it.
    """
    item_lack[:] = 0.0
    for order in range(len(served)):
        for line in range(lines.order_start[order], lines.order_start[order + 1]):
            line_lack[line] = served[order]
            item = lines.order_item[line]
            item_lack[item] += served[order] * lines.order_quantity[line]
    for k in range(len(lines.stock)):
        if is_open[lines.stock_aisle[k]]:
            item, stock = lines.stock_item[k], lines.stock[k]
            item_lack[item] -= stock
            for j in range(lines.item_start[item], lines.item_start[item + 1]):
                line = lines.item_line[j]
                line_lack[line] -= min(1.0, stock / lines.order_quantity[line])
    total = 0.0
    for line in range(len(line_lack)):
        if lines.line_price[line] <= 0.0 and line_lack[line] < 0.0:
            line_lack[line] = 0.0
        total += line_lack[line] ** 2
    for item in range(len(item_lack)):
        alone = lines.item_start[item + 1] - lines.item_start[item] < 2
        if alone or (lines.item_price[item] <= 0.0 and item_lack[item] < 0.0):
            item_lack[item] = 0.0
        total += item_lack[item] ** 2
    return total


@lean_kernel
def shift_prices(
    lines: PricedLines,
    line_lack: NDArray[np.float64],
    item_lack: NDArray[np.float64],
    step: float,
) -> None:
    """Raise prices of what is lacking and lower the others, never below 0."""
    for line in range(len(line_lack)):
        price = lines.line_price[line] + step * line_lack[line]
        lines.line_price[line] = max(0.0, price)
    for item in range(len(item_lack)):
        price = lines.item_price[item] + step * item_lack[item]
        lines.item_price[item] = max(0.0, price)
