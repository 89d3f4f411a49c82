"""Tables with a name and a cell in each row: robots, and pods."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault
from warehouse.formats.stock_csv import KIND_TEXT, parse_cells
from warehouse.formats.table import Table, parse_table
from warehouse.formats.text_file import shown
from warehouse.layout import CellKind, Layout


@dataclass(frozen=True, slots=True)
class PlaceRules:
    """What the rows of such a table must keep to, and what is said where they do not.

    Parameters
    ----------
    what : str
        What the rows name; the name of the column, too.
    may_stand : callable
        Whether one may stand on a cell of some kind.
    needed : str
        What is said where it may not.
    wrong_kind, same_name, same_cell : str
        Codes of the faults.
    own : str
        What each needs for itself, such as ``"a spot of its own"``.
    too_many : str
        Code of the fault where there are more than places; empty if that is none.
    maybe : tuple of str
        Columns that there may be besides.
    """

    what: str
    may_stand: Callable[[CellKind], bool]
    needed: str
    wrong_kind: str
    same_name: str
    same_cell: str
    own: str
    too_many: str = ""
    maybe: tuple[str, ...] = ()


def parse_places(
    path: Path,
    layout: Layout | None,
    rules: PlaceRules,
    faults: list[Fault],
    read_more: Callable[[Table], None] | None = None,
) -> tuple[tuple[str, ...], NDArray[np.int32]] | None:
    """Names and cells of all rows, all different; None when any row has a fault.

    Parameters
    ----------
    path : Path
    layout : Layout or None
        Without one the cells are not looked at, and None is returned.
    rules : PlaceRules
    faults : list of Fault
        What is wrong is appended here.
    read_more : callable, optional
        Reads the columns ``rules.maybe``.
    """
    table = parse_table(path, (rules.what, "row", "col"), rules.maybe, faults)
    if table is None:
        return None
    if read_more is not None:
        read_more(table)
    names = table.names(rules.what)
    _refuse_same_names(table, names, rules)
    cells = parse_cells(table, layout)
    if layout is None:
        return None
    if rules.too_many:
        _refuse_too_many(path, len(table), layout, rules, faults)
    kinds = layout.kinds.ravel()[cells]
    line_of_cell: dict[int, int] = {}
    for row, cell in enumerate(cells.tolist()):
        if not table.good[row]:
            continue
        kind = CellKind(kinds[row])
        if not rules.may_stand(kind):
            found = f"{layout.place(cell)} is {KIND_TEXT[kind]}"
            table.fault(rules.wrong_kind, row, "", found, rules.needed)
        elif cell in line_of_cell:
            found = f"{layout.place(cell)} is taken by line {line_of_cell[cell]}"
            needed = f"give each {rules.what} {rules.own}"
            table.fault(rules.same_cell, row, "", found, needed)
        else:
            line_of_cell[cell] = table.lines[row]
    return (tuple(names), cells) if table.complete else None


def _refuse_too_many(
    path: Path, rows: int, layout: Layout, rules: PlaceRules, faults: list[Fault]
) -> None:
    """Say once that there are more than have a place, before each that has none."""
    room = sum(len(layout.cells_of(k)) for k in CellKind if rules.may_stand(k))
    if rows > room:
        found = f"there are {rows:,} rows, and the map has room for {room:,}"
        needed = f"write fewer, or mark more: {rules.needed}"
        faults.append(Fault(rules.too_many, path.name, found, needed))


def _refuse_same_names(table: Table, names: list[str], rules: PlaceRules) -> None:
    line_of_name: dict[str, int] = {}
    for row, name in enumerate(names):
        line = line_of_name.setdefault(name, table.lines[row])
        if line != table.lines[row] and table.good[row]:
            found = f"{rules.what} {shown(name)} is on line {line} already"
            needed = f"give each {rules.what} its own name"
            table.fault(rules.same_name, row, rules.what, found, needed)
