"""Orders that are split: which lines may leave for another station, and parts of them.

A part is an order of its own, in a row after those of the scenario. It is bound to a
station where the order and its other parts are not, and always keeps a line, as they
do. So there is a row for each line at the most.
"""

import numpy as np

from solvers.kernel import lean_kernel
from solvers.pods.arrays import (
    DONE,
    NONE,
    NOW,
    OPEN,
    ORDERS_GIVEN,
    PARTS,
    WAITING,
    Site,
)
from solvers.pods.slots import close_order, row_at


@lean_kernel
def may_leave(site: Site, line: int) -> bool:
    """Whether a line may be picked elsewhere: all of it is neither picked nor promised.

    Whole lines leave, so that whatever is picked stays with the part that it is of.
    """
    lines = site.lines
    return lines.left[line] > 0 and lines.promised[line] == 0 and not lines.begun[line]


@lean_kernel
def split_cost(site: Site, order: int, station: int) -> float:
    """Units that it costs to pick lines of an order at a station it is not bound to.

    Nothing where a part of it is not done there, inf where that is done, as an order
    comes to a station once. What waits for any station must find one after that.
    """
    orders = site.orders
    given = orders.given[order]
    row = row_at(site, order, station)
    if row != NONE:
        return np.inf if orders.state[row] == DONE else 0.0
    if orders.station[given] == NONE:
        left = len(site.stations) - 1
        part = orders.part[given]
        while part != NONE:
            left -= 1
            part = orders.part[part]
        if left == 0:
            return np.inf
    return np.float64(site.rules.split_cost)


@lean_kernel
def _part_at(site: Site, order: int, station: int) -> int:
    """Part of an order that a station has; a new one where there is none."""
    orders = site.orders
    row = row_at(site, order, station)
    if row != NONE:
        return row
    row = site.counts[ORDERS_GIVEN] + site.counts[PARTS]
    site.counts[PARTS] += 1
    given = orders.given[order]
    orders.first[row], orders.last[row] = orders.first[given], orders.last[given]
    orders.state[row], orders.station[row] = WAITING, station
    orders.known_s[row], orders.due_s[row] = orders.known_s[given], orders.due_s[given]
    orders.given[row] = given
    orders.part[row], orders.part[given] = orders.part[given], row
    return row


@lean_kernel
def split_off(site: Site, line: int, station: int) -> None:
    """Let a line be picked at a station as part of its order.

    Where nothing is left to pick with the others of its order, those are closed.
    """
    lines = site.lines
    orders = site.orders
    before, units = lines.order[line], lines.left[line]
    part = _part_at(site, before, station)
    lines.order[line] = part
    orders.units[before] -= units
    orders.unpromised[before] -= units
    orders.units[part] += units
    orders.unpromised[part] += units
    if orders.units[before] == 0 and orders.state[before] == OPEN:
        close_order(site, before, max(site.waits[NOW], orders.close_s[before]))
