"""PIBT: priority inheritance with backtracking, as numba kernels.

Okumura, Machida, Defago, Tamura (2022), doi:10.1016/j.artint.2022.103752; the swap
operation that frees dead ends is from Okumura (2023), LaCAM*, arXiv:2305.03632.
What we changed: robots in service are walls for the step; robots swap in dead ends
only, so that elsewhere PIBT's promise to the most urgent robot holds; of two that want
one cell the pushed one backs away; turning robots move only into cells that are left
in the same step; and the recursion is an explicit stack.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel, lean_kernel
from solvers.mapf.moves import leads
from solvers.mapf.priorities import sort_by_priority
from solvers.random_words import random_word
from warehouse.distances import UNREACHABLE

NOBODY = -1
TURNS = np.array([0, 1, 2, 1], np.int64)
"""Quarter turns from one heading to another, by difference of headings mod 4."""


class Team(NamedTuple):
    """State of all robots, arrays of length robots unless said otherwise.

    ``here`` and ``there`` map a cell to the robot on it now and after the step,
    both of length cells; ``key`` and ``choice`` have shape (robots, 5).
    """

    position: NDArray[np.int32]
    heading: NDArray[np.uint8]
    goal: NDArray[np.int32]
    goal_row: NDArray[np.int32]  # row of the distance table for the goal
    serving: NDArray[np.bool_]  # stands for a service: does not move
    priority: NDArray[np.float64]  # below 1 for those that have nothing to do
    by_priority: NDArray[np.int32]  # robots, most urgent first
    target: NDArray[np.int32]  # cell after the step
    here: NDArray[np.int32]
    there: NDArray[np.int32]
    key: NDArray[np.int64]
    choice: NDArray[np.int32]
    choices: NDArray[np.int32]  # how many choices a robot has
    tried: NDArray[np.int32]  # how many of them were tried
    partner: NDArray[np.int32]  # robot to swap places with, or NOBODY
    stack: NDArray[np.int32]
    random: NDArray[np.uint64]  # state of the generator, length 1


MOVED, FINISHED = 0, 1


class Errands(NamedTuple):
    """What each robot has to do; arrays of shape (robots,) or (robots, stops)."""

    cell: NDArray[np.int32]  # (robots, stops): where to stand
    row: NDArray[np.int32]  # (robots, stops): its row of the distance table
    steps: NDArray[np.int32]  # (robots, stops): how long
    start: NDArray[np.int32]  # (robots, stops): when the service began
    end: NDArray[np.int32]  # (robots, stops): when it was over
    listed: NDArray[np.int32]  # number of stops
    done: NDArray[np.int32]  # how many of them are served
    until: NDArray[np.int32]  # end of the running service
    nearest: NDArray[np.int32]  # least distance to the present goal so far
    waited: NDArray[np.int32]  # steps since that distance last fell
    detour: NDArray[np.bool_]  # on an escape, away from the real goal
    escapes: NDArray[np.int64]  # length 1: how many were needed


@lean_kernel
def _next_in_corridor(successors, team, ahead, behind):  # type: ignore[no-untyped-def]
    """Count the ways on from ``ahead`` but back, and one of them.

    Dead ends whose robot is at its goal do not count as a way on.
    """
    ways = 0
    onward = -1
    for d in range(4):
        cell = successors[ahead, d]
        if cell < 0 or cell == behind:
            continue
        exits = 0
        for e in range(4):
            if successors[cell, e] >= 0:
                exits += 1
        robot = team.here[cell]
        if exits == 1 and robot != NOBODY and team.goal[robot] == cell:
            continue
        ways += 1
        onward = cell
    return ways, onward


@lean_kernel
def _swap_is_required(  # type: ignore[no-untyped-def]
    successors, distance, team, pusher, puller, behind, ahead
):
    """Whether the pusher can only pass by exchanging places with the puller.

    So it is in a dead end. Elsewhere pushing is enough, and backing away would give
    up what the most urgent robot is promised: to come nearer at every step.
    """
    to_push = distance[team.goal_row[pusher]]
    to_pull = distance[team.goal_row[puller]]
    if to_push[ahead] >= to_push[behind]:
        return False
    wants_out = to_pull[behind] < to_pull[ahead]
    if not wants_out and team.priority[pusher] < team.priority[puller]:
        return False
    origin = behind
    robots = 0
    while ahead != origin:
        robots += team.here[ahead] != NOBODY
        ways, onward = _next_in_corridor(successors, team, ahead, behind)
        if ways == 0:
            # Beyond the pusher's goal there is room for some that are in its way.
            return wants_out or robots > to_push[ahead]
        if ways >= 2:
            return False
        behind, ahead = ahead, onward
    return False


@lean_kernel
def _swap_is_possible(successors, team, behind, ahead):  # type: ignore[no-untyped-def]
    """Whether walking on from ``ahead`` comes to a junction where two can pass."""
    origin = behind
    while ahead != origin:
        ways, onward = _next_in_corridor(successors, team, ahead, behind)
        if ways >= 2:
            return True
        if ways == 0:
            return False
        behind, ahead = ahead, onward
    return False


@lean_kernel
def _swap_partner(successors, distance, team, robot):  # type: ignore[no-untyped-def]
    """Return the robot that ``robot`` has to exchange places with, or NOBODY."""
    cell = team.position[robot]
    wanted = team.choice[robot, 0]
    if wanted == cell:
        return NOBODY
    other = team.here[wanted]
    if (
        other != NOBODY
        and team.target[other] < 0
        and leads(successors, wanted, cell)
        and _swap_is_required(successors, distance, team, robot, other, cell, wanted)
        and _swap_is_possible(successors, team, wanted, cell)
    ):
        return other
    # Someone behind may need this robot to go on and make room ("clear").
    for d in range(4):
        near = successors[cell, d]
        if near < 0 or near == wanted:
            continue
        other = team.here[near]
        if (
            other != NOBODY
            and team.target[other] < 0
            and leads(successors, near, cell)
            and _swap_is_required(
                successors, distance, team, other, robot, cell, wanted
            )
            and _swap_is_possible(successors, team, wanted, cell)
        ):
            return other
    return NOBODY


@lean_kernel
def _sort_choices(  # type: ignore[no-untyped-def]
    successors, to_goal, team, robot, turning, sign, returning
):
    """Sort the cells a robot may go to: nearest to a goal first, or farthest.

    Who is ``returning`` avoids cells from which no move leads straight back.
    """
    cell = team.position[robot]
    heading = np.int64(team.heading[robot])
    n = 0
    for d in range(5):
        near = cell if d == 4 else successors[cell, d]
        if near < 0:
            continue
        key = sign * np.int64(to_goal[near]) * 8
        if turning and d < 4:
            key += 2 * TURNS[(d - heading) % 4]
        if team.here[near] != NOBODY and near != cell:
            key += sign
        if returning and near != cell and not leads(successors, near, cell):
            key += 8 * UNREACHABLE
        key = key * 512 + np.int64(random_word(team.random) >> np.uint64(55))
        k = n
        while k > 0 and team.key[robot, k - 1] > key:
            team.key[robot, k] = team.key[robot, k - 1]
            team.choice[robot, k] = team.choice[robot, k - 1]
            k -= 1
        team.key[robot, k] = key
        team.choice[robot, k] = near
        n += 1
    team.choices[robot] = n
    team.tried[robot] = 0


@lean_kernel
def _list_choices(successors, distance, team, robot, turning, pusher):  # type: ignore[no-untyped-def]
    """List what a robot may do next, pushed by another or by ``NOBODY``.

    Who has to exchange places backs away. So does who is pushed and has nothing to do
    or wants the same cell: on its own way it would soon be in the way again.
    """
    if pusher != NOBODY and (
        team.priority[robot] < 1.0 or team.goal[pusher] == team.goal[robot]
    ):
        to_avoid = distance[team.goal_row[pusher]]
        _sort_choices(successors, to_avoid, team, robot, turning, -1, False)
        team.partner[robot] = NOBODY
        return
    to_goal = distance[team.goal_row[robot]]
    _sort_choices(successors, to_goal, team, robot, turning, 1, False)
    team.partner[robot] = _swap_partner(successors, distance, team, robot)
    if team.partner[robot] != NOBODY:
        _sort_choices(successors, to_goal, team, robot, turning, -1, True)


@lean_kernel
def _push(successors, distance, team, robot, turning):  # type: ignore[no-untyped-def]
    """Give a robot its next cell, moving others out of the way (funcPIBT)."""
    _list_choices(successors, distance, team, robot, turning, NOBODY)
    team.stack[0] = robot
    depth = 1
    while depth > 0:
        robot = team.stack[depth - 1]
        cell = team.position[robot]
        if team.tried[robot] == team.choices[robot]:
            # No way out: stay, and let the one who pushed try its next choice.
            team.target[robot] = cell
            team.there[cell] = robot
            depth -= 1
            continue
        wanted = team.choice[robot, team.tried[robot]]
        team.tried[robot] += 1
        if team.there[wanted] != NOBODY:
            continue
        other = team.here[wanted]
        if other != NOBODY and other != robot and team.target[other] == cell:
            continue
        team.there[wanted] = robot
        team.target[robot] = wanted
        if other != NOBODY and other != robot and team.target[other] < 0:
            _list_choices(successors, distance, team, other, turning, robot)
            team.stack[depth] = other
            depth += 1
            continue
        # Success for the whole chain of pushed robots.
        while depth > 0:
            depth -= 1
            robot = team.stack[depth]
            cell = team.position[robot]
            partner = team.partner[robot]
            if (
                partner != NOBODY
                and team.tried[robot] == 1
                and team.target[partner] < 0
                and team.there[cell] == NOBODY
            ):
                team.target[partner] = cell
                team.there[cell] = partner
            else:
                team.partner[robot] = NOBODY


@lean_kernel
def _hold_back_turning(successors, team):  # type: ignore[no-untyped-def]
    """Let turning robots drive only forward and only into cells that empty.

    Who must turn first stays; whoever wanted its cell stays too, and so on. Two that
    exchange places wait for each other: apart, they would forget what they were at.
    Headings are turned here.
    """
    depth = 0
    for robot in range(len(team.position)):
        cell = team.position[robot]
        target = team.target[robot]
        partner = team.partner[robot]
        if (
            target != cell
            and partner != NOBODY
            and successors[cell, team.heading[robot]] == target
            and successors[team.position[partner], team.heading[partner]] != cell
        ):
            team.stack[depth] = robot
            depth += 1
    for robot in range(len(team.position)):
        cell = team.position[robot]
        target = team.target[robot]
        heading = np.int64(team.heading[robot])
        if target == cell or successors[cell, heading] == target:
            continue
        left = (heading + 3) % 4
        to_left = successors[cell, left] == target
        team.heading[robot] = left if to_left else (heading + 1) % 4
        team.stack[depth] = robot
        depth += 1
    while depth > 0:
        depth -= 1
        robot = team.stack[depth]
        cell = team.position[robot]
        target = team.target[robot]
        if team.there[target] == robot:
            team.there[target] = NOBODY
        team.target[robot] = cell
        follower = team.there[cell]
        team.there[cell] = robot
        if follower != NOBODY and follower != robot:
            team.stack[depth] = follower
            depth += 1


@lean_kernel
def step(successors, distance, team, turning):  # type: ignore[no-untyped-def]
    """Move every robot by one timestep.

    Parameters
    ----------
    successors : ndarray of int32, shape (cells, 4)
    distance : ndarray of int16, shape (goals, cells)
        Steps from each cell to a goal; ``team.goal_row`` names the rows.
    team : Team
        ``position`` and ``heading`` are changed; ``here`` is kept up to date.
    turning : bool
        Whether robots drive forward and turn in place.
    """
    robots = len(team.position)
    sort_by_priority(team.by_priority, team.priority)
    for robot in range(robots):
        team.partner[robot] = NOBODY
        if team.serving[robot]:
            team.target[robot] = team.position[robot]
            team.there[team.position[robot]] = robot
        else:
            team.target[robot] = -1
    for k in range(robots):
        robot = team.by_priority[k]
        if team.target[robot] < 0:
            _push(successors, distance, team, robot, turning)
    if turning:
        _hold_back_turning(successors, team)
    for robot in range(robots):
        team.here[team.position[robot]] = NOBODY
    for robot in range(robots):
        cell = team.target[robot]
        team.position[robot] = cell
        team.there[cell] = NOBODY
        team.here[cell] = robot


@lean_kernel
def _begin_and_end_services(team, errands, t):  # type: ignore[no-untyped-def]
    """Let services begin and end at timestep t; count robots whose list ended."""
    finished = 0
    for robot in range(len(team.position)):
        while errands.done[robot] < errands.listed[robot]:
            k = errands.done[robot]
            if not team.serving[robot]:
                if errands.detour[robot] or (
                    team.position[robot] != errands.cell[robot, k]
                ):
                    break
                team.serving[robot] = True
                errands.start[robot, k] = t
                errands.until[robot] = t + errands.steps[robot, k]
            if t < errands.until[robot]:
                break
            team.serving[robot] = False
            errands.end[robot, k] = t
            errands.done[robot] += 1
            team.priority[robot] = 1.0 + robot * 1e-6
            errands.nearest[robot] = UNREACHABLE
            errands.waited[robot] = 0
            if errands.done[robot] < errands.listed[robot]:
                team.goal[robot] = errands.cell[robot, k + 1]
                team.goal_row[robot] = errands.row[robot, k + 1]
            else:
                finished += 1
    return finished


@lean_kernel
def _watch_progress(distance, team, errands, patience, goal_of_row, rows):  # type: ignore[no-untyped-def]
    """Raise priorities; send a robot that gets no nearer on a short detour."""
    for robot in range(len(team.position)):
        if team.serving[robot]:
            continue
        if errands.done[robot] == errands.listed[robot]:
            continue
        team.priority[robot] += 1.0
        left = distance[team.goal_row[robot], team.position[robot]]
        if left < errands.nearest[robot]:
            errands.nearest[robot] = left
            errands.waited[robot] = 0
        else:
            errands.waited[robot] += 1
        k = errands.done[robot]
        over = errands.waited[robot] > patience
        if errands.detour[robot]:
            if left == 0 or errands.waited[robot] > patience // 4:
                errands.detour[robot] = False
                team.goal[robot] = errands.cell[robot, k]
                team.goal_row[robot] = errands.row[robot, k]
                errands.nearest[robot] = UNREACHABLE
                errands.waited[robot] = 0
        elif over:
            x = team.random[0]
            x ^= x << np.uint64(13)
            x ^= x >> np.uint64(7)
            x ^= x << np.uint64(17)
            team.random[0] = x
            row = np.int32(x % np.uint64(rows))
            errands.detour[robot] = True
            errands.escapes[0] += 1
            team.goal[robot] = goal_of_row[row]
            team.goal_row[robot] = row
            errands.nearest[robot] = UNREACHABLE
            errands.waited[robot] = 0


@kernel
def advance(  # type: ignore[no-untyped-def]
    successors,
    distance,
    team,
    errands,
    t,
    history,
    headings,
    turning,
    patience,
    goal_of_row,
):
    """Run until a robot's list ends or the history is full; return status, t."""
    last = len(history) - 1
    while True:
        if _begin_and_end_services(team, errands, t) > 0:
            return FINISHED, t
        if t == last:
            return MOVED, t
        step(successors, distance, team, turning)
        t += 1
        history[t] = team.position
        if turning:
            headings[t] = team.heading
        _watch_progress(
            distance, team, errands, patience, goal_of_row, len(goal_of_row)
        )
