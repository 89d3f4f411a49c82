"""A scenario as a folder: ``scenario.toml``, a layout and tables."""

import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from warehouse.battery_fitness import find_charger_faults, find_energy_faults
from warehouse.errors import Fault, InputError
from warehouse.fitness import find_layout_faults, find_supply_faults
from warehouse.floorplan import find_floor_faults
from warehouse.formats.layout_toml import write_layout
from warehouse.formats.layouts_by_ending import parse_any_layout
from warehouse.formats.orders_csv import parse_orders, write_orders
from warehouse.formats.pods_csv import parse_pods, write_pods
from warehouse.formats.replenishment_csv import (
    Arrivals,
    parse_arrivals,
    write_arrivals,
)
from warehouse.formats.replenishment_settings import WORKER_S, pod_capacities
from warehouse.formats.robots_csv import (
    home_cells,
    parse_mixed_robots,
    parse_robots,
    write_robots,
)
from warehouse.formats.scenario_toml import (
    USUAL_FILES,
    Settings,
    parse_settings,
    place_stations,
    write_settings,
)
from warehouse.formats.shipping_folder import (
    find_truck_faults,
    fit_units,
    parse_shipping,
    write_shipping,
)
from warehouse.formats.staff_folder import (
    find_skill_faults,
    parse_staff,
    write_staff,
)
from warehouse.formats.stock_csv import (
    parse_skus,
    parse_stock,
    write_skus,
    write_stock,
)
from warehouse.formats.toml_file import parse_toml
from warehouse.layout import CellKind, Layout
from warehouse.mixed_fitness import find_mixed_faults
from warehouse.pod_fitness import find_pod_faults
from warehouse.replenishment import Replenishment
from warehouse.scenario import Fleet, Orders, PodSystem, Scenario, Station, Stock
from warehouse.shipping import Shipping


def read_scenario(folder: str | Path, *, robots: int | None = None) -> Scenario:
    """Read a scenario folder and make sure that it can work.

    Beside the files themselves this checks that the floor is one piece, that
    robots reach every rack, that they fit through, and that some order can be
    served. Where robots carry pods, they must come to every pod and bring it to
    every station and back.

    Parameters
    ----------
    folder : str or Path
    robots : int, optional
        So many robots, whatever ``[fleet] count`` says.

    Raises
    ------
    InputError
        With every fault of all the files.

    Examples
    --------
    >>> read_scenario("no_such_folder")
    Traceback (most recent call last):
    warehouse.errors.InputError: E101 no_such_folder: no such folder; give the \
folder that holds scenario.toml
    """
    folder = Path(folder)
    faults: list[Fault] = []
    scenario = None
    if _is_folder(folder, faults):
        scenario = _parse_scenario(folder, robots, faults)
    if scenario is None or faults:
        raise InputError(faults)
    return scenario


_Pods = tuple[tuple[str, ...], NDArray[np.int32], NDArray[np.int64]]
"""Names, first cells and written capacities of the pods."""


@dataclass(frozen=True, slots=True)
class _Goods:
    """What the tables say of SKUs, stock and orders; None where they are at fault."""

    index_of_sku: dict[str, int]
    stock: Stock | None
    orders: Orders | None
    listed_kg: NDArray[np.float64] | None
    arrivals: Arrivals | None = None
    shipping: Shipping | None = None

    def mass_kg(self) -> NDArray[np.float64] | None:
        """Mass of a unit of each SKU; those of the stock alone have none known."""
        if self.listed_kg is None:
            return None
        unknown = np.zeros(len(self.index_of_sku) - len(self.listed_kg))
        return np.concatenate([self.listed_kg, unknown])


def _is_folder(folder: Path, faults: list[Fault]) -> bool:
    """Whether there is a folder; append a fault if not."""
    needed = "give the folder that holds scenario.toml"
    try:
        is_folder, is_there = folder.is_dir(), folder.exists()
    except OSError as error:
        found = f"it cannot be looked at ({error.strerror})"
        faults.append(Fault("E102", str(folder), found, needed))
        return False
    if not is_folder:
        code, found = (
            ("E102", "this is a file") if is_there else ("E101", "no such folder")
        )
        faults.append(Fault(code, str(folder), found, needed))
    return is_folder


def _parse_scenario(
    folder: Path, robots: int | None, faults: list[Fault]
) -> Scenario | None:
    """Scenario of a folder; None, or of no worth, when there are faults."""
    root = parse_toml(folder / "scenario.toml", faults)
    before = len(faults)
    settings = None if root is None else parse_settings(root, folder)
    if settings is not None and robots is not None:
        settings = replace(settings, count=robots)
    fleet = settings.fleet if settings and len(faults) == before else None
    files = settings.files if settings else USUAL_FILES
    layout = _parse_floor(folder / files["layout"], fleet, faults)
    pods = None
    if "pods" in files:
        pods = parse_pods(folder / files["pods"], layout, faults)
        if pods is None:  # what stock lies on cannot be known
            return None
    pod_cells = None if pods is None else pods[1]
    said = settings.shipping if settings else None
    shipping = parse_shipping(folder, files, said, layout, faults)
    names = None
    if settings is not None and fleet is not None:  # nothing of it is at fault
        names = tuple(entry.name for entry in settings.stations)
    staff = parse_staff(folder, files, names, faults)
    fill_names = _fill_names(settings)
    mixed = settings is not None and settings.kind == "mixed"
    goods = _parse_goods(
        folder, files, layout, pod_cells, mixed, fill_names, shipping, faults
    )
    if settings is None:
        return None
    start_cells, kinds = _parse_start_cells(folder, settings, layout, faults)
    if layout is None:
        return None
    entries = settings.stations + settings.fill_stations
    docks = place_stations(entries, layout, faults)
    system = settings.pods
    if system is not None and pods is not None:
        faults += _find_pod_faults(settings, layout, docks, pods[1])
        system = _pod_system(settings, pods)
    if goods.stock is None or goods.orders is None or start_cells is None:
        return None
    stations = docks[: len(settings.stations)]
    if staff is not None and len(stations) == len(settings.stations):
        counts = staff.counts(len(stations))
        stations = tuple(map(_with_packers, stations, counts))
    if system is not None and goods.arrivals is not None and pods is not None:
        filled_at = docks[len(settings.stations) :]
        filling = _replenishment(settings, filled_at, pods, goods, faults)
        system = replace(system, replenishment=filling)
    scenario = Scenario(
        name=settings.name,
        layout=layout,
        sku_names=tuple(goods.index_of_sku),
        stock=goods.stock,
        orders=goods.orders,
        fleet=replace(settings.fleet, start_cells=start_cells, kinds=kinds),
        stations=stations,
        service=settings.service,
        sku_mass_kg=goods.mass_kg(),
        pods=None if pods is None else system,
        shipping=goods.shipping,
        staff=staff,
    )
    if fleet is None:  # what it says may be a stopgap for what is at fault
        no_limit = replace(scenario.fleet, max_mass_kg=math.inf)
        scenario = replace(scenario, fleet=no_limit)
    for fault in find_supply_faults(scenario):
        name = Path(files.get(fault.place, f"{fault.place}.csv")).name
        faults.append(replace(fault, place=name))
    faults += find_truck_faults(scenario.orders, scenario.shipping, files)
    faults += find_skill_faults(scenario.orders, files)
    if not faults:
        faults += find_mixed_faults(scenario, files["layout"])
    if not faults:
        faults += find_energy_faults(scenario)
    return scenario


def _with_packers(station: Station, packers: int) -> Station:
    """Return a station with another number of packers."""
    return replace(station, packers=packers)


def _fill_names(settings: Settings | None) -> tuple[str, ...] | None:
    """Names of the stations where pods are filled; None where they are not known."""
    if settings is None or len(settings.fill_stations) < len(settings.filling.worker_s):
        return None
    return tuple(entry.name for entry in settings.fill_stations)


def _replenishment(
    settings: Settings,
    stations: tuple[Station, ...],
    pods: _Pods,
    goods: _Goods,
    faults: list[Fault],
) -> Replenishment | None:
    """How pods are filled; None, and faults, where it is not known what they hold."""
    assert goods.arrivals is not None and goods.stock is not None  # looked at before
    names, cells, written = pods
    stock = goods.stock
    pod_at = np.full(int(max(cells.max(), stock.cell.max(initial=0))) + 1, -1)
    pod_at[cells] = np.arange(len(names))
    on_pod = pod_at[stock.cell] >= 0  # the rest lies on racks
    stocked = np.zeros(len(names), np.int64)
    np.add.at(stocked, pod_at[stock.cell[on_pod]], stock.quantity[on_pod])
    usual, file = settings.filling.pod_capacity, settings.files["pods"]
    capacity = pod_capacities(written, usual, names, stocked, file, faults)
    if capacity is None or faults:
        return None
    times = np.array(settings.filling.worker_s).reshape(-1, len(WORKER_S)).T.copy()
    arrivals = goods.arrivals
    return Replenishment(
        names=tuple(station.name for station in stations),
        cells=np.array([station.cell for station in stations], np.int32),
        **dict(zip(WORKER_S, times, strict=True)),
        capacity=capacity,
        sku=arrivals.sku,
        quantity=arrivals.quantity,
        release_s=arrivals.release_s,
        station=arrivals.station,
    )


def _pod_system(settings: Settings, pods: _Pods) -> PodSystem | None:
    """Pods as the settings have them, with their names, places and stations."""
    if settings.pods is None:
        return None
    slots = np.array([entry.order_slots for entry in settings.stations], np.int32)
    names, cells, _ = pods
    return replace(settings.pods, names=names, start_cells=cells, order_slots=slots)


def _find_pod_faults(
    settings: Settings,
    layout: Layout,
    stations: tuple[Station, ...],
    pod_cells: NDArray[np.int32],
) -> list[Fault]:
    """Faults of the floor for robots that carry pods and, it may be, charge."""
    file, charges = settings.files["layout"], settings.fleet.battery is not None
    faults = find_pod_faults(layout, stations, pod_cells, file, with_chargers=charges)
    if charges and stations:
        faults += find_charger_faults(layout, stations[0].cell, file)
    return faults


def _parse_floor(path: Path, fleet: Fleet | None, faults: list[Fault]) -> Layout | None:
    """Layout of a file, after a look at whether robots get about on it."""
    layout = parse_any_layout(path, faults)
    if layout is not None:
        found = find_layout_faults(layout)
        if fleet is not None:
            found += find_floor_faults(layout, fleet)
        faults += [
            replace(fault, place=f"{path.name}, {fault.place}") for fault in found
        ]
    return layout


def _parse_goods(
    folder: Path,
    files: dict[str, str],
    layout: Layout | None,
    pod_cells: NDArray[np.int32] | None,
    mixed: bool,
    fill_stations: tuple[str, ...] | None,
    shipping: Shipping | None,
    faults: list[Fault],
) -> _Goods:
    """Index of each SKU name, stock, what arrives, orders and, in cartons, sizes."""
    index_of_sku: dict[str, int] = {}
    all_known, listed_kg = True, None
    if "cartons" in files:
        if shipping is not None:
            index_of_sku = {sku: i for i, sku in enumerate(shipping.units.names)}
            listed_kg = np.maximum(np.nan_to_num(shipping.units.mass_kg), 0.0)
        all_known = shipping is not None
    elif "skus" in files:
        path = folder / files["skus"]
        all_known, listed_kg = parse_skus(path, index_of_sku, faults)
    before = len(faults)
    path = folder / files["stock"]
    stock = parse_stock(path, layout, index_of_sku, faults, pod_cells, racks_too=mixed)
    # A SKU of a stock line that could not be read is not unknown.
    all_known &= stock is not None or (layout is None and len(faults) == before)
    arrivals = None
    if "arrivals" in files:
        path = folder / files["arrivals"]
        arrivals = parse_arrivals(path, fill_stations, index_of_sku, faults)
        all_known &= arrivals is not None
    known = index_of_sku if all_known else None
    orders = parse_orders(folder / files["orders"], known, faults)
    if shipping is not None:
        units = fit_units(shipping.units, tuple(index_of_sku))
        shipping = replace(shipping, units=units)
    return _Goods(index_of_sku, stock, orders, listed_kg, arrivals, shipping)


def _parse_start_cells(
    folder: Path, settings: Settings, layout: Layout | None, faults: list[Fault]
) -> tuple[NDArray[np.int32] | None, NDArray[np.uint8] | None]:
    """Where robots start, and their kinds where these differ.

    They start as ``robots.csv`` says, or on the home cells.
    """
    if "robots" in settings.files:
        path = folder / settings.files["robots"]
        if settings.kind == "mixed":
            both = parse_mixed_robots(path, layout, settings.count, faults)
            return both or (None, None)
        return parse_robots(path, layout, settings.count, faults), None
    if layout is None:
        return None, None
    file = settings.files["layout"]
    return home_cells(layout, settings.count, file, faults), None


def write_scenario(scenario: Scenario, folder: str | Path) -> None:
    """Write a scenario as a folder that `read_scenario` reads back.

    ``skus.csv`` is written where masses are known, or where the stock alone does not
    give the SKUs in their order, ``robots.csv`` where robots do not start on the home
    cells row by row. Files of the same names are written over; others are left alone.

    Raises
    ------
    InputError
        E107, if a file cannot be written.
    """
    folder = Path(folder)
    layout = scenario.layout
    files = dict(USUAL_FILES)
    write_layout(layout, folder / files["layout"])
    write_stock(scenario, folder / files["stock"])
    write_orders(scenario, folder / files["orders"])
    order_of_stock = tuple(dict.fromkeys(scenario.stock.sku.tolist()))
    in_order = order_of_stock == tuple(range(len(scenario.sku_names)))
    if scenario.shipping is not None:
        write_shipping(scenario.shipping, folder, files)
    elif not in_order or scenario.sku_mass_kg is not None:
        files["skus"] = "skus.csv"
        write_skus(scenario, folder / files["skus"])
    start_cells = scenario.fleet.start_cells
    homes = layout.cells_of(CellKind.HOME)[: len(start_cells)]
    if scenario.is_mixed or not np.array_equal(start_cells, homes):
        files["robots"] = "robots.csv"
        write_robots(scenario, folder / files["robots"])
    if scenario.pods is not None:
        files["pods"] = "pods.csv"
        write_pods(scenario.pods, layout, folder / files["pods"])
    if scenario.replenishment is not None:
        files["arrivals"] = "replenishment.csv"
        write_arrivals(scenario, scenario.replenishment, folder / files["arrivals"])
    write_staff(scenario, folder, files)
    write_settings(scenario, files, folder / "scenario.toml")
