import pygame
import pytest

from tests.pod_sites import pod_plan
from tests.viz.synthetic import Wave, corridor_plan
from viz.frame import Painter
from viz.order_story import order_story
from viz.palette import DARK
from viz.places import cells_of_selected
from viz.pointer import Events
from viz.prompt import show
from viz.replay import Replay
from viz.search import Found, Kind, find, parse_moment
from viz.stock_left import left_in_rack, left_on_pod
from viz.tips import tip_words
from viz.view import View

REPLAY = Replay.from_plan(Wave(robots=12).build())


@pytest.fixture
def view():
    return View(REPLAY)


def typed(view, text, *keys):
    events = Events(view)
    for mark in text:
        events.handle(pygame.event.Event(pygame.KEYDOWN, key=0, mod=0, unicode=mark))
    for key in keys:
        events.handle(pygame.event.Event(pygame.KEYDOWN, key=key, mod=0, unicode=""))


def press(view, key):
    event = pygame.event.Event(pygame.KEYDOWN, key=key, mod=0, unicode="")
    Events(view).handle(event)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("1", (Kind.ROBOT, 1)),
        ("robot 11", (Kind.ROBOT, 11)),
        ("p02", (Kind.STATION, 1)),
        ("o000007", (Kind.ORDER, 7)),
        ("SKU00003", (Kind.SKU, 3)),
        ("sku 9", (Kind.SKU, 9)),
        ("station 3", (Kind.STATION, 2)),
    ],
)
def test_what_fits_best_comes_first(text, first):
    found = find(REPLAY, text)
    assert (found[0].kind, found[0].index) == first
    assert len(found) <= 8


def test_exact_names_come_before_beginnings_before_the_rest():
    names = [found.name for found in find(REPLAY, "1") if found.kind == "robot"]
    assert names == ["1", "10", "11"]
    assert find(REPLAY, "") == find(REPLAY, "  robot ") == find(REPLAY, "xyz") == []


def test_pods_are_found_by_name():
    plan = pod_plan()
    replay = Replay.from_plan(plan)
    name = plan.scenario.pods.names[2]
    assert Found(Kind.POD, 2, name) in find(replay, f"pod {name}")


@pytest.mark.parametrize("text", ["", "1:2:3:4", "1:60", "-5", "1e3", "٣", "1..2", "."])
def test_texts_that_are_no_moment(text):
    assert parse_moment(text) is None


def test_typing_finds_and_return_selects(view):
    press(view, pygame.K_SLASH)
    typed(view, "o00000", pygame.K_DOWN, pygame.K_DOWN, pygame.K_UP)
    assert view.prompt.chosen == 1
    Painter(REPLAY).frame(view)
    typed(view, "", pygame.K_RETURN)
    assert (view.order, view.prompt) == (1, None)


def test_keys_write_while_a_line_is_open(view):
    press(view, pygame.K_SLASH)
    typed(view, "qm", pygame.K_q)
    assert (view.closing, view.heatmap, view.prompt.text) == (False, None, "qm")
    typed(view, "", pygame.K_BACKSPACE, pygame.K_RETURN)
    assert view.prompt.text == "q"  # nothing is found, so the line stays
    typed(view, "", pygame.K_ESCAPE)
    assert view.prompt is None


def test_going_to_a_clock_time(view):
    press(view, pygame.K_g)
    typed(view, "2:0x", pygame.K_RETURN)
    assert view.prompt is not None
    typed(view, "", pygame.K_BACKSPACE, pygame.K_RETURN)
    assert view.prompt is None
    assert view.now_s == pytest.approx(120)


def test_what_is_found_comes_into_sight(view):
    view.zoom(8)
    for robot in (0, 11):
        show(view, Found(Kind.ROBOT, robot, ""))
        x, y = view.camera.to_screen(*view.moment.xy[robot])
        left, top, width, height = view.arrangement.floor
        assert left <= x < left + width
        assert top <= y < top + height


def test_an_order_tells_its_story():
    replay = Replay.from_plan(corridor_plan())
    story = [(c.at_s, c.words, c.robot) for c in order_story(replay, 0)]
    assert story == [
        (0.0, "released", -1),
        (2.0, "2 of sku A at 0, 2", 0),
        (7.0, "handed over at P1", 0),
        (9.0, "packing begins, packer 1", -1),
        (15.0, "packed", -1),
        (20.0, "due", -1),
    ]


def test_an_order_of_a_site_with_pods_tells_its_story():
    replay = Replay.from_plan(pod_plan())
    story = [chapter.words for chapter in order_story(replay, 0)]
    assert story[0] == "released"
    assert any(words.startswith("takes a slot at") for words in story)
    assert any(" from " in words for words in story)
    view = View(replay)
    view.select_order(0)
    Painter(replay).frame(view)


def test_an_order_with_parts_is_done_when_they_are_together():
    plan = pod_plan(split_s=30.0)
    order, done_s = plan.splitting.orders[0].tolist()
    story = order_story(Replay.from_plan(plan), order)
    words = [chapter.words for chapter in story]
    assert {"part at P1 is picked", "part at P2 is picked"} <= set(words)
    assert (story[-1].at_s, words[-1]) == (done_s, "parts together, done")


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_panels_of_orders_and_skus_are_drawn_at_any_time(view, share):
    view.seek(share * REPLAY.duration)
    painter = Painter(REPLAY)
    for order in (0, 20, 39):
        view.select_order(order)
        painter.frame(view)
    view.select_sku(5)
    frame = painter.frame(view)
    assert len(cells_of_selected(view)) == 1
    assert (frame == DARK.accent).all(axis=2).sum() > 50


def test_stock_goes_down_as_it_is_picked():
    replay = Replay.from_plan(corridor_plan())
    assert left_in_rack(replay, 2, 3.9) == {0: 9, 1: 9}
    assert left_in_rack(replay, 2, 4.0) == {0: 7, 1: 7}
    assert left_in_rack(replay, 0, 4.0) == left_on_pod(replay, 0, 4.0) == {}


def test_racks_tell_their_stock_and_floor_its_place():
    replay = Replay.from_plan(corridor_plan())
    view = View(replay)
    view.seek(20.0)
    words = {}
    for cell in (0, 2, 6):
        row, col = replay.scenario.layout.row_col(cell)
        x, y = view.camera.to_screen(col + 0.5, row + 0.5)
        view.pointer = (round(x), round(y))
        words[cell] = tip_words(view, view.moment)
    assert words == {
        0: "Floor at row 0, col 0",
        2: "Rack at row 0, col 2: 7 of sku A, 7 of sku <script>",
        6: "Floor at row 1, col 1",
    }
