"""Overlaps of intervals that share something: a robot, a dock, a packer."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def find_overlaps(
    group: NDArray[np.int64],
    start: NDArray[Any],
    end: NDArray[Any],
    *,
    closed: bool,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows that begin before an earlier row of their group is over. O(n log n).

    Parameters
    ----------
    group, start, end : ndarray, shape (n,)
    closed : bool
        Whether intervals that only touch overlap too.

    Returns
    -------
    later, earlier : ndarray of int64
        Rows that begin too early, and for each the row of its group that began no
        later and ends last.

    Examples
    --------
    >>> rows = np.array([7, 7, 7]), np.array([0, 1, 5]), np.array([5, 2, 6])
    >>> [pair.tolist() for pair in find_overlaps(*rows, closed=False)]
    [[1], [0]]
    >>> [pair.tolist() for pair in find_overlaps(*rows, closed=True)]
    [[1, 2], [0, 0]]
    """
    n = len(group)
    if n < 2:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    order = np.lexsort((end, start, group))
    _, dense = np.unique(group[order], return_inverse=True)
    rank = np.empty(n, np.int64)
    rank[np.argsort(end[order], kind="stable")] = np.arange(n)
    # Groups ascend and ranks differ, so the running maximum starts anew in each.
    key = dense * n + rank
    latest = np.maximum.accumulate(key)
    holder = np.maximum.accumulate(np.where(key == latest, np.arange(n), 0))
    before, this = order[holder[:-1]], order[1:]
    early = start[this] <= end[before] if closed else start[this] < end[before]
    early &= group[this] == group[before]
    return this[early], before[early]
