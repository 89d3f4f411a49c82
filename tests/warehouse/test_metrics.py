"""Key figures against figures counted by hand or step by step."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from tests.plans import HOMES, at, empty_plan, fresh, small_plan
from warehouse.metrics import (
    RobotState,
    measure,
    robot_states,
    visits,
    waits,
)
from warehouse.plan import Bound, StopKind


def naive_states(plan):
    """What each robot does in each step, asking one thing after the other."""
    states = np.zeros((plan.steps, len(plan.scenario.fleet)), int)
    for robot in range(states.shape[1]):
        stops = sorted(
            (stop for stop in plan.stops.tolist() if stop[0] == robot),
            key=lambda stop: stop[4],
        )
        for t in range(plan.steps):
            states[t, robot] = naive_state(plan, robot, stops, t)
    return states


def naive_state(plan, robot, stops, t):
    def moves(k):
        turns = plan.headings is not None and (
            plan.headings[k, robot] != plan.headings[k + 1, robot]
        )
        return turns or plan.cells[k, robot] != plan.cells[k + 1, robot]

    for _, _, kind, _, start, end, _ in stops:
        if start <= t < end:
            picking = kind == StopKind.PICK
            return RobotState.PICKING if picking else RobotState.DROPPING
    if moves(t):
        return RobotState.DRIVING
    before = [stop for stop in stops if stop[5] <= t]
    after = [stop for stop in stops if stop[4] > t]
    if not after:
        return RobotState.IDLE
    if before and before[-1][1] == after[0][1]:
        return RobotState.WAITING
    free_from = before[-1][5] if before else 0
    has_left = any(moves(k) for k in range(free_from, t))
    return RobotState.WAITING if has_left else RobotState.IDLE


def with_a_pause(plan):
    """Every robot stands for five steps, once on its way and once before."""
    for t in (3, 30):
        cells = np.concatenate([plan.cells[:t], plan.cells[[t] * 5], plan.cells[t:]])
        stops = plan.stops.copy()
        stops["start"][stops["start"] >= t] += 5
        stops["end"][stops["end"] >= t] += 5
        headings = plan.headings
        if headings is not None:
            headings = np.concatenate([headings[:t], headings[[t] * 5], headings[t:]])
        plan = replace(plan, cells=cells, headings=headings, stops=stops)
    return plan


@pytest.mark.parametrize("motion", ["omni", "rotate"])
@pytest.mark.parametrize("pause", [False, True])
def test_states_agree_with_asking_step_by_step(motion, pause):
    plan = small_plan(motion)
    plan = with_a_pause(plan) if pause else plan
    states = robot_states(plan)
    np.testing.assert_array_equal(states, naive_states(plan))
    assert (states == RobotState.WAITING).any() == pause
    total = waits(plan)
    assert total.sum() == np.sum(states == RobotState.WAITING)
    shares = measure(plan).robot_shares
    assert sum(shares.values()) == pytest.approx(1)
    for state in RobotState:
        assert shares[state.name.lower()] == pytest.approx(np.mean(states == state))


def test_figures_of_the_small_plan():
    metrics = measure(small_plan())
    assert (metrics.orders, metrics.lines, metrics.units) == (6, 9, 16)
    assert metrics.orders_served == 5
    assert metrics.orders_partly_served == 0
    assert metrics.lines_served == 7
    assert metrics.units_served == 11
    assert metrics.unserved_units == {
        "stock": 1,
        "held": 4,
        "interrupted": 0,
        "horizon": 0,
        "blocked": 0,
        "too_heavy": 0,
        "no_room": 0,
        "no_carton": 0,
        "no_packer": 0,
        "shift_over": 0,
    }
    assert metrics.units_served + sum(metrics.unserved_units.values()) == metrics.units
    # Four trips for five orders; that order 2 comes in two parts does not count.
    assert (metrics.robots, metrics.trips, metrics.orders_per_trip) == (4, 4, 1.25)
    # Order 0 is due at 30 s and packed at 40 s.
    assert (metrics.late_orders, metrics.tardiness_s) == (1, 10)
    assert metrics.makespan_s == 71
    assert (metrics.bound_s, metrics.binding) == (25, "longest_order")
    assert metrics.gap == pytest.approx((71 - 25) / 25)
    assert metrics.orders_per_hour == pytest.approx(5 * 3600 / 71)
    # 66 moves of 1.5 m.
    assert metrics.travel_m == 99
    assert metrics.travel_gap == pytest.approx(2.3)
    assert metrics.travel_m_per_unit == pytest.approx(99 / 11)
    west, east = metrics.stations
    assert (west.name, west.orders, west.first_arrival_s) == ("west", 3, 20)
    assert west.busy == pytest.approx(30 / 71)
    assert east.busy == pytest.approx(21 / (2 * 71))  # two packers
    assert east.idle == pytest.approx(1 - east.busy)
    # Orders 0 and 1 come at 25 s while order 4 is packed; at east nobody waits.
    assert (west.max_queue, east.max_queue) == (2, 0)


def test_partly_served_orders_are_counted_apart():
    plan = fresh(small_plan())
    plan.picks["quantity"][0] = 0
    metrics = measure(plan)
    assert (metrics.orders_served, metrics.orders_partly_served) == (4, 1)


def test_visits_count_entries_and_where_robots_begin():
    plan = small_plan()
    seen = visits(plan)
    moves = np.count_nonzero(plan.cells[1:] != plan.cells[:-1])
    assert seen.sum() == moves + len(HOMES)
    assert seen[HOMES[3]] == 1  # it never left
    assert seen[at(5, 2)] == 2
    assert seen[at(2, 2)] == 0  # a rack
    assert seen.shape == (plan.scenario.layout.kinds.size,)


@pytest.mark.parametrize("robots", [0, 2])
def test_an_empty_plan_has_figures(robots):
    plan = empty_plan(robots)
    metrics = measure(plan)
    assert metrics.makespan_s == metrics.gap == metrics.travel_gap == 0
    assert set(metrics.robot_shares.values()) == {0.0}
    assert visits(plan).sum() == robots
    assert waits(plan).sum() == 0
    assert robot_states(plan).shape == (0, robots)


def test_figures_go_through_json_without_infinities():
    plan = replace(small_plan(), bound=Bound({}))
    metrics = measure(plan)
    assert metrics.gap == math.inf
    figures = json.loads(json.dumps(metrics.to_dict(), allow_nan=False))
    assert figures["gap"] is None
    assert figures["travel_gap"] is None
    assert figures["stations"][0]["name"] == "west"
    assert set(figures) == set(metrics.__dataclass_fields__)
