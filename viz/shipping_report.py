"""The part of the report about late orders and the trucks they were to go with."""

import numpy as np

from viz.clock import clock, count
from warehouse.lateness import CAUSE_WORDS, LateCause, late_orders
from warehouse.plan import Plan
from warehouse.truck_metrics import measure_trucks


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
    rows = []
    for truck in measure_trucks(plan):
        volume = f"{truck.volume_m3:,.2f} m³"
        if np.isfinite(truck.capacity_m3):
            volume += f" of {truck.capacity_m3:,.2f}"
        rows.append(
            [
                truck.carrier,
                truck.door,
                clock(truck.departs_s),
                f"{truck.orders:,}",
                f"{truck.cartons:,}",
                volume,
            ]
        )
    return heads, rows
