"""A RAWSim-O instance (``.xinst``) as a site with pods."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault, InputError
from warehouse.fitness import find_layout_faults
from warehouse.floorplan import find_floor_faults
from warehouse.formats.rawsim_floor import WaypointFloor, lay_floor
from warehouse.formats.rawsim_instance import (
    LONGEST_S,
    RawsimInstance,
    parse_instance,
)
from warehouse.formats.xml_file import XmlElement
from warehouse.generate.pod_params import PodScenarioParams
from warehouse.generate.pod_replenishment import (
    find_small_pods,
    generate_replenishment,
)
from warehouse.generate.pod_scenario import generate_goods
from warehouse.layout import CellKind, Layout
from warehouse.pod_fitness import find_pod_faults
from warehouse.scenario import Fleet, PodSystem, Scenario, Station

MOST_SLOTS: Final = 1000
MOST_UNITS: Final = 1e9


def read_rawsim_instance(path: str | Path, params: PodScenarioParams) -> Scenario:
    """Read a RAWSim-O instance.

    Floor, robots, pods and stations are those of the file, and what pods hold where
    they are filled. RAWSim-O makes stock, orders and what arrives when it runs; here
    they are generated.

    Parameters
    ----------
    path : str or Path
    params : PodScenarioParams
        Its demand and ``skus_per_pod`` are used, and its backlog and horizon.

    Raises
    ------
    InputError
        With every fault of the file.

    Examples
    --------
    >>> read_rawsim_instance("none.xinst", PodScenarioParams())
    Traceback (most recent call last):
    warehouse.errors.InputError: E101 none.xinst: no such file; write the file or \
correct its name
    """
    faults: list[Fault] = []
    scenario = None
    instance = parse_instance(Path(path), faults)
    if instance is not None:
        floor = lay_floor(instance, faults)
        if floor is not None:
            scenario = _scenario(instance, floor, params, faults)
    if scenario is None or faults:
        raise InputError(faults)
    return scenario


def _scenario(
    instance: RawsimInstance,
    floor: WaypointFloor,
    params: PodScenarioParams,
    faults: list[Fault],
) -> Scenario | None:
    """Put robots, pods and stations on the floor; None where they do not fit there."""
    pods = cells_of(instance, floor, instance.pods, faults)
    kinds, before = floor.kinds.ravel(), len(faults)
    for element, cell in zip(instance.pods, pods.tolist(), strict=True):
        if cell >= 0 and kinds[cell] != CellKind.POD_SPOT:
            needed = "a pod stands where PodStorageLocation is true"
            element.fault("E149", "the pod stands on no storage location", needed)
    every = instance.stations + instance.fill_stations
    docks = cells_of(instance, floor, every, faults)
    robots = cells_of(instance, floor, instance.robots, faults)
    fleet, system = read_times(instance)
    if len(faults) > before or min(pods.min(), docks.min(), robots.min()) < 0:
        return None
    kinds[docks] = CellKind.DOCK
    layout = Layout(instance.name, floor.cell_size_m, floor.kinds, floor.exits)
    n = len(instance.stations)
    names = tuple(f"P{k + 1}" for k in range(n))
    stations = tuple(map(Station, names, docks[:n].tolist()))
    others = tuple(
        Station(f"R{k + 1}", cell) for k, cell in enumerate(docks[n:].tolist())
    )
    for fault in [*find_layout_faults(layout), *find_floor_faults(layout, fleet)]:
        faults.append(replace(fault, place=f"{instance.file}, {fault.place}"))
    faults += find_pod_faults(layout, stations + others, pods, instance.file)
    if faults:
        return None
    own = replace(params, pods=len(pods), robots=len(robots))
    own = _with_filling(instance, own)
    _refuse_unfit(instance, own)
    if faults:
        return None
    rng = np.random.Generator(np.random.PCG64(params.seed))
    sku_names, stock, orders = generate_goods(own, pods, rng)
    filling = None
    if len(docks) > n:
        filling = generate_replenishment(own, orders, n, docks[n:], rng)
    return Scenario(
        name=instance.name,
        layout=layout,
        sku_names=sku_names,
        stock=stock,
        orders=orders,
        fleet=replace(fleet, start_cells=robots),
        stations=stations,
        pods=replace(
            system,
            names=tuple(_pod_name(element) for element in instance.pods),
            start_cells=pods,
            order_slots=np.array(
                [s.whole("Capacity", 1, MOST_SLOTS, 12) for s in instance.stations],
                np.int32,
            ),
            backlog=params.backlog,
            warm_up_s=params.warm_up_s,
            end_s=params.end_s,
            replenishment=filling,
        ),
    )


def _refuse_unfit(instance: RawsimInstance, params: PodScenarioParams) -> None:
    """Append faults where the pods lack room for the SKUs that are asked for."""
    faults = find_small_pods(params)
    if params.skus > params.pods * params.skus_per_pod:
        found = f"{params.skus:,} SKUs on {params.pods:,} pods with "
        found += f"{params.skus_per_pod} each"
        needed = "ask for fewer SKUs, or more on a pod"
        faults.append(Fault("E602", "", found, needed))
    instance.faults.extend(replace(fault, place=instance.file) for fault in faults)


def _with_filling(
    instance: RawsimInstance, params: PodScenarioParams
) -> PodScenarioParams:
    """Parameters with what the file says of filling: stations, and what pods hold."""
    stations = len(instance.fill_stations)
    layout = replace(params.layout, replenishment_stations=stations)
    if not stations:
        return replace(params, layout=layout)
    limits = {"ItemBundleTransferTime": (0.0, LONGEST_S, 10.0)}
    box_s = _alike(instance.fill_stations, limits)["ItemBundleTransferTime"]
    capacity = _alike(instance.pods, {"Capacity": (1.0, MOST_UNITS, 500.0)})["Capacity"]
    return replace(params, layout=layout, box_s=box_s, pod_capacity=int(capacity))


def _pod_name(element: XmlElement) -> str:
    return f"POD{element.attributes.get('ID', '')}"


def cells_of(
    instance: RawsimInstance,
    floor: WaypointFloor,
    elements: tuple[XmlElement, ...],
    faults: list[Fault],
) -> NDArray[np.int32]:
    """Cells of robots, pods or stations: those of the waypoints that they stand at.

    Parameters
    ----------
    instance : RawsimInstance
    floor : WaypointFloor
    elements : tuple of XmlElement
        With X and Y.
    faults : list of Fault
        What is wrong is appended here.

    Returns
    -------
    ndarray of int32, shape (elements,)
        -1 where there is a fault.
    """
    cells = np.full(len(elements), -1, np.int32)
    line_of: dict[int, int] = {}
    for number, element in enumerate(elements):
        before = len(faults)
        x_m = element.number("X", -1e9, 1e9)
        y_m = element.number("Y", -1e9, 1e9)
        waypoint, away_m = instance.waypoints.nearest(x_m, y_m)
        if len(faults) > before:
            continue
        if away_m > floor.cell_size_m / 2 or floor.cell[waypoint] < 0:
            needed = "place it at a waypoint that paths lead to"
            element.fault("E190", f"no way leads to this {element.tag}", needed)
            continue
        cell = int(floor.cell[waypoint])
        line = line_of.setdefault(cell, element.line)
        if line != element.line or cell in cells[:number]:
            needed = "give each a waypoint of its own"
            found = f"this {element.tag} is where that of line {line} is"
            element.fault("E190", found, needed)
            continue
        cells[number] = cell
    return cells


def read_times(instance: RawsimInstance) -> tuple[Fleet, PodSystem]:
    """Speeds of the robots and times of the stations; of each, the first one's.

    Where robots or stations differ, that is a fault: all are alike here.
    """
    robot = _alike(
        instance.robots,
        {
            "MaxVelocity": (0.01, 100.0, 1.5),
            "MaxAcceleration": (0.01, 100.0, 1.0),
            "TurnSpeed": (0.0, LONGEST_S, 2.5),
            "PodTransferTime": (0.0, LONGEST_S, 2.2),
            "Radius": (0.01, 100.0, 0.35),
        },
    )
    station = _alike(
        instance.stations,
        {
            "ItemTransferTime": (0.0, LONGEST_S, 10.0),
            "ItemPickTime": (0.0, LONGEST_S, 3.0),
        },
    )
    none = np.zeros(0, np.int32)
    system = PodSystem(
        (),
        none,
        none,
        lift_s=robot["PodTransferTime"],
        set_down_s=robot["PodTransferTime"],
        acceleration_m_s2=robot["MaxAcceleration"],
        turn_s=robot["TurnSpeed"],
        station_s_per_unit=station["ItemTransferTime"],
        robot_s_per_unit=min(station["ItemPickTime"], station["ItemTransferTime"]),
    )
    # The square within the round robot: what it sweeps as it turns is the robot.
    side_m = round(robot["Radius"] * math.sqrt(2), 3)
    fleet = Fleet(
        none,
        speed_m_s=robot["MaxVelocity"],
        motion="rotate",
        length_m=side_m,
        width_m=side_m,
    )
    return fleet, system


def _alike(
    elements: tuple[XmlElement, ...], limits: dict[str, tuple[float, float, float]]
) -> dict[str, float]:
    """Numbers that all elements share; the third of each limit stands for a blank."""
    values = {}
    for name, (low, high, default) in limits.items():
        values[name] = elements[0].number(name, low, high, default)
        for element in elements[1:]:
            own = element.number(name, low, high, default)
            if own != values[name]:
                found = f"{name} {own:g}, and {values[name]:g} of the first"
                needed = f"need all {element.tag} alike"
                element.fault("E197", found, needed)
                break
    return values
