"""A day at packing stations: ``schedule.toml`` and its tables."""

from pathlib import Path
from typing import Final

import numpy as np

from warehouse.errors import Fault, InputError
from warehouse.formats.packers_csv import (
    parse_breaks,
    parse_packers,
    write_breaks,
    write_packers,
)
from warehouse.formats.packing_jobs_csv import JobSettings, parse_jobs, write_jobs
from warehouse.formats.text_file import shown, write_text
from warehouse.formats.toml_file import TomlTable, parse_toml, toml_text
from warehouse.formats.trucks_csv import parse_trucks, write_trucks
from warehouse.packing_day import PackingDay
from warehouse.staff import PackerBreaks
from warehouse.trucks import Trucks

SETTINGS: Final = "schedule.toml"
LONGEST_S: Final = 1e6


def read_packing_day(folder: Path | str) -> PackingDay:
    """Read the folder of a day: stations, packers, breaks, orders, trucks.

    Raises
    ------
    InputError
        With every fault of every file.

    Examples
    --------
    >>> read_packing_day("no_such_folder")
    Traceback (most recent call last):
    warehouse.errors.InputError: E101 schedule.toml: no such file; write the file or \
correct its name
    """
    folder = Path(folder)
    faults: list[Fault] = []
    root = parse_toml(folder / SETTINGS, faults)
    if root is None:
        raise InputError(faults)
    name = root.name("name", folder.resolve().name)
    settings = _settings(root)
    stations = _names(root.tables("station"))
    if not stations and not faults:
        root.fault("E507", "station", "there is no station", "write [[station]] tables")
    root.refuse_others()
    packers = parse_packers(folder / "packers.csv", stations, faults)
    breaks: PackerBreaks | None = PackerBreaks.none()
    if (folder / "breaks.csv").exists():
        breaks = parse_breaks(folder / "breaks.csv", packers, faults)
    trucks: Trucks | None = Trucks.none()
    if (folder / "trucks.csv").exists():
        trucks = parse_trucks(folder / "trucks.csv", faults)
    jobs = parse_jobs(folder / "jobs.csv", settings, stations, trucks, faults)
    if faults or not (packers and breaks and jobs and trucks is not None):
        raise InputError(faults)
    return PackingDay(
        name,
        stations,
        settings.cartons,
        settings.setup_s,
        packers,
        breaks,
        jobs,
        trucks,
        settings.transfer_s,
    )


def _settings(root: TomlTable) -> JobSettings:
    """Read ``[packing]`` and ``[[carton]]``."""
    packing = root.table("packing")
    cartons = root.tables("carton")
    names = _names(cartons, ("setup_s", "skill"))
    if not cartons:
        root.fault("E507", "carton", "there is no carton", "write [[carton]] tables")
    settings = JobSettings(
        order_s=packing.number("order_s", 0, LONGEST_S, 0.0),
        unit_s=packing.number("unit_s", 0, LONGEST_S, 0.0),
        transfer_s=packing.number("transfer_s", 0, LONGEST_S, 0.0),
        cartons=names,
        setup_s=np.array([one.number("setup_s", 0, LONGEST_S, 0.0) for one in cartons]),
        skill=tuple(one.name("skill") if one.has("skill") else "" for one in cartons),
    )
    packing.refuse_others()
    return settings


def _names(tables: list[TomlTable], others: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Names of tables, all different; the tables have no keys but these others."""
    names: list[str] = []
    for one in tables:
        name = one.name("name")
        if name in names:
            one.fault("E502", "name", f"{shown(name)} is there twice", "change one")
        names.append(name)
        one.asked += others
        one.refuse_others()
    return tuple(names)


def write_packing_day(day: PackingDay, folder: Path) -> None:
    """Write a day as the files that are read again; the folder is there.

    Work is written order by order, and a carton's skill as that of its orders.

    Raises
    ------
    InputError
        E107, if a file cannot be written.
    """
    lines = [f"name = {toml_text(day.name)}", "", "[packing]"]
    lines.append(f"transfer_s = {day.transfer_s!r}")
    for station in day.stations:
        lines += ["", "[[station]]", f"name = {toml_text(station)}"]
    for carton, setup_s in zip(day.cartons, day.setup_s.tolist(), strict=True):
        lines += ["", "[[carton]]", f"name = {toml_text(carton)}"]
        lines.append(f"setup_s = {setup_s!r}")
    write_text(folder / SETTINGS, "\n".join(lines) + "\n")
    write_packers(day.packers, day.stations, folder / "packers.csv")
    write_breaks(day.breaks, day.packers.names, folder / "breaks.csv")
    write_jobs(day, folder / "jobs.csv")
    if len(day.trucks):
        write_trucks(day.trucks, folder / "trucks.csv")
