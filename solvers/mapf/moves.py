"""Moves between neighbouring vertices of a floor, inside kernels."""

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel


@kernel
def leads(successors: NDArray[np.int32], vertex: int, after: int) -> bool:
    """Whether one move leads from a vertex to another.

    Examples
    --------
    >>> leads(np.array([[-1, 1, -1, -1], [-1, -1, -1, -1]], np.int32), 1, 0)
    False
    """
    found = False
    for d in range(4):
        found |= successors[vertex, d] == after
    return found
