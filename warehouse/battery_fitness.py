"""Whether robots with batteries can get to chargers, and live on what they give."""

import math
from dataclasses import replace
from typing import Final

import numpy as np

from warehouse.distances import UNREACHABLE, DistanceTable
from warehouse.errors import Fault
from warehouse.fitness import MOST_FAULTS
from warehouse.grid import Grid
from warehouse.layout import CellKind, Layout
from warehouse.pod_fitness import reached
from warehouse.scenario import Battery, PodSystem, Scenario

PLACE: Final = "scenario.toml, [battery]"
TRIPS: Final = 2.0
"""So many times the longest trip a battery must last, on ways without traffic."""
STANDING_S: Final = 600.0
"""Beside that, a battery must last so long for a robot that stands."""


def find_charger_faults(layout: Layout, station: int, file: str) -> list[Fault]:
    """Faults of the floor for robots that charge: they bar the cells they stand on.

    Parameters
    ----------
    layout : Layout
    station : int
        Cell of any station.
    file : str
        Name of the layout's file, for places.

    Examples
    --------
    Whoever charges in the aisle cuts off what is behind it:

    >>> for fault in find_charger_faults(Layout.from_rows(["P.C.C"]), 0, "a.toml"):
    ...     print(fault.code, fault.place)
    E178 a.toml, row 0, col 3
    E178 a.toml, row 0, col 4
    """
    charger = layout.kinds.ravel() == CellKind.CHARGER
    if not charger.any():
        found = "robots have batteries, and there is no charger"
        return [Fault("E177", file, found, "mark chargers C, or take [battery] away")]
    grid = Grid.from_layout(layout)
    there = reached(grid.successors, charger, station)
    back = reached(grid.predecessors, charger, station)
    faults = []
    for cell in np.flatnonzero(grid.drivable & ~(there & back))[:MOST_FAULTS].tolist():
        found = "no way to this charger and back" if charger[cell] else "no way here"
        found += " but over another charger, where a robot may stand for long"
        needed = "leave a way there and back that leads over no charger"
        faults.append(Fault("E178", f"{file}, {layout.place(cell)}", found, needed))
    return faults


def find_energy_faults(scenario: Scenario) -> list[Fault]:
    """Faults if batteries are too small for a trip, or chargers for the fleet.

    Without batteries, or pods, there is none.

    Parameters
    ----------
    scenario : Scenario
        On a floor without faults.
    """
    battery, pods = scenario.fleet.battery, scenario.pods
    if battery is None or pods is None:
        return []
    trip_wh, cell = _longest_trip(scenario, battery, pods)
    what = f"from a charger to the pod at {scenario.layout.place(cell)}, with it to a "
    what += "station and back, and to a charger"
    faults = _find_too_small(battery, trip_wh, what)
    if scenario.is_mixed:
        ride_wh, cell = _longest_ride(scenario, battery)
        what = "for a robot with totes, from a charger to "
        what += f"{scenario.layout.place(cell)} and back"
        faults += _find_too_small(battery, ride_wh, what)
    faults += _find_too_low(scenario, battery, pods)
    return faults + _find_too_few_chargers(scenario, battery, pods)


def _find_too_small(battery: Battery, trip_wh: float, what: str) -> list[Fault]:
    """Fault where a battery is too small for a trip."""
    need_wh = TRIPS * trip_wh + battery.idle_w * STANDING_S / 3600
    usable_wh = battery.capacity_wh - battery.reserve_wh
    if usable_wh >= need_wh:
        return []
    found = f"{usable_wh:.3g} Wh above the reserve; {what} it takes {trip_wh:.3g} Wh "
    found += "without any traffic"
    least_wh = math.ceil(need_wh / max(1e-9, 1 - battery.reserve) * 1000) / 1000
    needed = f"need a capacity_wh of {least_wh:g} (two such trips, 10 minutes of "
    needed += "standing), or chargers nearer to it"
    return [Fault("E179", PLACE, found, needed)]


def _find_too_low(scenario: Scenario, battery: Battery, pods: PodSystem) -> list[Fault]:
    """Fault where a robot begins with too little to get to a charger, or to stand."""
    usable_wh = battery.start_wh - battery.reserve_wh
    if usable_wh * 3600 >= battery.idle_w * min(pods.end_s, STANDING_S):
        return []
    back = DistanceTable(_backwards(Grid.from_layout(scenario.layout)))
    steps = back.from_any(scenario.layout.cells_of(CellKind.CHARGER))
    starts = scenario.fleet.start_cells
    farthest = int(starts[steps[starts].argmax()])
    way_wh = float(steps[farthest]) * battery.moving_w * scenario.step_s / 3600
    if usable_wh >= way_wh:
        return []
    found = f"robots begin with {usable_wh:.3g} Wh above the reserve; from "
    found += f"{scenario.layout.place(farthest)} to a charger it takes {way_wh:.3g} Wh "
    found += "without any traffic"
    needed = "need a start that is higher, or chargers nearer to it"
    return [Fault("E179", PLACE, found, needed)]


def _find_too_few_chargers(
    scenario: Scenario, battery: Battery, pods: PodSystem
) -> list[Fault]:
    """Append a fault where a fleet that only stands would use up what there is."""
    robots = len(scenario.fleet)
    chargers = int((scenario.layout.kinds == CellKind.CHARGER).sum())
    standing_w, given_w = robots * battery.idle_w, chargers * battery.charge_w
    stored_wh = robots * (battery.start_wh - battery.reserve_wh)
    lasting_s = stored_wh * 3600 / max(1e-12, standing_w - given_w)
    if standing_w <= given_w or lasting_s >= pods.end_s:
        return []
    found = (
        f"{robots} robots that stand use {standing_w:g} W, {chargers} chargers give "
    )
    found += (
        f"{given_w:g} W: batteries are at their reserve after {lasting_s:.0f} s at "
    )
    found += "the latest"
    needed = "mark more chargers C, take fewer robots, or plan a shorter time"
    return [Fault("E179", PLACE, found, needed)]


def _longest_trip(
    scenario: Scenario, battery: Battery, pods: PodSystem
) -> tuple[float, int]:
    """Energy of the longest trip from a charger to a charger, and its pod's cell."""
    grid = Grid.from_layout(scenario.layout)
    ways, back = DistanceTable(grid), DistanceTable(_backwards(grid))
    spots = pods.start_cells
    chargers = scenario.layout.cells_of(CellKind.CHARGER)
    empty = ways.from_any(chargers)[spots] + back.from_any(chargers)[spots]
    laden = np.zeros(len(spots), np.int32)
    for station in scenario.stations:
        there_and_back = ways.from_any([station.cell]) + back.from_any([station.cell])
        laden = np.maximum(laden, there_and_back[spots])
    driven_ws = empty * battery.moving_w + laden * battery.carrying_w
    lifted_ws = (pods.lift_s + pods.set_down_s) * battery.lifting_w
    trip_wh = (driven_ws * scenario.step_s + lifted_ws) / 3600
    pod = int(trip_wh.argmax())
    return float(trip_wh[pod]), int(spots[pod])


def _longest_ride(scenario: Scenario, battery: Battery) -> tuple[float, int]:
    """Energy of the longest way from a charger and back that leads over no spot.

    Returns the energy, and the cell that is farthest away.
    """
    layout = scenario.layout
    spots = layout.kinds == CellKind.POD_SPOT
    kinds = np.where(spots, np.uint8(CellKind.WALL), layout.kinds)
    grid = Grid.from_layout(replace(layout, kinds=kinds))
    chargers = layout.cells_of(CellKind.CHARGER)
    there = DistanceTable(grid).from_any(chargers)
    back = DistanceTable(_backwards(grid)).from_any(chargers)
    steps = np.where(np.maximum(there, back) < UNREACHABLE, there + back, -1)
    cell = int(steps.argmax())
    return float(steps[cell]) * battery.moving_w * scenario.step_s / 3600, cell


def _backwards(grid: Grid) -> Grid:
    """The same floor, with every move the other way."""
    return Grid(
        grid.height, grid.width, grid.drivable, grid.predecessors, grid.successors
    )
