"""What visits are promised to serve: lines that were found, and units put aside."""

from solvers.kernel import lean_kernel
from solvers.pods.arrays import (
    APART,
    MOST_ROWS,
    NONE,
    UNITS,
    WHAT,
    WHERE,
    WHO,
    Site,
    Work,
)
from solvers.pods.slots import bind
from solvers.pods.splitting import split_off


@lean_kernel
def note(work: Work, rows: int, line: int, item: int, units: int, robot: int) -> None:
    """Write down what was found: a line or goods, where, how much, and for whom."""
    found = work.found[rows]
    found[WHAT], found[WHERE], found[UNITS], found[WHO] = line, item, units, robot
    found[APART] = 0


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

    An order that is served by more than this visit keeps its slot after it. Orders are
    bound before lines of others are split off, which may belong to the same one.
    """
    lines = site.lines
    orders = site.orders
    for row in range(rows):
        order = lines.order[work.found[row, WHAT]]
        if orders.station[order] == NONE and not work.found[row, APART]:
            bind(site, order, station, False)
    for row in range(rows):
        if work.found[row, APART]:
            split_off(site, work.found[row, WHAT], station)
    for row in range(rows):
        found = work.found[row]
        whose = robot if found[WHO] == NONE else found[WHO]
        promise_line(site, whose, station, found[WHAT], found[WHERE], found[UNITS])
    for row in range(rows):
        order = lines.order[work.found[row, WHAT]]
        shared = orders.unpromised[order] > 0 or work.found[row, WHO] != NONE
        if shared and not orders.pinned[order]:
            bind(site, order, station, True)
