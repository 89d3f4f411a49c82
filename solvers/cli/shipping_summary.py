"""Cartons, trucks and late orders of a plan, in a few lines and as facts."""

from typing import Any, Final

import numpy as np

from viz.clock import clock, count
from warehouse.errors import Fault
from warehouse.lateness import CAUSE_WORDS, LateCause, LateOrder, late_orders
from warehouse.plan import Plan, UnservedReason
from warehouse.shipping_notices import find_notices
from warehouse.staff_notices import staff_notices
from warehouse.truck_metrics import measure_trucks

MOST_TOLD: Final = 5
"""Late orders that are named one by one."""


def shipping_facts(plan: Plan) -> dict[str, Any]:
    """Return what there is to say of cartons, trucks and late orders, for JSON.

    Nothing where orders are not packed in cartons, but for late orders.
    """
    orders = plan.scenario.orders
    facts: dict[str, Any] = {
        "late": [
            {
                "order": orders.names[late.order],
                "cause": late.cause.value,
                "due_s": late.due_s if np.isfinite(late.due_s) else None,
                "packed_s": late.end_s if np.isfinite(late.end_s) else None,
            }
            for late in late_orders(plan)
        ],
        "notices": [str(notice) for notice in _notices(plan)],
    }
    shipping, consignment = plan.scenario.shipping, plan.consignment
    if shipping is None or consignment is None:
        return facts
    kinds = np.bincount(
        consignment.cartons["carton"], minlength=len(shipping.catalogue)
    )
    facts["cartons"] = {
        name: used
        for name, used in zip(shipping.catalogue.names, kinds.tolist(), strict=True)
        if used
    }
    facts["trucks"] = [truck.to_dict() for truck in measure_trucks(plan)]
    return facts


def _notices(plan: Plan) -> list[Fault]:
    """What of the site can never work, and what goes into no carton, with the mend."""
    from solvers.packing.ordered import orders_to_pack
    from warehouse.formats.cartons_csv import PackingOrders

    scenario, shipping = plan.scenario, plan.scenario.shipping
    notices = find_notices(scenario) + staff_notices(plan)
    if shipping is None or UnservedReason.NO_CARTON not in plan.unserved["reason"]:
        return notices
    given = PackingOrders(scenario.orders, shipping.units, shipping.catalogue)
    for order in orders_to_pack(given, shipping.rules.support):
        notices += order.left_out
    return notices


def shipping_lines(plan: Plan) -> list[str]:
    """Return the same as text."""
    shipping, consignment = plan.scenario.shipping, plan.consignment
    if shipping is None or consignment is None:
        return []
    kinds = consignment.cartons["carton"]
    litres = 1000 * float(shipping.catalogue.volume_m3[kinds].sum())
    lines = [f"cartons      {len(kinds):,}, {litres:,.0f} litres in all"]
    if shipping.trucks is not None:
        trucks = measure_trucks(plan)
        used = sum(truck.cartons > 0 for truck in trucks)
        taken = sum(truck.orders for truck in trucks)
        lines.append(
            f"trucks       {taken:,} orders on {used} of {count(len(trucks), 'truck')}"
        )
    return lines


def late_lines(plan: Plan) -> list[str]:
    """Return who is late, and why, where orders are due at all."""
    orders = plan.scenario.orders
    if not np.isfinite(orders.due_s).any() and not any(orders.carrier):
        return []
    late = late_orders(plan)
    if not late:
        return ["late         no order"]
    lines = [f"late         {count(len(late), 'order')}"]
    for cause in LateCause:
        mine = [one for one in late if one.cause is cause]
        if mine:
            lines.append(f"             {len(mine):,}: {CAUSE_WORDS[cause]}")
            lines[-1] += f" ({_names(plan, mine)})"
    return lines


def _names(plan: Plan, late: list[LateOrder]) -> str:
    names = plan.scenario.orders.names
    told = [
        f"{names[one.order]} due {clock(one.due_s)}"
        if np.isfinite(one.due_s)
        else names[one.order]
        for one in late[:MOST_TOLD]
    ]
    more = len(late) - len(told)
    return ", ".join(told) + (f" and {more:,} more" if more else "")
