"""Orders of a plan that the packers of its site cannot pack, with the mend."""

from typing import Final

import numpy as np

from warehouse.errors import Fault
from warehouse.plan import Plan, UnservedReason

MOST_NAMED: Final = 100
"""Orders that are named one by one."""


def staff_notices(plan: Plan) -> list[Fault]:
    """Return what is wrong with packers for orders that nobody packs.

    E511 for an order of which nobody has the skills, E512 for one that fits into no
    shift, and E514 for one that the shifts are over for.

    Parameters
    ----------
    plan : Plan
    """
    staff, orders = plan.scenario.staff, plan.scenario.orders
    if staff is None:
        return []
    rows = plan.unserved
    line, reason = rows["line"].astype(np.int64), rows["reason"]
    faults = []
    for order in np.unique(
        orders.line_order[line[reason == UnservedReason.NO_PACKER]]
    ).tolist():
        needs = orders.needs[order] if orders.needs else frozenset()
        if any(needs <= skills for skills in staff.packers.skills):
            found = "it fits into nobody's shift between breaks"
            needed = "let a shift end later, or a break wait longer; it is left out"
            faults.append(Fault("E512", f"order {orders.names[order]}", found, needed))
            continue
        found = f"no packer has all of {', '.join(sorted(needs))}"
        needed = "give a packer the skills in packers.csv; it is left out"
        faults.append(Fault("E511", f"order {orders.names[order]}", found, needed))
    over = np.unique(orders.line_order[line[reason == UnservedReason.SHIFT_OVER]])
    if len(over):
        named = ", ".join(orders.names[order] for order in over[:5].tolist())
        more = f" and {len(over) - 5} more" if len(over) > 5 else ""
        found = f"the shifts are over before {named}{more} can be packed"
        needed = "let shifts end later, or add packers; the rest is planned"
        faults.append(Fault("E514", "packers", found, needed))
    return faults[:MOST_NAMED]
