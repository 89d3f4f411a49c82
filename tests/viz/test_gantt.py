"""The Gantt in the window: its bars, where they are drawn, what the mouse does."""

from dataclasses import replace

import numpy as np
import pygame
import pytest

from solvers.pods.planner import plan_pods
from tests.battery_sites import BATTERY, battery_scenario
from tests.mixed_sites import mixed_plan
from tests.plans import small_plan
from tests.pod_sites import pod_plan
from tests.refill_sites import refill_plan
from tests.staffed_sites import NEVER, staff_of, staffed
from tests.viz.synthetic import Wave, corridor_plan, still_plan
from tests.viz.test_keys_and_pointer import click, mouse, wheel
from tests.viz.trucks import with_trucks
from viz.choosing import next_robot
from viz.frame import Painter
from viz.gantt_bars import BarKind
from viz.gantt_places import GanttPlaces, rows_in_sight
from viz.look import Look
from viz.order_story import order_story
from viz.palette import DARK, LIGHT
from viz.pointer import Events
from viz.replay import Replay, RobotState
from viz.robot_bars import robot_chart, robot_kinds
from viz.station_bars import station_chart
from viz.tips import tip_words
from warehouse.plan import PodStopKind

STATE_OF = {
    BarKind.DRIVE_EMPTY: RobotState.EMPTY,
    BarKind.CARRY: RobotState.CARRYING,
    BarKind.WAIT: RobotState.WAITING,
    BarKind.REST: RobotState.IDLE,
    BarKind.CHARGE: RobotState.CHARGING,
}


def charging_plan():
    small = replace(BATTERY, capacity_wh=14.0, start=0.35)
    return plan_pods(battery_scenario(600.0, 100, 4, small), seed=1).solution


PLANS = {
    "totes": lambda: Wave(orders=24).build(),
    "turning": lambda: Wave(orders=12, rotate=True).build(),
    "trucks": lambda: with_trucks(Wave(orders=24).build(), (150.0, 300.0, 450.0)),
    "pods": pod_plan,
    "filled": refill_plan,
    "charging": charging_plan,
    "mixed": mixed_plan,
}


@pytest.fixture(scope="module", params=PLANS)
def replay(request):
    return Replay.from_plan(PLANS[request.param]())


@pytest.fixture(scope="module")
def shipped():
    return Replay.from_plan(PLANS["trucks"]())


def opened(replay, size=(1280, 800), **look):
    view = Look(gantt=True, **look).view(replay, size)
    view.seek(replay.duration / 3)
    return view


def lit(frame, area):
    left, top, width, height = area
    return frame[top : top + height, left : left + width]


def bars_with_places(view):
    """Bars in sight, each with the pixels of its lane."""
    places = GanttPlaces.of(view)
    for row in rows_in_sight(view, places):
        for bar in row.bars:
            ends = places.lane_of(row.place, int(bar["lane"]), row.lanes)
            yield row, bar, ends, places


def test_a_robot_does_what_the_floor_shows_at_every_step(replay):
    for robot in range(replay.robots):
        kinds = robot_kinds(replay, robot)
        assert len(kinds) == replay.plan.steps
        for step, kind in enumerate(kinds.tolist()):
            state = STATE_OF.get(BarKind(kind), RobotState.SERVING)
            assert replay.at(step).state[robot] == state, (robot, step)


def test_bars_of_a_robot_are_its_steps_without_a_pause(replay):
    for robot in range(replay.robots):
        bars = robot_chart(replay, robot).bars
        assert bars["start_s"][0] == 0
        assert (bars["start_s"][1:] == bars["end_s"][:-1]).all()
        assert bars["end_s"][-1] == replay.plan.steps * replay.step_s
        assert (bars["kind"][1:] != bars["kind"][:-1]).all()


def test_orders_are_bars_where_and_when_they_are_packed(replay):
    bars = station_chart(replay).bars
    mine = bars[(bars["order"] >= 0) & (bars["pod"] < 0)]
    fields = ["order", "row", "lane", "start_s", "end_s"]
    packed = sorted(tuple(map(float, row)) for row in replay.plan.packing.tolist())
    assert sorted(tuple(map(float, row)) for row in mine[fields].tolist()) == packed


def test_late_orders_are_told_from_those_in_time(shipped):
    bars = station_chart(shipped).bars
    shown = bars[bars["order"] >= 0]
    packed = shipped.plan.packing
    due_s = 300.0 - 5.0 - 1.0  # less the transfer, and a walk of a second at most
    late = packed["order"][packed["end_s"] > due_s + 1]
    assert 0 < len(late) < len(packed)
    found = shown["order"][shown["kind"] == BarKind.LATE]
    assert set(late) <= set(found)
    in_time = packed["order"][packed["end_s"] <= due_s]
    assert set(in_time) == set(shown["order"][shown["kind"] == BarKind.IN_TIME])
    assert (station_chart(Replay.from_plan(corridor_plan(due_s=np.inf))).bars[
        "kind"] == BarKind.WORK).all()  # fmt: skip


@pytest.mark.parametrize("plan", [pod_plan, mixed_plan, refill_plan])
def test_pods_are_at_stations_while_robots_stand_there(plan):
    replay = Replay.from_plan(plan())
    chart, stops = station_chart(replay), replay.plan.pod_work.stops
    bars = chart.bars[chart.bars["kind"] == BarKind.POD]
    stations = len(replay.scenario.stations)
    expected = [
        (
            int(stop["station"]) + stations * (stop["kind"] == PodStopKind.FILL),
            stop["start"] * replay.step_s,
            int(stop["pod"]),
        )
        for stop in stops
        if stop["kind"] in (PodStopKind.VISIT, PodStopKind.FILL)
    ]
    assert sorted(bars[["row", "start_s", "pod"]].tolist()) == sorted(expected)
    assert len(chart.names) == stations + len(replay.filling.stations)
    picks = chart.bars[(chart.bars["order"] >= 0) & (chart.bars["pod"] >= 0)]
    assert len(picks) == len(replay.plan.pod_work.picks)


def test_between_two_bars_of_a_lane_is_rest_and_nowhere_else(replay):
    chart = station_chart(replay)
    assert (chart.bars["lane"] < np.array(chart.lanes)[chart.bars["row"]]).all()
    for row in range(len(chart.names)):
        bars = chart.bars_in(row)
        for lane in np.unique(bars["lane"]):
            mine = bars[bars["lane"] == lane]
            mine = mine[np.argsort(mine["start_s"], kind="stable")]
            assert (mine["end_s"][:-1] == mine["start_s"][1:]).all() or (
                mine["end_s"][:-1] >= mine["start_s"][1:] - 1e-9
            ).all()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_bars_have_the_colour_of_their_kind(shipped, theme):
    palette = {"dark": DARK, "light": LIGHT}[theme]
    view = opened(shipped, (2560, 1440), theme=theme)
    frame = Painter(shipped).frame(view)
    colours = {BarKind.IN_TIME: palette.good, BarKind.LATE: palette.bad}
    tried = set()
    for _, bar, (top, bottom), places in bars_with_places(view):
        kind = BarKind(int(bar["kind"]))
        first, last = places.x_of(bar["start_s"]), places.x_of(bar["end_s"])
        if kind in colours and last - first > 8:
            part = frame[top:bottom, round(first) + 1 : round(last) - 2]
            share = (part == colours[kind]).all(axis=2).mean()
            # A name stands on it, and stripes cross a late one.
            assert share > (0.5 if kind is BarKind.IN_TIME else 0.3)
            if kind is BarKind.LATE:
                assert len(np.unique(part.reshape(-1, 3), axis=0)) > 1
            tried.add(kind)
    assert tried == set(colours)


def test_what_is_kept_is_what_would_be_drawn(shipped):
    painter, view = Painter(shipped), opened(shipped)
    for change in (
        lambda: None,
        lambda: view.seek(view.t + 7),
        lambda: view.select_robot(2),
        lambda: view.gantt.zoom(3, view.now_s),
        lambda: view.select_order(5),
        lambda: view.select_truck(1),
        lambda: view.seek(0),
        view.toggle_legend,
    ):
        change()
        assert np.array_equal(painter.frame(view), Painter(shipped).frame(view))


def test_only_its_own_area_shows_what_is_zoomed(shipped):
    view = opened(shipped)
    before = Painter(shipped).frame(view)
    view.gantt.zoom(4, view.now_s)
    changed = np.argwhere((Painter(shipped).frame(view) != before).any(axis=2))
    left, top, width, height = view.arrangement.gantt
    assert len(changed) > 1000
    assert (changed >= (top, left)).all()
    assert (changed < (top + height, left + width)).all()


def test_bare_floors_have_no_gantt(shipped):
    view = opened(shipped, panels=False)
    plain = Look(panels=False).view(shipped, (1280, 800))
    plain.seek(view.t)
    assert np.array_equal(Painter(shipped).frame(view), Painter(shipped).frame(plain))


def press_at(view, point):
    events = Events(view)
    mouse(events, pygame.MOUSEMOTION, point)
    return events


def test_click_on_a_bar_selects_its_order_or_pod(replay):
    view = opened(replay, (2560, 1440))
    seen = 0
    for row, bar, (top, bottom), places in list(bars_with_places(view))[:60]:
        first, last = places.x_of(bar["start_s"]), places.x_of(bar["end_s"])
        if row.station is None or last - first < 6 or bar["kind"] <= BarKind.REST:
            continue
        view.select_robot(None)
        click(Events(view), (round((first + last) / 2), (top + bottom) // 2))
        if bar["order"] >= 0:
            assert view.order == bar["order"]
        elif bar["pod"] >= 0:
            assert view.pod == bar["pod"]
        seen += view.order is not None or view.pod is not None
    assert seen


def test_click_beside_bars_goes_to_the_moment(shipped):
    view = opened(shipped)
    places = GanttPlaces.of(view)
    x = places.plot[0] + 3 * places.plot[2] // 4
    click(Events(view), (x, places.axis[1] + 4))
    assert view.now_s == pytest.approx(places.second_at(x))
    view.select_robot(0)
    places = GanttPlaces.of(view)
    x = places.plot[0] + places.plot[2] // 4
    click(Events(view), (x, places.top_of(0) + places.pitch // 2))
    assert view.now_s == pytest.approx(places.second_at(x))
    assert view.robot == 0


def test_click_on_a_name_selects_the_station(replay):
    view = opened(replay)
    for row in rows_in_sight(view, GanttPlaces.of(view)):
        places = GanttPlaces.of(view)
        left = places.names[0] + 5
        click(Events(view), (left, places.top_of(row.place) + 3))
        if row.station < len(replay.scenario.stations):
            assert view.station == row.station


def test_click_on_trucks_that_leave_together_selects_one_after_the_other(shipped):
    view = opened(shipped)
    places = GanttPlaces.of(view)
    point = (round(places.x_of(300.0)), places.flags[1] + 5)
    chosen = []
    for _ in range(3):
        click(Events(view), point)
        chosen.append(view.truck)
    assert chosen == [2, 3, 2]
    view.pointer = point
    assert "road 0:05:00: " in tip_words(view, view.moment)
    click(Events(view), (round(places.x_of(220.0)), places.flags[1] + 5))
    assert view.now_s == pytest.approx(220.0, abs=1.0)


def test_wheel_zooms_time_at_the_pointer(shipped):
    view = opened(shipped)
    places = GanttPlaces.of(view)
    point = (places.plot[0] + 300, places.plot[1] + 5)
    second = places.second_at(point[0])
    events = press_at(view, point)
    scale = view.camera.scale
    for notches in (3, -1, 2):
        span = view.gantt.span_s
        wheel(events, notches)
        assert (view.gantt.span_s < span) == (notches > 0)
        assert GanttPlaces.of(view).second_at(point[0]) == pytest.approx(second)
    wheel(events, 100)
    assert view.gantt.span_s == pytest.approx(10.0)
    wheel(events, -100)
    assert (view.gantt.start_s, view.gantt.end_s) == (0.0, view.gantt.whole_s)
    assert view.camera.scale == scale


def test_drag_moves_time_and_rows_and_selects_nothing():
    replay = Replay.from_plan(Wave(orders=48, width=61, stations=12).build())
    view = opened(replay)
    view.gantt.zoom(4, view.now_s)
    places = GanttPlaces.of(view)
    assert places.first == 0
    assert places.last < 12
    start = (places.plot[0] + 400, places.plot[1] + 80)
    second, now = places.second_at(start[0]), view.t
    events = press_at(view, start)
    mouse(events, pygame.MOUSEBUTTONDOWN, start)
    end = (start[0] - 50, start[1] - 3 * places.pitch)
    mouse(events, pygame.MOUSEMOTION, end)
    mouse(events, pygame.MOUSEBUTTONUP, end)
    moved = GanttPlaces.of(view)
    assert moved.second_at(end[0]) == pytest.approx(second)
    assert moved.first == 3
    assert (view.t, view.order, view.robot, view.station) == (now, None, None, None)
    mouse(events, pygame.MOUSEMOTION, (places.names[0] + 4, places.names[1] + 4))
    wheel(events, 2)
    assert GanttPlaces.of(view).first == 1
    wheel(events, -50)
    assert GanttPlaces.of(view).last == 12


def test_the_page_is_turned_where_the_clock_leaves_it(shipped):
    view = opened(shipped)
    view.gantt.zoom(8, view.now_s)
    view.seek(view.gantt.end_s / view.replay.step_s + 1)
    assert view.gantt.start_s < view.now_s < view.gantt.end_s
    here = view.gantt.start_s
    view.gantt.pan(-1e9)
    view.seek(view.t + 1)  # looked at elsewhere: it stays there
    assert view.gantt.start_s == 0.0 != here
    view.seek(0)
    view.seek(view.replay.duration)
    assert view.gantt.start_s <= view.now_s <= view.gantt.end_s


def test_a_selected_order_out_of_sight_has_its_row_above():
    replay = Replay.from_plan(Wave(orders=48, width=61, stations=12).build())
    view = opened(replay)
    assert GanttPlaces.of(view).pinned == 0
    row = replay.plan.packing[replay.plan.packing["station"] == 11][0]
    view.select_order(int(row["order"]))
    places = GanttPlaces.of(view)
    shown = rows_in_sight(view, places)
    assert [one.station for one in shown] == [11, *range(places.first, places.last)]
    frame = Painter(replay).frame(view)
    x = round(places.x_of(row["start_s"])) - 1
    top, bottom = places.lane_of(0, 0, 1)
    assert tuple(frame[(top + bottom) // 2, x]) == DARK.selected


def test_words_at_the_pointer_tell_the_bar(shipped):
    view = opened(shipped)
    _, bar, (top, bottom), places = next(
        found for found in bars_with_places(view) if found[1]["order"] >= 0
    )
    view.pointer = (round(places.x_of(bar["start_s"])) + 1, (top + bottom) // 2)
    name = shipped.scenario.orders.names[bar["order"]]
    assert tip_words(view, view.moment).startswith(f"{name}, in time, packer 1: 0:0")
    view.pointer = (places.plot[0] + 1, places.axis[1] + 2)
    assert tip_words(view, view.moment) == ""


@pytest.mark.parametrize("size", [(480, 360), (1280, 720)])
@pytest.mark.parametrize(("steps", "robots"), [(0, 0), (0, 3), (1, 0), (1, 3)])
def test_plans_in_which_nothing_happens_have_an_empty_one(size, steps, robots):
    replay = Replay.from_plan(still_plan(steps, robots=robots))
    view = opened(replay, size)
    next_robot(view, 1)
    events = press_at(view, (200, view.arrangement.gantt[1] + 60))
    for notches in (5, -5):
        wheel(events, notches)
        Painter(replay).frame(view)
    click(events, (200, view.arrangement.gantt[1] + 60))
    Painter(replay).frame(view)


@pytest.mark.parametrize("size", [(480, 360), (640, 480), (1024, 768)])
def test_any_size_has_room_for_it(replay, size):
    view = opened(replay, size)
    view.select_robot(0)
    frame = Painter(replay).frame(view)
    assert len(np.unique(lit(frame, view.arrangement.gantt).reshape(-1, 3), axis=0)) > 5
    places = GanttPlaces.of(view)
    assert places.plot[3] >= places.pitch


@pytest.fixture(scope="module")
def staffed_replay():
    """The small plan by people of whom one has a break, and another comes late."""
    plan = small_plan()
    people = (
        ("Ben", 1, 0, 40, 1, ""),
        ("Ada", 0, 20, NEVER, 1, ""),
        ("Cleo", 1, 0, 500, 1, ""),
    )
    staff = staff_of(*people, breaks=[(1, 2, 6, 0)])
    return Replay.from_plan(replace(plan, scenario=staffed(plan.scenario, staff)))


def test_breaks_and_the_time_without_a_shift_are_bars(staffed_replay):
    bars, end_s = station_chart(staffed_replay).bars, staffed_replay.charted_s
    fields = ["row", "lane", "start_s", "end_s"]
    shifts = bars[bars["kind"] == BarKind.OFF_SHIFT][fields]
    assert shifts.tolist() == [(0, 0, 0.0, 20.0), (1, 0, 40.0, end_s)]
    breaks = bars[bars["kind"] == BarKind.BREAK][fields].tolist()
    assert breaks == [(0, 0, 2.0, 6.0)]


def test_packers_are_told_by_name(staffed_replay):
    view = opened(staffed_replay, (2560, 1440))
    told = set()
    for _, bar, (top, bottom), places in bars_with_places(view):
        middle = places.x_of(float(bar["start_s"] + bar["end_s"]) / 2)
        view.pointer = (round(middle), (top + bottom) // 2)
        told.add(tip_words(view, view.moment).split(":")[0])
    assert {"no shift, Ben", "no shift, Ada", "break, Ada"} <= told
    assert any(words.endswith(", Cleo") for words in told)
    order = int(staffed_replay.plan.packing["order"][0])
    words = [chapter.words for chapter in order_story(staffed_replay, order)]
    assert any(word in words for word in ("packing begins, Ada", "packing begins, Ben"))
