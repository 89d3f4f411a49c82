"""Slots of stations: which orders are bound to one, open in it, or keep it."""

import numpy as np

from solvers.kernel import lean_kernel
from solvers.pods.arrays import (
    DONE,
    IN_VAIN,
    JOINT,
    NONE,
    OPEN,
    ORDERS_KNOWN,
    ORDERS_WAITING,
    WAITING,
    Site,
)


@lean_kernel
def most_kept(site: Site, station: int) -> int:
    """Slots of a station that orders may keep from visit to visit.

    All but one, which is for orders that a visit serves whole; or the only one.
    """
    return max(1, site.stations.slots[station] - 1)


@lean_kernel
def all_kept(site: Site, station: int) -> bool:
    """Whether orders keep every slot of a station, and none can open before one closes.

    A pod for orders that wait would be brought there for nothing, again and again.
    """
    stations = site.stations
    if stations.pinned[station] < stations.slots[station]:
        return False
    for slot in range(stations.slots[station]):
        if site.slot_free_s[station, slot] < np.inf:
            return False
    return True


@lean_kernel
def row_at(site: Site, order: int, station: int) -> int:
    """Row of an order, or of a part of it, that is bound to a station, or NONE."""
    orders = site.orders
    row = orders.given[order]
    while row != NONE and orders.station[row] != station:
        row = orders.part[row]
    return row


@lean_kernel
def bind(site: Site, order: int, station: int, keeps_slot: bool) -> None:
    """Say at which station an order will be open, and whether for long."""
    site.orders.station[order] = station
    if keeps_slot and not site.orders.pinned[order]:
        site.orders.pinned[order] = True
        site.stations.pinned[station] += 1


@lean_kernel
def open_order(site: Site, order: int, now_s: float) -> float:
    """Open an order in the slot of its station that is free first; when, or inf."""
    orders = site.orders
    stations = site.stations
    station = orders.station[order]
    best = 0
    for slot in range(stations.slots[station]):
        if site.slot_free_s[station, slot] < site.slot_free_s[station, best]:
            best = slot
    when_s = max(now_s, site.slot_free_s[station, best])
    if when_s < np.inf:
        site.slot_free_s[station, best] = np.inf
        orders.slot[order] = best
        orders.open_s[order] = when_s
        orders.state[order] = OPEN
    return when_s


@lean_kernel
def close_order(site: Site, order: int, when_s: float) -> None:
    """Close an order of which nothing is left to pick at its station."""
    orders = site.orders
    station = orders.station[order]
    orders.state[order] = DONE
    orders.close_s[order] = when_s
    site.slot_free_s[station, orders.slot[order]] = when_s
    if orders.pinned[order]:
        orders.pinned[order] = False
        site.stations.pinned[station] -= 1


@lean_kernel
def slot_is_free(site: Site, station: int, now_s: float) -> bool:
    """Whether a station has a slot in which no order is open."""
    for slot in range(site.stations.slots[station]):
        if site.slot_free_s[station, slot] <= now_s:
            return True
    return False


@lean_kernel
def _slots_to_fill(site: Site, station: int) -> int:
    """Slots of a station that are to be filled before a pod comes for their orders.

    One at least where no robot is on its way and no trip was found: an order that no
    visit serves whole, and of which none serves enough, would never open otherwise.
    """
    held, slots = site.rules.held, site.stations.slots[station]
    idle = site.counts[IN_VAIN] > 0 and site.stations.inbound[station] == 0
    return max(min(held, slots - 1), np.int64(idle))


@lean_kernel
def hold(site: Site, now_s: float) -> None:
    """Open the orders that have waited longest in the slots that are meant for it."""
    stations = site.stations
    orders = site.orders
    rules = site.rules
    if rules.orders != JOINT:
        return
    for k in range(site.counts[ORDERS_KNOWN]):
        order = orders.arrival[k]
        if orders.state[order] != WAITING or orders.station[order] != NONE:
            continue
        split = orders.part[order] != NONE
        best, least = NONE, max(1, rules.held)
        for station in range(len(stations)):
            most = _slots_to_fill(site, station)
            if (
                stations.pinned[station] < min(least, most)
                and slot_is_free(site, station, now_s)
                and not (split and row_at(site, order, station) != NONE)
            ):
                best, least = station, stations.pinned[station]
        if best == NONE:
            if split:
                continue  # others may open where it has been
            return
        bind(site, order, best, True)
        open_order(site, order, now_s)
        site.counts[ORDERS_WAITING] -= 1
