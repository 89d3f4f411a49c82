"""Spans of time of many robots, and tables with a row for each timestep."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class TimeSpans:
    """What robots do from one timestep until before another.

    Parameters
    ----------
    robot, start, end : ndarray of int64, shape (spans,)
        A span that ends no later than it starts is empty.
    value : ndarray, shape (spans,)
        What is written for each.
    """

    robot: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    value: NDArray[Any]

    def paint(self, table: NDArray[Any], first: int) -> None:
        """Write the value of each span over a table; of two the later span stays.

        Parameters
        ----------
        table : ndarray, shape (rows, robots)
            What is not within a span stays as it is.
        first : int
            Timestep of its first row.

        Examples
        --------
        >>> start, end = np.array([3, 6]), np.array([5, 99])
        >>> spans = TimeSpans(np.array([0, 0]), start, end, np.array([7, 8]))
        >>> table = np.zeros((4, 1), int)
        >>> spans.paint(table, first=4)
        >>> table.ravel().tolist()
        [7, 0, 8, 8]
        """
        begin = np.clip(self.start - first, 0, len(table))
        rows = np.clip(self.end - first, 0, len(table)) - begin
        meets = np.flatnonzero(rows > 0)
        begin, rows = begin[meets], rows[meets]
        span = np.repeat(meets, rows)
        # Rows of a span follow each other from where it begins.
        offset = np.repeat(begin - np.cumsum(rows) + rows, rows)
        table[np.arange(len(span)) + offset, self.robot[span]] = self.value[span]

    def of_robot(self, robot: int) -> "TimeSpans":
        """Spans of a robot, for a table of it alone."""
        mine = self.robot == robot
        start, end, value = self.start[mine], self.end[mine], self.value[mine]
        return TimeSpans(np.zeros_like(start), start, end, value)


def spans_of(table: NDArray[np.void], value: NDArray[Any]) -> TimeSpans:
    """Spans of rows with the fields ``robot``, ``start`` and ``end``."""
    robot, start, end = (
        table[name].astype(np.int64) for name in ("robot", "start", "end")
    )
    return TimeSpans(robot, start, end, value)


def joined(parts: Sequence[TimeSpans]) -> TimeSpans:
    """Put spans one after another; those of later parts are painted over others."""
    return TimeSpans(
        robot=np.concatenate([part.robot for part in parts]),
        start=np.concatenate([part.start for part in parts]),
        end=np.concatenate([part.end for part in parts]),
        value=np.concatenate([part.value for part in parts]),
    )
