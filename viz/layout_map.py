"""The floor of a layout on white paper: cells, racks, symbols, arrows, zones, posts.

Drawn `SMOOTH` times as large as it is shown, so that scaling down smooths every edge.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pygame
import shapely

from viz.palette import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION, Colour, blend
from viz.text import Type
from warehouse.floorplan import outline
from warehouse.layout import (
    ALL_EXITS,
    COL_STEP,
    RIGHT,
    ROW_STEP,
    CellKind,
    Layout,
    Zone,
)
from warehouse.scenario import Station

SMOOTH: Final = 2
WHITE: Final = (255, 255, 255)
INK: Final = (38, 42, 48)
ONE_WAY: Final = blend(INK, WHITE, 0.25)
COLOURS: Final = {
    CellKind.FLOOR: WHITE,
    CellKind.WALL: (92, 98, 107),
    CellKind.RACK: (219, 206, 181),
    CellKind.POD_SPOT: blend(WHITE, PURPLE, 0.45),
    CellKind.DOCK: BLUE,
    CellKind.CHARGER: GREEN,
    CellKind.HOME: blend(WHITE, SKY, 0.75),
    CellKind.DOOR: VERMILION,
}
ONE_WAY_SIGN: Final = "one-way floor"
OBSTACLE_SIGN: Final = "obstacle"
"""Signs of the legend beside the kinds of cells."""
_RACK_EDGE: Final = (158, 137, 98)
_ZONES: Final = (PURPLE, GREEN, SKY, VERMILION, ORANGE)
_SYMBOLS: Final = (CellKind.DOCK, CellKind.CHARGER, CellKind.HOME, CellKind.DOOR)
_LONGEST_NAME: Final = 24

# Corners in cell sizes from the middle of the cell, x to the right, y down.
_BOLT: Final = (
    (0.1, -0.3),
    (-0.2, 0.06),
    (0.0, 0.06),
    (-0.1, 0.3),
    (0.2, -0.06),
    (0.0, -0.06),
)
_TRAY: Final = ((-0.2, -0.2), (0.2, -0.2), (0.2, 0.2), (-0.2, 0.2))


class LayoutMap:
    """Draws a layout on a surface of its own.

    Parameters
    ----------
    layout : Layout
    cell_pixels : float
        Pixels of a cell as shown; what would be too small to see is left out.
    """

    def __init__(self, layout: Layout, cell_pixels: float) -> None:
        self._layout = layout
        self._shown = cell_pixels
        self._scale = cell_pixels * SMOOTH
        self._type = Type()
        size = (layout.width * self._scale, layout.height * self._scale)
        pixels = (max(SMOOTH, round(size[0])), max(SMOOTH, round(size[1])))
        self.surface = pygame.Surface(pixels, 0, 24)

    def draw(self, stations: Sequence[Station]) -> None:
        """Draw everything that this size has room for."""
        self._fill_cells()
        self._draw_zones()
        if self._shown >= 10:
            self._draw_grid()
        if self._shown >= 3:
            self._draw_rack_edges()
        if self._shown >= 5:
            self._draw_arrows()
        if self._shown >= 7:
            for kind in _SYMBOLS:
                for cell in self._layout.cells_of(kind):
                    _draw_symbol(self.surface, kind, self._box(int(cell)))
        for obstacle in self._layout.obstacles:
            corners = [self._pixel(x_m, y_m) for x_m, y_m in obstacle]
            pygame.draw.polygon(self.surface, INK, corners)
        self._write_names(stations)

    def _pixel(self, x_m: float, y_m: float) -> tuple[float, float]:
        size = self._layout.cell_size_m
        x, y = x_m / size, self._layout.height - y_m / size
        return x * self._scale, y * self._scale

    def _box(self, cell: int) -> pygame.Rect:
        row, col = self._layout.row_col(cell)
        left, right = round(col * self._scale), round((col + 1) * self._scale)
        top, bottom = round(row * self._scale), round((row + 1) * self._scale)
        return pygame.Rect(left, top, right - left, bottom - top)

    def _fill_cells(self) -> None:
        """Give every pixel the colour of its cell."""
        table = np.array([COLOURS[kind] for kind in CellKind], np.uint8)
        if self._shown >= 7:
            table[list(_SYMBOLS)] = WHITE
        width, height = self.surface.get_size()
        rows = np.minimum(np.arange(height) / self._scale, self._layout.height - 1)
        cols = np.minimum(np.arange(width) / self._scale, self._layout.width - 1)
        cells = np.ix_(rows.astype(int), cols.astype(int))
        kinds = self._layout.kinds[cells]
        pixels = table[kinds]
        if self._shown < 5:  # too small for arrows
            one_way = self._layout.exits[cells] != ALL_EXITS
            pixels[one_way & (kinds == CellKind.FLOOR)] = blend(WHITE, ONE_WAY, 0.25)
        pygame.surfarray.blit_array(self.surface, pixels.swapaxes(0, 1))

    def _draw_grid(self) -> None:
        """Draw fine lines between cells that robots stand on."""
        colour = blend(WHITE, INK, 0.1)
        for cell in np.flatnonzero(self._layout.drivable.ravel()):
            pygame.draw.rect(self.surface, colour, self._box(int(cell)), 1)

    def _draw_rack_edges(self) -> None:
        """Draw the edge of each block of racks."""
        width = max(SMOOTH, round(self._scale * 0.07))
        for block in shapely.get_parts(outline(self._layout, CellKind.RACK)):
            for ring in (block.exterior, *block.interiors):
                points = [self._pixel(x_m, y_m) for x_m, y_m in ring.coords]
                pygame.draw.lines(self.surface, _RACK_EDGE, True, points, width)

    def _draw_arrows(self) -> None:
        """Draw the exits of every cell that lacks one."""
        exits = self._layout.exits.ravel()
        odd = (exits != ALL_EXITS) & self._layout.drivable.ravel()
        for cell in np.flatnonzero(odd):
            directions = [d for d in range(4) if exits[cell] >> d & 1]
            _draw_exits(self.surface, self._box(int(cell)), directions)

    def _zone_boxes(self) -> list[tuple[Zone, pygame.Rect, Colour]]:
        boxes = []
        for number, zone in enumerate(self._layout.zones):
            first = self._box(self._layout.cell(zone.first_row, zone.first_col))
            last = self._box(self._layout.cell(zone.last_row, zone.last_col))
            boxes.append((zone, first.union(last), _ZONES[number % len(_ZONES)]))
        return boxes

    def _draw_zones(self) -> None:
        for _, box, colour in self._zone_boxes():
            tint = pygame.Surface(box.size, pygame.SRCALPHA, 32)
            tint.fill((*colour, 40))
            self.surface.blit(tint, box)
            width = max(SMOOTH, round(self._scale * 0.1))
            pygame.draw.rect(self.surface, colour, box, width)

    def _write_names(self, stations: Sequence[Station]) -> None:
        """Write names of zones and stations, but none over another."""
        taken: list[pygame.Rect] = []
        for station in stations:
            box = self._box(station.cell)
            size = self._plate_size(station.name)
            plate = pygame.Rect(0, 0, *size)
            plate.midbottom = (box.centerx, box.top - SMOOTH)
            self._write_plate(station.name, plate, BLUE, taken)
        for zone, box, colour in self._zone_boxes():
            plate = pygame.Rect(box.topleft, self._plate_size(zone.name))
            self._write_plate(zone.name, plate, blend(colour, INK, 0.25), taken)

    @property
    def _letters(self) -> int:
        """Size of the font of names: a wide map is shown smaller, so there it grows."""
        least = max(15, self._shown * self._layout.width / 110)
        return round(min(22, max(least, self._shown * 0.6))) * SMOOTH

    def _plate_size(self, name: str) -> tuple[int, int]:
        width = self._type.width(name[:_LONGEST_NAME], self._letters)
        return width + self._letters // 2, round(self._letters * 0.85)

    def _write_plate(
        self, name: str, plate: pygame.Rect, colour: Colour, taken: list[pygame.Rect]
    ) -> None:
        """Write white words on a coloured plate, unless one is there."""
        plate.clamp_ip(self.surface.get_rect())
        if plate.collidelist(taken) >= 0:
            return
        taken.append(plate)
        size = self._letters
        pygame.draw.rect(self.surface, colour, plate, 0, size // 6)
        spot = (plate.left + size // 4, plate.top + size * 0.13)
        self._type.put(self.surface, name[:_LONGEST_NAME], spot, size, WHITE)


def _draw_symbol(surface: pygame.Surface, kind: CellKind, box: pygame.Rect) -> None:
    """Draw what stands for a dock, charger, home or door into a square."""
    colour = COLOURS[kind]
    size = min(box.width, box.height)
    inner = box.inflate(-size * 0.16, -size * 0.16)
    corner, line = round(size * 0.2), max(2, size // 12)
    if kind == CellKind.HOME:
        pygame.draw.rect(surface, blend(WHITE, colour, 0.35), inner, 0, corner)
        pygame.draw.rect(surface, colour, inner, line, corner)
        pygame.draw.circle(surface, colour, inner.center, size * 0.17)
        return
    pygame.draw.rect(surface, colour, inner, 0, corner)
    x, y = inner.center
    if kind == CellKind.CHARGER:
        points = [(x + dx * size, y + dy * size) for dx, dy in _BOLT]
        pygame.draw.polygon(surface, WHITE, points)
    elif kind == CellKind.DOCK:
        points = [(x + dx * size, y + dy * size) for dx, dy in _TRAY]
        pygame.draw.polygon(surface, WHITE, points, line)


def _draw_exits(
    surface: pygame.Surface, box: pygame.Rect, directions: list[int]
) -> None:
    """Draw one long arrow, or a short one towards each of several exits."""
    alone = len(directions) == 1
    tail, tip, wing = (-0.28, 0.3, 0.16) if alone else (0.12, 0.42, 0.11)
    width = max(2, round(box.width * 0.08))
    middle = pygame.Vector2(box.center)
    for d in directions:
        forward = pygame.Vector2(COL_STEP[d], ROW_STEP[d]) * box.width
        across = pygame.Vector2(-forward.y, forward.x) * wing
        neck = middle + forward * (tip - wing * 1.3)
        start, head = middle + forward * tail, middle + forward * tip
        pygame.draw.line(surface, ONE_WAY, start, neck, width)
        pygame.draw.polygon(surface, ONE_WAY, (head, neck + across, neck - across))


def draw_sign(surface: pygame.Surface, sign: CellKind | str) -> None:
    """Fill a surface with what stands for a kind of cell or for something else."""
    box = surface.get_rect()
    surface.fill(WHITE)
    if sign == ONE_WAY_SIGN:
        _draw_exits(surface, box, [RIGHT])
    elif sign == OBSTACLE_SIGN:
        pygame.draw.circle(surface, INK, box.center, box.width * 0.25)
    elif isinstance(sign, CellKind) and sign in _SYMBOLS:
        _draw_symbol(surface, sign, box)
    elif isinstance(sign, CellKind):
        surface.fill(COLOURS[sign])
