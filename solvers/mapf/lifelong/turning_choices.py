"""Kernels that list what every turning robot can do, and what it costs.

A robot chooses among the operation it inherited from the step before, one operation
per pattern, and the beginning of what it planned in its window, which counts as a
little better than the best of the others.
"""

from typing import Any, NamedTuple

import numpy as np

from solvers.kernel import kernel, lean_kernel
from solvers.mapf.lifelong.turning_distances import STEP_COST
from solvers.mapf.lifelong.turning_windows import first_actions

NO_ROOM = 1 << 20


class Choices(NamedTuple):
    """Operations that each robot can choose among at this step.

    ``paths`` (robots, patterns + 2, depth) int32 vertices after each action,
    ``actions`` same shape int8, ``costs`` (robots, patterns + 2) int32, ``order`` same
    shape int16 (choices by cost), ``counts`` (robots,) int32. Choice 0 is the operation
    inherited from the step before.
    """

    paths: Any
    actions: Any
    costs: Any
    order: Any
    counts: Any


def make_choices(robots: int, count: int, depth: int) -> Choices:
    """Room for so many operations of some robots."""
    return Choices(
        np.zeros((robots, count + 2, depth), np.int32),
        np.zeros((robots, count + 2, depth), np.int8),
        np.zeros((robots, count + 2), np.int32),
        np.zeros((robots, count + 2), np.int16),
        np.zeros(robots, np.int32),
    )


@lean_kernel
def _cost_of(  # type: ignore[no-untyped-def]
    successors, forward_costs, row, goal, start, actions, path, stays
):
    """Follow an operation; its cost and the state it ends in, or -1s when illegal.

    Time and what moves cost beyond it count until the goal is reached; for who
    ``stays`` there, whenever it is not on its goal.
    """
    vertex, heading = start >> 2, start & 3
    cost = 0
    reached = False
    for depth in range(len(actions)):
        action = actions[depth]
        before = vertex
        step = STEP_COST
        if action == 1:
            after = successors[vertex, heading]
            if after < 0:
                return -1, -1
            step = np.int64(forward_costs[vertex, heading])
            vertex = after
        elif action == 2:
            heading = (heading + 1) & 3
        elif action == 3:
            heading = (heading + 3) & 3
        path[depth] = vertex
        if stays:
            reached = vertex == goal and before == goal
        if not reached:
            cost += step
        if not stays:
            reached |= vertex == goal
    state = 4 * vertex + heading
    if goal < 0:
        return 0, state
    if stays or not reached:
        cost += row[state]
    return cost, state


@lean_kernel
def _turn_at_end(  # type: ignore[no-untyped-def]
    row, goal, state, actions, cost, path
):
    """Put the best turns into the waits at the end of an operation; the new cost."""
    depth = len(actions)
    idle = 0
    while idle < depth and actions[depth - 1 - idle] == 0:
        idle += 1
    if idle == 0 or goal < 0:
        return cost
    for d in range(depth):
        if path[d] == goal:
            return cost
    vertex, heading = state >> 2, state & 3
    least, best = row[state], 0
    for turn in range(1, 4):
        if turn == 2 and idle < 2:
            continue
        there = row[4 * vertex + ((heading + turn) & 3)]
        if there < least:
            least, best = there, turn
    if best == 1:
        actions[depth - idle] = 2
    elif best == 3:
        actions[depth - idle] = 3
    elif best == 2:
        actions[depth - idle] = 2
        actions[depth - idle + 1] = 2
    return cost - row[state] + least


@lean_kernel
def _giving_way(vertex, path, room, in_the_way):  # type: ignore[no-untyped-def]
    """Cost of an operation without a goal: stay, else go to where room is near.

    In a dead end that others want into, above all go out.
    """
    moves = 0
    for depth in range(len(path)):
        moves += path[depth] != vertex
        vertex = path[depth]
    cost = 32 * in_the_way[vertex]
    return cost if moves == 0 else cost + moves + 2 + 8 * room[vertex]


@lean_kernel
def find_room(successors, occupant, room, queue):  # type: ignore[no-untyped-def]
    """Fill ``room`` (vertices,) with the moves from each vertex to the next empty one.

    ``queue`` (vertices,) int32 is room to work in. Moves are taken both ways.
    """
    count = 0
    for vertex in range(len(room)):
        room[vertex] = NO_ROOM
        if occupant[vertex] < 0:
            room[vertex] = 0
            queue[count] = vertex
            count += 1
    position = 0
    while position < count:
        vertex = queue[position]
        position += 1
        for d in range(4):
            after = successors[vertex, d]
            if after >= 0 and room[after] == NO_ROOM:
                room[after] = room[vertex] + 1
                queue[count] = after
                count += 1


@lean_kernel
def _sort_choices(costs, order, count):  # type: ignore[no-untyped-def]
    """Sort by cost; equal ones keep their order."""
    for k in range(count):
        place = k
        while place > 0 and costs[order[place - 1]] > costs[k]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = k


@kernel
def weigh(  # type: ignore[no-untyped-def]
    successors,
    forward_costs,
    data,
    slots,
    goals,
    states,
    patterns,
    room,
    in_the_way,
    stays,
    windows,
    choices,
    begin,
    end,
):
    """List what robots begin..end - 1 can do, by cost.

    Parameters
    ----------
    successors : ndarray of int32, shape (vertices, 4)
    forward_costs : ndarray of uint8, shape (vertices, 4)
    data : ndarray of int16, shape (rows, 4 * vertices)
    slots : ndarray of int64, shape (robots,)
        Row of each robot's goal.
    goals, states : ndarray of int32, shape (robots,)
        Goal vertex, -1 for a robot without one; vertex and heading now.
    patterns : ndarray of int8, shape (patterns, depth)
    room : ndarray of int32, shape (vertices,)
        From `find_room`.
    in_the_way : ndarray of int32, shape (vertices,)
        Steps to go out of a dead end that others want into.
    windows : Windows
    choices : Choices
        Filled, but for choice 0, whose actions are read.
    """
    for robot in range(begin, end):
        row = data[slots[robot]]
        goal, start = goals[robot], states[robot]
        paths, actions = choices.paths[robot], choices.actions[robot]
        costs, order = choices.costs[robot], choices.order[robot]
        costs[0], _ = _cost_of(
            successors, forward_costs, row, goal, start, actions[0], paths[0], stays
        )
        if goal < 0:
            costs[0] = _giving_way(start >> 2, paths[0], room, in_the_way)
        count = 1
        for p in range(len(patterns)):
            actions[count] = patterns[p]
            cost, state = _cost_of(
                successors,
                forward_costs,
                row,
                goal,
                start,
                actions[count],
                paths[count],
                stays,
            )
            if state < 0:
                continue
            costs[count] = _turn_at_end(
                row, goal, state, actions[count], cost, paths[count]
            )
            if goal < 0:
                costs[count] = _giving_way(start >> 2, paths[count], room, in_the_way)
            count += 1
        if first_actions(windows, robot, actions[count]):
            _cost_of(
                successors,
                forward_costs,
                row,
                goal,
                start,
                actions[count],
                paths[count],
                stays,
            )
            costs[count] = np.min(costs[:count]) - STEP_COST
            count += 1
        _sort_choices(costs, order, count)
        choices.counts[robot] = count
