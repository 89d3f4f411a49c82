"""Which robot brings which pod to which station next."""

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.pods.arrays import ANY_POD, BEST_RATE, NONE, TO_POD, Site, Work
from solvers.pods.charging import can_fetch, is_free, leave_charger
from solvers.pods.motion import STEP, Traffic
from solvers.pods.supply import count_inbound
from solvers.pods.visits import (
    find_lines,
    mark_inbound,
    promise,
    unmark_inbound,
)
from solvers.random_words import random_below


@lean_kernel
def _steps_to(
    traffic: Traffic, empty: NDArray[np.int16], spot_row: int, robot: int
) -> float:
    """Steps of an empty robot to a spot."""
    state = 4 * traffic.robots.vertex[robot] + traffic.robots.heading[robot]
    return empty[spot_row, state] / STEP


@lean_kernel
def _nearest_robot(
    site: Site, empty: NDArray[np.int16], spot_rows: NDArray[np.int64], spot: int
) -> tuple[int, float]:
    """Free robot that is nearest to a spot and can do the trip, and its steps."""
    best, least = NONE, np.inf
    for robot in range(len(site.robots)):
        if is_free(site, robot):
            steps = _steps_to(site.traffic, empty, spot_rows[spot], robot)
            if steps < least and can_fetch(site, robot, spot, steps):
                best, least = robot, steps
    return best, least


@lean_kernel
def find_nearest(
    site: Site, empty: NDArray[np.int16], spot_rows: NDArray[np.int64]
) -> None:
    """Find the nearest free robot of each pod that stands and is not spoken for."""
    pods = site.pods
    for pod in range(len(pods)):
        pods.robot_of[pod] = NONE
        if not pods.in_use[pod]:
            pods.robot_of[pod], pods.approach[pod] = _nearest_robot(
                site, empty, spot_rows, pods.spot[pod]
            )


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
    robots.trip[robot] = site.record.used[2]
    site.record.used[2] += 1
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
def _best_trip(
    site: Site,
    t: int,
    empty: NDArray[np.int16],
    spot_rows: NDArray[np.int64],
    work: Work,
) -> tuple[int, int, int]:
    """Robot, pod and station of the trip that is worth most for its time."""
    pods = site.pods
    stations = site.stations
    times = site.times
    rules = site.rules
    best_rate, best = 0.0, (NONE, NONE, NONE)
    count = len(site.pods)
    robot_of, approach = pods.robot_of, pods.approach
    find_nearest(site, empty, spot_rows)
    for station in range(len(stations)):
        ahead_s = _ahead_s(site, station, t)
        full = stations.inbound[station] >= stations.queue[station]
        if full or ahead_s >= rules.work_s:
            continue
        mark_inbound(site, station)
        for pod in range(count):
            if robot_of[pod] == NONE:
                continue
            _, units, gain = find_lines(site, pod, station, True, work)
            worth = units + gain
            if worth <= 0:
                continue
            spot = pods.spot[pod]
            steps = approach[pod] + times.lift + site.to_dock[spot, station]
            drive_s = steps * times.step_s
            wait_s = max(0.0, ahead_s - drive_s)
            stay_s = (units - 1) * times.unit_s + times.stand_s
            back_s = (site.from_dock[station, spot] + times.set_down) * times.step_s
            total_s = (
                rules.overhead_s
                + drive_s
                + rules.wait_weight * wait_s
                + stay_s
                + back_s
            )
            if worth / total_s > best_rate:
                best_rate, best = worth / total_s, (robot_of[pod], pod, station)
        unmark_inbound(site, station)
    return best


@lean_kernel
def _plain_trip(
    site: Site, empty: NDArray[np.int16], spot_rows: NDArray[np.int64], work: Work
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
            if pods.in_use[pod]:
                continue
            _, units, _ = find_lines(site, pod, station, False, work)
            if units == 0:
                continue
            spot = pods.spot[pod]
            robot, steps = _nearest_robot(site, empty, spot_rows, spot)
            if robot == NONE:
                continue
            if steps < least:
                least, best = steps, (robot, pod, station)
            if rules.pods == ANY_POD:
                break
        if best[0] != NONE:
            return best
    return NONE, NONE, NONE


@lean_kernel
def dispatch(
    site: Site,
    t: int,
    empty: NDArray[np.int16],
    spot_rows: NDArray[np.int64],
    work: Work,
) -> None:
    """Send free robots for pods, one after the other.

    Parameters
    ----------
    site : Site
    t : int
    empty : ndarray of int16, shape (rows, 4 * vertices)
        Costs of empty robots to their goals.
    spot_rows : ndarray of int64, shape (spots,)
        Row of each spot in ``empty``.
    work : Work
    """
    best_rate = site.rules.pods == BEST_RATE
    free = 0
    for robot in range(len(site.robots)):
        free += is_free(site, robot)
    for _ in range(free):
        if best_rate:
            robot, pod, station = _best_trip(site, t, empty, spot_rows, work)
        else:
            robot, pod, station = _plain_trip(site, empty, spot_rows, work)
        if robot == NONE:
            break
        mark_inbound(site, station)
        rows, _, _ = find_lines(site, pod, station, best_rate, work)
        unmark_inbound(site, station)
        begin_trip(site, robot, pod, station, t)
        promise(site, robot, station, rows, work)
