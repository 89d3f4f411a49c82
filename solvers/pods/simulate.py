"""The loop: orders become known, robots are sent, everything moves by one step."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from solvers.pods.arrays import (
    DONE,
    GOODS_THERE,
    HIDDEN,
    IDLE,
    MOST_ROWS,
    OPEN,
    ORDERS_KNOWN,
    ORDERS_LACKING,
    SETTING,
    STOPS,
    TRIPS,
    WAITING,
    Site,
    Work,
)
from solvers.pods.charging import MARGIN, call, charge, spend
from solvers.pods.dispatch import dispatch
from solvers.pods.energy import longest_charging
from solvers.pods.fill_trips import send_to_fill
from solvers.pods.filling import MOST_BOXES
from solvers.pods.goal_rows import give_rows
from solvers.pods.known import reveal
from solvers.pods.matching import rematch
from solvers.pods.motion import move
from solvers.pods.nearest import park
from solvers.pods.order_rules import fill_slots
from solvers.pods.others import OtherRobots
from solvers.pods.params import PodParams
from solvers.pods.serving import advance
from solvers.pods.setup import make_record, make_site
from solvers.pods.shortlist import GRADES
from solvers.pods.slots import hold
from solvers.pods.spot_matching import match_spots
from solvers.pods.supply import receive
from solvers.pods.ways import Ways
from warehouse.scenario import PodSystem, Scenario

LEAST_ROOM = 2048
"""Rows for which the record has room at least."""
MOST_GOODS = 32
"""Arrivals that are looked at when it is decided what a pod is filled with."""
IDLE_SHARE = 0.25
"""Of the rate that a trip to fill a pod must be worth, for robots that are idle."""
PATIENCE = 400
"""Steps without any service after which robots are held to block each other.

That is beside the time in which a robot can drive `MOST_DRIVES` of the longest ways.
"""
MOST_DRIVES = 3


class Simulation:
    """A site with pods on its way through time.

    Parameters
    ----------
    scenario : Scenario
    pods : PodSystem
    params : PodParams
    seed : int
    ways : Ways
    others : OtherRobots, optional
        Robots with which those that carry pods share the floor.
    """

    def __init__(
        self,
        scenario: Scenario,
        pods: PodSystem,
        params: PodParams,
        seed: int,
        ways: Ways,
        others: OtherRobots | None = None,
    ) -> None:
        self.ways = ways
        self.pods = pods
        self.site: Site = make_site(scenario, pods, ways, params, seed)
        self.others = others
        if others is not None:
            self.site = self.site._replace(traffic=others.join(self.site, seed))
        self.step_s = scenario.step_s
        self.split_s = params.split_s
        self.last = np.inf
        if np.isfinite(pods.end_s):
            self.last = int(pods.end_s / self.step_s + 1e-9)
        self.t = 0
        self.stalled = False
        self.stopped = False
        self.starved = False
        self._progress_at = 0
        self._charger_rows = ways.rows.kept_empty[ways.chargers]
        self._counts_energy = scenario.fleet.battery is not None
        self._patience = PATIENCE + longest_charging(self.site, ways.robots)
        self._patience += MOST_DRIVES * ways.longest_to_dock()
        self._cells: list[NDArray[np.int32]] = []
        self._headings: list[NDArray[np.uint8]] = []
        pod_table = self.site.pods
        most_items = int((pod_table.last - pod_table.first).max(initial=1))
        self._work = Work(
            found=np.zeros((MOST_ROWS, 5), np.int32),
            room=np.zeros(most_items, np.int32),
            candidates=np.zeros(256, np.int32),
            goods=np.zeros(MOST_GOODS, np.int32),
            value=np.zeros(len(self.site.skus)),
            rate=np.zeros(len(pod_table)),
            listed=np.zeros(len(pod_table), np.int32),
            grades=np.zeros(GRADES, np.int64),
            gains=np.zeros(MOST_BOXES),
        )
        self._may_bind = params.rules == "joint"
        self._orders = len(scenario.orders)
        self._rematches = params.robots == "assignment"
        self._matched: list[int] = []
        self._matches_spots = params.spots == "assignment"

    def run(self, stopped: Callable[[], bool], tell: Callable[[float], None]) -> None:
        """Go on until the horizon, or until all is served, or until stopped."""
        while self.go_on(stopped, tell):
            pass
        self.write_down()

    def go_on(self, stopped: Callable[[], bool], tell: Callable[[float], None]) -> bool:
        """Go on by one step; False where it is the end."""
        if self._ended():
            return False
        if stopped():
            self.stopped = True
            return False
        if self.t % 64 == 0:
            tell(self._share())
        self.step(stopped)
        return not self.stopped

    def _ended(self) -> bool:
        if self.t >= self.last:
            return True
        in_vain = self._lacks_for_ever()
        if self.t - self._progress_at > self._patience:
            self.starved, self.stalled = in_vain, not in_vain
            return True
        if np.isfinite(self.last):
            return False
        if self.others is not None and self.others.busy:
            return False
        if in_vain and (self.site.robots.phase == IDLE).all():
            self.starved = True
            return True
        return self._all_served() and bool(self._may_be_free().all())

    def _all_served(self) -> bool:
        """Whether all orders are known, and done."""
        state = self.site.orders.state
        served = ((state == DONE) | (state == HIDDEN)).all()
        return bool(self.site.counts[ORDERS_KNOWN] == self._orders and served)

    def _lacks_for_ever(self) -> bool:
        """Whether orders lack goods, no other order is to be served, and all is there.

        If no robot has anything to do then, no pod has the room for what they lack. A
        plan with a horizon goes on to it all the same.
        """
        site = self.site
        lacking = int(site.counts[ORDERS_LACKING])
        all_arrived = site.counts[GOODS_THERE] == len(site.arrivals)
        comes = np.isfinite(self.last) or not all_arrived
        if not lacking or comes or self._work_left():
            return False
        backlog = self.pods.backlog
        full = bool(backlog) and lacking >= backlog
        return bool(full or site.counts[ORDERS_KNOWN] == self._orders)

    def _may_be_free(self) -> NDArray[np.bool_]:
        """Robots that are not on a trip."""
        phase = self.site.robots.phase
        return np.asarray((phase == IDLE) | (phase > SETTING))

    def _work_left(self) -> bool:
        """Whether an order that is known is not done yet."""
        state = self.site.orders.state
        return bool(((state == WAITING) | (state == OPEN)).any())

    @property
    def is_idle(self) -> bool:
        """Whether all orders that are known are done or lack goods, and robots free."""
        return not self._work_left() and bool(self._may_be_free().all())

    def _share(self) -> float:
        if np.isfinite(self.last):
            return self.t / self.last
        done = self.site.orders.state[: self._orders] == DONE
        return float(done.sum()) / max(1, self._orders)

    def step(self, stopped: Callable[[], bool]) -> None:
        """Decide what is to be decided, and move everything by one step."""
        self._make_room()
        site, t, ways = self.site, self.t, self.ways
        now_s = t * self.step_s
        receive(site, now_s)
        if self.others is not None:
            self.others.reveal(site, now_s)
        reveal(site, self.pods.backlog, now_s)
        hold(site, now_s)
        fill_slots(site, now_s)
        advance(site, t, self._may_bind, self._work)
        if self._matches_spots:
            match_spots(site, t, ways.roads, ways.front)
        serves = bool(site.traffic.robots.serving[: len(site.robots)].any())
        serves |= self.others is not None and self.others.act(site, t)
        serves |= bool((site.stations.picker_free_s > now_s).any())
        if self._counts_energy:
            charge(site, t)
            self._call(self._call_wh(), others_make_room=True)
        if self._may_be_free().any():
            self._send_to_fill(site.rules.detour_rate, stopped)
            self._send(stopped)
            # Who is idle still may as well, for goods enough or for those that lack.
            lacking = site.counts[ORDERS_LACKING] > 0
            rate = 0.0 if lacking else IDLE_SHARE * site.rules.detour_rate
            self._send_to_fill(rate, stopped)
            if self._rematches:
                self._rematch()
            if self._counts_energy:
                self._call(site.energy.leave_wh, others_make_room=False)
            park(site, ways.roads, ways.front)
        if serves or not (self._work_left() or self._lacks_for_ever()):
            self._progress_at = t
        traffic = site.traffic
        while not give_rows(ways.roads, ways.rows, ways.front, traffic):
            if stopped():
                self.stopped = True
                return
        self.write_down()
        move(ways.roads.successors, ways.rows.table, site.vertices.stored, traffic)
        if self._counts_energy:
            spend(site)
            if self.others is not None:
                self.others.spend(site)
        self.t += 1

    def _send(self, stopped: Callable[[], bool]) -> None:
        """Send free robots for pods, one after the other, until stopped."""
        site, ways, sends = self.site, self.ways, True
        while sends and not stopped():
            sends = dispatch(site, self.t, ways.roads, ways.front, self._work)

    def _send_to_fill(self, rate: float, stopped: Callable[[], bool]) -> None:
        """Send free robots for pods to be filled, as long as that may be of use."""
        site, ways = self.site, self.ways
        sends = len(site.fills) and (np.isfinite(self.last) or not self._all_served())
        while sends and not stopped():
            sends = send_to_fill(site, self.t, rate, ways.roads, ways.front, self._work)

    def _rematch(self) -> None:
        """Match trips and robots again, where a trip began or a robot came free."""
        used = self.site.record.used[[STOPS, TRIPS]].tolist()
        if used != self._matched:
            rematch(self.site, self.ways.roads, self.ways.front)
            self._matched = used

    def _call_wh(self) -> float:
        """Level below which robots are called; less when the end is near."""
        energy = self.site.energy
        drawn_wh = max(energy.moving_wh, energy.carrying_wh, energy.lifting_wh)
        to_the_end_wh = MARGIN * (self.last - self.t) * drawn_wh + energy.urgent_wh
        return min(energy.call_wh, float(to_the_end_wh))

    def _call(self, below_wh: float, *, others_make_room: bool) -> None:
        """Send robots whose level is low to chargers."""
        table, rows = self.ways.rows.table, self._charger_rows
        call(self.site, self.t, below_wh, others_make_room, table, rows)

    def write_down(self) -> None:
        """Keep where all robots are."""
        self._cells.append(self.ways.floor.cell_of[self.site.traffic.robots.vertex])
        self._headings.append(self.site.traffic.robots.heading.copy())

    def _make_room(self) -> None:
        """Let the record hold what a step may add to it."""
        record, robots = self.site.record, len(self.site.robots.phase)
        stops, picks, _, charges, refills = record.used.tolist()
        if max(stops, picks, charges, refills) + 4 * robots < len(record.stops):
            return
        grown = make_record(2 * len(record.stops) + LEAST_ROOM + 8 * robots)
        grown.stops[: len(record.stops)] = record.stops
        grown.picks[: len(record.picks)] = record.picks
        grown.charges[: len(record.charges)] = record.charges
        grown.refills[: len(record.refills)] = record.refills
        grown.used[:] = record.used
        self.site = self.site._replace(record=grown)

    def cells(self) -> NDArray[np.int32]:
        """Cell of every robot at every step, shape (t + 1, robots)."""
        return np.array(self._cells, np.int32)

    def headings(self) -> NDArray[np.uint8]:
        """Heading of every robot at every step, shape (t + 1, robots)."""
        return np.array(self._headings, np.uint8)
