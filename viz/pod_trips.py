"""Trips of robots with pods: from where a pod is fetched to where it is put down."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warehouse.plan import POD_STOP_DTYPE, Plan, PodStopKind


@dataclass(frozen=True, slots=True)
class PodTrips:
    """Trips in the order of the stops of a plan with pods: by robot, then by time.

    Parameters
    ----------
    stops : structured array of `POD_STOP_DTYPE`
    first, last : ndarray of int64, shape (trips,)
        Index of the first and the last stop of each trip.
    robot : ndarray of int64, shape (trips,)
    begin, end : ndarray of int64, shape (trips,)
        Timesteps between which the robot is on it: from the end of its trip before.
    leg : ndarray of int64, shape (stops,)
        Timestep at which the stop before it on the trip begins; its own for the first.
    """

    stops: NDArray[np.void]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    robot: NDArray[np.int64]
    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    leg: NDArray[np.int64]

    @classmethod
    def from_plan(cls, plan: Plan) -> "PodTrips":
        """Group the stops; there are none in a plan without pods."""
        work = plan.pod_work
        stops = np.zeros(0, POD_STOP_DTYPE) if work is None else work.stops
        new = np.ones(len(stops), bool)
        new[1:] = (np.diff(stops["trip"]) != 0) | (np.diff(stops["robot"]) != 0)
        first = np.flatnonzero(new)
        last = np.append(first[1:], len(stops))[: len(first)] - 1
        robot = stops["robot"][first].astype(np.int64)
        end = stops["end"][last].astype(np.int64)
        begin = np.zeros(len(first), np.int64)
        follows = robot[1:] == robot[:-1]
        begin[1:][follows] = end[:-1][follows]
        leg = stops["start"].astype(np.int64)
        leg[1:] = np.where(new[1:], leg[1:], leg[:-1])
        return cls(stops, first, last, robot, begin, end, leg)

    def trip_at(self, robot: int, t: float) -> int | None:
        """Trip that a robot is on, or will be on next."""
        rows = np.flatnonzero((self.robot == robot) & (self.end > t))
        return int(rows[0]) if len(rows) else None

    def stops_of(self, trip: int) -> NDArray[np.void]:
        """Stops of a trip."""
        return self.stops[self.first[trip] : self.last[trip] + 1]

    def coming_to(self, station: int, t: float) -> list[tuple[int, int]]:
        """Robots on their way to a station with a pod, the first to arrive first.

        Each is (robot, stop): the stop is the visit to come.
        """
        start = self.stops["start"]
        here = (self.stops["station"] == station) & (
            self.stops["kind"] == PodStopKind.VISIT
        )
        coming = here & (self.leg <= t) & (t < start)
        rows = np.flatnonzero(coming)
        rows = rows[np.argsort(start[rows], kind="stable")]
        return list(zip(self.stops["robot"][rows].tolist(), rows.tolist(), strict=True))
