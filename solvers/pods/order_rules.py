"""Simple rules for which order opens in a free slot: those of RAWSim-O, as baselines.

Merschformann, Xie, Li (2018), RAWSim-O: a simulation framework for robotic mobile
fulfillment systems, Logistics Research 11(8).
"""

from typing import Any

from solvers.kernel import lean_kernel
from solvers.pods.arrays import (
    ANY_ORDER,
    AT_STATION,
    JOINT,
    MOST_ROWS,
    NONE,
    ORDERS_KNOWN,
    ORDERS_WAITING,
    POD_MATCH,
    TO_POD,
    TO_STATION,
    WAITING,
    Site,
)
from solvers.pods.promises import promise_line
from solvers.pods.slots import bind, open_order, slot_is_free
from solvers.random_words import random_below


@lean_kernel
def _item_for(site: Site, pod: int, sku: int, units: int) -> int:
    """Item of a pod that has so many units of a SKU, or NONE."""
    items = site.items
    pods = site.pods
    for item in range(pods.first[pod], pods.last[pod]):
        if items.sku[item] == sku and items.left[item] >= units:
            return item
    return NONE


@lean_kernel
def _is_inbound(robots: Any, robot: int, station: int, only_there: bool) -> bool:
    """Whether a robot brings a pod to a station, or is there with it."""
    if robots.station[robot] != station:
        return False
    phase = robots.phase[robot]
    return phase == AT_STATION or (not only_there and TO_POD <= phase <= TO_STATION)


@lean_kernel
def _matches(
    site: Site, order: int, station: int, only_there: bool, promises: bool
) -> int:
    """Count lines of an order that pods on their way have; promise them if asked to."""
    lines = site.lines
    orders = site.orders
    robots = site.robots
    matches = 0
    for line in range(orders.first[order], orders.last[order]):
        if lines.left[line] == 0:
            continue
        for robot in range(len(robots)):
            if not _is_inbound(robots, robot, station, only_there):
                continue
            units = lines.left[line]
            item = _item_for(site, robots.pod[robot], lines.sku[line], units)
            if item == NONE or robots.rows[robot] == MOST_ROWS:
                continue
            matches += 1
            if promises:
                promise_line(site, robot, station, line, item, units)
            break
    return matches


@lean_kernel
def _choose(site: Site, station: int, fast_lane: bool) -> int:
    """Order for a free slot; in the fast lane one that the pod there serves whole."""
    orders = site.orders
    rule, known = site.rules.orders, site.counts[ORDERS_KNOWN]
    best, most = NONE, -1
    start = random_below(site.random, known) if rule == ANY_ORDER else 0
    for k in range(known):
        order = orders.arrival[(start + k) % known]
        if orders.state[order] != WAITING:
            continue
        if rule != POD_MATCH:
            return order
        matches = _matches(site, order, station, fast_lane, False)
        lines = orders.last[order] - orders.first[order]
        if fast_lane:
            if matches == lines:
                return order
        elif matches > most:
            best, most = order, matches
    return best


@lean_kernel
def fill_slots(site: Site, now_s: float) -> None:
    """Open orders that wait in all free slots, by the rule for orders.

    With pod match the order of which most lines are on pods on their way is opened,
    and the last slot of a station that has several is a fast lane for orders that the
    pod that stands there serves whole.
    """
    rule = site.rules.orders
    stations = site.stations
    if rule == JOINT:
        return
    for station in range(len(stations)):
        while site.counts[ORDERS_WAITING] > 0 and slot_is_free(site, station, now_s):
            held = stations.pinned[station]
            slots = stations.slots[station]
            fast_lane = rule == POD_MATCH and held >= slots - 1 and slots > 1
            order = _choose(site, station, fast_lane)
            if order == NONE:
                break
            bind(site, order, station, True)
            open_order(site, order, now_s)
            site.counts[ORDERS_WAITING] -= 1
            if rule == POD_MATCH:
                _matches(site, order, station, fast_lane, True)
