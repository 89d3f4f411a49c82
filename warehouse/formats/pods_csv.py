"""``pods.csv``: the pods and the spots on which they stand at first."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault
from warehouse.formats.stock_csv import KIND_TEXT, parse_cells
from warehouse.formats.table import parse_table, write_table
from warehouse.formats.text_file import shown
from warehouse.layout import CellKind, Layout
from warehouse.scenario import PodSystem


def parse_pods(
    path: Path, layout: Layout | None, faults: list[Fault]
) -> tuple[tuple[str, ...], NDArray[np.int32]] | None:
    """Names and first cells of all pods; None when any row has a fault.

    Parameters
    ----------
    path : Path
    layout : Layout or None
        Without one the cells are not looked at, and None is returned.
    faults : list of Fault
        What is wrong is appended here.
    """
    table = parse_table(path, ("pod", "row", "col"), (), faults)
    if table is None:
        return None
    names = table.names("pod")
    line_of_pod: dict[str, int] = {}
    for row, pod in enumerate(names):
        line = line_of_pod.setdefault(pod, table.lines[row])
        if line != table.lines[row] and table.good[row]:
            found = f"pod {shown(pod)} is on line {line} already"
            table.fault("E147", row, "pod", found, "give each pod its own name")
    cells = parse_cells(table, layout)
    if layout is None:
        return None
    kinds = layout.kinds.ravel()[cells]
    line_of_cell: dict[int, int] = {}
    for row, cell in enumerate(cells.tolist()):
        if not table.good[row]:
            continue
        if kinds[row] != CellKind.POD_SPOT:
            found = f"{layout.place(cell)} is {KIND_TEXT[CellKind(kinds[row])]}"
            table.fault("E149", row, "", found, "a pod stands on a pod spot, marked o")
        elif cell in line_of_cell:
            found = f"{layout.place(cell)} is taken by line {line_of_cell[cell]}"
            table.fault("E148", row, "", found, "give each pod a spot of its own")
        else:
            line_of_cell[cell] = table.lines[row]
    if not len(table):
        faults.append(Fault("E169", path.name, "there is no pod", "write one or more"))
    if not table.complete or not len(table):
        return None
    return tuple(names), cells


def write_pods(pods: PodSystem, layout: Layout, path: Path) -> None:
    """Write ``pods.csv``."""
    rows, cols = np.divmod(pods.start_cells, layout.width)
    write_table(path, {"pod": pods.names, "row": rows, "col": cols})
