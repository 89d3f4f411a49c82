"""Where the parts of the screen are, for any size of it."""

from dataclasses import dataclass
from typing import Final

Area = tuple[int, int, int, int]
"""Left, top, width, height in pixels."""

SMALLEST_SIZE: Final = (480, 360)
SMALLEST_FLOOR: Final = (160, 120)
"""The least size without panels."""
LIST_HEAD: Final = 34
"""Pixels above the first row of the list of stations."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Areas of the screen. None overlaps another.

    Parameters
    ----------
    strip, floor, legend, stations, detail, timebar : Area
        KPIs above; floor and legend at the left; stations and what is selected at
        the right; time below. The legend is empty (height 0) when switched off.
    compact : bool
        The screen is small: panels leave out what matters less.
    """

    strip: Area
    floor: Area
    legend: Area
    stations: Area
    detail: Area
    timebar: Area
    compact: bool

    @classmethod
    def of(
        cls,
        size: tuple[int, int],
        *,
        legend: bool,
        detail: bool,
        panels: bool = True,
    ) -> "Arrangement":
        """Lay out a screen.

        Parameters
        ----------
        size : (width, height)
            In pixels.
        legend, detail : bool
            Whether the legend is on, and whether something is selected.
        panels : bool
            Without them the floor and the legend take all of the screen.

        Examples
        --------
        >>> Arrangement.of((800, 600), legend=True, detail=False).compact
        True
        """
        width, height = size
        compact = width < 1100 or height < 660
        legend_height = 30 if legend else 0
        if not panels:
            floor = (0, 0, width, height - legend_height)
            row = (0, height - legend_height, width, legend_height)
            none = (0, 0, 0, 0)
            return cls(none, floor, row, none, none, none, compact)
        strip_height = 52 if compact else 64
        timebar_height = 56 if compact else 68
        side_width = 212 if compact else 288
        middle = height - strip_height - timebar_height
        left = width - side_width
        detail_height = int(middle * (0.62 if compact else 0.58)) if detail else 0
        floor_height = middle - legend_height
        return cls(
            strip=(0, 0, width, strip_height),
            floor=(0, strip_height, left, floor_height),
            legend=(0, strip_height + floor_height, left, legend_height),
            stations=(left, strip_height, side_width, middle - detail_height),
            detail=(
                left,
                strip_height + middle - detail_height,
                side_width,
                detail_height,
            ),
            timebar=(0, height - timebar_height, width, timebar_height),
            compact=compact,
        )

    @property
    def slider(self) -> Area:
        """Part of the time bar on which time is a place."""
        left, top, width, height = self.timebar
        before, after = (230, 128) if self.compact else (284, 196)
        return (left + before, top, width - before - after, height)

    @property
    def row_height(self) -> int:
        """Pixels from one row of the list of stations to the next."""
        return 38 if self.compact else 44

    @property
    def rows(self) -> int:
        """Rows of the list of stations that fit."""
        return max(0, (self.stations[3] - LIST_HEAD) // self.row_height)

    def row_at(self, point: tuple[float, float]) -> int | None:
        """Row of the list of stations at a pixel."""
        if not inside(self.stations, point):
            return None
        row = int((point[1] - self.stations[1] - LIST_HEAD) // self.row_height)
        return row if 0 <= row < self.rows else None


def inside(area: Area, point: tuple[float, float]) -> bool:
    """Tell whether a pixel lies in an area."""
    left, top, width, height = area
    return left <= point[0] < left + width and top <= point[1] < top + height
