"""Shortest ways over vertex and heading, searched when they are asked for.

A site with many thousand spots has no room for the distances from everywhere to every
spot. Each search spreads from some states until what was asked for is known (Dial 1969:
one bucket for each cost). A state is ``4 * vertex + heading``.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.mapf.floor import Floor
from solvers.mapf.lifelong.turning_distances import STEP_COST, UNREACHABLE

BUCKETS = 256
"""More than any move costs: no two costs in the buckets at once are so far apart."""


class Roads(NamedTuple):
    """Where moves lead, and what they cost robots without and with a pod."""

    successors: NDArray[np.int32]  # (vertices, 4)
    predecessors: NDArray[np.int32]  # (vertices, 4)
    empty: NDArray[np.uint8]  # (vertices, 4): cost of leaving a vertex forward
    laden: NDArray[np.uint8]  # (vertices, 4)


class Front(NamedTuple):
    """Room for a search."""

    cost: NDArray[np.int16]  # (states,): of the way found, `UNREACHABLE` without one
    label: NDArray[np.int32]  # (states,): where that way begins; least if many do
    heads: NDArray[np.int32]  # (BUCKETS,)
    nodes: NDArray[np.int32]  # states in the buckets, which are lists
    nexts: NDArray[np.int32]
    settled: NDArray[np.int32]  # (states,): those of the last bucket
    used: NDArray[np.int64]  # entries ever made, entries in the buckets


def make_front(vertices: int) -> Front:
    """Room for searches on a floor.

    Examples
    --------
    >>> make_front(3).cost.shape
    (12,)
    """
    states = 4 * vertices
    # Every state that is settled reaches three others; some are where it began.
    entries = 4 * states + 4
    return Front(
        cost=np.full(states, UNREACHABLE, np.int16),
        label=np.zeros(states, np.int32),
        heads=np.full(BUCKETS, -1, np.int32),
        nodes=np.zeros(entries, np.int32),
        nexts=np.zeros(entries, np.int32),
        settled=np.zeros(states, np.int32),
        used=np.zeros(2, np.int64),
    )


def make_roads(
    floor: Floor, empty: NDArray[np.uint8], laden: NDArray[np.uint8]
) -> Roads:
    """Roads of a floor, with the costs of moves.

    Examples
    --------
    >>> from warehouse.grid import Grid
    >>> from warehouse.layout import Layout
    >>> floor = Floor.from_grid(Grid.from_layout(Layout.from_rows(["..."])))
    >>> costs = np.full((3, 4), STEP_COST, np.uint8)
    >>> make_roads(floor, costs, costs).successors[:, 1].tolist()
    [1, 2, -1]
    """
    return Roads(
        np.array(floor.successors, order="C"),
        np.array(floor.predecessors, order="C"),
        np.ascontiguousarray(empty),
        np.ascontiguousarray(laden),
    )


@lean_kernel
def begin(front: Front, cost: NDArray[np.int16]) -> None:
    """Forget the last search; this one writes its costs to ``cost``."""
    cost[:] = UNREACHABLE
    front.heads[:] = -1
    front.used[:] = 0


@lean_kernel
def reach(
    front: Front, cost: NDArray[np.int16], state: int, new: int, label: int
) -> None:
    """Note a way to a state, where it is shorter than the one that is known."""
    known = np.int64(cost[state])
    if new == known:
        front.label[state] = min(front.label[state], label)
    if new >= known:
        return
    cost[state] = new
    front.label[state] = label
    entry, bucket = front.used[0], new % BUCKETS
    front.nodes[entry] = state
    front.nexts[entry] = front.heads[bucket]
    front.heads[bucket] = entry
    front.used[0] += 1
    front.used[1] += 1


@lean_kernel
def settle(
    front: Front,
    cost: NDArray[np.int16],
    distance: int,
    moves: NDArray[np.int32],
    costs: NDArray[np.uint8],
    backward: bool,
) -> int:
    """Settle all states that cost ``distance``, and reach those next to them.

    Parameters
    ----------
    front : Front
    cost : ndarray of int16, shape (states,)
    distance : int
        One more than when it was called last, 0 at first.
    moves : ndarray of int32, shape (vertices, 4)
        The predecessors where the search goes ``backward``.
    costs : ndarray of uint8, shape (vertices, 4)
    backward : bool
        Whether costs are those of ways to where the search began.

    Returns
    -------
    int
        How many were settled; they stand in ``front.settled``.
    """
    bucket = distance % BUCKETS
    count = 0
    while front.heads[bucket] >= 0:
        entry = front.heads[bucket]
        front.heads[bucket] = front.nexts[entry]
        front.used[1] -= 1
        state = np.int64(front.nodes[entry])
        if cost[state] != distance:
            continue  # reached on a shorter way since
        front.settled[count] = state
        count += 1
        vertex, heading, label = state >> 2, state & 3, front.label[state]
        turned = distance + STEP_COST
        reach(front, cost, 4 * vertex + ((heading + 1) & 3), turned, label)
        reach(front, cost, 4 * vertex + ((heading + 3) & 3), turned, label)
        near = np.int64(moves[vertex, heading])
        if near >= 0:
            leaves = near if backward else vertex
            moved = distance + np.int64(costs[leaves, heading])
            if moved < UNREACHABLE:
                reach(front, cost, 4 * near + heading, moved, label)
    return count


@lean_kernel
def goes_on(front: Front, distance: int) -> bool:
    """Whether there is anything left to settle from some distance on."""
    return front.used[1] > 0 and distance < UNREACHABLE - STEP_COST


@lean_kernel
def search_all(
    front: Front,
    cost: NDArray[np.int16],
    moves: NDArray[np.int32],
    costs: NDArray[np.uint8],
    backward: bool,
) -> None:
    """Spread from what has been reached over the whole floor."""
    distance = 0
    while goes_on(front, distance):
        settle(front, cost, distance, moves, costs, backward)
        distance += 1


@lean_kernel
def search_from(
    front: Front,
    first: int,
    last: int,
    moves: NDArray[np.int32],
    costs: NDArray[np.uint8],
) -> None:
    """Write to ``front.cost`` what ways from any of the states first to last cost."""
    begin(front, front.cost)
    for state in range(first, last + 1):
        reach(front, front.cost, state, 0, 0)
    search_all(front, front.cost, moves, costs, False)


@lean_kernel
def search_to(
    roads: Roads,
    front: Front,
    goal: int,
    laden: bool,
    row: NDArray[np.int16],
    state: int,
    slack: int,
) -> int:
    """Write to ``row`` what ways to a goal cost, from a state and all that are nearer.

    Parameters
    ----------
    roads : Roads
    front : Front
    goal : int
        Vertex; any heading will do there.
    laden : bool
    row : ndarray of int16, shape (states,)
    state : int
        The search ends when the way from there is known; -1: when all are.
    slack : int
        By so much farther states are searched as well.

    Returns
    -------
    int
        Up to this cost ``row`` is right; `UNREACHABLE` where all of it is.
    """
    begin(front, row)
    for heading in range(4):
        reach(front, row, 4 * goal + heading, 0, 0)
    last, distance = UNREACHABLE, 0
    costs = roads.laden if laden else roads.empty
    while goes_on(front, distance):
        if distance > last:
            return last
        settle(front, row, distance, roads.predecessors, costs, True)
        if state >= 0 and row[state] == distance:
            last = distance + slack
        distance += 1
    return UNREACHABLE
