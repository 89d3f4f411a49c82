"""The part of the report about late orders and the trucks they were to go with."""

import numpy as np

from viz.clock import clock, count
from warehouse.lateness import CAUSE_WORDS, LateCause, LateOrder, count_causes
from warehouse.plan import Plan
from warehouse.scenario import Orders
from warehouse.truck_metrics import measure_trucks


def cause_table(
    orders: Orders, late: list[LateOrder]
) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of a table of late orders with their cause."""
    rows = [
        [
            orders.names[one.order],
            clock(one.due_s) if np.isfinite(one.due_s) else "",
            clock(one.end_s) if np.isfinite(one.end_s) else "never",
            CAUSE_WORDS[one.cause],
        ]
        for one in late
    ]
    return ["Order", "Pack by", "Packed", "Cause"], rows


def cause_words(late: list[LateOrder]) -> str:
    """Say how many of some late orders each cause made late."""
    parts = [
        f"{count(number, 'order')} because {CAUSE_WORDS[LateCause(cause)]}"
        for cause, number in count_causes(late).items()
    ]
    return f"Late or never packed: {'; '.join(parts)}."


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
