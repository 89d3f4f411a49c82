"""Whether robots with totes can work where pods stand: they go through no spot.

Where robots charge, no way leads over a charger either.
"""

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault
from warehouse.fitness import MOST_FAULTS
from warehouse.grid import Grid
from warehouse.layout import COL_STEP, ROW_STEP, CellKind, Layout
from warehouse.pod_fitness import reached
from warehouse.scenario import RobotKind, Scenario


def find_mixed_faults(scenario: Scenario, file: str) -> list[Fault]:
    """Faults of racks, starts and chargers of robots with totes, where both kinds work.

    Robots with totes are too tall to go under pods, so that no way of theirs leads over
    a spot. On other sites there is nothing to find.

    Parameters
    ----------
    scenario : Scenario
    file : str
        Name of the layout's file, for places.

    Examples
    --------
    The rack has spots beside it alone, and the robot with totes starts on one:

    >>> from warehouse.scenario import Fleet, Orders, PodSystem, Station, Stock
    >>> no, none, one = np.zeros(0, np.int32), np.zeros(0), np.ones(1, np.int32)
    >>> site = Scenario(
    ...     "both", Layout.from_rows(["So..", "o..P"]), ("A",),
    ...     Stock(0 * one, 0 * one, one),
    ...     Orders((), none, none, no, no, no, no),
    ...     Fleet(np.array([1, 3], np.int32), kinds=np.array([0, 1], np.uint8)),
    ...     (Station("P1", 7),), pods=PodSystem((), no, one))
    >>> for fault in find_mixed_faults(site, "a.toml"):
    ...     print(fault.code, fault.place)
    E574 a.toml, row 0, col 0
    E573 a.toml, row 0, col 1
    """
    if not scenario.is_mixed:
        return []
    layout = scenario.layout
    kind_of = layout.kinds.ravel()
    barred, what = kind_of == CellKind.POD_SPOT, "pods"
    chargers = np.zeros(0, np.int32)
    if scenario.fleet.battery is not None:
        chargers, what = layout.cells_of(CellKind.CHARGER), "pods or chargers"
        barred[chargers] = True
    reached_floor = _to_and_from(layout, barred, scenario.stations[0].cell)
    open_floor = reached_floor & ~barred
    faults = []
    for cell in np.unique(scenario.stock.cell).tolist():
        if (
            kind_of[cell] == CellKind.RACK
            and not open_floor[_beside(layout, cell)].any()
        ):
            found = "robots with totes have no way to this rack over floor without "
            found += what
            needed = "leave floor beside it that leads over no spot to the stations"
            place = f"{file}, {layout.place(cell)}"
            faults.append(Fault("E574", place, found, needed))
    kinds = scenario.fleet.kinds
    assert kinds is not None  # is_mixed says so
    starts = scenario.fleet.start_cells[kinds == RobotKind.TOTE]
    for cell in starts[~open_floor[starts]].tolist():
        found = "a robot with totes that starts here has no way over floor without "
        found += what
        needed = "start it on floor that leads over no spot to the stations"
        place = f"{file}, {layout.place(cell)}"
        faults.append(Fault("E573", place, found, needed))
    for cell in chargers[~reached_floor[chargers]].tolist():
        found = "robots with totes have no way to this charger over floor without pods"
        needed = "leave a way to it and back that leads over no spot"
        place = f"{file}, {layout.place(cell)}"
        faults.append(Fault("E576", place, found, needed))
    return faults[:MOST_FAULTS]


def _to_and_from(
    layout: Layout, barred: NDArray[np.bool_], base: int
) -> NDArray[np.bool_]:
    """Cells with a way from a base and back that leads through no barred cell."""
    grid = Grid.from_layout(layout)
    there = reached(grid.successors, barred, base)
    return np.asarray(there & reached(grid.predecessors, barred, base))


def _beside(layout: Layout, cell: int) -> list[int]:
    """Cells beside a cell, as far as they are on the map."""
    row, col = layout.row_col(cell)
    near = [(row + r, col + c) for r, c in zip(ROW_STEP, COL_STEP, strict=True)]
    return [
        layout.cell(r, c)
        for r, c in near
        if 0 <= r < layout.height and 0 <= c < layout.width
    ]
