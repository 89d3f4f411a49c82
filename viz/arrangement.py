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
TRUCK_PITCH: Final = 20
"""Pixels from one line of the list of trucks to the next; its head is as high."""
_MOST_TRUCKS: Final = 4  # lines of that list
_AROUND_TRUCKS: Final = 10  # pixels above its head and below its last line
_GANTT_SHARE: Final = 0.36  # of the height between the strip and the time bar
_LEAST_GANTT: Final = 100  # pixels


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Areas of the screen. None overlaps another.

    Parameters
    ----------
    strip, floor, legend, gantt, stations, trucks, detail, timebar : Area
        KPIs above; floor, legend and Gantt at the left; stations, trucks and what is
        selected at the right; time below. What is switched off, or has nothing to
        show, is empty (height 0).
    compact : bool
        The screen is small: panels leave out what matters less.
    """

    strip: Area
    floor: Area
    legend: Area
    gantt: Area
    stations: Area
    trucks: Area
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
        gantt: int = 0,
        trucks: int = 0,
    ) -> "Arrangement":
        """Lay out a screen.

        Parameters
        ----------
        size : (width, height)
            In pixels.
        legend, detail : bool
            Whether the legend is on, and whether something is selected.
        panels : bool
            Without them floor, legend and Gantt take all of the screen.
        gantt : int
            Pixels of height that the Gantt can use; 0 where it is off.
        trucks : int
            How many there are to be listed.

        Examples
        --------
        >>> Arrangement.of((800, 600), legend=True, detail=False).compact
        True
        """
        width, height = size
        compact = width < 1100 or height < 660
        legend_height = 30 if legend else 0
        if not panels:
            gantt_height = _gantt_height(gantt, height)
            below = height - legend_height - gantt_height
            floor, none = (0, 0, width, below), (0, 0, 0, 0)
            row = (0, below, width, legend_height)
            chart = (0, below + legend_height, width, gantt_height)
            return cls(none, floor, row, chart, none, none, none, none, compact)
        strip_height = 52 if compact else 64
        timebar_height = 56 if compact else 68
        side_width = 212 if compact else 288
        middle = height - strip_height - timebar_height
        left = width - side_width
        detail_height = int(middle * (0.62 if compact else 0.58)) if detail else 0
        gantt_height = _gantt_height(gantt, middle)
        floor_height = middle - legend_height - gantt_height
        trucks_height = _trucks_height(trucks, middle - detail_height, compact)
        stations_height = middle - detail_height - trucks_height
        below = strip_height + floor_height
        return cls(
            strip=(0, 0, width, strip_height),
            floor=(0, strip_height, left, floor_height),
            legend=(0, below, left, legend_height),
            gantt=(0, below + legend_height, left, gantt_height),
            stations=(left, strip_height, side_width, stations_height),
            trucks=(left, strip_height + stations_height, side_width, trucks_height),
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
        return _row_height(self.compact)

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


def _gantt_height(wanted: int, room: int) -> int:
    """Height of the Gantt in a room that it shares with the floor."""
    return min(wanted, max(_LEAST_GANTT, int(room * _GANTT_SHARE)))


def _row_height(compact: bool) -> int:
    return 38 if compact else 44


def _trucks_height(trucks: int, room: int, compact: bool) -> int:
    """Height of the list of trucks in a room that it shares with three stations."""
    spare = room - LIST_HEAD - 3 * _row_height(compact) - _AROUND_TRUCKS
    lines = min(trucks, _MOST_TRUCKS, spare // TRUCK_PITCH - 1)
    return (lines + 1) * TRUCK_PITCH + _AROUND_TRUCKS if lines > 0 else 0


def inside(area: Area, point: tuple[float, float]) -> bool:
    """Tell whether a pixel lies in an area."""
    left, top, width, height = area
    return left <= point[0] < left + width and top <= point[1] < top + height
