"""What robots do at every step, and the parts of the report that tell of it."""

import base64
import dataclasses
import io
import re

import numpy as np
import pytest
from PIL import Image

from tests.mixed_sites import mixed_plan
from tests.pod_sites import pod_plan
from tests.viz.synthetic import Wave, still_plan
from viz.fleet_report import fleet_charts
from viz.fleet_use import (
    STATE_OF,
    Activity,
    activities,
    activity_words,
    shares_of_robots,
    shares_over_time,
)
from viz.heat_counts import HeatKind
from viz.heat_report import heat_maps
from viz.palette import THEMES
from viz.replay import Replay
from warehouse.metrics import RobotState, robot_states
from warehouse.plan import PodStopKind

PLANS = {
    "totes": Wave().build(),
    "turning": Wave(rotate=True, robots=2, orders=4).build(),
    "pods": pod_plan(),
    "mixed": mixed_plan(),
}
SOURCES = {"dark": "srcset", "light": "src"}


@pytest.fixture(params=PLANS)
def replay(request):
    return Replay.from_plan(PLANS[request.param])


def test_activities_are_the_states_of_the_replay(replay):
    table = activities(replay)
    assert table.shape == replay.plan.cells[1:].shape
    state_of = np.array([STATE_OF[activity] for activity in Activity])
    for step in range(0, len(table), 7):
        assert state_of[table[step]].tolist() == replay.at(step).state.tolist()


def test_activities_part_picking_from_handing_over():
    """The key figures find the same by a way of their own."""
    replay = Replay.from_plan(PLANS["totes"])
    table, states = activities(replay), robot_states(replay.plan)
    for activity, state in (
        (Activity.PICKING, RobotState.PICKING),
        (Activity.HANDING, RobotState.DROPPING),
        (Activity.WAITING, RobotState.WAITING),
    ):
        assert np.array_equal(table == activity, states == state)


def test_robots_show_pods_while_they_stand_at_stations():
    replay = Replay.from_plan(PLANS["pods"])
    stops, table = replay.plan.pod_work.stops, activities(replay)
    for stop in stops:
        stay = table[stop["start"] : stop["end"], stop["robot"]]
        visit = stop["kind"] == PodStopKind.VISIT
        assert (stay == (Activity.HANDING if visit else Activity.PICKING)).all()


def test_shares_add_up(replay):
    table = activities(replay)
    for shares in (shares_of_robots(table), shares_over_time(table, 17)):
        assert np.allclose(shares.sum(axis=1), 1.0)
    assert shares_of_robots(table).shape == (replay.robots, len(Activity))
    assert shares_over_time(table, 17).shape == (17, len(Activity))
    whole = shares_over_time(table, 1)[0]
    assert np.allclose(whole, shares_of_robots(table).mean(axis=0))


def test_words_leave_out_what_a_site_does_not_know(replay):
    words = activity_words(replay)
    assert set(np.unique(activities(replay))) <= set(words)
    assert Activity.CHARGING not in words


def test_every_robot_has_a_bar_the_busiest_first():
    replay = Replay.from_plan(PLANS["totes"])
    table = activities(replay)
    html = fleet_charts(replay, table)
    named = re.findall(r'y="204.0" text-anchor="middle">(\d+)<', html)
    idle = shares_of_robots(table)[:, Activity.IDLE]
    assert named == [str(robot) for robot in np.argsort(idle, kind="stable")]
    assert f"The busiest robot is idle for {100 * idle.min():.1f} %" in html


def test_bars_of_many_robots_are_means():
    plan = still_plan(2, robots=1)
    many = dataclasses.replace(
        plan,
        cells=np.repeat(plan.cells, 200, axis=1),
        scenario=dataclasses.replace(
            plan.scenario,
            fleet=dataclasses.replace(
                plan.scenario.fleet, start_cells=np.repeat(plan.cells[0], 200)
            ),
        ),
    )
    replay = Replay.from_plan(many)
    html = fleet_charts(replay, activities(replay))
    assert "Each bar is the mean of about 3 robots" in html


@pytest.mark.parametrize("theme", THEMES)
def test_maps_show_what_is_counted(replay, theme):
    html = heat_maps(replay)
    coded = re.findall(f'{SOURCES[theme]}="data:image/png;base64,([^"]+)"', html)
    assert len(coded) == len(HeatKind)
    docks = [station.cell for station in replay.scenario.stations]
    for kind, text in zip(HeatKind, coded, strict=True):
        counts = replay.heat.between(kind, 0, replay.heat.steps)
        picture = Image.open(io.BytesIO(base64.b64decode(text)))
        pixels = np.asarray(picture).reshape(-1, 3)
        floor = (replay.scenario.layout.drivable.ravel()) & (counts == 0)
        floor[docks] = False
        assert (pixels[floor] == THEMES[theme].floor).all()
        assert (pixels[docks] == THEMES[theme].station).all()
        if counts.any():
            most = np.delete(np.arange(len(counts)), docks)
            most = most[np.argmax(counts[most])]
            assert not (pixels[most] == THEMES[theme].floor).all()


def test_maps_without_a_count_say_so():
    html = heat_maps(Replay.from_plan(still_plan(3)))
    assert html.count('<div class="scale">none</div>') == 2
    assert html.count("<figure>") == 3
