"""Packing of the orders that were picked from pods, in cartons and for trucks."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.fulfilment.order_cartons import OrderCartons
from solvers.fulfilment.packing_table import packing_table
from solvers.fulfilment.shipment import Shipment
from solvers.fulfilment.truck_schedule import list_schedule, schedule_by_rule
from solvers.scheduling.problem import PackingProblem, PackingSchedule
from warehouse.consignment import Consignment
from warehouse.cutoffs import packing_due_s
from warehouse.plan import PodWork
from warehouse.scenario import Scenario
from warehouse.split_orders import whole_orders


@dataclass(frozen=True, slots=True)
class PackedOrders:
    """Tables of a plan that say how orders are packed and sent away.

    Parameters
    ----------
    packing : structured array of `PACKING_DTYPE`
    consignment : Consignment
    """

    packing: NDArray[np.void]
    consignment: Consignment


def pack_picked(
    scenario: Scenario, cartons: OrderCartons, work: PodWork, *, seed: int
) -> PackedOrders:
    """Pack all orders of which the last unit was picked, and load them into trucks.

    Each is packed at the station where its last part was picked, by one of its packers,
    who work beside the picker. They know of orders to come where all orders are known
    at the start; elsewhere the packer who comes free takes what is due first.

    Parameters
    ----------
    scenario : Scenario
        With pods and shipping.
    cartons : OrderCartons
    work : PodWork
    seed : int
    """
    done = whole_orders(work)
    done = done[np.isfinite(done["end_s"])]
    order, station = done["order"].copy(), done["station"].copy()
    ready_s = done["end_s"].copy()
    units = _units_picked(scenario, work)
    problem = PackingProblem(
        station=station,
        ready_s=ready_s,
        due_s=packing_due_s(scenario)[order, station],
        priority=np.maximum(scenario.orders.priority[order], 0),
        work_s=np.array([cartons.work_s(one, units[one]) for one in order.tolist()]),
        packers=np.array([s.packers for s in scenario.stations], np.int32),
    )
    shipment = Shipment(scenario, cartons, units, order, station)
    schedule, start_s, end_s = _best(scenario, problem, shipment, seed)
    return PackedOrders(
        packing_table(order, station, schedule.packer, start_s, end_s),
        shipment.consignment(end_s),
    )


def _units_picked(scenario: Scenario, work: PodWork) -> dict[int, dict[int, int]]:
    """Units by SKU that were picked of each order."""
    orders, picks = scenario.orders, work.picks
    units: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for line, quantity in picks[["line", "quantity"]].tolist():
        units[int(orders.line_order[line])][int(orders.line_sku[line])] += quantity
    return units


_Timed = tuple[PackingSchedule, NDArray[np.float64], NDArray[np.float64]]
"""A schedule, and when each order begins and ends by it."""


def _best(
    scenario: Scenario, problem: PackingProblem, shipment: Shipment, seed: int
) -> _Timed:
    """Best schedule for packing; orders are sent by it."""
    pods = scenario.pods
    assert pods is not None  # orders are picked from pods
    known = not pods.backlog and not scenario.orders.release_s.any()
    schedules = [list_schedule(problem, look_ahead=known, seed=seed)]
    if known and scenario.trucks is not None:
        schedules.append(schedule_by_rule(problem, shipment.roster(problem)))
    tried: list[tuple[tuple[float, ...], _Timed]] = []
    for schedule in schedules:
        start_s, end_s = shipment.without_spare_changes(schedule, problem.ready_s)
        shipment.send(end_s)
        late_s = float(np.maximum(0.0, end_s - problem.due_s).sum())
        value = float(shipment.misses_truck().sum()), late_s
        tried.append((value, (schedule, start_s, end_s)))
    _, best = min(tried, key=lambda one: one[0])
    shipment.send(best[2])
    return best
