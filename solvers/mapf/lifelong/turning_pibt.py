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

from solvers.kernel import lean_kernel

NOBODY = -1
SEVERAL = -2
PASSIVE_WEIGHT = 1e-6
"""How much the cost of a robot without a goal counts."""


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
    """Robots that give way to each other, first to last.

    ``robots``, ``old``, ``positions`` and ``deltas`` (robots + 1,) are by level:
    who, its choice before, how many choices it has tried, and what the levels above
    cost. By robot: ``on_chain`` (robots,), ``stamps`` (robots,) in which round a robot
    last was on a chain that was kept, ``asked`` (robots, depth) the last push in which
    it was asked to be gone by that step. ``counts`` (2,): pushes so far, and choices
    looked at in this one.
    """

    robots: Any
    old: Any
    positions: Any
    deltas: Any
    on_chain: Any
    stamps: Any
    asked: Any
    counts: Any


def make_plan(robots: int, vertices: int, depth: int) -> Plan:
    """Plan in which nobody has reserved anything."""
    return Plan(
        np.zeros(robots, np.int32),
        np.full((vertices, depth), -1, np.int32),
        np.zeros(robots, np.int32),
        np.full(vertices, -1, np.int32),
        np.zeros(robots),
        np.zeros(robots, np.int32),
    )


def make_chain(robots: int, depth: int) -> Chain:
    """Room for a chain of some robots."""
    lists = [np.zeros(robots + 1, np.int32) for _ in range(3)]
    return Chain(
        lists[0],
        lists[1],
        lists[2],
        np.zeros(robots + 1),
        np.zeros(robots, np.bool_),
        np.zeros(robots, np.int64),
        np.zeros((robots, depth), np.int64),
        np.zeros(2, np.int64),
    )


@lean_kernel
def reserve(choices, plan, robot):  # type: ignore[no-untyped-def]
    """Reserve a robot's chosen operation."""
    path = choices.paths[robot, plan.chosen[robot]]
    for depth in range(len(path)):
        plan.reserved[path[depth], depth] = robot


@lean_kernel
def release(choices, plan, robot):  # type: ignore[no-untyped-def]
    """Give a robot's reservations back."""
    path = choices.paths[robot, plan.chosen[robot]]
    for depth in range(len(path)):
        plan.reserved[path[depth], depth] = NOBODY


@lean_kernel
def holder(choices, plan, robot, choice):  # type: ignore[no-untyped-def]
    """Find who is in the way of a choice, and from which step on.

    Returns
    -------
    robot : int
        One robot, `NOBODY` or `SEVERAL`.
    since : int
        Step of the operation, 0 first.
    """
    path = choices.paths[robot, choice]
    found = NOBODY
    since = 0
    before = plan.vertices[robot]
    for depth in range(len(path)):
        vertex = path[depth]
        other = plan.reserved[vertex, depth]
        if other >= 0 and other != found:
            if found >= 0:
                return SEVERAL, since
            found = other
            since = depth
        if vertex != before:
            # Whoever comes from there to here would swap with the robot.
            if depth == 0:
                other = plan.occupant[vertex]
            else:
                other = plan.reserved[vertex, depth - 1]
            if other >= 0 and other != robot and plan.reserved[before, depth] == other:
                if found >= 0 and found != other:
                    return SEVERAL, since
                if found < 0:
                    since = depth
                found = other
        before = vertex
    return found, since


@lean_kernel
def _undo(choices, plan, chain, level):  # type: ignore[no-untyped-def]
    """Give every robot of a chain its old choice back; the last one holds nothing."""
    for k in range(level):
        release(choices, plan, chain.robots[k])
    for k in range(level + 1):
        robot = chain.robots[k]
        plan.chosen[robot] = chain.old[k]
        chain.on_chain[robot] = False
        reserve(choices, plan, robot)


@lean_kernel
def _begin(choices, plan, chain, level, robot):  # type: ignore[no-untyped-def]
    """Take a robot up as the last of the chain."""
    release(choices, plan, robot)
    chain.robots[level] = robot
    chain.old[level] = plan.chosen[robot]
    chain.positions[level] = 0
    chain.on_chain[robot] = True


@lean_kernel
def _next_choice(  # type: ignore[no-untyped-def]
    choices, plan, chain, level, threshold, by_rank, most_tries
):
    """Find the next choice worth trying for the last robot of a chain.

    A robot without a goal first looks for what is free, whatever it costs: so chains
    end. Nobody is asked twice in one push to be gone by the same step.

    Returns
    -------
    choice : int
        -1 when there is none.
    other : int
        Who has to give way, or `NOBODY`.
    delta : float
        Change of the weighted sum of costs up to here.
    """
    robot = chain.robots[level]
    now = choices.costs[robot, chain.old[level]]
    count = choices.counts[robot]
    passive = plan.weights[robot] <= PASSIVE_WEIGHT
    last = 2 * count if passive else count
    while chain.positions[level] < last:
        position = chain.positions[level]
        chain.positions[level] += 1
        again = position >= count
        k = choices.order[robot, position - count if again else position]
        delta = chain.deltas[level] + plan.weights[robot] * (
            choices.costs[robot, k] - now
        )
        if delta >= threshold:
            # Further choices cost no less.
            chain.positions[level] = count if passive and not again else last
            continue
        chain.counts[1] += 1
        if chain.counts[1] > most_tries:
            break
        other, since = holder(choices, plan, robot, k)
        if other == SEVERAL or (passive and (other < 0) == again):
            continue
        if other >= 0:
            if chain.on_chain[other] or chain.asked[other, since] == chain.counts[0]:
                continue
            if by_rank and plan.ranks[other] < plan.ranks[chain.robots[0]]:
                continue
            chain.asked[other, since] = chain.counts[0]
        return np.int64(k), np.int64(other), delta
    return np.int64(-1), np.int64(NOBODY), 0.0


@lean_kernel
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
        Marks the robots of a chain that is kept, in ``chain.stamps``.
    most_tries : int
        Choices looked at before giving up.

    Returns
    -------
    bool
        Whether the plan has changed.
    """
    level = 0
    chain.counts[0] += 1
    chain.counts[1] = 0
    chain.deltas[0] = 0.0
    _begin(choices, plan, chain, 0, root)
    while level >= 0:
        robot = chain.robots[level]
        k, other, delta = _next_choice(
            choices, plan, chain, level, threshold, by_rank, most_tries
        )
        if chain.counts[1] > most_tries:
            _undo(choices, plan, chain, level)
            return False
        if k < 0:
            # Nothing fits: back to what it was, and the one before tries another.
            chain.on_chain[robot] = False
            plan.chosen[robot] = chain.old[level]
            level -= 1
            if level >= 0:
                release(choices, plan, chain.robots[level])
            reserve(choices, plan, robot)
            continue
        if other >= 0:
            level += 1
            _begin(choices, plan, chain, level, other)
            chain.deltas[level] = delta
        plan.chosen[robot] = k
        reserve(choices, plan, robot)
        if other < 0:
            for back in range(level + 1):
                chain.on_chain[chain.robots[back]] = False
                chain.stamps[chain.robots[back]] = stamp
            return True
    return False


@lean_kernel
def inherit(  # type: ignore[no-untyped-def]
    choices, plan, chain, queue, stamp, most_tries
):
    """Let robots choose in order of priority; whoever gave way has chosen.

    ``stamp``, from 1 on, is another one in every step.
    """
    for position in range(len(queue)):
        robot = queue[position]
        if chain.stamps[robot] != stamp:
            push(choices, plan, chain, robot, np.inf, True, stamp, most_tries)


@lean_kernel
def improve(  # type: ignore[no-untyped-def]
    choices, plan, chain, members, by_rank, most_tries
):
    """Try one chain from each of some robots; how many were kept."""
    kept = 0
    for k in range(len(members)):
        kept += push(choices, plan, chain, members[k], -1e-9, by_rank, 0, most_tries)
    return kept
