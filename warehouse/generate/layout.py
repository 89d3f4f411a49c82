"""A generator of layouts: the same parameters, the same floor."""

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault, InputError
from warehouse.generate.params import LayoutParams
from warehouse.layout import ALL_EXITS, DOWN, UP, CellKind, Layout

PARKING_RUN = 9
"""Parking places side by side before a gap to drive through."""

DOCK_SPACING = 3
"""Least distance of docks in cells: two robots pass between them."""


def generate_layout(params: LayoutParams) -> Layout:
    r"""Make a layout of rectangular blocks with parallel aisles.

    From the wall with the stations inwards: docks with open floor before them,
    blocks with a way around each, parking places at the opposite wall. The floor is
    one piece, every rack cell lies on an aisle, every aisle is open at both ends.

    Raises
    ------
    InputError
        If the docks do not fit along the wall.

    Examples
    --------
    >>> small = LayoutParams(1, 1, aisles_per_block=2, aisle_depth=2, stations=1,
    ...                      cross_aisle_width=1, apron_depth=2, homes=2, chargers=0)
    >>> print("\n".join(generate_layout(small).rows()))
    ##########
    #..H..H..#
    #........#
    #.S.SS.S.#
    #.S.SS.S.#
    #........#
    #........#
    #...P....#
    ##########
    """
    length = params.wall_length
    if params.stations * DOCK_SPACING > length:
        fault = Fault(
            "E602",
            "stations",
            f"got {params.stations} along a wall of {length} cells",
            f"need at most {length // DOCK_SPACING}, or more blocks along that wall",
        )
        raise InputError([fault])
    parking = parking_band(params.homes, params.chargers, length)
    docks = _dock_band(params, length)
    core_kinds, core_exits = _core(params)
    if params.station_side in ("left", "right"):
        kinds = np.hstack([parking.T, core_kinds, docks.T])
        before = parking.shape[0]
        exits = np.pad(
            core_exits, ((0, 0), (before, len(docks))), constant_values=ALL_EXITS
        )
    else:
        kinds = np.vstack([parking, core_kinds, docks])
        exits = np.pad(
            core_exits, ((len(parking), len(docks)), (0, 0)), constant_values=ALL_EXITS
        )
    # Drawn with the stations at the bottom or right; mirrored for the other sides.
    # The aisles' directions need no mirroring: they alternate either way.
    if params.station_side == "top":
        kinds, exits = kinds[::-1], exits[::-1]
    if params.station_side == "left":
        kinds, exits = kinds[:, ::-1], exits[:, ::-1]
    return Layout(
        params.name,
        params.cell_size_m,
        np.pad(kinds, 1, constant_values=int(CellKind.WALL)),
        np.pad(exits, 1, constant_values=ALL_EXITS),
    )


def _core(params: LayoutParams) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Blocks and the ways around them: kinds and exits."""
    way, depth, aisles = (
        params.cross_aisle_width,
        params.aisle_depth,
        params.aisles_per_block,
    )
    kinds = np.full((params.core_height, params.core_width), CellKind.FLOOR, np.uint8)
    exits = np.full(kinds.shape, ALL_EXITS, np.uint8)
    block = np.tile([CellKind.RACK, CellKind.FLOOR, CellKind.RACK], (depth, aisles))
    directions = np.array([1 << UP, 1 << DOWN], np.uint8)
    for block_row in range(params.block_rows):
        top = way + block_row * (depth + way)
        for block_col in range(params.block_cols):
            left = way + block_col * (3 * aisles + way)
            kinds[top : top + depth, left : left + 3 * aisles] = block
            if params.one_way:
                # The turn goes on across blocks, so both directions are balanced.
                turn = (np.arange(aisles) + block_col * aisles) % 2
                exits[top : top + depth, left + 1 : left + 3 * aisles : 3] = directions[
                    turn
                ]
    return kinds, exits


def _dock_band(params: LayoutParams, length: int) -> NDArray[np.uint8]:
    """Open floor with the docks in its last row, the one at the wall."""
    band = np.full((params.apron_depth, length), CellKind.FLOOR, np.uint8)
    middle = (np.arange(params.stations) + 0.5) * length / params.stations
    band[-1, np.ceil(middle).astype(np.int64) - 1] = CellKind.DOCK
    return band


def parking_band(homes: int, chargers: int, length: int) -> NDArray[np.uint8]:
    """Rows of homes and chargers; the first row is the one at the wall.

    Rows come as place, lane, place, place, lane, place, ... so each place has a
    lane or the way around the blocks beside it; gaps join the lanes. A robot at
    home blocks nobody.

    Parameters
    ----------
    homes, chargers : int
    length : int
        Cells along the wall.

    Returns
    -------
    ndarray of uint8, shape (rows, length)
        `CellKind` of each cell; the way around the blocks follows the last row.

    Examples
    --------
    >>> parking_band(2, 1, 5).tolist()  # a home, a charger, a home
    [[0, 6, 5, 6, 0]]
    """
    in_run = np.arange(length) % (PARKING_RUN + 1) != 0
    in_run[-1] = False
    cols = np.flatnonzero(in_run)
    wanted = homes + chargers
    per_row = len(cols)
    parking_rows = -(-wanted // per_row)
    rows = [row for row in range(2 * parking_rows + 1) if row % 3 != 1][:parking_rows]
    band = np.full((rows[-1] + 1, length), CellKind.FLOOR, np.uint8)
    spread = (np.arange(wanted) * 2 + 1) * parking_rows * per_row // (2 * wanted)
    kinds = np.full(wanted, CellKind.HOME, np.uint8)
    if chargers:
        nth = (np.arange(chargers) * 2 + 1) * wanted // (2 * chargers)
        kinds[nth] = CellKind.CHARGER
    band[np.array(rows)[spread // per_row], cols[spread % per_row]] = kinds
    return band
