"""Random numbers inside kernels: xorshift64*, with the state given by the caller.

Vigna (2016), doi:10.1145/2845077.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel

_GOLDEN: Final = 0x9E3779B97F4A7C15
"""2**64 over the golden ratio: far from the few bits that seeds have."""


def first_state(seed: int) -> NDArray[np.uint64]:
    """State of a generator to begin with, another one for every seed.

    Parameters
    ----------
    seed : int
        From 0 to 2**61.

    Examples
    --------
    >>> first_state(0) == first_state(1)
    array([False])
    """
    return np.array([2 * seed + _GOLDEN], np.uint64)


@lean_kernel
def random_word(state: NDArray[np.uint64]) -> np.uint64:
    """64 random bits, the upper ones the better.

    Parameters
    ----------
    state : ndarray of uint64, shape (1,)
        Not 0; changed.
    """
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return np.uint64(x * np.uint64(2685821657736338717))


@lean_kernel
def random_below(state: NDArray[np.uint64], n: int) -> np.int64:
    """Random whole number from 0 to n - 1.

    Parameters
    ----------
    state : ndarray of uint64, shape (1,)
        Not 0; changed.
    n : int
        Below 2**31.

    Examples
    --------
    >>> state = np.array([1], np.uint64)
    >>> [int(random_below(state, 1)) for _ in range(3)]
    [0, 0, 0]
    """
    return np.int64((random_word(state) >> np.uint64(33)) % np.uint64(n))
