"""Picking from pods: time, place, slots, and which orders may be open."""

import numpy as np

from warehouse.check.intervals import find_overlaps
from warehouse.check.pod_tables import PodTables
from warehouse.check.rows import Floats, Ints
from warehouse.check.violation import Findings
from warehouse.plan import Plan, UnservedReason
from warehouse.scenario import PodSystem

TOLERANCE_S = 1e-6


def check_picking(
    plan: Plan, pods: PodSystem, rows: PodTables, findings: Findings
) -> None:
    """Report picks and open orders that break a rule."""
    _check_times(plan, pods, rows, findings)
    first, starts_s, ends_s = _check_open_orders(plan, rows, findings)
    wanted = _units_wanted(plan, rows)
    _check_opening(plan, pods, starts_s, wanted, findings)
    _check_closing(plan, rows, first, ends_s, wanted, findings)
    _check_slots(plan, pods, rows, findings)


def _check_times(
    plan: Plan, pods: PodSystem, rows: PodTables, findings: Findings
) -> None:
    """Report picks while the pod is away, too short, or of a picker who is busy."""
    picks, stops, step_s = rows.picks, rows.stops, plan.scenario.step_s
    by_time = np.lexsort((picks.start_s, picks.stop))
    first = np.zeros(len(by_time), bool)
    first[by_time[np.unique(picks.stop[by_time], return_index=True)[1]]] = True
    lead_s = pods.station_s_per_line + np.where(first, pods.station_s_per_visit, 0.0)
    need_s = lead_s + picks.quantity * pods.station_s_per_unit
    short = np.flatnonzero(picks.end_s - picks.start_s < need_s - TOLERANCE_S)
    findings.add(
        "pick-too-short",
        "order {name}: {units} units are picked in {got:.2f} s, need {need:.2f} s",
        order=picks.order[short],
        units=picks.quantity[short],
        got=(picks.end_s - picks.start_s)[short],
        need=need_s[short],
    )
    stands_s = picks.end_s - pods.station_s_per_unit + pods.robot_s_per_unit
    away = (picks.start_s < stops.start[picks.stop] * step_s - TOLERANCE_S) | (
        stands_s > stops.end[picks.stop] * step_s + TOLERANCE_S
    )
    findings.add(
        "pick-while-away",
        "order {name}: units are picked from {start:.2f} s, for which robot {robot} "
        "does not stand there with pod {pod} long enough",
        order=picks.order[away],
        robot=picks.robot[away],
        start=picks.start_s[away],
        pod=picks.pod[away],
    )
    start, end = picks.start_s, picks.end_s - TOLERANCE_S
    later, _ = find_overlaps(picks.station, start, end, closed=False)
    findings.add(
        "picker-busy",
        "order {name}: the picker of station {station} is busy at {start:.2f} s",
        order=picks.order[later],
        station=picks.station[later],
        start=picks.start_s[later],
    )


def _check_open_orders(
    plan: Plan, rows: PodTables, findings: Findings
) -> tuple[Ints, Floats, Floats]:
    """Report orders opened twice, and picks for orders that are not open there.

    Returns the row in which each order is opened, -1 for none, and when it is opened
    and closed; inf where it is not.
    """
    table, picks, n = rows.open_orders, rows.picks, len(plan.scenario.orders)
    orders, first = np.unique(table.order, return_index=True)
    again = np.setdiff1d(np.arange(len(table.order)), first)
    text = "order {name} is opened twice"
    findings.add("opened-twice", text, order=table.order[again])
    row = np.full(n, -1, np.int64)
    row[orders] = first
    starts_s, ends_s = np.full(n, np.inf), np.full(n, np.inf)
    starts_s[orders], ends_s[orders] = table.start_s[first], table.end_s[first]
    station = np.full(n, -1, np.int64)
    station[orders] = table.station[first]
    shut = (
        (station[picks.order] != picks.station)
        | (picks.start_s < starts_s[picks.order] - TOLERANCE_S)
        | (picks.end_s > ends_s[picks.order] + TOLERANCE_S)
    )
    findings.add(
        "order-not-open",
        "order {name} is not open at station {station} at {start:.2f} s, when units "
        "are picked for it",
        order=picks.order[shut],
        station=picks.station[shut],
        start=picks.start_s[shut],
    )
    return row, starts_s, ends_s


def _units_wanted(plan: Plan, rows: PodTables) -> Ints:
    """Units of each order, without those that the stock does not cover."""
    orders = plan.scenario.orders
    wanted = np.zeros(len(orders), np.int64)
    np.add.at(wanted, orders.line_order, orders.line_quantity)
    lacking = rows.unserved.reason == UnservedReason.STOCK
    lacked = orders.line_order[rows.unserved.line[lacking]]
    np.subtract.at(wanted, lacked, rows.unserved.quantity[lacking])
    return wanted


def _check_opening(
    plan: Plan, pods: PodSystem, starts_s: Floats, wanted: Ints, findings: Findings
) -> None:
    """Report orders opened before they are released, or known."""
    orders = plan.scenario.orders
    text = "order {name} is opened at {start:.2f} s, {why}"
    early = np.flatnonzero(starts_s < np.maximum(0.0, orders.release_s) - TOLERANCE_S)
    findings.add(
        "opened-early", text, order=early, start=starts_s[early], why="before release"
    )
    if pods.backlog == 0:
        return
    # Those of which nothing is in stock, or will be, never wait.
    arrival = np.argsort(orders.release_s, kind="stable")
    arrival = arrival[wanted[arrival] > 0]
    opened_s = np.sort(starts_s)
    before = np.searchsorted(opened_s, starts_s[arrival] + TOLERANCE_S, side="right")
    unknown = np.arange(len(arrival)) >= before + pods.backlog
    unknown &= np.isfinite(starts_s[arrival])
    early = arrival[unknown]
    why = f"before it is one of {pods.backlog} that wait"
    findings.add("opened-early", text, order=early, start=starts_s[early], why=why)


def _check_closing(
    plan: Plan,
    rows: PodTables,
    row: Ints,
    ends_s: Floats,
    wanted: Ints,
    findings: Findings,
) -> None:
    """Report orders that are closed before or after their last unit is picked."""
    picks, n = rows.picks, len(plan.scenario.orders)
    last_s = np.full(n, -np.inf)
    np.maximum.at(last_s, picks.order, picks.end_s)
    served = np.zeros(n, np.int64)
    np.add.at(served, picks.order, picks.quantity)
    whole = served >= wanted
    closed = np.isfinite(ends_s)
    late = whole & (np.abs(ends_s - last_s) > TOLERANCE_S)
    wrong = np.flatnonzero((row >= 0) & np.where(closed, ~whole | late, whole))
    findings.add(
        "closed-wrongly",
        "order {name} is closed at {end:.2f} s, its last unit picked at {last:.2f} s",
        order=wrong,
        end=ends_s[wrong],
        last=last_s[wrong],
    )


def _check_slots(
    plan: Plan, pods: PodSystem, rows: PodTables, findings: Findings
) -> None:
    """Report moments at which more orders are open than a station has slots."""
    table = rows.open_orders
    for station, slots in enumerate(pods.order_slots.tolist()):
        mine = np.flatnonzero(table.station == station)
        begin, end = table.start_s[mine], table.end_s[mine] - TOLERANCE_S
        time_s = np.concatenate([begin, end])
        change = np.repeat([1, -1], len(mine))
        order = np.lexsort((change, time_s))
        count = np.cumsum(change[order])
        over = np.flatnonzero((count > slots) & (change[order] > 0))
        findings.add(
            "slots-exceeded",
            "order {name}: {count} orders are open at station {station} at {time:.2f} "
            "s, it has {slots} slots",
            order=table.order[np.concatenate([mine, mine])[order[over]]],
            count=count[over],
            station=station,
            time=time_s[order[over]],
            slots=slots,
        )
