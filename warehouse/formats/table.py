"""CSV files: a table that hands out checked columns and remembers the faults."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault
from warehouse.formats.names import find_name_fault
from warehouse.formats.text_file import read_text_of_lines, shown, write_text
from warehouse.formats.toml_file import nearest

MOST_FAULTS: Final = 10_000
"""Faults of one table; a wrong file of a million lines is not listed in full."""
MOST_UNITS: Final = 1_000_000_000
"""Any quantity or time beyond this is a mistake."""

_WHOLE: Final = re.compile(r"[+-]?[0-9]+")
_NUMBER: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def parse_table(
    path: Path,
    required: Sequence[str],
    optional: Sequence[str],
    faults: list[Fault],
) -> "Table | None":
    """Read a CSV file with a header; None when there is no table to speak of.

    Parameters
    ----------
    path : Path
    required, optional : sequence of str
        Names of the columns. A column that is in neither is a fault, because a
        misspelt ``due_s`` that is silently left out makes a wrong plan.
    faults : list of Fault
        What is wrong is appended here.
    """
    text = read_text_of_lines(path, faults)
    if text is None:
        return None
    reader = csv.reader(io.StringIO(text), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        for row in reader:
            if any(map(str.strip, row)):
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        place = f"{path.name}, line {reader.line_num}"
        needed = "close every quote and write two quotes for one inside"
        faults.append(Fault("E105", place, str(error), needed))
        return None
    if not rows:
        needed = "write a header and a row for each entry"
        faults.append(Fault("E103", path.name, "all cells are blank", needed))
        return None
    header = [name.strip() for name in rows[0]]
    good = _check_header(path.name, lines[0], header, required, optional, faults)
    if not good and not {*header} & {*required, *optional}:
        return None  # no row could be understood
    table = Table(path.name, header, faults)
    table.whole_header = good
    table.fill(rows[1:], lines[1:])
    return table


def _check_header(
    file: str,
    line: int,
    header: list[str],
    required: Sequence[str],
    optional: Sequence[str],
    faults: list[Fault],
) -> bool:
    """Append faults of the header; return whether all required columns are there."""
    place = f"{file}, line {line}"
    known = [*required, *optional]
    if len(header) == 1 and re.search("[;\t|]", header[0]):
        found = "the columns are not separated by commas"
        faults.append(Fault("E105", place, found, "save the file with commas"))
        return False
    if not {name.casefold() for name in header} & {name.casefold() for name in known}:
        found = f"begins with {shown(','.join(header))}, which is no header"
        needed = f"begin with a line that names the columns: {','.join(required)}"
        faults.append(Fault("E111", place, found, needed))
        return False
    absent = [name for name in required if name not in header]
    for name in absent:
        needed = f"need the columns {','.join(required)}"
        faults.append(Fault("E111", place, f"column {name} is missing", needed))
    for index, name in enumerate(header):
        if not name:
            needed = "give it a name, or take the comma away at the end of every line"
            faults.append(Fault("E112", place, "a column without a name", needed))
        elif name not in known:
            spare = absent or [name for name in known if name not in header]
            needed = f"take it away{nearest(name, spare)}"
            found = f"unknown column {shown(name)}"
            faults.append(Fault("E112", place, found, needed))
        elif name in header[:index]:
            found = f"column {name} is there twice"
            faults.append(Fault("E113", place, found, "keep one"))
    return not absent


class Table:
    """The rows of a CSV file, column by column.

    A method that reads a column appends what is wrong with it to the faults and
    returns an entry for every row in any case, so that reading goes on; ``good``
    says which rows can be relied on.

    Attributes
    ----------
    file : str
        Name of the file, for places.
    lines : list of int
        Line of the file on which each row stands.
    good : ndarray of bool, shape (rows,)
        Rows without a fault so far.
    complete : bool
        Whether every row of the file is in the table and none has a fault.
    """

    def __init__(self, file: str, header: list[str], faults: list[Fault]) -> None:
        self.file = file
        self.header = header
        self.faults = faults
        self.lines: list[int] = []
        self.columns: dict[str, tuple[str, ...]] = {}
        self.good: NDArray[np.bool_] = np.zeros(0, bool)
        self.whole_header = True
        self._dropped = False
        self._found = 0

    def fill(self, rows: list[list[str]], lines: list[int]) -> None:
        """Take in the rows that have as many cells as the header, refuse others."""
        width = len(self.header)
        fitting: list[list[str]] = []
        for row, line in zip(rows, lines, strict=True):
            if len(row) == width:
                fitting.append(row)
                self.lines.append(line)
                continue
            self._dropped = True
            found = f"{len(row)} cells in a row, {width} in the header"
            needed = "give one cell for each column"
            if len(row) > width:
                needed += "; put text with a comma in quotes"
            self._append("E114", f"{self.file}, line {line}", found, needed)
        cells = zip(*fitting, strict=True) if fitting else [()] * width
        self.columns = dict(zip(self.header, cells, strict=True))
        self.good = np.full(len(fitting), self.whole_header)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.lines)

    @property
    def complete(self) -> bool:
        """Whether every row of the file is here and none has a fault."""
        return self.whole_header and not self._dropped and bool(self.good.all())

    def has(self, column: str) -> bool:
        """Whether the file has a column."""
        return column in self.columns

    def fault(self, code: str, row: int, column: str, found: str, needed: str) -> None:
        """Append a fault about a cell; an empty column means the whole row."""
        self.good[row] = False
        place = f"{self.file}, line {self.lines[row]}"
        if column:
            place += f", column {column}"
        self._append(code, place, found, needed)

    def _append(self, code: str, place: str, found: str, needed: str) -> None:
        self._found += 1
        if self._found <= MOST_FAULTS:
            self.faults.append(Fault(code, place, found, needed))
        if self._found == MOST_FAULTS:
            found = f"{MOST_FAULTS:,} faults, and the rest is not listed"
            self.faults.append(Fault("E119", self.file, found, "mend these first"))

    def names(self, column: str) -> list[str]:
        """Names in a column, white space around them taken off."""
        names = self.texts(column)
        checked: dict[str, tuple[str, str, str] | None] = {}
        for row, name in enumerate(names):
            if name not in checked:
                checked[name] = find_name_fault(name) if self.has(column) else None
            fault = checked[name]
            if fault is not None:
                code, found, needed = fault
                self.fault(code, row, column, found, needed)
        return names

    def different_names(self, column: str, code: str) -> list[str]:
        """Names of a column; one that is there twice is a fault of this code."""
        names = self.names(column)
        seen: set[str] = set()
        for row, name in enumerate(names):
            if name in seen and self.good[row]:
                found = f"{column} {shown(name)} is there twice"
                self.fault(code, row, column, found, f"keep one line for each {column}")
            seen.add(name)
        return names

    def words(self, column: str) -> list[frozenset[str]]:
        """Words of each cell, which semicolons separate; blank cells have none."""
        return [
            frozenset(word.strip() for word in text.split(";") if word.strip())
            for text in self.texts(column)
        ]

    def texts(self, column: str) -> list[str]:
        """Text of a column, white space around it taken off; may be blank."""
        cells = self.columns.get(column, ("",) * len(self))
        return [text.strip() for text in cells]

    def choices(self, column: str, known: tuple[str, ...]) -> NDArray[np.int64]:
        """Which of some words stands in each row; 0 where it is none of them."""
        values = np.zeros(len(self), np.int64)
        for row, text in enumerate(self.texts(column)):
            if text in known:
                values[row] = known.index(text)
            else:
                needed = "use one of " + ", ".join(known) + nearest(text, known)
                self.fault("E116", row, column, shown(text), needed)
        return values

    def whole_numbers(
        self, column: str, lowest: int, highest: int, default: int | None = None
    ) -> NDArray[np.int64]:
        """Whole numbers of a column; a blank cell is the default, if there is one."""
        needed = f"need a whole number from {lowest:,} to {highest:,}"
        values = np.full(len(self), lowest if default is None else default, np.int64)
        for row, text in enumerate(self.columns.get(column, ())):
            text = text.strip()
            if _WHOLE.fullmatch(text):
                # int() refuses thousands of digits; 20 are absurd already.
                value = int(text) if len(text) < 20 else highest + 1
                if lowest <= value <= highest:
                    values[row] = value
                else:
                    self.fault("E117", row, column, shown(text), needed)
            else:
                self._refuse(row, column, text, needed, default is not None)
        return values

    def numbers(
        self, column: str, lowest: float, highest: float, default: float | None = None
    ) -> NDArray[np.float64]:
        """Numbers of a column; a blank cell is the default, if there is one."""
        needed = f"need a number from {lowest:,g} to {highest:,g}"
        values = np.full(len(self), lowest if default is None else default)
        for row, text in enumerate(self.columns.get(column, ())):
            text = text.strip()
            if _NUMBER.fullmatch(text):
                value = float(text)
                if lowest <= value <= highest:
                    values[row] = value
                else:
                    self.fault("E117", row, column, shown(text), needed)
            else:
                self._refuse(row, column, text, needed, default is not None)
        return values

    def _refuse(
        self, row: int, column: str, text: str, needed: str, may_be_blank: bool
    ) -> None:
        """Append the fault of a cell that is no number."""
        if not text and may_be_blank:
            return
        if not text:
            self.fault("E115", row, column, "the cell is blank", needed)
        elif text.lower().lstrip("+-") in ("nan", "inf", "infinity"):
            self.fault("E117", row, column, shown(text), needed)
        else:
            self.fault("E116", row, column, shown(text), needed)


def write_table(path: Path, columns: Mapping[str, Iterable[Any]]) -> None:
    """Write a CSV file, one sequence of cells for each column.

    Raises
    ------
    InputError
        E107, if the file cannot be written.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    write_text(path, text.getvalue())


def plain(number: float) -> str:
    """Number as people write it, read back without loss; blank for infinity.

    Examples
    --------
    >>> plain(12.0), plain(0.1), plain(float("inf"))
    ('12', '0.1', '')
    """
    if number == float("inf"):
        return ""
    return repr(float(number)).removesuffix(".0")
