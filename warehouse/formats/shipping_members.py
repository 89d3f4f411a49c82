"""Members of a plan file that say how orders are packed in cartons and sent away."""

from dataclasses import fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warehouse.consignment import (
    LOAD_DTYPE,
    PACKED_CARTON_DTYPE,
    PACKED_UNIT_DTYPE,
    Consignment,
)
from warehouse.formats.npz_members import text_array
from warehouse.formats.plan_meta import MetaReader
from warehouse.scenario import Orders
from warehouse.shipping import Catalogue, Door, PackingRules, Shipping, Units
from warehouse.trucks import Trucks

UNIT_KIND_DTYPE: Final = np.dtype(
    [
        ("length_m", "<f8"),
        ("width_m", "<f8"),
        ("height_m", "<f8"),
        ("mass_kg", "<f8"),
        ("this_side_up", "u1"),
        ("fragile", "u1"),
    ]
)
CARTON_KIND_DTYPE: Final = np.dtype(
    [
        ("length_m", "<f8"),
        ("width_m", "<f8"),
        ("height_m", "<f8"),
        ("max_mass_kg", "<f8"),
        ("cost", "<f8"),
    ]
)
TRUCK_DTYPE: Final = np.dtype(
    [
        ("carrier", "<i4"),
        ("door", "<i4"),
        ("departs_s", "<f8"),
        ("capacity_m3", "<f8"),
        ("capacity_kg", "<f8"),
    ]
)
SHIPPING_MEMBERS: Final[dict[str, tuple[np.dtype[Any] | None, int]]] = {
    "unit_kinds": (UNIT_KIND_DTYPE, 1),
    "carton_names": (None, 1),
    "carton_kinds": (CARTON_KIND_DTYPE, 1),
    "packed_cartons": (PACKED_CARTON_DTYPE, 1),
    "packed_units": (PACKED_UNIT_DTYPE, 1),
}
"""All there where orders are packed in cartons, or none."""
TRUCK_MEMBERS: Final[dict[str, tuple[np.dtype[Any] | None, int]]] = {
    "carrier_names": (None, 1),
    "order_carriers": (np.dtype("<i4"), 1),
    "door_names": (None, 1),
    "door_cells": (np.dtype("<i4"), 1),
    "trucks": (TRUCK_DTYPE, 1),
    "loads": (LOAD_DTYPE, 1),
}
"""All there where trucks fetch them, or none."""
_SIZES: Final = ("length_m", "width_m", "height_m")
RULE_NAMES: Final = tuple(field.name for field in fields(PackingRules))


def shipping_arrays(
    shipping: Shipping, orders: Orders, consignment: Consignment
) -> dict[str, NDArray[Any]]:
    """Members that hold what is given and decided.

    Parameters
    ----------
    shipping : Shipping
    orders : Orders
        Whose carriers are kept with the trucks.
    consignment : Consignment
    """
    units, catalogue = shipping.units, shipping.catalogue
    unit_kinds = _sized(UNIT_KIND_DTYPE, units.size_m)
    for name in ("mass_kg", "this_side_up", "fragile"):
        unit_kinds[name] = getattr(units, name)
    carton_kinds = _sized(CARTON_KIND_DTYPE, catalogue.size_m)
    for name in ("max_mass_kg", "cost"):
        carton_kinds[name] = getattr(catalogue, name)
    arrays: dict[str, NDArray[Any]] = {
        "unit_kinds": unit_kinds,
        "carton_names": text_array(catalogue.names, "carton names"),
        "carton_kinds": carton_kinds,
        "packed_cartons": consignment.cartons,
        "packed_units": consignment.units,
    }
    if shipping.trucks is not None:
        arrays |= _truck_arrays(shipping, shipping.trucks, orders)
        arrays["loads"] = consignment.loads
    return arrays


def _sized(dtype: np.dtype[Any], size_m: NDArray[np.float64]) -> NDArray[Any]:
    table = np.zeros(len(size_m), dtype)
    for axis, name in enumerate(_SIZES):
        table[name] = size_m[:, axis]
    return table


def _truck_arrays(
    shipping: Shipping, trucks: Trucks, orders: Orders
) -> dict[str, NDArray[Any]]:
    carriers = tuple(dict.fromkeys(trucks.carrier))
    doors = tuple(door.name for door in shipping.doors)
    number = {name: i for i, name in enumerate(carriers)}
    carrier_of = orders.carrier or ("",) * len(orders)
    table = np.zeros(len(trucks), TRUCK_DTYPE)
    table["carrier"] = [number[name] for name in trucks.carrier]
    table["door"] = [doors.index(name) for name in trucks.door]
    for name in ("departs_s", "capacity_m3", "capacity_kg"):
        table[name] = getattr(trucks, name)
    return {
        "carrier_names": text_array(carriers, "carriers"),
        "order_carriers": np.array([number.get(c, -1) for c in carrier_of], np.int32),
        "door_names": text_array(doors, "doors"),
        "door_cells": np.array([door.cell for door in shipping.doors], np.int32),
        "trucks": table,
    }


def read_shipping(
    meta: MetaReader, arrays: dict[str, NDArray[Any]], sku_names: tuple[str, ...]
) -> Shipping | None:
    """What is given for packing and sending orders away; None where nothing is.

    Parameters
    ----------
    meta : MetaReader
    arrays : dict of str to ndarray
        Members of the file. A door or a carrier that an index does not point to has a
        blank name, which the checker reports where it is of a truck.
    sku_names : tuple of str
    """
    if "carton_kinds" not in arrays:
        return None
    units, cartons = arrays["unit_kinds"], arrays["carton_kinds"]
    rules = {name: meta.take(f"packing.{name}", float) for name in RULE_NAMES}
    doors: tuple[Door, ...] = ()
    trucks = None
    if "trucks" in arrays:
        names = arrays["door_names"].tolist()
        cells = arrays["door_cells"].tolist()
        doors = tuple(Door(n, cell) for n, cell in zip(names, cells, strict=True))
        rows = arrays["trucks"]
        trucks = Trucks(
            _named(arrays["carrier_names"], rows["carrier"]),
            _named(arrays["door_names"], rows["door"]),
            *(rows[n].copy() for n in ("departs_s", "capacity_m3", "capacity_kg")),
        )
    return Shipping(
        Units(
            sku_names,
            np.stack([units[name] for name in _SIZES], axis=1),
            units["mass_kg"].copy(),
            units["this_side_up"] > 0,
            units["fragile"] > 0,
        ),
        Catalogue(
            tuple(arrays["carton_names"].tolist()),
            np.stack([cartons[name] for name in _SIZES], axis=1),
            cartons["max_mass_kg"].copy(),
            cartons["cost"].copy(),
        ),
        PackingRules(**rules),
        doors,
        trucks,
    )


def read_carriers(arrays: dict[str, NDArray[Any]]) -> tuple[str, ...]:
    """Carrier of each order, blank for none; nothing where there are no trucks."""
    if "order_carriers" not in arrays:
        return ()
    return _named(arrays["carrier_names"], arrays["order_carriers"])


def read_consignment(arrays: dict[str, NDArray[Any]]) -> Consignment | None:
    """Cartons and loads of a plan; None where orders are not packed in cartons."""
    if "packed_cartons" not in arrays:
        return None
    loads = arrays.get("loads", np.zeros(0, LOAD_DTYPE))
    return Consignment(arrays["packed_cartons"], arrays["packed_units"], loads)


def length_pairs(arrays: dict[str, NDArray[Any]]) -> list[tuple[str, str]]:
    """Pairs of members that must be equally long, as far as they are there."""
    pairs = [
        ("unit_kinds", "sku_names"),
        ("carton_names", "carton_kinds"),
        ("order_carriers", "orders"),
        ("door_names", "door_cells"),
    ]
    return [pair for pair in pairs if pair[0] in arrays]


def _named(names: NDArray[Any], index: NDArray[Any]) -> tuple[str, ...]:
    known = names.tolist()
    return tuple(known[i] if 0 <= i < len(known) else "" for i in index.tolist())
