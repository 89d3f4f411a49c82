"""When and where robots charge, and which trips their batteries allow.

Every robot keeps what it needs to finish what it has begun and to get to a charger with
its reserve. Who is low is called to a charger, the lowest first; who has no work tops
up. A charger is spoken for by one robot, so that nobody queues there blindly, and who
has charged for long enough makes room when others wait.
"""

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.pods.arrays import (
    CHARGING,
    IDLE,
    LIFTING,
    NONE,
    SETTING,
    STAYS,
    TO_CHARGER,
    Site,
)
from solvers.pods.promises import take_back
from solvers.pods.supply import home_wh, is_filled, take_goods_back

MARGIN = 1.5
"""By so much more than on a free way robots are held to use on the way."""
LEAST_GAIN = 0.2
"""Share of the capacity that a robot has more than one in need, to make room for it."""
TO_CHARGE, FROM_CHARGER = 1_500_000, 4_000_000
"""Priorities of robots on their way to a charger, and of those that leave one.

The first pass before other empty robots, not before laden ones, which cannot turn aside
everywhere. The others pass before all: a charger may have one way in and out, and who
comes may stand there already.
"""


@lean_kernel
def is_free(site: Site, robot: int) -> bool:
    """Whether a robot may be given a trip: it is idle, or has charged for long."""
    phase = site.robots.phase[robot]
    if phase == IDLE:
        return True
    charges = phase in (TO_CHARGER, CHARGING)
    return charges and site.robots.level_wh[robot] >= site.energy.leave_wh


@lean_kernel
def can_fetch(site: Site, robot: int, spot: int, steps: float) -> bool:
    """Whether a robot can bring the pod of a spot to any station, and then charge.

    ``steps`` is its way to the spot. A full battery will do for any trip.
    """
    energy = site.energy
    driven_wh = steps * energy.moving_wh + site.spots.trip_wh[spot]
    need_wh = energy.reserve_wh + MARGIN * driven_wh + energy.stand_wh
    return site.robots.level_wh[robot] >= min(need_wh, energy.full_wh)


@lean_kernel
def can_go_on(site: Site, robot: int, station: int) -> bool:
    """Whether a robot with a pod can call at one more station before it charges."""
    energy = site.energy
    steps = site.dock_to_dock[site.robots.station[robot], station]
    driven_wh = steps * energy.carrying_wh + home_wh(site, station)
    need_wh = energy.reserve_wh + MARGIN * driven_wh + energy.stand_wh
    return site.robots.level_wh[robot] >= need_wh


@lean_kernel
def gives_up(site: Site, robot: int) -> bool:
    """Whether a robot must leave a station while it can; takes its promises back."""
    robots = site.robots
    station = robots.station[robot]
    need_wh = site.energy.reserve_wh + MARGIN * home_wh(site, station)
    if robots.level_wh[robot] >= need_wh:
        return False
    for row in range(robots.next_row[robot], robots.rows[robot]):
        if is_filled(site, station):
            take_goods_back(site, robot, station, row)
        else:
            take_back(site, robot, station, row)
    robots.next_row[robot] = robots.rows[robot]
    return True


@lean_kernel
def leave_charger(site: Site, robot: int, t: int) -> None:
    """Let a robot that charges, or is on its way to it, be idle where it is."""
    robots = site.robots
    if robots.phase[robot] == CHARGING:
        stay = site.record.charges[robots.stay[robot]]
        stay[3], stay[5] = t, robots.level_wh[robot]
    site.chargers.robot[robots.charger[robot]] = NONE
    robots.charger[robot] = NONE
    robots.phase[robot], robots.begun[robot] = IDLE, t
    site.traffic.robots.serving[robot] = False


@lean_kernel
def _nearest_charger(
    site: Site, table: NDArray[np.int16], rows: NDArray[np.int64], robot: int
) -> int:
    """Charger that is nearest to a robot of those nobody speaks for, or NONE."""
    moving = site.traffic.robots
    state = 4 * moving.vertex[robot] + moving.heading[robot]
    best, least = NONE, np.int64(1 << 30)
    for charger in range(len(site.chargers)):
        cost = np.int64(table[rows[charger], state])
        if site.chargers.robot[charger] == NONE and cost < least:
            best, least = charger, cost
    return best


@lean_kernel
def _who_makes_room(site: Site, robot: int) -> int:
    """Robot with a charger that can do without it for one in need of it, or NONE."""
    energy = site.energy
    robots = site.robots
    least_wh = energy.leave_wh
    if robots.level_wh[robot] < energy.urgent_wh:
        gain_wh = LEAST_GAIN * energy.capacity_wh
        least_wh = min(least_wh, robots.level_wh[robot] + gain_wh)
    best = NONE
    for other in range(len(robots)):
        if robots.charger[other] != NONE and robots.level_wh[other] >= least_wh:
            best, least_wh = other, robots.level_wh[other]
    return best


@lean_kernel
def call(
    site: Site,
    t: int,
    below_wh: float,
    others_make_room: bool,
    table: NDArray[np.int16],
    rows: NDArray[np.int64],
) -> None:
    """Send idle robots whose level is below some level to chargers, the lowest first.

    Parameters
    ----------
    site : Site
    t : int
    below_wh : float
    others_make_room : bool
        Whether robots that have charged for long enough leave their chargers for it.
    table : ndarray of int16, shape (rows, 4 * vertices)
        Costs of ways to goals.
    rows : ndarray of int64, shape (chargers,)
        Row of each charger in ``table``.
    """
    robots = site.robots
    for _ in range(len(robots)):
        lowest, least_wh = NONE, below_wh
        for robot in range(len(robots)):
            if robots.phase[robot] == IDLE and robots.level_wh[robot] < least_wh:
                lowest, least_wh = robot, robots.level_wh[robot]
        if lowest == NONE:
            return
        charger = _nearest_charger(site, table, rows, lowest)
        if charger == NONE and others_make_room:
            other = _who_makes_room(site, lowest)
            if other != NONE:
                charger = robots.charger[other]
                leave_charger(site, other, t)
        if charger == NONE:
            return
        site.chargers.robot[charger] = lowest
        robots.charger[lowest] = charger
        robots.phase[lowest], robots.begun[lowest] = TO_CHARGER, t
        site.traffic.robots.goal[lowest] = site.chargers.vertex[charger]


@lean_kernel
def charge(site: Site, t: int) -> None:
    """Let robots that came to their chargers begin, and full ones end, to charge."""
    robots = site.robots
    moving = site.traffic.robots
    record = site.record
    for robot in range(len(robots)):
        vertex = moving.vertex[robot]
        if robots.phase[robot] == TO_CHARGER:
            moving.priority[robot] = TO_CHARGE + t - robots.begun[robot]
        if site.vertices.charger[vertex] != NONE:
            moving.priority[robot] = FROM_CHARGER
        if robots.phase[robot] == TO_CHARGER and vertex == moving.goal[robot]:
            robots.phase[robot], robots.begun[robot] = CHARGING, t
            robots.stay[robot] = record.used[STAYS]
            record.used[STAYS] += 1
            stay = record.charges[robots.stay[robot]]
            stay[0], stay[1], stay[2], stay[3] = robot, vertex, t, t
            stay[4] = stay[5] = robots.level_wh[robot]
        if robots.phase[robot] == CHARGING:
            moving.serving[robot] = True
            if robots.level_wh[robot] >= site.energy.full_wh:
                leave_charger(site, robot, t)


@lean_kernel
def spend(site: Site) -> None:
    """Change the levels of all robots by what they did in the step just made."""
    energy = site.energy
    robots = site.robots
    moving = site.traffic.robots
    for robot in range(len(robots)):
        phase = robots.phase[robot]
        level_wh = robots.level_wh[robot]
        if phase == CHARGING:
            level_wh = min(energy.capacity_wh, level_wh + energy.charge_wh)
        elif phase in (LIFTING, SETTING):
            level_wh -= energy.lifting_wh
        elif moving.stood[robot]:
            level_wh -= energy.idle_wh
        elif moving.laden[robot]:
            level_wh -= energy.carrying_wh
        else:
            level_wh -= energy.moving_wh
        robots.level_wh[robot] = level_wh
