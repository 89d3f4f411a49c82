"""Units on pods and goods that arrive: which orders count on what.

An order is shown to those who choose pods once there are units on pods for all of it on
which no other order counts. Until then it lacks goods, and waits for what arrives.
"""

import numpy as np

from solvers.kernel import lean_kernel
from solvers.pods.arrays import (
    GOODS_GONE,
    GOODS_THERE,
    LACKING,
    NONE,
    ORDERS_LACKING,
    UNITS,
    WHAT,
    WHERE,
    Site,
)


@lean_kernel
def is_filled(site: Site, station: int) -> bool:
    """Whether pods are filled at a station, not picked from."""
    return station >= len(site.stations)


@lean_kernel
def dock_of(site: Site, station: int) -> int:
    """Vertex of the dock of a station of either kind."""
    if is_filled(site, station):
        return site.fills.dock[station - len(site.stations)]
    return site.stations.dock[station]


@lean_kernel
def home_wh(site: Site, station: int) -> float:
    """Most that it takes to set a pod down and reach a charger from a station."""
    if is_filled(site, station):
        return site.fills.home_wh[station - len(site.stations)]
    return site.stations.home_wh[station]


@lean_kernel
def count_inbound(site: Site, station: int, robots: int) -> None:
    """Count robots on their way to a station, or at it."""
    if is_filled(site, station):
        site.fills.inbound[station - len(site.stations)] += robots
    else:
        site.stations.inbound[station] += robots


@lean_kernel
def reserve(site: Site, order: int) -> bool:
    """Let an order count on units on pods, if there are enough; whether there are."""
    lines = site.lines
    orders = site.orders
    skus = site.skus
    enough = True
    for line in range(orders.first[order], orders.last[order]):
        skus.free[lines.sku[line]] -= lines.left[line]
        enough &= skus.free[lines.sku[line]] >= 0
    if not enough:
        for line in range(orders.first[order], orders.last[order]):
            skus.free[lines.sku[line]] += lines.left[line]
    return enough


@lean_kernel
def let_lack(site: Site, order: int) -> None:
    """Let an order wait for what arrives."""
    lines = site.lines
    orders = site.orders
    orders.state[order] = LACKING
    site.counts[ORDERS_LACKING] += 1
    for line in range(orders.first[order], orders.last[order]):
        site.skus.wanted[lines.sku[line]] += lines.left[line]


@lean_kernel
def let_lack_no_more(site: Site, order: int) -> None:
    """Undo what `let_lack` did, but for the order's state."""
    lines = site.lines
    orders = site.orders
    site.counts[ORDERS_LACKING] -= 1
    for line in range(orders.first[order], orders.last[order]):
        site.skus.wanted[lines.sku[line]] -= lines.left[line]


@lean_kernel
def lacked(site: Site, sku: int) -> int:
    """Units of a SKU that orders lack and that no robot is about to bring."""
    skus = site.skus
    return max(0, skus.wanted[sku] - skus.free[sku] - skus.coming[sku])


@lean_kernel
def receive(site: Site, now_s: float) -> None:
    """Let goods arrive that are released."""
    arrivals = site.arrivals
    while site.counts[GOODS_THERE] < len(arrivals):
        if arrivals.release_s[arrivals.arrival[site.counts[GOODS_THERE]]] > now_s:
            break
        site.counts[GOODS_THERE] += 1
    while (
        site.counts[GOODS_GONE] < site.counts[GOODS_THERE]
        and arrivals.left[arrivals.arrival[site.counts[GOODS_GONE]]] == 0
    ):
        site.counts[GOODS_GONE] += 1


@lean_kernel
def promise_goods(
    site: Site, robot: int, station: int, arrival: int, units: int
) -> None:
    """Add goods to what a robot's pod is to be filled with."""
    robots = site.robots
    fills = site.fills
    row = robots.rows[robot]
    fill = station - len(site.stations)
    visit = site.visits[robot, row]
    visit[WHAT], visit[WHERE], visit[UNITS] = arrival, NONE, units
    robots.rows[robot] = row + 1
    site.arrivals.left[arrival] -= units
    site.skus.coming[site.arrivals.sku[arrival]] += units
    fills.promised_s[fill] += fills.s_per_box[fill] + units * fills.s_per_unit[fill]


@lean_kernel
def take_goods_back(site: Site, robot: int, station: int, row: int) -> None:
    """Take back the promise of goods: others may have them."""
    fills = site.fills
    fill = station - len(site.stations)
    visit = site.visits[robot, row]
    arrival, units = visit[WHAT], visit[UNITS]
    site.arrivals.left[arrival] += units
    site.skus.coming[site.arrivals.sku[arrival]] -= units
    fills.promised_s[fill] -= fills.s_per_box[fill] + units * fills.s_per_unit[fill]
    site.counts[GOODS_GONE] = 0


@lean_kernel
def work_ahead_s(site: Site, fill: int, now_s: float) -> float:
    """Seconds of work that is promised at a station where pods are filled."""
    fills = site.fills
    busy_s = max(0.0, fills.worker_free_s[fill] - now_s)
    return busy_s + np.float64(fills.promised_s[fill])
