"""Charts as inline SVG: colours are the page's, so they follow its theme."""

from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viz.clock import clock

WIDTH: Final = 960
_TICKS_S: Final = (1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 14400, 43200, 86400)


@dataclass(frozen=True, slots=True)
class GanttRow:
    """Bars of a row.

    Parameters
    ----------
    name, remark : str
        What stands at the left, and at the right.
    start_s, end_s : ndarray of float64, shape (bars,)
        Ascending.
    late : ndarray of bool, shape (bars,)
    """

    name: str
    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]
    late: NDArray[np.bool_]
    remark: str

    @classmethod
    def on_time(
        cls,
        name: str,
        start_s: NDArray[np.float64],
        end_s: NDArray[np.float64],
        remark: str,
    ) -> "GanttRow":
        """Return a row without a bar that is late."""
        return cls(name, start_s, end_s, np.zeros(len(start_s), bool), remark)


def text(x: float, y: float, words: str, *, anchor: str = "start") -> str:
    """Return text with its base line at a place."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
    )


def rect(x: float, y: float, width: float, height: float, style: str) -> str:
    """Return a rectangle of a class of the page's style."""
    return (
        f'<rect class="{style}" x="{x:.2f}" y="{y:.2f}" '
        f'width="{width:.2f}" height="{height:.2f}"/>'
    )


def figure(parts: list[str], height: float, label: str) -> str:
    """Return a drawing of the page's width; the label is for those who hear it."""
    return (
        f'<div class="wide"><svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        f'aria-label="{escape(label, quote=True)}">{"".join(parts)}</svg></div>'
    )


def time_ticks(end_s: float, most: int = 8) -> list[float]:
    """Seconds to mark on an axis: round ones, few enough to read.

    Examples
    --------
    >>> time_ticks(3000.0)
    [0.0, 600.0, 1200.0, 1800.0, 2400.0, 3000.0]
    """
    step = next((s for s in _TICKS_S if end_s / s <= most), max(_TICKS_S[-1], end_s))
    return [float(s) for s in np.arange(0, end_s + 1e-9, step)]


class TimeAxis:
    """Maps seconds to a place across a chart, and draws the marks.

    Parameters
    ----------
    end_s : float
        Second at the right end.
    left, right : float
        Places of both ends.
    """

    def __init__(self, end_s: float, left: float, right: float) -> None:
        self.end_s = max(end_s, 1e-9)
        self.left, self.right = left, right

    def x(self, seconds: float) -> float:
        """Place of a second."""
        return self.left + seconds / self.end_s * (self.right - self.left)

    def marks(self, top: float, bottom: float) -> list[str]:
        """Lines from top to bottom with the clock time below."""
        parts = []
        for tick in time_ticks(self.end_s):
            x = self.x(tick)
            parts.append(
                f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" '
                f'y1="{top:.1f}" y2="{bottom:.1f}"/>'
            )
            anchor = "start" if x < self.left + 20 else "middle"
            anchor = "end" if x > self.right - 20 else anchor
            parts.append(text(x, bottom + 16, clock(tick), anchor=anchor))
        return parts


def packed_curve(
    end_s: NDArray[np.float64], bound_s: float, label: str = "Orders packed over time"
) -> str:
    """Orders packed over time, beside a steady pace that would end at the bound."""
    done = np.sort(end_s)
    last_s = float(done[-1])
    axis = TimeAxis(last_s, 52, WIDTH - 8)
    top, bottom = 12.0, 232.0

    def y(orders: float) -> float:
        return bottom - orders / len(done) * (bottom - top)

    # No more corners than a screen can show.
    count = np.unique(np.linspace(0, len(done), min(len(done), 600) + 1).astype(int))
    second = np.append(0.0, done)[count]
    corners = [
        f"{axis.x(s):.1f},{y(n):.1f}"
        for s, n in zip(second.tolist(), count.tolist(), strict=True)
    ]
    line = " ".join(corners)
    parts = axis.marks(top, bottom)
    for part in (0.0, 0.5, 1.0):
        parts.append(
            text(46, y(part * len(done)) + 4, f"{part * len(done):,.0f}", anchor="end")
        )
    parts.append(
        f'<polygon class="area" points="{axis.x(0):.1f},{bottom} {line} '
        f'{axis.x(last_s):.1f},{bottom}"/>'
    )
    parts.append(f'<polyline class="curve" points="{line}"/>')
    if 0 < bound_s <= last_s:
        parts.append(
            f'<line class="pace" x1="{axis.x(0):.1f}" y1="{bottom}" '
            f'x2="{axis.x(bound_s):.1f}" y2="{top}"/>'
        )
    return figure(parts, bottom + 24, label)


def gantt(
    rows: list[GanttRow],
    end_s: float,
    label: str = "Work of every packer over time",
    departures: list[tuple[str, float]] | None = None,
) -> str:
    """Bars of work over time.

    Parameters
    ----------
    rows : list of GanttRow
        Work of each row in ascending order; the remark stands at the right.
    end_s : float
        Second at the right end.
    label : str
        For those who hear it.
    departures : list of (name, second), optional
        What leaves when: a line through all rows.
    """
    axis = TimeAxis(end_s, 92, WIDTH - 62)
    pitch = 22.0 if len(rows) <= 24 else 16.0
    first = 24.0 if departures else 6.0
    bottom = first + pitch * len(rows)
    parts = axis.marks(first - 2, bottom)
    for i, row in enumerate(rows):
        top = first + i * pitch
        name = row.name if len(row.name) <= 13 else f"{row.name[:12]}…"
        parts.append(text(84, top + pitch / 2 + 4, name, anchor="end"))
        for style, some in (("work", ~row.late), ("late-work", row.late)):
            path = _bars(axis, row.start_s[some], row.end_s[some], top + 2, pitch - 5)
            parts.append(f'<path class="{style}" d="{path}"/>' if path else "")
        parts.append(text(WIDTH - 54, top + pitch / 2 + 4, row.remark))
    parts += _departures(axis, departures or [], bottom)
    return figure(parts, bottom + 24, label)


def _departures(
    axis: TimeAxis, departures: list[tuple[str, float]], bottom: float
) -> list[str]:
    """Lines at departures, with a name where there is room for one."""
    parts, free = [], -np.inf
    for name, at_s in sorted(departures, key=lambda departure: departure[1]):
        x = axis.x(at_s)
        words = f"{name} {clock(at_s)}"
        parts.append(
            f'<line class="departure" x1="{x:.1f}" x2="{x:.1f}" y1="16" '
            f'y2="{bottom:.1f}"><title>{escape(words)}</title></line>'
        )
        half = 3.2 * len(words)
        if x - half > free:
            middle = min(x, WIDTH - half)
            parts.append(text(middle, 12, words, anchor="middle"))
            free = x + half + 6
    return parts


def _bars(
    axis: TimeAxis,
    start: NDArray[np.float64],
    end: NDArray[np.float64],
    top: float,
    height: float,
) -> str:
    """Outline of bars; those too close to be told apart become one."""
    parts: list[str] = []
    left = right = None
    for begin, finish in zip(start.tolist(), end.tolist(), strict=True):
        x, x_end = axis.x(begin), axis.x(finish)
        if left is not None and right is not None:
            if x - left < 2.0:
                right = x_end
                continue
            parts.append(_bar(left, right, top, height))
        left, right = x, x_end
    if left is not None and right is not None:
        parts.append(_bar(left, right, top, height))
    return "".join(parts)


def _bar(left: float, right: float, top: float, height: float) -> str:
    # A hair of space parts neighbours that follow without a pause.
    width = max(right - left - 0.6, 0.4)
    return f"M{left:.1f} {top:.1f}h{width:.1f}v{height:.1f}h-{width:.1f}z"


def share_curves(
    seconds: NDArray[np.float64],
    curves: list[tuple[NDArray[np.floating], str]],
    least: float,
    label: str,
) -> str:
    """Shares over time as lines.

    Parameters
    ----------
    seconds : ndarray of float64, shape (points,)
    curves : list of (shares, class)
        Each share from 0 to 1, shape (points,).
    least : float
        Share that is marked with a line all the way.
    label : str
        For those who hear it.
    """
    axis = TimeAxis(float(seconds[-1]), 52, WIDTH - 8)
    top, bottom = 12.0, 192.0
    parts = [*axis.marks(top, bottom), *share_marks(top, bottom)]

    def y(part: float) -> float:
        return bottom - min(max(part, 0.0), 1.0) * (bottom - top)

    parts.append(
        f'<line class="least" x1="{axis.left}" x2="{axis.right}" '
        f'y1="{y(least):.1f}" y2="{y(least):.1f}"/>'
    )
    for shares, style in curves:
        pairs = zip(seconds.tolist(), shares.tolist(), strict=True)
        line = " ".join(f"{axis.x(s):.1f},{y(part):.1f}" for s, part in pairs)
        parts.append(f'<polyline class="{style}" points="{line}"/>')
    return figure(parts, bottom + 24, label)


def share_marks(top: float, bottom: float) -> list[str]:
    """Words at the left of an axis of shares."""
    return [
        text(46, bottom - part * (bottom - top) + 4, f"{part:.0%}", anchor="end")
        for part in (0.0, 0.5, 1.0)
    ]
