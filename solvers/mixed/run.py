"""One run: what is shared out is brought, by both kinds of robots at once."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.fulfilment.decided import Decided
from solvers.fulfilment.loop import Loop
from solvers.fulfilment.params import FulfilmentParams
from solvers.fulfilment.policy import Policy
from solvers.fulfilment.record import PackedRecord
from solvers.fulfilment.site import Site
from solvers.fulfilment.station_queues import StationQueues
from solvers.mixed.admission import Admission, name_dead_ends
from solvers.mixed.backlogged_loop import BackloggedLoop
from solvers.mixed.bound import bound_of
from solvers.mixed.demand import Demand
from solvers.mixed.parts_together import Meetings, PartsTogether
from solvers.mixed.record import (
    Ended,
    PackedBesidePods,
    picked_work,
    to_plan,
    with_stays,
)
from solvers.mixed.shared_motion import ClockStoppedError, SharedMotion
from solvers.mixed.sharing import Shares
from solvers.mixed.sides import side_of, with_units
from solvers.mixed.tote_batteries import ToteBatteries
from solvers.mixed.tote_robots import ToteRobots
from solvers.pods.arrays import DONE, PICKS
from solvers.pods.params import PodParams
from solvers.pods.reserve import Reserve
from solvers.pods.simulate import Simulation
from solvers.pods.ways import Ways
from warehouse.plan import Plan, UnservedReason
from warehouse.scenario import RobotKind, Scenario


@dataclass(frozen=True, slots=True)
class Call:
    """What all runs of one call have in common.

    Parameters
    ----------
    scenario : Scenario
        With robots of both kinds.
    ways : Ways
        Of the whole site.
    seed : int
    reserve : Reserve
        Time before the deadline that is kept.
    stopped : callable
        Whether planning is to be stopped.
    tell : callable
        Is told which share is done, and in a few words what is being done.
    """

    scenario: Scenario
    ways: Ways
    seed: int
    reserve: Reserve
    stopped: Callable[[], bool]
    tell: Callable[[float, str], None]


class Run:
    """One run of both kinds of robots, to the end.

    Parameters
    ----------
    call : Call
    shares : Shares or Demand
        What comes from racks, and what from pods; or what shares orders out as they
        become known.
    policy : Policy
        By which robots with totes get their trips.
    """

    def __init__(self, call: Call, shares: Shares | Demand, policy: Policy) -> None:
        self.call = call
        self.policy = policy
        self.demand = shares if isinstance(shares, Demand) else None
        self.shares = shares.shares if isinstance(shares, Demand) else shares
        of_racks, of_pods = self.shares.table["racks"], self.shares.table["pods"]
        if self.demand is not None:
            of_racks = of_pods = call.scenario.orders.line_quantity
        self.totes = side_of(call.scenario, RobotKind.TOTE, of_racks)
        self.pods = side_of(call.scenario, RobotKind.POD, of_pods)
        self.site = Site(self.totes.scenario)
        homes = call.ways.floor.at(self.totes.scenario.fleet.start_cells)
        admission = Admission(name_dead_ends(self.site.grid, call.ways))
        self.batteries = self._make_batteries()
        self.robots = ToteRobots(homes, admission, self.batteries, self.demand)
        pods = self.pods.scenario.pods
        assert pods is not None  # the side of pods has them
        self.simulation = Simulation(
            self.pods.scenario, pods, PodParams(), call.seed, call.ways, self.robots
        )
        self.loop = self._make_loop()
        self._go()
        self._sum_up()

    def _make_batteries(self) -> ToteBatteries | None:
        """Batteries of robots with totes, if there are any."""
        battery = self.totes.scenario.fleet.battery
        if battery is None:
            return None
        cell_of, table = self.call.ways.floor.cell_of, self.site.table

        def steps_between(vertex: int, other: int) -> int:
            return int(table.to(int(cell_of[other]))[cell_of[vertex]])

        level_wh = np.full(len(self.totes.robots), battery.start_wh)
        return ToteBatteries(self.call.ways, steps_between, level_wh)

    def _make_loop(self) -> Loop:
        call, site, demand = self.call, self.site, self.demand
        params = FulfilmentParams()
        motion = SharedMotion(
            site, self.robots, self.simulation, call.stopped, self._moving
        )
        decided = Decided(
            site,
            params,
            call.seed,
            call.reserve.deadline,
            call.stopped,
            lambda words: call.tell(0.0, words),
        )
        queues = StationQueues(site)
        stations = self._meetings().station_of
        drop_off = PartsTogether(site, self.policy, queues, stations)
        parts = (site, params, self.policy, decided, call.stopped, motion, drop_off)
        if demand is None:
            return Loop(*parts)
        demand.hide(self.simulation.site)
        return BackloggedLoop(
            *parts, totes=self.totes, robots=self.robots, demand=demand
        )

    def _meetings(self) -> Meetings:
        """Stations for the parts of orders that both sides bring, as far as known."""
        if self.demand is not None:
            return self.demand.meetings
        meetings = Meetings(len(self.call.scenario.stations))
        _, in_totes, in_pods = np.intersect1d(
            self.totes.orders, self.pods.orders, return_indices=True
        )
        for pair in zip(in_totes.tolist(), in_pods.tolist(), strict=True):
            meetings.fix(self.simulation.site.orders, *pair)
        return meetings

    def _moving(self, share: float) -> None:
        picks = len(self.loop.record.served)
        picks += int(self.simulation.site.record.used[PICKS])
        self.call.reserve.measure(picks, self._write)
        self.call.tell(share, "moving")

    def _write(self) -> None:
        """Do what takes long of writing a plan of this run down."""
        self._sum_up()
        bound_of(self.call.scenario, self.packed.tables()[1], self.work.picks)

    def _sum_up(self) -> None:
        """See what was picked from pods, and pack what is there from racks."""
        if self.demand is not None:
            table = self.shares.table
            self.pods = with_units(self.pods, table["pods"])
            self.site.scenario = with_units(self.totes, table["racks"]).scenario
        self.work = picked_work(self.pods, self.simulation)
        if self.batteries is not None:
            stays = self.batteries.stays_until(self.simulation.t)
            self.work = with_stays(self.work, self.totes, self.simulation, stays)
        self._picked_s = self._last_picks_s()
        self.packed = PackedBesidePods(
            self.site,
            self.loop.record,
            self.call.seed,
            self._picked_s[self.totes.orders],
        )

    def _go(self) -> None:
        """Serve all orders, or as many as time allows."""
        if not self.call.stopped():
            with suppress(ClockStoppedError):
                self.loop.run()
        self.robots.busy = False
        if self.demand is not None:
            self.demand.close()
        while not self._is_over() and self.simulation.go_on(
            self.call.stopped, self._moving
        ):
            pass

    def _is_over(self) -> bool:
        """Whether no order is left to those who go on where robots with totes stand."""
        return self._ended_early and self.simulation.is_idle

    @property
    def _ended_early(self) -> bool:
        """Whether orders were left unknown, as robots with totes bar each other."""
        return self.demand is not None and self.loop.record.stalled

    @property
    def ended(self) -> Ended:
        """Why what is not served is not, where the stock would have covered it."""
        simulation = self.simulation
        reason = UnservedReason.HORIZON
        if simulation.stopped:
            reason = UnservedReason.INTERRUPTED
        elif (
            simulation.stalled
            or self._ended_early
            or (simulation.starved and self.robots.at_work)
        ):
            reason = UnservedReason.BLOCKED
        starved = simulation.starved
        return Ended(reason, UnservedReason.NO_ROOM if starved else reason)

    @property
    def undone(self) -> int:
        """Parts of orders, from racks or from pods, that were not brought whole."""
        left = np.count_nonzero(self.simulation.site.orders.state != DONE)
        return int(left) + len(self.totes.orders) - len(self.packed.orders)

    @property
    def makespan_s(self) -> float:
        """When the last order is done."""
        return max(self.packed.makespan_s, float(self._picked_s.max(initial=0.0)))

    def ends_s(self) -> NDArray[np.float64]:
        """When racks and pods were done, had none waited for the other, shape (2,)."""
        alone = PackedRecord(self.site, self.loop.record, "throughput", self.call.seed)
        return np.array([alone.makespan_s, self._picked_s.max(initial=0.0)])

    def _last_picks_s(self) -> NDArray[np.float64]:
        """When the last unit of each order of the site was picked from a pod, or 0."""
        given = self.call.scenario.orders
        picked_s = np.zeros(len(given))
        order = given.line_order[self.work.picks["line"]]
        np.maximum.at(picked_s, order, self.work.picks["end_s"])
        return picked_s

    def to_plan(self, meta: dict[str, Any]) -> Plan:
        """Write down what happened, as a plan."""
        ended = self.ended
        if ended.racks == UnservedReason.HORIZON and np.isinf(self.simulation.last):
            self._let_time_pass(self.makespan_s)
            self._sum_up()
        self.simulation.write_down()
        return to_plan(
            self.call.scenario,
            self.shares.table,
            self._late_units(),
            self.totes,
            self.packed,
            self.work,
            self.simulation,
            meta,
            ended,
        )

    def _late_units(self) -> NDArray[np.int64]:
        """Units of each order line that there are, and that nobody came to know of."""
        if self.demand is None:
            return np.zeros(self.call.scenario.orders.lines, np.int64)
        return self.demand.late_units()

    def _let_time_pass(self, until_s: float) -> None:
        """Let robots go home, or stand, until the last order is done."""
        while self.simulation.t * self.call.scenario.step_s < until_s:
            self.simulation.step(self.call.stopped)
