"""Which robot takes which trip next."""

from copy import copy

import numpy as np
from numpy.typing import NDArray

from solvers.assignment.solve import assign
from solvers.fulfilment.policy import Policy
from solvers.fulfilment.site import Site
from solvers.fulfilment.trips import Trip

SHORT_FIRST = 1.0
"""Seconds of approach that a second is worth by which a short trip is shorter."""

PRIORITY_S = 600.0
"""Seconds of approach that one step of priority is worth."""


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
        cost = self._approach_s(position[robots], pool)
        duration = np.array([self.duration_s(trip) for trip in pool])
        work_s = np.array([sum(trip.pack_s.values()) for trip in pool])
        chosen: list[tuple[int, int]] = []
        starters = min(self._starters_left, len(robots))
        if starters:
            self._starters_left -= starters
            every = list(range(len(pool)))
            short = cost[:starters] + 2.0 * duration
            if self.policy.due_weight:
                short = short + self._lateness(pool, every, duration, work_s, t)
            chosen = self._assign(short)
        taken = {k for _, k in chosen}
        rest = [k for k in range(len(pool)) if k not in taken]
        if len(robots) > starters and rest:
            worth = self._worth_of_length(len(robots) - starters, len(pool))
            weighed = cost[starters:, rest] - np.outer(worth, duration[rest])
            weighed = weighed - self.policy.pack_first * work_s[rest]
            weighed = weighed + self._lateness(pool, rest, duration, work_s, t)
            chosen += [(starters + f, rest[k]) for f, k in self._assign(weighed)]
        chosen.sort(key=lambda pair: duration[pair[1]])
        return [(robots[f], pool[k]) for f, k in chosen]

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
        rest: list[int],
        duration: NDArray[np.float64],
        work_s: NDArray[np.float64],
        t: int,
    ) -> NDArray[np.float64]:
        """Seconds of approach that priority and slack of each trip are worth."""
        worth = np.array([-PRIORITY_S * pool[k].priority for k in rest])
        if self.policy.due_weight == 0.0:
            return worth
        now_s = t * self.site.scenario.step_s
        slack = (
            np.array([pool[k].due_s for k in rest])
            - now_s
            - duration[rest]
            - work_s[rest]
        )
        return worth + self.policy.due_weight * np.clip(slack, -3600.0, 36_000.0)
