"""Sets of Mainz instances (a folder, an archive) and their published values."""

import csv
import io
import math
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath
from typing import Final

from warehouse.errors import Fault, InputError
from warehouse.formats.instance_sets import read_set, set_bytes
from warehouse.formats.mainz import MAX_BYTES, MainzInstance, parse_mainz

# In the one-block results the parts of the file name stand in columns of their own.
_NAME_COLUMNS: Final = (
    "unit demand",
    "alpha",
    "num aisles",
    "num cells",
    "num articles",
    "random seed",
)
_VALUE_COLUMNS: Final = ("objective", "DP cost", "Netw MIP cost", "UB")


def read_mainz_set(path: Path | str) -> Iterator[MainzInstance]:
    """Read one file, all ``*.txt`` of a folder, or all ``*.txt`` of a tar archive.

    Instances come sorted by name. Faults of all files are gathered and raised after
    the last one; an archive is read in memory and nothing is unpacked.

    Raises
    ------
    InputError
        E150 if nothing can be read, else the faults of the files (E150 to E158).

    Examples
    --------
    >>> list(read_mainz_set("absent.tgz"))
    Traceback (most recent call last):
    warehouse.errors.InputError: E150 absent.tgz: no such file; name an existing file
    """
    yield from read_set(path, parse_mainz, MAX_BYTES)


def read_published_values(path: Path | str) -> dict[str, float]:
    """Published objective by instance name, from a results CSV, plain or gzipped.

    Understands three published layouts: a column ``filename`` with ``objective``, the
    parts of the name in columns with ``DP cost``, and, separated by semicolons and with
    decimal commas, ``filename`` with ``UB`` for several policies, of which the optimal
    one counts. An instance with two values in one file has none.

    Raises
    ------
    InputError
        E150 if it cannot be read, E152 for missing columns, E153 for wrong numbers.
    """
    path = Path(path)
    try:
        text = set_bytes(path, zipped=path.suffix == ".gz").decode("utf-8")
    except UnicodeDecodeError:
        found, needed = "bytes that are not UTF-8", "save it as UTF-8"
        raise InputError([Fault("E150", str(path), found, needed)]) from None
    separated = ";" if ";" in text.partition("\n")[0] else ","
    rows = csv.DictReader(io.StringIO(text), delimiter=separated)
    columns = rows.fieldnames or []
    value_column = next((name for name in _VALUE_COLUMNS if name in columns), None)
    by_file = "filename" in columns
    if value_column is None or not (by_file or set(_NAME_COLUMNS) <= set(columns)):
        found = f"columns {', '.join(columns)[:80] or 'none'}"
        needed = f"need filename or name parts, and {' or '.join(_VALUE_COLUMNS)}"
        raise InputError([Fault("E152", f"{path}, line 1", found, needed)])
    values: dict[str, float] = {}
    faults = []
    doubtful = set()
    for row in rows:
        if row.get("policy", "optimal") != "optimal":
            continue
        if by_file:
            name = PureWindowsPath(row["filename"] or "").name.removesuffix(".txt")
        else:
            unit, alpha, *sizes = (row[column] for column in _NAME_COLUMNS)
            demand = "unit" if unit == "true" else "varying"
            name = "{}_F{}_m{}_C{}_a{}_{}".format(demand, alpha, *sizes)
        value = _number(row[value_column], decimal_comma=separated == ";")
        if math.isfinite(value):
            if separated == ";" and values.get(name, value) != value:
                doubtful.add(name)
            values[name] = value
        else:
            place = f"{path}, line {rows.line_num}, column {value_column}"
            found = repr(row[value_column])
            faults.append(Fault("E153", place, found, "need a finite number"))
    if faults:
        raise InputError(faults)
    return {name: value for name, value in values.items() if name not in doubtful}


def _number(text: str | None, *, decimal_comma: bool) -> float:
    text = text or ""
    if decimal_comma:
        text = text.replace(".", "").replace(",", ".")
    try:
        return float(text)
    except ValueError:
        return math.nan
