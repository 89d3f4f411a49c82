"""Pockets: dead ends of a floor, where robots cannot pass each other."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel, lean_kernel
from solvers.mapf.floor import Floor


class DeadEnds(NamedTuple):
    """Dead ends that hang on a floor with ways round; arrays of shape (vertices,)."""

    depth: NDArray[np.int32]  # steps from the floor outside; 0 there
    name: NDArray[np.int32]  # the same for all vertices of a dead end; -1 outside
    wanted: NDArray[np.int32]  # by name: how deep robots want to go now


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


def dead_ends(floor: Floor) -> DeadEnds:
    """Dead ends of a floor; a piece of floor that is nothing else counts as outside.

    Examples
    --------
    >>> from warehouse.grid import Grid
    >>> free = np.array([[1, 1, 0, 0], [1, 1, 1, 1]], bool)
    >>> ends = dead_ends(Floor.from_grid(Grid.from_arrays(free)))
    >>> ends.depth.tolist(), ends.name.tolist()
    ([0, 0, 0, 0, 1, 2], [-1, -1, -1, -1, 4, 4])
    """
    outside = ~pockets(floor)
    depth = np.zeros(floor.vertices, np.int32)
    name = np.full(floor.vertices, -1, np.int32)
    queue = np.flatnonzero(outside).tolist()
    for after in queue:
        for vertex in floor.predecessors[after].tolist():
            if vertex >= 0 and not outside[vertex] and name[vertex] < 0:
                depth[vertex] = depth[after] + 1
                name[vertex] = vertex if name[after] < 0 else name[after]
                queue.append(vertex)
    return DeadEnds(depth, name, np.zeros(floor.vertices, np.int32))


@kernel
def note_wanted(ends, active, goals):  # type: ignore[no-untyped-def]
    """Note how deep active robots want to go into each dead end; -1 is no goal."""
    ends.wanted[:] = 0
    for robot in range(len(goals)):
        goal = goals[robot]
        if active[robot] and goal >= 0 and ends.depth[goal] > 0:
            name = ends.name[goal]
            ends.wanted[name] = max(ends.wanted[name], ends.depth[goal])


@lean_kernel
def in_the_way(ends, vertex):  # type: ignore[no-untyped-def]
    """Steps that a robot without a goal should go to be out of the way in a dead end.

    0 outside, and deeper than anybody wants to go.
    """
    depth = np.int64(ends.depth[vertex])
    if depth > 0 and depth <= ends.wanted[ends.name[vertex]]:
        return depth
    return np.int64(0)


@lean_kernel
def leaves(ends, vertex, goal):  # type: ignore[no-untyped-def]
    """Whether the way from a vertex in a dead end to a goal leads towards its mouth."""
    depth = ends.depth[vertex]
    inside = ends.name[vertex] == ends.name[goal] and depth <= ends.depth[goal]
    return depth > 0 and not inside
