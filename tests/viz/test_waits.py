"""Who waits for whom: arrows, chains, circles, the longest waits and their list."""

from dataclasses import replace

import numpy as np
import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mixed_sites import mixed_plan
from tests.pod_sites import pod_plan
from tests.viz.synthetic import Wave, corridor_plan, still_plan
from viz import long_waits
from viz.blocking import Blocking, chained
from viz.buttons import buttons
from viz.column import Column
from viz.detail import paint_detail
from viz.frame import Painter
from viz.listing import choose_row, rows_of, show_conflict
from viz.long_waits import LongWaits
from viz.palette import DARK
from viz.pointer import Events
from viz.replay import Replay, RobotState
from viz.tips import tip_words
from viz.view import Listing, View
from viz.wait_words import wait_words
from warehouse.layout import Layout
from warehouse.plan import STOP_DTYPE, StopKind
from warehouse.scenario import Fleet

PLANS = {
    "totes": Wave(robots=6, orders=16).build(),
    "turning": Wave(robots=4, orders=8, rotate=True).build(),
    "pods": pod_plan(),
    "both": mixed_plan(),
}
REPLAYS = {name: Replay.from_plan(plan) for name, plan in PLANS.items()}


def queue_plan(paths, stops):
    """Robots on one row of floor; stops are (robot, start, end) to pick."""
    cells = np.array(paths, np.int32).T
    plan = corridor_plan()
    layout = Layout.from_rows(["." * 12, "." * 12], name="floor")
    rows = [
        (robot, robot, StopKind.PICK, cells[start, robot], start, end, -1)
        for robot, start, end in stops
    ]
    scenario = replace(
        plan.scenario, layout=layout, fleet=Fleet(cells[0].copy()), stations=()
    )
    none = {name: getattr(plan, name)[:0] for name in ("picks", "drops", "packing")}
    return replace(
        plan, scenario=scenario, cells=cells, stops=np.array(rows, STOP_DTYPE), **none
    )


@pytest.fixture
def queue():
    """Robot 0 serves on cell 4; 1 and 2 stand behind it; 3 is alone and free to go."""
    return queue_plan(
        [
            [4, 4, 4, 4, 5, 6, 7],
            [2, 3, 3, 3, 4, 5, 6],
            [1, 2, 2, 2, 3, 4, 5],
            [13, 14, 14, 15, 16, 17, 18],
        ],
        [(0, 1, 3), (1, 6, 6), (2, 6, 6), (3, 6, 6)],
    )


def test_chain_leads_to_the_robot_that_serves(queue):
    queues = Replay.from_plan(queue).blocking.at(1.0)
    assert queues.waiting.tolist() == [False, True, True, True]
    assert queues.holder.tolist() == [-1, 0, 1, -1]
    assert queues.head.tolist() == [0, 0, 0, 3]
    assert queues.behind.tolist() == [2, 0, 0, 0]
    assert queues.chain_of(2) == [1, 0]
    assert queues.together_with(0).tolist() == [True, True, True, False]
    assert queues.together_with(1).tolist() == [True, True, True, False]


def test_a_robot_that_goes_through_first_is_waited_for():
    plan = queue_plan(
        [[0, 1, 1, 1, 2, 3], [26, 26, 14, 2, 3, 4]], [(0, 5, 5), (1, 5, 5)]
    )
    queues = Replay.from_plan(plan).blocking.at(1.0)
    assert queues.waiting.tolist() == [True, False]
    assert queues.holder.tolist() == [1, -1]


def test_robots_that_wait_for_each_other_are_a_circle():
    # Four on a square of cells; all stand, then all go round at once.
    around = [0, 1, 13, 12]
    paths = [
        [c, d, d, d, e]
        for c, d, e in zip(
            [around[3], *around[:3]], around, [*around[1:], around[0]], strict=True
        )
    ]
    plan = queue_plan([*paths, [3, 2, 2, 2, 1]], [(r, 4, 4) for r in range(5)])
    queues = Replay.from_plan(plan).blocking.at(1.0)
    assert queues.in_circle.tolist() == [True] * 4 + [False]
    assert queues.holder.tolist() == [1, 2, 3, 0, 1]
    assert len(queues.chain_of(4)) == 4
    view = View(Replay.from_plan(plan))
    view.seek(1.0)
    view.listing = Listing.WAITS
    assert (Painter(view.replay).frame(view) == DARK.station).all(axis=2).sum() > 40
    assert wait_words(view, view.moment, 0) == [("waits for robot 1", "a circle of 4")]


def naive_holder(plan, robot, step):
    path = plan.cells[:, robot]
    leaves = next((t for t in range(step, plan.steps + 1) if path[t] != path[step]), -1)
    for t in range(step, min(leaves, step + 9)):
        for other in range(plan.cells.shape[1] - 1, -1, -1):
            if plan.cells[t, other] == path[leaves]:
                return -1 if other == robot else other
    return -1


@pytest.mark.parametrize("name", REPLAYS)
def test_holders_are_those_of_looking_one_by_one(name):
    replay = REPLAYS[name]
    for step in range(0, replay.plan.steps + 1, 3):
        queues, state = replay.blocking.at(step), replay.at(step).state
        assert np.array_equal(queues.waiting, state == RobotState.WAITING)
        for robot in range(replay.robots):
            expected = -1
            if queues.waiting[robot]:
                expected = naive_holder(replay.plan, robot, step)
            assert queues.holder[robot] == expected


@given(st.data())
def test_chains_end_at_heads_or_in_circles(data):
    number = data.draw(st.integers(1, 12))
    robots = st.integers(-1, number - 1)
    holder = np.array(data.draw(st.lists(robots, min_size=number, max_size=number)))
    holder[holder == np.arange(number)] = -1
    queues = chained(holder >= 0, holder)
    for robot in range(number):
        seen, at = [], robot
        while holder[at] >= 0 and at not in seen:
            seen.append(at)
            at = int(holder[at])
        circle = seen[seen.index(at) :] if at in seen else []
        assert queues.in_circle[robot] == (robot in circle)
        assert queues.head[robot] == at or queues.head[robot] in circle
        chain = queues.chain_of(robot)
        assert chain == [*seen[1:], *([at] if at != robot and at not in seen else [])]


def naive_waits(replay):
    """Runs of waiting, robot by robot."""
    steps = replay.plan.steps
    waiting = np.array([replay.at(t).state == RobotState.WAITING for t in range(steps)])
    runs = []
    for robot in range(replay.robots):
        start = None
        for t in range(steps + 1):
            waits = t < steps and waiting[t, robot]
            if waits and start is None:
                start = t
            elif not waits and start is not None:
                cell = int(replay.plan.cells[start, robot])
                runs.append((robot, cell, start, t))
                start = None
    return sorted(runs, key=lambda run: (run[2] - run[3], run[2], run[0]))


@pytest.mark.parametrize("block", [1, 40, 1 << 15])
@pytest.mark.parametrize("name", REPLAYS)
def test_waits_are_found_block_by_block(name, block, monkeypatch):
    monkeypatch.setattr(long_waits, "_BLOCK", block)
    replay = REPLAYS[name]
    waits = LongWaits(replay.plan, replay.legs)
    while not waits.done:
        waits.search(0.0)
    expected = naive_waits(replay)[:200]
    assert len(expected) > 2
    assert waits.found.tolist() == expected


def test_a_wait_to_the_end_of_the_plan_is_found():
    plan = queue_plan([[0, 1, 1, 1]], [(0, 3, 3)])
    waits = LongWaits(plan, Replay.from_plan(plan).legs)
    waits.search()
    assert waits.found.tolist() == [(0, 1, 1, 3)]


def test_plans_without_steps_or_robots_have_no_waits():
    for plan in (still_plan(0), still_plan(3, robots=0)):
        replay = Replay.from_plan(plan)
        replay.waits.search()
        assert len(replay.waits.found) == 0
        assert replay.waits.done
        view = View(replay)
        view.listing = Listing.WAITS
        assert not rows_of(view)
        assert Painter(replay).frame(view).any()


def test_click_on_a_wait_shows_it():
    view = View(REPLAYS["totes"])
    view.replay.waits.search()
    view.toggle_listing(Listing.WAITS)
    view.playing = True
    left, top, _, _ = view.arrangement.stations
    events = Events(view)
    pos = (left + 40, top + 34 + 2 * view.arrangement.row_height + 9)
    for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
        events.handle(pygame.event.Event(kind, pos=pos, button=1))
    wait = view.replay.waits.found[2]
    assert (view.robot, view.t, view.playing) == (wait["robot"], wait["start"], False)
    assert view.moment.state[view.robot] == RobotState.WAITING
    chosen = [row.chosen for row in rows_of(view)]
    assert chosen.count(True) == 1
    assert chosen[2]


def test_list_scrolls_within_its_ends():
    view = View(REPLAYS["totes"], (1000, 640))
    view.replay.waits.search()
    view.toggle_listing(Listing.WAITS)
    events = Events(view)
    left, top, _, _ = view.arrangement.stations
    motion = pygame.event.Event(pygame.MOUSEMOTION, pos=(left + 9, top + 60))
    events.handle(motion)
    for notches, first in (
        (-3, 3),
        (-999, len(view.replay.waits.found) - view.arrangement.rows),
        (999, 0),
    ):
        events.handle(pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=notches))
        assert view.first_row == first
    choose_row(view, 999)
    assert view.robot is None
    choose_row(view, view.arrangement.rows - 1)
    assert any(row.chosen for row in rows_of(view))


def test_conflicts_are_listed_and_the_chosen_one_stays_in_sight():
    view = View(REPLAYS["totes"])
    found = view.replay.conflicts
    found.search()
    view.toggle_listing(Listing.CONFLICTS)
    first = found.found[0]
    assert rows_of(view)[0].head == first.rule
    assert f"{first.robot} and {first.other_robot} at row" in rows_of(view)[0].below
    assert [b.binding.label for b in buttons(view) if b.alarm] == ["X"]
    for number in (len(found.found) - 1, 0):
        show_conflict(view, number)
        assert [row.chosen for row in rows_of(view)].count(True) == 1
    choose_row(view, 1)
    assert (view.conflict, view.t) == (1, found.found[1].step)
    assert Painter(view.replay).frame(view).any()
    view.toggle_listing(Listing.CONFLICTS)
    assert view.listing is Listing.STATIONS


def test_selected_robot_shows_its_queue_alone(queue):
    view = View(Replay.from_plan(queue))
    view.seek(1.0)
    plain = Painter(view.replay).frame(view)
    view.listing = Listing.WAITS
    every = Painter(view.replay).frame(view)
    ahead = (every == DARK.path_ahead).all(axis=2).sum()
    assert ahead > (plain == DARK.path_ahead).all(axis=2).sum() + 40
    view.listing = Listing.STATIONS
    view.select_robot(3)
    alone = Painter(view.replay)
    before = (alone.frame(view) == DARK.selected).all(axis=2).sum()
    view.select_robot(2)
    assert (alone.frame(view) == DARK.selected).all(axis=2).sum() > before + 20
    assert wait_words(view, view.moment, 2) == [
        ("waits for robot 1", "behind 0: serving")
    ]
    assert wait_words(view, view.moment, 1) == [("waits for robot 0", "serving")]
    assert wait_words(view, view.moment, 0) == [("holds up 2 robots", "")]
    words = ("waits, though its way is free", "")
    assert wait_words(view, view.moment, 3) == [words]
    x, y = view.camera.to_screen(*view.moment.xy[2])
    view.pointer = (round(x), round(y))
    assert tip_words(view, view.moment).startswith("Robot 2: waiting for robot 1")


def test_panel_says_for_whom_the_robot_waits(queue, monkeypatch):
    view = View(Replay.from_plan(queue))
    view.seek(1.0)
    view.select_robot(2)
    lines = []
    monkeypatch.setattr(
        Column, "write", lambda self, words, beside="", **_: lines.append(words)
    )
    surface, type_ = pygame.Surface(view.size, 0, 32), Painter(view.replay)._type
    paint_detail(surface, view, view.moment, DARK, type_)
    assert "waits for robot 1" in lines


def test_robots_outside_the_map_hold_nobody_up():
    replay = REPLAYS["totes"]
    cells = replay.plan.cells.copy()
    cells[:, 0] = -1
    plan = replace(replay.plan, cells=cells)
    blocking = Blocking(plan, replay.legs)
    for step in range(0, plan.steps, 7):
        assert 0 not in blocking.at(step).holder
