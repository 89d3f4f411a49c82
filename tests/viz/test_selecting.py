"""Several robots are selected by clicks and boxes; their ways are drawn."""

import numpy as np
import pygame
import pytest

from tests.mixed_sites import mixed_plan
from tests.viz.synthetic import Wave
from viz import box, pointer
from viz.frame import Painter
from viz.palette import DARK
from viz.pointer import Events
from viz.replay import Replay
from viz.view import View
from warehouse.scenario import RobotKind

REPLAY = Replay.from_plan(Wave(orders=24).build())


@pytest.fixture
def view(monkeypatch):
    monkeypatch.setattr(pointer, "_shift_is_down", lambda: True)
    view = View(REPLAY)
    view.seek(100.0)
    return view


def drag(view, start, end, *, middle=None):
    events = Events(view)
    for kind, pos in (
        (pygame.MOUSEMOTION, start),
        (pygame.MOUSEBUTTONDOWN, start),
        (pygame.MOUSEMOTION, end),
    ):
        events.handle(pygame.event.Event(kind, pos=pos, button=1))
    if middle is not None:
        middle()
    events.handle(pygame.event.Event(pygame.MOUSEBUTTONUP, pos=end, button=1))


def corners_around(view, robots):
    x, y = view.moment.xy[robots].T
    first = view.camera.to_screen(x.min() - 0.3, y.min() - 0.3)
    last = view.camera.to_screen(x.max() + 0.3, y.max() + 0.3)
    return tuple(map(round, first)), tuple(map(round, last))


def test_a_box_selects_the_robots_in_it(view):
    camera, painter = view.camera, Painter(REPLAY)
    first, last = corners_around(view, [1, 4])
    x, y = view.moment.xy.T
    low, high = view.moment.xy[[1, 4]].min(axis=0), view.moment.xy[[1, 4]].max(axis=0)
    inside = (x >= low[0]) & (x <= high[0]) & (y >= low[1]) & (y <= high[1])
    for start, end in ((first, last), (last, first)):
        view.select_robot(None)
        boxed = []
        drag(view, start, end, middle=lambda seen=boxed: seen.append(view.box))
        assert boxed[0] == (*start, *end)
        assert [view.robot, *view.others] == np.flatnonzero(inside).tolist()
        assert view.box is None
        assert view.caption == f"{inside.sum()} robots selected"
    assert view.camera == camera
    assert painter.frame(view).any()


def test_a_box_around_nothing_changes_nothing(view):
    view.select_robot(3)
    left, top, _, _ = view.arrangement.floor
    drag(view, (left + 1, top + 1), (left + 9, top + 9))
    assert (view.robot, view.caption) == (3, "0 robots selected")


def test_no_more_robots_are_shown_than_can_be_told_apart(view, monkeypatch):
    monkeypatch.setattr(box, "_MOST", 2)
    first, last = corners_around(view, list(range(REPLAY.robots)))
    drag(view, first, last)
    assert (view.robot, view.others) == (0, (1,))
    assert view.caption == f"the first 2 of {REPLAY.robots} robots selected"


def test_clicks_with_shift_add_and_take_away(view):
    for robot, others in ((2, ()), (5, (5,)), (4, (5, 4)), (5, (4,))):
        x, y = view.camera.to_screen(*view.moment.xy[robot])
        drag(view, (round(x), round(y)), (round(x) + 1, round(y)))
        assert (view.robot, view.others) == (2, others)


def test_ways_of_others_lie_behind_and_ahead(view):
    painter = Painter(REPLAY)
    view.seek(140.0)
    view.select_robot(0)
    alone = painter.frame(view)
    view.others = tuple(range(1, REPLAY.robots))
    every = painter.frame(view)
    for colour in (DARK.path_ahead, DARK.path_behind):
        shown = [(frame == colour).all(axis=2).sum() for frame in (alone, every)]
        assert shown[1] > shown[0] + 50


def test_trips_of_both_kinds_of_robots_have_their_ends():
    plan = mixed_plan()
    replay = Replay.from_plan(plan)
    for robot, kind in enumerate(plan.scenario.fleet.kinds):
        stops = plan.stops if kind == RobotKind.TOTE else plan.pod_work.stops
        mine = stops[stops["robot"] == robot]
        if len(mine):
            first, last = replay.trip_span(robot, float(mine["start"][0]))
            assert first <= mine["start"][0] <= last < plan.steps
            assert last in mine["end"][mine["trip"] == mine["trip"][0]]
        assert replay.trip_span(robot, plan.steps + 9.0) == (plan.steps, plan.steps)
