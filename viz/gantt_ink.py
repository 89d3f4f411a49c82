"""Bars as pixels: any number of them at once."""

from typing import Final

import numpy as np
import pygame
from numpy.typing import NDArray

from viz.arrangement import Area
from viz.gantt_bars import BarKind
from viz.gantt_places import GanttPlaces
from viz.palette import Colour, Palette, blend

_THIN: Final = (BarKind.REST, BarKind.BETWEEN_PODS)
"""Kinds drawn as a line: nothing is done meanwhile."""
_APART: Final = 4  # pixels; from this length on a bar leaves one free at its end
_STRIPE: Final = 6  # pixels from a stripe of a late bar to the next


def bar_colour(kind: BarKind, palette: Palette) -> Colour:
    """Colour of a kind of bar."""
    return {
        BarKind.REST: palette.text_faint,
        BarKind.OFF_SHIFT: palette.wall,
        BarKind.BREAK: palette.charging,
        BarKind.BETWEEN_PODS: palette.waiting,
        BarKind.POD: palette.rack_face,
        BarKind.DRIVE_EMPTY: palette.empty,
        BarKind.CARRY: palette.carrying,
        BarKind.WAIT: palette.waiting,
        BarKind.LIFT: palette.rack_face,
        BarKind.SET_DOWN: palette.rack_face,
        BarKind.PICK: palette.serving,
        BarKind.HAND_OVER: palette.station,
        BarKind.VISIT: palette.station,
        BarKind.FILL: palette.serving,
        BarKind.CHARGE: palette.charging,
        BarKind.WORK: palette.station,
        BarKind.IN_TIME: palette.good,
        BarKind.LATE: palette.bad,
    }[kind]


class BarInk:
    """Draws bars in one theme.

    Parameters
    ----------
    palette : Palette
    """

    def __init__(self, palette: Palette) -> None:
        self._colours = [bar_colour(kind, palette) for kind in BarKind]
        self._stripe = blend(palette.bad, palette.robot_ink, 0.45)

    def paint(
        self,
        target: pygame.Surface,
        bars: NDArray[np.void],
        lanes: list[tuple[int, int]],
        places: GanttPlaces,
    ) -> None:
        """Draw the bars of a row.

        Parameters
        ----------
        target : Surface
        bars : structured array of `viz.gantt_bars.BAR_DTYPE`
        lanes : list of (top, bottom)
            Pixels of each of its lanes.
        places : GanttPlaces
        """
        left, _, width, _ = places.plot
        grid = np.zeros((len(lanes), width), np.uint8)
        first, last = extents(bars, places)
        # Of several on one pixel the one written last stays: the kind that matters.
        order = np.flatnonzero(last > first)
        order = order[np.argsort(bars["kind"][order], kind="stable")]
        which, pixels = _spread(first[order] - left, last[order] - left)
        lane, kind = bars["lane"][order], bars["kind"][order]
        grid[lane[which], pixels] = kind[which] + 1
        self._fill(target, grid, lanes, left)

    def mark(self, target: pygame.Surface, kind: BarKind, area: Area) -> None:
        """Draw a short bar of a kind, for a legend."""
        left, top, width, height = area
        kinds = np.full((1, width), kind + 1, np.uint8)
        self._fill(target, kinds, [(top, top + height)], left)

    def _fill(
        self,
        target: pygame.Surface,
        grid: NDArray[np.uint8],
        lanes: list[tuple[int, int]],
        left: int,
    ) -> None:
        """Colour the pixels of each lane by the kind in its row of the grid."""
        colours = np.array([0, *map(target.map_rgb, self._colours)], np.uint32)
        stripe = target.map_rgb(self._stripe)
        thin = np.zeros(len(colours), bool)
        thin[[kind + 1 for kind in _THIN]] = True
        pixels = pygame.surfarray.pixels2d(target)
        for kinds, (top, bottom) in zip(grid, lanes, strict=True):
            solid = np.flatnonzero((kinds > 0) & ~thin[kinds])
            pixels[left + solid, top:bottom] = colours[kinds[solid], None]
            line, middle = np.flatnonzero(thin[kinds]), (top + bottom) // 2
            pixels[left + line, middle - 1 : middle + 1] = colours[kinds[line], None]
            late = left + np.flatnonzero(kinds == BarKind.LATE + 1)
            down = np.arange(top, bottom)
            across, below = np.nonzero((late[:, None] + down) % _STRIPE < 2)
            pixels[late[across], down[below]] = stripe


def extents(
    bars: NDArray[np.void], places: GanttPlaces
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First pixel of each bar and the one after its last, in sight; else the same."""
    left, _, width, _ = places.plot
    begin, end = (places.pixels_of(bars[name]) for name in ("start_s", "end_s"))
    seen = (end > left) & (begin < left + width)
    first = np.clip(np.floor(begin), left, left + width - 1).astype(np.int64)
    last = np.clip(np.floor(end), left, left + width).astype(np.int64)
    last -= last - first >= _APART
    return first, np.where(seen, np.maximum(last, first + 1), first)


def _spread(
    first: NDArray[np.int64], last: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All whole numbers from each first up to, and without, its last; and whose."""
    length = last - first
    which = np.repeat(np.arange(len(first)), length)
    begin = np.cumsum(length) - length
    return which, np.arange(len(which)) - (begin - first)[which]
