"""When robots are under way: a robot that stands still then waits."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.layout import CellKind
from warehouse.moving import departures, moving
from warehouse.plan import Plan, PodStopKind
from warehouse.time_spans import TimeSpans

_STAY: Final = np.dtype(
    [
        ("robot", "<i8"),
        ("task", "<i8"),  # stays of one task follow each other without a rest
        ("start", "<i8"),
        ("end", "<i8"),
        ("without_pod", "?"),  # a robot for pods comes without one
    ]
)


@dataclass(frozen=True, slots=True)
class Legs:
    """Ways to stops, of robots with totes and with pods, and to chargers.

    A robot that picks, hands over, lifts, sets down, stands at a station with a pod or
    charges is not under way; nor is one that rests before a trip or after its last.
    Robots for pods rest on the spots of pods until they are sent for one, which no plan
    tells: on a spot and without a pod they do not wait.

    Parameters
    ----------
    robot : ndarray of int64, shape (legs,)
    begin, end : ndarray of int64, shape (legs,)
        Timesteps: under way from ``begin`` until before ``end``.
    without_pod : ndarray of bool, shape (legs,)
        Whether a robot for pods drives without one.
    spots : ndarray of bool, shape (cells,)
        Where pods may stand.
    robots : int
    """

    robot: NDArray[np.int64]
    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    without_pod: NDArray[np.bool_]
    spots: NDArray[np.bool_]
    robots: int

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
        return cls(
            robot=stays["robot"][drives],
            begin=begin[drives],
            end=stays["start"][drives],
            without_pod=stays["without_pod"][drives],
            spots=plan.scenario.layout.kinds.ravel() == CellKind.POD_SPOT,
            robots=int(plan.cells.shape[1]),
        )

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
        stands = ~moving(plan, first, last)
        meets = (self.begin < last) & (self.end > first)
        stands &= self._covered(meets, first, last)
        meets &= self.without_pod
        if meets.any():
            on_spot = self.spots.take(plan.cells[first:last], mode="clip")
            stands &= ~(on_spot & self._covered(meets, first, last))
        return stands

    def of_robot(self, robot: int, cells: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Tell at which timesteps a robot waits if it stands.

        Parameters
        ----------
        robot : int
        cells : ndarray of int, shape (steps,)
            Where it is.

        Returns
        -------
        ndarray of bool, shape (steps,)
        """
        under_way = np.zeros(len(cells), bool)
        for leg in np.flatnonzero(self.robot == robot).tolist():
            part = slice(self.begin[leg], self.end[leg])
            under_way[part] = True
            if self.without_pod[leg]:
                under_way[part] = ~self.spots.take(cells[part], mode="clip")
        return under_way

    def _covered(
        self, which: NDArray[np.bool_], first: int, last: int
    ) -> NDArray[np.bool_]:
        """Tell which robots are on some of the legs, at timesteps that they meet."""
        covered = np.zeros((last - first, self.robots), bool)
        legs = self.robot[which], self.begin[which], self.end[which]
        TimeSpans(*legs, np.ones(len(legs[0]), bool)).paint(covered, first)
        return covered


def _stays(plan: Plan) -> NDArray[np.void]:
    """All times at which robots stand on purpose, by robot, then by time."""
    parts = [_rows(plan.stops, plan.stops["trip"], np.zeros(len(plan.stops), bool))]
    if plan.pod_work is not None:
        stops, charges = plan.pod_work.stops, plan.pod_work.charges
        parts.append(_rows(stops, stops["trip"], stops["kind"] == PodStopKind.LIFT))
        # Each charge is a task of its own.
        own = -1 - np.arange(len(charges))
        parts.append(_rows(charges, own, np.ones(len(charges), bool)))
    stays = np.concatenate(parts)
    return stays[np.lexsort((stays["start"], stays["robot"]))]


def _rows(
    table: NDArray[np.void], task: NDArray[np.integer], without_pod: NDArray[np.bool_]
) -> NDArray[np.void]:
    rows = np.zeros(len(table), _STAY)
    rows["task"], rows["without_pod"] = task, without_pod
    for name in ("robot", "start", "end"):
        rows[name] = table[name]
    return rows
