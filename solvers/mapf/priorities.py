"""Robots in the order of their priorities, inside kernels."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel


@kernel
def sort_by_priority(order: NDArray[np.int32], priority: NDArray[Any]) -> None:
    """Sort robots by insertion, most urgent first: little changes from step to step.

    Parameters
    ----------
    order : ndarray of int32, shape (robots,)
        Changed; equally urgent robots keep their order.
    priority : ndarray of int64 or float64, shape (robots,)

    Examples
    --------
    >>> order = np.array([0, 1, 2], np.int32)
    >>> sort_by_priority(order, np.array([1, 5, 5]))
    >>> order.tolist()
    [1, 2, 0]
    """
    for k in range(1, len(order)):
        robot = order[k]
        j = k
        while j > 0 and priority[order[j - 1]] < priority[robot]:
            order[j] = order[j - 1]
            j -= 1
        order[j] = robot
