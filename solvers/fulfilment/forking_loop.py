"""The fulfilment loop of a fleet that has its floor to itself: it can be run again."""

from copy import copy
from dataclasses import replace
from typing import Final

import numpy as np

from solvers.fulfilment.dispatch import Offer
from solvers.fulfilment.drop_off import DropOff
from solvers.fulfilment.loop import Loop, stops_of
from solvers.fulfilment.policy import Policy
from solvers.fulfilment.trips import Picks, Trip
from solvers.mapf.fleet.motion import ForkableMotion
from solvers.mapf.fleet.sipp import NEVER

CHECKPOINTS: Final = (0.45, 0.65, 0.8)
"""Shares of the orders given out after which a run can be taken up again."""


class ForkingLoop(Loop):
    """A run that can be taken up again on its way, with paths that are improved.

    Attributes
    ----------
    replanning : int
        See `FulfilmentParams`.
    checkpoints : tuple of ForkingLoop
        Where this run stood, a few times on its way.
    turned : frozenset of int
        Robots that have picked all they are to pick.
    """

    motion: ForkableMotion
    replanning: int = 0
    checkpoints: tuple["ForkingLoop", ...] = ()
    turned: frozenset[int] = frozenset()

    def fork(self, policy: Policy, replanning: int) -> "ForkingLoop":
        """A copy that goes on from here with a policy of its own."""
        fork = copy(self)
        fork.replanning = replanning
        fork.policy = policy
        fork.ledger = self.ledger.fork()
        fork.queues = self.queues.fork()
        fork.dispatcher = self.dispatcher.fork(policy)
        fork.drop_off = DropOff(self.site, policy, fork.queues)
        fork.motion = self.motion.fork()
        fork.record = replace(
            self.record,
            served=self.record.served.copy(),
            reserved=self.record.reserved.copy(),
            closed=self.record.closed.copy(),
        )
        fork.picks = Picks(self.picks.of_order.copy())
        fork.pool = self.pool.copy()
        fork.unbatched = self.unbatched.copy()
        fork.missions = self.missions.copy()
        fork.refused = self.refused.copy()
        return fork

    def _give_trips(self, free: list[int], first_cut: bool) -> bool:
        self._keep_checkpoint(1.0 - self._waiting())
        some_set_out = super()._give_trips(free, first_cut)
        if some_set_out:
            self.motion.improve(self.replanning)
        return some_set_out

    def _until(self) -> int:
        turns_at = self.motion.turns_at()
        turns_at[sorted(self.turned)] = NEVER
        return min(super()._until(), int(turns_at.min()))

    def _dispatch(self) -> None:
        self._choose_stations_again()
        super()._dispatch()

    def _choose_stations_again(self) -> None:
        """Choose stations anew for robots that have just picked all they are to pick.

        When they set out it was not known yet what others would bring in the meantime.
        """
        have_picked = np.flatnonzero(self.motion.turns_at() <= self.motion.t)
        just_now = sorted(set(have_picked.tolist()) - self.turned)
        if just_now:
            self._look_ahead()
        for robot in just_now:
            before, started = self.missions[robot]
            after = self.drop_off.again(
                before,
                int(self.motion.position[robot]),
                self.motion.t * self.site.scenario.step_s,
                self.turned,
            )
            self.turned |= {robot}
            if after.drops == before.drops:
                continue
            cells, steps = stops_of(self.site, after)
            picks = len(after.tour)
            if self.motion.redirect(robot, cells[picks:], steps[picks:]):
                self.missions[robot] = after, started
                self._expect(after)

    def _finish(self, robot: int) -> None:
        super()._finish(robot)
        self.turned -= {robot}

    def _choice(self, offer: Offer, gone: set[int]) -> Trip:
        """The trip that others' paths hold up least, by what it is worth."""
        some = [
            (trip, worth_s)
            for trip, worth_s in zip(offer.trips, offer.worth_s, strict=True)
            if id(trip) not in gone
        ]
        if len(some) > 1:
            some.sort(key=lambda one: self._longer_s(offer.robot, one[0]) - one[1])
        return some[0][0]

    def _longer_s(self, robot: int, trip: Trip) -> float:
        """Seconds that a trip would take now, beyond what it takes usually."""
        mission = self._to_docks(robot, trip, spread=False)
        cells, steps = stops_of(self.site, mission)
        end = self.motion.would_end(robot, cells, steps, fixed=len(mission.drops))
        took_s = (end - self.motion.t) * self.site.scenario.step_s
        return took_s - self.dispatcher.duration_s(trip)

    def _keep_checkpoint(self, done: float) -> None:
        """Remember where this run stands, a few times on its way."""
        if len(self.checkpoints) == len(CHECKPOINTS):
            return
        if done >= CHECKPOINTS[len(self.checkpoints)]:
            self.checkpoints += (self.fork(self.policy, self.replanning),)
