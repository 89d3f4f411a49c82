"""Which robot takes which trip next."""

from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.assignment.solve import assign
from solvers.fulfilment.policy import Policy
from solvers.fulfilment.site import Site
from solvers.fulfilment.trips import Trip

SHORT_FIRST = 1.0
"""Seconds of approach that a second is worth by which a short trip is shorter."""

BIG = 2.0
"""Orders are big that take so many times as long to pack as others."""

PRIORITY_S = 600.0
"""Seconds of approach that one step of priority is worth."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Trips that suit a robot, the one matched with it first.

    Parameters
    ----------
    robot : int
    trips : tuple of Trip
        The others are matched with no robot.
    worth_s : tuple of float
        Seconds of approach that each of them is worth to the robot.
    """

    robot: int
    trips: tuple[Trip, ...]
    worth_s: tuple[float, ...]


class Dispatcher:
    """Chooses trips for robots, at one epoch after another.

    Parameters
    ----------
    site : Site
    policy : Policy
    """

    def __init__(self, site: Site, policy: Policy) -> None:
        self.site = site
        self.policy = policy
        # Free-flow travel is only a prior: as if some had been driven 1.3 times slower.
        self._free_flow = 2000.0
        self._driven = 1.3 * self._free_flow
        self._chosen_for = 0
        self._starters_left = round(policy.starters * len(site.scenario.fleet))

    def fork(self, policy: Policy) -> "Dispatcher":
        """A copy that goes on with a policy of its own."""
        fork = copy(self)
        fork.policy = policy
        return fork

    @property
    def slowness(self) -> float:
        """Timesteps that a step of free-flow travel has taken so far."""
        return self._driven / self._free_flow

    def learn(self, trip: Trip, steps: int) -> None:
        """Take note of how long a trip took, to correct what is expected of others."""
        standing = trip.pick_steps + self.site.scenario.drop_steps(len(trip.orders))
        self._driven += steps - standing
        self._free_flow += trip.travel_steps

    def usual_steps(self, pool: list[Trip]) -> int:
        """Timesteps that a trip of the pool takes on average."""
        seconds = np.mean([self.duration_s(trip) for trip in pool])
        return int(seconds / self.site.scenario.step_s)

    def choose(
        self, robots: list[int], position: NDArray[np.int32], pool: list[Trip], t: int
    ) -> list[Offer]:
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
        approach = self._approach_s(position[robots], pool)
        duration = np.array([self.duration_s(trip) for trip in pool])
        starters = min(self._starters_left, len(robots))
        self._starters_left -= starters
        worth = self._worth_s(len(robots), starters, pool, duration, t)
        cost = approach - worth
        matched = self._match(cost, starters)
        matched.sort(key=lambda pair: duration[pair[1]])
        free = np.ones(len(pool), bool)
        free[[k for _, k in matched]] = False
        others = np.flatnonzero(free)
        offers = []
        for f, k in matched:
            best = np.argsort(cost[f, others], kind="stable")[: self.policy.tries - 1]
            some = [k, *others[best].tolist()]
            trips = tuple(pool[k] for k in some)
            offers.append(Offer(robots[f], trips, tuple(worth[f, some].tolist())))
        return offers

    def _match(self, cost: NDArray[np.float64], starters: int) -> list[tuple[int, int]]:
        """Pairs of a row and a column; the first few rows have the first choice."""
        matched = self._assign(cost[:starters])
        taken = [k for _, k in matched]
        rest = np.setdiff1d(np.arange(cost.shape[1]), taken)
        others = self._assign(cost[starters:, rest])
        return matched + [(starters + f, int(rest[k])) for f, k in others]

    def _worth_s(
        self,
        robots: int,
        starters: int,
        pool: list[Trip],
        duration: NDArray[np.float64],
        t: int,
    ) -> NDArray[np.float64]:
        """Seconds of approach that trips are worth to robots, (robots, trips).

        The first few robots begin with short trips.
        """
        work_s = np.array([sum(trip.pack_s.values()) for trip in pool])
        biggest_s = np.array([max(trip.pack_s.values()) for trip in pool])
        usual_s = work_s.sum() / sum(len(trip.orders) for trip in pool)
        others = robots - starters
        of_length = np.full(robots, -2.0)
        of_length[starters:] = self._worth_of_length(others, len(pool))
        of_packing = np.full(robots, 0.0)
        of_packing[starters:] = self.policy.pack_first
        beyond_s = np.maximum(0.0, biggest_s - BIG * usual_s)
        of_trip = self.policy.biggest_first * beyond_s
        of_trip -= self._lateness(pool, duration, work_s, t)
        return np.outer(of_length, duration) + np.outer(of_packing, work_s) + of_trip

    def _worth_of_length(self, robots: int, trips: int) -> NDArray[np.float64]:
        """Seconds of approach that a second of trip is worth to each robot."""
        numbers = self._chosen_for + np.arange(robots + 1)
        self._chosen_for += robots
        short = np.diff(np.floor(numbers * self.policy.mixed)) > 0
        if trips < len(self.site.scenario.fleet):
            short[:] = False
        return np.where(short, -SHORT_FIRST, self.policy.long_first)

    def _approach_s(
        self, cells: NDArray[np.int32], pool: list[Trip]
    ) -> NDArray[np.float64]:
        """Seconds from each cell to each trip, beyond the usual way from a dock."""
        ends = np.array([(trip.tour[0], trip.tour[-1]) for trip in pool], np.int32)
        rows = self.site.table.rows(ends.ravel()).reshape(ends.shape)
        usual = self.site.from_dock[ends]
        approach = [
            self.site.table.data[rows[:, e]][:, cells].T - usual[:, e] for e in range(2)
        ]
        seconds: NDArray[np.float64] = np.minimum(*approach) * self.site.scenario.step_s
        return seconds

    def _assign(self, cost: NDArray[np.float64]) -> list[tuple[int, int]]:
        if cost.size == 0:
            return []
        milliseconds = np.rint((cost - cost.min()) * 1000).astype(np.int64)
        return [(int(f), int(k)) for f, k in assign(milliseconds)]

    def duration_s(self, trip: Trip) -> float:
        """Seconds that a trip will take, about."""
        scenario = self.site.scenario
        steps = trip.pick_steps + scenario.drop_steps(len(trip.orders))
        return (steps + self.slowness * trip.travel_steps) * scenario.step_s

    def _lateness(
        self,
        pool: list[Trip],
        duration: NDArray[np.float64],
        work_s: NDArray[np.float64],
        t: int,
    ) -> NDArray[np.float64]:
        """Seconds of approach that priority and slack of each trip are worth."""
        worth = np.array([-PRIORITY_S * trip.priority for trip in pool])
        if self.policy.due_weight == 0.0:
            return worth
        now_s = t * self.site.scenario.step_s
        slack = np.array([trip.due_s for trip in pool]) - now_s - duration - work_s
        return worth + self.policy.due_weight * np.clip(slack, -3600.0, 36_000.0)
