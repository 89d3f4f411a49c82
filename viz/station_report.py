"""The part of the report that shows who works when at the stations."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from viz import svg
from viz.clock import count, share
from viz.gantt_bars import BarKind
from viz.page import legend
from viz.plan_roster import plan_roster
from viz.replay import Replay
from viz.roster_sheet import roster_chart
from viz.station_bars import station_chart as work_of_stations

_WORK: Final = (BarKind.WORK, BarKind.IN_TIME, BarKind.LATE, BarKind.FILL)
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
    rows, none = work_rows(replay), "No order is packed."
    words = "Each bar is an order being packed; "
    if replay.scenario.pods is not None and replay.scenario.packs:
        words, none = "Each bar is work without a pause; ", "Nothing is done."
    elif replay.scenario.pods is not None:
        words, none = "Each bar is picking without a pause; ", "Nothing is picked."
        if replay.filling.stations:
            words = "Each bar is picking, or filling pods, without a pause; "
    words += "at the right, the share of time worked."
    if not any(len(row.start_s) for row in rows):
        return f"<p>{none}</p>", len(rows)
    departures, end_s = _departures(replay)
    if departures:
        words += " Dashed lines are departures of trucks."
    chart = svg.gantt(rows, end_s, departures=departures)
    key = ""
    if any(row.late.any() for row in rows):
        key = "\n" + legend([("work", "in time, or not due"), ("late-work", "late")])
    return f'<p class="muted">{words}</p>\n{chart}{key}', len(rows)


def _departures(replay: Replay) -> tuple[list[tuple[str, float]], float]:
    """Trucks with their seconds, and where a chart with them ends.

    Trucks that leave long after the last order is packed are left out.
    """
    trucks, end_s = replay.scenario.trucks, replay.plan.makespan_s
    if trucks is None:
        return [], end_s
    together: dict[float, list[str]] = {}
    for name, at_s in zip(trucks.carrier, trucks.departs_s.tolist(), strict=True):
        if at_s <= _LATEST * end_s:
            together.setdefault(at_s, []).append(name)
    shown = [
        (names[0] if len(names) == 1 else count(len(names), "truck"), at_s)
        for at_s, names in together.items()
    ]
    return shown, max([end_s, *together])


def work_rows(replay: Replay) -> list[svg.GanttRow]:
    """For each picker, each who fills pods and each packer, when they work.

    At the right, the share of the time until all orders are packed or picked.
    """
    chart, scenario = work_of_stations(replay), replay.scenario
    pickers, packers = [], []
    for row, (name, lanes) in enumerate(zip(chart.names, chart.lanes, strict=True)):
        bars = chart.bars_in(row)
        bars = bars[np.isin(bars["kind"], _WORK)]
        if scenario.pods is not None:
            # The last two lanes are of pods, and of what is picked from them.
            lanes -= 2
            words = f"{name} picker" if scenario.packs else name
            mine = bars[bars["lane"] == lanes + 1]
            pickers.append(_row(replay, words, mine, joined=True))
        for lane in range(lanes):
            words = name if lanes == 1 else f"{name} / {lane + 1}"
            words += " packer" if scenario.pods is not None else ""
            packers.append(_row(replay, words, bars[bars["lane"] == lane]))
    return pickers + packers


def _row(
    replay: Replay, name: str, bars: NDArray[np.void], *, joined: bool = False
) -> svg.GanttRow:
    """Bars until the last order is done; joined ones where there is no pause."""
    end_s = max(replay.plan.makespan_s, 1e-9)
    bars = bars[bars["start_s"] < end_s]
    start, end = bars["start_s"], np.minimum(bars["end_s"], end_s)
    late = bars["kind"] == BarKind.LATE
    worked = share(float((end - start).sum()) / end_s)
    if joined:
        parted = (start[1:] > end[:-1] + 1e-6) | (late[1:] != late[:-1])
        begins = np.append(True, parted)[: len(start)]
        ends = np.append(parted, True)[: len(end)]
        start, end, late = start[begins], end[ends], late[begins]
    return svg.GanttRow(name, start, end, late, worked)
