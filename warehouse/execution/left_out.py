"""Plans in which nobody packs some orders any more."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from warehouse.consignment import Consignment
from warehouse.plan import UNSERVED_DTYPE, Bound, Plan, UnservedReason


def without_orders(plan: Plan, orders: NDArray[np.integer]) -> Plan:
    """The plan without some orders, which come too late for the packers' shifts.

    Robots drive and stop as before, for nothing. What is left is less than the plan's
    bounds are for, so it has none.

    Parameters
    ----------
    plan : Plan
        Its packing table lacks these orders.
    orders : ndarray of int, shape (n,)

    Returns
    -------
    Plan
        The plan itself if there are none.
    """
    if not len(orders):
        return plan
    given = plan.scenario.orders
    gone = np.isin(given.line_order[plan.picks["line"]], orders)
    lost = plan.picks[gone]
    units = np.bincount(lost["line"], lost["quantity"], given.lines).astype(int)
    over = int(UnservedReason.SHIFT_OVER)
    rows = [(line, units[line], over) for line in np.flatnonzero(units).tolist()]
    rows += plan.unserved.tolist()
    return replace(
        plan,
        picks=plan.picks[~gone],
        drops=plan.drops[~np.isin(plan.drops["order"], orders)],
        unserved=np.array(sorted(rows), UNSERVED_DTYPE),
        bound=Bound({}),
        consignment=_without_cartons(plan.consignment, orders),
    )


def _without_cartons(
    given: Consignment | None, orders: NDArray[np.integer]
) -> Consignment | None:
    """The tables of cartons without those of some orders."""
    if given is None:
        return None
    kept = ~np.isin(given.cartons["order"], orders)
    number = np.cumsum(kept) - 1
    units, loads = (
        table[kept[table["carton"]]] for table in (given.units, given.loads)
    )
    for table in (units, loads):
        table["carton"] = number[table["carton"]]
    return Consignment(given.cartons[kept], units, loads)
