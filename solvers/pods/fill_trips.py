"""Which robot brings which pod to which station to be filled."""

import numpy as np

from solvers.kernel import lean_kernel
from solvers.pods.arrays import (
    GOODS_GONE,
    GOODS_THERE,
    NONE,
    Site,
    Work,
)
from solvers.pods.charging import is_free
from solvers.pods.dispatch import begin_trip
from solvers.pods.filling import filling_worth, find_goods, list_goods, promise_found
from solvers.pods.nearest import find_nearest
from solvers.pods.searches import Front, Roads
from solvers.pods.shortlist import trip_rate, trip_s
from solvers.pods.supply import work_ahead_s

ROUNDING = 1 + 1e-9
"""So much longer a trip may be, for the rounding of sums."""


@lean_kernel
def _list_gains(site: Site, fill: int, goods: int, now_s: float, work: Work) -> None:
    """Write down what so many boxes can be worth at most in a pod at a station."""
    arrivals = site.arrivals
    gains = work.gains
    gains[:] = 0.0
    for k in range(goods):
        arrival = work.goods[k]
        if arrivals.station[arrival] not in (NONE, fill):
            continue
        gain = filling_worth(site, arrival, arrivals.left[arrival], True, now_s)
        for place in range(len(gains)):
            if gain > gains[place]:
                gain, gains[place] = gains[place], gain
    for boxes in range(1, len(gains)):
        gains[boxes] += gains[boxes - 1]


@lean_kernel
def _longest_s(site: Site, fill: int, rate: float, work: Work) -> float:
    """Longest trip, but for the stay, that may be worth more than a rate."""
    if rate <= 0.0:
        return np.inf
    fills = site.fills
    longest_s, stay_s = 0.0, fills.s_per_visit[fill]
    for boxes in range(len(work.gains)):
        stay_s += fills.s_per_box[fill]
        longest_s = max(longest_s, work.gains[boxes] / rate - stay_s)
    return longest_s * ROUNDING


@lean_kernel
def best_filling(
    site: Site, t: int, least_rate: float, goods: int, work: Work
) -> tuple[int, int, int]:
    """Robot, pod and station of the trip that is worth most for its time.

    Pods so far away that no goods would make up for it are passed over.
    """
    pods = site.pods
    fills = site.fills
    now_s = t * site.times.step_s
    best_rate, best = least_rate, (NONE, NONE, NONE)
    for at in range(len(fills)):
        ahead_s = work_ahead_s(site, at, now_s)
        if fills.inbound[at] >= fills.queue[at] or ahead_s >= site.rules.work_s:
            continue
        station = len(site.stations) + at
        _list_gains(site, at, goods, now_s, work)
        longest_s = _longest_s(site, at, best_rate, work)
        for pod in range(len(pods)):
            if pods.robot_of[pod] == NONE or pods.room[pod] == 0:
                continue
            if trip_s(site, pod, station, ahead_s, 0.0) > longest_s:
                continue
            rows, worth, work_s = find_goods(site, pod, at, goods, now_s, work)
            if rows == 0:
                continue
            rate = trip_rate(site, pod, station, ahead_s, work_s, worth)
            if rate > best_rate:
                best_rate, best = rate, (pods.robot_of[pod], pod, station)
                longest_s = _longest_s(site, at, best_rate, work)
    return best


@lean_kernel
def send_to_fill(
    site: Site, t: int, least_rate: float, roads: Roads, front: Front, work: Work
) -> bool:
    """Send a free robot for a pod that is to be filled; whether there was such a trip.

    Parameters
    ----------
    site : Site
    t : int
    least_rate : float
        Units a second that a trip must be worth.
    roads : Roads
    front : Front
        Room for searches.
    work : Work
    """
    free = False
    for robot in range(len(site.robots)):
        free |= is_free(site, robot)
    if not free or site.counts[GOODS_GONE] == site.counts[GOODS_THERE]:
        return False
    goods = list_goods(site, work)
    if goods == 0:
        return False
    find_nearest(site, roads, front)
    robot, pod, station = best_filling(site, t, least_rate, goods, work)
    if robot == NONE:
        return False
    at = station - len(site.stations)
    now_s = t * site.times.step_s
    begin_trip(site, robot, pod, station, t)
    rows, _, _ = find_goods(site, pod, at, goods, now_s, work)
    promise_found(site, robot, station, rows, work)
    return True
