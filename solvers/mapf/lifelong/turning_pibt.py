"""Kernels of the turning engine: every robot's operations, and who gives way to whom.

All robots hold one operation each, reserved cell by cell and step by step, and no two
reservations clash; at first the operations of the step before, without their first
action. From there on the plan only gets better, and may be used at any moment.

*Inheritance* (`inherit`): in order of priority, a robot takes the best operation that
is free, or whose single holder of lower priority can take another one, and so on.
*Chains* (`improve`): the same, but a chain of robots that give way is kept only when
it lowers the weighted sum of costs; a branch that cannot is cut off.

Sources: K. Okumura et al., Priority inheritance with backtracking (2022),
doi:10.1016/j.artint.2022.103752; E. Yukhnevich and A. Andreychuk, Enhancing PIBT via
multi-action operations (2025), arXiv:2511.09193. The bound on chains is ours.
"""

from typing import Any, NamedTuple

import numpy as np

from solvers.kernel import kernel
from solvers.mapf.lifelong.turning_distances import STEP_COST

NO_ROOM = 1 << 20
NOBODY = -1
SEVERAL = -2


class Choices(NamedTuple):
    """Operations that each robot can choose among at this step.

    ``paths`` (robots, patterns + 1, depth) int32 vertices after each action,
    ``actions`` same shape int8, ``costs`` (robots, patterns + 1) int32, ``order`` same
    shape int16 (choices by cost), ``counts`` (robots,) int32. Choice 0 is the operation
    inherited from the step before.
    """

    paths: Any
    actions: Any
    costs: Any
    order: Any
    counts: Any


class Plan(NamedTuple):
    """What is chosen: ``chosen`` (robots,) int32 and ``reserved`` (vertices, depth).

    ``vertices`` (robots,) int32 is where robots stand, ``occupant`` (vertices,) int32
    who stands there, ``weights`` (robots,) float64 how much a robot's cost counts,
    ``ranks`` (robots,) int32 the order of priority, 0 first.
    """

    chosen: Any
    reserved: Any
    vertices: Any
    occupant: Any
    weights: Any
    ranks: Any


class Chain(NamedTuple):
    """Robots that give way to each other, first to last; all (robots + 1,)."""

    robots: Any
    old: Any
    positions: Any
    deltas: Any
    on_chain: Any
    stamps: Any


@kernel
def _cost_of(  # type: ignore[no-untyped-def]
    successors, forward_costs, row, goal, start, actions, path
):
    """Follow an operation; its cost and the state it ends in, or -1s when illegal.

    Time and what moves cost beyond it count until the goal is reached.
    """
    vertex, heading = start >> 2, start & 3
    cost = 0
    reached = False
    for depth in range(len(actions)):
        action = actions[depth]
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
        if not reached:
            cost += step
            reached = vertex == goal
    state = 4 * vertex + heading
    if goal < 0:
        return 0, state
    if not reached:
        cost += row[state]
    return cost, state


@kernel
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


@kernel
def _giving_way(vertex, path, room):  # type: ignore[no-untyped-def]
    """Cost of an operation without a goal: stay, else go to where room is near."""
    moves = 0
    for depth in range(len(path)):
        moves += path[depth] != vertex
        vertex = path[depth]
    return 0 if moves == 0 else moves + 2 + 8 * room[vertex]


@kernel
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
    choices : Choices
        Filled, but for choice 0, whose actions are read.
    """
    for robot in range(begin, end):
        row = data[slots[robot]]
        goal, start = goals[robot], states[robot]
        paths, actions = choices.paths[robot], choices.actions[robot]
        costs, order = choices.costs[robot], choices.order[robot]
        costs[0], _ = _cost_of(
            successors, forward_costs, row, goal, start, actions[0], paths[0]
        )
        if goal < 0:
            costs[0] = _giving_way(start >> 2, paths[0], room)
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
            )
            if state < 0:
                continue
            costs[count] = _turn_at_end(
                row, goal, state, actions[count], cost, paths[count]
            )
            if goal < 0:
                costs[count] = _giving_way(start >> 2, paths[count], room)
            count += 1
        for k in range(count):
            place = k
            while place > 0 and costs[order[place - 1]] > costs[k]:
                order[place] = order[place - 1]
                place -= 1
            order[place] = k
        choices.counts[robot] = count


@kernel
def reserve(choices, plan, robot):  # type: ignore[no-untyped-def]
    """Reserve a robot's chosen operation."""
    path = choices.paths[robot, plan.chosen[robot]]
    for depth in range(len(path)):
        plan.reserved[path[depth], depth] = robot


@kernel
def release(choices, plan, robot):  # type: ignore[no-untyped-def]
    """Give a robot's reservations back."""
    path = choices.paths[robot, plan.chosen[robot]]
    for depth in range(len(path)):
        plan.reserved[path[depth], depth] = NOBODY


@kernel
def holder(choices, plan, robot, choice):  # type: ignore[no-untyped-def]
    """Find who is in the way of a choice: one robot, `NOBODY` or `SEVERAL`."""
    path = choices.paths[robot, choice]
    found = NOBODY
    before = plan.vertices[robot]
    for depth in range(len(path)):
        vertex = path[depth]
        other = plan.reserved[vertex, depth]
        if other >= 0:
            if found >= 0 and found != other:
                return SEVERAL
            found = other
        if vertex != before:
            # Whoever comes from there to here would swap with the robot.
            if depth == 0:
                other = plan.occupant[vertex]
            else:
                other = plan.reserved[vertex, depth - 1]
            if other >= 0 and other != robot and plan.reserved[before, depth] == other:
                if found >= 0 and found != other:
                    return SEVERAL
                found = other
        before = vertex
    return found


@kernel
def _undo(choices, plan, chain, level):  # type: ignore[no-untyped-def]
    """Give every robot of a chain its old choice back; the last one holds nothing."""
    for k in range(level):
        release(choices, plan, chain.robots[k])
    for k in range(level + 1):
        robot = chain.robots[k]
        plan.chosen[robot] = chain.old[k]
        chain.on_chain[robot] = False
        reserve(choices, plan, robot)


@kernel
def _begin(choices, plan, chain, level, robot):  # type: ignore[no-untyped-def]
    """Take a robot up as the last of the chain."""
    release(choices, plan, robot)
    chain.robots[level] = robot
    chain.old[level] = plan.chosen[robot]
    chain.positions[level] = 0
    chain.on_chain[robot] = True


@kernel
def push(  # type: ignore[no-untyped-def]
    choices, plan, chain, root, threshold, by_rank, stamp, most_tries
):
    """Let a robot take the best choice it can get; others give way one by one.

    Parameters
    ----------
    threshold : float
        A chain is kept when it changes the weighted sum of costs by less; a branch is
        cut off once it cannot.
    by_rank : bool
        Whether only robots of lower priority than the root's give way.
    stamp : int
        Marks the robots that were asked, in ``chain.stamps``.
    most_tries : int
        Choices looked at before giving up.

    Returns
    -------
    bool
        Whether the plan has changed.
    """
    level = 0
    tries = 0
    chain.deltas[0] = 0.0
    _begin(choices, plan, chain, 0, root)
    chain.stamps[root] = stamp
    while level >= 0:
        robot = chain.robots[level]
        now = choices.costs[robot, chain.old[level]]
        deeper = False
        while chain.positions[level] < choices.counts[robot]:
            k = choices.order[robot, chain.positions[level]]
            chain.positions[level] += 1
            delta = chain.deltas[level] + plan.weights[robot] * (
                choices.costs[robot, k] - now
            )
            if delta >= threshold:
                break  # further choices cost no less
            tries += 1
            if tries > most_tries:
                _undo(choices, plan, chain, level)
                return False
            other = holder(choices, plan, robot, k)
            if other == SEVERAL:
                continue
            if other >= 0:
                if chain.on_chain[other]:
                    continue
                if by_rank and plan.ranks[other] < plan.ranks[root]:
                    continue
                chain.stamps[other] = stamp
                level += 1
                _begin(choices, plan, chain, level, other)
                chain.deltas[level] = delta
                plan.chosen[robot] = k
                reserve(choices, plan, robot)
                deeper = True
                break
            plan.chosen[robot] = k
            reserve(choices, plan, robot)
            for back in range(level + 1):
                chain.on_chain[chain.robots[back]] = False
            return True
        if deeper:
            continue
        # Nothing fits: back to what it was, and the one before tries another.
        chain.on_chain[robot] = False
        plan.chosen[robot] = chain.old[level]
        level -= 1
        if level >= 0:
            release(choices, plan, chain.robots[level])
        reserve(choices, plan, robot)
    return False


@kernel
def inherit(  # type: ignore[no-untyped-def]
    choices, plan, chain, queue, stamp, most_tries
):
    """Let robots choose in order of priority; whoever gave way has chosen."""
    for position in range(len(queue)):
        robot = queue[position]
        if chain.stamps[robot] != stamp:
            push(choices, plan, chain, robot, np.inf, True, stamp, most_tries)


@kernel
def improve(  # type: ignore[no-untyped-def]
    choices, plan, chain, members, by_rank, stamp, most_tries
):
    """Try one chain from each of some robots; how many were kept."""
    kept = 0
    for k in range(len(members)):
        kept += push(
            choices,
            plan,
            chain,
            members[k],
            -1e-9,
            by_rank,
            stamp + k,
            most_tries,
        )
    return kept
