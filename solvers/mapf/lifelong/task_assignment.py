"""Kernels that choose which robot takes which task of a pool."""

import numpy as np

from solvers.kernel import kernel, lean_kernel
from solvers.mapf.lifelong.turning_distances import UNREACHABLE

NEVER = 1 << 30
"""Cost of a task that a robot cannot reach."""


@lean_kernel
def task_costs(  # type: ignore[no-untyped-def]
    data, slots, states, lengths, approach_weight, costs
):
    """Weigh every robot with every task: the way to its first errand, then its length.

    Parameters
    ----------
    data : ndarray of int16, shape (rows, states)
        Distances to goals.
    slots : ndarray of int64, shape (tasks,)
        Row of each task's first errand.
    states : ndarray of int32, shape (robots,)
    lengths : ndarray of int32, shape (tasks,)
        Length of each task from its first errand to its last.
    costs : ndarray of int32, shape (robots, tasks)
        Filled.
    """
    for j in range(len(slots)):
        row = data[slots[j]]
        for i in range(len(states)):
            way = np.int64(row[states[i]])
            if way >= UNREACHABLE:
                costs[i, j] = NEVER
            else:
                costs[i, j] = approach_weight * way + lengths[j]


@lean_kernel
def _best_task(costs, i, taken):  # type: ignore[no-untyped-def]
    best, least = -1, NEVER
    for j in range(costs.shape[1]):
        if not taken[j] and costs[i, j] < least:
            best, least = j, costs[i, j]
    return best


@kernel
def assign_cheapest(costs, most, task_of, taken):  # type: ignore[no-untyped-def]
    """Take the cheapest pair of robot and task again and again, ``most`` times.

    ``task_of`` (robots,) int32 is filled with columns or -1, ``taken`` (tasks,) bool.
    """
    robots = costs.shape[0]
    best = np.empty(robots, np.int32)
    task_of[:] = -1
    taken[:] = False
    for i in range(robots):
        best[i] = _best_task(costs, i, taken)
    for _ in range(min(most, robots)):
        robot, least = -1, NEVER
        for i in range(robots):
            if task_of[i] < 0 and best[i] >= 0:
                if taken[best[i]]:
                    best[i] = _best_task(costs, i, taken)
                    if best[i] < 0:
                        continue
                if costs[i, best[i]] < least:
                    robot, least = i, costs[i, best[i]]
        if robot < 0:
            break
        task_of[robot] = best[robot]
        taken[best[robot]] = True


@lean_kernel
def swap_tasks(costs, task_of, taken, rounds):  # type: ignore[no-untyped-def]
    """Let robots swap tasks, hand them to idle robots or take free ones when cheaper.

    Stops when nothing gets better or after some rounds.
    """
    robots, tasks = costs.shape
    for _ in range(rounds):
        better = False
        for i in range(robots):
            mine = task_of[i]
            if mine < 0:
                continue
            for j in range(tasks):
                if not taken[j] and costs[i, j] < costs[i, task_of[i]]:
                    taken[task_of[i]] = False
                    taken[j] = True
                    task_of[i] = j
                    better = True
            for other in range(robots):
                theirs, mine = task_of[other], task_of[i]
                if other == i:
                    continue
                if theirs < 0:
                    if costs[other, mine] < costs[i, mine]:
                        task_of[other], task_of[i] = mine, -1
                        better = True
                        break
                elif (
                    costs[i, theirs] + costs[other, mine]
                    < costs[i, mine] + costs[other, theirs]
                ):
                    task_of[i], task_of[other] = theirs, mine
                    better = True
        if not better:
            break
