"""Which pods are worth a close look for a station, where there are too many for all."""

import numpy as np

from solvers.kernel import lean_kernel
from solvers.pods.arrays import (
    IN_VAIN,
    NONE,
    WAITING,
    Site,
    Work,
)
from solvers.pods.slots import most_kept
from solvers.pods.splitting import may_leave
from solvers.pods.worth import price

MOST_LOOKS = 4096
"""Pairs of a pod and a station that are compared closely for a trip, about."""
MOST_OF_ONE = 512
"""Of these so many for one station, at most."""
LEAST_VALUE = 1 / 64
"""A pod that has a line of an order counts so much, where the order would not open."""
THOROUGH = 64
"""Every so many times that no trip is found all pods are looked at."""
GRADES = 1024
"""Steps in which rough rates are told apart."""


@lean_kernel
def picking_s(site: Site, units: float) -> float:
    """Seconds that a pod stands at a station from which so many units are picked."""
    return (units - 1) * site.times.unit_s + site.times.stand_s


@lean_kernel
def trip_rate(
    site: Site, pod: int, station: int, ahead_s: float, stay_s: float, worth: float
) -> float:
    """Worth of a trip with a pod that its nearest free robot makes, for its time.

    Parameters
    ----------
    site : Site
    pod, station : int
    ahead_s : float
        Seconds of work that is promised at the station.
    stay_s, worth : float
        How long the pod stands there, and what the trip is worth.
    """
    return worth / trip_s(site, pod, station, ahead_s, stay_s)


@lean_kernel
def trip_s(site: Site, pod: int, station: int, ahead_s: float, stay_s: float) -> float:
    """Time of a trip with a pod that its nearest free robot makes.

    ``pods.approach`` says how far away the robot is.
    """
    times = site.times
    rules = site.rules
    spot = site.pods.spot[pod]
    steps = site.pods.approach[pod] + times.lift + site.to_dock[spot, station]
    drive_s = steps * times.step_s
    wait_s = max(0.0, ahead_s - drive_s)
    back_s = (site.from_dock[station, spot] + times.set_down) * times.step_s
    return rules.overhead_s + drive_s + rules.wait_weight * wait_s + stay_s + back_s


@lean_kernel
def _value_skus(site: Site, station: int, work: Work) -> None:
    """Say what it is worth at a station that a pod has a SKU, roughly.

    A line of an order bound to the station counts with its units and price, one of an
    order that waits with what the order is worth, if it opens with this line and those
    that pods on their way have: see `solvers.pods.visits.mark_inbound`.
    """
    lines = site.lines
    orders = site.orders
    skus = site.skus
    for sku in range(len(skus)):
        work.value[sku] = 0.0
        line = skus.head[sku]
        while line != NONE:
            order = lines.order[line]
            need = lines.left[line] - lines.promised[line]
            if need > 0 and orders.station[order] == station:
                work.value[sku] += need + price(site, sku)
            elif orders.station[order] != NONE:
                if site.rules.split_cost < np.inf and may_leave(site, line):
                    worth = need + price(site, sku) - site.rules.split_cost
                    work.value[sku] += max(LEAST_VALUE, worth)
            elif orders.state[order] == WAITING:
                work.value[sku] += _value_order(site, order, line, station)
            line = lines.after[line]


@lean_kernel
def _value_order(site: Site, order: int, line: int, station: int) -> float:
    """What an order that waits is worth for a pod with one of its lines."""
    lines = site.lines
    skus = site.skus
    units, cost, missing = 0, site.rules.slot_worth, 0
    for other in range(site.orders.first[order], site.orders.last[order]):
        if lines.order[other] != order:
            continue
        sku = lines.sku[other]
        if other == line or skus.item_of[sku] != NONE:
            units += lines.left[other]
        elif lines.left[other] > 0:
            cost += price(site, sku)
            missing += 1
    slots, pinned = site.stations.slots[station], site.stations.pinned[station]
    if missing == 0 and pinned < slots:
        return float(units)
    if pinned >= most_kept(site, station):
        cost = np.inf
    worth = units - min(cost, site.rules.split_cost)
    return max(LEAST_VALUE, worth) if worth > site.rules.least_gain else LEAST_VALUE


@lean_kernel
def _rate_pods(site: Site, station: int, ahead_s: float, work: Work) -> float:
    """Rate the pods of the station roughly; the best rate."""
    pods = site.pods
    items = site.items
    best = 0.0
    for pod in range(len(pods)):
        work.rate[pod] = 0.0
        if pods.robot_of[pod] == NONE:
            continue
        worth = 0.0
        for item in range(pods.first[pod], pods.last[pod]):
            if items.left[item] > 0:
                worth += work.value[items.sku[item]]
        if worth > 0.0:
            stay_s = picking_s(site, worth)
            work.rate[pod] = trip_rate(site, pod, station, ahead_s, stay_s, worth)
            best = max(best, work.rate[pod])
    return best


@lean_kernel
def _grade(rate: float, best: float) -> int:
    """Grade of a rough rate."""
    return int(rate / best * (GRADES - 1))


@lean_kernel
def _least_grade(site: Site, most: int, best: float, work: Work) -> tuple[int, int]:
    """Least grade that is listed, and for how many pods of that grade there is room."""
    grades = work.grades
    grades[:] = 0
    for pod in range(len(site.pods)):
        if work.rate[pod] > 0.0:
            grades[_grade(work.rate[pod], best)] += 1
    room, grade = most, GRADES - 1
    while grade > 0 and grades[grade] < room:
        room -= grades[grade]
        grade -= 1
    return grade, room


@lean_kernel
def list_pods(
    site: Site, station: int, ahead_s: float, open_stations: int, work: Work
) -> int:
    """List pods that may be worth a trip to a station, in the order of pods.

    All that have anything the station may want, where these are few. Otherwise those
    that are best by a rough rate, which takes no account of lines of an order that lie
    on one pod; so that none is overlooked for good, all of them now and then.

    Parameters
    ----------
    site : Site
        With SKUs marked that pods on their way to the station have.
    station : int
    ahead_s : float
        Seconds of work that is promised at the station.
    open_stations : int
        Stations that share `MOST_LOOKS`.
    work : Work
        ``listed`` is written.

    Returns
    -------
    int
        How many are listed.
    """
    _value_skus(site, station, work)
    best = _rate_pods(site, station, ahead_s, work)
    if best == 0.0:
        return 0
    most = min(MOST_OF_ONE, MOST_LOOKS // open_stations)
    if site.counts[IN_VAIN] % THOROUGH == THOROUGH - 1:
        most = len(site.pods)
    least, room = _least_grade(site, most, best, work)
    count = 0
    for pod in range(len(site.pods)):
        if work.rate[pod] == 0.0:
            continue
        grade = _grade(work.rate[pod], best)
        if grade < least:
            continue
        if grade == least:
            room -= 1
            if room < 0:
                continue
        work.listed[count] = pod
        count += 1
    return count
