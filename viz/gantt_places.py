"""Where the parts of the Gantt are: rows, lanes, times and trucks as pixels."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viz.arrangement import Area, inside
from viz.charts import Charts
from viz.gantt_view import (
    AROUND,
    AXIS,
    FLAGS,
    HEAD,
    MOST_LANE,
    least_pitch,
    most_pitch,
)
from viz.view import View

_NO_FLAGS: Final = 8  # pixels in place of the trucks: the mark of the clock is there


@dataclass(frozen=True, slots=True)
class GanttPlaces:
    """Places of the parts, for one view.

    Parameters
    ----------
    names, plot : Area
        Names of the rows at the left, and the bars.
    flags : Area
        Trucks, above the bars, and the mark of the clock.
    axis : Area
        Clock times, below them.
    pinned : int
        1 where the first row is that of the selected robot, or of what is selected at
        a station that is not in sight; else 0.
    pinned_row : int or None
        That station.
    pitch : int
        Pixels from a row to the next.
    first, last : int
        Rows of the stations in sight: from the first up to, and without, the last.
    start_s, end_s : float
        Ends of the time that is shown.
    """

    names: Area
    plot: Area
    flags: Area
    axis: Area
    pinned: int
    pinned_row: int | None
    pitch: int
    first: int
    last: int
    start_s: float
    end_s: float

    @classmethod
    def of(cls, view: View) -> "GanttPlaces":
        """Lay the parts out."""
        left, top, width, height = view.arrangement.gantt
        wide = 64 if view.arrangement.compact else 92
        flags = FLAGS if len(view.replay.trucks) else _NO_FLAGS
        above = top + HEAD + flags
        tall = max(0, height - HEAD - flags - AXIS)
        rows, robot = len(view.charts.stations.names), int(view.robot is not None)
        pitch = _pitch(view.charts, tall, rows + robot)
        page = max(0, tall // pitch - robot)
        first = min(int(view.gantt.first_row), max(0, rows - page))
        row = _row_of_selected(view)
        if row is not None and first <= row < first + page:
            row = None
        pinned = robot or int(row is not None)
        across = left + wide, width - wide - 14
        return cls(
            names=(left, above, wide, tall),
            plot=(across[0], above, across[1], tall),
            flags=(across[0], top + HEAD, across[1], flags),
            axis=(across[0], above + tall, across[1], AXIS),
            pinned=pinned,
            pinned_row=row,
            pitch=pitch,
            first=first,
            last=min(rows, first + max(0, tall // pitch - pinned)),
            start_s=view.gantt.start_s,
            end_s=view.gantt.end_s,
        )

    @property
    def page(self) -> int:
        """Rows of stations that fit, beside the pinned one."""
        return max(0, self.plot[3] // self.pitch - self.pinned)

    @property
    def scale(self) -> float:
        """Pixels of a second."""
        return self.plot[2] / (self.end_s - self.start_s)

    def x_of(self, second: float) -> float:
        """Pixel at which a second lies, in sight or not."""
        return self.plot[0] + (second - self.start_s) * self.scale

    def pixels_of(self, seconds: NDArray[np.floating]) -> NDArray[np.float64]:
        """Pixels at which many seconds lie."""
        return np.asarray(self.plot[0] + (seconds - self.start_s) * self.scale)

    def second_at(self, x: float) -> float:
        """Second that lies at a pixel."""
        return self.start_s + (x - self.plot[0]) / self.scale

    def top_of(self, place: int) -> int:
        """Pixel at which the row at a place begins, the pinned one being 0."""
        return self.plot[1] + place * self.pitch

    def lane_of(self, place: int, lane: int, lanes: int) -> tuple[int, int]:
        """Pixels from which to which the bars of a lane reach down."""
        room = min(self.pitch - 2 * AROUND, MOST_LANE * lanes)
        top = self.top_of(place) + (self.pitch - room) // 2
        apart = int(lanes > 1)
        return top + lane * room // lanes, top + (lane + 1) * room // lanes - apart

    def place_at(self, point: tuple[float, float]) -> int | None:
        """Place of the row at a pixel, the pinned one being 0; None beside rows."""
        left, top, width, height = self.names
        if not inside((left, top, width + self.plot[2], height), point):
            return None
        place = int((point[1] - top) // self.pitch)
        return place if place < self.pinned + self.last - self.first else None

    def station_at(self, point: tuple[float, float]) -> int | None:
        """Row of the stations' chart at a pixel."""
        place = self.place_at(point)
        if place is None or place < self.pinned:
            return None if place is None else self.pinned_row
        return self.first + place - self.pinned


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row in sight.

    Parameters
    ----------
    place : int
        From the top.
    name : str
    lanes : int
    bars : structured array of `viz.gantt_bars.BAR_DTYPE`
    station : int or None
        Row of the stations' chart; None for a robot.
    """

    place: int
    name: str
    lanes: int
    bars: NDArray[np.void]
    station: int | None


def rows_in_sight(view: View, places: GanttPlaces) -> list[ShownRow]:
    """Rows from the top: the selected robot, then those of the stations."""
    rows = []
    if view.robot is not None:
        chart = view.charts.of_robot(view.robot)
        rows.append(ShownRow(0, chart.names[0], chart.lanes[0], chart.bars, None))
    chart = view.charts.stations
    pinned = [] if places.pinned_row is None else [places.pinned_row]
    for row in [*pinned, *range(places.first, places.last)]:
        name, lanes, bars = chart.names[row], chart.lanes[row], chart.bars_in(row)
        rows.append(ShownRow(len(rows), name, lanes, bars, row))
    return rows


def _pitch(charts: Charts, tall: int, rows: int) -> int:
    """Pixels from a row to the next: as many as there are for it, within limits."""
    least = least_pitch(charts)
    fitting = max(1, min(rows, tall // least))
    return min(max(tall // fitting, least), most_pitch(charts))


def _row_of_selected(view: View) -> int | None:
    """Row of the stations' chart of the selected station, or of an order's first."""
    if view.station is not None or view.order is None:
        return view.station
    bars = view.charts.stations.bars
    rows = bars["row"][bars["order"] == view.order]
    return int(rows[0]) if len(rows) else None
