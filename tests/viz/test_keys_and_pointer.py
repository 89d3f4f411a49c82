"""Every key, button and mouse gesture does what its words say."""

from pathlib import Path

import numpy as np
import pygame
import pytest

from tests.viz.synthetic import Wave, still_plan
from tests.viz.trucks import with_trucks
from viz.buttons import button_at, buttons
from viz.heat_part import HeatPart
from viz.keys import KEYS
from viz.pointer import Events
from viz.replay import Replay
from viz.timebar import track_of
from viz.view import SPEEDS, View

REPLAY = Replay.from_plan(with_trucks(Wave(orders=24).build(), (150.0, 300.0)))
MIDDLE = REPLAY.duration / 2


@pytest.fixture
def view():
    view = View(REPLAY)
    view.seek(100.0)
    return view


@pytest.fixture
def events(view):
    return Events(view)


def press(events, key, *, shift=False):
    mod = pygame.KMOD_LSHIFT if shift else pygame.KMOD_NONE
    events.handle(pygame.event.Event(pygame.KEYDOWN, key=key, mod=mod, unicode=""))


def mouse(events, kind, pos, **more):
    if kind != pygame.MOUSEMOTION:
        more.setdefault("button", 1)
    events.handle(pygame.event.Event(kind, pos=pos, **more))


def click(events, pos):
    mouse(events, pygame.MOUSEBUTTONDOWN, pos)
    mouse(events, pygame.MOUSEBUTTONUP, pos)


def wheel(events, notches):
    events.handle(pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=notches))


def prepared_nothing(view):
    pass


def with_robot(view):
    view.select_robot(2)


def with_station(view):
    view.select_station(1)


def with_truck(view):
    view.select_truck(1)


def with_help_and_robot(view):
    view.select_robot(2)
    view.toggle_help()


def with_conflicts(view):
    view.replay.conflicts.search()


def around_the_clock(view):
    view.heat_part = HeatPart(around_s=300.0)


def with_bookmarks(view):
    view.bookmarks = [50, 90, 100, 120, 130]


def zoomed_in(view):
    view.zoom(3)


FITTED = View(REPLAY).camera.scale

# For every key of the table: what is done before, and what holds afterwards.
EXPECTED = {
    "Space": (prepared_nothing, lambda v: v.playing),
    "Right": (prepared_nothing, lambda v: v.t == 101),
    "Left": (prepared_nothing, lambda v: v.t == 99),
    "Shift Right": (prepared_nothing, lambda v: v.t == 110),
    "Shift Left": (prepared_nothing, lambda v: v.t == 90),
    "R": (prepared_nothing, lambda v: v.playing and v.direction == -1),
    "E": (with_robot, lambda v: v.t > 100 and "robot 2" in v.caption),
    "Shift E": (with_robot, lambda v: v.t < 100 and "robot 2" in v.caption),
    "C": (with_conflicts, lambda v: v.conflict is not None and v.t > 100),
    "Shift C": (with_conflicts, lambda v: v.conflict is not None and v.t < 100),
    "G": (prepared_nothing, lambda v: v.prompt and not v.prompt.finds),
    "/": (prepared_nothing, lambda v: v.prompt and v.prompt.finds),
    "B": (prepared_nothing, lambda v: v.bookmarks == [100]),
    ".": (with_bookmarks, lambda v: v.t == 120),
    ",": (with_bookmarks, lambda v: v.t == 90),
    "U": (prepared_nothing, lambda v: v.listing == "waits"),
    "X": (prepared_nothing, lambda v: v.listing == "conflicts"),
    "O": (prepared_nothing, lambda v: not v.minimap),
    "Page Up": (
        prepared_nothing,
        lambda v: v.t == pytest.approx(100 + 0.05 * REPLAY.duration),
    ),
    "Page Down": (
        prepared_nothing,
        lambda v: v.t == pytest.approx(100 - 0.05 * REPLAY.duration),
    ),
    "Home": (prepared_nothing, lambda v: v.t == 0),
    "End": (prepared_nothing, lambda v: v.t == REPLAY.duration),
    "Up": (prepared_nothing, lambda v: v.speed == 20),
    "Down": (prepared_nothing, lambda v: v.speed == 5),
    "+": (prepared_nothing, lambda v: v.camera.scale > FITTED),
    "-": (prepared_nothing, lambda v: v.camera.scale < FITTED),
    "0": (zoomed_in, lambda v: v.camera == View(REPLAY, v.size).camera),
    "A": (prepared_nothing, lambda v: v.camera.x < View(REPLAY).camera.x),
    "D": (prepared_nothing, lambda v: v.camera.x > View(REPLAY).camera.x),
    "W": (prepared_nothing, lambda v: v.camera.y < View(REPLAY).camera.y),
    "S": (prepared_nothing, lambda v: v.camera.y > View(REPLAY).camera.y),
    "M": (prepared_nothing, lambda v: v.heatmap == "visits"),
    "Shift M": (prepared_nothing, lambda v: v.heat_part.around_s == 300),
    "]": (around_the_clock, lambda v: v.heat_part.around_s == 600),
    "[": (around_the_clock, lambda v: v.heat_part.around_s == 120),
    "N": (with_robot, lambda v: v.robot == 3),
    "Shift N": (with_robot, lambda v: v.robot == 1),
    "F": (with_robot, lambda v: v.following),
    "Tab": (with_station, lambda v: v.station == 2),
    "Shift Tab": (with_station, lambda v: v.station == 0),
    "V": (with_truck, lambda v: v.truck == 2),
    "Shift V": (with_truck, lambda v: v.truck == 0),
    "J": (prepared_nothing, lambda v: v.gantt.shown),
    "Esc": (with_robot, lambda v: v.robot is None),
    "L": (prepared_nothing, lambda v: not v.legend),
    "P": (prepared_nothing, lambda v: not v.panels and v.arrangement.floor[2] == 1280),
    "T": (prepared_nothing, lambda v: v.theme == "light"),
    "H": (prepared_nothing, lambda v: v.help),
    "Q": (prepared_nothing, lambda v: v.closing),
}


def test_every_key_of_the_table_is_tried():
    assert set(EXPECTED) == {binding.label for binding in KEYS}
    assert len(KEYS) == len(EXPECTED)


@pytest.mark.parametrize(
    ("label", "key"), [(b.label, key) for b in KEYS for key in b.keys]
)
def test_key_does_what_its_words_say(view, events, label, key):
    prepare, holds = EXPECTED[label]
    prepare(view)
    assert not holds(view), "holds already: the key would have nothing to do"
    shift = next(b.shift for b in KEYS if b.label == label)
    press(events, key, shift=shift)
    assert holds(view)


def test_plus_also_with_shift_and_unknown_key_does_nothing(view, events):
    press(events, pygame.K_PLUS, shift=True)
    assert view.camera.scale > FITTED
    before = (view.t, view.camera, view.robot)
    press(events, pygame.K_F9)
    assert (view.t, view.camera, view.robot) == before


def test_escape_closes_the_help_first(view, events):
    with_help_and_robot(view)
    press(events, pygame.K_ESCAPE)
    assert (view.help, view.robot) == (False, 2)
    press(events, pygame.K_ESCAPE)
    assert view.robot is None


@pytest.mark.parametrize("size", [(1280, 800), (800, 600), (480, 360)])
def test_every_button_does_what_its_key_does(size):
    count = len(buttons(View(REPLAY, size)))
    assert count == 19
    for index in range(count):
        view = View(REPLAY, size)
        view.seek(100.0)
        button = buttons(view)[index]
        prepare, holds = EXPECTED[button.binding.label]
        prepare(view)
        assert not holds(view)
        left, top, width, height = button.area
        click(Events(view), (left + width // 2, top + height // 2))
        assert holds(view), button.words


def test_buttons_do_not_overlap():
    for size in ((1280, 800), (800, 600), (480, 360)):
        view = View(REPLAY, size)
        areas = [pygame.Rect(button.area) for button in buttons(view)]
        areas.append(pygame.Rect(view.arrangement.slider))
        screen = pygame.Rect(0, 0, *size)
        for i, area in enumerate(areas):
            assert screen.contains(area)
            assert area.collidelist(areas[i + 1 :]) == -1


def test_button_says_its_key():
    view = View(REPLAY)
    left, top, _, _ = buttons(view)[3].area
    assert button_at(view, (left + 1, top + 1)).words == "Play or pause  [Space]"
    assert button_at(view, (640, 400)) is None


def test_slider_seeks_by_click_and_drag(view, events):
    left, width, y = track_of(view.arrangement.slider)
    mouse(events, pygame.MOUSEBUTTONDOWN, (left + width // 4, y))
    assert view.t == pytest.approx(REPLAY.duration / 4, rel=0.01)
    mouse(events, pygame.MOUSEMOTION, (left + width // 2, y - 300))
    assert view.t == pytest.approx(MIDDLE, rel=0.01)
    mouse(events, pygame.MOUSEMOTION, (5000, y))
    assert view.t == REPLAY.duration
    mouse(events, pygame.MOUSEBUTTONUP, (left, y))
    mouse(events, pygame.MOUSEMOTION, (left, y))
    assert view.t == REPLAY.duration


def test_wheel_zooms_at_the_pointer(view, events):
    pointer = (300, 400)
    mouse(events, pygame.MOUSEMOTION, pointer)
    point = view.camera.to_floor(*pointer)
    for notches in (3, -1, 2):
        scale = view.camera.scale
        wheel(events, notches)
        assert (view.camera.scale > scale) == (notches > 0)
        # One pixel at most is lost at each of the three steps.
        assert view.camera.to_screen(*point) == pytest.approx(pointer, abs=3)


def test_drag_pans_and_does_not_select(view, events):
    x, y = view.camera.to_screen(*view.moment.xy[0])
    start = (round(x), round(y))
    mouse(events, pygame.MOUSEMOTION, start)
    mouse(events, pygame.MOUSEBUTTONDOWN, start)
    for step in (2, 20, 35):
        mouse(events, pygame.MOUSEMOTION, (start[0] + step, start[1]))
    mouse(events, pygame.MOUSEBUTTONUP, (start[0] + 35, start[1]))
    moved = pytest.approx((x + 35, y), abs=1)
    assert view.camera.to_screen(*view.moment.xy[0]) == moved
    assert view.robot is None
    mouse(events, pygame.MOUSEMOTION, (10, 300))
    assert view.camera.to_screen(*view.moment.xy[0]) == moved


def test_click_selects_robot_station_or_nothing(view, events):
    for robot in range(REPLAY.robots):
        x, y = view.camera.to_screen(*view.moment.xy[robot])
        click(events, (round(x), round(y)))
        # Robots drive through each other here: one at the same place will do.
        assert view.moment.xy[view.robot] == pytest.approx(view.moment.xy[robot])
    row, col = REPLAY.scenario.layout.row_col(REPLAY.scenario.stations[1].cell)
    view.seek(0)
    x, y = view.camera.to_screen(col + 0.5, row + 0.5)
    click(events, (round(x), round(y)))
    assert (view.station, view.robot) == (1, None)
    left, top, _, _ = view.arrangement.floor
    click(events, (left + 3, top + 3))
    assert (view.station, view.robot) == (None, None)


def test_click_in_the_list_selects_a_station(view, events):
    left, top, _, _ = view.arrangement.stations
    click(events, (left + 40, top + 34 + 44 + 10))
    assert view.station == 1
    click(events, (left + 40, top + 34 + 44 * 3 + 10))
    assert view.station == 1


def test_list_of_stations_scrolls_within_its_ends():
    replay = Replay.from_plan(Wave(width=90, stations=20, orders=4, robots=2).build())
    view = View(replay, (1280, 720))
    events = Events(view)
    left, top, _, _ = view.arrangement.stations
    mouse(events, pygame.MOUSEMOTION, (left + 9, top + 60))
    wheel(events, -3)
    assert view.first_station == 3
    wheel(events, -90)
    assert view.first_station == 20 - view.arrangement.rows
    wheel(events, 90)
    assert view.first_station == 0
    view.select_station(19)
    assert view.first_station + view.arrangement.rows == 20


def test_following_keeps_the_robot_in_the_middle_but_the_floor_on_screen(view):
    view.select_robot(1)
    view.toggle_follow()
    view.zoom(3)
    left, top, width, height = view.arrangement.floor
    middle = (left + width / 2, top + height / 2)
    layout = REPLAY.scenario.layout
    at_edge = []
    for t in np.linspace(0, REPLAY.duration, 40):
        view.seek(t)
        robot = view.camera.to_screen(*view.moment.xy[1])
        first = view.camera.to_screen(0, 0)
        last = view.camera.to_screen(layout.width, layout.height)
        for i, (start, size) in enumerate(((left, width), (top, height))):
            assert start <= robot[i] < start + size
            assert first[i] <= start + 13
            assert last[i] >= start + size - 13
            near = robot[i] == pytest.approx(middle[i], abs=1)
            ends = (first[i] - start, start + size - last[i])
            at_edge.append(max(ends) == pytest.approx(12, abs=1))
            assert near or at_edge[-1]
    assert any(at_edge)
    assert not all(at_edge)
    view.pan(5, 0)
    assert not view.following
    view.select_robot(None)
    view.toggle_follow()
    assert not view.following


def test_time_passes_at_the_chosen_speed_and_stops_at_the_end(view):
    view.advance(1.0)
    assert view.t == 100.0
    view.toggle_play()
    view.advance(1.0)
    assert view.t == pytest.approx(100 + 10 / REPLAY.step_s)
    view.seek(REPLAY.duration - 0.1)
    view.advance(60.0)
    assert (view.t, view.playing) == (REPLAY.duration, False)
    view.toggle_play()
    assert (view.t, view.playing) == (0.0, True)


def test_step_goes_to_whole_timesteps(view):
    view.seek(7.4)
    view.step(1)
    assert view.t == 8
    view.seek(7.4)
    view.step(-1)
    assert view.t == 7
    view.go_to_start()
    view.step(-1)
    assert view.t == 0


def test_speed_stays_within_its_range(view):
    for _ in range(30):
        view.change_speed(1)
    assert view.speed == SPEEDS[-1] == 500
    for _ in range(30):
        view.change_speed(-1)
    assert view.speed == SPEEDS[0] == 0.1


def test_resize_fits_again_unless_the_viewer_has_zoomed(view, events):
    resized = pygame.event.Event(pygame.VIDEORESIZE, w=900, h=640, size=(900, 640))
    events.handle(resized)
    assert view.size == (900, 640)
    assert view.camera.scale == View(REPLAY, (900, 640)).camera.scale
    view.zoom(2)
    scale = view.camera.scale
    view.resize((1400, 900))
    assert view.camera.scale == scale
    view.resize((1, 1))
    assert view.size == (480, 360)


def test_keys_on_a_plan_without_robots_or_trips():
    view = View(Replay.from_plan(still_plan(0, robots=0)))
    events = Events(view)
    for binding in KEYS:
        for key in binding.keys:
            press(events, key, shift=binding.shift)
    assert view.robot is None
    click(events, (300, 300))
    assert view.robot is None


def test_documented_keys_are_those_of_the_table():
    page = Path(__file__).parents[2] / "docs" / "replay.md"
    table = page.read_text(encoding="utf-8").split("### Keys")[1].split("\n\n")[2]
    rows = [row.strip("| ").split(" | ") for row in table.splitlines()[2:]]
    assert rows == [[binding.label, binding.words] for binding in KEYS]
