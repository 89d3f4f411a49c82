import numpy as np
import pytest

from tests.viz.synthetic import Wave, corridor_plan, still_plan
from viz.replay import Replay, RobotState
from viz.station_work import StationWork
from viz.trips import Trips
from warehouse import metrics


@pytest.fixture(scope="module")
def wave():
    return Replay.from_plan(Wave().build())


def test_positions_lie_between_cells():
    replay = Replay.from_plan(corridor_plan())
    assert replay.at(0.0).xy.tolist() == [[0.5, 1.5]]
    assert replay.at(0.25).xy.tolist() == [[0.75, 1.5]]
    assert replay.at(1.5).xy.tolist() == [[2.0, 1.5]]
    # After the robots have stopped, packing goes on and they stand.
    assert replay.at(15.5).xy.tolist() == [[4.5, 1.5]]


def test_positions_at_whole_steps_are_the_cells(wave):
    width = wave.scenario.layout.width
    for t in range(0, wave.plan.steps + 1, 37):
        col, row = np.floor(wave.at(t).xy).astype(int).T
        assert np.array_equal(row * width + col, wave.plan.cells[t])


@pytest.mark.parametrize(
    ("t", "state", "units", "totes"),
    [
        (0.5, RobotState.EMPTY, 0, 0),
        (2.0, RobotState.SERVING, 0, 0),
        (3.9, RobotState.SERVING, 0, 0),
        (4.0, RobotState.WAITING, 4, 2),
        (5.0, RobotState.CARRYING, 4, 2),
        (7.0, RobotState.SERVING, 4, 2),
        (9.0, RobotState.IDLE, 0, 0),
        (20.0, RobotState.IDLE, 0, 0),
    ],
)
def test_state_and_load(t, state, units, totes):
    moment = Replay.from_plan(corridor_plan()).at(t)
    assert moment.state.tolist() == [state]
    assert (moment.units.tolist(), moment.totes.tolist()) == ([units], [totes])


def naive_state(plan, robot, t):
    """State of one robot by reading its stops one after another."""
    stops = [stop for stop in plan.stops if stop["robot"] == robot]
    if any(stop["start"] <= t < stop["end"] for stop in stops):
        return RobotState.SERVING
    units = 0
    for index, stop in enumerate(plan.stops):
        if stop["robot"] == robot and stop["end"] <= t:
            units += plan.picks["quantity"][plan.picks["stop"] == index].sum()
            for drop in plan.drops[plan.drops["stop"] == index]:
                for pick in plan.picks:
                    order = plan.scenario.orders.line_order[pick["line"]]
                    trip = plan.stops["trip"][pick["stop"]]
                    if (order, trip) == (drop["order"], stop["trip"]):
                        units -= pick["quantity"]
    if t < plan.steps and plan.cells[t, robot] != plan.cells[t + 1, robot]:
        return RobotState.CARRYING if units else RobotState.EMPTY
    # Standing: it waits when a trip was begun and is not over.
    done = [stop for stop in stops if stop["end"] <= t]
    later = [stop for stop in stops if stop["start"] > t]
    if not later:
        return RobotState.IDLE
    if done and done[-1]["trip"] == later[0]["trip"]:
        return RobotState.WAITING
    free = done[-1]["end"] if done else 0
    left = (plan.cells[free : t + 1, robot] != plan.cells[free, robot]).any()
    return RobotState.WAITING if left else RobotState.IDLE


def test_states_equal_those_read_one_by_one(wave):
    seen = set()
    for t in range(0, wave.plan.steps + 1, 23):
        moment = wave.at(t)
        for robot in range(wave.robots):
            assert moment.state[robot] == naive_state(wave.plan, robot, t), (robot, t)
            seen.add(int(moment.state[robot]))
    assert seen == set(wave.states)


def test_states_equal_those_the_metrics_count(wave):
    counted = metrics.robot_states(wave.plan)
    same = {
        RobotState.EMPTY: [metrics.RobotState.DRIVING],
        RobotState.CARRYING: [metrics.RobotState.DRIVING],
        RobotState.SERVING: [metrics.RobotState.PICKING, metrics.RobotState.DROPPING],
        RobotState.WAITING: [metrics.RobotState.WAITING],
        RobotState.IDLE: [metrics.RobotState.IDLE],
    }
    for t in range(wave.plan.steps):
        for shown, told in zip(wave.at(t).state, counted[t], strict=True):
            assert told in same[RobotState(shown)]


def test_load_never_negative_and_zero_after_every_trip(wave):
    trips = Trips.from_plan(wave.plan)
    assert trips.units_after.min() >= 0
    assert trips.units_after.max() > 0
    assert (trips.units_after[trips.last] == 0).all()
    assert (trips.totes_after[trips.last] == 0).all()
    assert trips.totes_after.max() <= wave.scenario.fleet.tote_slots


def test_headings_turn_the_short_way():
    plan = Wave(rotate=True, robots=3, orders=12).build()
    replay = Replay.from_plan(plan)
    ahead = plan.headings.astype(int)
    change = (ahead[1:] - ahead[:-1]) % 4
    for turn, expected in ((1, 0.5), (3, -0.5)):
        t, robot = np.argwhere(change == turn)[0]
        turns = replay.at(t + 0.5).turns
        assert turns[robot] == ahead[t, robot] + expected
    assert Replay.from_plan(corridor_plan()).at(1.0).turns is None


def test_trip_and_orders_of_a_robot():
    replay = Replay.from_plan(corridor_plan())
    assert replay.trip_at(0, 0.0) == 0
    assert replay.trip_at(0, 8.9) == 0
    assert replay.trip_at(0, 9.0) is None
    assert replay.orders_of_trip(0) == [0, 1]


def test_track_leaves_out_rests():
    replay = Replay.from_plan(corridor_plan())
    assert replay.track(0, 0, 99).tolist() == [[c + 0.5, 1.5] for c in range(5)]
    assert replay.track(0, 8, 7).shape == (0, 2)


def test_station_work_over_time():
    work = StationWork.of_packing(corridor_plan())
    counts = [
        (
            now_s,
            work.queued(now_s)[0],
            len(work.packing_at(0, now_s)),
            work.done_at(0, now_s),
            work.units_by(now_s),
        )
        for now_s in (8.9, 9.0, 15.0, 21.0)
    ]
    assert counts == [
        (8.9, 0, 0, 0, 0),
        (9.0, 1, 1, 0, 0),
        (15.0, 0, 1, 1, 2),
        (21.0, 0, 0, 2, 4),
    ]
    assert work.queue_at(0, 9.0).tolist() == [1]
    assert work.packing_at(0, 9.0).tolist() == [0]


def test_every_order_is_somewhere_at_any_time(wave):
    work = wave.work
    for share in (0.0, 0.3, 0.6, 1.0):
        now_s = share * wave.duration_s
        handed_over = np.count_nonzero(work.ready_s <= now_s)
        queued, total = work.queued(now_s), 0
        for station in range(work.stations):
            assert queued[station] == len(work.queue_at(station, now_s))
            total += queued[station] + len(work.packing_at(station, now_s))
            total += work.done_at(station, now_s)
        assert total == handed_over
    assert wave.done.by(wave.duration_s) == len(work.order)


@pytest.mark.parametrize("steps", [0, 1])
def test_plan_where_nothing_happens(steps):
    replay = Replay.from_plan(still_plan(steps))
    moment = replay.at(steps)
    assert (moment.state == RobotState.IDLE).all()
    assert replay.trip_at(0, 0.0) is None
    assert replay.done.by(0.0) == replay.units_by(0.0) == 0


def test_plan_without_robots():
    replay = Replay.from_plan(still_plan(1, robots=0))
    assert replay.at(0.5).xy.shape == (0, 2)
