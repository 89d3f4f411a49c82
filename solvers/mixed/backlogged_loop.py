"""The clock of robots with totes where orders become known as others are begun."""

from collections.abc import Callable

import numpy as np

from solvers.fulfilment.decided import Decided
from solvers.fulfilment.drop_off import DropOff
from solvers.fulfilment.loop import Loop
from solvers.fulfilment.mission import Mission
from solvers.fulfilment.params import FulfilmentParams
from solvers.fulfilment.policy import Policy
from solvers.fulfilment.ride_limits import too_heavy
from solvers.fulfilment.site import Site
from solvers.mapf.fleet.motion import Motion
from solvers.mixed.demand import Demand
from solvers.mixed.sides import Side, with_units
from solvers.mixed.tote_robots import ToteRobots


class BackloggedLoop(Loop):
    """One run in which `Demand` says what is released; it ends when time does.

    Parameters
    ----------
    site, params, policy, decided, out_of_time, motion, drop_off
        As for `Loop`.
    totes : Side
        Of which the site is.
    robots : ToteRobots
        They are busy while there is something to fetch.
    demand : Demand
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
        *,
        totes: Side,
        robots: ToteRobots,
        demand: Demand,
    ) -> None:
        super().__init__(site, params, policy, decided, out_of_time, motion, drop_off)
        self.to_come = np.zeros(0, np.int32)
        self._totes, self._robots, self._demand = totes, robots, demand

    def _release(self) -> None:
        fresh = self._demand.take_fresh()
        if not fresh:
            return
        units = self._demand.shares.table["racks"]
        self.site.scenario = with_units(self._totes, units).scenario
        self.ledger.too_heavy = too_heavy(self.site.scenario)
        self.to_come = np.append(self.to_come, np.array(fresh, np.int32))
        super()._release()
        for order in fresh:
            if not self.picks.of_order[order]:
                self._demand.leave_out(order)

    def _dispatch(self) -> None:
        super()._dispatch()
        self._robots.busy = bool(self.missions or self.pool or self.unbatched)

    def _work_left(self) -> bool:
        return not self.record.closed_early

    def _waiting(self) -> float:
        """Share of all orders that no robot has taken, those not known among them."""
        return super()._waiting() + self._demand.unknown_share

    def _send(self, mission: Mission) -> bool:
        sent = super()._send(mission)
        errand = self._robots.errands[mission.robot]
        if sent and errand is not None:
            self._demand.fetched(errand, mission.trip.orders)
        return sent
