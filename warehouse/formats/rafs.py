"""The RAFS data: robots with totes, shelves that stay, orders (Xie, Li, Luttmann 2023).

Three files: a layout in RAWSim-O's format with places to pick at (``.xml``), what lies
on the pods (``.txt``), orders (``.xml``).
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault, InputError
from warehouse.fitness import find_layout_faults, find_supply_faults
from warehouse.floorplan import find_floor_faults
from warehouse.formats.rafs_goods import (
    MOST_KG,
    Goods,
    parse_rafs_orders,
    parse_rafs_pods,
)
from warehouse.formats.rawsim_floor import WaypointFloor, lay_floor
from warehouse.formats.rawsim_instance import (
    MOST_ID,
    RawsimInstance,
    parse_instance,
)
from warehouse.formats.rawsim_scenario import cells_of, read_times
from warehouse.layout import ALL_EXITS, CellKind, Layout
from warehouse.scenario import Scenario, Service, Station, Stock

MOST_TOTES: Final = 1000


@dataclass(frozen=True, slots=True)
class RafsInstance:
    """What three files of the RAFS data say together.

    Parameters
    ----------
    layout : RawsimInstance
    pick_waypoint : ndarray of int64, shape (pods,)
        Waypoint at which each pod is picked from, in the order of the file.
    station_waypoint : ndarray of int64, shape (stations,)
    capacity_kg : float
        Most that a robot carries in one trip.
    goods : Goods
    """

    layout: RawsimInstance
    pick_waypoint: NDArray[np.int64]
    station_waypoint: NDArray[np.int64]
    capacity_kg: float
    goods: Goods


def read_rafs(layout: Path, pods: Path, orders: Path) -> RafsInstance:
    """Read a layout, what lies on its pods, and orders.

    The ``Capacity`` of robots is taken to be kilograms, as the items have weights.
    Paths are taken both ways: the distances published with the layouts are those, and
    some waypoints of a layout lack the way back.

    Raises
    ------
    InputError
        With every fault of the files.

    Examples
    --------
    >>> read_rafs(Path("a.xml"), Path("b.txt"), Path("c.xml"))
    Traceback (most recent call last):
    warehouse.errors.InputError: E101 a.xml: no such file; write the file or correct \
its name
    E101 c.xml: no such file; write the file or correct its name
    """
    faults: list[Fault] = []
    instance = parse_instance(layout, faults)
    if instance is not None:
        points = instance.waypoints
        paths = np.unique(np.vstack([points.paths, points.paths[:, ::-1]]), axis=0)
        instance = replace(instance, waypoints=replace(points, paths=paths))
    goods = parse_rafs_orders(orders, faults)
    if instance is None or goods is None:
        raise InputError(faults)
    index = {pod.whole("ID", 0, MOST_ID): i for i, pod in enumerate(instance.pods)}
    stocked = parse_rafs_pods(pods, goods, index, faults)
    picks = _pick_waypoints(instance)
    stations = [
        instance.waypoints.nearest(
            station.number("X", -1e9, 1e9), station.number("Y", -1e9, 1e9)
        )[0]
        for station in instance.stations
    ]
    capacity = [bot.number("Capacity", 0.0, MOST_KG) for bot in instance.robots]
    if len(set(capacity)) > 1:
        found, needed = "robots have different capacities", "need all robots alike"
        instance.robots[0].fault("E197", found, needed)
    if stocked is None or faults:
        raise InputError(faults)
    return RafsInstance(
        instance, picks, np.array(stations, np.int64), capacity[0], stocked
    )


def _pick_waypoints(instance: RawsimInstance) -> NDArray[np.int64]:
    """Waypoint of the pick location that each pod names."""
    named = {number: w for w, number in enumerate(instance.waypoints.pick.tolist())}
    picks = np.full(len(instance.pods), -1, np.int64)
    for row, pod in enumerate(instance.pods):
        location = pod.whole("PickLocation", 0, MOST_ID)
        if location in named:
            picks[row] = named[location]
        else:
            needed = "name the PickLocation of a Waypoint"
            pod.fault("E190", f"there is no pick location {location}", needed)
    return picks


def rafs_scenario(instance: RafsInstance) -> Scenario:
    """Site with racks and robots that carry totes.

    A pod becomes a rack beside the place where it is picked from. Lengths are whole
    cells, so distances are not quite those of the file.

    Parameters
    ----------
    instance : RafsInstance

    Raises
    ------
    InputError
        If paths or places of the layout cannot be a floor of cells.
    """
    faults = instance.layout.faults
    floor = lay_floor(instance.layout, faults)
    scenario = None
    if floor is not None:
        scenario = _scenario(instance, floor, faults)
    if scenario is None or faults:
        raise InputError(faults)
    return scenario


def _scenario(
    instance: RafsInstance, floor: WaypointFloor, faults: list[Fault]
) -> Scenario | None:
    raw, goods = instance.layout, instance.goods
    racks = _racks(instance, floor)
    docks = cells_of(raw, floor, raw.stations, faults)
    robots = cells_of(raw, floor, raw.robots, faults)
    fleet, times = read_times(raw)
    if faults:
        return None
    floor.kinds.ravel()[racks] = CellKind.RACK
    floor.kinds.ravel()[docks] = CellKind.DOCK
    floor.exits.ravel()[racks] = ALL_EXITS
    layout = Layout(raw.name, floor.cell_size_m, floor.kinds, floor.exits)
    scenario = Scenario(
        name=raw.name,
        layout=layout,
        sku_names=goods.sku_names,
        stock=_stock(goods, racks),
        orders=goods.orders,
        fleet=replace(
            fleet,
            start_cells=robots,
            tote_slots=min(MOST_TOTES, len(goods.orders)),
            max_mass_kg=instance.capacity_kg,
        ),
        stations=tuple(Station(f"P{k + 1}", int(c)) for k, c in enumerate(docks)),
        service=Service(
            pick_s_per_line=0.0,
            pick_s_per_unit=times.robot_s_per_unit,
            drop_s_per_order=0.0,
            pack_s_per_order=0.0,
            pack_s_per_unit=times.station_s_per_unit,
        ),
        sku_mass_kg=goods.sku_mass_kg,
    )
    for fault in [
        *find_layout_faults(layout),
        *find_floor_faults(layout, scenario.fleet),
        *find_supply_faults(scenario),
    ]:
        faults.append(replace(fault, place=f"{raw.file}, {fault.place}"))
    return scenario


def _racks(instance: RafsInstance, floor: WaypointFloor) -> NDArray[np.int32]:
    """Cell of each pod: next to its place to pick at, on the side where it stands."""
    points = instance.layout.waypoints
    racks = np.full(len(instance.pick_waypoint), -1, np.int32)
    for row, pod in enumerate(instance.layout.pods):
        place = int(instance.pick_waypoint[row])
        dx = pod.number("X", -1e9, 1e9) - points.x_m[place]
        dy = pod.number("Y", -1e9, 1e9) - points.y_m[place]
        step = np.sign(dx) if abs(dx) > abs(dy) else -np.sign(dy) * floor.width
        cell = int(floor.cell[place] + step)
        if floor.cell[place] < 0 or floor.kinds.ravel()[cell] != CellKind.WALL:
            needed = "leave room beside its pick location"
            pod.fault("E190", "there is no place for a rack of this pod", needed)
        elif cell in racks[:row]:
            needed = "give each side of a pick location one pod"
            pod.fault("E148", "another pod stands on that side", needed)
        else:
            racks[row] = cell
    return racks


def _stock(goods: Goods, racks: NDArray[np.int32]) -> Stock:
    return Stock(goods.stock_sku, racks[goods.stock_pod], goods.stock_quantity)
