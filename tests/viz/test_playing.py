from dataclasses import replace

import numpy as np
import pytest

from tests.viz.synthetic import Wave, corridor_plan, still_plan
from viz.conflicts import Conflicts
from viz.frame import Painter
from viz.palette import DARK
from viz.playing import (
    go_to_bookmark,
    go_to_conflict,
    reverse,
    step_event,
    toggle_bookmark,
)
from viz.replay import Replay
from viz.timebar import track_of
from viz.view import View
from warehouse.check import check_plan


@pytest.fixture
def view():
    return View(Replay.from_plan(corridor_plan()))


def test_played_backwards_time_goes_back_and_ends_at_the_start(view):
    view.seek(9.0)
    view.speed = 2.0
    reverse(view)
    view.advance(1.5)
    assert view.t == 6.0
    view.advance(99.0)
    assert (view.t, view.playing) == (0.0, False)
    view.toggle_play()
    assert (view.t, view.playing) == (view.replay.duration, True)
    reverse(view)
    assert view.direction == 1


def test_steps_go_from_event_to_event_and_say_what_happens(view):
    times = []
    for _ in range(5):
        step_event(view, 1)
        times.append(view.t)
    assert times == [2.0, 7.0, 15.0, 21.0, 21.0]
    step_event(view, -1)
    assert view.caption == "0:00:15  A done at P1"
    view.seek(3.0)
    assert view.caption == ""


def test_bookmarks_are_kept_in_order_and_taken_away(view):
    for t in (5.0, 2.0, 8.0):
        view.seek(t)
        toggle_bookmark(view)
    assert view.bookmarks == [2.0, 5.0, 8.0]
    go_to_bookmark(view, 1)
    assert view.t == 8.0
    go_to_bookmark(view, -1)
    assert view.t == 5.0
    toggle_bookmark(view)
    assert view.bookmarks == [2.0, 8.0]


def crossing_plan():
    """Robots that drive through each other."""
    return Wave(robots=6, orders=20).build()


def test_conflicts_are_those_of_the_checker():
    plan = crossing_plan()
    conflicts = Conflicts(plan)
    conflicts.search()
    rules = {"vertex-conflict", "edge-conflict", "illegal-move"}
    needed = [v for v in check_plan(plan) if v.rule in rules]
    key = lambda v: (v.step, v.rule, v.robot)  # noqa: E731
    assert conflicts.done
    assert sorted(conflicts.found, key=key) == sorted(needed, key=key)
    assert [v.step for v in conflicts.found] == sorted(v.step for v in needed)


def test_search_goes_on_little_by_little(monkeypatch):
    monkeypatch.setattr("viz.conflicts._BLOCK", 60)
    plan = crossing_plan()
    conflicts, rounds = Conflicts(plan), 0
    while not conflicts.done:
        before = conflicts.searched
        conflicts.search(0.0)
        assert conflicts.searched > before
        rounds += 1
    assert rounds > 10
    whole = Conflicts(plan)
    whole.search()
    assert conflicts.found == whole.found


def test_a_conflict_is_gone_to_selected_and_marked():
    view = View(Replay.from_plan(crossing_plan()))
    go_to_conflict(view, 1)
    assert view.caption == "no conflict found so far"
    view.replay.conflicts.search()
    go_to_conflict(view, 1)
    first = view.replay.conflicts.found[view.conflict]
    assert view.t == first.step
    frame = Painter(view.replay).frame(view)
    left, width, y = track_of(view.arrangement.slider)
    x = round(left + first.step * width / view.replay.duration)
    assert tuple(frame[y + 9, x]) == DARK.bad
    assert (frame == DARK.bad).all(axis=2).sum() > 100
    go_to_conflict(view, -1)
    assert view.caption == "no conflict beyond"
    seen = {view.conflict}
    for _ in view.replay.conflicts.found[1:]:
        go_to_conflict(view, 1)
        seen.add(view.conflict)
    assert seen == set(range(len(view.replay.conflicts.found)))


def test_a_plan_without_conflicts_says_so():
    view = View(Replay.from_plan(still_plan(3)))
    view.replay.conflicts.search()
    go_to_conflict(view, 1)
    assert view.caption == "no conflict"


def test_robots_outside_the_map_are_no_reason_to_stop():
    plan = still_plan(3)
    cells = plan.cells.copy()
    cells[2] = -1
    conflicts = Conflicts(replace(plan, cells=cells))
    conflicts.search()
    assert conflicts.done
    assert np.all([v.step in (1, 2) for v in conflicts.found])
