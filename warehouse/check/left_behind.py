"""Orders that no truck takes, though one of their carrier could."""

import numpy as np

from warehouse.check.delivery import TOLERANCE
from warehouse.check.rows import Floats, Packing
from warehouse.check.truck_loads import Loads
from warehouse.check.truck_times import carrying_s
from warehouse.check.violation import Findings
from warehouse.scenario import Scenario
from warehouse.trucks import Trucks


def check_left_behind(
    scenario: Scenario,
    trucks: Trucks,
    loads: Loads,
    volume_m3: Floats,
    mass_kg: Floats,
    packing: Packing,
    findings: Findings,
) -> None:
    """Report orders on no truck for which one had room and time. O(orders * trucks).

    Parameters
    ----------
    scenario : Scenario
    trucks : Trucks
    loads : Loads
    volume_m3, mass_kg : ndarray of float64, shape (orders,)
        Of all cartons of each order.
    packing : Packing
    findings : Findings
    """
    carrier = np.array(scenario.orders.carrier, object)
    if not len(carrier):
        return
    waiting = ~np.isin(packing.order, loads.order)
    order, station = packing.order[waiting], packing.station[waiting]
    end_s = packing.end_s[waiting]
    stations = range(len(scenario.stations))
    count = len(trucks)
    room_m3 = trucks.capacity_m3 * (1 - TOLERANCE)
    room_m3 -= np.bincount(loads.truck, loads.volume_m3, count)
    room_kg = trucks.capacity_kg * (1 - TOLERANCE)
    room_kg -= np.bincount(loads.truck, loads.mass_kg, count)
    for truck, departs_s in enumerate(trucks.departs_s.tolist()):
        carry_s = np.array([carrying_s(scenario, s, truck) for s in stations])
        fits = carrier[order] == trucks.carrier[truck]
        fits &= end_s + carry_s[station] <= departs_s
        fits &= volume_m3[order] <= room_m3[truck]
        fits &= mass_kg[order] <= room_kg[truck]
        text = "order {name} is on no truck, and truck {truck} had room and time for it"
        findings.add("left-behind", text, order=order[fits], truck=truck)
