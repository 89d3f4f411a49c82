"""Scenarios of the MovingAI benchmarks (``.scen``): a start and a goal a line.

Source: R. Stern et al., Multi-Agent Pathfinding: Definitions, Variants, and Benchmarks
(2019), arXiv:1906.08291. Lines are ``bucket map width height x y x y length``, with
tabs between; x is the column and y the row. The length is octile and is not used.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault, InputError
from warehouse.fitness import floor_pieces
from warehouse.formats.fault_list import add_faults
from warehouse.formats.layouts_by_ending import parse_any_layout
from warehouse.formats.text_file import read_text, shown, write_text
from warehouse.grid import Grid
from warehouse.layout import Layout

HEADER: Final = "version 1"
FIELDS: Final = ("bucket", "map", "width", "height", *("x", "y") * 2, "length")
_WHOLE: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class OneShotInstance:
    """A map, and a start and a goal for each robot.

    Parameters
    ----------
    layout : Layout
    starts, goals : ndarray of int32, shape (robots,)
        Flat cells a robot can stand on, all starts different and all goals.
    """

    layout: Layout
    starts: NDArray[np.int32]
    goals: NDArray[np.int32]


def read_one_shot(
    map_file: str | Path, scen_file: str | Path, robots: int | None = None
) -> OneShotInstance:
    """Read a map and the first robots of a scenario made for it.

    Parameters
    ----------
    map_file : str or Path
        A ``.map``, or a layout in another form that is read.
    scen_file : str or Path
        A ``.scen``, or one packed as ``.scen.gz``.
    robots : int, optional
        Lines to take; all when not given. What follows them is not read.

    Raises
    ------
    InputError
        With every fault of both files.

    Examples
    --------
    >>> read_one_shot("a.map", "b.scen", 1)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    warehouse.errors.InputError: E101 a.map: no such file; write ...
    E101 b.scen: no such file; write the file or correct its name
    """
    faults: list[Fault] = []
    map_file, scen_file = Path(map_file), Path(scen_file)
    layout = parse_any_layout(map_file, faults)
    text = read_text(scen_file, faults)
    if layout is None or text is None:
        raise InputError(faults)
    reader = _ScenReader(scen_file.name, map_file, layout)
    found = reader.read(text, robots)
    if found:
        add_faults(faults, found, scen_file.name)
        raise InputError(faults)
    starts, goals = np.array(reader.ends, np.int32).reshape(-1, 2).T
    return OneShotInstance(layout, starts.copy(), goals.copy())


def write_scen(
    path: str | Path,
    layout: Layout,
    map_name: str,
    starts: Sequence[int] | NDArray[np.int32],
    goals: Sequence[int] | NDArray[np.int32],
) -> None:
    """Write starts and goals as a scenario; the length is the Manhattan distance.

    Raises
    ------
    InputError
        E107, if the file cannot be written.
    """
    width = layout.width
    lines = [HEADER]
    for start, goal in zip(starts, goals, strict=True):
        (row, col), (to_row, to_col) = (
            divmod(int(start), width),
            divmod(int(goal), width),
        )
        length = abs(row - to_row) + abs(col - to_col)
        entry = (0, map_name, width, layout.height, col, row, to_col, to_row, length)
        lines.append("\t".join(map(str, entry)))
    write_text(Path(path), "\n".join(lines) + "\n")


class _ScenReader:
    """Reads the lines of one scenario; what is wrong with them ends up in `faults`."""

    def __init__(self, file: str, map_file: Path, layout: Layout) -> None:
        self.file = file
        self.map_name = map_file.name
        self.layout = layout
        self.drivable = layout.drivable
        self.pieces = floor_pieces(Grid.from_layout(layout)).tolist()
        self.faults: list[Fault] = []
        self.ends: list[tuple[int, int]] = []
        self.line_of_start: dict[int, int] = {}
        self.line_of_goal: dict[int, int] = {}
        self.other_map = False

    def read(self, text: str, robots: int | None) -> list[Fault]:
        """Read the lines of the first robots; return the faults."""
        lines = text.split("\n")
        if lines[0].split() != HEADER.split():
            found = shown(lines[0].strip())
            self.faults.append(
                Fault("E105", f"{self.file}, line 1", found, f"need {HEADER}")
            )
        numbered = [
            (number, line)
            for number, line in enumerate(lines[1:], start=2)
            if line.strip()
        ]
        if robots is not None and robots > len(numbered):
            found = f"{len(numbered):,} lines for {robots:,} robots"
            needed = f"take at most {len(numbered):,} robots, or the whole file"
            self.faults.append(Fault("E195", self.file, found, needed))
        room = int(self.drivable.sum())
        if robots is not None and robots > room:
            found = f"{robots:,} robots for {room:,} cells a robot can stand on"
            needed = f"take at most {room:,} robots"
            self.faults.append(Fault("E185", self.file, found, needed))
        for number, line in numbered[:robots]:
            self._read_line(number, line)
        return self.faults

    def _fault(self, code: str, line: int, found: str, needed: str) -> None:
        place = f"{self.file}, line {line}"
        self.faults.append(Fault(code, place, found, needed))

    def _read_line(self, number: int, line: str) -> None:
        fields = line.split("\t") if "\t" in line else line.split()
        numbers = fields[2:8]
        if len(fields) != len(FIELDS) or not all(map(_WHOLE.fullmatch, numbers)):
            needed = f"need {' '.join(FIELDS)}, with tabs between"
            self._fault("E190", number, shown(line.strip()), needed)
            return
        width, height, col, row, to_col, to_row = map(int, numbers)
        if not self._is_made_for_map(number, fields[1], height, width):
            return
        start = self._cell(number, "start", row, col)
        goal = self._cell(number, "goal", to_row, to_col)
        if start is None or goal is None:
            return
        self._refuse_twice(number, start, "start", "E146", self.line_of_start)
        self._refuse_twice(number, goal, "goal", "E193", self.line_of_goal)
        if self.pieces[start] != self.pieces[goal]:
            place = self.layout.place
            found = f"there is no way from {place(start)} to {place(goal)}"
            needed = "give a goal on the same piece of floor"
            self._fault("E194", number, found, needed)
        self.ends.append((start, goal))

    def _is_made_for_map(self, number: int, name: str, height: int, width: int) -> bool:
        """Whether a line is for this map; for another one, the first line says so."""
        shape = self.layout.kinds.shape
        stem = re.split(r"[/\\]", name.strip())[-1].removesuffix(".map")
        same_name = stem.lower() == Path(self.map_name).stem.lower()
        if same_name and shape == (height, width):
            return True
        if not self.other_map:
            found = f"it is for {shown(name)} of {height} rows and {width} columns"
            needed = f"{self.map_name} has {shape[0]} rows and {shape[1]} columns; "
            needed += "give the map that the scenario was made for"
            self._fault("E191", number, found, needed)
        self.other_map = True
        return False

    def _cell(self, number: int, what: str, row: int, col: int) -> int | None:
        layout = self.layout
        if row >= layout.height or col >= layout.width:
            found = f"{what} x {col}, y {row} is not on the map"
            needed = f"need x below {layout.width} and y below {layout.height}"
            self._fault("E134", number, found, needed)
            return None
        if not self.drivable[row, col]:
            found = f"{what} x {col}, y {row} is a wall"
            code = "E184" if what == "start" else "E192"
            self._fault(code, number, found, "give a cell a robot can stand on")
            return None
        return row * layout.width + col

    def _refuse_twice(
        self, number: int, cell: int, what: str, code: str, line_of: dict[int, int]
    ) -> None:
        line = line_of.setdefault(cell, number)
        if line != number:
            found = f"{self.layout.place(cell)} is the {what} of line {line} already"
            self._fault(code, number, found, f"give each robot a {what} of its own")
