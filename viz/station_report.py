"""The part of the report that shows who works when at the stations."""

import numpy as np

from viz import svg
from viz.clock import share
from viz.mixed_report import both_rows
from viz.plan_roster import plan_roster
from viz.pod_report import filler_rows, picker_rows
from viz.replay import Replay
from viz.roster_sheet import roster_chart


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
    if not any(len(start) for _, start, _, _ in rows):
        return f"<p>{none}</p>", len(rows)
    chart = svg.gantt(rows, replay.plan.makespan_s)
    return f'<p class="muted">{words}</p>\n{chart}', len(rows)


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
            name = station.name
            if station.packers > 1:
                name = f"{name} / {number + 1}"
            rows.append((name, start, end, share(float((end - start).sum()) / end_s)))
    return rows
