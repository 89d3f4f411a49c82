"""Cartons, sizes and trucks of a scenario folder."""

from pathlib import Path

import numpy as np

from warehouse.errors import Fault
from warehouse.formats.cartons_csv import (
    parse_cartons,
    parse_units,
    write_cartons,
    write_units,
)
from warehouse.formats.shipping_settings import ShippingSettings, place_doors
from warehouse.formats.text_file import shown
from warehouse.formats.trucks_csv import parse_trucks, write_trucks
from warehouse.layout import Layout
from warehouse.scenario import Orders
from warehouse.shipping import Door, Shipping, Units
from warehouse.trucks import Trucks

MOST_FAULTS = 100
"""Orders and departures that are named one by one."""


def parse_shipping(
    folder: Path,
    files: dict[str, str],
    settings: ShippingSettings | None,
    layout: Layout | None,
    faults: list[Fault],
) -> Shipping | None:
    """Cartons, sizes, doors and trucks; None where none are named or one is at fault.

    Parameters
    ----------
    folder : Path
    files : dict of str to str
        Files that are named, by key.
    settings : ShippingSettings or None
        None where they could not be read.
    layout : Layout or None
    faults : list of Fault
        What is wrong is appended here.
    """
    if "cartons" not in files:
        return None
    before = len(faults)
    catalogue = parse_cartons(folder / files["cartons"], faults)
    trucks = None
    if "trucks" in files:
        trucks = parse_trucks(folder / files["trucks"], faults)
    units = None
    if "skus" in files:
        units = parse_units(folder / files["skus"], faults)
    doors: tuple[Door, ...] = ()
    if layout is not None and settings is not None:
        doors = place_doors(settings.doors, layout, faults)
    if len(faults) > before or catalogue is None or units is None or settings is None:
        return None
    return Shipping(units, catalogue, settings.rules, doors, trucks)


def fit_units(units: Units, sku_names: tuple[str, ...]) -> Units:
    """Units of all SKUs of a site; nothing is known of those that are not listed.

    Parameters
    ----------
    units : Units
        Of the first of these SKUs.
    sku_names : tuple of str
    """
    more = len(sku_names) - len(units.names)
    unknown, no = np.full(more, np.nan), np.zeros(more, bool)
    return Units(
        sku_names,
        np.concatenate([units.size_m, np.full((more, 3), np.nan)]),
        np.concatenate([units.mass_kg, unknown]),
        np.concatenate([units.this_side_up, no]),
        np.concatenate([units.fragile, no]),
    )


def find_truck_faults(
    orders: Orders, shipping: Shipping | None, files: dict[str, str]
) -> list[Fault]:
    """Faults of carriers without a truck, and of trucks without a door.

    Parameters
    ----------
    orders : Orders
    shipping : Shipping or None
    files : dict of str to str
        Files that are named, by key.
    """
    trucks = None if shipping is None else shipping.trucks
    if shipping is None or trucks is None:
        if "trucks" in files or not any(orders.carrier):
            return []
        found = "orders have a carrier, and there are no trucks"
        needed = 'name the departures, as in trucks = "trucks.csv", or drop the column'
        return [Fault("E520", Path(files["orders"]).name, found, needed)]
    faults = _doorless(trucks, shipping, Path(files["trucks"]).name)
    known = set(trucks.carrier)
    strange = [
        (order, carrier)
        for order, carrier in zip(orders.names, orders.carrier, strict=False)
        if carrier and carrier not in known
    ]
    file = Path(files["orders"]).name
    for order, carrier in strange[:MOST_FAULTS]:
        found = f"order {shown(order)} goes with {shown(carrier)}, which has no truck"
        needed = f"name one of {', '.join(sorted(known))}, or add a departure"
        faults.append(Fault("E521", file, found, needed))
    if len(strange) > MOST_FAULTS:
        found = f"{len(strange) - MOST_FAULTS:,} more orders of this kind"
        faults.append(Fault("E119", file, found, "mend the first ones first"))
    return faults


def _doorless(trucks: Trucks, shipping: Shipping, file: str) -> list[Fault]:
    """Append a fault for each door that trucks name and nobody placed."""
    placed = {door.name for door in shipping.doors}
    needed = "write it as [[door]] with name, row and col in scenario.toml"
    return [
        Fault("E522", file, f"door {shown(name)} is not on the floor", needed)
        for name in dict.fromkeys(trucks.door)
        if name not in placed
    ][:MOST_FAULTS]


def write_shipping(shipping: Shipping, folder: Path, files: dict[str, str]) -> None:
    """Write sizes, cartons and trucks, and add the files to those that are named."""
    names = {"skus": "skus.csv", "cartons": "cartons.csv"}
    write_units(shipping.units, folder / names["skus"])
    write_cartons(shipping.catalogue, folder / names["cartons"])
    if shipping.trucks is not None:
        names["trucks"] = "trucks.csv"
        write_trucks(shipping.trucks, folder / names["trucks"])
    files |= names
