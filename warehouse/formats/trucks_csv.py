"""``trucks.csv``: which carrier departs from which door, and when."""

from pathlib import Path
from typing import Final

from warehouse.errors import Fault
from warehouse.formats.orders_csv import LATEST_RELEASE_S as LATEST_S
from warehouse.formats.table import parse_table, plain, write_table
from warehouse.formats.text_file import shown
from warehouse.trucks import Trucks

_REQUIRED: Final = ("carrier", "door", "departs_s")
_CAPACITIES: Final = ("capacity_m3", "capacity_kg")
_LEAST, _MOST = 1e-6, 1e9


def parse_trucks(path: Path, faults: list[Fault]) -> Trucks | None:
    """Read ``carrier,door,departs_s`` and, optional, ``capacity_m3,capacity_kg``.

    A row is one departure; a blank capacity stands for no limit.

    Parameters
    ----------
    path : Path
    faults : list of Fault
        What is wrong is appended here: E500 for a departure that is there twice, E501
        for a table without any, and the faults of tables.

    Returns
    -------
    Trucks or None
        None when any row has a fault, or there is none.

    Examples
    --------
    >>> faults = []
    >>> parse_trucks(Path("absent/trucks.csv"), faults)
    >>> print(faults[0])
    E101 trucks.csv: no such file; write the file or correct its name
    """
    table = parse_table(path, _REQUIRED, _CAPACITIES, faults)
    if table is None:
        return None
    carrier, door = table.names("carrier"), table.names("door")
    departs_s = table.numbers("departs_s", 0, LATEST_S)
    limits = [
        table.numbers(column, _LEAST, _MOST, default=float("inf"))
        for column in _CAPACITIES
    ]
    line_of: dict[tuple[str, str, float], int] = {}
    rows = zip(carrier, door, departs_s.tolist(), strict=True)
    for row, departure in enumerate(rows):
        line = line_of.setdefault(departure, table.lines[row])
        if line != table.lines[row] and table.good[row]:
            found = (
                f"{shown(carrier[row])} departs from door {shown(door[row])} at "
                f"{plain(departure[2])} s on line {line} already"
            )
            table.fault("E500", row, "", found, "keep one line for each departure")
    if len(table) == 0 and table.complete:
        needed = "write one line or more, or leave the file out"
        faults.append(Fault("E501", table.file, "there is no truck", needed))
    if not table.complete or len(table) == 0:
        return None
    return Trucks(tuple(carrier), tuple(door), departs_s, *limits)


def write_trucks(trucks: Trucks, path: Path) -> None:
    """Write ``trucks.csv``; a capacity that nothing has is left out.

    Raises
    ------
    InputError
        E107, if the file cannot be written.
    """
    columns: dict[str, list[object]] = {
        "carrier": list(trucks.carrier),
        "door": list(trucks.door),
        "departs_s": [plain(value) for value in trucks.departs_s.tolist()],
    }
    for column in _CAPACITIES:
        texts = [plain(value) for value in getattr(trucks, column).tolist()]
        if any(texts):
            columns[column] = list(texts)
    write_table(path, columns)
