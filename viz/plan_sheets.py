"""Sheets of a plan for every packing station, and for every packer with a shift."""

import numpy as np

from viz.clock import clock
from viz.order_cartons import OrderCartons
from viz.pack_sheet import SheetOrder, sheet_html
from viz.plan_roster import packer_words, plan_roster
from viz.roster_sheet import roster_html
from warehouse.plan import Plan


def station_sheets(plan: Plan) -> dict[str, str] | None:
    """Return the page of each station by its name; None for a plan without cartons.

    Parameters
    ----------
    plan : Plan
    """
    if plan.consignment is None:
        return None
    cartons, trucks = OrderCartons(plan), _truck_words(plan)
    name = plan.scenario.name or plan.scenario.layout.name
    pages = {}
    for number, station in enumerate(plan.scenario.stations):
        rows = plan.packing[plan.packing["station"] == number]
        rows = rows[np.argsort(rows["start_s"], kind="stable")]
        orders = [_order(plan, row, cartons, trucks) for row in rows]
        pages[station.name] = sheet_html(f"Station {station.name}", orders, name)
    return pages


def packer_sheets(plan: Plan) -> str | None:
    """Return the page of all packers; None for a plan whose packers have no shifts.

    Parameters
    ----------
    plan : Plan
    """
    if plan.scenario.staff is None:
        return None
    return roster_html(*plan_roster(plan, plan.scenario.staff))


def _order(
    plan: Plan, row: np.void, cartons: OrderCartons, trucks: dict[int, str]
) -> SheetOrder:
    """An order of the packing table, with who packs it when, and for which truck."""
    order = int(row["order"])
    begin, end = clock(float(row["start_s"])), clock(float(row["end_s"]))
    who = packer_words(plan.scenario, int(row["station"]), int(row["packer"]))
    remarks = [who, f"{begin} to {end}"]
    remarks += [trucks[k] for k in cartons.rows_of(order) if k in trucks]
    return SheetOrder(
        plan.scenario.orders.names[order],
        cartons.of(order),
        ", ".join(dict.fromkeys(remarks)),
    )


def _truck_words(plan: Plan) -> dict[int, str]:
    """Door and departure of the truck that takes each packed carton."""
    shipping, consignment = plan.scenario.shipping, plan.consignment
    if shipping is None or consignment is None or shipping.trucks is None:
        return {}
    trucks = shipping.trucks
    return {
        carton: f"{trucks.carrier[truck]} from door {trucks.door[truck]} at "
        f"{clock(float(trucks.departs_s[truck]))}"
        for carton, truck, _ in consignment.loads.tolist()
    }
