"""Which orders are known, and lists of the lines that want units of each SKU."""

import numpy as np

from solvers.kernel import lean_kernel
from solvers.pods.arrays import (
    NONE,
    NOW,
    ORDERS_GIVEN,
    ORDERS_KNOWN,
    ORDERS_WAITING,
    WAITING,
    Site,
)
from solvers.pods.supply import let_lack, reserve


@lean_kernel
def list_line(site: Site, line: int) -> None:
    """Put a line at the end of the list of its SKU."""
    lines = site.lines
    skus = site.skus
    sku = lines.sku[line]
    last = skus.tail[sku]
    lines.before[line], lines.after[line] = last, NONE
    if last == NONE:
        skus.head[sku] = line
    else:
        lines.after[last] = line
    skus.tail[sku] = line


@lean_kernel
def unlist_line(site: Site, line: int) -> None:
    """Take a line out of the list of its SKU."""
    lines = site.lines
    skus = site.skus
    sku = lines.sku[line]
    before, after = lines.before[line], lines.after[line]
    if before == NONE:
        skus.head[sku] = after
    else:
        lines.after[before] = after
    if after == NONE:
        skus.tail[sku] = before
    else:
        lines.before[after] = before


@lean_kernel
def show(site: Site, order: int) -> None:
    """Let an order wait for a station, now that there are units for all of it."""
    lines = site.lines
    orders = site.orders
    orders.state[order], orders.known_s[order] = WAITING, site.waits[NOW]
    for line in range(orders.first[order], orders.last[order]):
        if lines.left[line] > 0:
            list_line(site, line)


@lean_kernel
def reveal(site: Site, backlog: int, now_s: float) -> None:
    """Let orders become known: those released, as far as so many may wait."""
    orders = site.orders
    stations = site.stations
    site.waits[NOW] = now_s
    for station in range(len(stations)):
        if stations.opening_s[station] <= now_s:
            stations.opening_s[station] = np.inf
            site.counts[ORDERS_WAITING] -= 1
    while site.counts[ORDERS_KNOWN] < site.counts[ORDERS_GIVEN] and (
        backlog == 0 or site.counts[ORDERS_WAITING] < backlog
    ):
        order = orders.arrival[site.counts[ORDERS_KNOWN]]
        if orders.release_s[order] > now_s:
            break
        site.counts[ORDERS_KNOWN] += 1
        if orders.units[order] == 0:
            continue  # nothing of it is in stock, or will be
        site.counts[ORDERS_WAITING] += 1
        if reserve(site, order):
            show(site, order)
        else:
            let_lack(site, order)
