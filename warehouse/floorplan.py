"""The floor plan in metres: what stands on the floor, and what robots sweep over.

The origin is the bottom left corner of the map and y points upwards. Cells of wall
and rack are full squares; obstacles are polygons anywhere. A robot stands in the
middle of its cell and drives straight to the middle of the next.

- ``omni`` robots keep the heading they have while they drive in any direction, so
  that their footprint must pass both lengthwise and crosswise.
- ``rotate`` robots drive lengthwise and may turn in every cell, so that the circle
  around their footprint must be free.

What this does not look at: two robots that pass a corner one behind the other. The
grid lets a robot enter a cell in the step in which another leaves it.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from warehouse.errors import Fault
from warehouse.grid import Grid
from warehouse.layout import (
    COL_STEP,
    DOWN,
    LEFT,
    RIGHT,
    ROW_STEP,
    CellKind,
    Layout,
)
from warehouse.scenario import Fleet

TOUCH_M: Final = 0.001
"""Contact up to a millimetre is let pass: a robot may be as wide as its cell."""
_CELLS_AT_ONCE: Final = 100_000


def cell_boxes(layout: Layout, cells: NDArray[np.integer]) -> NDArray[np.object_]:
    """Squares of some cells as shapely polygons, shape (n,).

    Examples
    --------
    >>> cell_boxes(Layout.from_rows(["..", ".."]), np.array([1]))[0].bounds
    (1.0, 1.0, 2.0, 2.0)
    """
    x_m, y_m = cell_centres(layout, cells)
    half = layout.cell_size_m / 2
    return shapely.box(x_m - half, y_m - half, x_m + half, y_m + half)


def cell_centres(
    layout: Layout, cells: NDArray[np.integer]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Middles of some cells, as x_m and y_m."""
    rows, cols = np.divmod(cells, layout.width)
    size = layout.cell_size_m
    return (cols + 0.5) * size, (layout.height - rows - 0.5) * size


def outline(layout: Layout, kind: CellKind) -> shapely.Geometry:
    """Area that all cells of a kind cover together: racks in a row are one shape."""
    return shapely.coverage_union_all(cell_boxes(layout, layout.cells_of(kind)))


def covered(
    layout: Layout,
    fleet: Fleet,
    cells: NDArray[np.integer],
    heading: int,
    direction: int | None = None,
) -> NDArray[np.object_]:
    """Ground that robots cover which stand on cells, or drive one cell from there.

    Parameters
    ----------
    layout : Layout
    fleet : Fleet
    cells : ndarray of int, shape (n,)
    heading : int
        Where the robots face; their length lies along it.
    direction : int, optional
        Where they drive; they stand still without one.

    Returns
    -------
    ndarray of shapely polygons, shape (n,)

    Examples
    --------
    >>> layout, fleet = Layout.from_rows([".."]), Fleet(np.zeros(1, np.int32))
    >>> [round(x, 1) for x in covered(layout, fleet, np.array([0]), RIGHT)[0].bounds]
    [0.1, 0.2, 0.9, 0.8]
    >>> box = covered(layout, fleet, np.array([0]), RIGHT, RIGHT)[0]
    >>> [round(x, 1) for x in box.bounds]
    [0.1, 0.2, 1.9, 0.8]
    """
    along_x = heading in (RIGHT, LEFT)
    half_x = (fleet.length_m if along_x else fleet.width_m) / 2
    half_y = (fleet.width_m if along_x else fleet.length_m) / 2
    x_m, y_m = cell_centres(layout, cells)
    to_x_m, to_y_m = x_m, y_m
    if direction is not None:
        to_x_m = x_m + COL_STEP[direction] * layout.cell_size_m
        to_y_m = y_m - ROW_STEP[direction] * layout.cell_size_m
    return shapely.box(
        np.minimum(x_m, to_x_m) - half_x,
        np.minimum(y_m, to_y_m) - half_y,
        np.maximum(x_m, to_x_m) + half_x,
        np.maximum(y_m, to_y_m) + half_y,
    )


def turning_circles(
    layout: Layout, fleet: Fleet, cells: NDArray[np.integer]
) -> NDArray[np.object_]:
    """Ground that robots cover while they turn on some cells, shape (n,)."""
    middles = shapely.points(*cell_centres(layout, cells))
    return shapely.buffer(middles, math.hypot(fleet.length_m, fleet.width_m) / 2)


def find_floor_faults(layout: Layout, fleet: Fleet) -> list[Fault]:
    """Faults of the floor plan: where robots touch walls, racks, posts, each other.

    Every legal move is looked at. A robot that stays inside its cell cannot touch
    walls and racks, which fill theirs; then only the surroundings of obstacles are.

    Examples
    --------
    >>> layout = Layout.from_rows(["#..#"], cell_size_m=0.7)
    >>> for fault in find_floor_faults(layout, Fleet(np.zeros(1, np.int32))):
    ...     print(fault.code, fault.place)
    E171 row 0, col 1 and row 0, col 2
    E172 row 0, col 1 to row 0, col 2
    """
    grid = Grid.from_layout(layout)
    obstacles, faults = _find_obstacle_faults(layout)
    sticks_out = _spread_m(fleet) > layout.cell_size_m + 2 * TOUCH_M
    if sticks_out:
        faults += _find_neighbour_faults(layout, grid, fleet)
    slim = replace(
        fleet,
        length_m=fleet.length_m - 2 * TOUCH_M,
        width_m=fleet.width_m - 2 * TOUCH_M,
    )
    touches: dict[tuple[int, str], _Touch] = {}
    for rows in _row_bands(layout, fleet, obstacles, sticks_out):
        blocks = _find_blocks(layout, fleet, rows) if sticks_out else {}
        blocks |= obstacles
        for move in _moves(layout, grid, slim, rows):
            if blocks and len(move.cells):
                _note_touches(move, blocks, touches)
    for (block, text), touch in sorted(touches.items()):
        faults.append(_touch_fault(layout, fleet, block, text, touch))
    return faults


_WALLS, _RACKS = -2, -1
"""Blocks are keyed by these two, or by the number of an obstacle."""


@dataclass(frozen=True, slots=True)
class _Move:
    """One kind of move: where it starts, in which direction, and what it covers."""

    text: str
    cells: NDArray[np.int64]
    direction: int | None
    ground: NDArray[np.object_]


@dataclass(slots=True)
class _Touch:
    """First place at which a kind of move touches something, and how many there are."""

    cell: int
    direction: int | None
    count: int


def _spread_m(fleet: Fleet) -> float:
    """Longest extent of a robot towards a neighbouring cell."""
    if fleet.motion == "rotate":
        return math.hypot(fleet.length_m, fleet.width_m)
    return max(fleet.length_m, fleet.width_m)


def _find_obstacle_faults(
    layout: Layout,
) -> tuple[dict[int, shapely.Geometry], list[Fault]]:
    """Sound obstacles by number, from 1, and a fault for each other."""
    size = layout.cell_size_m
    floor = shapely.box(0, 0, layout.width * size, layout.height * size)
    sound: dict[int, shapely.Geometry] = {}
    faults = []
    for number, corners in enumerate(layout.obstacles, start=1):
        # Fewer than three corners were a fault of the file that holds them.
        if len(corners) < 3:
            continue
        polygon = shapely.Polygon(corners)
        if not polygon.is_valid or polygon.area <= 0:
            found = "its sides cross or it covers no ground"
            needed = "list the corners once, in order around it"
        elif not polygon.intersects(floor):
            found = "it stands off the map"
            needed = "x_m and y_m count from the bottom left corner of the map"
        else:
            sound[number] = polygon
            continue
        faults.append(Fault("E174", f"[[obstacle]] {number}", found, needed))
    return sound, faults


def _find_neighbour_faults(layout: Layout, grid: Grid, fleet: Fleet) -> list[Fault]:
    """Fault for robots so large that two in neighbouring cells overlap."""
    for direction in (RIGHT, DOWN):
        pairs = np.flatnonzero(_is_move(grid, direction))
        if len(pairs):
            first = int(pairs[0])
            step = ROW_STEP[direction] * layout.width + COL_STEP[direction]
            doing = "turn" if fleet.motion == "rotate" else "stand"
            return [
                Fault(
                    "E171",
                    f"{layout.place(first)} and {layout.place(first + step)}",
                    f"two robots of {_size(fleet)} that {doing} in neighbouring cells "
                    f"of {layout.cell_size_m:g} m overlap by "
                    f"{_spread_m(fleet) - layout.cell_size_m:.3g} m",
                    "make cell_size_m larger or [fleet] length_m and width_m smaller",
                )
            ]
    return []


def _is_move(grid: Grid, direction: int) -> NDArray[np.bool_]:
    """Cells from which robots drive in a direction, or to which they come back."""
    back = (direction + 2) % 4
    return (grid.successors[:, direction] >= 0) | (grid.predecessors[:, back] >= 0)


def _row_bands(
    layout: Layout,
    fleet: Fleet,
    obstacles: dict[int, shapely.Geometry],
    all_rows: bool,
) -> Iterator[NDArray[np.int64]]:
    """Rows to look at, some at a time: all, or those near obstacles."""
    size = layout.cell_size_m
    near = np.full(layout.height, all_rows)
    reach_m = size + _spread_m(fleet)
    for polygon in obstacles.values():
        _, low_m, _, high_m = polygon.bounds
        first = math.floor(layout.height - (high_m + reach_m) / size)
        last = math.ceil(layout.height - (low_m - reach_m) / size)
        near[max(0, first) : max(0, last + 1)] = True
    rows = np.flatnonzero(near)
    at_once = max(1, _CELLS_AT_ONCE // layout.width)
    for start in range(0, len(rows), at_once):
        yield rows[start : start + at_once]


def _find_blocks(
    layout: Layout, fleet: Fleet, rows: NDArray[np.int64]
) -> dict[int, shapely.Geometry]:
    """Walls and racks that robots in some rows could touch."""
    margin = math.ceil(_spread_m(fleet) / layout.cell_size_m) + 1
    first = max(0, int(rows[0]) - margin) * layout.width
    last = (int(rows[-1]) + margin + 1) * layout.width
    blocks = {}
    for key, kind in ((_WALLS, CellKind.WALL), (_RACKS, CellKind.RACK)):
        cells = first + np.flatnonzero(layout.kinds.ravel()[first:last] == kind)
        if len(cells):
            blocks[key] = shapely.coverage_union_all(cell_boxes(layout, cells))
    return blocks


def _moves(
    layout: Layout, grid: Grid, fleet: Fleet, rows: NDArray[np.int64]
) -> Iterator[_Move]:
    """All kinds of moves of a fleet that start in some rows.

    Driving right covers what driving left back covers, and so for down and up.
    """
    cells = (rows[:, None] * layout.width + np.arange(layout.width)).ravel()
    for direction, across in ((RIGHT, DOWN), (DOWN, RIGHT)):
        starts = cells[_is_move(grid, direction)[cells]]
        ground = covered(layout, fleet, starts, direction, direction)
        yield _Move("drives lengthwise", starts, direction, ground)
        if fleet.motion == "omni" and fleet.length_m != fleet.width_m:
            ground = covered(layout, fleet, starts, across, direction)
            yield _Move("drives crosswise", starts, direction, ground)
    if fleet.motion == "rotate":
        spots = cells[grid.drivable[cells]]
        yield _Move("turns", spots, None, turning_circles(layout, fleet, spots))


def _note_touches(
    move: _Move,
    blocks: dict[int, shapely.Geometry],
    touches: dict[tuple[int, str], _Touch],
) -> None:
    """Note which blocks the moves of a kind touch, how often and where first."""
    keys = list(blocks)
    tree = shapely.STRtree(move.ground)
    which, hits = tree.query(list(blocks.values()), predicate="intersects")
    for index in np.unique(which):
        moves = hits[which == index]
        key = (keys[index], move.text)
        if key in touches:
            touches[key].count += len(moves)
        else:
            first = int(move.cells[moves.min()])
            touches[key] = _Touch(first, move.direction, len(moves))


def _touch_fault(
    layout: Layout, fleet: Fleet, block: int, text: str, touch: _Touch
) -> Fault:
    """Fault for all moves of a kind that touch a block."""
    place = layout.place(touch.cell)
    if touch.direction is not None:
        row_step, col_step = ROW_STEP[touch.direction], COL_STEP[touch.direction]
        target = touch.cell + row_step * layout.width + col_step
        place += f" to {layout.place(target)}"
    what = {_WALLS: "a wall", _RACKS: "a rack"}.get(block, f"obstacle {block}")
    more = f"; {touch.count:,} moves like it do" if touch.count > 1 else ""
    needed = "mark the cells around it as wall, or move it"
    if block < 0:
        needed = "make cell_size_m larger or [fleet] length_m and width_m smaller"
    return Fault(
        "E173" if touch.direction is None else "E172",
        place,
        f"a robot of {_size(fleet)} that {text} here touches {what}{more}",
        needed,
    )


def _size(fleet: Fleet) -> str:
    return f"{fleet.length_m:g} x {fleet.width_m:g} m"
