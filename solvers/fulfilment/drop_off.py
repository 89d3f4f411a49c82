"""Where a trip ends: which stations pack its orders, and in which direction it runs."""

import numpy as np
from numpy.typing import NDArray

from solvers.fulfilment.mission import Drop, Mission
from solvers.fulfilment.policy import Policy
from solvers.fulfilment.site import Site
from solvers.fulfilment.station_queues import StationQueues
from solvers.fulfilment.trips import Trip
from solvers.stations.problem import StationParams, StationProblem
from solvers.stations.solve import solve

NEAR_STATIONS = 4
"""Stations, the best one and its neighbours, among which orders are spread."""

NEAR_AT_THE_END = 8
"""As many in the last part of a run."""

NOBODY_ABLE_S = 3600.0
"""Seconds of driving that an order is worth which nobody at a station can pack."""


class DropOff:
    """Chooses stations for the orders of a trip.

    Parameters
    ----------
    site : Site
    policy : Policy
    queues : StationQueues
    """

    def __init__(self, site: Site, policy: Policy, queues: StationQueues) -> None:
        self.site = site
        self.policy = policy
        self.queues = queues
        self.ending = False
        """Whether few orders are left, so that queues must come to an end together."""
        self.left_s = 0.0
        """Seconds until all trips are over, about; queues may be long until then."""
        self._rows = site.table.rows(site.docks)
        hops = site.table.between(site.docks, site.docks)
        self._hop_s = hops * site.scenario.step_s

    def mission(
        self,
        robot: int,
        trip: Trip,
        cell: int,
        now_s: float,
        slowness: float,
        *,
        spread: bool = True,
    ) -> Mission:
        """Choose the stations and the direction of a trip.

        Parameters
        ----------
        robot : int
        trip : Trip
        cell : int
            Where the robot is.
        now_s : float
        slowness : float
            Timesteps that a step of free-flow travel takes.
        spread : bool
            Whether its orders may be spread so that queues are shorter, which takes a
            while to choose; those that nobody can pack go elsewhere in any case.
        """
        travel_s, backward = self._travel_s(trip, cell)
        still = trip.pick_steps + self.site.scenario.drop_steps(len(trip.orders))
        arrival_s = now_s + still * self.site.scenario.step_s + slowness * travel_s
        work_s = sum(trip.pack_s.values())
        ends_s = self.queues.ends_s()
        [room_s] = self.queues.room_s(ends_s, arrival_s[None])
        ends_s = self.queues.begin_s(ends_s, arrival_s, work_s)
        queue_s = np.maximum(0.0, ends_s - arrival_s)
        left_s = np.maximum(0.0, self.left_s - (arrival_s - now_s))
        tolerated_s = np.minimum(queue_s, self.policy.tolerance * left_s)
        cost = self._cost_s(trip, arrival_s, queue_s, tolerated_s, room_s)
        best = int((travel_s + cost).argmin())
        tour = trip.tour[::-1] if backward[best] else trip.tour
        # Going on from the best station to another costs a way of its own.
        detour = self._hop_s[best] + cost
        drops: tuple[Drop, ...] = (Drop(best, trip.orders),)
        if spread and queue_s[best] + work_s > self.policy.tolerance * left_s[best]:
            load_s = np.maximum(0.0, ends_s - arrival_s[best] - tolerated_s[best])
            drops = self._spread(trip, best, self._near(best, detour), load_s)
        drops = self._to_able(trip, drops, best, detour, room_s)
        return self._with_fixed(Mission(robot, trip, tour, drops))

    def _with_fixed(self, mission: Mission) -> Mission:
        """The mission with those orders elsewhere whose station is fixed already."""
        return mission

    def _near(self, best: int, detour_s: NDArray[np.float64]) -> NDArray[np.intp]:
        """The best station and some that it costs little to go on to."""
        count = NEAR_AT_THE_END if self.ending else NEAR_STATIONS
        near = np.argsort(detour_s, kind="stable")[:count]
        if best not in near:
            near[-1] = best
        return near

    def _cost_s(
        self,
        trip: Trip,
        arrival_s: NDArray[np.float64],
        queue_s: NDArray[np.float64],
        tolerated_s: NDArray[np.float64],
        room_s: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Seconds of driving that queues, lateness and skills at a station are worth.

        Parameters
        ----------
        trip : Trip
        arrival_s, queue_s, tolerated_s, room_s : ndarray of float64, shape (stations,)
            When it comes, how long it waits, how much of that costs little, and how
            much work there is time for.
        """
        cost = self._queue_weight * (queue_s - tolerated_s)
        cost = cost + self.policy.short_queue_weight * tolerated_s
        if self.policy.due_weight:
            urgent_s = self.queues.ends_s(trip.due_s)
            cost = cost + self._lateness_s(trip, np.maximum(urgent_s, arrival_s))
        if self.site.people is not None:
            able = self.site.people.may_pack[list(trip.orders)]
            cost = cost + NOBODY_ABLE_S * np.count_nonzero(~able, axis=0)
            cost = cost + NOBODY_ABLE_S * (room_s < sum(trip.pack_s.values()))
        return cost

    def _to_able(
        self,
        trip: Trip,
        drops: tuple[Drop, ...],
        best: int,
        detour_s: NDArray[np.float64],
        room_s: NDArray[np.float64],
    ) -> tuple[Drop, ...]:
        """Bring orders elsewhere that nobody has skills or time for where they go.

        Parameters
        ----------
        trip : Trip
        drops : tuple of Drop
            Where its orders go.
        best : int
            The first station.
        detour_s, room_s : ndarray of float64, shape (stations,)
            What it costs to go on to a station, and the work it has time for.
        """
        people = self.site.people
        if people is None:
            return drops
        station_of = {order: drop.station for drop in drops for order in drop.orders}
        room, before = room_s.copy(), station_of.copy()
        for order in sorted(trip.orders, key=lambda o: self.site.latest_due_s[o]):
            work_s, station = trip.pack_s[order], station_of[order]
            able = people.may_pack[order]
            open_now = able & (work_s <= room)
            if not open_now[station] and (open_now.any() or not able[station]):
                fits = open_now if open_now.any() else able
                station = int(np.where(fits, detour_s, np.inf).argmin())
                station_of[order] = station
            room[station] -= work_s
        return drops if station_of == before else self.in_turn(best, station_of)

    def _lateness_s(
        self, trip: Trip, begin_s: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Seconds by which the orders of a trip are late at each station, weighed.

        Parameters
        ----------
        trip : Trip
        begin_s : ndarray of float64, shape (stations,)
            When packing of the trip can begin.
        """
        due_s = self.site.due_s[list(trip.orders)]
        work_s = np.array([trip.pack_s[order] for order in trip.orders])
        first = np.argsort(due_s.max(axis=1), kind="stable")
        end_s = self.queues.after(begin_s, np.cumsum(work_s[first]))
        late_s = np.maximum(0.0, end_s - due_s[first])
        return self.policy.due_weight * np.asarray(late_s.sum(axis=0))

    @property
    def _queue_weight(self) -> float:
        policy = self.policy
        return policy.end_queue_weight if self.ending else policy.queue_weight

    def _travel_s(
        self, trip: Trip, cell: int
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Drive from a cell through a trip to each station, and which way round."""
        table = self.site.table
        first, last = trip.tour[0], trip.tour[-1]
        between = trip.travel_steps
        between -= int(self.site.from_dock[first] + self.site.to_dock[last])
        to_dock = table.data[self._rows]
        forward = int(table.to(first)[cell]) + between + to_dock[:, last].astype(int)
        backward = int(table.to(last)[cell]) + between + to_dock[:, first].astype(int)
        steps = np.minimum(forward, backward)
        return steps * self.site.scenario.step_s, backward < forward

    def _spread(
        self,
        trip: Trip,
        best: int,
        near: NDArray[np.intp],
        load_s: NDArray[np.float64],
    ) -> tuple[Drop, ...]:
        """Divide the orders of a trip among a few stations near each other."""
        orders = np.array(trip.orders)
        if len(orders) == 1 or len(near) == 1 or self._queue_weight == 0.0:
            return (Drop(best, trip.orders),)
        problem = StationProblem(
            work_s=np.array([trip.pack_s[order] for order in trip.orders]),
            ready_s=np.zeros(len(orders)),
            due_s=np.full(len(orders), np.inf),
            travel=np.tile(self._hop_s[best, near], (len(orders), 1)),
            load_s=load_s[near],
            packers=self.queues.packers[near],
        )
        params = StationParams(
            exact_pairs=0, travel_weight=1.0 / (len(orders) * self._queue_weight)
        )
        choice = solve(problem, params=params).solution
        assert choice is not None  # any station can take any order
        chosen = near[choice.station]
        return self.in_turn(best, dict(zip(trip.orders, chosen.tolist(), strict=True)))

    def in_turn(self, first: int, station_of: dict[int, int]) -> tuple[Drop, ...]:
        """Drops of some orders: from a station on, always to the nearest one left."""
        drops, at, left = [], first, set(station_of.values())
        while left:
            at = min(left, key=lambda s: (self._hop_s[at, s], s))
            left.remove(at)
            mine = sorted(order for order, s in station_of.items() if s == at)
            drops.append(Drop(at, tuple(mine)))
        return tuple(drops)
