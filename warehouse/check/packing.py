"""Packing: each order once, where it was delivered, when all of it is there."""

import numpy as np

from warehouse.check.carton_work import carton_work
from warehouse.check.delivery import TOLERANCE_S
from warehouse.check.handed import Handed
from warehouse.check.intervals import find_overlaps
from warehouse.check.rows import Packing, Tables
from warehouse.check.violation import Findings
from warehouse.plan import Plan


def check_packing(
    plan: Plan, tables: Tables, handed: Handed, findings: Findings
) -> None:
    """Report orders packed too often or not at all, too early, too fast, elsewhere.

    Orders of which something never comes to the packers are not to be packed.

    Parameters
    ----------
    plan : Plan
    tables : Tables
    handed : Handed
    findings : Findings
    """
    rows, units = tables.packing, tables.units
    times = np.zeros(len(units), np.int64)
    np.add.at(times, rows.order, 1)
    for rule, wrong, message in (
        (
            "not-packed",
            (units > 0) & (times == 0) & np.isfinite(handed.ready_s),
            "order {name} has {units} units served and is not packed",
        ),
        ("packed-twice", times > 1, "order {name} is packed {times} times"),
        (
            "packed-nothing",
            (units == 0) & (times > 0),
            "order {name} is packed, and no unit of it is served",
        ),
    ):
        orders = np.flatnonzero(wrong)
        findings.add(
            rule, message, order=orders, units=units[orders], times=times[orders]
        )
    _check_place(plan, tables, handed, findings)
    timed = rows.with_times()
    _check_early(timed, handed, findings)
    _check_lengths(plan, timed, tables, findings)
    _check_packers(plan, timed, findings)


def _check_place(
    plan: Plan, tables: Tables, handed: Handed, findings: Findings
) -> None:
    rows, stations = tables.packing, len(plan.scenario.stations)
    here = rows.order * stations + rows.station
    there = handed.order * stations + handed.station
    delivered = np.isin(rows.order, handed.order)
    wrong = delivered & ~np.isin(here, there)
    names = np.array([s.name for s in plan.scenario.stations] or [""], object)
    findings.add(
        "packed-elsewhere",
        "order {name} is packed at station {station} and was delivered elsewhere",
        order=rows.order[wrong],
        station=names[rows.station[wrong]],
    )


def _check_early(rows: Packing, handed: Handed, findings: Findings) -> None:
    ready_s = handed.ready_s[rows.order]
    early = rows.start_s < ready_s - TOLERANCE_S
    findings.add(
        "packed-early",
        "order {name} is packed from {start:.2f} s and complete at {ready:.2f} s",
        order=rows.order[early],
        start=rows.start_s[early],
        ready=ready_s[early],
    )


def _check_lengths(
    plan: Plan, rows: Packing, tables: Tables, findings: Findings
) -> None:
    scenario = plan.scenario
    cartons, changes = carton_work(plan, rows)
    work = np.stack([tables.units[rows.order], cartons], axis=1)
    kinds, which = np.unique(work, axis=0, return_inverse=True)
    need_s = np.array([scenario.pack_s(*kind) for kind in kinds.tolist()], float)
    need_s = need_s[which.ravel()]
    if scenario.staff is not None:
        who = scenario.staff.row_of(rows.station, rows.packer)
        need_s /= scenario.staff.packers.speed[who]
    if scenario.shipping is not None:
        need_s += changes * scenario.shipping.rules.setup_s
    length_s = rows.end_s - rows.start_s
    # The rounding of a difference grows with the clock.
    slack_s = TOLERANCE_S + 1e-9 * np.abs(rows.end_s)
    short = length_s < need_s - slack_s
    findings.add(
        "packing-too-short",
        "order {name} is packed in {length:.2f} s, need {need:.2f} s",
        order=rows.order[short],
        length=length_s[short],
        need=need_s[short],
    )


def _check_packers(plan: Plan, rows: Packing, findings: Findings) -> None:
    scenario = plan.scenario
    most = max((station.packers for station in scenario.stations), default=0)
    later, earlier = find_overlaps(
        rows.station * most + rows.packer,
        rows.start_s,
        rows.end_s - TOLERANCE_S,
        closed=False,
    )
    names = np.array([s.name for s in scenario.stations] or [""], object)
    findings.add(
        "packer-busy",
        "packer {packer} of station {station} begins order {name} at {start:.2f} s and "
        "has another until {end:.2f} s",
        order=rows.order[later],
        packer=rows.packer[later],
        station=names[rows.station[later]],
        start=rows.start_s[later],
        end=rows.end_s[earlier],
    )
