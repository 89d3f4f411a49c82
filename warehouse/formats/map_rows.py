"""Rows of map marks, as a file holds them, to arrays; each fault with its cell."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault

MOST_CELLS: Final = 4_000_000
MOST_FAULTS: Final = 1_000
"""Marks and rows named of one map; a wrong file is not listed in full."""


def parse_rows(
    rows: list[str],
    value_of_mark: Mapping[str, int],
    place: Callable[[int], str],
    faults: list[Fault],
) -> NDArray[np.uint8] | None:
    """Value of every cell of a map, shape (height, width); None with a fault.

    Parameters
    ----------
    rows : list of str
    value_of_mark : mapping of str to int
        What each known mark stands for; marks are ASCII, values below 255.
    place : callable
        File and line of a row number, for faults.
    faults : list of Fault
    """
    if not any(rows):
        needed = "write one mark for each cell"
        faults.append(Fault("E131", place(0), "the map is empty", needed))
        return None
    width = Counter(map(len, rows)).most_common(1)[0][0]
    if max(map(len, rows)) * len(rows) > MOST_CELLS:
        found = f"a map of {len(rows):,} rows, the longest of {max(map(len, rows)):,}"
        faults.append(Fault("E106", place(0), found, f"at most {MOST_CELLS:,} cells"))
        return None
    before = len(faults)
    faults.extend(_find_row_faults(rows, width, value_of_mark, place))
    if len(faults) > before:
        return None
    value_of_code = np.zeros(128, np.uint8)
    for mark, value in value_of_mark.items():
        value_of_code[ord(mark)] = value
    codes = np.frombuffer("".join(rows).encode("ascii"), np.uint8)
    return value_of_code[codes].reshape(len(rows), width)


def _find_row_faults(
    rows: list[str],
    width: int,
    known: Mapping[str, int],
    place: Callable[[int], str],
) -> list[Fault]:
    """Faults of rows of another length and of marks that are not known."""
    faults: list[Fault] = []
    unknown = set("".join(rows)) - set(known)
    needed = "use one of " + " ".join(known)
    for row, marks in enumerate(rows):
        if len(marks) != width:
            found = f"row {row} has {len(marks)} marks, most rows have {width}"
            mend = "make all rows equally long"
            faults.append(Fault("E132", place(row), found, mend))
        for col, mark in enumerate(marks) if unknown else ():
            if mark in unknown:
                spot = f"{place(row)}, row {row}, col {col}"
                faults.append(Fault("E133", spot, f"unknown mark {mark!r}", needed))
        if len(faults) >= MOST_FAULTS:
            found = f"{len(faults):,} faults in the map, and the rest is not listed"
            faults.append(Fault("E119", place(row), found, "mend these first"))
            break
    return faults
