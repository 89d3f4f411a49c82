"""A picture of a layout: the map with its scales, a bar in metres, a legend.

No screen is needed. Colours are Okabe and Ito's on a light ground, for paper.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pygame

from viz.film import write_png
from viz.layout_map import (
    INK,
    OBSTACLE_SIGN,
    ONE_WAY_SIGN,
    SMOOTH,
    LayoutMap,
    draw_sign,
)
from viz.palette import blend
from viz.text import Type
from warehouse.layout import ALL_EXITS, CellKind, Layout
from warehouse.scenario import Station

MOST_PIXELS: Final = 2400
"""Longest side of the map in the picture."""
_LARGEST_CELL: Final = 36
_NARROWEST: Final = 640
_WIDEST: Final = 1100
"""Pixels at which what stands around the map has the sizes below: a wider picture is
shown smaller, so there it grows."""
_LEFT, _TOP, _RIGHT, _FOOT = 56, 104, 32, 28
_LINE: Final = 34
_SWATCH: Final = 20
_WORDS: Final = 21
_SMALL: Final = 18

_PAPER: Final = (250, 249, 246)
_FAINT: Final = (112, 117, 124)
_TEXTS: Final = {
    CellKind.FLOOR: "floor",
    CellKind.WALL: "wall",
    CellKind.RACK: "rack",
    CellKind.POD_SPOT: "pod spot",
    CellKind.DOCK: "station dock",
    CellKind.CHARGER: "charger",
    CellKind.HOME: "home",
    CellKind.DOOR: "dock door",
}


def draw_layout(
    layout: Layout, path: str | Path, *, stations: Iterable[Station] = ()
) -> None:
    """Draw a layout into a PNG file.

    Parameters
    ----------
    layout : Layout
    path : str or Path
        Written as PNG whatever its ending is.
    stations : iterable of Station, optional
        Packing stations; their names are written at their docks.

    Raises
    ------
    InputError
        E107, if the file cannot be written.
    """
    write_png(Path(path), layout_picture(layout, stations=stations))


def layout_picture(
    layout: Layout, *, stations: Iterable[Station] = ()
) -> pygame.Surface:
    """Draw a layout with its scales, bar and legend on a new surface."""
    cell = min(_LARGEST_CELL, MOST_PIXELS / max(layout.width, layout.height))
    cell = math.floor(cell) if cell >= 1 else cell
    drawing = LayoutMap(layout, cell)
    drawing.draw(tuple(stations))
    size = (
        drawing.surface.get_width() // SMOOTH,
        drawing.surface.get_height() // SMOOTH,
    )
    floor = pygame.transform.smoothscale(drawing.surface, size)
    return _Page(layout, cell, floor).surface


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of the legend and where in its row it begins."""

    sign: CellKind | str
    text: str
    left: int


class _Page:
    """The paper around the map."""

    def __init__(self, layout: Layout, cell: float, floor: pygame.Surface) -> None:
        self._layout = layout
        self._cell = cell
        self._type = Type()
        width = max(floor.get_width(), _NARROWEST)
        self._zoom = max(1.0, width / _WIDEST)
        px = self._px
        rows = self._legend_rows(width)
        height = px(_TOP) + floor.get_height() + (len(rows) + 1) * px(_LINE) + px(_FOOT)
        size = (px(_LEFT) + width + px(_RIGHT), height)
        self.surface = pygame.Surface(size, 0, 24)
        self.surface.fill(_PAPER)
        self._draw_title()
        left = px(_LEFT) + (width - floor.get_width()) // 2
        self.surface.blit(floor, (left, px(_TOP)))
        edge = floor.get_rect(topleft=(left, px(_TOP))).inflate(2, 2)
        pygame.draw.rect(self.surface, _FAINT, edge, 1)
        self._draw_scales(edge)
        top = edge.bottom + px(18)
        self._draw_bar(edge, top)
        for number, row in enumerate(rows, start=1):
            self._draw_legend(row, top + number * px(_LINE))

    def _px(self, pixels: float) -> int:
        """Pixels here of what is so large beside a map of ordinary size."""
        return round(pixels * self._zoom)

    def _draw_title(self) -> None:
        layout, px = self._layout, self._px
        width = self.surface.get_width() - px(_LEFT) - px(_RIGHT)
        place = (px(_LEFT), px(18))
        self._type.put(self.surface, layout.name, place, px(34), INK, width=width)
        size = layout.cell_size_m
        words = (
            f"{layout.height:,} rows x {layout.width:,} cols, cells of {size:g} m, "
            f"{layout.width * size:,g} m wide, {layout.height * size:,g} m deep"
        )
        place = (px(_LEFT), px(48))
        self._type.put(self.surface, words, place, px(_WORDS), _FAINT, width=width)

    def _draw_scales(self, edge: pygame.Rect) -> None:
        """Write numbers of rows and columns, as places in messages name them."""
        px, small = self._px, self._px(_SMALL)
        every = _round_up(px(38) / self._cell)
        for col in range(0, self._layout.width, every):
            x = edge.left + 1 + (col + 0.5) * self._cell
            self._tick((x, edge.top - 1), (x, edge.top - px(6)))
            above = (x, edge.top - px(20))
            self._type.put(self.surface, str(col), above, small, _FAINT, align="middle")
        for row in range(0, self._layout.height, every):
            y = edge.top + 1 + (row + 0.5) * self._cell
            self._tick((edge.left - 1, y), (edge.left - px(6), y))
            beside = (edge.left - px(9), y - px(6))
            self._type.put(self.surface, str(row), beside, small, _FAINT, align="right")

    def _tick(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        pygame.draw.line(self.surface, _FAINT, start, end, self._px(1))

    def _draw_bar(self, edge: pygame.Rect, top: int) -> None:
        """Draw a bar of a round number of metres, half dark, half light."""
        px = self._px
        pixels_per_m = self._cell / self._layout.cell_size_m
        length_m = _round_down(max(px(120), edge.width / 5) / pixels_per_m)
        width = max(2, round(length_m * pixels_per_m))
        bar = pygame.Rect(px(_LEFT), top + px(8), width, px(8))
        pygame.draw.rect(self.surface, (255, 255, 255), bar)
        pygame.draw.rect(self.surface, INK, (*bar.topleft, width // 2, bar.height))
        pygame.draw.rect(self.surface, INK, bar, px(1))
        place = (bar.right + px(10), top + px(5))
        self._type.put(self.surface, f"{length_m:g} m", place, px(_WORDS), INK)

    def _legend_rows(self, width: int) -> list[list[_Entry]]:
        """Signs that the map has, in rows no wider than the map."""
        layout, px = self._layout, self._px
        signs: list[CellKind | str] = [k for k in _TEXTS if (layout.kinds == k).any()]
        if ((layout.exits != ALL_EXITS) & layout.drivable).any():
            signs.append(ONE_WAY_SIGN)
        if layout.obstacles:
            signs.append(OBSTACLE_SIGN)
        rows: list[list[_Entry]] = [[]]
        left = 0
        for sign in signs:
            text = _TEXTS[sign] if isinstance(sign, CellKind) else sign
            space = px(_SWATCH + 8) + self._type.width(text, px(_WORDS)) + px(26)
            if left and left + space > width:
                rows.append([])
                left = 0
            rows[-1].append(_Entry(sign, text, left))
            left += space
        return rows

    def _draw_legend(self, row: list[_Entry], top: int) -> None:
        px = self._px
        side = px(_SWATCH)
        for entry in row:
            box = pygame.Rect(px(_LEFT) + entry.left, top + px(2), side, side)
            large = pygame.Surface((side * SMOOTH, side * SMOOTH), 0, 24)
            draw_sign(large, entry.sign)
            pygame.transform.smoothscale(large, box.size, self.surface.subsurface(box))
            pygame.draw.rect(self.surface, blend(_PAPER, _FAINT, 0.5), box, px(1))
            place = (box.right + px(8), top + px(5))
            self._type.put(self.surface, entry.text, place, px(_WORDS), INK)


def _round_up(number: float) -> int:
    """Next of 1, 2, 5, 10, 20, 50 and so on.

    Examples
    --------
    >>> _round_up(0.3), _round_up(2), _round_up(11)
    (1, 2, 20)
    """
    for power in range(8):
        for digit in (1, 2, 5):
            if digit * 10**power >= number:
                return digit * 10**power
    return 10**8


def _round_down(number: float) -> float:
    """Return the largest of ..., 0.1, 0.2, 0.5, 1, 2, 5, ... that is no larger.

    Examples
    --------
    >>> _round_down(0.3), _round_down(2), _round_down(99)
    (0.2, 2.0, 50.0)
    """
    power = 10.0 ** math.floor(math.log10(number))
    digit = max(d for d in (1, 2, 5) if d * power <= number * (1 + 1e-9))
    return round(digit * power, 9)
