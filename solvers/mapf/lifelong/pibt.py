"""PIBT for lifelong motion on a floor whose moves have costs, as numba kernels.

Okumura, Machida, Defago, Tamura (2022), doi:10.1016/j.artint.2022.103752. What we
changed: a robot goes where the cost of the move and of the way from there are least,
so that lanes are kept to; robots without a goal stay if they can, leave a dead end that
others want into, and else go where nobody is; the recursion is an explicit stack.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel, lean_kernel
from solvers.mapf.lifelong.pockets import DeadEnds, in_the_way
from solvers.mapf.lifelong.swap import NO_GOAL, NOBODY, swap_partner
from solvers.mapf.priorities import sort_by_priority
from solvers.random_words import first_state, random_word


class Team(NamedTuple):
    """State of all robots; arrays of length robots unless said otherwise.

    ``here`` and ``there`` map a vertex to the robot on it before and after the step.
    """

    position: NDArray[np.int32]
    row: NDArray[np.int32]  # row of the distances for the goal, or NO_GOAL
    priority: NDArray[np.int64]
    waited: NDArray[np.int64]  # timesteps on the way to the goal
    order: NDArray[np.int32]  # robots, most urgent first
    target: NDArray[np.int32]  # vertex after the step
    here: NDArray[np.int32]  # (vertices,)
    there: NDArray[np.int32]  # (vertices,)
    key: NDArray[np.int64]  # (robots, 5): what the choices are sorted by
    choice: NDArray[np.int32]  # (robots, 5)
    choices: NDArray[np.int32]  # how many choices a robot has
    tried: NDArray[np.int32]  # how many of them were tried
    stack: NDArray[np.int32]
    preferred: NDArray[np.int32]  # vertex to try first, or -1
    partner: NDArray[np.int32]  # robot to swap places with, or NOBODY
    random: NDArray[np.uint64]  # state of the generator, length 1
    ends: DeadEnds


def make_team(
    starts: NDArray[np.int32],
    vertices: int,
    seed: int,
    ends: DeadEnds | None = None,
) -> Team:
    """Robots on their starts, without goals; on a floor without dead ends if not given.

    Whoever has to come out of a dead end going first makes windows better, but locks
    PIBT alone up: there, robots exchange places instead.
    """
    robots = len(starts)
    if ends is None:
        depth, name = np.zeros(vertices, np.int32), np.full(vertices, -1, np.int32)
        ends = DeadEnds(depth, name, depth)
    here = np.full(vertices, NOBODY, np.int32)
    here[starts] = np.arange(robots, dtype=np.int32)
    return Team(
        position=starts.astype(np.int32),
        row=np.full(robots, NO_GOAL, np.int32),
        priority=np.zeros(robots, np.int64),
        waited=np.zeros(robots, np.int64),
        order=np.arange(robots, dtype=np.int32),
        target=np.full(robots, -1, np.int32),
        here=here,
        there=np.full(vertices, NOBODY, np.int32),
        key=np.zeros((robots, 5), np.int64),
        choice=np.zeros((robots, 5), np.int32),
        choices=np.zeros(robots, np.int32),
        tried=np.zeros(robots, np.int32),
        stack=np.zeros(robots + 1, np.int32),
        preferred=np.full(robots, -1, np.int32),
        partner=np.full(robots, NOBODY, np.int32),
        random=first_state(seed),
        ends=ends._replace(wanted=np.zeros(vertices, np.int32)),
    )


@lean_kernel
def _twelve_bits(state: NDArray[np.uint64]) -> np.int64:
    return np.int64(random_word(state) >> np.uint64(52))


@lean_kernel
def _list_choices(successors, costs, wait_cost, distances, team, robot):  # type: ignore[no-untyped-def]
    """Sort where a robot may go: cheapest way to the goal first, free vertices first.

    Ties fall at random.
    """
    vertex = team.position[robot]
    row = team.row[robot]
    crowded = False
    n = 0
    for d in range(5):
        after = vertex if d == 4 else successors[vertex, d]
        if after < 0:
            continue
        if row == NO_GOAL:
            key = 2 * in_the_way(team.ends, after) + np.int64(d < 4)
        elif d == 4:
            key = np.int64(distances[row, vertex]) + wait_cost
        else:
            key = np.int64(distances[row, after]) + np.int64(costs[vertex, d])
        key *= 2
        if d < 4 and team.here[after] != NOBODY:
            key += 1
            crowded = True
        key = key * 4096 + _twelve_bits(team.random)
        if after == team.preferred[robot] and (
            row != NO_GOAL
            or (in_the_way(team.ends, vertex) + in_the_way(team.ends, after) == 0)
        ):
            key = np.int64(-1)
        k = n
        while k > 0 and team.key[robot, k - 1] > key:
            team.key[robot, k] = team.key[robot, k - 1]
            team.choice[robot, k] = team.choice[robot, k - 1]
            k -= 1
        team.key[robot, k] = key
        team.choice[robot, k] = after
        n += 1
    team.choices[robot] = n
    team.tried[robot] = 0
    team.partner[robot] = NOBODY
    if row == NO_GOAL or not crowded or _twelve_bits(team.random) & 3 == 0:
        return
    partner = swap_partner(
        successors,
        distances,
        team.here,
        team.row,
        team.target,
        robot,
        vertex,
        team.choice[robot, 0],
    )
    if partner != NOBODY:
        for k in range(n // 2):
            swapped = team.choice[robot, k]
            team.choice[robot, k] = team.choice[robot, n - 1 - k]
            team.choice[robot, n - 1 - k] = swapped
        team.partner[robot] = partner


@lean_kernel
def _push(successors, costs, wait_cost, distances, team, robot):  # type: ignore[no-untyped-def]
    """Give a robot its next vertex, moving others out of the way (funcPIBT)."""
    _list_choices(successors, costs, wait_cost, distances, team, robot)
    team.stack[0] = robot
    depth = 1
    while depth > 0:
        robot = team.stack[depth - 1]
        vertex = team.position[robot]
        if team.tried[robot] == team.choices[robot]:
            # No way out: stay, and let the one who pushed try its next choice.
            team.target[robot] = vertex
            team.there[vertex] = robot
            depth -= 1
            continue
        wanted = team.choice[robot, team.tried[robot]]
        team.tried[robot] += 1
        if team.there[wanted] != NOBODY:
            continue
        other = team.here[wanted]
        if other != NOBODY and other != robot and team.target[other] == vertex:
            continue
        team.there[wanted] = robot
        team.target[robot] = wanted
        if other == NOBODY or other == robot:  # noqa: SIM109
            break
        if team.target[other] >= 0:
            break
        _list_choices(successors, costs, wait_cost, distances, team, other)
        team.stack[depth] = other
        depth += 1
    # Success for the whole chain of pushed robots: their partners follow them.
    while depth > 0:
        depth -= 1
        robot = team.stack[depth]
        vertex = team.position[robot]
        partner = team.partner[robot]
        if (
            partner != NOBODY
            and team.tried[robot] == 1
            and team.target[partner] < 0
            and team.there[vertex] == NOBODY
        ):
            team.target[partner] = vertex
            team.there[vertex] = partner


@kernel
def step(successors, costs, wait_cost, distances, team):  # type: ignore[no-untyped-def]
    """Move every robot by one timestep.

    Parameters
    ----------
    successors : ndarray of int32, shape (vertices, 4)
    costs : ndarray of uint8, shape (vertices, 4)
    wait_cost : int
        What a wait counts for against a move.
    distances : ndarray of int16, shape (rows, vertices)
        Cost of the way from each vertex to a goal; ``team.row`` names the rows.
    team : Team
        ``position`` and ``here`` are changed.
    """
    sort_by_priority(team.order, team.priority)
    team.target[:] = -1
    for k in range(len(team.order)):
        robot = team.order[k]
        if team.target[robot] < 0:
            _push(successors, costs, wait_cost, distances, team, robot)
    for robot in range(len(team.position)):
        team.here[team.position[robot]] = NOBODY
    for robot in range(len(team.position)):
        vertex = team.target[robot]
        team.position[robot] = vertex
        team.there[vertex] = NOBODY
        team.here[vertex] = robot
