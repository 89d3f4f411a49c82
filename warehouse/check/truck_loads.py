"""Trucks: each carton once, with its carrier, in time, and no more than fits in."""

from dataclasses import dataclass

import numpy as np

from warehouse.check.delivery import TOLERANCE, TOLERANCE_S
from warehouse.check.rows import Floats, Ints, Packing
from warehouse.check.truck_times import carrying_s
from warehouse.check.violation import Findings
from warehouse.scenario import Scenario
from warehouse.trucks import Trucks


@dataclass(frozen=True, slots=True)
class Loads:
    """Cartons on trucks that can be read, each with its order, volume and mass.

    ``of_order`` counts the cartons that the order has, on trucks or not.
    """

    carton: Ints
    truck: Ints
    position: Ints
    order: Ints
    of_order: Ints
    volume_m3: Floats
    mass_kg: Floats


def check_loads(
    scenario: Scenario,
    trucks: Trucks,
    loads: Loads,
    packing: Packing,
    findings: Findings,
) -> None:
    """Report loads that are not as they must be."""
    _check_once(loads, findings)
    _check_carriers(scenario.orders.carrier, trucks, loads, findings)
    _check_room(trucks, loads, findings)
    _check_times(scenario, trucks, loads, packing, findings)


def _check_carriers(
    carriers: tuple[str, ...], trucks: Trucks, loads: Loads, findings: Findings
) -> None:
    rows = zip(loads.order.tolist(), loads.truck.tolist(), strict=True)
    right = [
        bool(carriers) and carriers[order] == trucks.carrier[truck]
        for order, truck in rows
    ]
    own = np.array(right, bool)
    text = "order {name} is loaded into truck {truck}, which is of another carrier"
    findings.add(
        "truck-carrier", text, order=loads.order[~own], truck=loads.truck[~own]
    )


def _check_once(loads: Loads, findings: Findings) -> None:
    cartons, times = np.unique(loads.carton, return_counts=True)
    findings.add(
        "loaded-twice",
        "carton {carton} is loaded {times} times",
        carton=cartons[times > 1],
        times=times[times > 1],
    )
    pairs = np.unique(np.stack([loads.order, loads.truck], axis=1), axis=0)
    orders, trucks = np.unique(pairs[:, 0], return_counts=True)
    findings.add(
        "order-on-trucks",
        "order {name} goes on {trucks} trucks",
        order=orders[trucks > 1],
        trucks=trucks[trucks > 1],
    )
    _, first = np.unique(loads.carton, return_index=True)
    orders, at, loaded = np.unique(
        loads.order[first], return_index=True, return_counts=True
    )
    every = loads.of_order[first][at]
    parted = loaded < every
    findings.add(
        "order-on-trucks",
        "{loaded} of the {every} cartons of order {name} go on a truck",
        order=orders[parted],
        loaded=loaded[parted],
        every=every[parted],
    )


def _check_room(trucks: Trucks, loads: Loads, findings: Findings) -> None:
    for rule, each, most, unit in (
        ("truck-volume", loads.volume_m3, trucks.capacity_m3, "m3"),
        ("truck-mass", loads.mass_kg, trucks.capacity_kg, "kg"),
    ):
        total = np.bincount(loads.truck, each, len(trucks))
        over = np.flatnonzero(total > most * (1 + TOLERANCE))
        findings.add(
            rule,
            "truck {truck} has {total:.3f} {unit} of {most:g}",
            truck=over,
            total=total[over],
            most=most[over],
            unit=unit,
        )


def _check_times(
    scenario: Scenario,
    trucks: Trucks,
    loads: Loads,
    packing: Packing,
    findings: Findings,
) -> None:
    """Report loads that come too late, or not in the order of their numbers."""
    departs_s = trucks.departs_s
    end_s = np.full(len(scenario.orders), np.nan)
    station = np.zeros(len(scenario.orders), np.int64)
    end_s[packing.order], station[packing.order] = packing.end_s, packing.station
    pairs = zip(station[loads.order].tolist(), loads.truck.tolist(), strict=True)
    carry_s = [carrying_s(scenario, *pair) for pair in pairs]
    come_s = end_s[loads.order] + np.array(carry_s, float)
    missed = come_s > departs_s[loads.truck] + TOLERANCE_S
    findings.add(
        "truck-missed",
        "order {name} is at truck {truck} at {come:.2f} s, which departs at "
        "{departs:.2f} s",
        order=loads.order[missed],
        truck=loads.truck[missed],
        come=come_s[missed],
        departs=departs_s[loads.truck[missed]],
    )
    order = np.lexsort((loads.position, loads.truck))
    truck, position = loads.truck[order], loads.position[order]
    first = np.flatnonzero(np.diff(truck, prepend=-1))
    number = np.arange(len(truck)) - np.repeat(
        first, np.diff(np.append(first, len(truck)))
    )
    wrong = position != number
    earlier = np.diff(come_s[order], prepend=0.0) < -TOLERANCE_S
    earlier[first] = False
    bad = np.unique(truck[wrong | earlier])
    text = "the cartons of truck {truck} are not numbered as they come to the door"
    findings.add("loading-order", text, truck=bad)
