"""What was simulated, as a plan."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.bounds.pods import bound_of
from solvers.fulfilment.order_cartons import OrderCartons
from solvers.pods.arrays import (
    AT_STATION,
    CHARGING,
    DONE,
    HIDDEN,
    NONE,
    PICKS,
    REFILLS,
    STAYS,
    STOPS,
)
from solvers.pods.packing import pack_picked
from solvers.pods.setup import servable_units
from solvers.pods.simulate import Simulation
from warehouse.plan import (
    CHARGE_DTYPE,
    DROP_DTYPE,
    OPEN_ORDER_DTYPE,
    PACKING_DTYPE,
    PICK_DTYPE,
    POD_PICK_DTYPE,
    POD_STOP_DTYPE,
    REFILL_DTYPE,
    SPLIT_DTYPE,
    STOP_DTYPE,
    UNSERVED_DTYPE,
    Plan,
    PodWork,
    Splitting,
    UnservedReason,
)
from warehouse.scenario import Scenario


def to_plan(
    scenario: Scenario,
    simulation: Simulation,
    meta: dict[str, Any],
    ended: UnservedReason,
    cartons: OrderCartons | None,
) -> Plan:
    """Write a simulation down as a plan.

    Parameters
    ----------
    scenario : Scenario
    simulation : Simulation
        Run to its end.
    meta : dict
    ended : UnservedReason
        Why what is not served is not, where the stock would have covered it.
    cartons : OrderCartons or None
        Where orders are packed in cartons.
    """
    work = pod_work_of(scenario, simulation)
    packing, consignment = np.zeros(0, PACKING_DTYPE), None
    if cartons is not None:
        packed = pack_picked(scenario, cartons, work, seed=meta["seed"])
        packing, consignment = packed.packing, packed.consignment
    return Plan(
        scenario=scenario,
        cells=simulation.cells(),
        headings=simulation.headings(),
        stops=np.zeros(0, STOP_DTYPE),
        picks=np.zeros(0, PICK_DTYPE),
        drops=np.zeros(0, DROP_DTYPE),
        packing=packing,
        unserved=_unserved(scenario, simulation, work, ended),
        bound=bound_of(scenario, work),
        meta=meta,
        pod_work=work,
        consignment=consignment,
    )


def pod_work_of(scenario: Scenario, simulation: Simulation) -> PodWork:
    """Stops, picks, orders in slots and charging of a simulation.

    Parameters
    ----------
    scenario : Scenario
    simulation : Simulation
        Run to its end.
    """
    site, last = simulation.site, simulation.t
    used = site.record.used
    rows = site.record.stops[: used[STOPS]].copy()
    at_station = site.robots.phase == AT_STATION
    rows[site.robots.visit[at_station], 5] = last
    order = np.lexsort((rows[:, 4], rows[:, 0]))
    place = np.empty(len(rows), np.int64)
    place[order] = np.arange(len(rows))
    rows = rows[order]
    stops = _as_table(rows, POD_STOP_DTYPE)
    stops["cell"] = simulation.ways.floor.cell_of[rows[:, 3]]
    stops["trip"] = np.unique(stops["trip"], return_inverse=True)[1]
    picks = _picks(scenario, simulation, stops, place)
    servable = servable_units(scenario, simulation.no_carton)
    open_orders = _open_orders(scenario, simulation, picks, servable)
    charges = _charges(simulation)
    refills = _refills(scenario, simulation, stops, place)
    splitting = _splitting(scenario, simulation, picks, open_orders, servable)
    return PodWork(stops, picks, open_orders, charges, refills, splitting)


def _as_table(rows: NDArray[Any], dtype: np.dtype[np.void]) -> NDArray[np.void]:
    """Rows of a record as a table of the plan, column by column."""
    table = np.zeros(len(rows), dtype)
    for index, name in enumerate(dtype.names or ()):
        table[name] = rows[:, index]
    return table


def _charges(simulation: Simulation) -> NDArray[np.void]:
    """Charging stays; those not over yet end with the plan."""
    site, last = simulation.site, simulation.t
    rows = site.record.charges[: site.record.used[STAYS]].copy()
    charging = site.robots.phase == CHARGING
    stay = site.robots.stay[charging]
    rows[stay, 3], rows[stay, 5] = last, site.robots.level_wh[charging]
    rows = rows[rows[:, 3] > rows[:, 2]]
    rows = rows[np.lexsort((rows[:, 2], rows[:, 0]))]
    table = _as_table(rows, CHARGE_DTYPE)
    table["cell"] = simulation.ways.floor.cell_of[rows[:, 1].astype(np.int64)]
    return table


def _picks(
    scenario: Scenario,
    simulation: Simulation,
    stops: NDArray[np.void],
    place: NDArray[np.int64],
) -> NDArray[np.void]:
    """Picks for which the pod stood long enough before the plan ends."""
    pods = scenario.pods
    assert pods is not None  # this is a plan with pods
    used = simulation.site.record.used
    rows = simulation.site.record.picks[: used[PICKS]]
    picks = _as_table(rows, POD_PICK_DTYPE)
    picks["stop"] = place[rows[:, 0].astype(np.int64)]
    stood_s = picks["end_s"] - pods.station_s_per_unit + pods.robot_s_per_unit
    left_s = stops["end"][picks["stop"]] * scenario.step_s
    picks = picks[stood_s <= left_s + 1e-9]
    return picks[np.lexsort((picks["start_s"], picks["stop"]))]


def _refills(
    scenario: Scenario,
    simulation: Simulation,
    stops: NDArray[np.void],
    place: NDArray[np.int64],
) -> NDArray[np.void]:
    """What was put into pods before the plan ends."""
    record = simulation.site.record
    rows = record.refills[: record.used[REFILLS]]
    refills = _as_table(rows, REFILL_DTYPE)
    refills["stop"] = place[rows[:, 0].astype(np.int64)]
    left_s = stops["end"][refills["stop"]] * scenario.step_s
    refills = refills[refills["end_s"] <= left_s + 1e-9]
    return refills[np.lexsort((refills["start_s"], refills["stop"]))]


def _open_orders(
    scenario: Scenario,
    simulation: Simulation,
    picks: NDArray[np.void],
    servable: NDArray[np.int32],
) -> NDArray[np.void]:
    """Orders, and parts, that got a slot; open still where a pick fell away."""
    orders, end_s = simulation.site.orders, simulation.t * scenario.step_s
    picked = np.zeros(len(orders), np.int64)
    order_of = simulation.site.lines.order
    np.add.at(picked, order_of[picks["line"]], picks["quantity"])
    wanted = np.bincount(order_of, servable, len(orders))
    opened = np.flatnonzero((orders.open_s <= end_s) & (orders.state != HIDDEN))
    opened = opened[np.lexsort((orders.station[opened], orders.given[opened]))]
    table = np.zeros(len(opened), OPEN_ORDER_DTYPE)
    table["order"] = orders.given[opened]
    table["station"] = orders.station[opened]
    table["start_s"] = orders.open_s[opened]
    whole = (orders.state == DONE) & (picked == wanted)
    table["end_s"] = np.where(whole, orders.close_s, np.inf)[opened]
    return table


def _splitting(
    scenario: Scenario,
    simulation: Simulation,
    picks: NDArray[np.void],
    open_orders: NDArray[np.void],
    servable: NDArray[np.int32],
) -> Splitting | None:
    """Orders with parts, and when those are together, where orders may be split."""
    site, split_s = simulation.site, simulation.split_s
    if split_s is None:
        return None
    given = scenario.orders.line_order
    split = np.flatnonzero(site.orders.part[: len(scenario.orders)] != NONE)
    rows = open_orders[np.isin(open_orders["order"], split)]
    order, first, parts = np.unique(
        rows["order"], return_index=True, return_counts=True
    )
    table = np.zeros(len(order), SPLIT_DTYPE)
    table["order"], table["done_s"] = order, np.inf
    left = servable.astype(np.int64)
    np.subtract.at(left, picks["line"], picks["quantity"])
    whole = ~np.isin(order, given[left > 0])
    if whole.any():
        together_s = split_s * (parts - 1)
        last_s = np.maximum.reduceat(rows["end_s"], first)
        table["done_s"][whole] = (last_s + together_s)[whole]
    return Splitting(split_s, table)


def _unserved(
    scenario: Scenario, simulation: Simulation, work: PodWork, ended: UnservedReason
) -> NDArray[np.void]:
    """Units that were not picked, by line and reason."""
    orders = scenario.orders
    picked = np.bincount(
        work.picks["line"], work.picks["quantity"], orders.lines
    ).astype(np.int64)
    servable = servable_units(scenario, simulation.no_carton)
    short, late = orders.line_quantity - servable, servable - picked
    why = np.full(orders.lines, UnservedReason.STOCK)
    if simulation.no_carton is not None:
        why[simulation.no_carton] = UnservedReason.NO_CARTON
    units = np.stack([short, late], axis=1)
    line, which = np.nonzero(units)
    table = np.zeros(len(line), UNSERVED_DTYPE)
    table["line"], table["quantity"] = line, units[line, which]
    table["reason"] = np.where(which == 0, why[line], ended)
    return table
