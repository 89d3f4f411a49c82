"""The clock: orders come in, robots take trips, trips end at stations."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from solvers.fulfilment.dispatch import Dispatcher, Mission
from solvers.fulfilment.params import FulfilmentParams
from solvers.fulfilment.policy import Policy
from solvers.fulfilment.reserve import Reserved, StockLedger
from solvers.fulfilment.site import Site
from solvers.fulfilment.trips import Picks, Trip, pick_steps
from solvers.mapf.motion import Motion

TripMaker = Callable[[Picks, list[int], Policy], list[Trip]]


@dataclass(frozen=True, slots=True)
class Served:
    """A mission that was carried out, with the timesteps of its services."""

    mission: Mission
    cells: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]


@dataclass(slots=True)
class Record:
    """All that happened in one run of the loop."""

    motion: Motion
    served: list[Served] = field(default_factory=list)
    reserved: list[Reserved] = field(default_factory=list)
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
    make_trips : callable
        Batches some orders into trips.
    out_of_time : callable
        True when no further trips may be given out; those under way are finished.
    motion : Motion
        The fleet at timestep 0.
    """

    def __init__(
        self,
        site: Site,
        params: FulfilmentParams,
        policy: Policy,
        make_trips: TripMaker,
        out_of_time: Callable[[], bool],
        motion: Motion,
    ) -> None:
        scenario = site.scenario
        self.site = site
        self.policy = policy
        self.slots = policy.slots
        self.make_trips = make_trips
        self.out_of_time = out_of_time
        self.ledger = StockLedger(site, params.partial)
        self.dispatcher = Dispatcher(site, policy)
        self.motion = motion
        self.record = Record(self.motion)
        self.picks = Picks()
        self.pool: list[Trip] = []
        self.unbatched: list[int] = []
        self.missions: dict[int, tuple[Mission, int]] = {}
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
            t = self.motion.t
            until = t + 200
            if len(self.to_come):
                until = min(until, int(self.release_step[self.to_come[0]]))
            finished = self.motion.advance(max(until, t + 1))
            for robot in finished.tolist():
                self._finish(robot)
                quiet_since = self.motion.t
            if self.missions and self.motion.t - quiet_since > self.patience:
                self.record.stalled = True
                return self.record
            if not self.missions:
                quiet_since = self.motion.t

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
        reserved = self.ledger.reserve(np.sort(orders))
        self.record.reserved.append(reserved)
        self.picks.add(self.site, reserved, self.ledger.stands)
        self.unbatched += [o for o in sorted(orders.tolist()) if self.picks.of_order[o]]

    def _dispatch(self) -> None:
        free = [r for r in range(self.motion.robots) if r not in self.missions]
        if not free:
            return
        if self.out_of_time():
            self.record.closed_early = True
        if self.record.closed_early:
            return
        if self.unbatched:
            orders = [o for trip in self.pool for o in trip.orders] + self.unbatched
            self.pool = self.make_trips(self.picks, sorted(orders), self.policy)
            self.unbatched = []
        if not self.pool:
            return
        self._spread_last_orders(len(free))
        position, t = self.motion.position, self.motion.t
        given = set()
        for robot, trip in self.dispatcher.choose(free, position, self.pool, t):
            mission = self.dispatcher.mission(robot, trip, int(position[robot]), t)
            if self._send(mission):
                given.add(id(trip))
        self.pool = [trip for trip in self.pool if id(trip) not in given]

    def _spread_last_orders(self, free: int) -> None:
        """Make trips smaller when there are fewer of them than robots to take them."""
        soon = self.motion.t + self.dispatcher.usual_steps(self.pool)
        takers = free + sum(
            self.motion.free_at(robot) <= soon for robot in self.missions
        )
        orders = [order for trip in self.pool for order in trip.orders]
        slots = max(1, -(-len(orders) // takers))
        if slots < self.slots and slots <= 0.75 * self.slots:
            self.slots = slots
            policy = replace(self.policy, slots=slots)
            self.pool = self.make_trips(self.picks, sorted(orders), policy)

    def _send(self, mission: Mission) -> bool:
        scenario = self.site.scenario
        trip = mission.trip
        steps = [pick_steps(self.site, trip.picks[cell]) for cell in mission.tour]
        steps.append(scenario.drop_steps(len(trip.orders)))
        cells = [*mission.tour, int(self.site.docks[mission.station])]
        order = self.motion.send(mission.robot, cells, steps)
        if order is None:
            return False
        tour = tuple(cells[k] for k in order[:-1])
        arrival_s = self.motion.free_at(mission.robot) * scenario.step_s
        mission = replace(mission, tour=tour, arrival_s=arrival_s)
        self.dispatcher.expect(mission)
        self.missions[mission.robot] = (mission, self.motion.t)
        return True

    def _finish(self, robot: int) -> None:
        mission, started = self.missions.pop(robot)
        start, end = self.motion.services(robot)
        dock = int(self.site.docks[mission.station])
        cells = np.array([*mission.tour, dock], np.int32)
        self.record.served.append(Served(mission, cells, start, end))
        self.dispatcher.arrived(mission, started, self.motion.t)
