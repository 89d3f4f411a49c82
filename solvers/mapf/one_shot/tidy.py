"""A cheap last pass over a plan: no vain detours, and every robot as early as it may.

A robot that comes back to a vertex that nobody else has used since may as well stay
there. And who passes a vertex before whom, read off the plan, is all that robots have
to keep (the temporal plan graph of Hoenig, Kumar, Cohen, Ma, Xu, Ayanian, Koenig 2016,
doi:10.1609/icaps.v26i1.13796): when each moves as soon as that order allows, none
arrives later than it did.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel, lean_kernel

UNKNOWN, ASKED, MOVES, STAYS = 0, 1, 2, 3


class Order(NamedTuple):
    """The visits of all robots to vertices, robot by robot."""

    first: NDArray[np.int32]  # (robots + 1,): first visit of each robot
    vertex_of: NDArray[np.int32]  # (visits,)
    after: NDArray[np.int32]  # (visits,): the visit to the vertex before, or -1
    robot_of: NDArray[np.int32]  # (visits,)


@lean_kernel
def _stay_for_detours(at, last_robot, last_time):  # type: ignore[no-untyped-def]
    """Replace detours that nobody needed by standing still; return how many."""
    timesteps, robots = at.shape
    last_robot[:] = -1
    detours = 0
    for t in range(timesteps):
        for robot in range(robots):
            vertex = at[t, robot]
            if t > 0 and at[t - 1, robot] == vertex:
                if last_robot[vertex] == robot:
                    last_time[vertex] = t
                continue
            since = last_time[vertex]
            if last_robot[vertex] == robot and at[since, robot] == vertex:
                for k in range(since + 1, t):
                    at[k, robot] = vertex
                detours += 1
            last_robot[vertex] = robot
            last_time[vertex] = t
    return detours


@kernel
def _list_visits(at, last_visit, first, vertex_of, after):  # type: ignore[no-untyped-def]
    """List the vertices each robot visits, and whose visit each visit comes after.

    Visits of a robot stand together, from ``first[robot]`` on; ``after`` is -1 where
    nobody was there before.
    """
    timesteps, robots = at.shape
    last_visit[:] = -1
    first[0] = 0
    for robot in range(robots):
        visits = 1
        for t in range(1, timesteps):
            visits += at[t, robot] != at[t - 1, robot]
        first[robot + 1] = first[robot] + visits
    made = first[:-1].copy()
    for t in range(timesteps):
        for robot in range(robots):
            vertex = at[t, robot]
            if t == 0 or at[t - 1, robot] != vertex:
                visit = made[robot]
                made[robot] += 1
                vertex_of[visit] = vertex
                after[visit] = last_visit[vertex]
                last_visit[vertex] = visit


@lean_kernel
def who_moves(robot, here, first, after, robot_of, left, state, chain):  # type: ignore[no-untyped-def]
    """Find out whether a robot can go on now, and all whose leave it waits for.

    ``here`` is each robot's visit; ``left`` whether a visit is over.
    """
    length = 0
    who = robot
    while state[who] == UNKNOWN:
        state[who] = ASKED
        chain[length] = who
        length += 1
        ahead = here[who] + 1
        if ahead == first[who + 1]:
            state[who] = STAYS
        elif after[ahead] < 0 or left[after[ahead]]:
            state[who] = MOVES
        elif here[robot_of[after[ahead]]] != after[ahead]:
            state[who] = STAYS
        else:
            who = robot_of[after[ahead]]
    # Whoever waits in a circle can go round together.
    answer = MOVES if state[who] == ASKED else state[who]
    for k in range(length):
        if state[chain[k]] == ASKED:
            state[chain[k]] = answer


@kernel
def _execute(first, vertex_of, after, robot_of, out):  # type: ignore[no-untyped-def]
    """Move every robot as soon as the order allows; return the last timestep."""
    robots = len(first) - 1
    here = first[:-1].copy()
    left = np.zeros(len(vertex_of), np.bool_)
    state = np.empty(robots, np.int8)
    chain = np.empty(robots, np.int32)
    for t in range(len(out)):
        for robot in range(robots):
            out[t, robot] = vertex_of[here[robot]]
            state[robot] = UNKNOWN
        moved = 0
        for robot in range(robots):
            who_moves(robot, here, first, after, robot_of, left, state, chain)
        for robot in range(robots):
            if state[robot] == MOVES:
                left[here[robot]] = True
                here[robot] += 1
                moved += 1
        if moved == 0:
            return t
    return len(out) - 1


def tidy(vertex_count: int, vertices: NDArray[np.int32]) -> NDArray[np.int32]:
    """Remove vain detours and waiting from a plan.

    Parameters
    ----------
    vertex_count : int
        Vertices of the floor.
    vertices : ndarray of int32, shape (timesteps + 1, robots)
        A plan without conflicts, of robots that move freely.

    Returns
    -------
    ndarray of int32, shape (fewer timesteps + 1, robots)
        A plan without conflicts in which no robot comes to rest later. Who leaves its
        goal for others may be away for longer, though.

    Notes
    -----
    O(timesteps * robots) a pass, with passes until no detour is left.

    Examples
    --------
    Robot 1 makes way for nobody; robot 0 waits for nothing:

    >>> tidy(5, np.array([[0, 3], [0, 4], [1, 3], [1, 3]], np.int32)).tolist()
    [[0, 3], [1, 3]]
    """
    at = np.ascontiguousarray(vertices, np.int32).copy()
    robots = at.shape[1]
    if robots == 0:
        return at[:1]
    robot_at = np.empty(vertex_count, np.int32)
    time_at = np.empty(vertex_count, np.int32)
    while _stay_for_detours(at, robot_at, time_at) > 0:
        pass
    order = passing_order(vertex_count, at)
    last = _execute(*order, at)
    return at[: last + 1]


def passing_order(vertex_count: int, vertices: NDArray[np.int32]) -> Order:
    """Read off a plan who passes a vertex before whom; arguments as in `tidy`.

    Examples
    --------
    Robot 1 comes to vertex 2 after robot 0, which begins there:

    >>> order = passing_order(4, np.array([[2, 1], [3, 2]], np.int32))
    >>> order.vertex_of.tolist(), order.after.tolist()
    ([2, 3, 1, 2], [-1, -1, -1, 0])
    """
    robots = vertices.shape[1]
    visits = robots + int((vertices[1:] != vertices[:-1]).sum())
    order = Order(
        first=np.empty(robots + 1, np.int32),
        vertex_of=np.empty(visits, np.int32),
        after=np.empty(visits, np.int32),
        robot_of=np.empty(visits, np.int32),
    )
    last_visit = np.empty(vertex_count, np.int32)
    _list_visits(vertices, last_visit, order.first, order.vertex_of, order.after)
    order.robot_of[:] = np.repeat(np.arange(robots), np.diff(order.first))
    return order
