"""Filling pods: which goods a pod takes, what they are worth, and the work itself."""

import numpy as np

from solvers.kernel import lean_kernel
from solvers.pods.arrays import (
    GOODS_GONE,
    GOODS_THERE,
    LACKING,
    MOST_ROWS,
    NONE,
    ORDERS_KNOWN,
    ORDERS_LACKING,
    REFILLS,
    UNITS,
    WHAT,
    WHERE,
    Site,
    Work,
)
from solvers.pods.known import show
from solvers.pods.promises import note
from solvers.pods.supply import (
    lacked,
    let_lack_no_more,
    promise_goods,
    reserve,
    work_ahead_s,
)

MOST_BOXES = 8
"""Arrivals that a pod is sent for at once."""
WAIT_S = 600.0
"""Goods that have waited so long are worth twice as much as at first."""
NEW_ON_POD = 1.25
"""By so much more units are worth on a pod that has none of their SKU yet.

A SKU on more pods is on more of those that come to a station anyway.
"""


@lean_kernel
def list_goods(site: Site, work: Work) -> int:
    """List goods that wait: those that orders lack, then the oldest; how many."""
    arrivals = site.arrivals
    count = 0
    for looks_for_lacked in (True, False):
        for k in range(site.counts[GOODS_GONE], site.counts[GOODS_THERE]):
            arrival = arrivals.arrival[k]
            is_lacked = lacked(site, arrivals.sku[arrival]) > 0
            if arrivals.left[arrival] == 0 or is_lacked != looks_for_lacked:
                continue
            if count == len(work.goods):
                return count
            work.goods[count] = arrival
            count += 1
    return count


@lean_kernel
def _place_on_pod(
    site: Site, pod: int, sku: int, rows: int, work: Work
) -> tuple[int, bool]:
    """Item of a pod that takes units of a SKU, or NONE, and whether the SKU is new.

    One of the SKU, or else one of which nothing is left. Those of the first ``rows``
    found are spoken for by their SKUs.
    """
    items = site.items
    pods = site.pods
    spare = NONE
    for item in range(pods.first[pod], pods.last[pod]):
        taken_by = NONE
        for row in range(rows):
            if work.found[row, WHERE] == item:
                taken_by = site.arrivals.sku[work.found[row, WHAT]]
        if taken_by == sku or (taken_by == NONE and items.sku[item] == sku):
            return item, taken_by == NONE and items.left[item] == 0
        if spare == NONE and taken_by == NONE and items.left[item] == 0:
            spare = item
    return spare, True


@lean_kernel
def filling_worth(
    site: Site, arrival: int, units: int, is_new: bool, now_s: float
) -> float:
    """Units that it is worth to put so many of some goods into a pod."""
    arrivals = site.arrivals
    urgent = min(units, lacked(site, arrivals.sku[arrival]))
    waited_s = now_s - arrivals.release_s[arrival]
    worth = (units - urgent) * site.rules.fill_worth * (NEW_ON_POD if is_new else 1.0)
    return (urgent + worth) * (1.0 + waited_s / WAIT_S)


@lean_kernel
def find_goods(
    site: Site, pod: int, fill: int, goods: int, now_s: float, work: Work
) -> tuple[int, float, float]:
    """Find what a pod takes at a station where pods are filled.

    Goods are taken in the order of their list, whole where the pod has the room, and
    otherwise as many units as it has.

    Parameters
    ----------
    site : Site
    pod, fill : int
    goods : int
        How many `list_goods` listed.
    now_s : float
    work : Work
        ``found`` holds arrival, item and units.

    Returns
    -------
    rows : int
    worth : float
        Units.
    work_s : float
        Seconds of the worker.
    """
    arrivals = site.arrivals
    fills = site.fills
    room = site.pods.room[pod]
    rows, worth, work_s = 0, 0.0, fills.s_per_visit[fill]
    for k in range(goods):
        if room == 0 or rows == MOST_BOXES:
            break
        arrival = work.goods[k]
        if arrivals.station[arrival] not in (NONE, fill):
            continue
        units = min(room, arrivals.left[arrival])
        item, is_new = _place_on_pod(site, pod, arrivals.sku[arrival], rows, work)
        if units == 0 or item == NONE:
            continue
        note(work, rows, arrival, item, units, NONE)
        rows += 1
        room -= units
        worth += filling_worth(site, arrival, units, is_new, now_s)
        work_s += fills.s_per_box[fill] + units * fills.s_per_unit[fill]
    return rows, worth, work_s


@lean_kernel
def promise_found(site: Site, robot: int, station: int, rows: int, work: Work) -> None:
    """Add the goods that were found to what a robot's pod is to be filled with."""
    for row in range(rows):
        found = work.found[row]
        promise_goods(site, robot, station, found[WHAT], found[UNITS])


@lean_kernel
def fill(site: Site, robot: int, t: int, work: Work) -> bool:
    """Let the worker put the next goods into a pod, or what has arrived since.

    Returns whether there was anything to put in.
    """
    robots = site.robots
    fills = site.fills
    record = site.record
    station = robots.station[robot]
    at = station - len(site.stations)
    now_s = t * site.times.step_s
    if robots.next_row[robot] == robots.rows[robot]:
        if robots.rows[robot] + MOST_BOXES > MOST_ROWS:
            return False
        goods = list_goods(site, work)
        rows, _, _ = find_goods(site, robots.pod[robot], at, goods, now_s, work)
        promise_found(site, robot, station, rows, work)
        if rows == 0:
            return False
    row = robots.next_row[robot]
    arrival, units = site.visits[robot, row, WHAT], site.visits[robot, row, UNITS]
    work_s = fills.s_per_box[at] + units * fills.s_per_unit[at]
    fills.promised_s[at] -= work_s
    if row == 0:
        work_s += fills.s_per_visit[at]
    start_s = max(now_s, fills.worker_free_s[at])
    end_s = start_s + work_s
    fills.worker_free_s[at] = end_s
    refill = record.refills[record.used[REFILLS]]
    record.used[REFILLS] += 1
    refill[0], refill[1], refill[2] = robots.visit[robot], arrival, units
    refill[3], refill[4] = start_s, end_s
    robots.next_row[robot] += 1
    robots.until[robot] = np.int32(np.ceil(end_s / site.times.step_s - 1e-9))
    _put_in(site, robots.pod[robot], arrival, units, work)
    return True


@lean_kernel
def _put_in(site: Site, pod: int, arrival: int, units: int, work: Work) -> None:
    """Count units that were put into a pod; orders that lacked them are shown."""
    items = site.items
    skus = site.skus
    sku = site.arrivals.sku[arrival]
    item, _ = _place_on_pod(site, pod, sku, 0, work)
    if items.left[item] == 0:
        skus.pods[sku] += 1
    items.sku[item] = sku
    items.left[item] += units
    site.pods.room[pod] -= units
    skus.free[sku] += units
    skus.coming[sku] -= units
    if site.counts[ORDERS_LACKING] > 0 and skus.wanted[sku] > 0:
        _show_served(site)


@lean_kernel
def _show_served(site: Site) -> None:
    """Show orders that lacked goods and lack none any more, the oldest first."""
    orders = site.orders
    for k in range(site.counts[ORDERS_KNOWN]):
        order = orders.arrival[k]
        if orders.state[order] == LACKING and reserve(site, order):
            let_lack_no_more(site, order)
            show(site, order)


@lean_kernel
def fill_on_the_way(site: Site, robot: int, t: int, work: Work) -> tuple[int, int]:
    """Station where a pod that is on its way home is filled first, or NONE, and rows.

    That is done where it is worth more than the rate at which pods go on to stations.
    """
    robots = site.robots
    fills = site.fills
    times = site.times
    now_s = t * times.step_s
    best, best_rate, best_rows = NONE, site.rules.detour_rate, 0
    here, pod = robots.station[robot], robots.pod[robot]
    if site.counts[GOODS_GONE] == site.counts[GOODS_THERE] or site.pods.room[pod] == 0:
        return best, best_rows
    goods = list_goods(site, work)
    for at in range(len(fills)):
        station = len(site.stations) + at
        if station == here or fills.inbound[at] >= fills.queue[at]:
            continue
        drive_s = site.dock_to_dock[here, station] * times.step_s
        ahead_s = work_ahead_s(site, at, now_s)
        rows, worth, work_s = find_goods(site, pod, at, goods, now_s, work)
        rate = worth / max(1.0, drive_s + max(0.0, ahead_s - drive_s) + work_s)
        if rows > 0 and ahead_s < site.rules.work_s and rate > best_rate:
            best, best_rate, best_rows = station, rate, rows
    if best != NONE:
        at = best - len(site.stations)
        best_rows, _, _ = find_goods(site, pod, at, goods, now_s, work)
    return best, best_rows
