"""``packers.csv`` and ``breaks.csv``: who works where and when, with what skills."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault
from warehouse.formats.orders_csv import LATEST_RELEASE_S as LATEST_S
from warehouse.formats.table import Table, parse_table, plain, write_table
from warehouse.formats.text_file import shown
from warehouse.formats.toml_file import nearest
from warehouse.staff import PackerBreaks, Packers

_SLOWEST, _FASTEST = 0.05, 20.0
_OF_PACKER: Final = ("start_s", "end_s", "speed", "skills")


def parse_packers(
    path: Path, stations: tuple[str, ...] | None, faults: list[Fault]
) -> Packers | None:
    """Read ``packer,station`` and, optional, ``start_s,end_s,speed,skills``.

    Parameters
    ----------
    path : Path
    stations : tuple of str, or None
        None when they could not be read, and no station is refused.
    faults : list of Fault
        What is wrong is appended here: E502 to E504, E507, and the faults of tables.

    Returns
    -------
    Packers or None
        None when any row has a fault.
    """
    table = parse_table(path, ("packer", "station"), _OF_PACKER, faults)
    if table is None:
        return None
    station = np.zeros(len(table), np.int32)
    if stations is not None:
        station = known(table, "station", stations)
    packers = Packers(
        names=tuple(table.different_names("packer", "E502")),
        station=station,
        start_s=table.numbers("start_s", 0, LATEST_S, default=0.0),
        end_s=table.numbers("end_s", 0, LATEST_S, default=float("inf")),
        speed=table.numbers("speed", _SLOWEST, _FASTEST, default=1.0),
        skills=tuple(table.words("skills")),
    )
    for row in np.flatnonzero((packers.end_s <= packers.start_s) & table.good).tolist():
        needed = "let the shift end after it begins"
        table.fault("E504", row, "end_s", "the shift has no time", needed)
    if len(table) == 0 and table.complete:
        found = "there is no packer"
        faults.append(Fault("E507", table.file, found, "write one line or more"))
    return packers if table.complete and len(table) else None


def parse_breaks(
    path: Path, packers: Packers | None, faults: list[Fault]
) -> PackerBreaks | None:
    """Read ``packer,start_s,end_s`` and, optional, ``wait_s``.

    A break that may wait begins up to ``wait_s`` later, when the order in hand is done.

    Parameters
    ----------
    path : Path
    packers : Packers or None
        None when they could not be read, and no packer is refused.
    faults : list of Fault
        What is wrong is appended here: E503 and E504, and the faults of tables.
    """
    table = parse_table(path, ("packer", "start_s", "end_s"), ("wait_s",), faults)
    if table is None:
        return None
    start_s = table.numbers("start_s", 0, LATEST_S)
    end_s = table.numbers("end_s", 0, LATEST_S)
    wait_s = table.numbers("wait_s", 0, LATEST_S, default=0.0)
    if packers is None:
        return None
    packer = known(table, "packer", packers.names)
    order = np.lexsort((start_s, packer))
    free_s: dict[int, float] = {}
    for row in order[table.good[order]].tolist():
        who = int(packer[row])
        if end_s[row] <= start_s[row]:
            needed = "let the break end after it begins"
            table.fault("E504", row, "end_s", "the break has no time", needed)
        if start_s[row] < free_s.get(who, 0.0):
            found = f"a break of {shown(packers.names[who])} may still last then"
            needed = "leave time between breaks, or take wait_s down"
            table.fault("E504", row, "start_s", found, needed)
        free_s[who] = float(end_s[row] + wait_s[row])
    if not table.complete:
        return None
    return PackerBreaks(packer[order], start_s[order], end_s[order], wait_s[order])


def known(table: Table, column: str, names: tuple[str, ...]) -> NDArray[np.int32]:
    """Index of the name in each cell of a column; a name that is none is E503."""
    index_of = {name: index for index, name in enumerate(names)}
    cells = table.names(column)
    for row, name in enumerate(cells):
        if name not in index_of and table.good[row]:
            needed = f"name a {column} that is listed{nearest(name, names)}"
            found = f"unknown {column} {shown(name)}"
            table.fault("E503", row, column, found, needed)
    return np.array([index_of.get(name, 0) for name in cells], np.int32)


def write_packers(packers: Packers, stations: Sequence[str], path: Path) -> None:
    """Write ``packers.csv``."""
    write_table(
        path,
        {
            "packer": packers.names,
            "station": [stations[station] for station in packers.station.tolist()],
            "start_s": map(plain, packers.start_s.tolist()),
            "end_s": map(plain, packers.end_s.tolist()),
            "speed": map(plain, packers.speed.tolist()),
            "skills": [";".join(sorted(skills)) for skills in packers.skills],
        },
    )


def write_breaks(breaks: PackerBreaks, names: Sequence[str], path: Path) -> None:
    """Write ``breaks.csv``, with the names of the packers."""
    write_table(
        path,
        {
            "packer": [names[packer] for packer in breaks.packer.tolist()],
            "start_s": map(plain, breaks.start_s.tolist()),
            "end_s": map(plain, breaks.end_s.tolist()),
            "wait_s": map(plain, breaks.wait_s.tolist()),
        },
    )
