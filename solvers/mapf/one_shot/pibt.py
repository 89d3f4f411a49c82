"""PIBT: one step for a whole configuration, as numba kernels.

Okumura, Machida, Defago, Tamura (2022), doi:10.1016/j.artint.2022.103752; the swap
operation is from Okumura (2023), LaCAM*, arXiv:2305.03632; the tie-break by hindrance
from Okumura (2024), Engineering LaCAM*, arXiv:2308.04292. What we changed: the
recursion is an explicit stack; now and then a robot pushes where it could swap, without
which crowded aisles locked up for ever; priorities are an order that is kept by
partition, so that nothing is sorted; robots at rest on their goal cost one look.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.mapf.moves import leads
from solvers.random_words import random_word

NOBODY = -1


class Space(NamedTuple):
    """Room to work in for one thread; `make_space` makes it.

    ``here`` and ``there`` map a vertex to the robot on it before and after the step,
    and hold `NOBODY` everywhere between steps.
    """

    here: NDArray[np.int32]  # (vertices,)
    there: NDArray[np.int32]  # (vertices,)
    choice: NDArray[np.int32]  # (robots, 5): where to go, best first
    choices: NDArray[np.int32]  # (robots,): how many of them
    tried: NDArray[np.int32]  # (robots,)
    partner: NDArray[np.int32]  # (robots,): whom to swap places with, or NOBODY
    stack: NDArray[np.int32]  # (robots,)
    key: NDArray[np.int64]  # (5,)
    random: NDArray[np.uint64]  # (1,): state of the generator, not 0


def make_space(vertices: int, robots: int, seed: int) -> Space:
    """Room for `step` on a floor; one for each thread.

    Examples
    --------
    >>> make_space(6, 2, seed=0).here.tolist()
    [-1, -1, -1, -1, -1, -1]
    """
    nobody, robot = np.full(vertices, NOBODY, np.int32), np.zeros(robots, np.int32)
    return Space(
        here=nobody,
        there=nobody.copy(),
        choice=np.zeros((robots, 5), np.int32),
        choices=robot,
        tried=robot.copy(),
        partner=robot.copy(),
        stack=robot.copy(),
        key=np.zeros(5, np.int64),
        # Never 0, from which the generator would not come away.
        random=np.array([(seed * 0x9E3779B97F4A7C15 + 1) % (1 << 64) | 1], np.uint64),
    )


@lean_kernel
def random_bits(state):  # type: ignore[no-untyped-def]
    """60 random bits, as a whole number that is not negative."""
    return np.int64(random_word(state) >> np.uint64(4))


@lean_kernel
def _next_in_corridor(  # type: ignore[no-untyped-def]
    successors, degree, goals, here, ahead, behind
):
    """Count the ways on from ``ahead`` but back, and one of them.

    Dead ends whose robot is at its goal do not count as a way on.
    """
    ways, onward = np.int64(0), np.int64(-1)
    for d in range(4):
        vertex = successors[ahead, d]
        if vertex < 0 or vertex == behind:
            continue
        if degree[vertex] == 1:
            robot = here[vertex]
            if robot != NOBODY and goals[robot] == vertex:
                continue
        ways += 1
        onward = np.int64(vertex)
    return ways, onward


@lean_kernel
def _swap_is_required(  # type: ignore[no-untyped-def]
    successors, degree, distances, goals, here, pusher, puller, behind, ahead
):
    """Whether the pusher can only pass by exchanging places with the puller."""
    to_push = distances[pusher]
    to_pull = distances[puller]
    if to_push[behind] != 0 and to_push[ahead] >= to_push[behind]:
        return False
    origin = behind
    while to_push[ahead] < to_push[behind]:
        ways, onward = _next_in_corridor(successors, degree, goals, here, ahead, behind)
        if ways >= 2:
            return False
        if ways == 0:
            break
        behind, ahead = ahead, onward
        if ahead == origin:
            return False
    return to_pull[behind] < to_pull[ahead] and (
        to_push[behind] == 0 or to_push[ahead] < to_push[behind]
    )


@lean_kernel
def _swap_is_possible(  # type: ignore[no-untyped-def]
    successors, degree, goals, here, behind, ahead
):
    """Whether walking on from ``ahead`` comes to a junction where two can pass."""
    origin = behind
    while ahead != origin:
        ways, onward = _next_in_corridor(successors, degree, goals, here, ahead, behind)
        if ways >= 2:
            return True
        if ways == 0:
            return False
        behind, ahead = ahead, onward
    return False


@lean_kernel
def _swap_partner(  # type: ignore[no-untyped-def]
    successors, degree, distances, goals, vertex, wanted, target, space, robot
):
    """Return the robot that ``robot`` has to exchange places with, or NOBODY."""
    here = space.here
    if wanted == vertex:
        return np.int64(NOBODY)
    other = np.int64(here[wanted])
    if (
        other != NOBODY
        and target[other] < 0
        and leads(successors, wanted, vertex)
        and _swap_is_required(
            successors, degree, distances, goals, here, robot, other, vertex, wanted
        )
        and _swap_is_possible(successors, degree, goals, here, wanted, vertex)
    ):
        return other
    # Someone behind may need this robot to go on and make room ("clear").
    for d in range(4):
        near = np.int64(successors[vertex, d])
        if near < 0 or near == wanted:
            continue
        other = np.int64(here[near])
        if (
            other != NOBODY
            and leads(successors, near, vertex)
            and _swap_is_required(
                successors, degree, distances, goals, here, other, robot, vertex, wanted
            )
            and _swap_is_possible(successors, degree, goals, here, wanted, vertex)
        ):
            return other
    return np.int64(NOBODY)


@lean_kernel
def _hindrance(successors, distances, space, vertex, candidate):  # type: ignore[no-untyped-def]
    """Count the neighbours for whom the candidate lies on a shortest way."""
    hindered = 0
    for d in range(4):
        near = successors[vertex, d]
        if near < 0 or near == candidate:
            continue
        other = space.here[near]
        if other != NOBODY:
            to_goal = distances[other]
            hindered += to_goal[candidate] < to_goal[near]
    return hindered


@lean_kernel
def _list_choices(  # type: ignore[no-untyped-def]
    successors, degree, distances, goals, vertex, preferred, target, space, robot
):
    """List what a robot may do next, best first."""
    to_goal = distances[robot]
    choice, key = space.choice[robot], space.key
    bits = random_bits(space.random)
    crowded = False
    for d in range(4):
        near = successors[vertex, d]
        crowded |= near >= 0 and space.here[near] != NOBODY
    n = 0
    for d in range(5):
        near = vertex if d == 4 else np.int64(successors[vertex, d])
        if near < 0:
            continue
        score = np.int64(to_goal[near]) * 16
        if crowded:
            score += _hindrance(successors, distances, space, vertex, near)
        score = (score << 11) | ((bits >> (11 * d)) & 0x7FF)
        if near == preferred:
            score = np.int64(-1)
        k = n
        while k > 0 and key[k - 1] > score:
            key[k] = key[k - 1]
            choice[k] = choice[k - 1]
            k -= 1
        key[k] = score
        choice[k] = near
        n += 1
    space.choices[robot] = n
    space.tried[robot] = 0
    partner = np.int64(NOBODY)
    # One time in four a robot does not think of swapping places: where a junction that
    # a swap needs is full, robots that always back away from each other never find
    # out; by plain pushing, which always lets one robot through, they do.
    if crowded and bits >> 58 != 0:
        partner = _swap_partner(
            successors,
            degree,
            distances,
            goals,
            vertex,
            np.int64(choice[0]),
            target,
            space,
            robot,
        )
        if partner != NOBODY:
            for k in range(n // 2):
                swapped = choice[k]
                choice[k] = choice[n - 1 - k]
                choice[n - 1 - k] = swapped
    space.partner[robot] = partner


@lean_kernel
def _push(  # type: ignore[no-untyped-def]
    successors, degree, distances, goals, position, preferred, target, space, robot
):
    """Give a robot its next vertex, moving others out of the way (funcPIBT).

    False when it cannot even stay.
    """
    here, there, stack = space.here, space.there, space.stack
    _list_choices(
        successors,
        degree,
        distances,
        goals,
        np.int64(position[robot]),
        np.int64(preferred[robot]),
        target,
        space,
        robot,
    )
    stack[0] = robot
    depth = 1
    while depth > 0:
        robot = np.int64(stack[depth - 1])
        vertex = np.int64(position[robot])
        if space.tried[robot] == space.choices[robot]:
            # No way out: stay, and let the one who pushed try its next choice.
            target[robot] = vertex
            there[vertex] = robot
            depth -= 1
            continue
        wanted = np.int64(space.choice[robot, space.tried[robot]])
        space.tried[robot] += 1
        if there[wanted] != NOBODY:
            continue
        other = np.int64(here[wanted])
        if other == robot:
            other = np.int64(NOBODY)
        if other != NOBODY and target[other] == vertex:
            continue
        there[wanted] = robot
        target[robot] = wanted
        if other != NOBODY and target[other] < 0:
            _list_choices(
                successors,
                degree,
                distances,
                goals,
                np.int64(position[other]),
                np.int64(preferred[other]),
                target,
                space,
                other,
            )
            stack[depth] = other
            depth += 1
            continue
        # Success for the whole chain of pushed robots.
        while depth > 0:
            depth -= 1
            robot = np.int64(stack[depth])
            vertex = np.int64(position[robot])
            partner = space.partner[robot]
            if (
                partner != NOBODY
                and space.tried[robot] == 1
                and target[partner] < 0
                and there[vertex] == NOBODY
            ):
                target[partner] = vertex
                there[vertex] = partner
        return True
    return False


@lean_kernel
def step(  # type: ignore[no-untyped-def]
    successors, degree, distances, goals, position, order, preferred, target, space
):
    """Find where every robot goes next.

    Parameters
    ----------
    successors : ndarray of int32, shape (vertices, 4)
    degree : ndarray of int8, shape (vertices,)
        How many moves lead out of each vertex.
    distances : ndarray of int16, shape (robots, vertices)
        Steps from each vertex to each robot's goal.
    goals, position : ndarray of int32, shape (robots,)
        Vertices.
    order : ndarray of int32, shape (robots,)
        Robots, most urgent first.
    preferred : ndarray of int32, shape (robots,)
        Neighbour (or own vertex) that each robot would rather go to, whatever the
        distances say; -1 for none.
    target : ndarray of int32, shape (robots,)
        Given: the next vertex of robots that have no choice, -1 for all others.
        Result: the next vertex of every robot.
    space : Space

    Returns
    -------
    bool
        False when some robot could go nowhere, because of those without a choice;
        the targets are then of no use.
    """
    robots = len(position)
    here, there = space.here, space.there
    for robot in range(robots):
        here[position[robot]] = robot
        if target[robot] >= 0:
            there[target[robot]] = robot
    done = True
    for k in range(robots):
        robot = np.int64(order[k])
        if target[robot] >= 0:
            continue
        vertex = position[robot]
        at_rest = vertex == goals[robot] and preferred[robot] < 0
        if at_rest and there[vertex] == NOBODY:
            target[robot] = vertex
            there[vertex] = robot
        else:
            done = _push(
                successors,
                degree,
                distances,
                goals,
                position,
                preferred,
                target,
                space,
                robot,
            )
            if not done:
                break
    for robot in range(robots):
        here[position[robot]] = NOBODY
        if target[robot] >= 0:
            there[target[robot]] = NOBODY
    return done


@lean_kernel
def away_first(order, position, goals, after):  # type: ignore[no-untyped-def]
    """Keep the order of urgency up to date: robots away from their goals lead.

    Who has been away for longer stays ahead, which is how priorities that grow by one
    a step and fall to nothing at the goal would sort.

    Parameters
    ----------
    order, position, goals : ndarray of int32, shape (robots,)
    after : ndarray of int32, shape (robots,)
        Result: the new order.
    """
    n = 0
    for k in range(len(order)):
        robot = order[k]
        if position[robot] != goals[robot]:
            after[n] = robot
            n += 1
    for k in range(len(order)):
        robot = order[k]
        if position[robot] == goals[robot]:
            after[n] = robot
            n += 1
