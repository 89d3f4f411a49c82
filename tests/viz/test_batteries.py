"""Batteries in the window and the report: levels, who charges, use of chargers."""

import re
from dataclasses import replace

import numpy as np
import pytest

from solvers.pods.planner import plan_pods
from tests.battery_sites import BATTERY, battery_scenario
from tests.pod_sites import pod_plan
from viz.battery_levels import BatteryLevels
from viz.battery_report import charger_rows
from viz.column import Column
from viz.frame import Painter
from viz.palette import DARK
from viz.replay import Replay, RobotState
from viz.report import report_html
from viz.view import View
from warehouse.battery_metrics import measure_batteries


@pytest.fixture(scope="module")
def plan():
    small = replace(BATTERY, capacity_wh=14.0, start=0.35)
    plan = plan_pods(battery_scenario(900.0, 200, 4, small), seed=1).solution
    assert len(plan.pod_work.charges) > 4
    return plan


@pytest.fixture(scope="module")
def replay(plan):
    return Replay.from_plan(plan)


def stay_after(plan, step):
    charges = plan.pod_work.charges
    return charges[charges["start"] > step][0]


def test_robots_that_charge_are_shown_so_and_no_others(plan, replay):
    charges = plan.pod_work.charges
    for step in range(plan.steps):
        here = (charges["start"] <= step) & (step < charges["end"])
        shown = np.flatnonzero(replay.at(step).state == RobotState.CHARGING)
        assert shown.tolist() == np.sort(charges["robot"][here]).tolist()


def test_levels_are_bars_that_are_as_long_as_batteries_are_full(plan, replay):
    view = View(replay, (1000, 640))
    view.seek(stay_after(plan, 0)["start"] + 3)
    frame = Painter(replay).frame(view)
    wide = view.camera.scale * 0.84
    for level, (x, y) in zip(
        replay.batteries.at(view.t), view.moment.xy.tolist(), strict=True
    ):
        px, py = view.camera.to_screen(x, y + 0.45)
        colour = DARK.bad if level < replay.batteries.low else DARK.good
        row = frame[round(py)]
        near, far = round(px - wide / 2) + 1, round(px - wide / 2 + wide * level) - 2
        assert (row[near:far] == colour).all()
        assert tuple(row[round(px + wide / 2)]) != colour or level > 0.97


def test_a_low_level_warns(replay):
    low = replay.batteries.low
    assert replay.batteries.reserve < low < 1
    levels = replay.batteries.levels
    assert (levels < low).any()
    assert (levels >= low).any()


def test_the_selected_robot_tells_its_battery(plan, replay, monkeypatch):
    lines = []
    monkeypatch.setattr(Column, "write", lambda _, *words, **more: lines.append(words))
    stay = stay_after(plan, 0)
    view = View(replay)
    view.robot = int(stay["robot"])
    for step in (stay["start"] - 1, stay["start"] + 1, plan.steps):
        view.seek(int(step))
        Painter(replay).frame(view)
    said = [words for words in lines if str(words[0]).startswith("battery")]
    level = 100 * replay.batteries.levels[stay["start"] - 1, stay["robot"]]
    assert said[0][0] == f"battery {level:.1f} %"
    assert [words[1].split(" 0")[0] for words in said[:2]] == [
        "charges at",
        "charges until",
    ]
    assert ("charges no more" in said[2][1]) == (
        replay.batteries.next_stay(view.robot, plan.steps) is None
    )


def test_the_report_shows_levels_and_chargers(plan, replay):
    page = report_html(plan)
    part = page.split("Batteries and chargers")[1].split("</section>")[0]
    figures = measure_batteries(plan)
    assert f"{figures.lowest_level:.1%}".replace("%", " %") in part
    rows = re.findall(r"<tr><td>row (\d+), col (\d+)</td><td>(\d+)</td>", part)
    assert [tuple(map(int, row)) for row in rows] == [
        (charger.row, charger.col, charger.stays) for charger in figures.chargers
    ]
    for charger, row in zip(
        figures.chargers, charger_rows(replay, figures), strict=True
    ):
        assert len(row.start_s) == charger.stays
        busy = float((row.end_s - row.start_s).sum()) / (plan.steps * replay.step_s)
        assert row.remark == f"{100 * busy:.1f} %"


def test_sites_without_batteries_show_none():
    plan = pod_plan()
    replay = Replay.from_plan(plan)
    assert BatteryLevels.from_plan(plan) is None
    assert RobotState.CHARGING not in replay.states
    assert "Batteries and chargers" not in report_html(plan)
    assert "charging" not in report_html(plan).split("</style>")[1]
