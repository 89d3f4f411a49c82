"""From what happened in a run of the loop to a plan."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.fulfilment.bound import bound_of
from solvers.fulfilment.loop import Record, Served
from solvers.fulfilment.params import Objective
from solvers.fulfilment.site import Site
from solvers.scheduling.problem import PackingProblem, PackingSchedule
from solvers.scheduling.solve import solve
from warehouse.plan import (
    DROP_DTYPE,
    PACKING_DTYPE,
    PICK_DTYPE,
    STOP_DTYPE,
    UNSERVED_DTYPE,
    Plan,
    StopKind,
    UnservedReason,
)


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
        orders = [(o, s) for s in record.served for o in s.mission.trip.orders]
        self.orders = np.array([order for order, _ in orders], np.int32)
        self.station = np.array([s.mission.station for _, s in orders], np.int32)
        ready = np.array([s.end[-1] for _, s in orders], np.float64)
        schedule = self._pack(ready * site.scenario.step_s, seed)
        self.start_s, self.end_s = schedule.start_s, schedule.end_s
        self.packer = schedule.packer

    def _pack(self, ready_s: NDArray[np.float64], seed: int) -> PackingSchedule:
        scenario = self.site.scenario
        units = np.zeros(len(scenario.orders), np.int64)
        for served in self.record.served:
            for picks in served.mission.trip.picks.values():
                for pick in picks:
                    units[pick.order] += pick.quantity
        problem = PackingProblem(
            station=self.station,
            ready_s=ready_s,
            due_s=scenario.orders.due_s[self.orders],
            priority=np.maximum(scenario.orders.priority[self.orders], 0),
            work_s=np.array([scenario.pack_s(int(n)) for n in units[self.orders]]),
            packers=np.array([s.packers for s in scenario.stations], np.int32),
        )
        rule = "on-time" if np.isfinite(problem.due_s).any() else "throughput"
        schedule = solve(problem, objective=rule, seed=seed).solution  # type: ignore[arg-type]
        assert schedule is not None  # packers can always begin later
        return schedule

    @property
    def makespan_s(self) -> float:
        """When the last order is packed."""
        return float(self.end_s.max(initial=0.0))

    def value(self) -> tuple[float, ...]:
        """Compare runs by this, the smaller the better."""
        missed = len(self.site.scenario.orders) - len(self.orders)
        due_s = self.site.scenario.orders.due_s[self.orders]
        tardiness_s = float(np.maximum(0.0, self.end_s - due_s).sum())
        travel = float(sum(s.mission.trip.travel_steps for s in self.record.served))
        if self.objective == "on-time":
            return missed, tardiness_s, self.makespan_s
        if self.objective == "travel":
            return missed, travel, self.makespan_s
        return missed, self.makespan_s, travel

    def to_plan(self, meta: dict[str, Any]) -> Plan:
        """Write down where everything is and when, with the bound.

        Robots go on home until the last order is packed.
        """
        scenario, motion = self.site.scenario, self.record.motion
        steps = math.ceil(self.makespan_s / scenario.step_s - 1e-9)
        while motion.t < steps:
            motion.advance(steps)
        by_robot = sorted(
            self.record.served, key=lambda s: (s.mission.robot, int(s.start[0]))
        )
        stops, picks, drops = _tables(by_robot)
        packing = np.zeros(len(self.orders), PACKING_DTYPE)
        rank = np.argsort(self.orders)
        for name, column in (
            ("order", self.orders),
            ("station", self.station),
            ("packer", self.packer),
            ("start_s", self.start_s),
            ("end_s", self.end_s),
        ):
            packing[name] = column[rank]
        served = np.bincount(
            picks["line"], picks["quantity"], minlength=scenario.orders.lines
        ).astype(np.int64)
        headings = motion.headings()
        return Plan(
            scenario=scenario,
            cells=motion.cells()[: steps + 1],
            headings=None if headings is None else headings[: steps + 1],
            stops=stops,
            picks=picks,
            drops=drops,
            packing=packing,
            unserved=self._unserved(served),
            bound=bound_of(self.site, served),
            meta=meta,
        )

    def _unserved(self, served: NDArray[np.int64]) -> NDArray[np.void]:
        """Units that no robot delivered, by line and reason."""
        orders = self.site.scenario.orders
        left = orders.line_quantity - served
        rows: list[tuple[int, int, int]] = []
        for reserved in self.record.reserved:
            for reason, units in (
                (UnservedReason.STOCK, reserved.short),
                (UnservedReason.HELD, reserved.held),
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
        rows += [
            (int(line), int(left[line]), int(rest)) for line in np.flatnonzero(left > 0)
        ]
        return np.array(sorted(rows), UNSERVED_DTYPE)


def _tables(
    by_robot: list[Served],
) -> tuple[NDArray[np.void], NDArray[np.void], NDArray[np.void]]:
    """Stops, picks and drops of all trips, in the order of the plan format."""
    stops: list[tuple[int, ...]] = []
    picks: list[tuple[int, ...]] = []
    drops: list[tuple[int, ...]] = []
    for trip, served in enumerate(by_robot):
        mission = served.mission
        for k, cell in enumerate(served.cells.tolist()):
            stop = len(stops)
            last = k == len(served.cells) - 1
            kind = StopKind.DROP if last else StopKind.PICK
            station = mission.station if last else -1
            when = int(served.start[k]), int(served.end[k])
            stops.append((mission.robot, trip, int(kind), cell, *when, station))
            if last:
                drops += [(stop, order) for order in sorted(mission.trip.orders)]
            else:
                picks += [
                    (stop, pick.line, pick.rack, pick.quantity)
                    for pick in mission.trip.picks[cell]
                ]
    return (
        np.array(stops, STOP_DTYPE),
        np.array(picks, PICK_DTYPE),
        np.array(drops, DROP_DTYPE),
    )
