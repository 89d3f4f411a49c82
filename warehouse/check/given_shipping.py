"""Whether cartons, doors and trucks in a plan make enough sense to check against."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.check.repeats import repeated_rows
from warehouse.check.violation import Findings
from warehouse.scenario import Scenario
from warehouse.shipping import Shipping
from warehouse.trucks import Trucks

MOST_SECONDS: Final = 1e12
MOST_M: Final = 1e6


def check_given_shipping(
    scenario: Scenario, shipping: Shipping, findings: Findings
) -> None:
    """Report what keeps the shipping of a scenario from being read."""
    rules, cells = shipping.rules, scenario.layout.kinds.size
    for name in rules.__dataclass_fields__:
        value = getattr(rules, name)
        most = 1.0 if name == "support" else MOST_SECONDS
        if not 0 <= value <= most:
            text = "{key} of packing is {value}, need a number from 0 to {most:g}"
            findings.add("scenario", text, key=name, value=value, most=most)
    if not rules.walk_m_s > 0:
        text = "walk_m_s of packing is {value}, need a number above 0"
        findings.add("scenario", text, value=rules.walk_m_s)
    _need_positive(findings, "carton", shipping.catalogue.size_m.min(axis=1, initial=1))
    _need_positive(findings, "carton", shipping.catalogue.max_mass_kg)
    _refuse_endless(findings, "carton", shipping.catalogue.size_m)
    _refuse_endless(findings, "unit", shipping.units.size_m)
    bad = np.flatnonzero(~np.isfinite(shipping.catalogue.cost))
    text = "carton {row} costs {value}, need a number"
    findings.add("scenario", text, row=bad, value=shipping.catalogue.cost[bad])
    skus, units = len(scenario.sku_names), shipping.units
    if units.size_m.shape != (skus, 3) or len(units.mass_kg) != skus:
        text = "sizes of {units} units, need one for each of {skus} SKUs"
        findings.add("scenario", text, units=len(units.size_m), skus=skus)
    names = [door.name for door in shipping.doors]
    if len(set(names)) < len(names):
        text = "two of {doors} doors have one name"
        findings.add("scenario", text, doors=len(names))
    for door in shipping.doors:
        if not 0 <= door.cell < cells:
            text = "door {door} is at cell {value} of {cells}"
            findings.add("scenario", text, door=door.name, value=door.cell, cells=cells)
    if shipping.trucks is not None:
        _check_trucks(scenario, shipping, shipping.trucks, findings)


def _need_positive(findings: Findings, what: str, values: NDArray[np.float64]) -> None:
    bad = np.flatnonzero(~(values > 0))
    text = "a size or a limit of {what} {row} is {value}, need a number above 0"
    findings.add("scenario", text, what=what, row=bad, value=values[bad])


def _refuse_endless(findings: Findings, what: str, size_m: NDArray[np.float64]) -> None:
    """Report sizes that no number of millimetres can be had of."""
    bad, axis = np.nonzero(size_m > MOST_M)
    text = "a size of {what} {row} is {value} m, need {most:g} or less"
    values = size_m[bad, axis]
    findings.add("scenario", text, what=what, row=bad, value=values, most=MOST_M)


def _check_trucks(
    scenario: Scenario, shipping: Shipping, trucks: Trucks, findings: Findings
) -> None:
    doors = {door.name for door in shipping.doors}
    for row, (carrier, door) in enumerate(
        zip(trucks.carrier, trucks.door, strict=True)
    ):
        if door not in doors or not carrier:
            text = "truck {row} has door {door!r} and carrier {carrier!r}"
            findings.add("scenario", text, row=row, door=door, carrier=carrier)
    departures = zip(
        trucks.carrier, trucks.door, trucks.departs_s.tolist(), strict=True
    )
    text = "truck {row} is the same departure as one before it"
    findings.add("scenario", text, row=np.array(repeated_rows(list(departures)), int))
    bad = np.flatnonzero(~(np.abs(trucks.departs_s) <= MOST_SECONDS))
    text = "truck {row} departs at {value}"
    findings.add("scenario", text, row=bad, value=trucks.departs_s[bad])
    for values in (trucks.capacity_m3, trucks.capacity_kg):
        _need_positive(findings, "truck", values)
    carriers = scenario.orders.carrier
    if carriers and len(carriers) != len(scenario.orders):
        text = "{carriers} carriers of {orders} orders"
        numbers = {"carriers": len(carriers), "orders": len(scenario.orders)}
        findings.add("scenario", text, **numbers)
