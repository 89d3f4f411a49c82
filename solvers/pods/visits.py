"""Which lines a pod serves at a station: open orders first, then ones that wait.

`find_lines` finds them; `solvers.pods.promises` puts their units aside.
"""

from solvers.kernel import lean_kernel
from solvers.pods.arrays import (
    AT_STATION,
    MOST_ROWS,
    NONE,
    OPEN,
    TO_POD,
    WHAT,
    Site,
    Work,
)
from solvers.pods.new_orders import take_more
from solvers.pods.promises import note
from solvers.pods.slots import all_kept
from solvers.pods.worth import extra_worth, price


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
    rows, more, extra = take_more(site, pod, station, rows, work)
    return rows, units + more, gain + extra
