"""The nodes of conflict-based search and their order, as arrays for kernels.

A node holds the ban and the path in which it differs from its parent; the paths of all
robots come together on the way up to the root.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.mapf.one_shot.banned_paths import AT_ALL, NOWHEN

NO_BAN, VERTEX, EDGE, FOR_EVER, LATER = 0, 1, 2, 3, 4
"""Kinds of bans. FOR_EVER: the robot keeps off a goal from a timestep on, and whose
goal it is has come to rest by then. LATER: it comes to rest after the timestep."""


class ConstraintTree(NamedTuple):
    """Arrays by node; the first nodes are one for each robot, below one another."""

    parent: NDArray[np.int32]  # (nodes,)
    robot: NDArray[np.int32]  # (nodes,): whose path and ban it is
    ban: NDArray[np.int32]  # (nodes, 4): kind, vertex, direction, timestep
    length: NDArray[np.int32]  # (nodes,): timestep of the robot's arrival
    cost: NDArray[np.int32]  # (nodes,): of all robots
    path: NDArray[np.int32]  # (nodes, timesteps): see `write_banned_path`
    heap: NDArray[np.int32]  # (nodes,): open nodes, the next first
    rank: NDArray[np.int64]  # (nodes,): order of the open nodes
    used: NDArray[np.int64]  # (2,): nodes, open nodes


class Present(NamedTuple):
    """The paths at one node."""

    at: NDArray[np.int32]  # (robots, timesteps): vertices
    narrow: NDArray[np.bool_]  # (robots, timesteps): all paths as short are there
    length: NDArray[np.int32]  # (robots,): -1 while not known
    matched: NDArray[np.bool_]  # (robots,): counted in a bound already
    chosen: NDArray[np.int64]  # (2, 4): conflicts, of a node and of a child


def make_constraint_tree(timesteps: int, nodes: int = 1024) -> ConstraintTree:
    """Room for nodes.

    Examples
    --------
    >>> make_constraint_tree(timesteps=5, nodes=2).path.shape
    (2, 5)
    """
    return ConstraintTree(
        parent=np.zeros(nodes, np.int32),
        robot=np.zeros(nodes, np.int32),
        ban=np.zeros((nodes, 4), np.int32),
        length=np.zeros(nodes, np.int32),
        cost=np.zeros(nodes, np.int32),
        path=np.zeros((nodes, timesteps), np.int32),
        heap=np.zeros(nodes, np.int32),
        rank=np.zeros(nodes, np.int64),
        used=np.zeros(2, np.int64),
    )


def make_present(robots: int, timesteps: int) -> Present:
    """Room for the paths of one node.

    Examples
    --------
    >>> make_present(robots=2, timesteps=5).at.shape
    (2, 5)
    """
    return Present(
        at=np.zeros((robots, timesteps), np.int32),
        narrow=np.zeros((robots, timesteps), np.bool_),
        length=np.zeros(robots, np.int32),
        matched=np.zeros(robots, np.bool_),
        chosen=np.zeros((2, 4), np.int64),
    )


def doubled(tree: ConstraintTree) -> ConstraintTree:
    """Twice as much room, for the same nodes.

    Examples
    --------
    >>> len(doubled(make_constraint_tree(timesteps=5, nodes=2)).parent)
    4
    """
    fields: dict[str, Any] = {
        name: np.concatenate([array, np.zeros_like(array)])
        for name, array in tree._asdict().items()
        if name != "used"
    }
    return tree._replace(**fields)


@lean_kernel
def push(tree, node):  # type: ignore[no-untyped-def]
    """Open a node; ``rank`` is set."""
    heap, rank = tree.heap, tree.rank
    k = tree.used[1]
    tree.used[1] += 1
    while k > 0 and rank[heap[(k - 1) >> 1]] > rank[node]:
        heap[k] = heap[(k - 1) >> 1]
        k = (k - 1) >> 1
    heap[k] = node


@lean_kernel
def pop(tree):  # type: ignore[no-untyped-def]
    """Take the open node of lowest rank."""
    heap, rank = tree.heap, tree.rank
    tree.used[1] -= 1
    count = tree.used[1]
    top, last = np.int64(heap[0]), heap[count]
    k = np.int64(0)
    below = np.int64(1)
    while below < count:
        if below + 1 < count and rank[heap[below + 1]] < rank[heap[below]]:
            below += 1
        if rank[heap[below]] >= rank[last]:
            break
        heap[k] = heap[below]
        k = below
        below = 2 * k + 1
    heap[k] = last
    return top


@lean_kernel
def gather(tree, node, shift, present):  # type: ignore[no-untyped-def]
    """Bring the paths of all robots at a node together."""
    at, narrow, length = present.at, present.narrow, present.length
    for robot in range(len(length)):
        length[robot] = -1
    one = np.int64(node)
    while one >= 0:
        robot = tree.robot[one]
        if length[robot] < 0:
            length[robot] = tree.length[one]
            for t in range(at.shape[1]):
                at[robot, t] = tree.path[one, t] >> (1 + shift)
                narrow[robot, t] = tree.path[one, t] & 1
        one = np.int64(tree.parent[one])


@lean_kernel
def enter_bans(tree, node, robot, goals, layers):  # type: ignore[no-untyped-def]
    """Enter the bans of a robot; the first and the last timestep it may arrive at."""
    earliest, latest = np.int64(0), np.int64(NOWHEN)
    one = np.int64(node)
    while one >= 0:
        kind, vertex = tree.ban[one, 0], tree.ban[one, 1]
        t = np.int64(tree.ban[one, 3])
        if kind == FOR_EVER and goals[robot] == vertex:
            latest = min(latest, t)
        if kind != NO_BAN and tree.robot[one] == robot:
            if kind == FOR_EVER:
                layers.banned_from[vertex] = min(layers.banned_from[vertex], t)
            elif kind == EDGE:
                layers.banned[t, vertex] |= np.int8(1 << tree.ban[one, 2])
            elif kind == VERTEX:
                layers.banned[t, vertex] |= np.int8(AT_ALL)
            if goals[robot] == vertex and kind != EDGE:
                earliest = max(earliest, t + 1)
        one = np.int64(tree.parent[one])
    return earliest, latest


@lean_kernel
def remove_bans(tree, node, robot, layers):  # type: ignore[no-untyped-def]
    """Take out what `enter_bans` entered."""
    one = np.int64(node)
    while one >= 0:
        if tree.robot[one] == robot:
            layers.banned[tree.ban[one, 3], tree.ban[one, 1]] = 0
            layers.banned_from[tree.ban[one, 1]] = NOWHEN
        one = np.int64(tree.parent[one])
