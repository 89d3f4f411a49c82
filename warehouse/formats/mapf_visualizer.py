"""Solutions in the text form of mapf-visualizer: a line a timestep.

``t:(x,y),(x,y),`` with x the column and y the row, as Kei18/mapf-visualizer reads it
and lacam3 and pypibt write it, with lines ``key=value`` before. Robots that turn have
their heading behind, ``(x,y,X_PLUS)``, in the manner of tools of the same family.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault, InputError
from warehouse.formats.fault_list import add_faults
from warehouse.formats.text_file import read_text, shown, write_text
from warehouse.layout import Layout

HEADING_WORDS: Final = ("Y_MINUS", "X_PLUS", "Y_PLUS", "X_MINUS")
MOST_ROBOT_STEPS: Final = 200_000_000
_STEP: Final = re.compile(r"([0-9]{1,9}):(.*)")
_PLACE: Final = re.compile(r"\(([0-9]{1,9}),([0-9]{1,9})(?:,([XY]_[A-Z]{4,5}))?\)")
_KEY: Final = re.compile(r"([A-Za-z_]+)=(.*)")


@dataclass(frozen=True, slots=True)
class VisualizerSolution:
    """Motion as a solution file tells it.

    Parameters
    ----------
    cells : ndarray of int32, shape (steps + 1, robots)
    headings : ndarray of uint8, same shape, or None
    facts : dict of str to str
        What stands before the solution, such as ``soc`` and ``solver``.
    """

    cells: NDArray[np.int32]
    headings: NDArray[np.uint8] | None
    facts: dict[str, str]


def write_mapf_visualizer(
    path: str | Path,
    cells: NDArray[np.int32],
    headings: NDArray[np.uint8] | None,
    width: int,
    facts: Mapping[str, object] | None = None,
) -> None:
    """Write motion as a solution file.

    Parameters
    ----------
    path : str or Path
    cells : ndarray of int32, shape (steps + 1, robots)
    headings : ndarray of uint8, same shape, or None
    width : int
        Of the grid.
    facts : mapping of str to object, optional
        Lines ``key=value`` to stand before the solution.

    Raises
    ------
    InputError
        E107, if the file cannot be written.
    """
    used = np.unique(cells).tolist()
    places = {cell: f"({cell % width},{cell // width}" for cell in used}
    lines = [f"{key}={value}" for key, value in (facts or {}).items()]
    if facts:
        lines.append("solution=")
    for t, row in enumerate(cells.tolist()):
        if headings is None:
            robots = "".join(f"{places[cell]})," for cell in row)
        else:
            facing = (HEADING_WORDS[heading] for heading in headings[t].tolist())
            pairs = zip(row, facing, strict=True)
            robots = "".join(f"{places[cell]},{word})," for cell, word in pairs)
        lines.append(f"{t}:{robots}")
    write_text(Path(path), "\n".join(lines) + "\n")


def read_mapf_visualizer(path: str | Path, layout: Layout) -> VisualizerSolution:
    """Read a solution file on the floor of a layout.

    Raises
    ------
    InputError
        With every fault of the file.

    Examples
    --------
    >>> read_mapf_visualizer("absent.txt", Layout.from_rows(["."]))
    Traceback (most recent call last):
    warehouse.errors.InputError: E101 absent.txt: no such file; write the file or \
correct its name
    """
    faults: list[Fault] = []
    path = Path(path)
    text = read_text(path, faults)
    if text is None:
        raise InputError(faults)
    reader = _SolutionReader(path.name, layout)
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            reader.read_line(number, line.strip())
    if not reader.rows and not reader.faults:
        found = "there is no line of a timestep"
        reader.fault("E190", 1, found, "need 0:(x,y),(x,y),")
    if reader.faults:
        add_faults(faults, reader.faults, path.name)
        raise InputError(faults)
    cells = np.array(reader.rows, np.int32)
    turning = bool(reader.facing and reader.facing[0])
    headings = np.array(reader.facing, np.uint8) if turning else None
    return VisualizerSolution(cells, headings, reader.facts)


class _SolutionReader:
    """Reads one solution; what is wrong with it ends up in `faults`."""

    def __init__(self, file: str, layout: Layout) -> None:
        self.file = file
        self.layout = layout
        self.faults: list[Fault] = []
        self.facts: dict[str, str] = {}
        self.rows: list[list[int]] = []
        self.facing: list[list[int]] = []

    def fault(self, code: str, line: int, found: str, needed: str) -> None:
        """Append a fault of a line."""
        place = f"{self.file}, line {line}"
        self.faults.append(Fault(code, place, found, needed))

    def read_line(self, number: int, line: str) -> None:
        """Read a line ``key=value`` or ``t:(x,y),(x,y),``."""
        step, key = _STEP.fullmatch(line), _KEY.fullmatch(line)
        if step is None and key is not None and not self.rows:
            self.facts[key[1]] = key[2]
            return
        if step is None:
            if self.rows:  # a planner's own words may stand before the solution
                self.fault("E190", number, shown(line), "need t:(x,y),(x,y),")
            return
        if int(step[1]) != len(self.rows):
            found = f"timestep {step[1]} where {len(self.rows)} is due"
            self.fault("E195", number, found, "get the whole file again")
            return
        places = _PLACE.findall(step[2])
        rest = _PLACE.sub("", step[2])
        if rest.strip(", ") or rest.count(",") > len(places):
            self.fault("E190", number, shown(step[2]), "need (x,y),(x,y),")
            return
        self._read_places(number, places)

    def _read_places(self, number: int, places: list[tuple[str, str, str]]) -> None:
        height, width = self.layout.kinds.shape
        cells, facing = [], []
        for x, y, word in places:
            if int(x) >= width or int(y) >= height:
                found = f"x {x}, y {y} is not on the map"
                needed = f"need x below {width} and y below {height}"
                self.fault("E134", number, found, needed)
                return
            if word and word not in HEADING_WORDS:
                needed = "use one of " + " ".join(HEADING_WORDS)
                self.fault("E198", number, shown(word), needed)
                return
            cells.append(int(y) * width + int(x))
            if word:
                facing.append(HEADING_WORDS.index(word))
        robots = len(self.rows[0]) if self.rows else len(cells)
        turning = len(self.facing[0]) if self.facing else len(facing)
        if len(cells) != robots or len(facing) != turning or turning not in (0, robots):
            found = f"{len(cells)} robots, {len(facing)} with a heading"
            needed = f"need {robots} robots, {turning} with a heading, in every line"
            self.fault("E195", number, found, needed)
            return
        if robots * (len(self.rows) + 1) > MOST_ROBOT_STEPS:
            found = f"over {MOST_ROBOT_STEPS:,} robot-steps"
            self.fault("E106", number, found, "split the solution")
            return
        self.rows.append(cells)
        self.facing.append(facing)
