"""The packing of a plan as a roster: who its packers are, what they do in shifts."""

import numpy as np
from numpy.typing import NDArray

from warehouse.lateness import lateness_of
from warehouse.packing_day import NO_TRUCK, PackedOrder, PackingDay, PackingJobs
from warehouse.plan import Plan
from warehouse.scenario import Scenario
from warehouse.staff import Staff
from warehouse.trucks import Trucks


def plan_roster(plan: Plan, staff: Staff) -> tuple[PackingDay, list[PackedOrder]]:
    """Return the day at the stations of a plan, and who packs what when.

    Parameters
    ----------
    plan : Plan
    staff : Staff
        Of its scenario.
    """
    scenario, packing = plan.scenario, plan.packing
    shipping, orders = scenario.shipping, scenario.orders
    count = len(orders)
    names: tuple[str, ...] = ("",)
    carton = np.zeros(count, np.int32)
    if shipping is not None and plan.consignment is not None:
        names, table = shipping.catalogue.names, plan.consignment.cartons
        carton[table["order"][::-1]] = table["carton"][::-1]  # the first one stays
    due_s, ready_s = orders.due_s.copy(), orders.release_s.copy()
    due_s[packing["order"]] = lateness_of(plan).due_s
    jobs = PackingJobs(
        names=_with_counts(plan),
        carton=carton,
        ready_s=ready_s,
        work_s=np.zeros(count),  # how long it took is in the rows
        due_s=due_s,
        truck=_truck_of(plan),
        priority=orders.priority,
        needs=orders.needs or (frozenset(),) * count,
        stations=(frozenset(),) * count,
    )
    setup_s = 0.0 if shipping is None else shipping.rules.setup_s
    day = PackingDay(
        name=scenario.name or scenario.layout.name,
        stations=tuple(station.name for station in scenario.stations),
        cartons=names,
        setup_s=np.full(len(names), setup_s),
        packers=staff.packers,
        breaks=staff.breaks,
        jobs=jobs,
        trucks=scenario.trucks or Trucks.none(),
        transfer_s=0.0,
    )
    who = staff.row_of(packing["station"], packing["packer"])
    columns = (packing["order"], who, packing["start_s"], packing["end_s"])
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return day, [PackedOrder(*row) for row in rows]


def packer_words(scenario: Scenario, station: int, packer: int) -> str:
    """Name of a packer of a station, or the number, from 1, where none is given."""
    if scenario.staff is None:
        return f"packer {packer + 1}"
    row = scenario.staff.row_of(np.array(station), np.array(packer))
    return scenario.staff.packers.names[int(row)]


def _with_counts(plan: Plan) -> tuple[str, ...]:
    """Names of all orders; of one in several cartons with how many they are."""
    orders, consignment = plan.scenario.orders, plan.consignment
    if consignment is None:
        return orders.names
    cartons = np.bincount(consignment.cartons["order"], minlength=len(orders))
    return tuple(
        f"{name} ({number} cartons)" if number > 1 else name
        for name, number in zip(orders.names, cartons.tolist(), strict=True)
    )


def _truck_of(plan: Plan) -> NDArray[np.int32]:
    """Truck that each order goes with, or `NO_TRUCK`."""
    truck = np.full(len(plan.scenario.orders), NO_TRUCK, np.int32)
    if plan.consignment is not None:
        loads = plan.consignment.loads
        order = plan.consignment.cartons["order"][loads["carton"]]
        truck[order] = loads["truck"]
    return truck
