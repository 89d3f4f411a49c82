"""Which lines a pod serves at a station: open orders first, then ones that wait.

`find_lines` finds them; `solvers.pods.promises` puts their units aside.
"""

import numpy as np

from solvers.kernel import lean_kernel
from solvers.pods.arrays import (
    AT_STATION,
    MOST_ROWS,
    NONE,
    OPEN,
    TO_POD,
    UNITS,
    WAITING,
    WHAT,
    WHERE,
    WHO,
    Site,
    Work,
)
from solvers.pods.promises import note
from solvers.pods.slots import all_kept, most_kept
from solvers.pods.worth import extra_worth, price

LOOKS = 5
"""How often orders of which a pod has a part are looked at, the best of them first."""


@lean_kernel
def mark_inbound(site: Site, station: int) -> None:
    """Note which SKUs pods on their way to a station have, and on whose visit."""
    items = site.items
    pods = site.pods
    skus = site.skus
    robots = site.robots
    for robot in range(len(robots)):
        phase = robots.phase[robot]
        if robots.station[robot] != station or not TO_POD <= phase <= AT_STATION:
            continue
        pod = robots.pod[robot]
        if robots.rows[robot] == MOST_ROWS:
            continue
        for item in range(pods.first[pod], pods.last[pod]):
            sku = items.sku[item]
            known = skus.item_of[sku]
            if known == NONE or items.left[known] < items.left[item]:
                skus.item_of[sku], skus.robot_of[sku] = item, robot


@lean_kernel
def unmark_inbound(site: Site, station: int) -> None:
    """Forget what `mark_inbound` noted."""
    items = site.items
    pods = site.pods
    skus = site.skus
    robots = site.robots
    for robot in range(len(robots)):
        phase = robots.phase[robot]
        if robots.station[robot] == station and TO_POD <= phase <= AT_STATION:
            pod = robots.pod[robot]
            for item in range(pods.first[pod], pods.last[pod]):
                skus.item_of[items.sku[item]] = NONE


@lean_kernel
def _bound_lines(
    site: Site, pod: int, station: int, only_open: bool, work: Work
) -> tuple[int, int, float]:
    """Find lines of orders bound to the station; rows, units, gain in open orders."""
    items = site.items
    lines = site.lines
    pods = site.pods
    skus = site.skus
    orders = site.orders
    room = work.room
    rows, units, gain = 0, 0, 0.0
    first = pods.first[pod]
    for item in range(first, pods.last[pod]):
        line = skus.head[items.sku[item]]
        while line != NONE and room[item - first] > 0 and rows < MOST_ROWS:
            order = lines.order[line]
            bound = orders.station[order] == station
            if bound and (not only_open or orders.state[order] == OPEN):
                need = lines.left[line] - lines.promised[line]
                taken = min(need, room[item - first])
                if taken > 0:
                    room[item - first] -= taken
                    note(work, rows, line, item, taken, NONE)
                    rows += 1
                    units += taken
                    gain += taken * extra_worth(site, line)
                    orders.cover[order] += taken
                    if orders.pinned[order]:
                        if taken == need:
                            gain += price(site, lines.sku[line])
                        if orders.cover[order] == orders.unpromised[order]:
                            gain += site.rules.slot_worth
            line = lines.after[line]
    for row in range(rows):
        orders.cover[lines.order[work.found[row, WHAT]]] = 0
    return rows, units, gain


@lean_kernel
def _candidates(site: Site, pod: int, work: Work) -> int:
    """List orders that wait for any station and of which the pod has a whole line."""
    items = site.items
    lines = site.lines
    pods = site.pods
    skus = site.skus
    orders = site.orders
    room = work.room
    count = 0
    first = pods.first[pod]
    for item in range(first, pods.last[pod]):
        line = skus.head[items.sku[item]]
        while line != NONE and count < len(work.candidates):
            order = lines.order[line]
            if (
                orders.state[order] == WAITING
                and orders.station[order] == NONE
                and room[item - first] >= lines.left[line]
                and orders.cover[order] == 0
            ):
                orders.cover[order] = 1
                work.candidates[count] = order
                count += 1
            line = lines.after[line]
    for k in range(count):
        orders.cover[work.candidates[k]] = 0
    return count


@lean_kernel
def _take_order(
    site: Site,
    pod: int,
    order: int,
    rows: int,
    bar: float,
    work: Work,
) -> tuple[int, int, float]:
    """Note the lines of an order that this visit, or those on their way, serve.

    Returns rows and units after, and what units count more, less what it costs to keep
    the order open for the lines that are missed. Nothing is noted where lines are
    missed and the units are worth no more than ``bar`` after that cost.
    """
    items = site.items
    lines = site.lines
    pods = site.pods
    skus = site.skus
    orders = site.orders
    room = work.room
    first, last = pods.first[pod], pods.last[pod]
    begin, units, missed, cost = rows, 0, 0, site.rules.slot_worth
    extra = 0.0
    for line in range(orders.first[order], orders.last[order]):
        need = lines.left[line]
        if need == 0:
            continue
        sku = lines.sku[line]
        chosen, robot = NONE, NONE
        for item in range(first, last):
            if items.sku[item] == sku and room[item - first] >= need:
                chosen = item
                break
        if chosen == NONE:
            other = skus.item_of[sku]
            if other != NONE and items.left[other] >= need:
                chosen, robot = other, skus.robot_of[sku]
        if chosen == NONE or rows == MOST_ROWS:
            missed += 1
            cost += price(site, sku)
            continue
        if robot == NONE:
            room[chosen - first] -= need
        note(work, rows, line, chosen, need, robot)
        rows += 1
        units += need
        extra += need * extra_worth(site, line)
    if missed == 0:
        return rows, units, extra
    if units - cost <= bar:
        for row in range(begin, rows):
            if work.found[row, WHO] == NONE:
                room[work.found[row, WHERE] - first] += work.found[row, UNITS]
        return begin, 0, 0.0
    return rows, units, extra - cost


@lean_kernel
def find_lines(
    site: Site, pod: int, station: int, may_bind: bool, work: Work
) -> tuple[int, int, float]:
    """Find what a pod serves at a station.

    First come lines of orders bound to the station; then, where ``may_bind``, orders
    that wait and that the pod serves whole, alone or together with the pods on their
    way there (see `mark_inbound`); then parts of orders that wait, best first, as long
    as the station has slots to keep them open.

    Parameters
    ----------
    site : Site
    pod, station : int
    may_bind : bool
        Whether waiting orders count.
    work : Work
        ``found`` holds line, item, units and who brings them (NONE: this visit).

    Returns
    -------
    rows, units : int
    gain : float
        What it is worth besides, in units: what units count more; what lines of open
        orders are priced at that are no longer missing, and slots no longer needed,
        less those of orders that would be open for long.
    """
    items = site.items
    pods = site.pods
    stations = site.stations
    first = pods.first[pod]
    for item in range(first, pods.last[pod]):
        work.room[item - first] = items.left[item]
    none_opens = all_kept(site, station)
    rows, units, gain = _bound_lines(site, pod, station, none_opens, work)
    if not may_bind or none_opens:
        return rows, units, gain
    count = _candidates(site, pod, work)
    free = most_kept(site, station) - stations.pinned[station]
    bar = np.inf  # at first whole orders alone
    for look in range(LOOKS + 1):
        for k in range(count):
            order = work.candidates[k]
            if order == NONE or (look > 0 and free <= 0):
                continue
            rows, more, extra = _take_order(site, pod, order, rows, bar, work)
            if more > 0:
                work.candidates[k] = NONE
                units += more
                gain += extra
                free -= look > 0
        bar = 1.0 - look / (LOOKS - 1) * (1.0 - site.rules.least_gain)
    return rows, units, gain
