"""When robots are under way: a robot that stands still then waits."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viz.trips import departures
from warehouse.plan import Plan

_STAY: Final = np.dtype(
    [
        ("robot", "<i8"),
        ("task", "<i8"),  # stays of one task follow each other without a rest
        ("start", "<i8"),
        ("end", "<i8"),
    ]
)


@dataclass(frozen=True, slots=True)
class Legs:
    """Ways to stops, of robots with totes and with pods, and to chargers.

    A robot that picks, hands over, lifts, sets down, stands at a station with a pod or
    charges is not under way; nor is one that rests before a trip or after its last.

    Parameters
    ----------
    robot : ndarray of int64, shape (legs,)
        Ascending.
    begin, end : ndarray of int64, shape (legs,)
        Timesteps: under way from ``begin`` until before ``end``. Ascending by robot.
    keys : ndarray of int64, shape (legs,)
        ``robot * span + begin``, ascending: one search per robot finds its latest.
    robots, span : int
    """

    robot: NDArray[np.int64]
    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    keys: NDArray[np.int64]
    robots: int
    span: int

    @classmethod
    def from_plan(cls, plan: Plan) -> "Legs":
        """Find the ways between the stays of a plan. O(stays log stays)."""
        stays = _stays(plan)
        new = np.ones(len(stays), bool)
        new[1:] = (np.diff(stays["robot"]) != 0) | (np.diff(stays["task"]) != 0)
        first = np.flatnonzero(new)
        begin = np.zeros(len(stays), np.int64)
        begin[1:] = stays["end"][:-1]
        begin[first] = departures(plan, stays, first)
        drives = begin < stays["start"]
        robot, begin = stays["robot"][drives], begin[drives]
        span = plan.steps + 2
        return cls(
            robot=robot,
            begin=begin,
            end=stays["start"][drives],
            keys=robot * span + begin,
            robots=int(plan.cells.shape[1]),
            span=span,
        )

    def at(self, step: int) -> NDArray[np.bool_]:
        """Tell for each robot whether it is under way at a timestep."""
        if not len(self.keys):
            return np.zeros(self.robots, bool)
        first = np.arange(self.robots, dtype=np.int64) * self.span
        found = np.searchsorted(self.keys, first + step, side="right") - 1
        begun = (found >= 0) & (self.keys[found] >= first)
        return begun & (self.end[found] > step)

    def between(self, first: int, last: int) -> NDArray[np.bool_]:
        """Tell it for the timesteps from ``first`` until before ``last``.

        Returns
        -------
        ndarray of bool, shape (last - first, robots)
        """
        rows = last - first
        meets = np.flatnonzero((self.begin < last) & (self.end > first))
        robot = self.robot[meets]
        begin = np.maximum(self.begin[meets], first) - first
        end = np.minimum(self.end[meets], last) - first
        size = (rows + 1) * self.robots
        change = np.bincount(begin * self.robots + robot, minlength=size)
        change -= np.bincount(end * self.robots + robot, minlength=size)
        return np.cumsum(change.reshape(rows + 1, -1)[:-1], axis=0) > 0

    def of_robot(self, robot: int, steps: int) -> NDArray[np.bool_]:
        """Tell it for one robot, for the first timesteps, so many."""
        under_way = np.zeros(steps, bool)
        for leg in np.flatnonzero(self.robot == robot).tolist():
            under_way[self.begin[leg] : self.end[leg]] = True
        return under_way

    def waiting(self, plan: Plan, first: int, last: int) -> NDArray[np.bool_]:
        """Tell which robots wait from a timestep to the next: under way, and stand.

        Parameters
        ----------
        plan : Plan
            The one that the legs are of.
        first, last : int
            Timesteps from ``first`` until before ``last``, which is a step of the plan.

        Returns
        -------
        ndarray of bool, shape (last - first, robots)
        """
        cells = plan.cells[first : last + 1]
        stands = cells[1:] == cells[:-1]
        if plan.headings is not None:
            headings = plan.headings[first : last + 1]
            stands &= headings[1:] == headings[:-1]
        stands &= self.between(first, last)
        return stands


def _stays(plan: Plan) -> NDArray[np.void]:
    """All times at which robots stand on purpose, by robot, then by time."""
    parts = [_rows(plan.stops, plan.stops["trip"])]
    if plan.pod_work is not None:
        stops, charges = plan.pod_work.stops, plan.pod_work.charges
        parts.append(_rows(stops, stops["trip"]))
        # Each charge is a task of its own.
        parts.append(_rows(charges, -1 - np.arange(len(charges))))
    stays = np.concatenate(parts)
    return stays[np.lexsort((stays["start"], stays["robot"]))]


def _rows(table: NDArray[np.void], task: NDArray[np.integer]) -> NDArray[np.void]:
    rows = np.zeros(len(table), _STAY)
    rows["task"] = task
    for name in ("robot", "start", "end"):
        rows[name] = table[name]
    return rows
