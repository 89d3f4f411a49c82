"""What robots do at every step, and the parts of the report that tell of it."""

import dataclasses
import re

import numpy as np
import pytest

from tests.mixed_sites import mixed_plan
from tests.pod_sites import pod_plan
from tests.viz.synthetic import Wave, corridor_plan, still_plan
from viz.fleet_report import fleet_charts
from viz.fleet_use import (
    STATE_OF,
    Activity,
    activities,
    activity_words,
    shares_of_robots,
    shares_over_time,
    waits_on_cells,
)
from viz.heat_report import heat_maps, units_taken
from viz.replay import Replay
from warehouse.metrics import RobotState, robot_states, waits
from warehouse.plan import PodStopKind

PLANS = {
    "totes": Wave().build(),
    "turning": Wave(rotate=True, robots=2, orders=4).build(),
    "pods": pod_plan(),
    "mixed": mixed_plan(),
}


@pytest.fixture(params=PLANS)
def replay(request):
    return Replay.from_plan(PLANS[request.param])


def test_activities_are_the_states_of_the_replay(replay):
    table = activities(replay)
    assert table.shape == replay.plan.cells.shape
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
        assert np.array_equal(table[:-1] == activity, states == state)
    assert np.array_equal(waits_on_cells(replay, table), waits(replay.plan))


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
    assert f"The busiest is at work {100 * (1 - idle.min()):.1f} %" in html


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


def test_maps_count_units_where_they_are_taken():
    plan = PLANS["totes"]
    units = units_taken(Replay.from_plan(plan))
    for pick in plan.picks:
        units[pick["rack"]] -= pick["quantity"]
    assert not units.any()
    pods = Replay.from_plan(PLANS["pods"])
    taken = units_taken(pods)
    assert taken.sum() == PLANS["pods"].pod_work.picks["quantity"].sum()
    assert set(np.flatnonzero(taken)) <= set(pods.scenario.pods.start_cells)


def test_maps_without_a_count_say_so():
    replay = Replay.from_plan(corridor_plan())
    html = heat_maps(replay, np.zeros(10, np.int64))
    assert html.count('<div class="scale">none</div>') == 1
    assert html.count("<figure>") == 3
