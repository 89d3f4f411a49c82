"""Sheets for every packing station of a plan: its orders in turn, with cartons."""

import numpy as np

from viz.carton_view import FilledCarton
from viz.clock import clock
from viz.pack_sheet import PackedOrder, sheet_html
from warehouse.consignment import Consignment
from warehouse.plan import Plan
from warehouse.shipping import Shipping

_MM: float = 1000.0
_PLACE = ("x_mm", "y_mm", "z_mm")
_SIZE = ("length_mm", "width_mm", "height_mm")


def station_sheets(plan: Plan) -> dict[str, str] | None:
    """Return the page of each station by its name; None for a plan without cartons.

    Parameters
    ----------
    plan : Plan
    """
    shipping, consignment = plan.scenario.shipping, plan.consignment
    if shipping is None or consignment is None:
        return None
    cartons = [
        filled_carton(plan, shipping, consignment, row)
        for row in range(len(consignment.cartons))
    ]
    trucks = _truck_words(shipping, consignment)
    of_order = consignment.cartons["order"]
    pages = {}
    for number, station in enumerate(plan.scenario.stations):
        rows = plan.packing[plan.packing["station"] == number]
        rows = rows[np.argsort(rows["start_s"], kind="stable")]
        orders = []
        for order, _, packer, start_s, end_s in rows.tolist():
            mine = np.flatnonzero(of_order == order).tolist()
            remark = f"packer {packer + 1}, {clock(start_s)} to {clock(end_s)}"
            for words in dict.fromkeys(trucks[row] for row in mine if row in trucks):
                remark += f", {words}"
            orders.append(
                PackedOrder(
                    plan.scenario.orders.names[order],
                    tuple(cartons[row] for row in mine),
                    remark,
                )
            )
        name = plan.scenario.name or plan.scenario.layout.name
        pages[station.name] = sheet_html(f"Station {station.name}", orders, name)
    return pages


def filled_carton(
    plan: Plan, shipping: Shipping, consignment: Consignment, row: int
) -> FilledCarton:
    """One carton of a plan, in metres.

    Parameters
    ----------
    plan : Plan
    shipping : Shipping
    consignment : Consignment
    row : int
        Of the packed cartons.
    """
    kind = int(consignment.cartons["carton"][row])
    units = consignment.units[consignment.units["carton"] == row]
    return FilledCarton(
        shipping.catalogue.names[kind],
        shipping.catalogue.size_m[kind],
        np.stack([units[name] for name in _PLACE], axis=-1) / _MM,
        np.stack([units[name] for name in _SIZE], axis=-1) / _MM,
        tuple(plan.scenario.sku_names[sku] for sku in units["sku"].tolist()),
        shipping.units.size_m[units["sku"]],
    )


def _truck_words(shipping: Shipping, consignment: Consignment) -> dict[int, str]:
    """Door and departure of the truck that takes each carton."""
    trucks = shipping.trucks
    if trucks is None:
        return {}
    return {
        carton: f"{trucks.carrier[truck]} from door {trucks.door[truck]} at "
        f"{clock(float(trucks.departs_s[truck]))}"
        for carton, truck, _ in consignment.loads.tolist()
    }
