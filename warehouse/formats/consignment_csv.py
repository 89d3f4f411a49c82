"""Cartons, what lies in them, and loads of a plan as CSV files."""

from typing import Any, Final

from warehouse.consignment import Consignment
from warehouse.formats.table import plain
from warehouse.plan import Plan

_PLACES: Final = ("x_mm", "y_mm", "z_mm", "length_mm", "width_mm", "height_mm")


def consignment_tables(plan: Plan, consignment: Consignment) -> dict[str, Any]:
    """Columns of ``cartons.csv``, ``carton_units.csv`` and, with trucks, ``loads.csv``.

    Parameters
    ----------
    plan : Plan
        Of a scenario with shipping.
    consignment : Consignment
        What it says of cartons.
    """
    shipping, orders = plan.scenario.shipping, plan.scenario.orders
    assert shipping is not None  # cartons are of a catalogue
    cartons, units = consignment.cartons, consignment.units
    kinds, skus = shipping.catalogue.names, plan.scenario.sku_names
    tables: dict[str, Any] = {
        "cartons": {
            "number": range(len(cartons)),
            "order": [orders.names[order] for order in cartons["order"].tolist()],
            "carton": [kinds[kind] for kind in cartons["carton"].tolist()],
        },
        "carton_units": {
            "number": units["carton"].tolist(),
            "sku": [skus[sku] for sku in units["sku"].tolist()],
            **{name: units[name].tolist() for name in _PLACES},
        },
    }
    if shipping.trucks is not None:
        trucks, loads = shipping.trucks, consignment.loads
        truck = loads["truck"].tolist()
        order = cartons["order"][loads["carton"]].tolist()
        tables["loads"] = {
            "carrier": [trucks.carrier[number] for number in truck],
            "door": [trucks.door[number] for number in truck],
            "departs_s": [plain(float(trucks.departs_s[number])) for number in truck],
            "position": loads["position"].tolist(),
            "number": loads["carton"].tolist(),
            "order": [orders.names[number] for number in order],
        }
    return tables
