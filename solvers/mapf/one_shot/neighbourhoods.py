"""Which robots to replan together: neighbourhoods of a plan.

Li, Chen, Harabor, Stuckey, Koenig (2021), doi:10.24963/ijcai.2021/568: robots that
keep a delayed robot from its way, robots that meet at a crossing, robots drawn by
lot. Ours: robots that are near one another at some timestep, and who stands in the
straight way of a delayed robot.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.mapf.one_shot.reservations import (
    is_free,
    is_left_by,
    last_busy,
    next_busy,
    next_free,
)
from solvers.random_words import random_below
from warehouse.distances import UNREACHABLE

RANDOM, WALK, CROSSING, NEAR, IN_THE_WAY, AT_GOAL = 0, 1, 2, 3, 4, 5
KINDS = 6


class Plan(NamedTuple):
    """Where every robot is, a row a timestep, when it comes to rest, what that costs.

    A state is a vertex, or four times the vertex plus the heading of who turns.
    """

    at: NDArray[np.int32]  # (timesteps, robots): states
    arrival: NDArray[np.int32]  # (robots,)
    spent: NDArray[np.int32]  # (robots,): timesteps that count
    shift: int  # bits of a state that say the heading
    late_from: int  # timesteps spent beyond which each counts ``price`` more
    price: int


class Chosen(NamedTuple):
    """Work arrays for choosing robots."""

    robot: NDArray[np.int32]  # (robots,): those chosen, in any order
    is_chosen: NDArray[np.bool_]  # (robots,)
    queue: NDArray[np.int32]  # (vertices, but at least 5)
    seen: NDArray[np.int64]  # (vertices,): number of the choice that saw it last
    robot_on: NDArray[np.int32]  # (vertices,): valid where ``held`` is the number
    held: NDArray[np.int64]  # (vertices,)
    number: NDArray[np.int64]  # length 1


def make_chosen(vertices: int, robots: int) -> Chosen:
    """Work arrays for a team on a floor.

    Examples
    --------
    >>> make_chosen(4, 2).is_chosen.tolist()
    [False, False]
    """
    return Chosen(
        robot=np.empty(robots, np.int32),
        is_chosen=np.zeros(robots, np.bool_),
        queue=np.empty(max(vertices, 5), np.int32),
        seen=np.zeros(vertices, np.int64),
        robot_on=np.empty(vertices, np.int32),
        held=np.zeros(vertices, np.int64),
        number=np.zeros(1, np.int64),
    )


@lean_kernel
def worth_of(plan, spent):  # type: ignore[no-untyped-def]
    """Weigh what a robot has spent: what the search lowers the sum of."""
    return np.int64(spent) + plan.price * max(0, np.int64(spent) - plan.late_from)


@lean_kernel
def robot_at(plan, vertex, t):  # type: ignore[no-untyped-def]
    """Robot on a vertex at a timestep; -1 if none."""
    row = plan.at[min(t, len(plan.at) - 1)]
    for robot in range(len(row)):
        if row[robot] >> plan.shift == vertex:
            return np.int64(robot)
    return np.int64(-1)


@lean_kernel
def _add(chosen, count, robot):  # type: ignore[no-untyped-def]
    if robot >= 0 and not chosen.is_chosen[robot]:
        chosen.is_chosen[robot] = True
        chosen.robot[count] = robot
        return count + 1
    return count


@lean_kernel
def _fill(chosen, count, size, random):  # type: ignore[no-untyped-def]
    """Add robots by lot."""
    while count < size:
        lot = random_below(random, len(chosen.is_chosen))
        count = _add(chosen, count, lot)
    return count


@lean_kernel
def _delayed_robot(distances, plan, random):  # type: ignore[no-untyped-def]
    """Draw the most delayed of a few robots drawn by lot."""
    robots = len(plan.arrival)
    best, most = np.int64(0), np.int64(-1)
    if plan.price > 0 and random_below(random, 2) == 0:
        first = random_below(random, robots)
        for k in range(robots):
            robot = (first + k) % robots
            if plan.spent[robot] > plan.late_from:
                return robot
    for _ in range(1 + random_below(random, 6)):
        robot = random_below(random, robots)
        delay = np.int64(plan.spent[robot])
        delay -= distances[robot, plan.at[0, robot] >> plan.shift]
        if delay > most:
            best, most = robot, delay
    return best


@lean_kernel
def _walk(successors, distances, reserved, plan, chosen, count, size, robot, random):  # type: ignore[no-untyped-def]
    """Add who stands in the way on a random walk that would be early at the goal."""
    arrival = np.int64(plan.arrival[robot])
    if arrival == 0:
        return count
    t = random_below(random, arrival)
    vertex = np.int64(plan.at[t, robot] >> plan.shift)
    options = chosen.queue
    while count < size and t < arrival:
        found = 0
        for d in range(5):
            near = vertex if d == 4 else np.int64(successors[vertex, d])
            if near < 0:
                continue
            left = np.int64(distances[robot, near])
            if left < UNREACHABLE and t + 1 + left < arrival:
                options[found] = d
                found += 1
        if found == 0:
            break
        d = options[random_below(random, found)]
        near = vertex if d == 4 else np.int64(successors[vertex, d])
        if next_free(reserved.busy, reserved.rest_from, near, t + 1) != t + 1:
            count = _add(chosen, count, robot_at(plan, near, t + 1))
        elif d < 4 and is_left_by(reserved.busy, reserved.ways, near, t, (d + 2) & 3):
            count = _add(chosen, count, robot_at(plan, near, t))
        vertex = near
        t += 1
    return count


@lean_kernel
def _in_the_way(successors, distances, plan, chosen, count, size, robot, random):  # type: ignore[no-untyped-def]
    """Add who is met when the robot goes straight on from somewhere on its path."""
    arrival = np.int64(plan.arrival[robot])
    if arrival == 0:
        return count
    t = random_below(random, arrival)
    vertex = np.int64(plan.at[t, robot] >> plan.shift)
    left = np.int64(distances[robot, vertex])
    while count < size and left > 0:
        after = vertex
        turn = random_below(random, 4)
        for k in range(4):
            near = np.int64(successors[vertex, (turn + k) & 3])
            if near >= 0 and distances[robot, near] < left:
                after = near
                break
        t += 1
        other = robot_at(plan, after, t)
        if other != robot:
            count = _add(chosen, count, other)
        swapper = robot_at(plan, after, t - 1)
        now = min(t, len(plan.at) - 1)
        if (
            swapper >= 0
            and count < size
            and plan.at[now, swapper] >> plan.shift == vertex
        ):
            count = _add(chosen, count, swapper)
        vertex = after
        left -= 1
    # Who passes the goal late keeps the robot from coming to rest there.
    return count


@lean_kernel
def _crossing(successors, reserved, plan, chosen, count, size, random):  # type: ignore[no-untyped-def]
    """Add who passes a crossing, then the vertices around it, about some timestep."""
    vertices = len(successors)
    vertex = random_below(random, vertices)
    for _ in range(50):
        ways = 0
        for d in range(4):
            ways += successors[vertex, d] >= 0
        if ways > 2:
            break
        vertex = random_below(random, vertices)
    chosen.number[0] += 1
    chosen.queue[0] = vertex
    chosen.seen[vertex] = chosen.number[0]
    head, tail = 0, 1
    last = np.int64(0)
    for robot in range(len(plan.arrival)):
        last = max(last, np.int64(plan.arrival[robot]))
    since = random_below(random, last + 1)
    while head < tail and head < 64 and count < size:
        vertex = np.int64(chosen.queue[head])
        head += 1
        t = next_busy(reserved.busy, reserved.rest_from, vertex, since)
        for _ in range(size):
            if t >= len(plan.at) or count >= size:
                break
            count = _add(chosen, count, robot_at(plan, vertex, t))
            t = next_busy(reserved.busy, reserved.rest_from, vertex, t + 1)
        for d in range(4):
            near = successors[vertex, d]
            if near >= 0 and chosen.seen[near] != chosen.number[0]:
                chosen.seen[near] = chosen.number[0]
                chosen.queue[tail] = near
                tail += 1
    return count


@lean_kernel
def _near(successors, plan, chosen, count, size, robot, random):  # type: ignore[no-untyped-def]
    """Add who is nearest to a robot at some timestep on its way."""
    t = random_below(random, np.int64(plan.arrival[robot]) + 1)
    chosen.number[0] += 1
    number = chosen.number[0]
    row = plan.at[t]
    for other in range(len(row)):
        vertex = np.int64(row[other] >> plan.shift)
        chosen.robot_on[vertex] = other
        chosen.held[vertex] = number
    vertex = np.int64(row[robot] >> plan.shift)
    chosen.queue[0] = vertex
    chosen.seen[vertex] = number
    head, tail = 0, 1
    while head < tail and count < size:
        vertex = np.int64(chosen.queue[head])
        head += 1
        if chosen.held[vertex] == number:
            count = _add(chosen, count, np.int64(chosen.robot_on[vertex]))
        for d in range(4):
            near = successors[vertex, d]
            if near >= 0 and chosen.seen[near] != number:
                chosen.seen[near] = number
                chosen.queue[tail] = near
                tail += 1
    return count


@lean_kernel
def _at_goal(reserved, plan, chosen, count, size, robot):  # type: ignore[no-untyped-def]
    """Add who passes the goal of a robot, the last first."""
    goal = np.int64(plan.at[len(plan.at) - 1, robot] >> plan.shift)
    t = last_busy(reserved.busy, goal)
    while t >= 0 and count < size:
        if not is_free(reserved.busy, reserved.rest_from, goal, t):
            count = _add(chosen, count, robot_at(plan, goal, t))
        t -= 1
    return count


@lean_kernel
def choose(  # type: ignore[no-untyped-def]
    successors, distances, reserved, plan, chosen, kind, size, random
):
    """Choose robots to replan together; return how many.

    Parameters
    ----------
    successors : ndarray of int32, shape (vertices, 4)
    distances : ndarray of int16, shape (robots, vertices)
        Turns are not counted.
    reserved : Reserved
    plan : Plan
    chosen : Chosen
        ``robot`` gets the choice; ``is_chosen`` must be and is left all False.
    kind : int
        RANDOM, WALK, CROSSING, NEAR or IN_THE_WAY.
    size : int
        How many, at most the number of robots.
    random : ndarray of uint64, shape (1,)
    """
    count = np.int64(0)
    if kind == CROSSING:
        count = _crossing(successors, reserved, plan, chosen, count, size, random)
    elif kind != RANDOM:
        robot = _delayed_robot(distances, plan, random)
        count = _add(chosen, count, robot)
        if kind == NEAR:
            count = _near(successors, plan, chosen, count, size, robot, random)
        for _ in range(10):
            if count >= size:
                break
            if kind == WALK:
                count = _walk(
                    successors,
                    distances,
                    reserved,
                    plan,
                    chosen,
                    count,
                    size,
                    robot,
                    random,
                )
            elif kind == AT_GOAL:
                count = _at_goal(reserved, plan, chosen, count, size, robot)
            elif kind == IN_THE_WAY:
                count = _in_the_way(
                    successors, distances, plan, chosen, count, size, robot, random
                )
            robot = np.int64(chosen.robot[random_below(random, count)])
    if kind == RANDOM or count == 0:
        count = _fill(chosen, count, size, random)
    for k in range(count):
        chosen.is_chosen[chosen.robot[k]] = False
    return count
