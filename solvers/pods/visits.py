"""Which lines a pod serves at a station: open orders first, then ones that wait.

One kernel finds the lines, for a look or for good; others promise them, take promises
back, and open and close orders. Kernels work on `solvers.pods.arrays.Site`.
"""

import numpy as np

from solvers.kernel import lean_kernel
from solvers.pods.arrays import (
    AT_STATION,
    IN_VAIN,
    JOINT,
    MOST_ROWS,
    NONE,
    NOW,
    OPEN,
    ORDERS_KNOWN,
    ORDERS_WAITING,
    TO_POD,
    UNITS,
    WAITING,
    WHAT,
    WHERE,
    WHO,
    Site,
    Work,
)
from solvers.pods.supply import let_lack, reserve
from solvers.pods.worth import extra_worth, price

LOOKS = 5
"""How often orders of which a pod has a part are looked at, the best of them first."""


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
def note(work: Work, rows: int, line: int, item: int, units: int, robot: int) -> None:
    """Write down what was found: a line or goods, where, how much, and for whom."""
    found = work.found[rows]
    found[WHAT], found[WHERE], found[UNITS], found[WHO] = line, item, units, robot


@lean_kernel
def most_kept(site: Site, station: int) -> int:
    """Slots of a station that orders may keep from visit to visit.

    All but one, which is for orders that a visit serves whole; or the only one.
    """
    return max(1, site.stations.slots[station] - 1)


@lean_kernel
def _all_kept(site: Site, station: int) -> bool:
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
    all_kept = _all_kept(site, station)
    rows, units, gain = _bound_lines(site, pod, station, all_kept, work)
    if not may_bind or all_kept:
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


@lean_kernel
def bind(site: Site, order: int, station: int, keeps_slot: bool) -> None:
    """Say at which station an order will be open, and whether for long."""
    site.orders.station[order] = station
    if keeps_slot and not site.orders.pinned[order]:
        site.orders.pinned[order] = True
        site.stations.pinned[station] += 1


@lean_kernel
def promise_line(
    site: Site, robot: int, station: int, line: int, item: int, units: int
) -> bool:
    """Add a line to a visit; False where there is no room for it, or no stock."""
    lines = site.lines
    orders = site.orders
    robots = site.robots
    row = robots.rows[robot]
    if row >= MOST_ROWS or site.items.left[item] < units:
        return False
    site.visits[robot, row, WHAT] = line
    site.visits[robot, row, WHERE] = item
    site.visits[robot, row, UNITS] = units
    robots.rows[robot] = row + 1
    lines.promised[line] += units
    orders.unpromised[lines.order[line]] -= units
    site.items.left[item] -= units
    if site.items.left[item] == 0:
        site.skus.pods[site.items.sku[item]] -= 1
    site.stations.units[station] += units
    return True


@lean_kernel
def take_back(site: Site, robot: int, station: int, row: int) -> None:
    """Take the promise of a line back: its units stay on the pod."""
    visit = site.visits[robot, row]
    line, item, units = visit[WHAT], visit[WHERE], visit[UNITS]
    if site.items.left[item] == 0:
        site.skus.pods[site.items.sku[item]] += 1
    site.lines.promised[line] -= units
    site.orders.unpromised[site.lines.order[line]] += units
    site.items.left[item] += units
    site.stations.units[station] -= units


@lean_kernel
def promise(site: Site, robot: int, station: int, rows: int, work: Work) -> None:
    """Add what was found to a visit: units are spoken for, their orders bound.

    An order that is served by more than this visit keeps its slot after it.
    """
    lines = site.lines
    orders = site.orders
    for row in range(rows):
        found = work.found[row]
        whose = robot if found[WHO] == NONE else found[WHO]
        promise_line(site, whose, station, found[WHAT], found[WHERE], found[UNITS])
    for row in range(rows):
        order = lines.order[work.found[row, WHAT]]
        shared = orders.unpromised[order] > 0 or work.found[row, WHO] != NONE
        if orders.station[order] == NONE or (shared and not orders.pinned[order]):
            bind(site, order, station, shared)


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
def slot_is_free(site: Site, station: int, now_s: float) -> bool:
    """Whether a station has a slot in which no order is open."""
    for slot in range(site.stations.slots[station]):
        if site.slot_free_s[station, slot] <= now_s:
            return True
    return False


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
    while site.counts[ORDERS_KNOWN] < len(orders.arrival) and (
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
        best, least = NONE, max(1, rules.held)
        for station in range(len(stations)):
            most = _slots_to_fill(site, station)
            if stations.pinned[station] < min(least, most) and slot_is_free(
                site, station, now_s
            ):
                best, least = station, stations.pinned[station]
        if best == NONE:
            return
        bind(site, order, best, True)
        open_order(site, order, now_s)
        site.counts[ORDERS_WAITING] -= 1
