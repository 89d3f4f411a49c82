"""Lower bounds for sites with pods: pickers, pods that must come, robots' work."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from warehouse.distances import DistanceTable
from warehouse.grid import Grid
from warehouse.layout import CellKind
from warehouse.plan import Bound, PodWork
from warehouse.replenishment import Replenishment
from warehouse.scenario import Battery, PodSystem, Scenario


def bound_of(scenario: Scenario, work: PodWork) -> Bound:
    """Bound on the seconds that the units of a plan need, in any plan.

    ``stations``: the pickers' work, shared by all. ``robots``: the pods that must be
    brought at least, each lifted, carried to the nearest station and back and set
    down, and the time pods stand there, with the charging that this makes necessary,
    shared by all robots. On the pods that robots begin under, and on those not set down
    at the end, nothing is gained: a trip counts from its lift to its last pick, less
    the way back. ``filling``, where pods are filled: the work of putting into them what
    they do not hold at first.

    Parameters
    ----------
    scenario : Scenario
        With pods.
    work : PodWork
        Its picks say what is served.
    """
    pods = scenario.pods
    assert pods is not None  # this is a plan with pods
    battery, robots = scenario.fleet.battery, len(scenario.fleet)
    picks = work.picks
    units = np.bincount(
        scenario.orders.line_sku[picks["line"]],
        picks["quantity"],
        len(scenario.sku_names),
    )
    lines = len(np.unique(picks["line"]))
    picker_s = units.sum() * pods.station_s_per_unit + lines * pods.station_s_per_line
    stand_s = units.sum() * pods.robot_s_per_unit
    # What arrives may lie on the very pod that comes for others.
    held = units
    if pods.replenishment is not None:
        held = np.maximum(0, units - pods.replenishment.units(len(units)))
    visits = least_visits(scenario, pods, held)
    drive_s = nearest_s(scenario)
    carry_s = visits * (drive_s + pods.lift_s)
    charge_s = 0.0
    if battery is not None:
        visit_ws = drive_s * battery.carrying_w + pods.lift_s * battery.lifting_w
        drawn_ws = visits * visit_ws + stand_s * battery.idle_w
        charge_s = _charge_s(battery, robots, drawn_ws)
    parts = {
        "stations": float(picker_s) / max(1, len(scenario.stations)),
        "robots": float(carry_s + stand_s + charge_s) / max(1, robots),
    }
    if pods.replenishment is not None:
        parts["filling"] = filling_s(scenario, pods.replenishment, units)
    return Bound(parts)


def filling_s(scenario: Scenario, filling: Replenishment, units: NDArray[Any]) -> float:
    """Seconds of each worker, at least, who put into pods what is picked beyond stock.

    Of each SKU the largest arrivals first, so that there are few of them.
    """
    stock = np.zeros(len(units), np.int64)
    np.add.at(stock, scenario.stock.sku, scenario.stock.quantity)
    beyond = np.maximum(0, units.astype(np.int64) - stock)
    order = np.lexsort((-filling.quantity, filling.sku))
    sku, quantity = filling.sku[order], filling.quantity[order].astype(np.int64)
    before = np.cumsum(quantity) - quantity
    before -= before[np.searchsorted(sku, sku)]
    boxes = int((before < beyond[sku]).sum())
    work_s = boxes * filling.s_per_box.min() + beyond.sum() * filling.s_per_unit.min()
    return float(work_s) / len(filling.cells)


def _charge_s(battery: Battery, robots: int, drawn_ws: float) -> float:
    """Seconds that all robots together must charge to work that needs some energy.

    What they hold above their reserves at the start needs no charging, and whatever
    else they do in the meantime only takes more.
    """
    held_ws = robots * (battery.start_wh - battery.reserve_wh) * 3600
    return max(0.0, drawn_ws - held_ws) / battery.charge_w


def least_visits(scenario: Scenario, pods: PodSystem, units: NDArray[Any]) -> float:
    """Pods that must come to some station, at least, to serve units of SKUs.

    The linear relaxation of a set multicover: every pod counts once, with all it has
    of every SKU that is asked for.

    Parameters
    ----------
    scenario : Scenario
    pods : PodSystem
    units : ndarray, shape (SKUs,)
    """
    solver = pywraplp.Solver.CreateSolver("GLOP")
    pod_at = np.full(scenario.layout.kinds.size, -1, np.int64)
    pod_at[pods.start_cells] = np.arange(len(pods))
    used: dict[int, Any] = {}
    rows = {
        sku: solver.Constraint(float(units[sku]), solver.infinity())
        for sku in np.flatnonzero(units).tolist()
    }
    stock = scenario.stock
    for sku, pod, quantity in zip(
        stock.sku.tolist(),
        pod_at[stock.cell].tolist(),
        stock.quantity.tolist(),
        strict=True,
    ):
        if sku in rows and quantity:
            if pod not in used:
                used[pod] = solver.NumVar(0.0, 1.0, "")
            rows[sku].SetCoefficient(used[pod], min(float(units[sku]), quantity))
    solver.Minimize(solver.Sum(list(used.values())))
    if solver.Solve() != pywraplp.Solver.OPTIMAL:
        return 0.0
    return float(solver.Objective().Value()) - 1e-6


def nearest_s(scenario: Scenario) -> float:
    """Seconds from the pod spot nearest to any station to that station."""
    table = DistanceTable(Grid.from_layout(scenario.layout))
    docks = np.array([station.cell for station in scenario.stations], np.int32)
    spots = scenario.layout.cells_of(CellKind.POD_SPOT)
    return float(table.between(spots, docks).min()) * scenario.step_s
