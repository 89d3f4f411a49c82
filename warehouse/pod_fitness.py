"""Whether pods can be brought from their spots to every station and back."""

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault
from warehouse.fitness import MOST_FAULTS
from warehouse.grid import Grid
from warehouse.layout import CellKind, Layout
from warehouse.scenario import Station


def find_pod_faults(
    layout: Layout,
    stations: tuple[Station, ...],
    pod_cells: NDArray[np.int32],
    file: str,
    *,
    with_chargers: bool = False,
) -> list[Fault]:
    """Faults of the floor as a robot with a pod sees it: spots are no way through.

    Parameters
    ----------
    layout : Layout
    stations : tuple of Station
    pod_cells : ndarray of int32, shape (pods,)
        Spots on which pods stand at first.
    file : str
        Name of the layout's file, for places.
    with_chargers : bool
        Whether robots charge: then chargers are no way through either.

    Examples
    --------
    The pod in the corner is walled in by the other two:

    >>> layout = Layout.from_rows(["oo..", "o..P"])
    >>> cells = np.array([0, 1, 4], np.int32)
    >>> for fault in find_pod_faults(layout, (Station("P1", 7),), cells, "a.toml"):
    ...     print(fault.code, fault.place)
    E167 a.toml, row 0, col 0
    """
    if not stations:
        return []
    grid = Grid.from_layout(layout)
    spots = layout.kinds.ravel() == CellKind.POD_SPOT
    other = "spot"
    if with_chargers:
        spots |= layout.kinds.ravel() == CellKind.CHARGER
        other = "spot or charger"
    base = stations[0].cell
    there = reached(grid.successors, spots, base)
    back = reached(grid.predecessors, spots, base)
    faults = []
    for station in stations[1:]:
        if not (there[station.cell] and back[station.cell]):
            found = f"no way for pods between stations {stations[0].name} and "
            needed = f"leave a way that leads over no pod {other}, there and back"
            place = f"{file}, {layout.place(station.cell)}"
            faults.append(Fault("E168", place, found + station.name, needed))
    for cell in pod_cells[~(there & back)[pod_cells]][:MOST_FAULTS].tolist():
        needed = f"leave floor that is no {other} from it to the stations and back"
        found = f"the pod here has no way out or back that leads over no other {other}"
        faults.append(Fault("E167", f"{file}, {layout.place(cell)}", found, needed))
    return faults


def reached(
    moves: NDArray[np.int32], closed: NDArray[np.bool_], start: int
) -> NDArray[np.bool_]:
    """Cells that moves lead to; from a closed cell nothing leads on. O(cells).

    Parameters
    ----------
    moves : ndarray of int32, shape (cells, 4)
        Cell each move leads to, or -1.
    closed : ndarray of bool, shape (cells,)
    start : int
    """
    seen = np.zeros(len(moves), bool)
    seen[start] = True
    front = np.array([start])
    while len(front):
        onward = moves[front].ravel()
        onward = np.unique(onward[onward >= 0])
        onward = onward[~seen[onward]]
        seen[onward] = True
        front = onward[~closed[onward]]
    return seen
