"""Waypoints of a RAWSim-O instance as a floor of square cells."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault
from warehouse.formats.rawsim_instance import RawsimInstance, Waypoints
from warehouse.layout import ALL_EXITS, DOWN, LEFT, RIGHT, UP, CellKind

SAME_M: Final = 0.01
"""Coordinates that differ by less are one row or column."""

MOST_CELLS: Final = 4_000_000
MARGIN: Final = 1
"""Cells around the waypoints: walls, or racks of a RAFS layout."""


@dataclass(slots=True)
class WaypointFloor:
    """Cells that waypoints became; kinds and exits are filled while it is made.

    Parameters
    ----------
    cell_size_m : float
    kinds, exits : ndarray of uint8, shape (height, width)
    cell : ndarray of int64, shape (waypoints,)
        Flat cell of each waypoint, -1 of those to which no path leads.
    """

    cell_size_m: float
    kinds: NDArray[np.uint8]
    exits: NDArray[np.uint8]
    cell: NDArray[np.int64]

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.kinds.shape[1])


def lay_floor(instance: RawsimInstance, faults: list[Fault]) -> WaypointFloor | None:
    """Make a floor of a waypoint to a cell; None where that cannot be.

    The edge of a cell is the shortest path. A longer one becomes so many cells in a row
    as it is long, rounded to whole cells. Waypoints that no path joins are left out.

    Parameters
    ----------
    instance : RawsimInstance
    faults : list of Fault
        What is wrong is appended here.
    """
    points = instance.waypoints
    dx = np.abs(points.x_m[points.paths[:, 0]] - points.x_m[points.paths[:, 1]])
    dy = np.abs(points.y_m[points.paths[:, 0]] - points.y_m[points.paths[:, 1]])
    slanted = np.minimum(dx, dy) > SAME_M
    for path in np.flatnonzero(slanted)[:50].tolist():
        place = f"{instance.file}, line {points.lines[points.paths[path, 0]]}"
        needed = "need paths along rows and columns"
        faults.append(Fault("E190", place, "a path leads aslant", needed))
    length = np.maximum(dx, dy)[~slanted]
    if slanted.any() or not (length > SAME_M).any():
        if not slanted.any():
            needed = "write Paths between waypoints"
            found = "no path joins two waypoints"
            faults.append(Fault("E160", instance.file, found, needed))
        return None
    size_m = round(float(length[length > SAME_M].min()), 4)
    joined = np.zeros(len(points.x_m), bool)
    joined[points.paths] = True
    col, width = _places(points.x_m, joined, size_m)
    row, height = _places(-points.y_m, joined, size_m)
    if width * height > MOST_CELLS:
        found = f"a floor of {height:,} x {width:,} cells of {size_m:g} m"
        needed = f"need at most {MOST_CELLS:,}"
        faults.append(Fault("E106", instance.file, found, needed))
        return None
    cell = np.where(joined, row * width + col, -1)
    floor = WaypointFloor(
        size_m,
        np.full((height, width), CellKind.WALL, np.uint8),
        np.zeros((height, width), np.uint8),
        cell,
    )
    _refuse_shared(instance, cell, faults)
    _mark(floor, points, cell)
    return floor


def _places(
    metres: NDArray[np.float64], joined: NDArray[np.bool_], size_m: float
) -> tuple[NDArray[np.int64], int]:
    """Row or column of each coordinate, and how many there are with the margin."""
    known = np.unique(np.round(metres[joined] / SAME_M).astype(np.int64))
    gaps = np.maximum(1, np.round(np.diff(known) * SAME_M / size_m)).astype(np.int64)
    # Coordinates a hair apart are one.
    gaps[np.diff(known) <= 1] = 0
    places = np.concatenate([[0], np.cumsum(gaps)]) + MARGIN
    at = np.searchsorted(known, np.round(metres / SAME_M).astype(np.int64))
    return places[np.minimum(at, len(places) - 1)], int(places[-1]) + MARGIN + 1


def _refuse_shared(
    instance: RawsimInstance, cell: NDArray[np.int64], faults: list[Fault]
) -> None:
    """Append a fault for each waypoint whose cell another has."""
    first: dict[int, int] = {}
    for number, own in enumerate(cell.tolist()):
        if own < 0:
            continue
        other = first.setdefault(own, number)
        if other != number:
            lines = instance.waypoints.lines
            place = f"{instance.file}, line {lines[number]}"
            found = f"this waypoint and that of line {lines[other]} are one cell"
            needed = "place waypoints at least a shortest path apart"
            faults.append(Fault("E190", place, found, needed))


def _mark(floor: WaypointFloor, points: Waypoints, cell: NDArray[np.int64]) -> None:
    """Fill in kinds and exits: of waypoints, and of the cells along longer paths."""
    kinds, exits, width = floor.kinds.ravel(), floor.exits.ravel(), floor.width
    for start, end in cell[points.paths].tolist():
        step, direction = _step(start, end, width)
        for at in range(start, end, step) if step else ():
            exits[at] |= 1 << direction
            kinds[at] = CellKind.FLOOR
        kinds[end] = CellKind.FLOOR
    spots = cell[points.spot & (points.pick < 0) & (cell >= 0)]
    kinds[spots] = CellKind.POD_SPOT
    _open_dead_ends(floor)


def _step(start: int, end: int, width: int) -> tuple[int, int]:
    """Difference of cells, and direction, of one move from a cell towards another."""
    if start // width == end // width:
        return (1, RIGHT) if end > start else (-1 if end < start else 0, LEFT)
    return (width, DOWN) if end > start else (-width, UP)


def _open_dead_ends(floor: WaypointFloor) -> None:
    """Let robots into cells with one exit that are entered through it.

    A cell with one exit is one-way floor, which none enters against the arrow; a
    second exit, towards a wall, makes it plain.
    """
    steps = {UP: -floor.width, RIGHT: 1, DOWN: floor.width, LEFT: -1}
    kinds, exits = floor.kinds.ravel(), floor.exits.ravel()
    for direction, step in steps.items():
        for cell in np.flatnonzero(exits == 1 << direction).tolist():
            if not exits[cell + step] >> (direction + 2) % 4 & 1:
                continue
            for other, beside in steps.items():
                if kinds[cell + beside] == CellKind.WALL:
                    exits[cell] |= 1 << other
                    break
    exits[kinds == CellKind.WALL] = ALL_EXITS
