"""Whether the scenario in a plan makes enough sense to check the plan against it."""

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warehouse.check.given_shipping import check_given_shipping
from warehouse.check.given_staff import check_given_staff
from warehouse.check.repeats import repeated_rows
from warehouse.check.violation import Findings
from warehouse.layout import CellKind
from warehouse.replenishment import Replenishment
from warehouse.scenario import Battery, PodSystem, RobotKind, Scenario

LEAST_STEP_S: Final = 1e-6
MOST_SECONDS: Final = 1e12
MOST_KG: Final = 1e6
MOST_ENERGY: Final = 1e12
POD_SECONDS: Final = (
    "lift_s",
    "set_down_s",
    "turn_s",
    "station_s_per_visit",
    "station_s_per_line",
    "station_s_per_unit",
    "robot_s_per_unit",
    "warm_up_s",
    "end_s",
)
MOST_PACKERS: Final = 1_000_000


def check_scenario(scenario: Scenario, findings: Findings) -> None:
    """Report what keeps a scenario from being read."""
    _check_numbers(scenario, findings)
    layout, stock, orders = scenario.layout, scenario.stock, scenario.orders
    cells, skus = layout.kinds.size, len(scenario.sku_names)
    _check_column(findings, "kind of cell", layout.kinds.ravel(), len(CellKind))
    _check_column(findings, "start cell of robot", scenario.fleet.start_cells, cells)
    _check_column(findings, "SKU of stock row", stock.sku, skus)
    _check_column(findings, "cell of stock row", stock.cell, cells)
    _check_column(findings, "quantity of stock row", stock.quantity)
    _check_column(findings, "order of order line", orders.line_order, len(orders))
    _check_column(findings, "SKU of order line", orders.line_sku, skus)
    _check_column(findings, "quantity of order line", orders.line_quantity)
    station_cells = np.array([station.cell for station in scenario.stations], object)
    _check_column(findings, "cell of station", station_cells, cells)
    packers = np.array([station.packers for station in scenario.stations], object)
    _check_column(findings, "packers of station", packers, MOST_PACKERS)
    _check_different(scenario, findings)
    _check_masses(scenario, findings)
    _check_kinds(scenario, findings)
    if scenario.pods is not None:
        _check_pods(scenario, scenario.pods, findings)
    if scenario.fleet.battery is not None:
        _check_battery(scenario, scenario.fleet.battery, findings)
    if scenario.shipping is not None:
        check_given_shipping(scenario, scenario.shipping, findings)
    if scenario.staff is not None:
        check_given_staff(scenario, scenario.staff, findings)
    for what, lengths in {
        "stock": (stock.sku, stock.cell, stock.quantity),
        "orders": (orders.names, orders.release_s, orders.due_s, orders.priority),
        "order lines": (orders.line_order, orders.line_sku, orders.line_quantity),
    }.items():
        if len({len(column) for column in lengths}) > 1:
            findings.add("scenario", "{what}: columns of different lengths", what=what)


def _check_different(scenario: Scenario, findings: Findings) -> None:
    """Report SKUs with one name, and stock rows of one SKU on one cell."""
    names, stock = scenario.sku_names, scenario.stock
    for row in repeated_rows(names):
        text = "SKU {row} is called {sku!r}, as one before it"
        findings.add("scenario", text, row=row, sku=names[row])
    if len(stock.sku) == len(stock.cell):
        pairs = list(zip(stock.sku.tolist(), stock.cell.tolist(), strict=True))
        rows = np.array(repeated_rows(pairs), int)
        text = "stock row {row}: SKU {sku} on cell {value} is in a row before"
        columns = {"sku": stock.sku[rows], "value": stock.cell[rows]}
        findings.add("scenario", text, row=rows, **columns)


def _check_pods(scenario: Scenario, pods: PodSystem, findings: Findings) -> None:
    cells, stations = scenario.layout.kinds.size, len(scenario.stations)
    _check_column(findings, "start cell of pod", pods.start_cells, cells)
    _check_column(findings, "order slots of station", pods.order_slots)
    if len(pods.order_slots) != stations or len(pods.names) != len(pods):
        text = "pods: {slots} stations with slots of {stations}, {names} names for {n}"
        numbers = {"stations": stations, "names": len(pods.names), "n": len(pods)}
        findings.add("scenario", text, slots=len(pods.order_slots), **numbers)
    if pods.replenishment is not None:
        _check_replenishment(scenario, pods.replenishment, len(pods), findings)
    for name in POD_SECONDS:
        value = getattr(pods, name)
        if not 0 <= value <= MOST_SECONDS and not (name == "end_s" and value > 0):
            text = "{key} is {value}, need a number of seconds, 0 or more"
            findings.add("scenario", text, key=name, value=value)
    if pods.backlog < 0:
        findings.add("scenario", "backlog is {value}", value=pods.backlog)


def _check_kinds(scenario: Scenario, findings: Findings) -> None:
    kinds, robots = scenario.fleet.kinds, len(scenario.fleet)
    if kinds is None:
        return
    _check_column(findings, "kind of robot", kinds, len(RobotKind))
    if len(kinds) != robots or scenario.pods is None:
        text = "kinds of {n} robots, there are {robots}, and {pods} pods"
        pods = 0 if scenario.pods is None else len(scenario.pods)
        findings.add("scenario", text, n=len(kinds), robots=robots, pods=pods)


def _check_replenishment(
    scenario: Scenario, filling: Replenishment, pods: int, findings: Findings
) -> None:
    cells, stations = scenario.layout.kinds.size, len(filling.cells)
    skus = len(scenario.sku_names)
    _check_column(findings, "cell of replenishment station", filling.cells, cells)
    _check_column(findings, "capacity of pod", filling.capacity)
    _check_column(findings, "SKU of arrival", filling.sku, skus)
    _check_column(findings, "quantity of arrival", filling.quantity)
    # From -1 on, for any station.
    meant = filling.station.astype(np.int64) + 1
    _check_column(findings, "station of arrival, from 1", meant, stations + 1)
    columns = filling.sku, filling.quantity, filling.release_s, filling.station
    times = filling.s_per_visit, filling.s_per_box, filling.s_per_unit
    if len({len(column) for column in columns}) > 1 or {
        len(column) for column in (filling.names, *times)
    } != {stations}:
        text = "replenishment: columns of different lengths for {n} stations"
        findings.add("scenario", text, n=stations)
    if len(filling.capacity) != pods:
        text = "{got} capacities of {pods} pods"
        findings.add("scenario", text, got=len(filling.capacity), pods=pods)
    for name in ("s_per_visit", "s_per_box", "s_per_unit", "release_s"):
        values = getattr(filling, name)
        bad = np.flatnonzero(~((values >= 0) & (values <= MOST_SECONDS)))
        text = "{key} {row} of the replenishment is {value}, need 0 or more seconds"
        findings.add("scenario", text, key=name, row=bad, value=values[bad])


def _check_battery(scenario: Scenario, battery: Battery, findings: Findings) -> None:
    if scenario.pods is None:
        text = "{robots} robots have batteries and carry no pods"
        findings.add("scenario", text, robots=len(scenario.fleet))
    for name in battery.__dataclass_fields__:
        value, most = getattr(battery, name), MOST_ENERGY
        if name in ("reserve", "start"):
            most = 1.0
        if not 0 <= value <= most:
            text = "{key} of the batteries is {value}, need a number from 0 to {most}"
            findings.add("scenario", text, key=name, value=value, most=most)


def _check_numbers(scenario: Scenario, findings: Findings) -> None:
    layout, fleet, service = scenario.layout, scenario.fleet, scenario.service
    above_0: dict[str, float] = {
        "cell_size_m": layout.cell_size_m,
        "speed_m_s": fleet.speed_m_s,
        "tote_slots": fleet.tote_slots,
    }
    if scenario.pods is not None:
        above_0["acceleration_m_s2"] = scenario.pods.acceleration_m_s2
    for name, value in above_0.items():
        if not 0 < value < math.inf:
            text = "{key} is {value}, need a number above 0"
            findings.add("scenario", text, key=name, value=value)
    if not fleet.max_mass_kg > 0:
        text = "max_mass_kg is {value}, need a number above 0"
        findings.add("scenario", text, value=fleet.max_mass_kg)
    if not findings.broken("scenario") and not (
        LEAST_STEP_S <= scenario.step_s <= MOST_SECONDS
    ):
        text = "a step takes {value} s: cell size and speed do not go together"
        findings.add("scenario", text, value=scenario.step_s)
    for name in service.__dataclass_fields__:
        value = getattr(service, name)
        if not 0 <= value <= MOST_SECONDS:
            text = "{key} is {value}, need a number of seconds, 0 or more"
            findings.add("scenario", text, key=name, value=value)
    if fleet.motion not in ("omni", "rotate"):
        text = "motion is {value!r}, need 'omni' or 'rotate'"
        findings.add("scenario", text, value=fleet.motion)
    release_s, due_s = scenario.orders.release_s, scenario.orders.due_s
    for name, good in {
        "release_s": np.isfinite(release_s) & (release_s >= 0),
        "due_s": ~np.isnan(due_s),
    }.items():
        text = "{key} of order {row} is no time"
        findings.add("scenario", text, row=np.flatnonzero(~good), key=name)


def _check_masses(scenario: Scenario, findings: Findings) -> None:
    mass_kg, skus = scenario.sku_mass_kg, len(scenario.sku_names)
    if mass_kg is None:
        return
    if mass_kg.shape != (skus,):
        text = "masses of shape {shape}, need one for each of {skus} SKUs"
        findings.add("scenario", text, shape=str(mass_kg.shape), skus=skus)
        return
    bad = np.flatnonzero(~((mass_kg >= 0) & (mass_kg <= MOST_KG)))
    text = "mass of SKU {row} is {value} kg, need 0 to {most}"
    findings.add("scenario", text, row=bad, value=mass_kg[bad], most=MOST_KG)


def _check_column(
    findings: Findings, what: str, values: NDArray[Any], limit: int | None = None
) -> None:
    if values.ndim != 1 or values.dtype.kind not in "iuO":
        text = "{what}: got {kind}, need whole numbers"
        findings.add(
            "scenario", text, what=what, kind=f"{values.ndim}-d {values.dtype}"
        )
        return
    bad = values < 0 if limit is None else (values < 0) | (values >= limit)
    rows = np.flatnonzero(bad)
    need = "0 or more" if limit is None else f"0 to {limit - 1}"
    text = "{what} {row} is {value}, need {need}"
    findings.add("scenario", text, row=rows, value=values[rows], what=what, need=need)
