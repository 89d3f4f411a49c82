"""The search of one robot within its window, as numba kernels: space-time A*."""

import numpy as np

from solvers.kernel import lean_kernel
from solvers.mapf.guidance.window_state import (
    AT,
    EXPANDED,
    KEPT,
    NOW,
    SEARCH,
    SEARCHED,
    open_node,
    register,
)

_BASE = 64
"""Cost of the first node, so that costs may fall a little where guides are uneven."""


@lean_kernel
def _detour(to_goal, before, after, d, settled, costs):  # type: ignore[no-untyped-def]
    """By how much a move (a wait when ``d`` is 4) is dearer than a free way."""
    left = np.int64(to_goal[before])
    if before == after:
        return costs.scale * costs.wait if left > 0 else 0
    if left == 0 and settled > 0:
        # The robot has not been settled after all: what it waited there is paid.
        away = costs.weights[before, d] + np.int64(to_goal[after])
        return costs.scale * (away + costs.wait * settled)
    return costs.scale * (costs.weights[before, d] + np.int64(to_goal[after]) - left)


@lean_kernel
def _keep(successors, windows, to_goal, robot, costs):  # type: ignore[no-untyped-def]
    """Whether a plan meets nobody and loses nothing, after one more timestep of it."""
    slots = windows.plan.shape[1]
    planned = windows.length[robot]
    slot = windows.counts[NOW] % slots
    before = np.int64(windows.plan[robot, slot])
    for _ in range(planned):
        next_slot = slot + 1 if slot + 1 < slots else 0
        after = np.int64(windows.plan[robot, next_slot])
        if windows.used[next_slot, after, AT] != 1:
            return False
        by = np.int64(4)
        for d in range(4):
            if before != after and successors[before, d] == after:
                by = d
        if by < 4 and windows.used[slot, after, by ^ 2] > 0:
            return False
        if _detour(to_goal, before, after, by, np.int64(0), costs) > 0:
            return False
        before = after
        slot = next_slot
    if planned == slots - 1 or (planned > 0 and costs.ends and to_goal[before] == 0):
        return True
    return planned == slots - 2 and _prolong(
        successors, windows, to_goal, robot, slot, before, costs
    )


@lean_kernel
def _prolong(successors, windows, to_goal, robot, slot, before, costs):  # type: ignore[no-untyped-def]
    """Add a timestep that costs nothing to a plan, if there is one."""
    slots = windows.plan.shape[1]
    next_slot = slot + 1 if slot + 1 < slots else 0
    for k in range(5):
        d = np.int64(4 if k == 4 else (k + robot) & 3)
        after = before if k == 4 else np.int64(successors[before, d])
        if after < 0 or windows.used[next_slot, after, AT] > 0:
            continue
        if d < 4 and windows.used[slot, after, d ^ 2] > 0:
            continue
        if _detour(to_goal, before, after, d, np.int64(0), costs) <= 0:
            windows.plan[robot, next_slot] = after
            windows.length[robot] += 1
            windows.used[next_slot, after, AT] += np.uint8(1)
            if d < 4:
                windows.used[slot, before, d] += np.uint8(1)
            return True
    return False


@lean_kernel
def _search(successors, windows, to_goal, robot, settled, costs):  # type: ignore[no-untyped-def]
    """Replace the plan of a robot, which is not registered, by the cheapest."""
    slots = windows.plan.shape[1]
    now = windows.counts[NOW] % slots
    dearest = len(windows.bucket) - 1
    windows.counts[SEARCH] += 1
    start = np.int64(windows.plan[robot, now])
    base = np.int64(_BASE)
    nothing = np.int64(0)
    open_node(windows, nothing, now, start, nothing, np.int64(-1), base)
    cheapest, highest, nodes, last = base, base, np.int64(1), nothing
    while cheapest <= highest:
        node = np.int64(windows.bucket[cheapest])
        if node < 0:
            cheapest += 1
            continue
        windows.bucket[cheapest] = windows.below[node]
        before = np.int64(windows.state[node])
        time = np.int64(windows.time[node])
        slot = (now + time) % slots
        paid = np.int64(windows.cost[node])
        if windows.label[slot, before] & np.int64(65535) != paid:
            continue  # reached for less since
        windows.counts[EXPANDED] += 1
        if time > windows.time[last]:
            last = node
        at_end = time > 0 and costs.ends and to_goal[before] == 0
        if time == slots - 1 or at_end or nodes + 5 > len(windows.state):
            last = node if time == slots - 1 or at_end else last
            break
        next_slot = (slot + 1) % slots
        # The wait goes in first and so comes out last among equals.
        for k in range(5):
            d = np.int64(4 if k == 0 else (k - 1 + robot) & 3)
            after = before if k == 0 else np.int64(successors[before, d])
            if after < 0:
                continue
            still = np.int64(settled + time if settled > 0 else 0)
            cost = paid + _detour(to_goal, before, after, d, still, costs)
            cost += costs.meet * np.int64(windows.used[next_slot, after, AT])
            if d < 4:
                cost += costs.swap * np.int64(windows.used[slot, after, d ^ 2])
            cost = np.int64(min(max(cost, 0), dearest))
            if open_node(windows, nodes, next_slot, after, time + 1, node, cost):
                nodes += 1
                cheapest = min(cheapest, cost)
                highest = max(highest, cost)
    for cost in range(cheapest, highest + 1):
        windows.bucket[cost] = -1
    _write_plan(windows, robot, now, last)


@lean_kernel
def _write_plan(windows, robot, now, last):  # type: ignore[no-untyped-def]
    slots = windows.plan.shape[1]
    windows.length[robot] = windows.time[last]
    node = np.int64(last)
    while node >= 0:
        slot = (now + windows.time[node]) % slots
        windows.plan[robot, slot] = windows.state[node]
        node = np.int64(windows.parent[node])


@lean_kernel
def take_positions(successors, windows, position):  # type: ignore[no-untyped-def]
    """Drop the plans of robots that are not where they planned to be."""
    now = windows.counts[NOW] % windows.plan.shape[1]
    for number in range(len(position)):
        robot = np.int64(number)
        if windows.plan[robot, now] != position[robot]:
            register(successors, windows, robot, np.int64(-1))
            windows.length[robot] = 0
            windows.plan[robot, now] = position[robot]


@lean_kernel
def plan_windows(  # type: ignore[no-untyped-def]
    successors, windows, distances, rows, order, settled, costs, budget
):
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
        row = rows[robot]
        to_goal = distances[row] if row >= 0 else windows.nowhere
        if _keep(successors, windows, to_goal, robot, costs):
            windows.counts[KEPT] += 1
            continue
        register(successors, windows, robot, np.int64(-1))
        _search(successors, windows, to_goal, robot, settled[robot], costs)
        register(successors, windows, robot, np.int64(1))
        windows.counts[SEARCHED] += 1
    return len(order)


@lean_kernel
def next_vertices(windows, preferred):  # type: ignore[no-untyped-def]
    """Write where each plan goes next; -1 where nothing is planned."""
    slots = windows.plan.shape[1]
    slot = (windows.counts[NOW] + 1) % slots
    for robot in range(len(preferred)):
        planned = windows.length[robot] > 0
        preferred[robot] = windows.plan[robot, slot] if planned else -1
