"""The part of the report about late orders and the trucks they were to go with."""

import numpy as np

from viz.clock import clock, count
from warehouse.lateness import CAUSE_WORDS, LateCause, late_orders
from warehouse.plan import Plan


def cause_table(plan: Plan, most: int) -> tuple[list[str], list[list[str]], int]:
    """Heads and rows of a table of all late orders with their cause, and their number.

    Parameters
    ----------
    plan : Plan
        Of robots with totes.
    most : int
        Rows at most.
    """
    late, orders = late_orders(plan), plan.scenario.orders
    rows = [
        [
            orders.names[one.order],
            clock(one.due_s) if np.isfinite(one.due_s) else "",
            clock(one.end_s) if np.isfinite(one.end_s) else "never",
            CAUSE_WORDS[one.cause],
        ]
        for one in late[:most]
    ]
    return ["Order", "Pack by", "Packed", "Cause"], rows, len(late)


def cause_words(plan: Plan) -> str:
    """Say how many orders each cause made late; empty where none is."""
    late = late_orders(plan)
    parts = [
        f"{count(number, 'order')} because {CAUSE_WORDS[cause]}"
        for cause in LateCause
        if (number := sum(one.cause is cause for one in late))
    ]
    return "Late or never packed: " + "; ".join(parts) + "." if parts else ""


def truck_table(plan: Plan) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of a table of trucks and what they take; no rows without any."""
    heads = ["Carrier", "Door", "Departs", "Orders", "Cartons", "Volume"]
    shipping, consignment = plan.scenario.shipping, plan.consignment
    if shipping is None or shipping.trucks is None or consignment is None:
        return heads, []
    trucks, loads = shipping.trucks, consignment.loads
    rows = []
    for truck in range(len(trucks)):
        cartons = consignment.cartons[loads["carton"][loads["truck"] == truck]]
        volume_m3 = float(shipping.catalogue.volume_m3[cartons["carton"]].sum())
        limit_m3 = float(trucks.capacity_m3[truck])
        volume = f"{volume_m3:,.2f} m³"
        if np.isfinite(limit_m3):
            volume += f" of {limit_m3:,.2f}"
        rows.append(
            [
                trucks.carrier[truck],
                trucks.door[truck],
                clock(float(trucks.departs_s[truck])),
                f"{len(np.unique(cartons['order'])):,}",
                f"{len(cartons):,}",
                volume,
            ]
        )
    return heads, rows
