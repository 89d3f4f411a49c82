"""Where robots start: ``robots.csv``, or else the home cells of the layout."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault
from warehouse.formats.stock_csv import KIND_TEXT, parse_cells
from warehouse.formats.table import parse_table, write_table
from warehouse.formats.text_file import shown
from warehouse.layout import CellKind, Layout
from warehouse.scenario import Scenario


def parse_robots(
    path: Path, layout: Layout | None, count: int | None, faults: list[Fault]
) -> NDArray[np.int32] | None:
    """Read the start cells of the first ``count`` robots of ``robots.csv``.

    Parameters
    ----------
    path : Path
    layout : Layout or None
        Without one the cells are not looked at, and None is returned.
    count : int or None
        Robots; None takes all of the file.
    faults : list of Fault
        What is wrong is appended here.
    """
    table = parse_table(path, ("robot", "row", "col"), (), faults)
    if table is None:
        return None
    line_of_robot: dict[str, int] = {}
    for row, robot in enumerate(table.names("robot")):
        line = line_of_robot.setdefault(robot, table.lines[row])
        if line != table.lines[row] and table.good[row]:
            found = f"robot {shown(robot)} is on line {line} already"
            table.fault("E145", row, "robot", found, "give each robot its own name")
    cells = parse_cells(table, layout)
    if layout is None:
        return None
    kinds = layout.kinds.ravel()[cells]
    line_of_cell: dict[int, int] = {}
    for row, cell in enumerate(cells.tolist()):
        if not table.good[row]:
            continue
        if kinds[row] in (CellKind.WALL, CellKind.RACK):
            kind = KIND_TEXT[CellKind(kinds[row])]
            found = f"{layout.place(cell)} is {kind}"
            table.fault("E184", row, "", found, "start on a cell a robot can stand on")
        elif cell in line_of_cell:
            found = f"{layout.place(cell)} is taken by line {line_of_cell[cell]}"
            table.fault("E146", row, "", found, "give each robot a cell of its own")
        else:
            line_of_cell[cell] = table.lines[row]
    if not table.complete:
        return None
    return _first(cells, count, path.name, "lines", faults)


def home_cells(
    layout: Layout, count: int | None, file: str, faults: list[Fault]
) -> NDArray[np.int32] | None:
    """First ``count`` home cells of a layout, row by row; None takes all."""
    homes = layout.cells_of(CellKind.HOME)
    return _first(homes, count, file, "home cells (H)", faults)


def _first(
    cells: NDArray[np.int32],
    count: int | None,
    file: str,
    what: str,
    faults: list[Fault],
) -> NDArray[np.int32] | None:
    """First ``count`` cells, or None and a fault if there are too few."""
    if len(cells) == 0:
        needed = "mark home cells H, or write robots.csv and name it"
        faults.append(Fault("E186", file, "there is no robot", needed))
        return None
    if count is not None and count > len(cells):
        found = f"{len(cells):,} {what} for {count:,} robots"
        needed = f"lower [fleet] count to {len(cells):,} or add {what}"
        faults.append(Fault("E185", file, found, needed))
        return None
    return cells[:count].copy()


def write_robots(scenario: Scenario, path: Path) -> None:
    """Write ``robots.csv``; robots are named R1, R2, ..."""
    rows, cols = np.divmod(scenario.fleet.start_cells, scenario.layout.width)
    names = [f"R{number}" for number in range(1, len(rows) + 1)]
    write_table(path, {"robot": names, "row": rows, "col": cols})
