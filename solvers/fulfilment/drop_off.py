"""Where a trip ends: which stations pack its orders, and in which direction it runs."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.fulfilment.mission import Drop, Mission
from solvers.fulfilment.policy import Policy, QueueWeights
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


class Outlook(NamedTuple):
    """What a trip would find at each station, arrays of shape (stations,).

    Parameters
    ----------
    weights : QueueWeights
    now_s : float
    travel_s, arrival_s : ndarray of float64
        The way there, and when its orders would be there.
    robots : frozenset of int, optional
        Whose deliveries count; by default those of all that are under way.
    """

    weights: QueueWeights
    now_s: float
    travel_s: NDArray[np.float64]
    arrival_s: NDArray[np.float64]
    robots: frozenset[int] | None = None


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
        """Seconds until all trips that no robot has taken yet are over, about: so long
        queues may be long."""
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
        outlook = Outlook(self.policy.queues, now_s, travel_s, arrival_s)
        best, drops = self._drops(trip, outlook, spread=spread)
        tour = trip.tour[::-1] if backward[best] else trip.tour
        return self._with_fixed(Mission(robot, trip, tour, drops))

    def again(
        self, mission: Mission, cell: int, now_s: float, robots: frozenset[int]
    ) -> Mission:
        """Choose stations anew when all is picked.

        Parameters
        ----------
        mission : Mission
        cell : int
            Where the robot is.
        now_s : float
        robots : frozenset of int
            Those who have picked all before: it is known what they bring, and where.
        """
        trip, scenario = mission.trip, self.site.scenario
        travel_s = self.site.table.data[self._rows, cell] * scenario.step_s
        standing_s = scenario.drop_steps(len(trip.orders)) * scenario.step_s
        arrival_s = now_s + standing_s + travel_s
        weights = self.policy.queues_again
        outlook = Outlook(weights, now_s, travel_s, arrival_s, robots)
        _, drops = self._drops(trip, outlook, spread=True)
        return self._with_fixed(replace(mission, drops=drops))

    def _drops(
        self, trip: Trip, outlook: Outlook, *, spread: bool
    ) -> tuple[int, tuple[Drop, ...]]:
        """The best station for a trip, and where its orders go.

        Parameters
        ----------
        trip : Trip
        outlook : Outlook
        spread : bool
            Whether the orders may be spread.
        """
        arrival_s = outlook.arrival_s
        work_s = sum(trip.pack_s.values())
        ends_s = self.queues.ends_s(robots=outlook.robots)
        [room_s] = self.queues.room_s(ends_s, arrival_s[None])
        ends_s = self.queues.begin_s(ends_s, arrival_s, work_s)
        queue_s = np.maximum(0.0, ends_s - arrival_s)
        left_s = np.maximum(0.0, self.left_s - (arrival_s - outlook.now_s))
        harmless_s = outlook.weights.tolerance * left_s
        tolerated_s = np.minimum(queue_s, harmless_s)
        cost = self._cost_s(trip, outlook, queue_s, tolerated_s, room_s)
        best = int((outlook.travel_s + cost).argmin())
        # Going on from the best station to another costs a way of its own.
        detour = self._hop_s[best] + cost
        drops: tuple[Drop, ...] = (Drop(best, trip.orders),)
        weight = self._queue_weight(outlook.weights)
        if spread and weight > 0.0 and queue_s[best] + work_s > harmless_s[best]:
            load_s = np.maximum(0.0, ends_s - arrival_s[best] - tolerated_s[best])
            near = self._near(best, detour)
            drops = self._spread(trip, best, near, load_s, weight)
        return best, self._to_able(trip, drops, best, detour, room_s)

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
        outlook: Outlook,
        queue_s: NDArray[np.float64],
        tolerated_s: NDArray[np.float64],
        room_s: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Seconds of driving that queues, lateness and skills at a station are worth.

        Parameters
        ----------
        trip : Trip
        outlook : Outlook
        queue_s, tolerated_s, room_s : ndarray of float64, shape (stations,)
            How long it waits, how much of that costs little, and how much work there
            is time for.
        """
        weights = outlook.weights
        cost = self._queue_weight(weights) * (queue_s - tolerated_s)
        cost = cost + weights.short * tolerated_s
        if self.policy.due_weight:
            urgent_s = self.queues.ends_s(trip.due_s, outlook.robots)
            cost = cost + self._lateness_s(
                trip, np.maximum(urgent_s, outlook.arrival_s)
            )
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

    def _queue_weight(self, weights: QueueWeights) -> float:
        if self.left_s == 0.0:
            return weights.last
        return weights.ending if self.ending else weights.usual

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
        weight: float,
    ) -> tuple[Drop, ...]:
        """Divide the orders of a trip among a few stations near each other.

        Parameters
        ----------
        trip : Trip
        best : int
            The first station.
        near : ndarray of int
            Stations to choose from.
        load_s : ndarray of float64, shape (stations,)
            What they have to pack before.
        weight : float
            Seconds of driving that a second is worth by which orders are packed
            sooner.
        """
        orders = np.array(trip.orders)
        if len(orders) == 1 or len(near) == 1:
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
            exact_pairs=0, travel_weight=1.0 / (len(orders) * weight)
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
