"""Picking from pods: time, place, slots, and which orders may be open."""

import numpy as np
from numpy.typing import NDArray

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
    row_of_pick, starts_s = _check_open_orders(plan, rows, findings)
    wanted = _units_wanted(plan, rows)
    _check_opening(plan, pods, starts_s, wanted, findings)
    _check_closing(plan, rows, row_of_pick, wanted, findings)
    _check_slots(pods, rows, findings)


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
) -> tuple[Ints, Floats]:
    """Report orders opened twice at a station, and picks for what is not open there.

    Returns the row that each pick belongs to, -1 for none, and when each order is
    opened first; inf where it is not.
    """
    table, picks, stations = rows.open_orders, rows.picks, len(plan.scenario.stations)
    key = table.order * stations + table.station
    keys, first = np.unique(key, return_index=True)
    again = np.setdiff1d(np.arange(len(key)), first)
    findings.add(
        "opened-twice",
        "order {name} is opened twice at station {station}",
        order=table.order[again],
        station=table.station[again],
    )
    starts_s = np.full(len(plan.scenario.orders), np.inf)
    np.minimum.at(starts_s, table.order, table.start_s)
    wanted = picks.order * stations + picks.station
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    row = np.full(len(wanted), -1, np.int64)
    if len(keys):
        row = np.where(keys[at] == wanted, first[at], -1)
    start_s, end_s = (
        np.append(times_s, no_time)[row]
        for times_s, no_time in ((table.start_s, np.inf), (table.end_s, -np.inf))
    )
    shut = (picks.start_s < start_s - TOLERANCE_S) | (picks.end_s > end_s + TOLERANCE_S)
    findings.add(
        "order-not-open",
        "order {name} is not open at station {station} at {start:.2f} s, when units "
        "are picked for it",
        order=picks.order[shut],
        station=picks.station[shut],
        start=picks.start_s[shut],
    )
    return row, starts_s


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
    row_of_pick: Ints,
    wanted: Ints,
    findings: Findings,
) -> None:
    """Report orders that are closed before or after their last unit is picked.

    A part of an order that is split is closed no earlier than its last unit is picked,
    and the last of the parts no later.
    """
    table, picks, n = rows.open_orders, rows.picks, len(plan.scenario.orders)
    part_s = np.full(len(table.order) + 1, -np.inf)
    np.maximum.at(part_s, row_of_pick, picks.end_s)
    order_s, served = np.full(n, -np.inf), np.zeros(n, np.int64)
    np.maximum.at(order_s, picks.order, picks.end_s)
    np.add.at(served, picks.order, picks.quantity)
    whole = (served >= wanted)[table.order]
    closed = np.isfinite(table.end_s)
    split = np.isin(table.order, rows.splits.order)
    least_s = np.where(split, part_s[:-1], order_s[table.order])
    late = whole & (table.end_s > order_s[table.order] + TOLERANCE_S)
    early = table.end_s < least_s - TOLERANCE_S
    empty = ~np.isfinite(least_s)
    no_end = ~split & ~whole
    wrong = np.flatnonzero(np.where(closed, early | late | empty | no_end, whole))
    findings.add(
        "closed-wrongly",
        "order {name} is closed at {end:.2f} s, its last unit picked at {last:.2f} s",
        order=table.order[wrong],
        station=table.station[wrong],
        end=table.end_s[wrong],
        last=least_s[wrong],
    )
    _check_splits(rows, order_s, served >= wanted, findings)


def _check_splits(
    rows: PodTables, last_s: Floats, whole: NDArray[np.bool_], findings: Findings
) -> None:
    """Report orders split without leave, and times at which none is together.

    Parameters
    ----------
    rows : PodTables
    last_s : ndarray of float64, shape (orders,)
        When the last unit of each order is picked; -inf where none is.
    whole : ndarray of bool, shape (orders,)
        Whether all of it is picked.
    findings : Findings
    """
    table, splits = rows.open_orders, rows.splits
    pairs = np.unique(np.stack([table.order, table.station]), axis=1)
    stations = np.bincount(pairs[0], minlength=len(whole))
    apart = stations > 1
    apart[splits.order] = False
    orders = np.flatnonzero(apart)
    findings.add(
        "split-unasked",
        "order {name} is open at {stations} stations, and is not to be split",
        order=orders,
        stations=stations[orders],
    )
    if splits.split_s is None:
        return
    if not 0 <= splits.split_s < np.inf:
        text = "parts of an order are together after {split_s} s, need 0 or more"
        findings.add("together-wrongly", text, split_s=splits.split_s)
        return
    order, done_s = splits.order, splits.done_s
    together_s = last_s[order] + splits.split_s * (stations[order] - 1)
    need_s = np.where(whole[order] & np.isfinite(last_s[order]), together_s, np.inf)
    same = np.isclose(done_s, need_s, rtol=0.0, atol=TOLERANCE_S)
    twice = np.append(False, order[1:] == order[:-1])
    wrong = np.flatnonzero(~same | twice)
    findings.add(
        "together-wrongly",
        "order {name}, split, is done at {done:.2f} s, need {need:.2f} s, once",
        order=order[wrong],
        done=done_s[wrong],
        need=need_s[wrong],
    )


def _check_slots(pods: PodSystem, rows: PodTables, findings: Findings) -> None:
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
