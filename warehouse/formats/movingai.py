"""Maps of the MovingAI benchmarks (``.map``): open floor and obstacles, no racks.

Source: N. Sturtevant, Benchmarks for Grid-Based Pathfinding (2012),
DOI 10.1109/TCIAIG.2012.2197681. League of Robot Runners maps add the marks ``E``
and ``S`` for cells of open floor that tasks lead to.
"""

import re
from pathlib import Path
from typing import Final

import numpy as np

from warehouse.errors import Fault, InputError
from warehouse.formats.map_rows import parse_rows
from warehouse.formats.text_file import read_text, shown, write_text
from warehouse.layout import ALL_EXITS, CellKind, Layout

_DRIVABLE_OF_MARK: Final = {
    ".": 1,
    "G": 1,
    "S": 1,
    "E": 1,
    "@": 0,
    "O": 0,
    "T": 0,
    "W": 0,
}
_HEADER: Final = (
    (re.compile(r"type\s+\S+"), "type octile"),
    (re.compile(r"height\s+([0-9]{1,9})"), "height and a whole number"),
    (re.compile(r"width\s+([0-9]{1,9})"), "width and a whole number"),
    (re.compile(r"map"), "map"),
)


def read_map(path: str | Path) -> Layout:
    """Read a MovingAI map as a layout of floor and walls with cells of 1 m.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    faults: list[Fault] = []
    layout = parse_map(Path(path), faults)
    if layout is None or faults:
        raise InputError(faults)
    return layout


def parse_map(path: Path, faults: list[Fault]) -> Layout | None:
    """Read a MovingAI map and append its faults; None when there is one."""
    text = read_text(path, faults)
    if text is None:
        return None
    before = len(faults)
    lines = [line.rstrip() for line in text.rstrip("\n").split("\n")]
    sizes = []
    for number, (pattern, needed) in enumerate(_HEADER):
        line = lines[number].strip() if number < len(lines) else ""
        match = pattern.fullmatch(line)
        if match is None:
            spot = f"{path.name}, line {number + 1}"
            faults.append(Fault("E105", spot, shown(line), f"need {needed}"))
        elif match.groups():
            sizes.append(int(match[1]))
    if len(faults) > before:
        return None
    rows = lines[len(_HEADER) :]
    while rows and not rows[-1]:
        rows.pop()

    def place(row: int) -> str:
        return f"{path.name}, line {row + len(_HEADER) + 1}"

    drivable = parse_rows(rows, _DRIVABLE_OF_MARK, place, faults)
    if drivable is None:
        return None
    if drivable.shape != tuple(sizes):
        found = f"{drivable.shape[0]} rows of {drivable.shape[1]} marks"
        needed = f"the header says height {sizes[0]}, width {sizes[1]}"
        faults.append(Fault("E136", path.name, found, needed))
        return None
    kinds = np.where(drivable, CellKind.FLOOR, CellKind.WALL).astype(np.uint8)
    return Layout(path.stem, 1.0, kinds, np.full_like(kinds, ALL_EXITS))


def write_map(layout: Layout, path: str | Path) -> None:
    """Write which cells can be driven on as a MovingAI map.

    Kinds of cells, one-way floor and the size of a cell have no place in the
    format and are lost.

    Raises
    ------
    InputError
        E107, if the file cannot be written.
    """
    rows = np.where(layout.drivable, ".", "@")
    header = ["type octile", f"height {layout.height}", f"width {layout.width}", "map"]
    write_text(Path(path), "\n".join([*header, *map("".join, rows)]) + "\n")
