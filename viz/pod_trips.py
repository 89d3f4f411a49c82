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
    """

    stops: NDArray[np.void]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    robot: NDArray[np.int64]
    begin: NDArray[np.int64]
    end: NDArray[np.int64]

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
        return cls(stops, first, last, robot, begin, end)

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
        begun = np.flatnonzero((self.begin <= t) & (self.end > t))
        coming = []
        for trip in begun.tolist():
            first, last = int(self.first[trip]), int(self.last[trip])
            stops = self.stops[first : last + 1]
            ahead = np.flatnonzero(stops["start"] > t)
            if len(ahead) and stops["kind"][0] == PodStopKind.LIFT:
                stop = int(ahead[0])
                lifted = stop > 0
                visit = stops["kind"][stop] == PodStopKind.VISIT
                if lifted and visit and stops["station"][stop] == station:
                    when = int(stops["start"][stop])
                    coming.append((when, int(self.robot[trip]), first + stop))
        return [(robot, stop) for _, robot, stop in sorted(coming)]
