"""Where pods are at any timestep of a plan, and what their robots do."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warehouse.plan import MOVES_POD, Plan, PodStopKind


@dataclass(frozen=True, slots=True)
class PodPlaces:
    """Where the pods of a plan are at any timestep.

    Parameters
    ----------
    keys : ndarray of int64, shape (changes,)
        ``pod * span + timestep`` of each change, ascending: one search per pod finds
        its latest.
    cell, robot : ndarray of int64, shape (changes,)
        Where the pod stands after the change, and who carries it; the other is -1.
    stop_keys, stop_ends : ndarray of int64, shape (stops,)
        ``robot * span + start`` of each stop, ascending, and its last timestep.
    pods : int
    span : int
    """

    keys: NDArray[np.int64]
    cell: NDArray[np.int64]
    robot: NDArray[np.int64]
    stop_keys: NDArray[np.int64]
    stop_ends: NDArray[np.int64]
    pods: int
    span: int

    @classmethod
    def from_plan(cls, plan: Plan) -> "PodPlaces":
        """Find all changes; there are none, and no pods, in a plan without pods."""
        system, work = plan.scenario.pods, plan.pod_work
        none = np.zeros(0, np.int64)
        if system is None or work is None:
            return cls(none, none, none, none, none, 0, 1)
        span, pods = plan.steps + 2, len(system)
        moved = work.stops[np.isin(work.stops["kind"], MOVES_POD)]
        lifted = moved["kind"] == PodStopKind.LIFT
        pod = np.concatenate([np.arange(pods), moved["pod"]])
        # At step -1, so that a lift at step 0 comes after.
        when = np.concatenate([np.full(pods, -1), moved["end"]])
        cell = np.concatenate([system.start_cells, np.where(lifted, -1, moved["cell"])])
        robot = np.concatenate(
            [np.full(pods, -1), np.where(lifted, moved["robot"], -1)]
        )
        keys = pod.astype(np.int64) * span + when + 1
        order = np.argsort(keys, kind="stable")
        stops = np.sort(work.stops, order=["robot", "start"])
        return cls(
            keys=keys[order],
            cell=cell[order],
            robot=robot[order],
            stop_keys=stops["robot"].astype(np.int64) * span + stops["start"],
            stop_ends=stops["end"].astype(np.int64),
            pods=pods,
            span=span,
        )

    def at(self, t: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Cell and carrier of each pod at a timestep; one of the two is -1."""
        step = min(int(t), self.span - 2)
        wanted = np.arange(self.pods, dtype=np.int64) * self.span + step + 1
        latest = np.searchsorted(self.keys, wanted, side="right") - 1
        return self.cell[latest], self.robot[latest]

    def pod_of(self, robot: int, t: float) -> int | None:
        """Pod that a robot carries at a timestep."""
        _, carriers = self.at(t)
        found = np.flatnonzero(carriers == robot)
        return int(found[0]) if len(found) else None

    def serving(self, t: float, robots: int) -> NDArray[np.bool_]:
        """Tell for each robot whether it lifts, sets down, or stands at a station."""
        if not len(self.stop_keys):
            return np.zeros(robots, bool)
        first = np.arange(robots, dtype=np.int64) * self.span
        step = min(int(t), self.span - 2)
        found = np.searchsorted(self.stop_keys, first + step, side="right") - 1
        begun = (found >= 0) & (self.stop_keys[found] >= first)
        return begun & (self.stop_ends[found] > step)
