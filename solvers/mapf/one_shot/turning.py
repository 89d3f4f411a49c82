"""Turning robots: a plan of robots that move freely, carried out by robots that turn.

Who passes a vertex before whom is kept (Hoenig et al. 2016, see `tidy`), and whoever
has to turn for its next move does so at once. As the order has no deadlock, however
late robots are, each move is made by three times its timestep; so a problem can be
solved by robots that turn if it can be by robots that move freely, and the other way
round.
"""

import math
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel
from solvers.mapf.floor import Floor
from solvers.mapf.lifelong.turning_distances import STEP_COST, TurningDistances
from solvers.mapf.one_shot.reservations import way
from solvers.mapf.one_shot.tidy import MOVES, STAYS, UNKNOWN, passing_order, who_moves
from warehouse.distances import UNREACHABLE

_ROWS_AT_ONCE = 16


@kernel
def _execute(order, successors, heading, out):  # type: ignore[no-untyped-def]
    """Turn and move all as soon as the order allows; return the last timestep."""
    first, vertex_of, after, robot_of = order
    robots = len(first) - 1
    here = np.empty(robots, np.int32)
    left = np.zeros(len(vertex_of), np.bool_)
    state = np.empty(robots, np.int8)
    chain = np.empty(robots, np.int32)
    for robot in range(robots):
        here[robot] = first[robot]
    for t in range(len(out)):
        busy = 0
        for robot in range(robots):
            visit = np.int64(here[robot])
            vertex = np.int64(vertex_of[visit])
            out[t, robot] = vertex * 4 + heading[robot]
            state[robot] = UNKNOWN
            if visit + 1 == first[robot + 1]:
                continue
            busy += 1
            d = way(successors, vertex, np.int64(vertex_of[visit + 1]))
            if d != heading[robot]:
                # By half it turns to the right first.
                state[robot] = STAYS
                step = 3 if (heading[robot] - d) & 3 == 1 else 1
                heading[robot] = (heading[robot] + step) & 3
        if busy == 0:
            return t
        for robot in range(robots):
            who_moves(robot, here, first, after, robot_of, left, state, chain)
        for robot in range(robots):
            if state[robot] == MOVES:
                left[here[robot]] = True
                here[robot] += 1
    return len(out) - 1


def turn(
    floor: Floor, vertices: NDArray[np.int32], headings: NDArray[np.uint8]
) -> NDArray[np.int32]:
    """Plan for robots that turn that keeps to the order of a plan for others.

    Parameters
    ----------
    floor : Floor
    vertices : ndarray of int32, shape (timesteps + 1, robots)
        A plan without conflicts, of robots that move freely.
    headings : ndarray of uint8, shape (robots,)
        At first.

    Returns
    -------
    ndarray of int32, shape (timesteps + 1, robots)
        States: four times the vertex plus the heading.

    Examples
    --------
    A robot that faces right goes left: it turns twice.

    >>> from warehouse.grid import Grid
    >>> floor = Floor.from_grid(Grid.from_arrays(np.ones((1, 2), bool)))
    >>> turn(floor, np.array([[1], [0]], np.int32), np.array([1], np.uint8)).T
    array([[5, 6, 7, 3]], dtype=int32)
    """
    at = np.ascontiguousarray(vertices, np.int32)
    out = np.empty((3 * len(at) + 1, at.shape[1]), np.int32)
    order = passing_order(floor.vertices, at)
    last = _execute(order, floor.successors, headings.astype(np.int64), out)
    return out[: last + 1]


def turning_rows(
    floor: Floor, goals: NDArray[np.int32], deadline: float = math.inf
) -> NDArray[np.int16] | None:
    """Count the steps, turns too, from every state to each goal; two threads.

    Parameters
    ----------
    floor : Floor
    goals : ndarray of int32, shape (goals,)
        Vertices.
    deadline : float
        Moment on ``time.perf_counter`` after which to give up.

    Returns
    -------
    ndarray of int16, shape (goals, states), or None
        ``warehouse.distances.UNREACHABLE`` where no way leads to the goal, or one of
        over 8,000 steps. None when time was up.

    Examples
    --------
    >>> from warehouse.grid import Grid
    >>> floor = Floor.from_grid(Grid.from_arrays(np.ones((1, 2), bool)))
    >>> turning_rows(floor, np.array([1], np.int32)).reshape(2, 4).tolist()
    [[2, 1, 2, 3], [0, 0, 0, 0]]
    """
    rows = np.empty((len(goals), 4 * floor.vertices), np.int16)
    with ThreadPoolExecutor(2) as threads:
        for first in range(0, len(goals), _ROWS_AT_ONCE):
            if time.perf_counter() > deadline:
                return None
            part = goals[first : first + _ROWS_AT_ONCE]
            table = TurningDistances(floor, memory_mb=1.0)
            slots = table.slots(part, threads)
            found = table.data[slots]
            steps = np.where(found == UNREACHABLE, UNREACHABLE, found // STEP_COST)
            rows[first : first + len(part)] = steps
    return rows
