"""Settled paths of a fleet, and large neighbourhood search over them, in numba.

Robots plan one after another, so who plans late pays for all others. Large
neighbourhood search (Li, Chen, Harabor, Stuckey, Koenig 2021,
doi:10.24963/ijcai.2021/568) takes the rest of a few robots' paths off the board and
plans them again in another order; what is not better is undone. We let a robot change
the order of its stops as well, and never touch what is past or a service under way.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel, lean_kernel
from solvers.mapf.fleet.sipp import FOUND, NEVER, Reservations, release, reserve
from solvers.mapf.fleet.trip_planning import (
    EITHER,
    NO_ROOM,
    Ground,
    Planner,
    Stops,
    TripPath,
    make_stops,
    plan_trip,
    some_stops,
)
from solvers.random_words import random_below

LARGEST_NEIGHBOURHOOD = 6
NEAR_STEPS = 12
"""Robots meet that are in one cell with no more timesteps between them."""


class Fleet(NamedTuple):
    """Where robots are and what they serve.

    A robot rests at home from ``rest_at`` on; its row of ``where`` goes on with that.
    """

    home: NDArray[np.int32]  # (robots,)
    home_row: NDArray[np.int32]  # (robots,): row of the distances to it
    where: NDArray[np.int32]  # (robots, timesteps): cell
    facing: NDArray[np.int8]  # (robots, timesteps): heading
    rest_at: NDArray[np.int32]  # (robots,): last timestep of the path
    free_at: NDArray[
        np.int32
    ]  # (robots,): end of the last service, NEVER if it is over
    stops: NDArray[np.int32]  # (robots,): how many the present trip has
    fixed: NDArray[np.int32]  # (robots,): how many at its end keep their order
    number: NDArray[np.int32]  # (robots, stops): in the order of serving, as were given
    cell: NDArray[np.int32]  # (robots, stops)
    row: NDArray[np.int32]  # (robots, stops): of the distance table
    steps: NDArray[np.int32]  # (robots, stops): of standing there
    start: NDArray[np.int32]  # (robots, stops)
    end: NDArray[np.int32]  # (robots, stops)


class Rest(NamedTuple):
    """What is left of trips: stops, then home; and the paths found for it."""

    stops: Stops  # (stops + 1,) each
    found: TripPath  # arrays with a row for each robot of a neighbourhood
    robots: NDArray[np.int32]  # (neighbourhood,): in the order of planning
    weight: NDArray[np.int64]  # (robots,)
    visit: NDArray[np.int32]  # (cells,): when the first robot is there; -1


def make_rest(robots: int, cells: int, stops: int, steps: int) -> Rest:
    """Room for trips of up to some stops and paths of up to some timesteps."""
    n = LARGEST_NEIGHBOURHOOD
    return Rest(
        make_stops(stops + 1),
        TripPath(
            np.empty((n, steps), np.int32),
            np.empty((n, steps), np.int8),
            np.empty((n, stops + 1), np.int32),
            np.empty((n, stops + 1), np.int32),
            np.empty((n, stops + 1), np.int32),
            np.zeros((n, 1), np.int64),
            np.zeros((n, 1), np.int64),
        ),
        np.empty(n, np.int32),
        np.empty(robots, np.int64),
        np.full(cells, -1, np.int32),
    )


@lean_kernel
def _found(rest: Rest, k: int) -> TripPath:
    found = rest.found
    return TripPath(
        found.path[k],
        found.heading[k],
        found.start[k],
        found.end[k],
        found.order[k],
        found.length[k],
        found.labels[k],
    )


@lean_kernel
def _progress(fleet: Fleet, robot: int, t: int) -> tuple[int, int]:
    """Count the stops that are served or being served; when the robot can move."""
    done = 0
    base = t
    while done < fleet.stops[robot] and fleet.start[robot, done] <= t:
        base = max(t, int(fleet.end[robot, done]))
        done += 1
    return done, base


@lean_kernel
def _take_off(reserved: Reservations, fleet: Fleet, robot: int, base: int) -> None:
    """Take back what a robot has reserved after a timestep, and its home."""
    last = np.int64(fleet.rest_at[robot])
    if last > base:
        release(reserved, fleet.where[robot, base + 1 : last + 1], base + 1)
    reserved.rest_from[fleet.home[robot]] = NEVER


@lean_kernel
def _put_back(reserved: Reservations, fleet: Fleet, robot: int, base: int) -> None:
    """Reserve a robot's path after a timestep, and its home from its end on."""
    last = np.int64(fleet.rest_at[robot])
    if last > base:
        reserve(reserved, fleet.where[robot, base + 1 : last + 1], base + 1)
    reserved.rest_from[fleet.home[robot]] = last


@lean_kernel
def _plan(
    ground: Ground,
    reserved: Reservations,
    fleet: Fleet,
    planner: Planner,
    rest: Rest,
    robot: int,
    base: int,
    left: int,
    fixed: int,
    direction: int,
    thorough: bool,
    k: int,
) -> int:
    """Plan a robot's way through what ``rest`` holds, and home; into row k."""
    rest.stops.cell[left] = fleet.home[robot]
    rest.stops.row[left] = fleet.home_row[robot]
    rest.stops.steps[left] = 0
    status = plan_trip(
        ground,
        reserved,
        planner,
        np.int64(fleet.where[robot, base]),
        np.int64(fleet.facing[robot, base]),
        base,
        some_stops(rest.stops, 0, left + 1),
        min(fixed, left) + 1,
        direction,
        thorough,
        _found(rest, k),
    )
    if status == FOUND and base + rest.found.length[k, 0] > fleet.where.shape[1]:
        return NO_ROOM
    return status


@lean_kernel
def _settle(fleet: Fleet, robot: int, done: int, base: int, rest: Rest, k: int) -> None:
    """Write the path of row k from timestep ``base`` on as the robot's own.

    Its stops from number ``done`` on are put into the order found; ``rest`` is used
    to hold them meanwhile.
    """
    found = rest.found
    length = found.length[k, 0]
    for j in range(length):
        fleet.where[robot, base + j] = found.path[k, j]
        fleet.facing[robot, base + j] = found.heading[k, j]
    fleet.where[robot, base + length :] = fleet.home[robot]
    fleet.facing[robot, base + length :] = found.heading[k, length - 1]
    fleet.rest_at[robot] = base + length - 1
    left = fleet.stops[robot] - done
    for column in (fleet.number, fleet.cell, fleet.row, fleet.steps):
        for j in range(left):
            rest.stops.steps[j] = column[robot, done + j]
        for j in range(left):
            column[robot, done + j] = rest.stops.steps[found.order[k, j]]
    for j in range(left):
        fleet.start[robot, done + j] = found.start[k, j]
        fleet.end[robot, done + j] = found.end[k, j]
    fleet.free_at[robot] = fleet.end[robot, fleet.stops[robot] - 1]


@kernel
def send(
    ground: Ground,
    reserved: Reservations,
    fleet: Fleet,
    planner: Planner,
    rest: Rest,
    robot: int,
    t: int,
    stops: Stops,
    fixed: int,
    settles: bool,
) -> int:
    """Plan a new trip for a robot that has none, or a new end; return the status.

    The stops take the place of those that the robot has not begun to serve. The path
    and the labels made are in the first row of ``rest``. Where it is to be settled and
    is FOUND, the robot goes that way; otherwise it goes on as before. A path that is
    not to be settled is looked for quickly.
    """
    done = 0
    base = t
    if fleet.free_at[robot] < NEVER:
        done, base = _progress(fleet, robot, t)
    rested_from = min(np.int64(fleet.rest_at[robot]), t)
    _take_off(reserved, fleet, robot, base)
    _load_stops(rest, stops)
    status = _plan(
        ground,
        reserved,
        fleet,
        planner,
        rest,
        robot,
        base,
        len(stops.cell),
        fixed,
        EITHER,
        settles,
        0,
    )
    if settles and status == FOUND:
        fleet.fixed[robot] = fixed
        _give_stops(fleet, robot, done, stops)
        _settle(fleet, robot, done, base, rest, 0)
        # While it rested, nothing but its home said where it is.
        reserve(reserved, fleet.where[robot, rested_from : t + 1], rested_from)
    _put_back(reserved, fleet, robot, base)
    return status


@lean_kernel
def _load_stops(rest: Rest, stops: Stops) -> None:
    """Put stops into ``rest``."""
    for k in range(len(stops.cell)):
        rest.stops.cell[k] = stops.cell[k]
        rest.stops.row[k] = stops.row[k]
        rest.stops.steps[k] = stops.steps[k]


@lean_kernel
def _give_stops(fleet: Fleet, robot: int, done: int, stops: Stops) -> None:
    """Put stops into a robot's list, from number ``done`` on."""
    fleet.stops[robot] = done + len(stops.cell)
    for j in range(len(stops.cell)):
        fleet.number[robot, done + j] = done + j
        fleet.cell[robot, done + j] = stops.cell[j]
        fleet.row[robot, done + j] = stops.row[j]
        fleet.steps[robot, done + j] = stops.steps[j]


@lean_kernel
def _draw(state: NDArray[np.uint64], weight: NDArray[np.int64]) -> int:
    """Draw an index with a probability by weight; -1 when all are 0."""
    total = np.int64(0)
    for w in weight:
        total += w
    if total == 0:
        return -1
    point = random_below(state, total)
    for k in range(len(weight)):
        point -= weight[k]
        if point < 0:
            return k
    return -1


@lean_kernel
def _weigh_delays(
    distance: NDArray[np.int16], fleet: Fleet, t: int, weight: NDArray[np.int64]
) -> None:
    """Weigh robots by how much later they will be free than if they were alone."""
    for robot in range(len(weight)):
        weight[robot] = 0
        if fleet.free_at[robot] >= NEVER:
            continue
        done, base = _progress(fleet, robot, t)
        if done == fleet.stops[robot]:
            continue
        alone = base
        cell = fleet.where[robot, base]
        for k in range(done, fleet.stops[robot]):
            alone += distance[fleet.row[robot, k], cell] + fleet.steps[robot, k]
            cell = fleet.cell[robot, k]
        weight[robot] = max(1, fleet.free_at[robot] - alone)


@lean_kernel
def _weigh_meetings(
    fleet: Fleet,
    t: int,
    robot: int,
    weight: NDArray[np.int64],
    visit: NDArray[np.int32],
) -> None:
    """Weigh robots by how often they come soon before or after one of them."""
    last = min(np.int64(fleet.free_at[robot]), np.int64(fleet.where.shape[1]) - 1)
    for s in range(t, last + 1):
        visit[fleet.where[robot, s]] = s
    for other in range(len(weight)):
        weight[other] = 0
        if other == robot or fleet.free_at[other] >= NEVER:
            continue
        done, base = _progress(fleet, other, t)
        if done == fleet.stops[other]:
            continue
        before = -1
        for s in range(base, min(np.int64(fleet.rest_at[other]), last) + 1):
            cell = fleet.where[other, s]
            met = cell != before and visit[cell] >= 0
            if met and abs(visit[cell] - s) <= NEAR_STEPS:
                weight[other] += 1
            before = cell
    for s in range(t, last + 1):
        visit[fleet.where[robot, s]] = -1


@lean_kernel
def _choose_neighbourhood(
    distance: NDArray[np.int16],
    fleet: Fleet,
    t: int,
    rest: Rest,
    state: NDArray[np.uint64],
) -> int:
    """Fill ``rest.robots`` with a late robot and some it meets; return how many."""
    weight = rest.weight
    _weigh_delays(distance, fleet, t, weight)
    first = _draw(state, weight)
    if first < 0:
        return 0
    rest.robots[0] = first
    _weigh_meetings(fleet, t, first, weight, rest.visit)
    count = 1
    most = 1 + random_below(state, LARGEST_NEIGHBOURHOOD)
    while count < most:
        robot = _draw(state, weight)
        if robot < 0:
            break
        weight[robot] = 0
        rest.robots[count] = robot
        count += 1
    for k in range(count - 1, 0, -1):
        j = random_below(state, k + 1)
        rest.robots[k], rest.robots[j] = rest.robots[j], rest.robots[k]
    return count


@lean_kernel
def _load_rest(fleet: Fleet, robot: int, done: int, rest: Rest) -> int:
    """Put the stops from number ``done`` on into ``rest``; return how many."""
    left = int(fleet.stops[robot]) - done
    for k in range(left):
        rest.stops.cell[k] = fleet.cell[robot, done + k]
        rest.stops.row[k] = fleet.row[robot, done + k]
        rest.stops.steps[k] = fleet.steps[robot, done + k]
    return left


@lean_kernel
def _replan(
    ground: Ground,
    reserved: Reservations,
    fleet: Fleet,
    planner: Planner,
    rest: Rest,
    count: int,
    t: int,
    state: NDArray[np.uint64],
) -> int:
    """Plan some robots' rests again, in their order; settle it if it is better."""
    before = 0
    for k in range(count):
        robot = rest.robots[k]
        before += int(fleet.free_at[robot])
        _take_off(reserved, fleet, robot, _progress(fleet, robot, t)[1])
    after = 0
    planned = 0
    while planned < count:
        robot = rest.robots[planned]
        done, base = _progress(fleet, robot, t)
        left = _load_rest(fleet, robot, done, rest)
        way_round = random_below(state, 2)
        status = _plan(
            ground,
            reserved,
            fleet,
            planner,
            rest,
            robot,
            base,
            left,
            int(fleet.fixed[robot]),
            way_round,
            True,
            planned,
        )
        if status != FOUND:
            break
        after += int(rest.found.end[planned, left - 1])
        if after >= before:
            break
        length = rest.found.length[planned, 0]
        reserve(reserved, rest.found.path[planned, :length], base)
        reserved.rest_from[fleet.home[robot]] = base + length - 1
        planned += 1
    if planned == count:
        for k in range(count):
            robot = rest.robots[k]
            done, base = _progress(fleet, robot, t)
            _settle(fleet, robot, done, base, rest, k)
        return before - after
    for k in range(planned):
        base = _progress(fleet, rest.robots[k], t)[1]
        length = rest.found.length[k, 0]
        release(reserved, rest.found.path[k, 1:length], base + 1)
    for k in range(count):
        robot = rest.robots[k]
        _put_back(reserved, fleet, robot, _progress(fleet, robot, t)[1])
    return 0


@lean_kernel
def improve(
    ground: Ground,
    reserved: Reservations,
    fleet: Fleet,
    planner: Planner,
    rest: Rest,
    t: int,
    rounds: int,
    state: NDArray[np.uint64],
) -> int:
    """Try some neighbourhoods; return how many timesteps earlier robots come free.

    Parameters
    ----------
    ground : Ground
    reserved : Reservations
    fleet : Fleet
    planner : Planner
    rest : Rest
    t : int
        The present timestep: what is before stays.
    rounds : int
        Neighbourhoods to try.
    state : ndarray of uint64, shape (1,)
        State of the random generator, not 0.
    """
    gained = 0
    for _ in range(rounds):
        count = _choose_neighbourhood(ground.distance, fleet, t, rest, state)
        if count == 0:
            break
        gained += _replan(ground, reserved, fleet, planner, rest, count, t, state)
    return gained
