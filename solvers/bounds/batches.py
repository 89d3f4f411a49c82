"""Bounds on batchings that need nothing but loads and the tours of single orders."""

import numpy as np
from numpy.typing import NDArray


def least_batches(load: NDArray[np.int64], capacity: NDArray[np.int64]) -> int:
    """Return how many batches the loads need at least; every order needs one.

    Of each resource, two counts hold: the load divided by the capacity, and the orders
    of which no two fit together.

    Parameters
    ----------
    load : ndarray of int64, shape (orders, resources)
    capacity : ndarray of int64, shape (resources,)

    Examples
    --------
    A load of 12 would fit into two batches of 6, but no two of these orders do.

    >>> least_batches(np.array([[4], [4], [4]]), np.array([6]))
    3
    """
    needed = 1 if len(load) else 0
    for r, limit in enumerate(capacity.tolist()):
        if limit > 0:
            needed = max(needed, -(-int(load[:, r].sum()) // limit))
            needed = max(needed, int((2 * load[:, r] > limit).sum()))
    return needed


def load_bound(
    load: NDArray[np.int64], capacity: NDArray[np.int64], alone: NDArray[np.float64]
) -> float:
    """Least total cost of all batches, from what each order costs alone.

    A batch costs at least what its dearest order costs alone. Dearest first, orders
    fill batch after batch, and may be cut: the k-th dearest batch begins no earlier
    than the load of k - 1 batches has gone by, so its dearest order costs at least
    as much as the one found there.

    Parameters
    ----------
    load : ndarray of int64, shape (orders, resources)
    capacity : ndarray of int64, shape (resources,)
    alone : ndarray of float64, shape (orders,)
        Lower bound on the cost of every batch that holds the order.

    Examples
    --------
    >>> load_bound(np.array([[2], [2], [2]]), np.array([4]), np.array([5.0, 9.0, 3.0]))
    12.0
    """
    if not len(alone):
        return 0.0
    dearest = np.argsort(-alone, kind="stable")
    best = float(alone.max())
    for r, limit in enumerate(capacity.tolist()):
        if limit <= 0:
            continue
        filled = np.cumsum(load[dearest, r])
        marks = np.arange(0, int(filled[-1]), limit)
        # The order in which each full batch's load is passed: it, or a later one.
        at = np.searchsorted(filled, marks, side="right")
        best = max(best, float(alone[dearest[at]].sum()))
    return best
