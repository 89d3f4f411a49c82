"""The part of the report that shows who works when at the stations."""

from typing import Final

import numpy as np

from viz import svg
from viz.clock import share
from viz.mixed_report import both_rows
from viz.page import legend
from viz.plan_roster import plan_roster
from viz.pod_report import filler_rows, picker_rows
from viz.replay import Replay
from viz.roster_sheet import roster_chart
from warehouse.lateness import TOLERANCE_S

_LATEST: Final = 1.5  # makespans by which a truck is on the chart


def station_chart(replay: Replay) -> tuple[str, int]:
    """Gantt of every packer and picker, with the share of time that is worked.

    Of packers with shifts, these and their breaks instead of the share.

    Parameters
    ----------
    replay : Replay

    Returns
    -------
    body : str
        HTML.
    rows : int
        How many people it shows.
    """
    staff = replay.scenario.staff
    if staff is not None:
        return roster_chart(*plan_roster(replay.plan, staff)), len(staff.packers)
    if replay.scenario.is_mixed:
        rows = both_rows(picker_rows(replay), packer_rows(replay))
        words, none = "Each bar is work without a pause; ", "Nothing is done."
    elif replay.scenario.pods is None:
        rows, none = packer_rows(replay), "No order is packed."
        words = "Each bar is an order being packed; "
    else:
        rows, none = picker_rows(replay) + filler_rows(replay), "Nothing is picked."
        words = "Each bar is picking, or filling pods, without a pause; "
        if not replay.filling.stations:
            words = "Each bar is picking without a pause; "
    words += "at the right, the share of time worked."
    if not any(len(row.start_s) for row in rows):
        return f"<p>{none}</p>", len(rows)
    departures, end_s = _departures(replay)
    if departures:
        words += " Dashed lines are departures of trucks."
    chart = svg.gantt(rows, end_s, departures=departures)
    key = ""
    if any(row.late.any() for row in rows):
        key = "\n" + legend([("work", "packed in time"), ("late-work", "packed late")])
    return f'<p class="muted">{words}</p>\n{chart}{key}', len(rows)


def _departures(replay: Replay) -> tuple[list[tuple[str, float]], float]:
    """Trucks with their seconds, and where a chart with them ends.

    Trucks that leave long after the last order is packed are left out.
    """
    trucks, end_s = replay.scenario.trucks, replay.plan.makespan_s
    if trucks is None:
        return [], end_s
    pairs = zip(trucks.carrier, trucks.departs_s.tolist(), strict=True)
    shown = [(name, at_s) for name, at_s in pairs if at_s <= _LATEST * end_s]
    return shown, max([end_s, *(at_s for _, at_s in shown)])


def packer_rows(replay: Replay) -> list[svg.GanttRow]:
    """For each packer a name, when packing begins and ends, and the share of time."""
    work, packer = replay.packing, replay.plan.packing["packer"]
    end_s = max(replay.plan.makespan_s, 1e-9)
    rows = []
    for index, station in enumerate(replay.scenario.stations):
        for number in range(station.packers):
            mine = np.flatnonzero((work.station == index) & (packer == number))
            mine = mine[np.argsort(work.start_s[mine], kind="stable")]
            start, end = work.start_s[mine], work.end_s[mine]
            late = end > work.due_s[mine] + TOLERANCE_S
            name = station.name
            if station.packers > 1:
                name = f"{name} / {number + 1}"
            worked = share(float((end - start).sum()) / end_s)
            rows.append(svg.GanttRow(name, start, end, late, worked))
    return rows
