"""From what happened in a run of the loop to a plan."""

import math
from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.fulfilment.bound import bound_of
from solvers.fulfilment.loop import Record
from solvers.fulfilment.packing_table import packing_table
from solvers.fulfilment.params import Objective
from solvers.fulfilment.shift_packing import ShiftPacking
from solvers.fulfilment.shipment import Shipment
from solvers.fulfilment.site import Site
from solvers.fulfilment.stop_tables import stop_tables
from solvers.fulfilment.truck_schedule import improved, list_schedule, schedule_by_rule
from solvers.mapf.fleet.motion import ForkableMotion
from solvers.result import Stop
from solvers.scheduling.problem import PackingProblem, PackingSchedule
from solvers.scheduling.roster.problem import NOBODY, Roster, RosterProblem
from warehouse.plan import UNSERVED_DTYPE, Plan, UnservedReason


class _Shifts(NamedTuple):
    """Orders that were handed over, and how people may pack them."""

    packing: ShiftPacking
    orders: NDArray[np.int32]
    station: NDArray[np.int32]
    ready_s: NDArray[np.float64]


class PackedRecord:
    """A run of the loop with its packing schedule, ready to be compared.

    Parameters
    ----------
    site : Site
    record : Record
    objective : "throughput", "on-time" or "travel"
    seed : int
    """

    def __init__(
        self, site: Site, record: Record, objective: Objective, seed: int
    ) -> None:
        self.site = site
        self.record = record
        self.objective = objective
        handed = [
            (order, drop.station, int(end))
            for served in record.served
            for drop, end in served.dropped()
            for order in drop.orders
        ]
        table = np.array(handed, np.int32).reshape(len(handed), 3)
        self.orders, self.station = table[:, 0], table[:, 1]
        self.ready_s = table[:, 2].astype(np.float64) * site.scenario.step_s
        self.shipment = self._shipment()
        self.left_out = frozenset(record.closed)
        self._problem = self._packing_problem()
        self._shifts: _Shifts | None = None
        if site.people is not None:
            packing = ShiftPacking(
                site.people, self.orders, self._problem, self.shipment
            )
            self._shifts = _Shifts(packing, self.orders, self.station, self.ready_s)
            self._adopt_roster(self._shifts.packing.by_rules(look_ahead=site.is_wave))
            return
        # Over time, packers know of an order only once it is there.
        look_ahead = site.is_wave
        self._adopt(list_schedule(self._problem, look_ahead=look_ahead, seed=seed))
        if self._hurries():
            self._adopt_if_better(schedule_by_rule)

    def _shipment(self) -> Shipment | None:
        """Cartons of the orders, where there are any."""
        site = self.site
        if site.cartons is None:
            return None
        units: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        line_sku = site.scenario.orders.line_sku
        for served in self.record.served:
            for picks in served.mission.trip.picks.values():
                for pick in picks:
                    units[pick.order][int(line_sku[pick.line])] += pick.quantity
        return Shipment(site.scenario, site.cartons, units, self.orders, self.station)

    def _packing_problem(self) -> PackingProblem:
        scenario = self.site.scenario
        pack_s: dict[int, float] = {}
        for served in self.record.served:
            pack_s |= served.mission.trip.pack_s
        return PackingProblem(
            station=self.station,
            ready_s=self.ready_s,
            due_s=self.site.due_s[self.orders, self.station],
            priority=np.maximum(scenario.orders.priority[self.orders], 0),
            work_s=np.array([pack_s[order] for order in self.orders.tolist()]),
            packers=np.array([s.packers for s in scenario.stations], np.int32),
        )

    def _adopt(self, schedule: PackingSchedule) -> None:
        """Let packers work in this order, and orders go with trucks."""
        self.schedule, self.packer = schedule, schedule.packer
        self.start_s, self.end_s = schedule.start_s, schedule.end_s
        if self.shipment is not None:
            times = self.shipment.without_spare_changes(schedule, self.ready_s)
            self.start_s, self.end_s = times
            self.shipment.send(self.end_s)

    def _adopt_roster(self, roster: Roster) -> None:
        """Let people work by a roster; the orders that it leaves out are not packed."""
        assert self._shifts is not None and self.site.people is not None
        self._roster, handed = roster, self._shifts
        done = roster.packer != NOBODY
        self.orders, self.station = handed.orders[done], handed.station[done]
        self.ready_s = handed.ready_s[done]
        left = [*self.record.closed, *handed.orders[~done].tolist()]
        self.left_out = frozenset(left) - frozenset(self.orders.tolist())
        first = self.site.people.staff.row_of(self.station, np.zeros_like(self.station))
        self.packer = (roster.packer[done] - first).astype(np.int32)
        self.start_s, self.end_s = roster.start_s[done], roster.end_s[done]
        self.shipment = self._shipment()
        if self.shipment is not None:
            self.shipment.send(self.end_s)

    def _hurries(self) -> bool:
        """Whether it counts how many orders miss trucks, and all are known at first."""
        has_trucks = self.site.scenario.trucks is not None
        return self.objective == "on-time" and has_trucks and self.site.is_wave

    def _adopt_if_better(
        self, find: Callable[[PackingProblem, RosterProblem], PackingSchedule]
    ) -> None:
        """Find another schedule and keep the better one."""
        if self.shipment is None or not self._without_truck():
            return
        before, value = self.schedule, self.value()
        self._adopt(find(self._problem, self.shipment.roster(self._problem)))
        if self.value() >= value:
            self._adopt(before)

    def improve(self, stop: Stop, seed: int) -> None:
        """Search for packing in another order with which fewer orders are late.

        Parameters
        ----------
        stop : Stop
        seed : int
        """
        if self._shifts is not None and self.site.is_wave:
            before, value = self._roster, self.value()
            self._adopt_roster(self._shifts.packing.improved(before, stop, seed=seed))
            if self.value() >= value:
                self._adopt_roster(before)
        elif self._hurries():
            self._adopt_if_better(
                lambda problem, roster: improved(
                    problem, roster, self.schedule, stop, seed=seed
                )
            )

    @property
    def makespan_s(self) -> float:
        """When the last order is packed."""
        return float(self.end_s.max(initial=0.0))

    @property
    def tardiness_s(self) -> float:
        """Seconds by which orders are packed too late together."""
        due_s = self.site.promised_s[self.orders, self.station]
        return float(np.maximum(0.0, self.end_s - due_s).sum())

    def _without_truck(self) -> int:
        """Orders that miss every truck which is in time for them."""
        return 0 if self.shipment is None else int(self.shipment.misses_truck().sum())

    def value(self) -> tuple[float, ...]:
        """Compare runs by this, the smaller the better."""
        missed = len(self.site.scenario.orders) - len(self.orders)
        travel = float(sum(s.mission.trip.travel_steps for s in self.record.served))
        if self.objective == "on-time":
            return missed, self._without_truck(), self.tardiness_s, self.makespan_s
        if self.objective == "travel":
            return missed, travel, self.makespan_s
        return missed, self.makespan_s, travel

    def to_plan(self, motion: ForkableMotion, meta: dict[str, Any]) -> Plan:
        """Write down where everything is and when, with the bound.

        Robots go on home until the last order is packed, or brought.

        Parameters
        ----------
        motion : ForkableMotion
            The fleet at the end of the run.
        meta : dict
        """
        scenario = self.site.scenario
        steps = math.ceil(self.makespan_s / scenario.step_s - 1e-9)
        brought = [int(served.end.max()) for served in self.record.served]
        steps = max([steps, *brought])  # what is left out may come after all packing
        while motion.t < steps:
            motion.advance(steps)
        stops, picks, drops = self.tables()
        packing = self.packing()
        served = np.bincount(
            picks["line"], picks["quantity"], minlength=scenario.orders.lines
        ).astype(np.int64)
        headings, shipment = motion.headings(), self.shipment
        return Plan(
            scenario=scenario,
            cells=motion.cells()[: steps + 1],
            headings=None if headings is None else headings[: steps + 1],
            stops=stops,
            picks=picks,
            drops=drops,
            packing=packing,
            unserved=self.unserved(served),
            bound=bound_of(self.site, served),
            meta=meta,
            consignment=None if shipment is None else shipment.consignment(self.end_s),
        )

    def tables(self) -> tuple[NDArray[np.void], NDArray[np.void], NDArray[np.void]]:
        """Stops, picks and drops."""
        by_robot = sorted(
            self.record.served, key=lambda s: (s.mission.robot, int(s.start[0]))
        )
        return stop_tables(by_robot, self.left_out)

    def packing(self) -> NDArray[np.void]:
        """When, where and by whom each order is packed."""
        times = self.start_s, self.end_s
        return packing_table(self.orders, self.station, self.packer, *times)

    def unserved(self, served: NDArray[np.int64]) -> NDArray[np.void]:
        """Units that no robot delivered, by line and reason."""
        orders = self.site.scenario.orders
        left = orders.line_quantity - served
        rows: list[tuple[int, int, int]] = []
        for reserved in self.record.reserved:
            for reason, units in (
                (UnservedReason.STOCK, reserved.short),
                (UnservedReason.HELD, reserved.held),
                (UnservedReason.TOO_HEAVY, reserved.too_heavy),
                (UnservedReason.NO_CARTON, reserved.no_carton),
                (UnservedReason.NO_PACKER, reserved.no_packer),
            ):
                for line, quantity in units.items():
                    if quantity > 0:
                        rows.append((line, quantity, int(reason)))
                        left[line] -= quantity
        rest = (
            UnservedReason.BLOCKED
            if self.record.stalled
            else UnservedReason.INTERRUPTED
        )
        lines = np.flatnonzero(left > 0)
        over = np.isin(orders.line_order[lines], list(self.left_out))
        why = np.where(over, UnservedReason.SHIFT_OVER, rest)
        rows += zip(lines.tolist(), left[lines].tolist(), why.tolist(), strict=True)
        return np.array(sorted(rows), UNSERVED_DTYPE)
