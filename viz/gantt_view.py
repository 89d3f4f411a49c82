"""The Gantt as it is looked at: from when to when, from which row, how tall it is."""

from dataclasses import dataclass, field
from typing import Final

from viz.charts import Charts

HEAD: Final = 24
"""Pixels of the line of title and legend."""
FLAGS: Final = 20
"""Pixels of the line of trucks."""
AXIS: Final = 18
"""Pixels of the clock times below."""
_LEAST_PITCH: Final = 20
_LEAST_LANE: Final = 6
MOST_LANE: Final = 18
"""Pixels of a lane, where there is room enough."""
AROUND: Final = 2
"""Pixels of a row above its lanes, and below."""
_LEAST_S: Final = 10.0
"""The shortest time that is shown across."""
_BEFORE: Final = 0.1
"""Share of what is shown that lies before the clock after a page is turned."""


@dataclass(slots=True)
class GanttView:
    """The part that is shown.

    Parameters
    ----------
    whole_s : float
        Second at which the whole ends; it begins at 0.
    shown : bool
    first_row : float
        Row at the top; a part of one while it is dragged.
    start_s, end_s : float
        Ends of what is shown across; the whole to begin with.
    """

    whole_s: float
    shown: bool = False
    first_row: float = 0.0
    start_s: float = field(init=False, default=0.0)
    end_s: float = field(init=False)

    def __post_init__(self) -> None:
        self.end_s = self.whole_s

    @property
    def ends(self) -> tuple[float, float]:
        """Ends of what is shown across."""
        return self.start_s, self.end_s

    @property
    def span_s(self) -> float:
        """Seconds that are shown across."""
        return self.end_s - self.start_s

    def zoom(self, factor: float, at_s: float) -> None:
        """Show a shorter or longer time, a second of it where it was."""
        most = self.whole_s
        span_s = min(max(self.span_s / factor, min(_LEAST_S, most)), most)
        start_s = at_s - (at_s - self.start_s) * span_s / self.span_s
        self._show(start_s, span_s)

    def pan(self, seconds: float) -> None:
        """Show what lies some seconds later."""
        self._show(self.start_s + seconds, self.span_s)

    def follow(self, before_s: float, now_s: float) -> None:
        """Turn the page where the clock leaves what is shown, and was in it before."""
        within = self.start_s <= before_s <= self.end_s
        if within and not self.start_s <= now_s <= self.end_s:
            before = _BEFORE if now_s > before_s else 1 - _BEFORE
            self._show(now_s - before * self.span_s, self.span_s)

    def show_as(self, other: "GanttView") -> None:
        """Show the time that another does, which is of the same whole."""
        self.start_s, self.end_s = other.start_s, other.end_s

    def scroll(self, rows: float, last: int) -> None:
        """Show other rows; the last is the lowest that may be at the top."""
        self.first_row = min(max(self.first_row + rows, 0.0), float(max(last, 0)))

    def _show(self, start_s: float, span_s: float) -> None:
        """Show so many seconds from a second on, within the whole."""
        last_s = self.whole_s - span_s
        self.start_s = min(max(start_s, 0.0), last_s)
        # To the end itself, which a sum may miss by a little.
        at_end = self.start_s == last_s
        self.end_s = self.whole_s if at_end else self.start_s + span_s


def useful_height(charts: Charts) -> int:
    """Pixels that all rows of stations and one of a robot can use."""
    rows = len(charts.stations.names) + 1
    return HEAD + FLAGS + AXIS + rows * most_pitch(charts)


def least_pitch(charts: Charts) -> int:
    """Fewest pixels from a row to the next."""
    return max(_LEAST_PITCH, _LEAST_LANE * charts.most_lanes + 2 * AROUND)


def most_pitch(charts: Charts) -> int:
    """Most pixels from a row to the next."""
    return max(_LEAST_PITCH, MOST_LANE * charts.most_lanes + 2 * AROUND)
