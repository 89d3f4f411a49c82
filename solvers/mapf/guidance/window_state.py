"""Windows of all robots in memory: what each plans, and who uses which vertex when."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel

AT = 4
"""Column of `Windows.used` that counts robots at a vertex; 0..3 count departures."""

NOW, SEARCH, EXPANDED, SEARCHED, KEPT = 0, 1, 2, 3, 4
"""Entries of `Windows.counts`: timestep, number of the search, and statistics."""


class Windows(NamedTuple):
    """Plans for the next ``W`` timesteps, as rings of ``L = W + 1`` slots.

    What happens at timestep t is kept in slot ``t % L``, so that nothing is moved
    when time goes on. A state is a vertex, or for robots that turn a vertex and a
    heading; a label may tell states apart further, by the goal that is next.
    """

    plan: NDArray[np.int32]  # (robots, L): state at each timestep
    length: NDArray[np.int32]  # (robots,): timesteps planned after the present one
    used: NDArray[np.uint8]  # (L, vertices, 8): robots that leave by direction; AT
    label: NDArray[np.int64]  # (L, labels): number of the search, and its cost
    bucket: NDArray[np.int32]  # (costs,): newest open node of each cost, or -1
    state: NDArray[np.int32]  # (nodes,): which label
    time: NDArray[np.int32]  # (nodes,): timesteps from the present one
    parent: NDArray[np.int32]  # (nodes,)
    cost: NDArray[np.int32]  # (nodes,)
    below: NDArray[np.int32]  # (nodes,): node opened before it at the same cost
    counts: NDArray[np.int64]  # (5,): see NOW
    nowhere: NDArray[np.int16]  # (states,): distances of robots without a goal


class Costs(NamedTuple):
    """What the windowed search pays for; distances are in units of the weights."""

    weights: NDArray[np.uint8]  # (vertices, 4): of leaving a vertex by direction
    wait: int  # of a timestep on one vertex, away from the goal
    scale: int  # times weights, waits and distances
    meet: int  # for each robot planned to be on the vertex at the same time
    swap: int  # for each robot planned to come the other way
    ends: bool  # whether a plan ends when it reaches the goal


def make_windows(
    robots: int,
    vertices: int,
    window: int,
    *,
    costs: int = 512,
    nodes: int = 8192,
    states: int = 1,
    labels: int = 1,
) -> Windows:
    """Allocate windows in which nothing is planned.

    Parameters
    ----------
    robots, vertices : int
    window : int
        Timesteps that are planned.
    costs, nodes : int
        Dearest plan, and nodes that a search may open.
    states, labels : int
        How many of each there are for every vertex.
    """
    slots = window + 1
    return Windows(
        plan=np.full((robots, slots), -1, np.int32),
        length=np.zeros(robots, np.int32),
        used=np.zeros((slots, vertices, 8), np.uint8),
        label=np.zeros((slots, labels * vertices), np.int64),
        bucket=np.full(costs, -1, np.int32),
        state=np.zeros(nodes, np.int32),
        time=np.zeros(nodes, np.int32),
        parent=np.zeros(nodes, np.int32),
        cost=np.zeros(nodes, np.int32),
        below=np.zeros(nodes, np.int32),
        counts=np.zeros(5, np.int64),
        nowhere=np.zeros(states * vertices, np.int16),
    )


@lean_kernel
def open_node(
    windows: Windows,
    node: int,
    slot: int,
    state: int,
    time: int,
    parent: int,
    cost: int,
) -> bool:
    """Open a node, unless the same state was opened for no more; return whether."""
    ident = windows.counts[SEARCH]
    label = windows.label[slot, state]
    if label >> np.int64(16) == ident and label & np.int64(65535) <= cost:
        return False
    windows.label[slot, state] = ident << np.int64(16) | cost
    windows.state[node] = state
    windows.time[node] = time
    windows.parent[node] = parent
    windows.cost[node] = cost
    windows.below[node] = windows.bucket[cost]
    windows.bucket[cost] = node
    return True


@lean_kernel
def register(successors, windows, robot, robots):  # type: ignore[no-untyped-def]
    """Enter a plan into ``used`` (``robots`` 1), or take it out (-1).

    Counts are kept modulo 256: they come out right again when robots leave.
    """
    slots = windows.plan.shape[1]
    slot = windows.counts[NOW] % slots
    before = windows.plan[robot, slot]
    by = np.uint8(robots & 255)
    for _ in range(windows.length[robot]):
        next_slot = slot + 1 if slot + 1 < slots else 0
        after = windows.plan[robot, next_slot]
        windows.used[next_slot, after, AT] += by
        for d in range(4):
            if before != after and successors[before, d] == after:
                windows.used[slot, before, d] += by
        before = after
        slot = next_slot


@lean_kernel
def let_time_pass(successors, windows):  # type: ignore[no-untyped-def]
    """Make the next timestep the present one; what was planned for now is dropped."""
    slots = windows.plan.shape[1]
    slot = windows.counts[NOW] % slots
    next_slot = slot + 1 if slot + 1 < slots else 0
    for robot in range(len(windows.plan)):
        if windows.length[robot] == 0:
            windows.plan[robot, next_slot] = -1
            continue
        before = windows.plan[robot, slot]
        after = windows.plan[robot, next_slot]
        windows.used[next_slot, after, AT] -= np.uint8(1)
        for d in range(4):
            if before != after and successors[before, d] == after:
                windows.used[slot, before, d] -= np.uint8(1)
        windows.length[robot] -= 1
    windows.counts[NOW] += 1
