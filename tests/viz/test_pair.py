from dataclasses import replace

import numpy as np
import pygame
import pytest
from PIL import Image

from tests.viz.synthetic import Wave, corridor_plan, still_plan
from viz.comparison import Comparison
from viz.export import export
from viz.film import blank_frame
from viz.gantt_places import GanttPlaces
from viz.heat import round_top
from viz.heat_layer import Heat, heat_title
from viz.look import Look
from viz.pair import TwoPlans
from viz.palette import DARK, LIGHT
from viz.replay import Replay
from viz.timebar import track_of
from warehouse.errors import InputError

SIZE = (1280, 800)


def later(plan, factor):
    """The same plan, packed more slowly."""
    packing = plan.packing.copy()
    for name in ("start_s", "end_s"):
        packing[name] *= factor
    return replace(plan, packing=packing)


@pytest.fixture(scope="module")
def replays():
    plan = Wave(orders=12).build()
    return Replay.from_plan(plan), Replay.from_plan(later(plan, 1.5))


@pytest.fixture
def pair(replays):
    return TwoPlans(*replays, SIZE, Look())


def drawn(stage):
    surface = blank_frame(stage.size)
    stage.paint(surface)
    return pygame.surfarray.array3d(surface).transpose(1, 0, 2)


def key(code, mod=0, unicode=""):
    return pygame.event.Event(pygame.KEYDOWN, key=code, mod=mod, unicode=unicode)


def mouse(stage, kind, pos):
    stage.handle(pygame.event.Event(kind, pos=pos, button=1))


def test_both_floors_show_the_same_second(pair, replays):
    pair.seek_s(50.0)
    for view, replay in zip(pair.floors, replays, strict=True):
        assert view.t * replay.step_s == pytest.approx(50.0)
    frame = drawn(pair)
    # The same robots at the same places, but for the names of the plans.
    left, right = (frame[100:700, x : x + 600] for x in (20, 661))
    assert np.array_equal(left[60:500], right[60:500])
    pair.seek_s(1e9)
    assert pair.clock.now_s == replays[1].duration_s
    assert pair.floors[0].t == replays[0].duration


def test_the_clock_is_that_of_the_plan_that_lasts_longer(replays):
    for order in (replays, replays[::-1]):
        assert TwoPlans(*order, SIZE, Look()).clock.replay is replays[1]


def test_floors_do_not_overlap_and_fill_the_screen_at_any_size(pair):
    for size in (SIZE, (1281, 801), (480, 360), (2560, 1440)):
        resized = pygame.event.Event(
            pygame.VIDEORESIZE, w=size[0], h=size[1], size=size
        )
        pair.handle(resized)
        left, right = pair.area(0), pair.area(1)
        assert left[0] + left[2] < right[0]
        assert [view.size for view in pair.floors] == [left[2:], right[2:]]
        assert right[0] + right[2] == size[0]
        assert drawn(pair).shape == (size[1], size[0], 3)


def test_keys_of_time_go_to_the_clock_and_keys_of_looking_to_both(pair):
    scales = [view.camera.scale for view in pair.floors]
    pair.handle(key(pygame.K_RIGHT))
    assert [view.t for view in pair.floors] == [1.0, 1.0]
    pair.handle(key(pygame.K_PLUS))
    pair.handle(key(pygame.K_m))
    pair.handle(key(pygame.K_n))
    for view, scale in zip(pair.floors, scales, strict=True):
        assert view.camera.scale > scale
        assert view.heatmap
        assert view.robot == 0
    pair.handle(key(pygame.K_t))
    assert tuple(drawn(pair)[2, 2]) == LIGHT.panel
    pair.handle(key(pygame.K_p))
    assert pair.clock.panels
    pair.handle(key(pygame.K_q))
    assert pair.closing


def test_typing_finds_in_both(pair):
    pair.handle(key(pygame.K_SLASH))
    for mark in "q3":
        pair.handle(key(0, unicode=mark))
    assert not pair.closing
    pair.handle(key(pygame.K_BACKSPACE))
    pair.handle(key(pygame.K_BACKSPACE))
    pair.handle(key(0, unicode="3"))
    drawn(pair)
    pair.handle(key(pygame.K_RETURN))
    assert [view.robot for view in pair.floors] == [3, 3]
    pair.handle(key(pygame.K_g))
    for mark in "30":
        pair.handle(key(0, unicode=mark))
    pair.handle(key(pygame.K_RETURN))
    assert pair.clock.now_s == pytest.approx(30)


def test_the_mouse_acts_on_the_floor_under_it(pair):
    second = pair.floors[1]
    x, y = second.camera.to_screen(*second.moment.xy[2])
    left, top, _, _ = pair.area(1)
    for kind in (
        pygame.MOUSEMOTION,
        pygame.MOUSEBUTTONDOWN,
        pygame.MOUSEBUTTONUP,
    ):
        mouse(pair, kind, (round(left + x), round(top + y)))
    assert (pair.floors[0].robot, second.robot) == (None, 2)
    assert pair.floors[0].pointer is None
    drawn(pair)
    start, width, y = track_of(pair.clock.arrangement.slider)
    mouse(pair, pygame.MOUSEBUTTONDOWN, (start + width // 2, y))
    mouse(pair, pygame.MOUSEBUTTONUP, (start + width // 2, y))
    assert pair.clock.t == pytest.approx(pair.clock.replay.duration / 2, rel=0.01)


def test_figures_say_what_is_better_and_by_how_much():
    first = corridor_plan()
    second = later(first, 1.2)
    pairings = Comparison(Replay.from_plan(first), Replay.from_plan(second)).pairings(
        16.0
    )
    told = {p.heading: (*p.values, p.difference, p.better) for p in pairings}
    assert told["ORDERS SO FAR"] == ("1", "0", "-1  (-100.0 %)", -1)
    assert told["MAKESPAN"] == ("0:00:21", "0:00:25", "+0:00:04  (+20.0 %)", -1)
    assert told["METRES A UNIT"] == ("1.0", "1.0", "the same", 0)
    assert told["GAP"] == ("40.0 %", "68.0 %", "+28.0 points", -1)


def test_plans_with_nothing_in_them_compare(replays):
    still = Replay.from_plan(still_plan(2, robots=0))
    pair = TwoPlans(still, replays[0], SIZE, Look())
    pair.play(50.0)
    pair.advance(1.0)
    pair.search(1.0)
    assert (drawn(pair) == DARK.panel).all(axis=2).any()


def test_a_picture_and_a_film_of_two_plans(replays, tmp_path):
    first, second = (replay.plan for replay in replays)
    look = Look(names=("old", "new"))
    export(first, tmp_path / "a.png", at_s=40, look=look, beside=second)
    pair = TwoPlans(*replays, SIZE, look)
    pair.search(9.0)
    pair.seek_s(40)
    with Image.open(tmp_path / "a.png") as picture:
        assert np.array_equal(np.asarray(picture.convert("RGB")), drawn(pair))
    # The end of the longer plan is within the film.
    export(
        first,
        tmp_path / "a.mp4",
        beside=second,
        start_s=replays[1].duration_s - 1,
        size=(640, 400),
    )
    with pytest.raises(InputError) as caught:
        export(first, tmp_path / "b.png", look=Look("sepia"), beside=second)
    assert len(caught.value.faults) == 1


def test_colours_of_both_floors_stand_for_the_same(replays):
    busier = Replay.from_plan(Wave(orders=60).build())
    pair = TwoPlans(replays[0], busier, SIZE, Look(heatmap="visits"))
    frame = drawn(pair)
    heats = [Heat.of(view) for view in pair.floors]
    own = [round_top(int(heat.amounts.max())) for heat in heats]
    assert heats[0].top == heats[1].top == max(own) > min(own)
    # What the colours stand for is told on each floor: there is no legend.
    for number in (0, 1):
        left, top, width, _ = pair.area(number)
        key_part = frame[top + 38 : top + 90, left : left + width]
        assert (key_part == DARK.heat[-1]).all(axis=2).any()


def test_each_plan_has_its_gantt_below_its_floor(replays):
    pair = TwoPlans(*replays, SIZE, Look(gantt=True))
    plain = drawn(TwoPlans(*replays, SIZE, Look()))
    frame = drawn(pair)
    for number, view in enumerate(pair.floors):
        floor, chart = view.arrangement.floor, view.arrangement.gantt
        left, top, width, height = pair.area(number)
        assert floor[3] + chart[3] == height
        assert (chart[0], chart[2]) == (0, width)
        part = np.s_[top + chart[1] : top + height, left : left + width]
        assert (frame[part] == DARK.panel_raised).all(axis=2).any()
        assert (frame[part] != plain[part]).any()
    for shown in (False, True):
        pair.handle(key(pygame.K_j))
        assert [view.gantt.shown for view in pair.floors] == [shown, shown]
        assert np.array_equal(drawn(pair), frame if shown else plain)


def test_both_gantts_show_the_same_time(replays):
    pair = TwoPlans(*replays, SIZE, Look(gantt=True))
    whole_s = max(replay.charted_s for replay in replays)
    assert {view.gantt.ends for view in pair.floors} == {(0.0, whole_s)}
    for number in (1, 0):
        x, y, width, height = pair.floors[number].arrangement.gantt
        left, top, _, _ = pair.area(number)
        middle = left + x + width // 2, top + y + height // 2
        mouse(pair, pygame.MOUSEMOTION, middle)
        before = pair.floors[0].gantt.span_s
        pair.handle(pygame.event.Event(pygame.MOUSEWHEEL, y=3))
        first, second = (view.gantt for view in pair.floors)
        assert first.ends == second.ends
        assert first.span_s < before
    # The page is turned in both where the clock leaves it.
    pair.seek_s(first.start_s)
    pair.seek_s(first.end_s + 1.0)
    assert first.ends == second.ends
    assert first.start_s <= pair.clock.now_s <= first.end_s


def test_a_click_in_a_gantt_moves_the_clock_of_both(replays):
    pair = TwoPlans(*replays, SIZE, Look(gantt=True))
    for number in (0, 1):
        places = GanttPlaces.of(pair.floors[number])
        left, top, _, _ = pair.area(number)
        second = 20.0 + 30.0 * number
        point = left + round(places.x_of(second)), top + places.axis[1] + 4
        for kind in (pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
            mouse(pair, kind, point)
        assert pair.clock.now_s == pytest.approx(second, abs=1.0)
        for view in pair.floors:
            assert view.now_s == pytest.approx(pair.clock.now_s)


def test_maps_of_both_fill_up_in_a_window():
    plans = [Wave(orders=orders).build() for orders in (12, 60)]
    pair = TwoPlans(*map(Replay.from_plan, plans), SIZE, Look(heatmap="visits"))
    pair.hurry()
    drawn(pair)
    assert [heat_title(view) for view in pair.floors] == [
        "Visits, whole plan: 0 % counted"
    ] * 2
    pair.search(60.0)
    drawn(pair)
    for view, plan in zip(pair.floors, plans, strict=True):
        assert heat_title(view) == "Visits, whole plan"
        assert Heat.of(view).amounts.sum() >= plan.cells.shape[1]
