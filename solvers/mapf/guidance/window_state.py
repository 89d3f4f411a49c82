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
    when time goes on.
    """

    plan: NDArray[np.int32]  # (robots, L): vertex at each timestep
    length: NDArray[np.int32]  # (robots,): timesteps planned after the present one
    used: NDArray[np.uint8]  # (L, vertices, 8): robots that leave by direction; AT
    label: NDArray[np.int64]  # (L, vertices): number of the search, and its cost
    bucket: NDArray[np.int32]  # (costs,): newest open node of each cost, or -1
    vertex: NDArray[np.int32]  # (nodes,)
    time: NDArray[np.int32]  # (nodes,): timesteps from the present one
    parent: NDArray[np.int32]  # (nodes,)
    cost: NDArray[np.int32]  # (nodes,)
    below: NDArray[np.int32]  # (nodes,): node opened before it at the same cost
    counts: NDArray[np.int64]  # (5,): see NOW
    nowhere: NDArray[np.int16]  # (vertices,): distances of robots without a goal


class Costs(NamedTuple):
    """What the windowed search pays for; distances are in units of the weights."""

    weights: NDArray[np.uint8]  # (vertices, 4): of leaving a vertex by direction
    wait: int  # of a timestep on one vertex, away from the goal
    scale: int  # times weights, waits and distances
    meet: int  # for each robot planned to be on the vertex at the same time
    swap: int  # for each robot planned to come the other way
    ends: bool  # whether a plan ends when it reaches the goal


def make_windows(
    robots: int, vertices: int, window: int, costs: int = 512, nodes: int = 8192
) -> Windows:
    """Allocate windows in which nothing is planned."""
    slots = window + 1
    return Windows(
        plan=np.full((robots, slots), -1, np.int32),
        length=np.zeros(robots, np.int32),
        used=np.zeros((slots, vertices, 8), np.uint8),
        label=np.zeros((slots, vertices), np.int64),
        bucket=np.full(costs, -1, np.int32),
        vertex=np.zeros(nodes, np.int32),
        time=np.zeros(nodes, np.int32),
        parent=np.zeros(nodes, np.int32),
        cost=np.zeros(nodes, np.int32),
        below=np.zeros(nodes, np.int32),
        counts=np.zeros(5, np.int64),
        nowhere=np.zeros(vertices, np.int16),
    )


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
