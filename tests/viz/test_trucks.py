"""Trucks in the window: what rides with each, what is late for it, and why."""

import numpy as np
import pytest

from tests.pod_sites import pod_plan
from tests.shipped_plans import SECOND_S, shipped_plan
from tests.viz.synthetic import Wave, corridor_plan
from tests.viz.test_keys_and_pointer import click
from tests.viz.trucks import with_trucks
from viz.choosing import next_truck
from viz.clock import count
from viz.events import EventKind
from viz.frame import Painter
from viz.gantt_flags import marks_in_sight
from viz.gantt_places import GanttPlaces
from viz.gantt_pointer import gantt_words
from viz.order_story import order_story
from viz.places import cells_of_selected
from viz.playing import step_event
from viz.pointer import Events
from viz.prompt import show
from viz.replay import Replay
from viz.search import Kind, find
from viz.truck_list import trucks_listed
from viz.view import View
from warehouse.lateness import LateCause, late_orders


@pytest.fixture(scope="module")
def replay():
    return Replay.from_plan(with_trucks(Wave(orders=24).build(), (150.0, 300.0, 450.0)))


def test_orders_ride_with_the_truck_that_loads_them(replay):
    loads, cartons = replay.plan.consignment.loads, replay.plan.consignment.cartons
    for truck in range(len(replay.trucks)):
        carton = loads["carton"][loads["truck"] == truck]
        assert replay.trucks.orders_on(truck) == cartons["order"][carton].tolist()
    riding = cartons["order"][loads["carton"]].tolist()
    for order in range(len(replay.scenario.orders)):
        taken = replay.trucks.truck_of(order)
        assert (taken is None) == (order not in riding)
        if taken is not None:
            assert order in replay.trucks.orders_on(taken)


def test_late_orders_are_late_for_the_last_truck_in_time(replay):
    late = {one.order: one.cause for one in late_orders(replay.plan)}
    assert late
    assert replay.late.causes == late
    told = [set(replay.trucks.late_for(k)) for k in range(len(replay.trucks))]
    # All are due with the second departure of their carrier.
    assert [k for k, orders in enumerate(told) if orders] == [2, 3]
    assert set.union(*told) == set(late)
    carrier = replay.scenario.orders.carrier
    assert {carrier[order] for order in told[2]} == {"road"}


def test_shares_of_a_load_are_of_what_the_truck_holds(replay, written):
    view = View(replay)
    for truck in range(len(replay.trucks)):
        written.clear()
        view.select_truck(truck)
        Painter(replay).frame(view)
        cartons = len(replay.trucks.orders_on(truck))
        volume, mass = cartons * 0.125, cartons * 0.5
        said = dict(written)
        assert said[f"TAKES {count(cartons, 'order').upper()}"] == count(
            cartons, "carton"
        )
        if truck == 0:
            assert said[f"{volume:.3g} m³"] == "no limit"
        else:
            assert said[f"{volume:.3g} of 2 m³"] == f"{volume / 2:.1%}".replace(
                "%", " %"
            )
        assert said[f"{mass:.3g} of 50 kg"] == f"{mass / 50:.1%}".replace("%", " %")


def test_panel_tells_the_cause_of_late_orders(replay, written):
    view = View(replay)
    view.select_truck(2)
    Painter(replay).frame(view)
    late = replay.trucks.late_for(2)
    assert (f"{len(late)} LATE FOR IT", "because of") in written
    name = replay.scenario.orders.names[late[0]]
    assert (name, replay.late.causes[late[0]].value) in written
    assert ("road", "leaves in 0:05:00") in written
    assert ("departs 0:05:00", "door D1") in written
    view.seek(300.0 / replay.step_s)
    written.clear()
    Painter(replay).frame(view)
    assert ("road", "has left") in written


def test_an_order_that_rides_and_is_never_packed_is_told_so(written):
    plan = with_trucks(Wave(orders=24).build(), (150.0, 300.0, 450.0))
    riding = Replay.from_plan(plan).trucks.orders_on(2)
    plan.packing["order"][plan.packing["order"] == riding[0]] = riding[1]
    replay = Replay.from_plan(plan)
    view = View(replay)
    view.select_truck(2)
    Painter(replay).frame(view)
    assert (replay.scenario.orders.names[riding[0]], "not packed") in written


def test_a_late_order_says_why_and_which_truck_leaves_without_it(replay, written):
    order, cause = next(iter(replay.late.causes.items()))
    words = [chapter.words for chapter in order_story(replay, order)]
    carrier = replay.scenario.orders.carrier[order]
    assert f"{carrier} leaves without it" in words
    taken = replay.trucks.truck_of(order)
    assert (f"leaves with {carrier}, D1" in words) == (taken is not None)
    view = View(replay)
    view.select_order(order)
    Painter(replay).frame(view)
    assert cause in (LateCause.ROBOT, LateCause.STATION)
    assert any(words.startswith("late: ") for words, _ in written)


def test_story_of_an_order_in_time_ends_with_its_truck():
    replay = Replay.from_plan(shipped_plan())
    for order in replay.plan.packing["order"].tolist():
        story = order_story(replay, order)
        carrier = replay.scenario.orders.carrier[order]
        last = story[-2 if np.isfinite(replay.scenario.orders.due_s[order]) else -1]
        if carrier:
            assert (last.at_s, last.words) == (SECOND_S, f"leaves with {carrier}, D1")
        else:
            assert "leaves" not in last.words


def test_departures_are_events_up_to_the_end_of_the_plan(replay):
    log, departs_s = replay.events, replay.trucks.departs_s
    rows = log.rows[log.rows["kind"] == EventKind.DEPART]
    within = np.flatnonzero(departs_s <= replay.duration_s)
    assert rows["truck"].tolist() == within.tolist()
    assert rows["t"].tolist() == (departs_s[within] / replay.step_s).tolist()
    assert log.words(rows[0]) == "0:02:30  truck of road leaves from D1"
    endless = Replay.from_plan(with_trucks(Wave(orders=8).build(), (9e9, 9e10)))
    assert EventKind.DEPART not in endless.events.rows["kind"]
    assert endless.charted_s == 2 * endless.duration_s


def test_events_of_a_selected_truck_or_order_are_its_own(replay):
    view = View(replay)
    view.select_truck(2)
    step_event(view, 1)
    assert view.now_s == pytest.approx(300.0)
    assert "truck of road" in view.caption
    step_event(view, 1)
    assert view.now_s == pytest.approx(300.0)
    view.select_order(5)
    view.seek(0)
    story = order_story(replay, 5)
    within = [c for c in story if 0 < c.at_s <= replay.duration_s]
    for at_s in sorted({chapter.at_s for chapter in within}):
        step_event(view, 1)
        assert view.now_s == pytest.approx(at_s)
        assert view.caption.split("  ", 1)[1] in [c.words for c in within]
    step_event(view, 1)
    assert view.now_s == pytest.approx(within[-1].at_s)
    step_event(view, -1)
    assert view.now_s < within[-1].at_s


def test_trucks_that_leave_next_are_listed_and_can_be_clicked(replay):
    view = View(replay)
    assert trucks_listed(view) == [0, 1, 2, 3]
    view.seek(151.0 / replay.step_s)
    assert trucks_listed(view) == [2, 3, 4, 5]
    view.go_to_end()
    assert trucks_listed(view) == [2, 3, 4, 5]
    for truck in (0, 5, 1):
        view.select_truck(truck)
        assert truck in trucks_listed(view)
    view.select_robot(None)
    left, top, width, height = view.arrangement.trucks
    click(Events(view), (left + 40, top + height - 10))
    assert view.truck == 5
    view.select_robot(None)
    click(Events(view), (left + 40, top + 10))  # its head
    assert view.truck is None
    assert width > 0


def test_the_list_follows_the_clock(replay):
    view, painter = View(replay), Painter(replay)
    painter.frame(view)
    for now_s in (100.0, 149.0, 151.0, 310.0):
        view.seek(now_s / replay.step_s)
        assert np.array_equal(painter.frame(view), Painter(replay).frame(view))


@pytest.mark.parametrize("size", [(480, 360), (800, 600), (1280, 720), (2560, 1440)])
def test_the_list_leaves_room_for_three_stations(replay, size):
    view = View(replay, size)
    view.select_truck(0)
    if view.arrangement.trucks[3]:
        assert view.arrangement.rows >= 3
    tall = sum(
        getattr(view.arrangement, n)[3] for n in ("stations", "trucks", "detail")
    )
    assert tall == view.arrangement.timebar[1] - view.arrangement.strip[3]


def test_a_truck_is_found_by_its_carrier_and_shown_at_its_door(replay):
    found = find(replay, "truck rail")
    assert [(one.kind, one.index) for one in found] == [
        (Kind.TRUCK, 1),
        (Kind.TRUCK, 3),
        (Kind.TRUCK, 5),
    ]
    view = View(replay)
    show(view, found[1])
    assert view.truck == 3
    assert cells_of_selected(view) == [replay.scenario.stations[0].cell]


def test_sites_without_trucks_have_none():
    for plan in (corridor_plan(), pod_plan()):
        replay = Replay.from_plan(plan)
        view = View(replay)
        next_truck(view, 1)
        assert view.truck is None
        assert view.arrangement.trucks[3] == 0
        assert len(replay.trucks) == 0
        assert EventKind.DEPART not in replay.events.rows["kind"]


@pytest.mark.parametrize("departures", [3, 400])
def test_departures_that_are_near_share_a_mark(departures):
    times_s = tuple(np.linspace(50.0, 440.0, departures).tolist())
    replay = Replay.from_plan(with_trucks(Wave(orders=24).build(), times_s))
    view = View(replay)
    view.toggle_gantt()
    places = GanttPlaces.of(view)
    marks = marks_in_sight(view, places)
    pixel = np.rint(places.pixels_of(replay.trucks.departures_s)).astype(int)
    covered = [place for _, some in marks for place in some]
    assert covered == list(range(2 * departures))
    for number, (x, some) in enumerate(marks):
        assert (pixel[some.start : some.stop] - x < 4).all()
        assert pixel[some.start] == x
        assert number == 0 or x - marks[number - 1][0] >= 4
    view.gantt.zoom(50.0, 0.0)
    assert marks_in_sight(view, GanttPlaces.of(view)) == []
    view.gantt.zoom(1 / 50, 0.0)
    trucks = replay.trucks
    late = [len(trucks.late_for(truck)) for truck in trucks.by_departure]
    assert np.diff(trucks.late_before).tolist() == late
    assert [trucks.place_of[truck] for truck in trucks.by_departure] == covered
    middle = (float(marks[-1][0]), float(places.flags[1]))
    said = gantt_words(view, middle)
    assert (f"; {len(marks[-1][1]) - 3} more" in said) == (len(marks[-1][1]) > 3)
