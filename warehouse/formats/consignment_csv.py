"""Cartons, what lies in them, and loads of a plan as CSV files."""

from typing import Any, Final

from warehouse.consignment import Consignment
from warehouse.formats.plan_cells import names_of
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
    tables: dict[str, Any] = {
        "cartons": {
            "number": range(len(cartons)),
            "order": names_of(orders.names, cartons["order"]),
            "carton": names_of(shipping.catalogue.names, cartons["carton"]),
        },
        "carton_units": {
            "number": units["carton"].tolist(),
            "sku": names_of(plan.scenario.sku_names, units["sku"]),
            **{name: units[name].tolist() for name in _PLACES},
        },
    }
    if shipping.trucks is not None:
        trucks, loads = shipping.trucks, consignment.loads
        departs_s = trucks.departs_s[loads["truck"]].tolist()
        tables["loads"] = {
            "carrier": names_of(trucks.carrier, loads["truck"]),
            "door": names_of(trucks.door, loads["truck"]),
            "departs_s": [plain(second) for second in departs_s],
            "position": loads["position"].tolist(),
            "number": loads["carton"].tolist(),
            "order": names_of(orders.names, cartons["order"][loads["carton"]]),
        }
    return tables
