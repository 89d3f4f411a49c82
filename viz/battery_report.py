"""The part of the report about batteries: levels and use of chargers over time."""

import numpy as np

from viz import svg
from viz.battery_levels import BatteryLevels
from viz.clock import count, share
from viz.replay import Replay
from warehouse.battery_metrics import BatteryMetrics

_POINTS = 480  # of a curve, at most


def battery_words(figures: BatteryMetrics, reserve: float) -> str:
    """Say how low batteries got, and how much chargers were used."""
    return (
        f"The lowest level of any robot at any time is {share(figures.lowest_level)} "
        f"of the capacity; the reserve is {share(reserve)}. Robots charge "
        f"{share(figures.charging_share)} of the time, in "
        f"{count(figures.stays, 'stay')}, and take {figures.charged_wh / 1000:,.2f} "
        f"kWh; chargers are in use {share(figures.charger_use)} of the time."
    )


def level_chart(replay: Replay, batteries: BatteryLevels) -> str:
    """Lowest, mean and highest level of the fleet over time, and the reserve."""
    levels = batteries.levels
    parts = min(_POINTS, len(levels))
    ends = np.linspace(0, len(levels), parts + 1).astype(int)
    lowest = np.minimum.reduceat(levels.min(1), ends[:-1])
    highest = np.maximum.reduceat(levels.max(1), ends[:-1])
    mean = np.add.reduceat(levels.mean(1), ends[:-1]) / np.diff(ends)
    seconds = (ends[:-1] + ends[1:] - 1) / 2 * replay.step_s
    return svg.share_curves(
        seconds,
        [(highest, "highest"), (mean, "curve"), (lowest, "lowest")],
        batteries.reserve,
        "Levels of the batteries over time",
    )


def charger_rows(replay: Replay, figures: BatteryMetrics) -> list[svg.GanttRow]:
    """When each charger is in use, with the share of time that is."""
    batteries = replay.batteries
    assert batteries is not None  # there are figures of batteries only with batteries
    rows = []
    for charger in figures.chargers:
        cell = replay.scenario.layout.cell(charger.row, charger.col)
        mine = batteries.stays[batteries.stays["cell"] == cell]
        mine = mine[np.argsort(mine["start"], kind="stable")]
        start_s, end_s = (mine[name] * replay.step_s for name in ("start", "end"))
        name = f"{charger.row}, {charger.col}"
        use = share(charger.busy)
        rows.append(svg.GanttRow.on_time(name, start_s, end_s, use))
    return rows


def charger_table(figures: BatteryMetrics) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of a table of chargers."""
    rows = [
        [
            f"row {charger.row}, col {charger.col}",
            f"{charger.stays:,}",
            share(charger.busy),
            f"{charger.charged_wh / 1000:,.2f} kWh",
        ]
        for charger in figures.chargers
    ]
    return ["Charger", "Stays", "In use", "Given"], rows
