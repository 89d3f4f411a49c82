"""Our own layout file, ``layout.toml``, and the table of exits beside it."""

import re
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault, InputError
from warehouse.formats.map_rows import parse_rows
from warehouse.formats.table import parse_table, plain, write_table
from warehouse.formats.text_file import read_text, shown, write_text
from warehouse.formats.toml_file import TomlTable, parse_toml_text, toml_text
from warehouse.layout import ALL_EXITS, EXITS_OF_MARK, KIND_OF_MARK, Layout, Zone

SMALLEST_CELL_M: Final = 0.01
LARGEST_CELL_M: Final = 100.0
_FARTHEST_M: Final = 1e6
_MARKS: Final = list(KIND_OF_MARK)


def read_layout(path: str | Path) -> Layout:
    """Read a layout from ``layout.toml``.

    Raises
    ------
    InputError
        With every fault of the file and of its table of exits.

    Examples
    --------
    >>> read_layout("no_such_layout.toml")
    Traceback (most recent call last):
    warehouse.errors.InputError: E101 no_such_layout.toml: no such file; write \
the file or correct its name
    """
    faults: list[Fault] = []
    layout = parse_layout(Path(path), faults)
    if layout is None or faults:
        raise InputError(faults)
    return layout


def parse_layout(path: Path, faults: list[Fault]) -> Layout | None:
    """Read a layout and append its faults; None when it has no usable map."""
    text = read_text(path, faults)
    table = None if text is None else parse_toml_text(text, path.name, faults)
    if text is None or table is None:
        return None
    name = table.name("name", path.stem)
    cell_size_m = table.number("cell_size_m", SMALLEST_CELL_M, LARGEST_CELL_M, 1.0)
    marks = _parse_map(text, table, faults)
    exits_file = table.text("exits") if table.has("exits") else None
    zone_tables = table.tables("zone")
    obstacle_tables = table.tables("obstacle")
    table.refuse_others()
    shape = (_FARTHEST_M, _FARTHEST_M) if marks is None else marks.shape
    zones = _parse_zones(zone_tables, (int(shape[0]), int(shape[1])))
    obstacles = tuple(_parse_obstacle(entry) for entry in obstacle_tables)
    if marks is None:
        return None
    kinds = np.array([KIND_OF_MARK[mark] for mark in _MARKS], np.uint8)[marks]
    exit_masks = [EXITS_OF_MARK.get(mark, ALL_EXITS) for mark in _MARKS]
    exits = np.array(exit_masks, np.uint8)[marks]
    layout = Layout(name, cell_size_m, kinds, exits, zones, obstacles)
    if exits_file is None:
        return layout
    exits = _parse_exits(path.parent / exits_file, layout, faults)
    return Layout(name, cell_size_m, kinds, exits, zones, obstacles)


def _parse_map(
    text: str, table: TomlTable, faults: list[Fault]
) -> NDArray[np.uint8] | None:
    """Index into `_MARKS` of every cell, shape (height, width)."""
    before = len(faults)
    rows = [row.rstrip() for row in table.text("map").split("\n")]
    if len(faults) > before:
        return None
    while rows and not rows[-1]:
        rows.pop()
    # Where the map is written in the usual way, its rows have lines of their own.
    opening = re.search(r"^map\s*=\s*(\"\"\"|''')\n", text, re.MULTILINE)
    first_line = text.count("\n", 0, opening.end()) + 1 if opening else None

    def place(row: int) -> str:
        return f"{table.file}, line {first_line + row}" if first_line else table.file

    value_of_mark = {mark: index for index, mark in enumerate(_MARKS)}
    return parse_rows(rows, value_of_mark, place, faults)


def _parse_zones(tables: list[TomlTable], shape: tuple[int, int]) -> tuple[Zone, ...]:
    """Zones of a layout of some height and width."""
    zones: list[Zone] = []
    for table in tables:
        name = table.name("name")
        if name and name in {zone.name for zone in zones}:
            found = f"zone {shown(name)} is there twice"
            table.fault("E143", "name", found, "give each zone a name of its own")
        first_row, last_row = _parse_range(table, "rows", shape[0])
        first_col, last_col = _parse_range(table, "cols", shape[1])
        table.refuse_others()
        zones.append(Zone(name, first_row, first_col, last_row, last_col))
    return tuple(zones)


def _parse_range(table: TomlTable, key: str, size: int) -> tuple[int, int]:
    """First and last of some rows or columns, both in the map."""
    needed = f"need [first, last] with 0 <= first <= last <= {size - 1}"
    if not table.has(key):
        table.fault("E121", key, "the key is missing", needed)
        return 0, 0
    value = table.values[key]
    if (
        not isinstance(value, list)
        or len(value) != 2
        or any(type(number) is not int for number in value)
    ):
        table.fault("E116", key, shown(value), needed)
    elif not 0 <= value[0] <= value[1] < size:
        found = f"[{shown(value[0])}, {shown(value[1])}]"
        table.fault("E134", key, found, needed)
    else:
        return value[0], value[1]
    return 0, 0


def _parse_obstacle(table: TomlTable) -> tuple[tuple[float, float], ...]:
    """Corners of an obstacle; its shape is judged by `warehouse.floorplan`."""
    needed = "need three or more corners [x_m, y_m]"
    value = table.values["polygon"] if table.has("polygon") else None
    table.refuse_others()
    if value is None:
        table.fault("E121", "polygon", "the key is missing", needed)
        return ()
    if not isinstance(value, list) or len(value) < 3:
        table.fault("E116", "polygon", shown(value), needed)
        return ()
    corners = []
    for number, corner in enumerate(value, start=1):
        if not _is_point(corner):
            found = f"corner {number} is not two numbers within {_FARTHEST_M:,.0f} m"
            table.fault("E116", "polygon", found, needed)
        else:
            corners.append((float(corner[0]), float(corner[1])))
    return tuple(corners)


def _is_point(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(type(number) in (int, float) for number in value)
        and all(-_FARTHEST_M <= number <= _FARTHEST_M for number in value)
    )


def _parse_exits(path: Path, layout: Layout, faults: list[Fault]) -> NDArray[np.uint8]:
    """Exits of the layout, with those that a table ``row,col,exits`` replaces."""
    exits = layout.exits.copy()
    table = parse_table(path, ("row", "col", "exits"), (), faults)
    if table is None:
        return exits
    rows = table.whole_numbers("row", 0, layout.height - 1)
    cols = table.whole_numbers("col", 0, layout.width - 1)
    first_line: dict[tuple[int, int], int] = {}
    drivable = layout.drivable
    for index, text in enumerate(table.texts("exits")):
        row, col = int(rows[index]), int(cols[index])
        if not set(text) <= set(EXITS_OF_MARK) or len(set(text)) < len(text):
            needed = "write each allowed move once, out of < > ^ v"
            table.fault("E116", index, "exits", shown(text), needed)
        if not table.good[index]:
            continue
        if not drivable[row, col]:
            found = f"row {row}, col {col} is a wall or rack"
            table.fault("E135", index, "", found, "name a cell a robot can leave")
        elif (row, col) in first_line:
            found = f"row {row}, col {col} is already on line {first_line[row, col]}"
            table.fault("E141", index, "", found, "keep one line for each cell")
        else:
            first_line[row, col] = table.lines[index]
            exits[row, col] = sum(EXITS_OF_MARK[mark] for mark in text)
    return exits


def write_layout(layout: Layout, path: str | Path) -> None:
    """Write a layout, with a table of exits beside it where marks cannot say them.

    The table is ``exits.csv`` beside ``layout.toml`` and ``<name>_exits.csv``
    beside any other ``<name>.toml``. Exits of walls and racks mean nothing and are
    not written.

    Raises
    ------
    InputError
        E107, if a file cannot be written.
    """
    path = Path(path)
    rows = layout.rows()
    marked = np.array(
        [[EXITS_OF_MARK.get(mark, ALL_EXITS) for mark in row] for row in rows], np.uint8
    )
    odd = np.argwhere((marked != layout.exits) & layout.drivable)
    lines = [
        f"name = {toml_text(layout.name)}",
        f"cell_size_m = {float(layout.cell_size_m)!r}",
    ]
    if len(odd):
        exits_file = "exits.csv" if path.stem == "layout" else f"{path.stem}_exits.csv"
        lines.append(f"exits = {toml_text(exits_file)}")
        marks = [
            "".join(m for m, bit in EXITS_OF_MARK.items() if layout.exits[r, c] & bit)
            for r, c in odd
        ]
        rows_and_cols = {"row": odd[:, 0].tolist(), "col": odd[:, 1].tolist()}
        write_table(path.with_name(exits_file), rows_and_cols | {"exits": marks})
    lines += ['map = """', *rows, '"""']
    for zone in layout.zones:
        lines += [
            "",
            "[[zone]]",
            f"name = {toml_text(zone.name)}",
            f"rows = [{zone.first_row}, {zone.last_row}]",
            f"cols = [{zone.first_col}, {zone.last_col}]",
        ]
    for obstacle in layout.obstacles:
        corners = ", ".join(f"[{plain(x)}, {plain(y)}]" for x, y in obstacle)
        lines += ["", "[[obstacle]]", f"polygon = [{corners}]"]
    write_text(path, "\n".join(lines) + "\n")
