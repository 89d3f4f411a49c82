"""Pockets: dead ends of a floor, where robots cannot pass each other."""

import numpy as np
from numpy.typing import NDArray

from solvers.mapf.floor import Floor


def pockets(floor: Floor) -> NDArray[np.bool_]:
    """Vertices of dead ends: those that have one way out only, step by step.

    Returns
    -------
    ndarray of bool, shape (vertices,)

    Examples
    --------
    A room of four cells with a bay of two; a corridor alone is nothing but pocket:

    >>> from warehouse.grid import Grid
    >>> free = np.array([[1, 1, 0, 0], [1, 1, 1, 1]], bool)
    >>> pockets(Floor.from_grid(Grid.from_arrays(free))).tolist()
    [False, False, False, False, True, True]
    >>> corridor = Floor.from_grid(Grid.from_arrays(np.ones((1, 3), bool)))
    >>> pockets(corridor).tolist()
    [True, True, True]
    """
    ways = (floor.successors >= 0).sum(axis=1)
    found = np.zeros(floor.vertices, np.bool_)
    ends = np.flatnonzero(ways <= 1)
    while len(ends):
        found[ends] = True
        beside = floor.predecessors[ends].ravel()
        beside = beside[beside >= 0]
        np.subtract.at(ways, beside, 1)
        ends = np.unique(beside[(ways[beside] <= 1) & ~found[beside]])
    return found
