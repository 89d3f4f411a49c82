"""What each truck of a plan takes along."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from warehouse.plan import Plan


@dataclass(frozen=True, slots=True)
class TruckMetrics:
    """One departure: when it leaves, and what is on it.

    ``volume_m3`` is the inner volume of its cartons and ``mass_kg`` the mass of the
    units in them; the capacities are what the truck holds, inf for no limit.
    """

    carrier: str
    door: str
    departs_s: float
    orders: int
    cartons: int
    volume_m3: float
    capacity_m3: float
    mass_kg: float
    capacity_kg: float

    def to_dict(self) -> dict[str, Any]:
        """All figures as JSON can hold them; no limit is None."""
        facts = asdict(self)
        for name in ("capacity_m3", "capacity_kg"):
            facts[name] = facts[name] if np.isfinite(facts[name]) else None
        return facts


def measure_trucks(plan: Plan) -> list[TruckMetrics]:
    """Figures of every truck; none where there are no trucks."""
    shipping, consignment = plan.scenario.shipping, plan.consignment
    trucks = plan.scenario.trucks
    if shipping is None or trucks is None or consignment is None:
        return []
    loads, units = consignment.loads, consignment.units
    # What nobody weighed counts as nothing.
    unit_kg = np.maximum(np.nan_to_num(shipping.units.mass_kg), 0.0)[units["sku"]]
    carton_kg = np.bincount(units["carton"], unit_kg, len(consignment.cartons))
    figures = []
    for truck in range(len(trucks)):
        loaded = loads["carton"][loads["truck"] == truck]
        cartons = consignment.cartons[loaded]
        volume_m3 = shipping.catalogue.volume_m3[cartons["carton"]].sum()
        figures.append(
            TruckMetrics(
                carrier=trucks.carrier[truck],
                door=trucks.door[truck],
                departs_s=float(trucks.departs_s[truck]),
                orders=len(np.unique(cartons["order"])),
                cartons=len(cartons),
                volume_m3=float(volume_m3),
                capacity_m3=float(trucks.capacity_m3[truck]),
                mass_kg=float(carton_kg[loaded].sum()),
                capacity_kg=float(trucks.capacity_kg[truck]),
            )
        )
    return figures
