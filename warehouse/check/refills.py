"""Filling of pods: place, time and worker, and no more than arrived."""

import numpy as np

from warehouse.check.intervals import find_overlaps
from warehouse.check.pod_contents import TOLERANCE_S
from warehouse.check.pod_tables import PodTables, Refills
from warehouse.check.rows import Unserved
from warehouse.check.violation import Findings
from warehouse.plan import PodStopKind, UnservedReason
from warehouse.replenishment import Replenishment
from warehouse.scenario import Scenario


def check_refills(
    scenario: Scenario, filling: Replenishment, rows: PodTables, findings: Findings
) -> None:
    """Report fillings and excuses that break a rule."""
    _check_places(filling, rows, findings)
    _check_goods(filling, rows, findings)
    _check_times(scenario, filling, rows, findings)
    check_excuses(scenario, filling, rows.refills, rows.unserved, findings)


def _check_places(filling: Replenishment, rows: PodTables, findings: Findings) -> None:
    """Report fillings beside the dock, and goods that arrived elsewhere."""
    stops, refills = rows.stops, rows.refills
    wrong = np.flatnonzero(stops.kind == PodStopKind.FILL)
    wrong = wrong[filling.cells[stops.station[wrong]] != stops.cell[wrong]]
    findings.add(
        "refill-place",
        "robot {robot} has a pod filled at replenishment station {station} at {place}, "
        "not at its dock",
        robot=stops.robot[wrong],
        step=stops.start[wrong],
        cell=stops.cell[wrong],
        station=stops.station[wrong],
    )
    meant = filling.station[refills.arrival].astype(np.int64)
    away = np.flatnonzero((meant >= 0) & (meant != refills.station))
    findings.add(
        "refill-place",
        "arrival {arrival} is put into pod {pod} at replenishment station {station}, "
        "and arrives at {meant}",
        robot=refills.robot[away],
        arrival=refills.arrival[away],
        pod=refills.pod[away],
        station=refills.station[away],
        meant=meant[away],
    )


def _check_goods(filling: Replenishment, rows: PodTables, findings: Findings) -> None:
    """Report goods that are not there yet, and more than arrived."""
    refills = rows.refills
    release_s = filling.release_s[refills.arrival]
    early = np.flatnonzero(refills.start_s < np.maximum(0.0, release_s) - TOLERANCE_S)
    findings.add(
        "refill-early",
        "arrival {arrival} is put into pod {pod} at {start:.2f} s, and is there at "
        "{release:.2f} s",
        robot=refills.robot[early],
        arrival=refills.arrival[early],
        pod=refills.pod[early],
        start=refills.start_s[early],
        release=release_s[early],
    )
    filled = np.zeros(len(filling.sku), np.int64)
    np.add.at(filled, refills.arrival, refills.quantity)
    over = np.flatnonzero(filled > filling.quantity)
    findings.add(
        "refill-exceeded",
        "arrival {arrival}: {filled} units are put into pods, {arrived} arrive",
        arrival=over,
        filled=filled[over],
        arrived=filling.quantity[over],
    )


def _check_times(
    scenario: Scenario, filling: Replenishment, rows: PodTables, findings: Findings
) -> None:
    """Report filling without the pod, too fast, or by a worker who is busy."""
    refills, stops = rows.refills, rows.stops
    by_time = np.lexsort((refills.start_s, refills.stop))
    first = np.zeros(len(by_time), bool)
    first[by_time[np.unique(refills.stop[by_time], return_index=True)[1]]] = True
    at = refills.station
    need_s = filling.s_per_box[at] + refills.quantity * filling.s_per_unit[at]
    need_s += np.where(first, filling.s_per_visit[at], 0.0)
    got_s = refills.end_s - refills.start_s
    begin_s = stops.start[refills.stop] * scenario.step_s
    end_s = stops.end[refills.stop] * scenario.step_s
    away = (refills.start_s < begin_s - TOLERANCE_S) | (
        refills.end_s > end_s + TOLERANCE_S
    )
    busy = np.zeros(len(away), bool)
    ends_s = refills.end_s - TOLERANCE_S
    busy[find_overlaps(at, refills.start_s, ends_s, closed=False)[0]] = True
    for rule, wrong, text in (
        (
            "refill-too-short",
            got_s < need_s - TOLERANCE_S,
            "{units} units are put into pod {pod} in {got:.2f} s, need {need:.2f} s",
        ),
        (
            "refill-while-away",
            away,
            "units are put into pod {pod} from {start:.2f} s, for which robot {robot} "
            "does not stand there with it long enough",
        ),
        (
            "filler-busy",
            busy,
            "the worker of replenishment station {station} is busy at {start:.2f} s",
        ),
    ):
        row = np.flatnonzero(wrong)
        findings.add(
            rule,
            text,
            robot=refills.robot[row],
            step=stops.start[refills.stop[row]],
            pod=refills.pod[row],
            station=at[row],
            units=refills.quantity[row],
            start=refills.start_s[row],
            got=got_s[row],
            need=need_s[row],
        )


def check_excuses(
    scenario: Scenario,
    filling: Replenishment,
    refills: Refills,
    unserved: Unserved,
    findings: Findings,
) -> None:
    """Report units left for lack of room where all that arrives is in pods."""
    left = int(filling.quantity.sum()) - int(refills.quantity.sum())
    lines = unserved.line[unserved.reason == UnservedReason.NO_ROOM]
    orders = np.unique(scenario.orders.line_order[lines])
    findings.add(
        "room-excuse",
        "order {name} is left for lack of room, and all that arrives is in pods",
        order=orders if left <= 0 else orders[:0],
    )
