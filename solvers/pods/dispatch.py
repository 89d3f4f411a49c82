"""Which robot brings which pod to which station next."""

import numpy as np

from solvers.kernel import lean_kernel
from solvers.pods.arrays import (
    ANY_POD,
    BEST_RATE,
    IN_VAIN,
    NONE,
    TO_POD,
    TRIPS,
    Site,
    Work,
)
from solvers.pods.charging import is_free, leave_charger
from solvers.pods.nearest import find_nearest
from solvers.pods.promises import promise
from solvers.pods.searches import Front, Roads
from solvers.pods.shortlist import list_pods, picking_s, trip_rate
from solvers.pods.supply import count_inbound
from solvers.pods.visits import find_lines, mark_inbound, unmark_inbound
from solvers.random_words import random_below


@lean_kernel
def begin_trip(site: Site, robot: int, pod: int, station: int, t: int) -> None:
    """Give a robot a trip, for nothing as yet."""
    robots = site.robots
    if robots.charger[robot] != NONE:
        leave_charger(site, robot, t)
    robots.rows[robot], robots.next_row[robot] = 0, 0
    site.pods.in_use[pod] = True
    count_inbound(site, station, 1)
    robots.pod[robot], robots.station[robot] = pod, station
    robots.trip[robot] = site.record.used[TRIPS]
    site.record.used[TRIPS] += 1
    robots.phase[robot], robots.begun[robot] = TO_POD, t
    site.traffic.robots.goal[robot] = site.spots.vertex[site.pods.spot[pod]]


@lean_kernel
def _ahead_s(site: Site, station: int, t: int) -> float:
    """Seconds of work that is promised at a station."""
    stations = site.stations
    times = site.times
    busy_s = max(0.0, stations.picker_free_s[station] - t * times.step_s)
    return busy_s + stations.units[station] * times.unit_s


@lean_kernel
def _wants_pods(site: Site, station: int, t: int) -> bool:
    """Whether a station has room for one more pod, and little work ahead."""
    stations = site.stations
    if stations.inbound[station] >= stations.queue[station]:
        return False
    return _ahead_s(site, station, t) < site.rules.work_s


@lean_kernel
def _best_trip(
    site: Site, t: int, roads: Roads, front: Front, work: Work
) -> tuple[int, int, int]:
    """Robot, pod and station of the trip that is worth most for its time."""
    best_rate, best = 0.0, (NONE, NONE, NONE)
    open_stations = 0
    for station in range(len(site.stations)):
        open_stations += _wants_pods(site, station, t)
    if open_stations == 0:
        return best
    find_nearest(site, roads, front)
    for station in range(len(site.stations)):
        if not _wants_pods(site, station, t):
            continue
        ahead_s = _ahead_s(site, station, t)
        mark_inbound(site, station)
        for k in range(list_pods(site, station, ahead_s, open_stations, work)):
            pod = work.listed[k]
            _, units, gain = find_lines(site, pod, station, True, work)
            worth = units + gain
            if worth <= 0:
                continue
            stay_s = picking_s(site, units)
            rate = trip_rate(site, pod, station, ahead_s, stay_s, worth)
            if rate > best_rate:
                best_rate, best = rate, (site.pods.robot_of[pod], pod, station)
        unmark_inbound(site, station)
    return best


@lean_kernel
def _plain_trip(
    site: Site, roads: Roads, front: Front, work: Work
) -> tuple[int, int, int]:
    """Robot, pod and station of a trip by a simple rule.

    The station with fewest robots gets the nearest pod, or any, that holds a line of
    its open orders.
    """
    pods = site.pods
    stations = site.stations
    rules = site.rules
    count = len(site.pods)
    tried = stations.tried
    tried[:] = False
    find_nearest(site, roads, front)
    for _ in range(len(stations)):
        station = NONE
        for other in range(len(stations)):
            if tried[other] or stations.inbound[other] >= stations.queue[other]:
                continue
            if station == NONE or stations.inbound[other] < stations.inbound[station]:
                station = other
        if station == NONE:
            break
        tried[station] = True
        least, best = np.inf, (NONE, NONE, NONE)
        start = random_below(site.random, count)
        for k in range(count):
            pod = (start + k) % count
            if pods.in_use[pod] or pods.robot_of[pod] == NONE:
                continue
            _, units, _ = find_lines(site, pod, station, False, work)
            if units == 0:
                continue
            robot, steps = pods.robot_of[pod], pods.approach[pod]
            if steps < least:
                least, best = steps, (robot, pod, station)
            if rules.pods == ANY_POD:
                break
        if best[0] != NONE:
            return best
    return NONE, NONE, NONE


@lean_kernel
def dispatch(site: Site, t: int, roads: Roads, front: Front, work: Work) -> bool:
    """Send a free robot for a pod; whether there was one, and anything for it to do.

    Parameters
    ----------
    site : Site
    t : int
    roads : Roads
    front : Front
        Room for searches.
    work : Work
    """
    best_rate = site.rules.pods == BEST_RATE
    free = False
    for robot in range(len(site.robots)):
        free |= is_free(site, robot)
    if not free:
        return False
    if best_rate:
        robot, pod, station = _best_trip(site, t, roads, front, work)
    else:
        robot, pod, station = _plain_trip(site, roads, front, work)
    if robot == NONE:
        site.counts[IN_VAIN] += 1
        return False
    site.counts[IN_VAIN] = 0
    mark_inbound(site, station)
    rows, _, _ = find_lines(site, pod, station, best_rate, work)
    unmark_inbound(site, station)
    begin_trip(site, robot, pod, station, t)
    promise(site, robot, station, rows, work)
    return True
