"""The floor: racks, aisles, docks, drawn once per zoom and kept."""

from typing import Final

import numpy as np
import pygame
from numpy.typing import NDArray

from viz.camera import Camera
from viz.palette import Colour, Palette
from warehouse.grid import Grid
from warehouse.layout import COL_STEP, ROW_STEP, CellKind, Layout

_MARGIN: Final = 0.25  # of the screen, drawn beyond it so that panning is a blit

ARROWS_FROM: Final = 12
"""Pixels of a cell from which one-way floor has arrows."""

# Rows of the colour table.
(_OUTSIDE, _FLOOR, _GRID, _WALL, _RACK, _RACK_LINE, _RACK_FACE, _POD, _DOCK) = range(9)
(_DOCK_EDGE, _CHARGER, _HOME, _DOOR) = range(9, 13)

_COLOUR_OF_KIND: Final = {
    CellKind.FLOOR: _FLOOR,
    CellKind.WALL: _WALL,
    CellKind.RACK: _RACK,
    CellKind.POD_SPOT: _POD,
    CellKind.DOCK: _DOCK,
    CellKind.CHARGER: _CHARGER,
    CellKind.HOME: _HOME,
    CellKind.DOOR: _DOOR,
}


class Floor:
    """Draws the floor of a layout.

    Parameters
    ----------
    layout : Layout
    palette : Palette
    """

    def __init__(self, layout: Layout, palette: Palette) -> None:
        self._layout = layout
        self._palette = palette
        kinds = layout.kinds
        base = np.full((layout.height, layout.width), _FLOOR, np.uint8)
        for kind, colour in _COLOUR_OF_KIND.items():
            base[kinds == kind] = colour
        # A ring of nothing around the map spares every later edge test.
        self._plain = np.pad(base, 1, constant_values=_OUTSIDE)
        self._rack = np.pad(kinds == CellKind.RACK, 1)
        self._dock = np.pad(kinds == CellKind.DOCK, 1)
        self._open = np.pad(layout.drivable, 1)
        self._one_way = one_way_floor(layout)
        self._floor = np.isin(self._plain, (_FLOOR, _HOME))
        self._table = self._colour_table()
        self._surface = pygame.Surface((0, 0))
        self._scale = 0.0
        self._corner = (0, 0)

    def _colour_table(self) -> list[Colour]:
        p = self._palette
        table = [p.outside, p.floor, p.grid, p.wall, p.rack, p.rack_line, p.rack_face]
        table += [p.pod_spot, p.station_pad, p.station, p.charger, p.home, p.door]
        return table

    def paint(self, target: pygame.Surface, camera: Camera) -> None:
        """Blit the visible part; draw it first where it was not drawn yet."""
        x, y = camera.origin
        if not self._covers(camera):
            margin_x = int(camera.width * _MARGIN)
            margin_y = int(camera.height * _MARGIN)
            self._corner = (x - margin_x, y - margin_y)
            self._scale = camera.scale
            size = (camera.width + 2 * margin_x, camera.height + 2 * margin_y)
            self._surface = self._drawn(size, camera.scale)
        part = (
            x - self._corner[0],
            y - self._corner[1],
            camera.width,
            camera.height,
        )
        target.blit(self._surface, (camera.left, camera.top), part)

    def thumbnail(self, size: tuple[int, int]) -> pygame.Surface:
        """Return the plain floor, all of it, at a small size."""
        cells = self._plain[1:-1, 1:-1].T
        picture = pygame.Surface(cells.shape, 0, 32)
        colours = np.array([picture.map_rgb(c) for c in self._table], np.uint32)
        pygame.surfarray.blit_array(picture, colours[cells])
        return pygame.transform.smoothscale(picture, size)

    def _covers(self, camera: Camera) -> bool:
        if self._scale != camera.scale:
            return False
        x, y = camera.origin
        left, top = self._corner
        width, height = self._surface.get_size()
        return (
            left <= x
            and top <= y
            and x + camera.width <= left + width
            and y + camera.height <= top + height
        )

    def _drawn(self, size: tuple[int, int], scale: float) -> pygame.Surface:
        """Draw pixels ``corner .. corner + size`` of the floor at a scale."""
        col, left, right = cells_of_pixels(
            self._corner[0], size[0], self._layout.width, scale
        )
        row, top, bottom = cells_of_pixels(
            self._corner[1], size[1], self._layout.height, scale
        )
        # Arrays are (x, y), as pygame keeps them.
        where = np.ix_(row, col)
        picture = self._plain[where].T.copy()
        left, right = left[:, None], right[:, None]
        top, bottom = top[None, :], bottom[None, :]
        if scale >= 7:
            self._grid(picture, left, top)
            self._docks(picture, where, np.minimum(left, right), top, bottom)
        else:
            picture[picture == _DOCK] = _DOCK_EDGE
        if scale >= 3:
            self._racks(picture, where, scale, (top, right, bottom, left))
        surface = pygame.Surface(size, 0, 32)
        mapped = np.array([surface.map_rgb(c) for c in self._table], np.uint32)
        pygame.surfarray.blit_array(surface, mapped[picture])
        if scale >= ARROWS_FROM:
            self._arrows(surface, scale)
        return surface

    def _grid(
        self,
        picture: NDArray[np.uint8],
        left: NDArray[np.int64],
        top: NDArray[np.int64],
    ) -> None:
        line = (left == 0) | (top == 0)
        picture[line & (picture == _FLOOR)] = _GRID

    def _docks(
        self,
        picture: NDArray[np.uint8],
        where: tuple[NDArray[np.intp], ...],
        side: NDArray[np.int64],
        top: NDArray[np.int64],
        bottom: NDArray[np.int64],
    ) -> None:
        edge = np.minimum(side, np.minimum(top, bottom)) == 0
        picture[edge & self._dock[where].T] = _DOCK_EDGE

    def _racks(
        self,
        picture: NDArray[np.uint8],
        where: tuple[NDArray[np.intp], ...],
        scale: float,
        distances: tuple[NDArray[np.int64], ...],
    ) -> None:
        """Part racks by fine lines and light the faces that look on an aisle."""
        rack = self._rack[where].T
        if scale >= 8:
            line = (distances[0] == 0) | (distances[3] == 0)
            picture[line & rack] = _RACK_LINE
        depth = max(1, int(scale / 7))
        for d, distance in enumerate(distances):
            face = self._rack & np.roll(
                self._open, (-ROW_STEP[d], -COL_STEP[d]), axis=(0, 1)
            )
            near = distance < depth
            picture[face[where].T & near] = _RACK_FACE

    def _arrows(self, surface: pygame.Surface, scale: float) -> None:
        """Mark one-way floor."""
        left, top = self._corner
        arm = scale * 0.2
        rows, cols = np.nonzero(self._one_way >= 0)
        x = (cols + 0.5) * scale - left
        y = (rows + 0.5) * scale - top
        shown = (x > 0) & (y > 0) & (x < surface.get_width())
        shown &= y < surface.get_height()
        for i in np.flatnonzero(shown):
            d = self._one_way[rows[i], cols[i]]
            forward = np.array([COL_STEP[d], ROW_STEP[d]]) * arm
            across = np.array([-forward[1], forward[0]])
            tip = np.array([x[i], y[i]]) + forward * 0.6
            corners = np.array([tip - forward - across, tip, tip - forward + across])
            pygame.draw.lines(surface, self._palette.arrow, False, corners.tolist(), 2)


def one_way_floor(layout: Layout) -> NDArray[np.int64]:
    """Direction in which each cell of one-way floor is driven, -1 where it is open.

    That is where a cell has one exit; or where robots come from behind and go on
    ahead and can do neither backwards, whatever they may do sideways.

    Returns
    -------
    ndarray of int64, shape (height, width)

    Examples
    --------
    >>> one_way_floor(Layout.from_rows([".>."])).tolist()
    [[-1, 1, -1]]
    """
    grid = Grid.from_layout(layout)
    ahead, behind = grid.successors >= 0, grid.predecessors >= 0
    # No way back to the cell from there, and none from it to where robots came from.
    backwards = np.roll(ahead, 2, axis=1), np.roll(behind, 2, axis=1)
    through = ahead & behind & ~backwards[0] & ~backwards[1]
    direction = np.where(through.sum(axis=1) == 1, through.argmax(axis=1), -1)
    exits = layout.exits.ravel()
    for d in range(4):
        direction[exits == 1 << d] = d
    direction = np.where(layout.kinds.ravel() == CellKind.FLOOR, direction, -1)
    return direction.reshape(layout.kinds.shape)


def cells_of_pixels(
    first: int, count: int, cells: int, scale: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Cell of each pixel, counted from 1 (0 and cells + 1 are outside the map).

    Also the pixels between it and both edges of its cell.
    """
    edges = np.round(np.arange(-1, cells + 2) * scale).astype(np.int64)
    pixel = np.arange(first, first + count)
    cell = np.clip(np.searchsorted(edges, pixel, side="right") - 1, 0, cells + 1)
    return cell, pixel - edges[cell], edges[cell + 1] - 1 - pixel
