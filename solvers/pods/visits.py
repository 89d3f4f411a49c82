"""Which lines a pod serves at a station: open orders first, then ones that wait.

`find_lines` finds them; `solvers.pods.promises` puts their units aside.
"""

import numpy as np

from solvers.kernel import lean_kernel
from solvers.pods.arrays import (
    APART,
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
from solvers.pods.slots import all_kept, most_kept, row_at
from solvers.pods.splitting import may_leave, split_cost
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
def _may_come(site: Site, order: int, line: int, station: int) -> bool:
    """Whether a line may be picked at a station that its order is not bound to."""
    orders = site.orders
    if orders.station[order] == NONE:
        return orders.state[order] == WAITING
    return (
        site.rules.split_cost < np.inf
        and orders.station[order] != station
        and may_leave(site, line)
    )


@lean_kernel
def _candidates(site: Site, pod: int, station: int, work: Work) -> int:
    """List orders that might come to a station for a whole line that the pod has.

    They wait for any station or, where orders are split, are bound to another one.
    """
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
                room[item - first] >= lines.left[line]
                and orders.cover[order] == 0
                and _may_come(site, order, line, station)
            ):
                orders.cover[order] = 1
                work.candidates[count] = order
                count += 1
            line = lines.after[line]
    for k in range(count):
        orders.cover[work.candidates[k]] = 0
    return count


@lean_kernel
def _take_line(site: Site, pod: int, line: int, rows: int, work: Work) -> bool:
    """Note all units of a line that this visit, or one on its way, has; if one has."""
    items = site.items
    pods = site.pods
    skus = site.skus
    room = work.room
    if rows == MOST_ROWS:
        return False
    first, need, sku = pods.first[pod], site.lines.left[line], site.lines.sku[line]
    for item in range(first, pods.last[pod]):
        if items.sku[item] == sku and room[item - first] >= need:
            room[item - first] -= need
            note(work, rows, line, item, need, NONE)
            return True
    other = skus.item_of[sku]
    if other == NONE or items.left[other] < need:
        return False
    note(work, rows, line, other, need, skus.robot_of[sku])
    return True


@lean_kernel
def _give_back(site: Site, pod: int, begin: int, rows: int, work: Work) -> None:
    """Undo what was noted from a row on."""
    first = site.pods.first[pod]
    for row in range(begin, rows):
        if work.found[row, WHO] == NONE:
            work.room[work.found[row, WHERE] - first] += work.found[row, UNITS]


@lean_kernel
def _take_order(
    site: Site,
    pod: int,
    station: int,
    order: int,
    rows: int,
    bar: float,
    may_keep: bool,
    work: Work,
) -> tuple[int, int, float]:
    """Note the lines of an order that this visit, or those on their way, serve.

    Returns rows and units after, and what units count more, less what it costs to keep
    the order open for the lines that are missed or, where that is less, to split off
    those that are not. Nothing is noted where lines are missed and the units are worth
    no more than ``bar`` after that cost.
    """
    lines = site.lines
    orders = site.orders
    begin, units, missed, cost = rows, 0, 0, site.rules.slot_worth
    extra = 0.0
    for line in range(orders.first[order], orders.last[order]):
        if lines.left[line] == 0 or lines.order[line] != order:
            continue
        if _take_line(site, pod, line, rows, work):
            rows += 1
            units += lines.left[line]
            extra += lines.left[line] * extra_worth(site, line)
        else:
            missed += 1
            cost += price(site, lines.sku[line])
    was_here = row_at(site, order, station) != NONE
    if missed == 0 and not was_here:
        return rows, units, extra
    if was_here or not may_keep:
        cost = np.inf
    if missed > 0:
        apart_cost = split_cost(site, order, station)
        if may_keep and not was_here:
            apart_cost = max(apart_cost, site.rules.least_split)
        if apart_cost < cost:
            cost = apart_cost
            for row in range(begin, rows):
                work.found[row, APART] = 1
    if units - cost <= bar:
        _give_back(site, pod, begin, rows, work)
        return begin, 0, 0.0
    return rows, units, extra - cost


@lean_kernel
def _take_away(
    site: Site, pod: int, station: int, order: int, rows: int, bar: float, work: Work
) -> tuple[int, int, float]:
    """Note lines that leave an order, bound to another station, for this one.

    Returns rows and units after, and what that is worth besides, less what it costs.
    Nothing is noted where it is worth no more than ``bar``, without what units count
    more, or where no line would stay.
    """
    lines = site.lines
    orders = site.orders
    begin, units, stay, extra = rows, 0, 0, 0.0
    gain = -split_cost(site, order, station)
    for line in range(orders.first[order], orders.last[order]):
        if lines.order[line] != order or not (lines.left[line] or lines.begun[line]):
            continue
        if not may_leave(site, line) or not _take_line(site, pod, line, rows, work):
            stay += 1
            continue
        work.found[rows, APART] = 1
        rows += 1
        units += lines.left[line]
        extra += lines.left[line] * extra_worth(site, line)
        if orders.pinned[order]:
            gain += price(site, lines.sku[line])
    if orders.pinned[order] and units == orders.unpromised[order]:
        gain += site.rules.slot_worth
    if stay == 0 or units + gain <= bar:
        _give_back(site, pod, begin, rows, work)
        return begin, 0, 0.0
    return rows, units, extra + gain


@lean_kernel
def _take_more(
    site: Site, pod: int, station: int, rows: int, work: Work
) -> tuple[int, int, float]:
    """Note lines of orders that are not bound to the station, the best of them first.

    Returns rows after, and units and gain that are added, as `find_lines` does.
    """
    rules = site.rules
    count = _candidates(site, pod, station, work)
    free = most_kept(site, station) - site.stations.pinned[station]
    units, gain = 0, 0.0
    bar = np.inf  # at first whole orders alone
    for look in range(LOOKS + 1):
        may_keep = look > 0 and free > 0
        for k in range(count):
            order = work.candidates[k]
            if order == NONE or (look > 0 and free <= 0 and rules.split_cost == np.inf):
                continue
            begin = rows
            if site.orders.station[order] == NONE:
                rows, more, extra = _take_order(
                    site, pod, station, order, rows, bar, may_keep and free > 0, work
                )
            else:
                rows, more, extra = _take_away(
                    site, pod, station, order, rows, bar, work
                )
            if more > 0:
                work.candidates[k] = NONE
                units += more
                gain += extra
                free -= look > 0 and work.found[begin, APART] == 0
        bar = 1.0 - look / (LOOKS - 1) * (1.0 - rules.least_gain)
    return rows, units, gain


@lean_kernel
def find_lines(
    site: Site, pod: int, station: int, may_bind: bool, work: Work
) -> tuple[int, int, float]:
    """Find what a pod serves at a station.

    First come lines of orders bound to the station; then, where ``may_bind``, orders
    that wait and that the pod serves whole, alone or together with the pods on their
    way there (see `mark_inbound`); then parts of orders that wait, best first, as long
    as the station has slots to keep them open. Where orders are split, lines of orders
    that wait or are bound elsewhere may be picked here and the others at other
    stations.

    Parameters
    ----------
    site : Site
    pod, station : int
    may_bind : bool
        Whether waiting orders count.
    work : Work
        ``found`` holds line, item, units, who brings them (NONE: this visit), and
        whether the line is to be split off.

    Returns
    -------
    rows, units : int
    gain : float
        What it is worth besides, in units: what units count more; what lines of open
        orders are priced at that are no longer missing, and slots no longer needed,
        less those of orders that would be open for long, and what splitting costs.
    """
    items = site.items
    pods = site.pods
    first = pods.first[pod]
    for item in range(first, pods.last[pod]):
        work.room[item - first] = items.left[item]
    none_opens = all_kept(site, station)
    rows, units, gain = _bound_lines(site, pod, station, none_opens, work)
    if not may_bind or none_opens:
        return rows, units, gain
    rows, more, extra = _take_more(site, pod, station, rows, work)
    return rows, units + more, gain + extra
