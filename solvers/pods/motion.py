"""Motion: priority inheritance with backtracking where pods stand in the way.

After PIBT (Okumura, Machida, Defago, Tamura 2022, doi:10.1016/j.artint.2022.103752).
What differs: a robot turns by a quarter or drives forward in a step, and claims a cell
only when it already faces it; laden robots do not enter cells on which pods stand;
robots in service stay; and a robot prefers to wait for its best way over a longer one
until it has waited for some time. Who has waited for longer claims cells whatever way
it faces, and so do all that it pushes: they turn first, and then go together. So robots
that stand head on, or in a ring, get past each other.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.mapf.lifelong.turning_distances import STEP_COST
from solvers.mapf.priorities import sort_by_priority
from solvers.random_words import random_word

NOBODY = -1
PATIENCE = 6
"""Steps a robot waits before a way that is longer by one step will do."""
PRESSED = 10
"""Steps a robot waits before it and those that it pushes turn to where each can go."""
ANY_WAY = 1 << 26


ROBOT = np.dtype(
    [
        ("vertex", "i4"),
        ("heading", "u1"),
        ("goal", "i4"),  # vertex, or NOBODY
        ("row", "i8"),  # of the table of distances that the robot drives by
        ("laden", "?"),
        ("serving", "?"),  # stands still
        ("priority", "i8"),
        ("by_priority", "i4"),  # all robots, most urgent first
        ("waited", "i4"),  # steps since it last left a vertex
        ("stood", "?"),  # in the last step: it neither moved nor turned
        ("target", "i4"),  # vertex after the step
        ("turn", "i1"),  # direction to turn to, or NOBODY
        ("kept", "i4"),  # vertex that nobody else may enter while it turns, or NOBODY
        ("choices", "i4"),
        ("tried", "i4"),  # how many of the choices
        ("stack", "i4"),  # robots that push each other
    ]
)
VERTEX = np.dtype([("here", "i4"), ("there", "i4")])  # who is there now, and will be


class Traffic(NamedTuple):
    """All robots on the floor.

    ``robots`` and ``vertices`` are record arrays of `ROBOT` and `VERTEX`; few wide
    tables compile much faster than many arrays.
    """

    robots: Any  # (robots,)
    vertices: Any  # (vertices,)
    choice: NDArray[np.int8]  # (robots, 4): directions, best first
    cost: NDArray[np.int32]  # (robots, 4)
    random: NDArray[np.uint64]  # (1,)


def make_traffic(
    vertex: NDArray[np.int32], heading: NDArray[np.uint8], vertices: int, seed: int
) -> Traffic:
    """Traffic of robots that stand still and have no goals.

    Examples
    --------
    >>> traffic = make_traffic(np.array([2], np.int32), np.zeros(1, np.uint8), 3, 0)
    >>> traffic.vertices.here.tolist()
    [-1, -1, 0]
    """
    n = len(vertex)
    robots = np.zeros(n, ROBOT).view(np.recarray)
    robots.vertex, robots.heading = vertex, heading
    robots.goal = robots.target = robots.turn = robots.kept = NOBODY
    robots.by_priority = np.arange(n)
    floor = np.full(vertices, NOBODY, VERTEX).view(np.recarray)
    floor.here[vertex] = np.arange(n)
    return Traffic(
        robots=robots,
        vertices=floor,
        choice=np.zeros((n, 4), np.int8),
        cost=np.zeros((n, 4), np.int32),
        random=np.array([2 * seed + 1], np.uint64),
    )


@lean_kernel
def _longest_way(
    traffic: Traffic, robot: int, root: int, nearest: int, to_pusher: bool
) -> int:
    """Cost of the longest way a robot takes, whose shortest way costs ``nearest``.

    The longer the ``root`` has waited that began to push, the further out of their ways
    all others go. Who wants the cell of its pusher goes anywhere.
    """
    waited = traffic.robots.waited[root]
    if robot == root:
        return nearest + STEP_COST * (waited // PATIENCE)
    if to_pusher:
        return ANY_WAY
    return nearest + 4 * STEP_COST * (waited // 3)


@lean_kernel
def _list_choices(
    successors: NDArray[np.int32],
    table: NDArray[np.int16],
    stored: NDArray[np.int32],
    traffic: Traffic,
    robot: int,
    pusher: int,
    root: int,
) -> None:
    """List the directions a robot would take, best first.

    The ``root`` has no ``pusher``: NOBODY.
    """
    vertex, heading = (
        traffic.robots.vertex[robot],
        np.int64(traffic.robots.heading[robot]),
    )
    goal = traffic.robots.goal[robot]
    row = table[traffic.robots.row[robot]]
    at_goal = goal < 0 or goal == vertex
    n = 0
    if pusher != NOBODY or not at_goal:
        for d in range(4):
            near = successors[vertex, d]
            if near < 0 or (traffic.robots.laden[robot] and stored[near] >= 0):
                continue
            turns = (d - heading) & 3
            cost = STEP_COST * (1 + (1 if turns == 3 else turns))
            if not at_goal:
                cost += np.int64(row[4 * near + d])
            elif traffic.vertices.here[near] != NOBODY:
                cost += STEP_COST * 4
            cost = cost * 16 + np.int64(random_word(traffic.random) >> np.uint64(60))
            k = n
            while k > 0 and traffic.cost[robot, k - 1] > cost:
                traffic.cost[robot, k] = traffic.cost[robot, k - 1]
                traffic.choice[robot, k] = traffic.choice[robot, k - 1]
                k -= 1
            traffic.cost[robot, k] = cost
            traffic.choice[robot, k] = d
            n += 1
    if n > 0 and not at_goal:
        ahead = successors[vertex, traffic.choice[robot, 0]]
        to_pusher = pusher != NOBODY and ahead == traffic.robots.vertex[pusher]
        nearest = traffic.cost[robot, 0] >> 4
        most = _longest_way(traffic, robot, root, nearest, to_pusher)
        while traffic.cost[robot, n - 1] >> 4 > most:
            n -= 1
    traffic.robots.choices[robot] = n
    traffic.robots.tried[robot] = 0
    traffic.robots.turn[robot] = NOBODY


@lean_kernel
def _direction(traffic: Traffic, robot: int) -> int:
    """Direction of the choice that a robot tried last."""
    return int(traffic.choice[robot, traffic.robots.tried[robot] - 1])


@lean_kernel
def _go_together(traffic: Traffic, depth: int) -> None:
    """Let robots go that push each other, the last ones first, as far as all face it.

    The first of these that does not turns, with the vertex ahead kept free; who pushes
    it waits, and turns as well. A ring goes when all are ready, or not at all.
    """
    robots = traffic.robots
    last = robots.stack[depth - 1]
    goes = True
    if robots.target[last] == robots.vertex[robots.stack[0]]:
        for k in range(depth):
            robot = robots.stack[k]
            goes &= _direction(traffic, robot) == robots.heading[robot]
    for k in range(depth - 1, -1, -1):
        robot = robots.stack[k]
        d = _direction(traffic, robot)
        faces = d == robots.heading[robot]
        robots.turn[robot] = NOBODY if faces else d
        if goes and not faces:
            robots.kept[robot] = robots.target[robot]
        goes &= faces
        if not goes:
            robots.target[robot] = robots.vertex[robot]
            traffic.vertices.there[robots.vertex[robot]] = robot


@lean_kernel
def _plan(
    successors: NDArray[np.int32],
    table: NDArray[np.int16],
    stored: NDArray[np.int32],
    traffic: Traffic,
    root: int,
) -> None:
    """Decide a robot's step, and those of the robots that it pushes."""
    robots, there = traffic.robots, traffic.vertices.there
    pressed = robots.waited[root] >= PRESSED
    _list_choices(successors, table, stored, traffic, root, NOBODY, root)
    robots.stack[0] = root
    depth = 1
    while depth > 0:
        robot = robots.stack[depth - 1]
        vertex = robots.vertex[robot]
        if robots.tried[robot] == robots.choices[robot]:
            robots.target[robot] = vertex
            there[vertex] = robot
            depth -= 1
            continue
        robots.tried[robot] += 1
        d = _direction(traffic, robot)
        near = successors[vertex, d]
        other = traffic.vertices.here[near]
        swaps = other != NOBODY and robots.target[other] == vertex
        if d != robots.heading[robot] and not pressed:
            if robots.turn[robot] == NOBODY and not swaps:
                robots.turn[robot] = d
                if depth == 1:
                    robots.tried[robot] = robots.choices[robot]
            continue
        if there[near] != NOBODY or swaps:
            continue
        there[near] = robot
        robots.target[robot] = near
        if other != NOBODY and robots.target[other] < 0:
            _list_choices(successors, table, stored, traffic, other, robot, root)
            robots.stack[depth] = other
            depth += 1
            continue
        _go_together(traffic, depth)
        return


@lean_kernel
def _carry_out(traffic: Traffic) -> None:
    """Let robots move and turn as it was decided."""
    robots = len(traffic.robots)
    for robot in range(robots):
        traffic.vertices.here[traffic.robots.vertex[robot]] = NOBODY
        if traffic.robots.kept[robot] != NOBODY:
            traffic.vertices.there[traffic.robots.kept[robot]] = NOBODY
    for robot in range(robots):
        target = traffic.robots.target[robot]
        traffic.vertices.there[target] = NOBODY
        traffic.vertices.here[target] = robot
        traffic.robots.waited[robot] += 1
        traffic.robots.stood[robot] = False
        if target != traffic.robots.vertex[robot]:
            traffic.robots.vertex[robot] = target
            traffic.robots.waited[robot] = 0
        elif traffic.robots.turn[robot] == NOBODY:
            traffic.robots.stood[robot] = True
        else:
            heading = np.int64(traffic.robots.heading[robot])
            left = ((np.int64(traffic.robots.turn[robot]) - heading) & 3) == 3
            traffic.robots.heading[robot] = (heading + (3 if left else 1)) & 3


@lean_kernel
def move(
    successors: NDArray[np.int32],
    table: NDArray[np.int16],
    stored: NDArray[np.int32],
    traffic: Traffic,
) -> None:
    """Move every robot by one timestep.

    Parameters
    ----------
    successors : ndarray of int32, shape (vertices, 4)
    table : ndarray of int16, shape (rows, 4 * vertices)
        Costs from every vertex and heading to the goals of robots;
        ``traffic.robots.row`` names the row of each.
    stored : ndarray of int32, shape (vertices,)
        Pod that stands on each vertex and is not carried, or -1.
    traffic : Traffic
        Vertices and headings are changed, and who is where.
    """
    robots = len(traffic.robots)
    sort_by_priority(traffic.robots.by_priority, traffic.robots.priority)
    for robot in range(robots):
        traffic.robots.turn[robot] = traffic.robots.kept[robot] = NOBODY
        if traffic.robots.serving[robot]:
            traffic.robots.target[robot] = traffic.robots.vertex[robot]
            traffic.vertices.there[traffic.robots.vertex[robot]] = robot
        else:
            traffic.robots.target[robot] = NOBODY
    for k in range(robots):
        robot = traffic.robots.by_priority[k]
        if traffic.robots.target[robot] < 0:
            _plan(successors, table, stored, traffic, robot)
    _carry_out(traffic)
