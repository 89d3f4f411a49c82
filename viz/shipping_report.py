"""The part of the report about trucks and what they take."""

import numpy as np

from viz.clock import clock
from warehouse.plan import Plan
from warehouse.truck_metrics import measure_trucks


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
