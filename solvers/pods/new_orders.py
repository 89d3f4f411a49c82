"""Which lines a pod serves of orders that are not bound to the station."""

import numpy as np

from solvers.kernel import lean_kernel
from solvers.pods.arrays import (
    APART,
    MOST_ROWS,
    NONE,
    UNITS,
    WAITING,
    WHERE,
    WHO,
    Site,
    Work,
)
from solvers.pods.promises import note
from solvers.pods.slots import most_kept, row_at
from solvers.pods.splitting import may_leave, split_cost
from solvers.pods.worth import extra_worth, price

LOOKS = 5
"""How often orders of which a pod has a part are looked at, the best of them first."""


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
def take_more(
    site: Site, pod: int, station: int, rows: int, work: Work
) -> tuple[int, int, float]:
    """Note lines of orders that are not bound to the station, the best of them first.

    Orders that a visit serves whole come first, alone or with the pods on their way.
    Then come those that are opened for long, or split, for what is missed, as long as
    that is worth it.

    Returns rows after, and units and gain that are added: see
    `solvers.pods.visits.find_lines`.
    """
    rules = site.rules
    splits = rules.split_cost < np.inf
    count = _candidates(site, pod, station, work)
    free = most_kept(site, station) - site.stations.pinned[station]
    units, gain = 0, 0.0
    bar = np.inf  # at first whole orders alone
    for look in range(LOOKS + 1):
        for k in range(count):
            order = work.candidates[k]
            may_keep = look > 0 and free > 0
            if order == NONE or not (look == 0 or may_keep or splits):
                continue
            begin = rows
            if site.orders.station[order] == NONE:
                rows, more, extra = _take_order(
                    site, pod, station, order, rows, bar, may_keep, work
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
