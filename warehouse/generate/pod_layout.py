"""A generator of floors for pods: the same parameters, the same floor."""

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault, InputError
from warehouse.generate.layout import parking_band
from warehouse.generate.params import Side
from warehouse.generate.pod_params import RING, PodLayoutParams
from warehouse.layout import ALL_EXITS, DOWN, LEFT, RIGHT, UP, CellKind, Layout

STATION_PITCH = 3
"""Least distance of docks in cells: the way in, the way out, a wall between."""


def generate_pod_layout(params: PodLayoutParams) -> Layout:
    r"""Make a floor with blocks of pod spots and stations with queues.

    From the wall with the stations inwards: lanes to the docks, one way in and one
    way out each; a lane each way around all blocks; blocks with aisles between them;
    parking places at the opposite wall, and beyond them lanes to the docks of stations
    where pods are filled, if there are any. Every spot has floor beside it that is no
    spot, and the floor is one piece for robots with pods too.

    Raises
    ------
    InputError
        If the stations do not fit along the wall.

    Examples
    --------
    >>> small = PodLayoutParams(2, 2, block_length=3, stations=2, queue=3, homes=2,
    ...                         chargers=0)
    >>> print("\n".join(generate_pod_layout(small).rows()))
    #############
    #...H...H...#
    #...........#
    #...........#
    #..ooo.ooo..#
    #..ooo.ooo..#
    #...........#
    #..ooo.ooo..#
    #..ooo.ooo..#
    #...........#
    #...........#
    ##v^####v^###
    ##>P####>P###
    #############
    """
    length = params.core_width
    for name in ("stations", "replenishment_stations"):
        if getattr(params, name) * STATION_PITCH > length:
            needed = f"need at most {length // STATION_PITCH}, or more or longer blocks"
            found = f"got {getattr(params, name)} along a wall of {length} cells"
            raise InputError([Fault("E602", name, found, needed)])
    parking = parking_band(params.homes, params.chargers, length)
    two_way = np.full(parking.shape, ALL_EXITS, np.uint8)
    bands = [(parking, two_way), _core(params), _station_band(params, params.stations)]
    if params.replenishment_stations:
        lanes = _opposite(_station_band(params, params.replenishment_stations))
        # A row of floor beside the lanes: a robot that charges would bar their ends.
        row = np.full_like(parking[:1], CellKind.FLOOR)
        bands = [lanes, (row, two_way[:1]), *bands]
    kinds = np.vstack([band[0] for band in bands])
    exits = np.vstack([band[1] for band in bands])
    kinds, exits = _turned(kinds, exits, params.station_side)
    return Layout(
        params.name,
        params.cell_size_m,
        np.pad(kinds, 1, constant_values=int(CellKind.WALL)),
        np.pad(exits, 1, constant_values=ALL_EXITS),
    )


def _core(params: PodLayoutParams) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Blocks, the aisles between them and the ways around: kinds and exits."""
    kinds = np.full((params.core_height, params.core_width), CellKind.FLOOR, np.uint8)
    exits = np.full(kinds.shape, ALL_EXITS, np.uint8)
    height, width = params.block_cells
    lanes = params.aisle_lanes
    row = np.arange(kinds.shape[0] - 2 * RING) % (height + lanes) < height
    col = np.arange(kinds.shape[1] - 2 * RING) % (width + lanes) < width
    kinds[RING:-RING, RING:-RING][row[:, None] & col] = CellKind.POD_SPOT
    # Two lanes side by side keep to the same side as those around all blocks.
    ahead, back = (RIGHT, LEFT) if params.one_way else (LEFT, RIGHT)
    _direct(exits, np.flatnonzero(~row) + RING, ahead, back)
    _direct(exits.T, np.flatnonzero(~col) + RING, DOWN, UP)
    _part_lanes(exits)
    return kinds, exits


def _direct(
    exits: NDArray[np.uint8], lanes: NDArray[np.int64], ahead: int, back: int
) -> None:
    """Take from lanes, which are rows, in turn the way back and the way ahead.

    Robots still leave them sideways, under pods, and nobody drives into the end of one.
    """
    for number, lane in enumerate(lanes.tolist()):
        way, barred = (ahead, back) if number % 2 == 0 else (back, ahead)
        before_end = -RING if way in (RIGHT, DOWN) else RING - 1
        exits[lane, RING:-RING] &= ALL_EXITS ^ 1 << barred
        exits[lane, before_end] &= ALL_EXITS ^ 1 << barred


def _part_lanes(exits: NDArray[np.uint8]) -> None:
    """Make two lanes of the way around, the outer one to the right at the stations.

    So robots pass the way into a station before the way out of it, and none meet head
    on. They may change from one lane to the other.
    """
    for lane, ahead in ((0, (LEFT, DOWN, RIGHT, UP)), (1, (RIGHT, UP, LEFT, DOWN))):
        inner = exits[lane : len(exits) - lane, lane : exits.shape[1] - lane]
        sides = inner[0], inner[:, 0], inner[-1], inner[:, -1]
        for cells, direction in zip(sides, ahead, strict=True):
            cells &= ALL_EXITS ^ 1 << (direction + 2) % 4


def _station_band(
    params: PodLayoutParams, stations: int
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Lanes to the docks: down on the left, to the dock, up again on the right."""
    depth = params.queue - 1
    kinds = np.full((depth, params.core_width), CellKind.WALL, np.uint8)
    exits = np.full(kinds.shape, ALL_EXITS, np.uint8)
    middle = (np.arange(stations) + 0.5) * params.core_width / stations
    way_out = np.ceil(middle).astype(np.int64) - 1
    way_in = way_out - 1
    kinds[:, way_in] = kinds[:, way_out] = CellKind.FLOOR
    exits[:, way_in], exits[-1, way_in] = 1 << DOWN, 1 << RIGHT
    exits[:, way_out] = 1 << UP
    kinds[-1, way_out], exits[-1, way_out] = CellKind.DOCK, ALL_EXITS
    return kinds, exits


def _opposite(
    band: tuple[NDArray[np.uint8], NDArray[np.uint8]],
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Turn lanes half around, to stand at the wall opposite."""
    kinds, exits = band
    return kinds[::-1, ::-1], _swapped(exits[::-1, ::-1], (UP, DOWN), (LEFT, RIGHT))


def _turned(
    kinds: NDArray[np.uint8], exits: NDArray[np.uint8], side: Side
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Turn a floor drawn with the stations at the bottom to the side they shall be."""
    if side in ("left", "right"):
        kinds, exits = kinds.T, _swapped(exits.T, (UP, LEFT), (DOWN, RIGHT))
    if side == "top":
        kinds, exits = kinds[::-1], _swapped(exits[::-1], (UP, DOWN))
    if side == "left":
        kinds, exits = kinds[:, ::-1], _swapped(exits[:, ::-1], (LEFT, RIGHT))
    return kinds, exits


def _swapped(exits: NDArray[np.uint8], *pairs: tuple[int, int]) -> NDArray[np.uint8]:
    """Exits in which the two directions of each pair have changed places."""
    becomes = list(range(ALL_EXITS + 1))
    for one, other in pairs:
        kept = ALL_EXITS ^ (1 << one | 1 << other)
        becomes = [
            mask & kept | (mask >> one & 1) << other | (mask >> other & 1) << one
            for mask in becomes
        ]
    return np.array(becomes, np.uint8)[exits]
