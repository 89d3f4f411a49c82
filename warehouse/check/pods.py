"""Plans with pods: the rules for robots that carry them, one after the other."""

from dataclasses import fields, replace

import numpy as np

from warehouse.check.battery import check_battery
from warehouse.check.bound import report_bounds
from warehouse.check.handed import handed_by_pickers
from warehouse.check.intervals import find_overlaps
from warehouse.check.lines import check_lines
from warehouse.check.mixed_robots import check_tall, find_tall
from warehouse.check.packing import check_packing
from warehouse.check.picking import check_picking
from warehouse.check.pod_contents import check_contents
from warehouse.check.pod_tables import PodStops, PodTables, read_pod_tables
from warehouse.check.refills import check_refills
from warehouse.check.robots import check_robots
from warehouse.check.rows import Ints, Picks, Tables
from warehouse.check.shipping import check_shipping
from warehouse.check.tables import check_arrays
from warehouse.check.violation import Findings
from warehouse.layout import CellKind
from warehouse.plan import Plan, PodStopKind
from warehouse.scenario import PodSystem, Scenario


def check_pod_plan(plan: Plan, findings: Findings) -> None:
    """Report every broken rule of a plan with pods."""
    pods = plan.scenario.pods
    if pods is None or plan.pod_work is None:
        there = "pods and no work" if pods is not None else "work and no pods"
        findings.add("pod-tables", "the plan has {there}", there=there)
        return
    for name in ("stops", "picks", "drops"):
        if len(getattr(plan, name)):
            text = "{table}: rows of robots with totes in a plan with pods"
            findings.add("pod-tables", text, table=name)
    if len(plan.packing) and plan.scenario.shipping is None:
        text = "{rows} orders are packed on a site with pods and no cartons"
        findings.add("pod-tables", text, rows=len(plan.packing))
    paths = check_arrays(plan, findings)
    rows = read_pod_tables(plan, pods, findings)
    tables = rows.as_tables()
    standing = replace(tables, stops=rows.standing())
    moves = check_robots(paths, standing, findings)
    check_pod_work(plan, pods, rows, paths, findings)
    check_lines(plan, tables, findings)
    _check_packing(plan, rows, tables, findings)
    picked_s = np.max(rows.picks.end_s, initial=0.0)
    packed_s = np.max(rows.packing.with_times().end_s, initial=0.0)
    report_bounds(plan, float(max(picked_s, packed_s)), None, moves, findings)


def _check_packing(
    plan: Plan, rows: PodTables, tables: Tables, findings: Findings
) -> None:
    """Hold packing and cartons against the orders of which all is picked."""
    handed, picks = handed_by_pickers(plan, rows), tables.picks
    whole = np.isfinite(handed.ready_s)[picks.order]
    columns = {field.name: getattr(picks, field.name)[whole] for field in fields(picks)}
    units = np.zeros(len(plan.scenario.orders), np.int64)
    np.add.at(units, picks.order, picks.quantity)
    tables = replace(tables, picks=Picks(**columns), units=units)
    if plan.scenario.shipping is not None:
        check_packing(plan, tables, handed, findings)
    check_shipping(plan, tables, findings)


def check_pod_work(
    plan: Plan, pods: PodSystem, rows: PodTables, paths: Plan | None, findings: Findings
) -> None:
    """Report what is wrong with stops, pods, batteries and picking.

    Parameters
    ----------
    plan : Plan
    pods : PodSystem
    rows : PodTables
    paths : Plan or None
        As `check_arrays` returns it.
    findings : Findings
    """
    _check_stops(plan, pods, rows, findings)
    trips = _read_trips(rows.stops, findings)
    check_battery(plan, paths, rows, trips, findings)
    _check_pods(plan.scenario, pods, paths, trips, findings)
    check_picking(plan, pods, rows, findings)
    check_contents(plan.scenario, pods, rows, findings)
    if pods.replenishment is not None:
        check_refills(plan.scenario, pods.replenishment, rows, findings)


def _check_stops(
    plan: Plan, pods: PodSystem, rows: PodTables, findings: Findings
) -> None:
    """Report stops that overlap, are too short, or at the wrong place."""
    scenario, stops, all_stops = plan.scenario, rows.stops, rows.standing()
    later, _ = find_overlaps(
        all_stops.robot, all_stops.start, all_stops.end, closed=False
    )
    findings.add(
        "service-overlap",
        "robot {robot} begins a stop at step {step} before the one before is over",
        robot=all_stops.robot[later],
        step=all_stops.start[later],
        cell=all_stops.cell[later],
    )
    need = np.zeros(len(stops.kind), np.int64)
    need[stops.kind == PodStopKind.LIFT] = scenario.service_steps(pods.lift_s)
    need[stops.kind == PodStopKind.SET_DOWN] = scenario.service_steps(pods.set_down_s)
    short = np.flatnonzero(stops.end - stops.start < need)
    findings.add(
        "lift-too-short",
        "robot {robot} lifts or sets down for {got} steps from step {step}, "
        "need {need}",
        robot=stops.robot[short],
        step=stops.start[short],
        cell=stops.cell[short],
        got=(stops.end - stops.start)[short],
        need=need[short],
    )
    docks = np.array([station.cell for station in scenario.stations], np.int64)
    visit = stops.kind == PodStopKind.VISIT
    wrong = np.flatnonzero(visit)
    wrong = wrong[docks[stops.station[wrong]] != stops.cell[wrong]]
    findings.add(
        "visit-place",
        "robot {robot} visits station {station} at {place}, not at its dock",
        robot=stops.robot[wrong],
        step=stops.start[wrong],
        cell=stops.cell[wrong],
        station=stops.station[wrong],
    )


def _read_trips(stops: PodStops, findings: Findings) -> Ints:
    """Trips that make sense, one a row; others are reported.

    Returns robot, pod, step and cell of the end of its lift, step and cell of the end
    of its set-down (-1 where it is not set down), and the number of the trip.
    """
    order = np.lexsort((stops.start, stops.robot))
    broken: list[tuple[int, int, int]] = []
    trips: list[list[int]] = []
    seen: set[int] = set()
    on_trip = -1
    for row in order.tolist():
        robot, number, kind = (
            int(column[row]) for column in (stops.robot, stops.trip, stops.kind)
        )
        pod, cell, end = (
            int(column[row]) for column in (stops.pod, stops.cell, stops.end)
        )
        same = on_trip >= 0 and trips[on_trip][0] == robot
        if kind == PodStopKind.LIFT:
            if (same and trips[on_trip][4] < 0) or number in seen:
                broken.append((robot, int(stops.start[row]), cell))
            seen.add(number)
            on_trip = len(trips)
            trips.append([robot, pod, end, cell, -1, -1, number])
        elif (
            not same
            or trips[on_trip][4] >= 0
            or trips[on_trip][1] != pod
            or trips[on_trip][6] != number
        ):
            broken.append((robot, int(stops.start[row]), cell))
        elif kind == PodStopKind.SET_DOWN:
            trips[on_trip][4:6] = [end, cell]
    robots, steps, cells = np.array(broken, np.int64).reshape(-1, 3).T
    text = "robot {robot} at step {step}: the stop at {place} does not fit its trip"
    findings.add("pod-trip", text, robot=robots, step=steps, cell=cells)
    return np.array(trips, np.int64).reshape(-1, 7)


def _check_pods(
    scenario: Scenario,
    pods: PodSystem,
    paths: Plan | None,
    trips: Ints,
    findings: Findings,
) -> None:
    """Follow all pods through time: each is in one place, and bars laden robots."""
    kinds = scenario.layout.kinds.ravel()
    holder = np.full(kinds.size, -1, np.int64)
    place = np.full(len(pods), -1, np.int64)
    for pod, cell in enumerate(pods.start_cells.tolist()):
        if holder[cell] >= 0 or kinds[cell] != CellKind.POD_SPOT:
            text = "pod {pod} begins at {place}, where it cannot stand"
            findings.add("pod-spot-taken", text, cell=cell, step=0, pod=pod)
        holder[cell], place[pod] = pod, cell
    events = [(int(trip[2]), 1, k) for k, trip in enumerate(trips)]
    events += [(int(trip[4]), 0, k) for k, trip in enumerate(trips) if trip[4] >= 0]
    events.sort()
    last = -1 if paths is None else paths.steps
    carried = np.full(len(scenario.fleet), -1, np.int64)
    tall = find_tall(scenario)
    at = 0
    for t in range(max(last, int(trips[:, [2, 4]].max(initial=0))) + 1):
        if paths is not None and t <= last:
            _check_laden(paths, holder, carried, t, findings)
            if len(tall):
                check_tall(paths, tall, holder, t, findings)
        while at < len(events) and events[at][0] == t:
            _, lifts, k = events[at]
            at += 1
            robot, pod, _, lifted_at, _, set_at, _ = trips[k].tolist()
            if lifts:
                if place[pod] != lifted_at:
                    text = "robot {robot} lifts pod {pod} at {place}: it is not there"
                    where = {"robot": robot, "step": t, "cell": lifted_at}
                    findings.add("pod-elsewhere", text, pod=pod, **where)
                if place[pod] >= 0:
                    holder[place[pod]] = -1
                place[pod] = -1
                carried[robot] = pod
                continue
            if holder[set_at] >= 0 or kinds[set_at] != CellKind.POD_SPOT:
                text = "robot {robot} sets pod {pod} down at {place}: no free spot"
                where = {"robot": robot, "step": t, "cell": set_at}
                findings.add("pod-spot-taken", text, pod=pod, **where)
            holder[set_at], place[pod] = pod, set_at
            carried[robot] = -1


def _check_laden(
    paths: Plan, holder: Ints, carried: Ints, t: int, findings: Findings
) -> None:
    cells = paths.cells[t]
    inside = (cells >= 0) & (cells < len(holder))
    stands = holder[np.where(inside, cells, 0)]
    meets = np.flatnonzero((carried >= 0) & inside & (stands >= 0))
    findings.add(
        "laden-through-pod",
        "robot {robot} with pod {pod} is at {place} at step {step}, where pod {other} "
        "stands",
        robot=meets,
        step=t,
        cell=cells[meets],
        pod=carried[meets],
        other=stands[meets],
    )
