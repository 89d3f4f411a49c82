"""Best known values of SBPO 2025 instances: a table of sets, files and values."""

import csv
import io
import math
from pathlib import Path
from typing import Final

from warehouse.errors import Fault, InputError
from warehouse.formats.instance_sets import set_bytes

COLUMNS: Final = ("dataset", "instance", "best_objective")

BestKnown = dict[tuple[str, str], float]
"""Units per aisle by set and file name without its ending."""


def read_best_known(path: Path | str) -> BestKnown:
    """Read a CSV with the columns ``dataset``, ``instance``, ``best_objective``.

    Raises
    ------
    InputError
        E150 if it cannot be read, E152 for missing columns, E153 for wrong numbers.

    Examples
    --------
    >>> read_best_known("absent.csv")
    Traceback (most recent call last):
    warehouse.errors.InputError: E150 absent.csv: no such file; name an existing file
    """
    path = Path(path)
    try:
        text = set_bytes(path, zipped=path.suffix == ".gz").decode("utf-8")
    except UnicodeDecodeError:
        found, needed = "bytes that are not UTF-8", "save it as UTF-8"
        raise InputError([Fault("E150", str(path), found, needed)]) from None
    rows = csv.DictReader(io.StringIO(text))
    columns = rows.fieldnames or []
    if not set(COLUMNS) <= set(columns):
        found = f"columns {', '.join(columns)[:80] or 'none'}"
        needed = f"need {', '.join(COLUMNS)}"
        raise InputError([Fault("E152", f"{path}, line 1", found, needed)])
    values: BestKnown = {}
    faults = []
    for row in rows:
        value = _number(row["best_objective"])
        if math.isfinite(value):
            name = (row["instance"] or "").removesuffix(".txt")
            values[row["dataset"] or "", name] = value
        else:
            place = f"{path}, line {rows.line_num}, column best_objective"
            found = repr(row["best_objective"])
            faults.append(Fault("E153", place, found, "a finite number"))
    if faults:
        raise InputError(faults)
    return values


def _number(text: str | None) -> float:
    try:
        return float(text or "")
    except ValueError:
        return math.nan
