"""Fewest visits to one station: a dynamic programme over what it still needs."""

import math

import numpy as np
from numpy.typing import NDArray

MOST_STATES = 200_000
"""Needs of one station that are told apart; with more of them a plain bound serves."""
_NEVER = 255


def fewest_visits(need: NDArray[np.int32], stock: NDArray[np.int32]) -> float:
    """Count the pods that must come to a station at least, each once.

    The states are all needs up to the one given. Pod after pod is left out, or comes
    and leaves a smaller need: a set multicover, exact up to `MOST_STATES`. Beyond that
    it is what `plain_bound` says. O(states * pods).

    Parameters
    ----------
    need : ndarray of int32, shape (SKUs,)
        Units.
    stock : ndarray of int32, shape (pods, SKUs)

    Returns
    -------
    visits : float
        inf where the pods have not enough.

    Examples
    --------
    >>> stock = np.array([[1, 1], [2, 0], [0, 1]], np.int32)
    >>> fewest_visits(np.array([2, 1], np.int32), stock)
    2.0
    >>> fewest_visits(np.array([0, 0], np.int32), stock)
    0.0
    """
    wanted = np.flatnonzero(need)
    shape = (need[wanted] + 1).tolist()
    brings = np.minimum(stock[:, wanted], need[wanted])
    brings = brings[brings.any(1)]
    if math.prod(shape) > MOST_STATES or len(brings) >= _NEVER:
        return plain_bound(need, stock)
    visits = np.full(math.prod(shape), _NEVER, np.uint8)
    visits[0] = 0
    for pod in brings.tolist():
        left = np.zeros(1, np.int64)  # state after the pod came, by state
        for most, units in zip(shape, pod, strict=True):
            still = np.maximum(np.arange(most) - units, 0)
            left = np.add.outer(most * left, still).ravel()
        after = visits[left]
        after += after < _NEVER
        np.minimum(visits, after, out=visits)
    return float(visits[-1]) if visits[-1] < _NEVER else math.inf


def plain_bound(need: NDArray[np.int32], stock: NDArray[np.int32]) -> float:
    """Visits that are needed at least, as none brings more than some pod can.

    Examples
    --------
    >>> plain_bound(np.array([3], np.int32), np.array([[2], [2]], np.int32))
    2.0
    """
    most = int(np.minimum(stock, need).sum(1).max(initial=0))
    return float(math.ceil(int(need.sum()) / most)) if most else 0.0
