"""Whether packers could do what a roster says, by the rules of the day alone."""

import math
from collections.abc import Sequence
from itertools import pairwise

from warehouse.check.breaks import TOLERANCE_S, packed_in_break
from warehouse.check.violation import Violation
from warehouse.packing_day import PackedOrder, PackingDay


def check_roster(
    day: PackingDay, rows: Sequence[PackedOrder], left_out: Sequence[int] = ()
) -> list[Violation]:
    """Find what breaks a rule.

    The rules are ``order-once``, ``packer-able``, ``order-ready``, ``packing-length``,
    ``packer-busy``, ``outside-shift`` and ``in-a-break``. A break begins at its time,
    or, where it may wait, at the end of the order in hand.

    Parameters
    ----------
    day : PackingDay
    rows : sequence of PackedOrder
    left_out : sequence of int
        Orders that are named as not packed.
    """
    jobs = day.jobs
    times = [0] * len(jobs.names)
    absent = set(left_out)
    found: list[Violation] = []
    known = []
    for row in rows:
        if 0 <= row.order < len(times) and 0 <= row.packer < len(day.packers.names):
            known.append(row)
            times[row.order] += 1
            found += _row_faults(day, row)
        else:
            text = f"order {row.order} by packer {row.packer}: no such order or packer"
            found.append(Violation("order-once", text))
    for order, count in enumerate(times):
        if count + (order in absent) != 1:
            text = f"order {jobs.names[order]} is packed {count} times"
            found.append(Violation("order-once", text, order=order))
    for packer in range(len(day.packers.names)):
        own = [row for row in known if row.packer == packer]
        own.sort(key=lambda row: (row.start_s, row.end_s))
        found += _packer_faults(day, packer, own)
    return found


def _row_faults(day: PackingDay, row: PackedOrder) -> list[Violation]:
    """Rules that one row breaks whatever the others say."""
    jobs, packers = day.jobs, day.packers
    name, who = jobs.names[row.order], packers.names[row.packer]
    station = int(packers.station[row.packer])
    found = []

    def add(rule: str, text: str) -> None:
        words = f"order {name} by packer {who}: {text}"
        found.append(Violation(rule, words, order=row.order))

    if not (math.isfinite(row.start_s) and math.isfinite(row.end_s)):
        add("packing-length", "times are no numbers")
        return found
    allowed = jobs.stations[row.order]
    if allowed and station not in allowed:
        add("packer-able", f"may not be packed at station {day.stations[station]}")
    lacking = jobs.needs[row.order] - packers.skills[row.packer]
    if lacking:
        add("packer-able", f"needs {', '.join(sorted(lacking))}")
    if row.start_s < jobs.ready_s[row.order] - TOLERANCE_S:
        ready_s = jobs.ready_s[row.order]
        add("order-ready", f"begun at {row.start_s:.3f} s, ready at {ready_s:.3f} s")
    begin_s, end_s = packers.start_s[row.packer], packers.end_s[row.packer]
    if row.start_s < begin_s - TOLERANCE_S or row.end_s > end_s + TOLERANCE_S:
        add("outside-shift", f"{row.start_s:.3f} to {row.end_s:.3f} s")
    return found


def _packer_faults(
    day: PackingDay, packer: int, rows: list[PackedOrder]
) -> list[Violation]:
    """Rules that the rows of a packer, in the order of their starts, break."""
    jobs, who = day.jobs, day.packers.names[packer]
    found = []
    for before, row in pairwise(rows):
        if row.start_s < before.end_s - TOLERANCE_S:
            text = f"packer {who} packs two orders at {row.start_s:.3f} s"
            found.append(Violation("packer-busy", text, order=row.order))
    kind = -1
    for row in rows:
        carton = int(jobs.carton[row.order])
        need_s = float(jobs.work_s[row.order] / day.packers.speed[packer])
        if carton != kind:
            need_s += float(day.setup_s[carton])
        kind = carton
        took_s = row.end_s - row.start_s
        if not need_s - TOLERANCE_S <= took_s <= need_s + TOLERANCE_S:
            name = jobs.names[row.order]
            text = f"order {name} takes {took_s:.3f} s, and needs {need_s:.3f} s"
            found.append(Violation("packing-length", text, order=row.order))
    for rest in range(len(day.breaks.packer)):
        if day.breaks.packer[rest] == packer:
            found += _break_faults(day, rest, rows)
    return found


def _break_faults(
    day: PackingDay, rest: int, rows: list[PackedOrder]
) -> list[Violation]:
    """Orders that a packer packs in a break."""
    breaks = day.breaks
    due_s, length_s = breaks.start_s[rest], breaks.end_s[rest] - breaks.start_s[rest]
    spans = [(row.start_s, row.end_s) for row in rows]
    wait_s = float(breaks.wait_s[rest])
    begin_s, inside = packed_in_break(float(due_s), float(length_s), wait_s, spans)
    found = []
    for row in (rows[number] for number in inside):
        text = (
            f"order {day.jobs.names[row.order]} in the break of packer "
            f"{day.packers.names[int(breaks.packer[rest])]} at {begin_s:.3f} s"
        )
        found.append(Violation("in-a-break", text, order=row.order))
    return found
