"""Packers with names: their shifts, their breaks, and what they are able to do."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from warehouse.check.breaks import TOLERANCE_S, packed_in_break
from warehouse.check.rows import Ints, Packing, Tables
from warehouse.check.violation import Findings
from warehouse.plan import Plan, UnservedReason
from warehouse.scenario import Scenario
from warehouse.staff import Staff

STAFF_RULES: Final[dict[str, str]] = {
    "packer-skill": "The packer of an order has the skills that it needs.",
    "outside-shift": "A packer packs within the shift.",
    "in-a-break": "A packer packs nothing in a break, which begins at its time or, "
    "where it may wait, when the order in hand is done.",
    "packer-excuse": "An order is left as one nobody can pack only where no packer "
    "with its skills has time for it in the shift.",
    "shift-excuse": "An order is left as too late for the shifts only where the shift "
    "of somebody with its skills ends.",
}
"""Rules for packers with names, shifts, breaks and skills."""


def check_staff(plan: Plan, tables: Tables, findings: Findings) -> None:
    """Report orders packed by the wrong people or at the wrong time, and excuses."""
    staff = plan.scenario.staff
    if staff is None:
        return
    rows = tables.packing
    who = staff.row_of(rows.station, rows.packer)
    _check_skills(plan.scenario, staff, rows, who, findings)
    timed = rows.with_times()
    who = staff.row_of(timed.station, timed.packer)
    _check_shifts(staff, timed, who, findings)
    _check_breaks(staff, timed, who, findings)
    _check_excuses(plan.scenario, staff, tables, findings)


def _needs_of(scenario: Scenario, order: int) -> frozenset[str]:
    """Skills that an order needs of its packer."""
    needs = scenario.orders.needs
    return needs[order] if needs else frozenset()


def _check_skills(
    scenario: Scenario, staff: Staff, rows: Packing, who: Ints, findings: Findings
) -> None:
    for order, packer in zip(rows.order.tolist(), who.tolist(), strict=True):
        lacking = _needs_of(scenario, order) - staff.packers.skills[packer]
        if lacking:
            findings.add(
                "packer-skill",
                "order {name} is packed by {packer}, who lacks {skills}",
                order=order,
                packer=staff.packers.names[packer],
                skills=", ".join(sorted(lacking)),
            )


def _check_shifts(staff: Staff, rows: Packing, who: Ints, findings: Findings) -> None:
    packers = staff.packers
    begin_s, finish_s = packers.start_s[who], packers.end_s[who]
    out = rows.start_s < begin_s - TOLERANCE_S
    out |= rows.end_s > finish_s + TOLERANCE_S
    names = np.array(packers.names, object)
    findings.add(
        "outside-shift",
        "order {name} is packed from {start:.2f} s to {end:.2f} s by {packer}, whose "
        "shift is from {begin:.2f} s to {finish:.2f} s",
        order=rows.order[out],
        start=rows.start_s[out],
        end=rows.end_s[out],
        packer=names[who[out]],
        begin=begin_s[out],
        finish=finish_s[out],
    )


def _check_breaks(staff: Staff, rows: Packing, who: Ints, findings: Findings) -> None:
    breaks = staff.breaks
    by_time = np.lexsort((rows.end_s, rows.start_s))
    columns = (breaks.packer, breaks.start_s, breaks.end_s, breaks.wait_s)
    for packer, start_s, end_s, wait_s in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        mine = by_time[who[by_time] == packer]
        spans = list(
            zip(rows.start_s[mine].tolist(), rows.end_s[mine].tolist(), strict=True)
        )
        begin_s, inside = packed_in_break(start_s, end_s - start_s, wait_s, spans)
        findings.add(
            "in-a-break",
            "order {name} is packed in the break of {packer} at {begin:.2f} s",
            order=rows.order[mine[inside]],
            packer=staff.packers.names[packer],
            begin=begin_s,
        )


def _check_excuses(
    scenario: Scenario, staff: Staff, tables: Tables, findings: Findings
) -> None:
    """Report orders that somebody could have packed for all that is known of them."""
    rows, line_order = tables.unserved, scenario.orders.line_order
    left = line_order[rows.line[rows.reason == UnservedReason.NO_PACKER]]
    wrong = [order for order in np.unique(left).tolist() if _fits(scenario, order)]
    findings.add(
        "packer-excuse",
        "order {name} is left as one that nobody can pack, and somebody can",
        order=np.array(wrong, int),
    )
    left = line_order[rows.line[rows.reason == UnservedReason.SHIFT_OVER]]
    endless = [
        order
        for order in np.unique(left).tolist()
        if all(
            end_s == np.inf or not _needs_of(scenario, order) <= skills
            for skills, end_s in zip(
                staff.packers.skills, staff.packers.end_s.tolist(), strict=True
            )
        )
    ]
    findings.add(
        "shift-excuse",
        "order {name} is left as too late for the shifts, and they have no end",
        order=np.array(endless, int),
    )


def _fits(scenario: Scenario, order: int) -> bool:
    """Whether somebody has time for an order, however many cartons it takes."""
    staff, orders = scenario.staff, scenario.orders
    assert staff is not None  # there is nobody to ask otherwise
    units = int(orders.line_quantity[orders.line_order == order].sum())
    release_s = float(orders.release_s[order])
    setup_s = 0.0 if scenario.shipping is None else scenario.shipping.rules.setup_s
    return any(
        until_s - from_s
        > scenario.pack_s(units, units) / speed + units * setup_s + TOLERANCE_S
        for packer, speed in enumerate(staff.packers.speed.tolist())
        if _needs_of(scenario, order) <= staff.packers.skills[packer]
        for from_s, until_s in _stretches(staff, packer, release_s)
    )


def _stretches(
    staff: Staff, packer: int, after_s: float
) -> Iterator[tuple[float, float]]:
    """Begin and end of the times of a shift between breaks, from a time on."""
    breaks, end_s = staff.breaks, float(staff.packers.end_s[packer])
    at = max(after_s, float(staff.packers.start_s[packer]))
    for rest in np.flatnonzero(breaks.packer == packer).tolist():
        yield at, min(end_s, float(breaks.start_s[rest]))
        at = max(at, float(breaks.end_s[rest]))
    yield at, end_s
