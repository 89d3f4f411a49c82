"""Kernel: how much of each quantity in stock the orders of one item can use."""

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel


@lean_kernel
def fill_best_use(
    line_item: NDArray[np.int32],
    line_quantity: NDArray[np.int64],
    use_start: NDArray[np.int64],
    demand: NDArray[np.int64],
    best_use: NDArray[np.int32],
) -> None:
    """Fill in the largest sum of some quantities of an item that stays within c.

    Parameters
    ----------
    line_item : ndarray of int32, shape (lines,)
    line_quantity : ndarray of int64, shape (lines,)
    use_start : ndarray of int64, shape (items,)
        Where the table of each item begins; -1 for an item without one.
    demand : ndarray of int64, shape (items,)
        Sum of the quantities of each item: the last c of its table.
    best_use : ndarray of int32
        Zeros; filled for c from 0 to the demand of each item.

    Examples
    --------
    >>> best_use = np.zeros(6, np.int32)
    >>> item, quantity = np.zeros(2, np.int32), np.array([3, 2])
    >>> fill_best_use(item, quantity, np.array([0]), np.array([5]), best_use)
    >>> best_use.tolist()
    [0, 0, 2, 3, 3, 5]
    """
    # A sum that can be reached stands as itself, all others as 0.
    for line in range(len(line_item)):
        first = use_start[line_item[line]]
        quantity = line_quantity[line]
        for c in range(demand[line_item[line]], quantity - 1, -1):
            if c == quantity or best_use[first + c - quantity] > 0:
                best_use[first + c] = c
    for item in range(len(use_start)):
        first = use_start[item]
        if first >= 0:
            for c in range(1, demand[item] + 1):
                best_use[first + c] = max(best_use[first + c], best_use[first + c - 1])
