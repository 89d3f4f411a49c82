"""What there is to say about a layout in a few numbers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from warehouse.distances import UNREACHABLE, DistanceTable
from warehouse.grid import Grid
from warehouse.layout import ALL_EXITS, KIND_OF_MARK, CellKind, Layout

MEANING = {
    ".": "floor",
    "^ v < >": "one-way floor",
    "#": "wall",
    "S": "rack",
    "o": "pod spot",
    "P": "packing-station dock",
    "C": "charger",
    "H": "home",
    "D": "dock door",
}
"""What each mark of a map means, as the legend says it."""


def layout_facts(layout: Layout) -> dict[str, Any]:
    """Size, cells of each kind, one-way cells, and how much of it robots reach."""
    floor, racks = reached(layout)
    drivable = int(layout.drivable.sum())
    return {
        "name": layout.name,
        "rows": layout.height,
        "cols": layout.width,
        "cell_size_m": layout.cell_size_m,
        "cells": {
            kind.name.lower(): len(layout.cells_of(kind))
            for kind in CellKind
            if len(layout.cells_of(kind))
        },
        "one_way_cells": int(((layout.exits != ALL_EXITS) & layout.drivable).sum()),
        "drivable_cells": drivable,
        "drivable_cells_reached": int(floor.sum()),
        "racks_reached": int(racks.sum()),
    }


def reached(layout: Layout) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Floor from which a robot gets to the first dock, and racks beside such floor.

    Where there is no dock, the first drivable cell stands in for it.
    Two arrays of shape (height, width).
    """
    shape = (layout.height, layout.width)
    goals = layout.cells_of(CellKind.DOCK)
    if not len(goals):
        goals = np.flatnonzero(layout.drivable.ravel())[:1].astype(np.int32)
    if not len(goals):
        return np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
    steps = DistanceTable(Grid.from_layout(layout)).to(int(goals[0]))
    floor = (np.asarray(steps) < UNREACHABLE).reshape(shape) & layout.drivable
    edge = np.pad(floor, 1)
    beside = edge[:-2, 1:-1] | edge[2:, 1:-1] | edge[1:-1, :-2] | edge[1:-1, 2:]
    return floor, beside & (layout.kinds == CellKind.RACK)


def describe(layout: Layout, facts: dict[str, Any]) -> list[str]:
    """Return the map with its legend and the facts, line by line."""
    rows = layout.rows()
    used = set("".join(rows))
    legend = [
        f"{mark} {words}"
        for mark, words in MEANING.items()
        if used & (set(mark) & set(KIND_OF_MARK))
    ]
    size = layout.cell_size_m
    cells = facts["cells"]
    kinds = ", ".join(f"{n} {k.replace('_', ' ')}" for k, n in cells.items())
    where = "a dock" if cells.get("dock") else "the first floor cell"
    return [
        *rows,
        "",
        "   ".join(legend),
        f"{layout.name}: {layout.height} rows x {layout.width} cols, cells of "
        f"{size:g} m, {layout.height * size:g} x {layout.width * size:g} m",
        f"cells: {kinds}",
        f"one-way floor: {facts['one_way_cells']} cells",
        f"robots reach {where} from {facts['drivable_cells_reached']} of "
        f"{facts['drivable_cells']} floor cells; "
        f"{facts['racks_reached']} of {cells.get('rack', 0)} racks stand beside those",
    ]
