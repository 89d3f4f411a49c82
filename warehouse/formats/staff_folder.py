"""Packers and breaks of a scenario folder."""

from pathlib import Path

from warehouse.errors import Fault
from warehouse.formats.packers_csv import (
    parse_breaks,
    parse_packers,
    write_breaks,
    write_packers,
)
from warehouse.formats.toml_file import TomlTable
from warehouse.scenario import Orders, Scenario
from warehouse.staff import PackerBreaks, Staff


def refuse_staff_settings(
    root: TomlTable, files: dict[str, str], with_pods: bool
) -> None:
    """Append faults of files for packers that do not go with the rest.

    Parameters
    ----------
    root : TomlTable
        ``scenario.toml``.
    files : dict of str to str
        Files that are named, by key.
    with_pods : bool
        Packers of sites with pods are refused.
    """
    if with_pods and "packers" in files:
        found = "packers of sites with pods are not supported yet"
        root.fault("E123", "packers", found, "take the key away")
    if "breaks" in files and "packers" not in files:
        needed = 'name who takes them, as in packers = "packers.csv"'
        root.fault("E534", "breaks", "there are breaks, and no packers", needed)


def parse_staff(
    folder: Path,
    files: dict[str, str],
    stations: tuple[str, ...] | None,
    faults: list[Fault],
) -> Staff | None:
    """Packers with their breaks; None where none are named or one is at fault.

    Parameters
    ----------
    folder : Path
    files : dict of str to str
        Files that are named, by key.
    stations : tuple of str or None
        None where they could not all be read.
    faults : list of Fault
        What is wrong is appended here.
    """
    if "packers" not in files:
        return None
    packers = parse_packers(folder / files["packers"], stations, faults)
    breaks: PackerBreaks | None = PackerBreaks.none()
    if "breaks" in files:
        breaks = parse_breaks(folder / files["breaks"], packers, faults)
    if packers is None or breaks is None:
        return None
    return Staff.in_order(packers, breaks)


def find_skill_faults(orders: Orders, files: dict[str, str]) -> list[Fault]:
    """Return a fault where orders need skills and nobody says who has them."""
    if "packers" in files or not any(orders.needs):
        return []
    found = "orders need skills, and there are no packers"
    needed = 'name who has them, as in packers = "packers.csv", or drop the column'
    return [Fault("E533", Path(files["orders"]).name, found, needed)]


def write_staff(scenario: Scenario, folder: Path, files: dict[str, str]) -> None:
    """Write packers and breaks, and add the files to those that are named."""
    staff = scenario.staff
    if staff is None:
        return
    files["packers"] = "packers.csv"
    names = [station.name for station in scenario.stations]
    write_packers(staff.packers, names, folder / files["packers"])
    if len(staff.breaks.packer):
        files["breaks"] = "breaks.csv"
        write_breaks(staff.breaks, staff.packers.names, folder / files["breaks"])
