"""Which robot takes which trip next, and to which station it brings it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.assignment.solve import assign
from solvers.fulfilment.policy import Policy
from solvers.fulfilment.site import Site
from solvers.fulfilment.trips import Trip


@dataclass(frozen=True, slots=True)
class Mission:
    """A trip given to a robot.

    Parameters
    ----------
    robot : int
    trip : Trip
    tour : tuple of int
        Stand cells in the order in which the robot visits them.
    station : int
    arrival_s : float
        When the robot is expected to have handed the totes over.
    """

    robot: int
    trip: Trip
    tour: tuple[int, ...]
    station: int
    arrival_s: float


class Dispatcher:
    """Chooses trips for robots and stations for trips, at one epoch after another.

    Parameters
    ----------
    site : Site
    policy : Policy
    """

    def __init__(self, site: Site, policy: Policy) -> None:
        self.site = site
        self.policy = policy
        self.slowness = 1.1
        self._dock_rows = site.table.rows(site.docks)
        self._packers = np.array([s.packers for s in site.scenario.stations])
        self._handed_over_s = np.zeros(len(site.docks))
        self._expected: list[Mission] = []
        self._starters_left = round(policy.starters * len(site.scenario.fleet))

    def choose(
        self, robots: list[int], position: NDArray[np.int32], pool: list[Trip], t: int
    ) -> list[tuple[int, Trip]]:
        """Match robots and trips, the shortest trip first.

        Parameters
        ----------
        robots : list of int
            Robots that are free.
        position : ndarray of int32, shape (fleet,)
        pool : list of Trip
        t : int
            The present timestep.
        """
        ends = np.array([(trip.tour[0], trip.tour[-1]) for trip in pool], np.int32)
        rows = self.site.table.rows(ends.ravel()).reshape(ends.shape)
        cells = position[robots]
        # The usual way from the nearest dock is counted in the trip already.
        usual = self.site.from_dock[ends]
        approach = np.stack(
            [
                self.site.table.data[rows[:, e]][:, cells].T - usual[:, e]
                for e in range(2)
            ]
        )
        cost = approach.min(0) * self.site.scenario.step_s
        duration = np.array([self._duration_s(trip) for trip in pool])
        chosen: list[tuple[int, int]] = []
        starters = min(self._starters_left, len(robots))
        if starters:
            self._starters_left -= starters
            chosen = self._assign(cost[:starters] + 2.0 * duration)
        taken = {k for _, k in chosen}
        rest = [k for k in range(len(pool)) if k not in taken]
        if len(robots) > starters and rest:
            weighed = cost[starters:, rest] - self.policy.long_first * duration[rest]
            weighed = weighed + self._lateness(pool, rest, duration, t)
            chosen += [(starters + f, rest[k]) for f, k in self._assign(weighed)]
        chosen.sort(key=lambda pair: duration[pair[1]])
        return [(robots[f], pool[k]) for f, k in chosen]

    def arrived(self, mission: Mission, started: int, t: int) -> None:
        """Take note that a mission is over, to correct what is expected of others."""
        self._expected.remove(mission)
        s = mission.station
        work = mission.trip.work_s / self._packers[s]
        now_s = t * self.site.scenario.step_s
        self._handed_over_s[s] = max(self._handed_over_s[s], now_s) + work
        still = mission.trip.pick_steps
        driven = max(1, t - started - still)
        free_flow = max(1, mission.trip.travel_steps)
        self.slowness += 0.05 * (min(3.0, driven / free_flow) - self.slowness)

    def usual_steps(self, pool: list[Trip]) -> int:
        """Timesteps that a trip of the pool takes on average."""
        seconds = np.mean([self._duration_s(trip) for trip in pool])
        return int(seconds / self.site.scenario.step_s)

    def expect(self, mission: Mission) -> None:
        """Take note that a mission is under way."""
        self._expected.append(mission)

    def _assign(self, cost: NDArray[np.float64]) -> list[tuple[int, int]]:
        milliseconds = np.rint((cost - cost.min()) * 1000).astype(np.int64)
        return [(int(f), int(k)) for f, k in assign(milliseconds)]

    def _duration_s(self, trip: Trip) -> float:
        scenario = self.site.scenario
        steps = trip.pick_steps + scenario.drop_steps(len(trip.orders))
        return (steps + self.slowness * trip.travel_steps) * scenario.step_s

    def _lateness(
        self, pool: list[Trip], rest: list[int], duration: NDArray[np.float64], t: int
    ) -> NDArray[np.float64]:
        """Seconds of approach that the slack of each trip is worth."""
        if self.policy.due_weight == 0.0:
            return np.array([-600.0 * pool[k].priority for k in rest])
        now_s = t * self.site.scenario.step_s
        slack = np.array(
            [pool[k].due_s - now_s - duration[k] - pool[k].work_s for k in rest]
        )
        return self.policy.due_weight * np.clip(slack, -3600.0, 36_000.0)

    def _queue_ends_s(self) -> NDArray[np.float64]:
        """When each station will have packed all that is on its way to it."""
        ends = self._handed_over_s.copy()
        for mission in sorted(self._expected, key=lambda m: m.arrival_s):
            s = mission.station
            work = mission.trip.work_s / self._packers[s]
            ends[s] = max(ends[s], mission.arrival_s) + work
        return ends

    def mission(self, robot: int, trip: Trip, cell: int, t: int) -> Mission:
        """Choose the station and the direction of a trip.

        Parameters
        ----------
        robot : int
        trip : Trip
        cell : int
            Where the robot is.
        t : int
            The present timestep.
        """
        scenario, table = self.site.scenario, self.site.table
        first, last = trip.tour[0], trip.tour[-1]
        to_dock = table.data[self._dock_rows]
        inner = trip.travel_steps - self.site.from_dock[first] - self.site.to_dock[last]
        rows = table.rows([first, last])
        ways = np.stack(
            [
                inner + int(table.data[rows[0], cell]) + to_dock[:, last],
                inner + int(table.data[rows[1], cell]) + to_dock[:, first],
            ]
        )
        backward = ways[1] < ways[0]
        travel_s = ways.min(0) * scenario.step_s
        still = trip.pick_steps + scenario.drop_steps(len(trip.orders))
        arrival_s = (t + still) * scenario.step_s + self.slowness * travel_s
        waiting_s = np.maximum(0.0, self._queue_ends_s() - arrival_s)
        station = int((travel_s + self.policy.queue_weight * waiting_s).argmin())
        tour = trip.tour[::-1] if backward[station] else trip.tour
        return Mission(robot, trip, tour, station, float(arrival_s[station]))
