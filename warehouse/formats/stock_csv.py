"""``skus.csv`` and ``stock.csv``: which SKUs there are and on which racks they lie."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault
from warehouse.formats.table import (
    MOST_UNITS,
    Table,
    parse_table,
    plain,
    write_table,
)
from warehouse.formats.text_file import shown
from warehouse.layout import CellKind, Layout
from warehouse.scenario import Scenario, Stock

KIND_TEXT: Final = {
    CellKind.FLOOR: "floor",
    CellKind.WALL: "a wall",
    CellKind.RACK: "a rack",
    CellKind.POD_SPOT: "a pod spot",
    CellKind.DOCK: "a dock",
    CellKind.CHARGER: "a charger",
    CellKind.HOME: "a home",
    CellKind.DOOR: "a dock door",
}
SIZES: Final = ("length_m", "width_m", "height_m")
MASS: Final = "mass_kg"
HANDLING: Final = ("this_side_up", "fragile")
"""Columns with 1 where a unit must stand upright, and where nothing may lie on it."""
_LARGEST_SIZE: Final = 1e6


def parse_skus(
    path: Path, index_of_sku: dict[str, int], faults: list[Fault]
) -> tuple[bool, NDArray[np.float64] | None]:
    """Read ``skus.csv`` into ``index_of_sku``.

    Sizes and how units are to be handled are checked; a plan does not use them.

    Returns
    -------
    bool
        Whether the file was read in full.
    ndarray of float64, shape (SKUs of the file,), or None
        Mass of a unit of each, in kg, 0 where the cell is blank; None where the file
        has no such column or is not read in full.
    """
    table = parse_table(path, ("sku",), (*SIZES, MASS, *HANDLING), faults)
    if table is None:
        return False, None
    for row, sku in enumerate(table.names("sku")):
        if sku in index_of_sku and table.good[row]:
            found = f"SKU {shown(sku)} is there twice"
            table.fault("E141", row, "sku", found, "keep one line for each SKU")
        index_of_sku.setdefault(sku, len(index_of_sku))
    for column in SIZES:
        if table.has(column):
            table.numbers(column, 1e-9, _LARGEST_SIZE, default=1.0)
    for column in HANDLING:
        table.whole_numbers(column, 0, 1, default=0)
    if not table.has(MASS):
        return table.complete, None
    mass_kg = table.numbers(MASS, 1e-9, _LARGEST_SIZE, default=0.0)
    return table.complete, mass_kg if table.complete else None


def parse_stock(
    path: Path,
    layout: Layout | None,
    index_of_sku: dict[str, int],
    faults: list[Fault],
    pod_cells: NDArray[np.int32] | None = None,
    *,
    racks_too: bool = False,
) -> Stock | None:
    """Read ``stock.csv``; add its SKUs to ``index_of_sku``, in order of appearance.

    Parameters
    ----------
    path : Path
    layout : Layout or None
        Without one the cells are not looked at, and no stock is returned.
    index_of_sku : dict
        Known SKUs; new ones are added.
    faults : list of Fault
        What is wrong is appended here.
    pod_cells : ndarray of int32, optional
        Where pods stand at first; stock then lies on them, not on racks.
    racks_too : bool
        Whether stock may lie on racks beside pods.

    Returns
    -------
    Stock or None
        None when any row has a fault.
    """
    table = parse_table(path, ("sku", "row", "col", "quantity"), (), faults)
    if table is None:
        return None
    names = table.names("sku")
    for name in names:
        index_of_sku.setdefault(name, len(index_of_sku))
    sku = np.array([index_of_sku[name] for name in names], np.int32)
    quantity = table.whole_numbers("quantity", 0, MOST_UNITS).astype(np.int32)
    cell = parse_cells(table, layout)
    if layout is None:
        return None
    if pod_cells is None:
        _refuse_places(table, cell, layout)
    else:
        _refuse_podless(table, cell, layout, pod_cells, racks_too)
    _refuse_doubles(table, sku, cell, layout)
    if not table.complete:
        return None
    return Stock(sku, cell, quantity)


def parse_cells(table: Table, layout: Layout | None) -> NDArray[np.int32]:
    """Flat cells of the columns row and col; a cell off the map is a fault."""
    rows = table.whole_numbers("row", 0, MOST_UNITS)
    cols = table.whole_numbers("col", 0, MOST_UNITS)
    if layout is None:
        return np.zeros(len(table), np.int32)
    outside = (rows >= layout.height) | (cols >= layout.width)
    needed = f"the map has rows 0 to {layout.height - 1}, cols 0 to {layout.width - 1}"
    for row in np.flatnonzero(outside & table.good):
        found = f"row {rows[row]}, col {cols[row]} is outside the map"
        table.fault("E134", int(row), "", found, needed)
    cells = np.where(outside, 0, rows * layout.width + cols)
    return cells.astype(np.int32)


def _refuse_places(table: Table, cell: NDArray[np.int32], layout: Layout) -> None:
    """Append a fault for each row whose stock does not lie on a rack."""
    kinds = layout.kinds.ravel()[cell]
    for row in np.flatnonzero((kinds != CellKind.RACK) & table.good):
        kind = CellKind(kinds[row])
        found = f"{layout.place(cell[row])} is {KIND_TEXT[kind]}"
        needed = "stock lies on a rack cell, marked S"
        if kind == CellKind.POD_SPOT:
            needed += '; pods need a table, as in pods = "pods.csv"'
        table.fault("E182", int(row), "", found, needed)


def _refuse_podless(
    table: Table,
    cell: NDArray[np.int32],
    layout: Layout,
    pod_cells: NDArray[np.int32],
    racks_too: bool,
) -> None:
    """Append a fault for each row whose stock does not lie on a pod, or on a rack."""
    held = np.isin(cell, pod_cells)
    if racks_too:
        held |= layout.kinds.ravel()[cell] == CellKind.RACK
    for row in np.flatnonzero(~held & table.good):
        found = f"no pod stands at {layout.place(cell[row])} at first"
        needed = "stock lies on a pod: give the row and col of pods.csv"
        if racks_too:
            needed += ", or of a rack, marked S"
        table.fault("E182", int(row), "", found, needed)


def _refuse_doubles(
    table: Table, sku: NDArray[np.int32], cell: NDArray[np.int32], layout: Layout
) -> None:
    """Append a fault for each pair of SKU and cell that is there before."""
    first_line: dict[tuple[int, int], int] = {}
    pairs = zip(sku.tolist(), cell.tolist(), strict=True)
    for row, (pair, good) in enumerate(zip(pairs, table.good.tolist(), strict=True)):
        if not good:
            continue
        line = first_line.setdefault(pair, table.lines[row])
        if line != table.lines[row]:
            found = f"this SKU at {layout.place(pair[1])} is already on line {line}"
            table.fault("E142", row, "", found, "add the quantities up in one line")


def write_skus(scenario: Scenario, path: Path) -> None:
    """Write ``skus.csv``; a mass that is not known stays blank."""
    columns = {"sku": list(scenario.sku_names)}
    if scenario.sku_mass_kg is not None:
        known = scenario.sku_mass_kg.tolist()
        columns[MASS] = [plain(mass) if mass else "" for mass in known]
    write_table(path, columns)


def write_stock(scenario: Scenario, path: Path) -> None:
    """Write ``stock.csv``."""
    stock = scenario.stock
    rows, cols = np.divmod(stock.cell, scenario.layout.width)
    columns = {
        "sku": [scenario.sku_names[index] for index in stock.sku],
        "row": rows.tolist(),
        "col": cols.tolist(),
        "quantity": stock.quantity.tolist(),
    }
    write_table(path, columns)
