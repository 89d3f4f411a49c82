"""The clock: orders come in, robots take trips, trips end at stations."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from solvers.fulfilment.closing import split_pool, split_trip
from solvers.fulfilment.decided import Decided
from solvers.fulfilment.dispatch import Dispatcher, Offer
from solvers.fulfilment.drop_off import DropOff
from solvers.fulfilment.mission import Drop, Mission
from solvers.fulfilment.params import FulfilmentParams
from solvers.fulfilment.policy import Policy
from solvers.fulfilment.reserve import Reserved, StockLedger
from solvers.fulfilment.site import Site
from solvers.fulfilment.station_queues import Coming
from solvers.fulfilment.trips import Picks, Trip, pick_steps
from solvers.mapf.fleet.motion import Motion

END = 0.2
"""Share of the orders that is left when a run comes to its end."""

PAUSE = 25
"""Timesteps after which a robot that found no way tries again, doubled each time."""


@dataclass(frozen=True, slots=True)
class Served:
    """A mission that was carried out, with the timesteps of its services."""

    mission: Mission
    cells: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]

    def dropped(self) -> Iterator[tuple[Drop, int]]:
        """Each drop with the timestep at which it was over."""
        first = len(self.mission.tour)
        yield from zip(self.mission.drops, self.end[first:].tolist(), strict=True)


@dataclass(slots=True)
class Record:
    """All that happened in one run of the loop.

    ``closed`` are orders that could not be packed any more within the shifts.
    """

    served: list[Served] = field(default_factory=list)
    reserved: list[Reserved] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    stalled: bool = False
    closed_early: bool = False


class Loop:
    """One run from the first timestep to the last delivery.

    No decision looks at an order before its release.

    Parameters
    ----------
    site : Site
    params : FulfilmentParams
    policy : Policy
    decided : Decided
        Reserves stock and batches orders into trips.
    out_of_time : callable
        True when no further trips may be given out; those under way are finished.
    motion : Motion
        The fleet at timestep 0.
    drop_off : DropOff
        Chooses stations, all of them without work as yet.
    """

    def __init__(
        self,
        site: Site,
        params: FulfilmentParams,
        policy: Policy,
        decided: Decided,
        out_of_time: Callable[[], bool],
        motion: Motion,
        drop_off: DropOff,
    ) -> None:
        scenario = site.scenario
        self.site = site
        self.policy = policy
        self.slots = policy.slots
        self.decided = decided
        self.out_of_time = out_of_time
        self.ledger = StockLedger(site, params)
        self.dispatcher = Dispatcher(site, policy)
        self.drop_off = drop_off
        self.queues = drop_off.queues
        self.motion = motion
        self.record = Record()
        self.picks = Picks()
        self.pool: list[Trip] = []
        self.unbatched: list[int] = []
        self.missions: dict[int, tuple[Mission, int]] = {}
        # How often a robot found no way, and when it is to try again.
        self.refused: dict[int, tuple[int, int]] = {}
        release = np.ceil(scenario.orders.release_s / scenario.step_s - 1e-9)
        self.release_step = release.astype(np.int64)
        self.to_come = np.argsort(self.release_step, kind="stable").astype(np.int32)
        # Longest wait without any delivery before a run counts as stalled.
        self.patience = 50 * (site.grid.height + site.grid.width) + 5000

    def run(self) -> Record:
        """Serve all orders, or as many as time allows."""
        quiet_since = 0
        while True:
            self._release()
            self._dispatch()
            if not self.missions:
                if not self._work_left():
                    return self.record
                if self.pool and len(self.to_come) == 0:
                    # All robots are free, and none of them can go.
                    self.record.stalled = True
                    return self.record
            finished = self.motion.advance(max(self._until(), self.motion.t + 1))
            for robot in finished.tolist():
                self._finish(robot)
                quiet_since = self.motion.t
            quiet = self.motion.t - quiet_since if self.missions else 0
            if quiet > self.patience and quiet > self._patience():
                self.record.stalled = True
                return self.record
            if not self.missions:
                quiet_since = self.motion.t

    def _until(self) -> int:
        """The timestep at which something is to be decided, at the latest."""
        until = self.motion.t + 200
        if len(self.to_come):
            until = min(until, int(self.release_step[self.to_come[0]]))
        return until

    def _patience(self) -> int:
        """Timesteps without any delivery after which robots are in each other's way."""
        standing = [sum(stops_of(self.site, m)[1]) for m, _ in self.missions.values()]
        return self.patience + max(standing)

    def _work_left(self) -> bool:
        if self.record.closed_early:
            return False
        return bool(self.pool or self.unbatched or len(self.to_come))

    def _release(self) -> None:
        due = int(
            np.searchsorted(self.release_step[self.to_come], self.motion.t, "right")
        )
        if due == 0 or self.record.closed_early:
            return
        orders, self.to_come = self.to_come[:due], self.to_come[due:]
        reserved = self.decided.reserve(self.ledger, np.sort(orders))
        self.record.reserved.append(reserved)
        self.picks.add(self.site, reserved, self.ledger.stands)
        self.unbatched += [o for o in sorted(orders.tolist()) if self.picks.of_order[o]]

    def _dispatch(self) -> None:
        free = self._free_robots()
        if not free:
            return
        if self.out_of_time():
            self.record.closed_early = True
        if self.record.closed_early:
            return
        first_cut = False
        if self.unbatched:
            orders = [o for trip in self.pool for o in trip.orders] + self.unbatched
            self.pool = self._make_trips(orders, self.policy)
            self.unbatched = []
            if self.out_of_time():
                self.record.closed_early = True
                return
            first_cut = self.motion.t == 0 and self._cut_first_trips()
        self._close_trips()
        while self.pool:
            trips = len(self.pool)
            if self._give_trips(free, first_cut) or len(self.pool) == trips:
                break
            self._close_trips()  # those that were chosen had been too late

    def _give_trips(self, free: list[int], first_cut: bool) -> bool:
        """Let robots without a mission take trips; whether any set out."""
        self._look_ahead()
        if not first_cut:
            self._spread_last_orders(len(free))
        position, t = self.motion.position, self.motion.t
        now_s = t * self.site.scenario.step_s
        gone, some_set_out = set[int](), False
        for offer in self.dispatcher.choose(free, position, self.pool, t):
            if self.out_of_time():
                self.record.closed_early = True
                break
            chosen = self._choice(offer, gone)
            trip = self._in_shifts(chosen, now_s)
            if trip is None:
                gone.add(id(chosen))
            elif self._send(self._to_docks(offer.robot, trip)):
                some_set_out = True
                gone.add(id(chosen))
                self.refused.pop(offer.robot, None)
            else:
                tries = self.refused.get(offer.robot, (0, 0))[0] + 1
                self.refused[offer.robot] = tries, t + PAUSE * 2 ** min(tries, 6)
        self.pool = [trip for trip in self.pool if id(trip) not in gone]
        return some_set_out

    def _look_ahead(self) -> None:
        """Say how much is left to those who choose stations."""
        self.drop_off.ending = len(self.to_come) == 0 and self._waiting() < END
        self.drop_off.left_s = 0.0
        if self.pool:
            rounds = len(self.pool) / self.motion.robots
            steps = self.dispatcher.usual_steps(self.pool)
            self.drop_off.left_s = rounds * steps * self.site.scenario.step_s

    def _choice(self, offer: Offer, gone: set[int]) -> Trip:
        """The trip that a robot takes; ``gone`` are identities of those just taken."""
        return offer.trips[0]

    def _to_docks(self, robot: int, trip: Trip, *, spread: bool = True) -> Mission:
        """A trip that a robot takes now, with the docks where it ends."""
        return self.drop_off.mission(
            robot,
            trip,
            int(self.motion.position[robot]),
            self.motion.t * self.site.scenario.step_s,
            self.dispatcher.slowness,
            spread=spread,
        )

    def _close_trips(self) -> None:
        """Take trips out of the pool of which no packer has time for any order."""
        people = self.site.people
        if people is None or not people.hours.closes or not self.pool:
            return
        took_s = np.array([self.dispatcher.duration_s(trip) for trip in self.pool])
        now_s = self.motion.t * self.site.scenario.step_s
        arrival_s = (now_s + took_s)[:, None]
        room_s = self.queues.room_s(self.queues.ends_s(), arrival_s)
        self.pool, late = split_pool(people, self.pool, room_s)
        self.record.closed += late

    def _in_shifts(self, trip: Trip, now_s: float) -> Trip | None:
        """The trip without orders that packers have no time for; None without any."""
        people = self.site.people
        if people is None or not people.hours.closes:
            return trip
        arrival_s = np.array([[now_s + self.dispatcher.duration_s(trip)]])
        [room_s] = self.queues.room_s(self.queues.ends_s(), arrival_s)
        left, late = split_trip(self.site, people, self.picks, trip, room_s)
        self.record.closed += late
        return left

    def _waiting(self) -> float:
        """Share of all orders that are in trips which no robot has taken yet."""
        waiting = sum(len(trip.orders) for trip in self.pool)
        return waiting / len(self.site.scenario.orders)

    def _make_trips(self, orders: list[int], policy: Policy) -> list[Trip]:
        now_s = self.motion.t * self.site.scenario.step_s
        return self.decided.make_trips(self.picks, sorted(orders), policy, now_s)

    def _cut_first_trips(self) -> bool:
        """Cut the shortest trips small, one for each starter: packers wait for them.

        Returns whether any was cut.
        """
        policy = self.policy
        size = policy.slots
        if policy.starter_slots is not None:
            size = min(size, policy.starter_slots)
        starters = round(policy.starters * self.motion.robots)
        count = starters * size // policy.slots
        if size == policy.slots or count == 0:
            return False
        by_length = sorted(self.pool, key=self.dispatcher.duration_s)
        orders = [order for trip in by_length[:count] for order in trip.orders]
        small = replace(policy, slots=size)
        self.pool = by_length[count:] + self._make_trips(orders, small)
        return True

    def _free_robots(self) -> list[int]:
        """Robots without a mission; those that found no way are left for a while."""
        t = self.motion.t
        return [
            robot
            for robot in range(self.motion.robots)
            if robot not in self.missions
            and (not self.missions or self.refused.get(robot, (0, 0))[1] <= t)
        ]

    def _spread_last_orders(self, free: int) -> None:
        """Make trips smaller when there are fewer of them than robots to take them."""
        soon = self.motion.t + self.dispatcher.usual_steps(self.pool)
        takers = free + sum(
            self.motion.free_at(robot) <= soon for robot in self.missions
        )
        orders = [order for trip in self.pool for order in trip.orders]
        slots = max(1, -(-len(orders) // takers))
        slots = max(slots, self.policy.least_slots)
        if slots < self.slots and slots <= 0.75 * self.slots:
            self.slots = slots
            policy = replace(self.policy, slots=slots)
            self.pool = self._make_trips(orders, policy)

    def _send(self, mission: Mission) -> bool:
        """Let a robot without a mission set out; False if it has no way."""
        cells, steps = stops_of(self.site, mission)
        if not self.motion.send(mission.robot, cells, steps, fixed=len(mission.drops)):
            return False
        self._expect(mission)
        self.missions[mission.robot] = (mission, self.motion.t)
        return True

    def _expect(self, mission: Mission) -> None:
        """Let stations expect what a robot will hand over."""
        when_s = self.motion.free_at(mission.robot) * self.site.scenario.step_s
        self.queues.expect(
            mission.robot, [self._coming(when_s, mission, d) for d in mission.drops]
        )

    def _coming(self, when_s: float, mission: Mission, drop: Drop) -> Coming:
        """What a drop brings to its station."""
        pack_s = {order: mission.trip.pack_s[order] for order in drop.orders}
        return self.queues.coming(when_s, drop.station, pack_s)

    def _finish(self, robot: int) -> None:
        mission, started = self.missions.pop(robot)
        start, end = self.motion.services(robot)
        order = self.motion.order(robot)
        cells = np.array(stops_of(self.site, mission)[0], np.int32)[order]
        mission = replace(mission, tour=tuple(cells[: len(mission.tour)].tolist()))
        served = Served(mission, cells, start, end)
        self.record.served.append(served)
        step_s = self.site.scenario.step_s
        self.queues.arrived(
            robot,
            [self._coming(t * step_s, mission, drop) for drop, t in served.dropped()],
        )
        self.dispatcher.learn(mission.trip, self.motion.t - started)


def stops_of(site: Site, mission: Mission) -> tuple[list[int], list[int]]:
    """Cells at which a mission stops, in order, and timesteps of standing there."""
    trip, drops = mission.trip, mission.drops
    cells = [*mission.tour, *(int(site.docks[drop.station]) for drop in drops)]
    steps = [pick_steps(site, trip.picks[cell]) for cell in mission.tour]
    steps += [site.scenario.drop_steps(len(drop.orders)) for drop in drops]
    return cells, steps
