"""What each truck of a plan takes along."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from warehouse.plan import Plan


@dataclass(frozen=True, slots=True)
class TruckMetrics:
    """One departure: when it leaves, and what is on it.

    ``volume_m3`` is the inner volume of its cartons, ``capacity_m3`` what the truck
    holds, inf for no limit.
    """

    carrier: str
    door: str
    departs_s: float
    orders: int
    cartons: int
    volume_m3: float
    capacity_m3: float

    def to_dict(self) -> dict[str, Any]:
        """All figures as JSON can hold them; no limit is None."""
        limited = np.isfinite(self.capacity_m3)
        return asdict(self) | {"capacity_m3": self.capacity_m3 if limited else None}


def measure_trucks(plan: Plan) -> list[TruckMetrics]:
    """Figures of every truck; none where there are no trucks."""
    shipping, consignment = plan.scenario.shipping, plan.consignment
    trucks = plan.scenario.trucks
    if shipping is None or trucks is None or consignment is None:
        return []
    loads = consignment.loads
    figures = []
    for truck in range(len(trucks)):
        cartons = consignment.cartons[loads["carton"][loads["truck"] == truck]]
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
            )
        )
    return figures
