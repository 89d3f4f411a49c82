"""``scenario.toml``: names of the files, the fleet, service times and stations."""

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Final, get_args

import numpy as np

from warehouse.errors import Fault
from warehouse.formats.battery_settings import battery_lines, parse_battery
from warehouse.formats.marked_cells import MarkRules, find_marked
from warehouse.formats.pod_settings import (
    FleetKind,
    carried,
    need_robots_table,
    parse_order_slots,
    parse_pod_settings,
    pod_fleet_lines,
    pod_service_lines,
    pod_tables,
)
from warehouse.formats.replenishment_settings import (
    FillSettings,
    parse_pod_capacity,
    parse_worker_times,
    refuse_halves,
    replenishment_lines,
)
from warehouse.formats.shipping_settings import (
    ShippingSettings,
    parse_shipping_settings,
    shipping_lines,
)
from warehouse.formats.staff_folder import refuse_staff_settings
from warehouse.formats.text_file import shown, write_text
from warehouse.formats.toml_file import TomlTable, toml_text
from warehouse.layout import CellKind, Layout
from warehouse.scenario import (
    Fleet,
    MotionModel,
    PodSystem,
    Scenario,
    Service,
    Station,
)

MOST_ROBOTS: Final = 1_000_000
LONGEST_SERVICE_S: Final = 86_400.0
USUAL_FILES: Final = {
    "layout": "layout.toml",
    "stock": "stock.csv",
    "orders": "orders.csv",
}
_OPTIONAL_FILES: Final = {
    "skus": "skus.csv",
    "robots": "robots.csv",
    "pods": "pods.csv",
    "arrivals": "replenishment.csv",
    "trucks": "trucks.csv",
    "packers": "packers.csv",
    "breaks": "breaks.csv",
}


@dataclass(frozen=True, slots=True)
class StationEntry:
    """One ``[[station]]`` as written, before it is set on the floor."""

    name: str
    row: int
    col: int
    packers: int
    place: str
    order_slots: int = 0


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``scenario.toml`` says.

    Parameters
    ----------
    name : str
    files : dict of str to str
        File names by key; optional files are left out when nobody names them.
    count : int or None
        Robots; None takes as many as have a place to start from.
    fleet : Fleet
        Without start cells.
    service : Service
    stations : tuple of StationEntry
    fill_stations : tuple of StationEntry
        Stations where pods are filled.
    filling : FillSettings
    pods : PodSystem or None
        Without pods; None where robots carry totes.
    shipping : ShippingSettings or None
        Of packing and doors.
    kind : "tote", "pod" or "mixed"
        What the robots carry.
    """

    name: str
    files: dict[str, str]
    count: int | None
    fleet: Fleet
    service: Service
    stations: tuple[StationEntry, ...]
    fill_stations: tuple[StationEntry, ...]
    filling: FillSettings
    pods: PodSystem | None = None
    shipping: ShippingSettings | None = None
    kind: FleetKind = "tote"


def parse_settings(table: TomlTable, folder: Path) -> Settings:
    """Settings from the root table of ``scenario.toml``; faults go to the table."""
    name = table.name("name", folder.resolve().name)
    files = {key: table.text(key, usual) for key, usual in USUAL_FILES.items()}
    for key, usual in _OPTIONAL_FILES.items():
        if table.has(key):
            files[key] = table.text(key)
        elif (folder / usual).is_file():
            needed = f'write {key} = "{usual}", or take the file away'
            table.fault("E124", key, f"{usual} is there and not named", needed)
    if table.has("cartons"):  # which `aislewise solve cartons` reads unnamed, too
        files["cartons"] = table.text("cartons")
    fleet_table, service_table = table.table("fleet"), table.table("service")
    kind = carried(fleet_table, "pods" in files)
    with_pods = kind != "tote"
    if kind == "mixed":
        need_robots_table(table, "robots" in files)
    service = _parse_service(service_table) if kind != "pod" else Service()
    pods = None
    if with_pods:
        pods = parse_pod_settings(table, fleet_table, service_table)
    capacity = parse_pod_capacity(fleet_table) if with_pods else None
    service_table.refuse_others()
    count, fleet = _parse_fleet(fleet_table, with_pods)
    fleet = replace(fleet, battery=parse_battery(table, with_pods))
    stations = _parse_stations(table, kind, "packers" in files)
    fill_stations, worker_s = _parse_fill_stations(table, stations)
    refuse_halves(table, with_pods, len(worker_s), "arrivals" in files)
    filling = FillSettings(worker_s, capacity)
    shipping = parse_shipping_settings(table, files, with_pods)
    refuse_staff_settings(table, files, with_pods)
    table.refuse_others()
    return Settings(
        name,
        files,
        count,
        fleet,
        service,
        stations,
        fill_stations,
        filling,
        pods,
        shipping,
        kind,
    )


def _parse_fleet(table: TomlTable, with_pods: bool) -> tuple[int | None, Fleet]:
    """How many robots, and of what kind; those with pods turn unless it is said."""
    standard = Fleet(np.zeros(0, np.int32), motion="rotate" if with_pods else "omni")
    count = table.whole("count", 1, MOST_ROBOTS) if table.has("count") else None
    motions: tuple[MotionModel, ...] = get_args(MotionModel)
    fleet = Fleet(
        start_cells=standard.start_cells,
        tote_slots=table.whole("tote_slots", 1, 1000, standard.tote_slots),
        speed_m_s=table.number("speed_m_s", 0.01, 100, standard.speed_m_s),
        motion=table.choice("motion", motions, standard.motion),
        length_m=table.number("length_m", 0.01, 100, standard.length_m),
        width_m=table.number("width_m", 0.01, 100, standard.width_m),
        max_mass_kg=table.number("max_mass_kg", 0.001, 1e6, standard.max_mass_kg),
    )
    if with_pods and fleet.motion != "rotate":
        found = "robots that carry pods and do not turn are not supported yet"
        table.fault("E123", "motion", found, 'write motion = "rotate"')
    table.refuse_others()
    return count, fleet


def _parse_service(table: TomlTable) -> Service:
    standard = Service()
    times = {
        field.name: table.number(
            field.name, 0, LONGEST_SERVICE_S, getattr(standard, field.name)
        )
        for field in fields(Service)
    }
    return Service(**times)


def _parse_stations(
    root: TomlTable, kind: FleetKind, with_staff: bool
) -> tuple[StationEntry, ...]:
    """Stations that can be relied on; at least one must be written.

    With a file of packers no station says how many it has, and one is noted for each.
    """
    tables = root.tables("station")
    if not tables and not isinstance(root.values.get("station"), list | dict):
        needed = "write [[station]] with name, row and col"
        root.fault("E187", "station", "there is no packing station", needed)
    entries: list[StationEntry] = []
    for table in tables:
        before = len(root.faults)
        least = 0 if kind == "tote" else 1
        if with_staff and table.has("packers"):
            found = "there is a file of packers, who are counted there"
            table.fault("E535", "packers", found, "take the key away")
        packers = 1 if kind == "pod" else table.whole("packers", least, 1000, 1)
        slots = 0 if kind == "tote" else parse_order_slots(table)
        entry = _parse_entry(table, entries, packers, slots)
        if len(root.faults) == before:
            entries.append(entry)
    if entries and not any(entry.packers for entry in entries):
        needed = "give one station packers at least"
        root.fault("E532", "station", "no station has packers", needed)
    return tuple(entries)


def _parse_fill_stations(
    root: TomlTable, stations: tuple[StationEntry, ...]
) -> tuple[tuple[StationEntry, ...], tuple[tuple[float, ...], ...]]:
    """Stations where pods are filled, and the times of each one's worker."""
    entries, worker_s = list(stations), []
    for table in root.tables("replenishment"):
        before = len(root.faults)
        times = parse_worker_times(table)
        entry = _parse_entry(table, entries)
        worker_s.append(times)
        if len(root.faults) == before:
            entries.append(entry)
    return tuple(entries[len(stations) :]), tuple(worker_s)


def _parse_entry(
    table: TomlTable, others: list[StationEntry], packers: int = 1, slots: int = 0
) -> StationEntry:
    """Station as written, after all else of its table was read."""
    name = table.name("name")
    row = table.whole("row", 0, 10**9)
    col = table.whole("col", 0, 10**9)
    table.refuse_others()
    if name and name in {entry.name for entry in others}:
        found = f"station {shown(name)} is there twice"
        table.fault("E143", "name", found, "give each station a name of its own")
    place = f"{table.file}, {table.where.strip()}"
    return StationEntry(name, row, col, packers, place, slots)


_DOCKS: Final = MarkRules(
    what="station",
    kind=CellKind.DOCK,
    needed="a station stands at a dock, marked P",
    wrong_kind="E183",
    same_cell="E144",
    own="a dock of its own",
)


def place_stations(
    entries: tuple[StationEntry, ...], layout: Layout, faults: list[Fault]
) -> tuple[Station, ...]:
    """Set stations on their docks; whatever does not fit is a fault."""
    placed = find_marked(entries, layout, _DOCKS, faults)
    return tuple(Station(entry.name, cell, entry.packers) for entry, cell in placed)


def write_settings(scenario: Scenario, files: dict[str, str], path: Path) -> None:
    """Write ``scenario.toml``.

    Fleet and service times are written in full, so that the file means the same
    when a default changes; one packer a station is left out.
    """
    fleet, pods, mixed = scenario.fleet, scenario.pods, scenario.is_mixed
    with_totes = pods is None or mixed
    limited = fleet.max_mass_kg < float("inf")
    lines = [f"name = {toml_text(scenario.name)}"]
    lines += [f"{key} = {toml_text(name)}" for key, name in files.items()]
    if pods is not None:
        lines += pod_tables(pods)
    lines += [
        "",
        "[fleet]",
        f"count = {len(fleet)}",
        *(pod_fleet_lines(pods, "mixed" if mixed else "pod") if pods else []),
        *([f"tote_slots = {fleet.tote_slots}"] if with_totes else []),
        f"speed_m_s = {float(fleet.speed_m_s)!r}",
        f'motion = "{fleet.motion}"',
        f"length_m = {float(fleet.length_m)!r}",
        f"width_m = {float(fleet.width_m)!r}",
        *([f"max_mass_kg = {float(fleet.max_mass_kg)!r}"] if limited else []),
        *(battery_lines(fleet.battery) if fleet.battery else []),
        "",
        "[service]",
    ]
    if pods is not None:
        lines += pod_service_lines(pods)
    for field in fields(Service) if with_totes else ():
        value = float(getattr(scenario.service, field.name))
        lines.append(f"{field.name} = {value!r}")
    for index, station in enumerate(scenario.stations):
        row, col = scenario.layout.row_col(station.cell)
        lines += ["", "[[station]]", f"name = {toml_text(station.name)}"]
        lines += [f"row = {row}", f"col = {col}"]
        if pods is not None:
            lines.append(f"order_slots = {pods.order_slots[index]}")
        if with_totes and scenario.staff is None and station.packers != 1:
            lines.append(f"packers = {station.packers}")
    if scenario.replenishment is not None:
        lines += replenishment_lines(scenario.replenishment, scenario.layout)
    if scenario.shipping is not None:
        lines += shipping_lines(scenario.shipping, scenario.layout)
    write_text(path, "\n".join(lines) + "\n")
