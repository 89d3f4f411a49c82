"""Windows of turning robots: each plans its next steps around those of the others.

Every robot searches the cheapest way through the next timesteps, in vertex, heading
and time, and pays for every robot that it would meet. Costs are what a step loses
against a free way to the goal (reduced costs), so that a way that loses nothing is
found without looking aside. A robot that comes to its goal goes on to the goal after
it, where that is known.

Source: the idea of windowed guidance is from T. Arita and K. Okumura, Local guidance
for configuration-based multi-agent pathfinding (2025), arXiv:2510.19072. Headings,
goals in sequence and keeping plans that meet nobody are ours.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.mapf.guidance.window_state import (
    AT,
    EXPANDED,
    KEPT,
    NOW,
    SEARCH,
    SEARCHED,
    Windows,
    make_windows,
    open_node,
)
from solvers.mapf.lifelong.turning_distances import STEP_COST


class Ways(NamedTuple):
    """What a window is searched with."""

    successors: NDArray[np.int32]  # (vertices, 4)
    forward_costs: NDArray[np.uint8]  # (vertices, 4)
    data: NDArray[np.int16]  # (rows, 4 * vertices): distances to goals
    rows: NDArray[np.int64]  # (robots,): row of the goal, or -1
    next_rows: NDArray[np.int64]  # (robots,): row of the goal after it, or -1
    settled: NDArray[np.int32]  # (robots,): timesteps it has stayed; -1: goes on
    meet: int  # price of a robot met on a vertex or head on


def make_turning_windows(robots: int, vertices: int, window: int) -> Windows:
    """Allocate windows in which nothing is planned.

    A state is ``4 * vertex + heading``. There are twice as many labels: the upper half
    are of states on the way to the goal after the next one.
    """
    return make_windows(
        robots, vertices, window, costs=1024, nodes=16384, states=4, labels=8
    )


@lean_kernel
def register(windows, robot, robots):  # type: ignore[no-untyped-def]
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
        windows.used[next_slot, after >> 2, AT] += by
        if before >> 2 != after >> 2:
            windows.used[slot, before >> 2, before & 3] += by
        before = after
        slot = next_slot


@lean_kernel
def let_time_pass(windows, states):  # type: ignore[no-untyped-def]
    """Make the next timestep the present one; drop plans that are not followed.

    ``states`` (robots,) int32 is where robots are at the next timestep.
    """
    slots = windows.plan.shape[1]
    slot = windows.counts[NOW] % slots
    next_slot = slot + 1 if slot + 1 < slots else 0
    for number in range(len(windows.plan)):
        robot = np.int64(number)
        if windows.length[robot] > 0:
            before = windows.plan[robot, slot]
            after = windows.plan[robot, next_slot]
            windows.used[next_slot, after >> 2, AT] -= np.uint8(1)
            if before >> 2 != after >> 2:
                windows.used[slot, before >> 2, before & 3] -= np.uint8(1)
            windows.length[robot] -= 1
    windows.counts[NOW] += 1
    for number in range(len(windows.plan)):
        robot = np.int64(number)
        if windows.plan[robot, next_slot] != states[robot]:
            register(windows, robot, np.int64(-1))
            windows.length[robot] = 0
            windows.plan[robot, next_slot] = states[robot]


@lean_kernel
def _loss(ways, windows, robot, before, after):  # type: ignore[no-untyped-def]
    """What a step loses against a free way, and the state after it.

    States count the goal after the goal: the upper half is on the way to that.
    """
    states = windows.nowhere.shape[0]
    row = ways.rows[robot]
    if row < 0:
        return np.int64(0 if before == after else STEP_COST), after
    second = before >= states
    if second:
        row = ways.next_rows[robot]
        before -= states
    distances = ways.data[row]
    step = STEP_COST
    if before >> 2 != after >> 2:
        step = np.int64(ways.forward_costs[before >> 2, before & 3])
    settled = np.int64(ways.settled[robot])
    if settled >= 0 and distances[before] == 0:
        if before >> 2 == after >> 2:
            return np.int64(0), after
        return STEP_COST * settled + step + np.int64(distances[after]), after
    loss = step + np.int64(distances[after]) - np.int64(distances[before])
    if second:
        return loss, after + states
    if distances[after] == 0 and ways.next_rows[robot] >= 0:
        onward = ways.data[ways.next_rows[robot]]
        vertex = after & ~3
        least = min(
            min(onward[vertex], onward[vertex + 1]),
            min(onward[vertex + 2], onward[vertex + 3]),
        )
        return loss + np.int64(onward[after]) - np.int64(least), after + states
    return loss, after


@lean_kernel
def _at_end(ways, windows, robot, state):  # type: ignore[no-untyped-def]
    """Whether no goal is known after this state."""
    states = windows.nowhere.shape[0]
    if ways.rows[robot] < 0 or ways.settled[robot] >= 0:
        return False
    if state >= states:
        return ways.data[ways.next_rows[robot], state - states] == 0
    return ways.next_rows[robot] < 0 and ways.data[ways.rows[robot], state] == 0


@lean_kernel
def _keep(ways, windows, robot):  # type: ignore[no-untyped-def]
    """Whether a plan meets nobody and loses nothing, after one more timestep of it."""
    states = windows.nowhere.shape[0]
    slots = windows.plan.shape[1]
    planned = windows.length[robot]
    slot = windows.counts[NOW] % slots
    at = np.int64(windows.plan[robot, slot])
    for _ in range(planned):
        next_slot = slot + 1 if slot + 1 < slots else 0
        after = np.int64(windows.plan[robot, next_slot])
        before = at - states if at >= states else at
        if windows.used[next_slot, after >> 2, AT] != 1:
            return False
        moves = before >> 2 != after >> 2
        if moves and windows.used[slot, after >> 2, (before & 3) ^ 2] > 0:
            return False
        loss, at = _loss(ways, windows, robot, at, after)
        if loss > 0:
            return False
        slot = next_slot
    if planned == slots - 1 or (planned > 0 and _at_end(ways, windows, robot, at)):
        return True
    return planned == slots - 2 and _prolong(ways, windows, robot, slot, at)


@lean_kernel
def _after(ways, state, action):  # type: ignore[no-untyped-def]
    """State after a wait, a move or a turn; -1 when there is no way."""
    if action == 0:
        return state
    if action == 1:
        vertex = np.int64(ways.successors[state >> 2, state & 3])
        return 4 * vertex + (state & 3) if vertex >= 0 else np.int64(-1)
    return (state & ~3) | ((state + (1 if action == 2 else 3)) & 3)


@lean_kernel
def _prolong(ways, windows, robot, slot, at):  # type: ignore[no-untyped-def]
    """Add a timestep that costs nothing to a plan, if there is one."""
    states = windows.nowhere.shape[0]
    slots = windows.plan.shape[1]
    next_slot = slot + 1 if slot + 1 < slots else 0
    before = at - states if at >= states else at
    for action in range(1, 5):
        after = np.int64(_after(ways, before, action & 3))
        if after < 0 or windows.used[next_slot, after >> 2, AT] > 0:
            continue
        moves = before >> 2 != after >> 2
        if moves and windows.used[slot, after >> 2, (before & 3) ^ 2] > 0:
            continue
        loss, _ = _loss(ways, windows, robot, at, after)
        if loss <= 0:
            windows.plan[robot, next_slot] = after
            windows.length[robot] += 1
            windows.used[next_slot, after >> 2, AT] += np.uint8(1)
            if moves:
                windows.used[slot, before >> 2, before & 3] += np.uint8(1)
            return True
    return False


@lean_kernel
def _search(ways, windows, robot):  # type: ignore[no-untyped-def]
    """Replace the plan of a robot, which is not registered, by the cheapest."""
    states = windows.nowhere.shape[0]
    slots = windows.plan.shape[1]
    now = windows.counts[NOW] % slots
    dearest = np.int64(len(windows.bucket) - 1)
    windows.counts[SEARCH] += 1
    nothing = np.int64(0)
    start = np.int64(windows.plan[robot, now])
    open_node(windows, nothing, now, start, nothing, np.int64(-1), nothing)
    cheapest, highest, nodes, last = nothing, nothing, np.int64(1), nothing
    while cheapest <= highest:
        node = np.int64(windows.bucket[cheapest])
        if node < 0:
            cheapest += 1
            continue
        windows.bucket[cheapest] = windows.below[node]
        at = np.int64(windows.state[node])
        time = np.int64(windows.time[node])
        slot = (now + time) % slots
        paid = np.int64(windows.cost[node])
        if windows.label[slot, at] & np.int64(65535) != paid:
            continue  # reached for less since
        windows.counts[EXPANDED] += 1
        if time > windows.time[last]:
            last = node
        ends = time == slots - 1 or (time > 0 and _at_end(ways, windows, robot, at))
        if ends or nodes + 4 > len(windows.state):
            last = node if ends else last
            break
        before = at - states if at >= states else at
        next_slot = (slot + 1) % slots
        # The wait goes in first and so comes out last among equals.
        for action in (0, 2, 3, 1):
            after = np.int64(_after(ways, before, action))
            if after < 0:
                continue
            loss, reached = _loss(ways, windows, robot, at, after)
            met = np.int64(windows.used[next_slot, after >> 2, AT])
            if action == 1:
                met += np.int64(windows.used[slot, after >> 2, (before & 3) ^ 2])
            cost = min(max(paid + loss + ways.meet * met, nothing), dearest)
            if open_node(windows, nodes, next_slot, reached, time + 1, node, cost):
                nodes += 1
                cheapest = min(cheapest, cost)
                highest = max(highest, cost)
    for cost in range(cheapest, highest + 1):
        windows.bucket[cost] = -1
    _write_plan(windows, robot, now, last)


@lean_kernel
def _write_plan(windows, robot, now, last):  # type: ignore[no-untyped-def]
    states = windows.nowhere.shape[0]
    slots = windows.plan.shape[1]
    windows.length[robot] = windows.time[last]
    node = np.int64(last)
    while node >= 0:
        slot = (now + windows.time[node]) % slots
        state = windows.state[node]
        windows.plan[robot, slot] = state - states if state >= states else state
        node = np.int64(windows.parent[node])


@lean_kernel
def plan_windows(ways, windows, order, budget):  # type: ignore[no-untyped-def]
    """Plan robots in the given order until so many nodes are expanded.

    Returns
    -------
    int
        How many robots of the order were planned.
    """
    limit = windows.counts[EXPANDED] + budget
    for k in range(len(order)):
        if windows.counts[EXPANDED] >= limit:
            return k
        robot = np.int64(order[k])
        if _keep(ways, windows, robot):
            windows.counts[KEPT] += 1
            continue
        register(windows, robot, np.int64(-1))
        _search(ways, windows, robot)
        register(windows, robot, np.int64(1))
        windows.counts[SEARCHED] += 1
    return len(order)


@lean_kernel
def first_actions(windows, robot, actions):  # type: ignore[no-untyped-def]
    """Write the actions a plan begins with; return whether any is planned.

    ``actions`` (depth,) int8; a plan that ends earlier goes on with waits.
    """
    slots = windows.plan.shape[1]
    slot = windows.counts[NOW] % slots
    before = windows.plan[robot, slot]
    planned = windows.length[robot]
    for depth in range(len(actions)):
        actions[depth] = 0
        if depth >= planned:
            continue
        slot = slot + 1 if slot + 1 < slots else 0
        after = windows.plan[robot, slot]
        if before >> 2 != after >> 2:
            actions[depth] = 1
        elif before != after:
            actions[depth] = 2 if (before + 1) & 3 == after & 3 else 3
        before = after
    return planned > 0
