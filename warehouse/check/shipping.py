"""Cartons and trucks of a plan: what is packed in what, and what goes when."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warehouse.check.cartons import GivenCarton, check_cartons
from warehouse.check.left_behind import check_left_behind
from warehouse.check.load import WAYS, GivenBox, LaidBox
from warehouse.check.rows import Floats, Ints, Tables
from warehouse.check.tables import points_right, read_columns
from warehouse.check.truck_loads import Loads, check_loads
from warehouse.check.violation import Findings
from warehouse.consignment import (
    LOAD_DTYPE,
    PACKED_CARTON_DTYPE,
    PACKED_UNIT_DTYPE,
    Consignment,
)
from warehouse.plan import Plan, UnservedReason
from warehouse.shipping import Shipping, Units

MOST_UNITS: Final = 10_000
MOST_LINES: Final = 1_000
"""An order with more units or lines is larger than an order in cartons may be."""
_CLOSE_MM: Final = 1e-6


@dataclass(frozen=True, slots=True)
class PackedRows:
    """Cartons and units that can be read.

    ``row`` numbers the cartons as the plan does; ``carton`` of a unit is such a number.
    """

    row: Ints
    order: Ints
    kind: Ints
    units: dict[str, NDArray[Any]]


def check_shipping(plan: Plan, tables: Tables, findings: Findings) -> None:
    """Report cartons and loads that are not as they must be."""
    shipping, consignment = plan.scenario.shipping, plan.consignment
    if (shipping is None) != (consignment is None):
        has = "no" if consignment is None else "a"
        asked = "no" if shipping is None else "a"
        text = f"the plan has {has} table of cartons, and the site {asked} catalogue"
        findings.add("shipping-tables", "{text}", text=text)
    if shipping is None or consignment is None:
        return
    rows, loads = read_consignment(plan, shipping, consignment, findings)
    _check_contents(shipping, rows, tables, findings)
    _check_excuses(plan, shipping, tables, findings)
    if shipping.trucks is not None and loads is not None:
        given = plan.scenario, shipping.trucks, loads
        packing = tables.packing
        check_loads(*given, packing, findings)
        sizes = _order_sizes(len(plan.scenario.orders), shipping, rows)
        check_left_behind(*given, *sizes, packing.with_times(), findings)


def read_consignment(
    plan: Plan, shipping: Shipping, consignment: Consignment, findings: Findings
) -> tuple[PackedRows, Loads | None]:
    """Cartons and loads that can be read; what is wrong with the others is reported.

    There are no loads to be read where there are no trucks.
    """
    rows = _read_packed(plan, shipping, consignment, findings)
    if shipping.trucks is None:
        if len(consignment.loads):
            text = "there are loads and no trucks"
            findings.add("shipping-tables", "{text}", text=text)
        return rows, None
    trucks = len(shipping.trucks)
    return rows, _read_loads(shipping, trucks, consignment, rows, findings)


def _read_packed(
    plan: Plan, shipping: Shipping, consignment: Consignment, findings: Findings
) -> PackedRows:
    name = "packed_cartons"
    columns = read_columns(consignment.cartons, name, PACKED_CARTON_DTYPE, findings)
    limits: dict[str, int | Ints] = {
        "order": len(plan.scenario.orders),
        "carton": len(shipping.catalogue),
    }
    good = points_right(findings, name, columns, limits)
    name = "packed_units"
    units = read_columns(consignment.units, name, PACKED_UNIT_DTYPE, findings)
    limits = {"carton": len(good), "sku": len(plan.scenario.sku_names)}
    fine = points_right(findings, name, units, limits)
    fine[fine] = good[units["carton"][fine]]
    return PackedRows(
        np.flatnonzero(good),
        columns["order"][good],
        columns["carton"][good],
        {column: values[fine] for column, values in units.items()},
    )


def _check_contents(
    shipping: Shipping,
    rows: PackedRows,
    tables: Tables,
    findings: Findings,
) -> None:
    """Hold the cartons of each order against what was served of it."""
    served: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    picks = tables.picks
    for order, sku, quantity in zip(
        picks.order.tolist(), picks.sku.tolist(), picks.quantity.tolist(), strict=True
    ):
        served[order][sku] += quantity
    cartons_of: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row, order, kind in zip(
        rows.row.tolist(), rows.order.tolist(), rows.kind.tolist(), strict=True
    ):
        cartons_of[order].append((row, kind))
    inside = _units_by_carton(rows)
    catalogue = given_cartons(shipping)
    for order in sorted(served.keys() | cartons_of.keys()):
        skus = dict(served[order])
        mine = cartons_of[order]
        for row, _ in mine:
            for sku, *_ in inside[row]:
                skus.setdefault(sku, 0)
        number = {sku: kind for kind, sku in enumerate(skus)}
        given = [given_box(shipping.units, sku, count) for sku, count in skus.items()]
        packed = [
            (kind, [LaidBox(number[sku], size, at) for sku, size, at in inside[row]])
            for row, kind in mine
        ]
        cost = sum(catalogue[kind].cost for kind, _ in packed)
        for fault in check_cartons(
            given, catalogue, packed, cost, support=shipping.rules.support
        ):
            text = "order {name}: {text}"
            findings.add(fault.rule, text, order=order, text=fault.message)


_Triple = tuple[int, int, int]


def _units_by_carton(rows: PackedRows) -> dict[int, list[tuple[int, _Triple, _Triple]]]:
    """SKU, size and corner of the units of each carton, in their order."""
    inside: dict[int, list[tuple[int, _Triple, _Triple]]] = defaultdict(list)
    columns = [rows.units[name].tolist() for name in PACKED_UNIT_DTYPE.names or ()]
    for carton, sku, x, y, z, length, width, height in zip(*columns, strict=True):
        inside[carton].append((sku, (length, width, height), (x, y, z)))
    return inside


def given_box(units: Units, sku: int, copies: int) -> GivenBox:
    """A unit in whole millimetres, rounded up; without a known size it has none."""
    size = np.ceil(np.nan_to_num(units.size_m[sku]) * 1000 - _CLOSE_MM)
    length, width, height = np.maximum(size, 0).astype(int).tolist()
    upright = bool(units.this_side_up[sku])
    return GivenBox(
        (length, width, height),
        copies,
        frozenset(way for way in WAYS if way[2] == "Z" or not upright),
        max(0.0, float(np.nan_to_num(units.mass_kg[sku]))),
        bool(units.fragile[sku]),
    )


def given_cartons(shipping: Shipping) -> list[GivenCarton]:
    """Cartons in whole millimetres, rounded down."""
    catalogue = shipping.catalogue
    size = np.floor(catalogue.size_m * 1000 + _CLOSE_MM).astype(int)
    rows = zip(
        size.tolist(),
        catalogue.max_mass_kg.tolist(),
        catalogue.cost.tolist(),
        strict=True,
    )
    return [GivenCarton((a, b, c), limit, cost) for (a, b, c), limit, cost in rows]


def _check_excuses(
    plan: Plan, shipping: Shipping, tables: Tables, findings: Findings
) -> None:
    """Report units left as fitting into no carton that fit into one."""
    orders, rows = plan.scenario.orders, tables.unserved
    left = np.unique(rows.line[rows.reason == UnservedReason.NO_CARTON])
    lines = np.bincount(orders.line_order, minlength=len(orders))
    units = np.bincount(orders.line_order, orders.line_quantity, len(orders))
    too_large = (lines > MOST_LINES) | (units > MOST_UNITS)
    catalogue = given_cartons(shipping)
    wrong = [
        line
        for line in left.tolist()
        if not too_large[orders.line_order[line]]
        and fits_some(shipping.units, int(orders.line_sku[line]), catalogue)
    ]
    names = np.array([*plan.scenario.sku_names, ""], object)
    findings.add(
        "carton-excuse",
        "order {name}: SKU {sku} is left as fitting into no carton, and it does",
        order=orders.line_order[wrong],
        sku=names[orders.line_sku[wrong]],
    )


def fits_some(units: Units, sku: int, catalogue: list[GivenCarton]) -> bool:
    """Whether a unit goes into some carton alone."""
    box = given_box(units, sku, 1)
    known = bool((units.size_m[sku] > 0).all()) and not units.mass_kg[sku] <= 0
    return known and any(
        box.mass_kg <= carton.max_mass_kg * (1 + 1e-9)
        and any(
            all(edge <= room for edge, room in zip(laid, carton.size, strict=True))
            for laid in box.laid()
        )
        for carton in catalogue
    )


def _read_loads(
    shipping: Shipping,
    trucks: int,
    consignment: Consignment,
    rows: PackedRows,
    findings: Findings,
) -> Loads:
    """Loads that can be read, each with what its carton is."""
    columns = read_columns(consignment.loads, "loads", LOAD_DTYPE, findings)
    count = len(consignment.cartons)
    limits: dict[str, int | Ints] = {"carton": count, "truck": trucks}
    good = points_right(findings, "loads", columns, limits)
    place = np.full(max(1, count), -1, np.int64)
    place[rows.row] = np.arange(len(rows.row))
    good[good] = place[columns["carton"][good]] >= 0
    carton = columns["carton"][good]
    at = place[carton]
    mass_kg = _carton_mass_kg(shipping, rows, len(place))
    return Loads(
        carton=carton,
        truck=columns["truck"][good],
        position=columns["position"][good],
        order=rows.order[at],
        of_order=np.bincount(rows.order)[rows.order[at]],
        volume_m3=shipping.catalogue.volume_m3[rows.kind[at]],
        mass_kg=mass_kg[carton],
    )


def _carton_mass_kg(shipping: Shipping, rows: PackedRows, count: int) -> Floats:
    """Mass of what is in each of so many cartons, as far as it is known."""
    unit_kg = np.maximum(np.nan_to_num(shipping.units.mass_kg), 0.0)
    mass_kg = np.zeros(count)
    np.add.at(mass_kg, rows.units["carton"], unit_kg[rows.units["sku"]])
    return mass_kg


def _order_sizes(
    orders: int, shipping: Shipping, rows: PackedRows
) -> tuple[Floats, Floats]:
    """Volume and mass of all cartons of each order, shape (orders,)."""
    volume_m3, mass_kg = np.zeros(orders), np.zeros(orders)
    np.add.at(volume_m3, rows.order, shipping.catalogue.volume_m3[rows.kind])
    cartons = int(rows.row.max(initial=-1)) + 1
    carton_kg = _carton_mass_kg(shipping, rows, cartons)
    np.add.at(mass_kg, rows.order, carton_kg[rows.row])
    return volume_m3, mass_kg
