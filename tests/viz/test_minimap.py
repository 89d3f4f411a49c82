import pygame
import pytest

from tests.viz.synthetic import Wave
from viz.frame import Painter
from viz.minimap import look_where, minimap_area
from viz.palette import DARK
from viz.pointer import Events
from viz.replay import Replay
from viz.view import View

REPLAY = Replay.from_plan(Wave(height=40, width=61).build())


@pytest.fixture
def view():
    return View(REPLAY)


def test_it_is_shown_while_not_all_of_the_floor_is(view):
    assert minimap_area(view)[2] == 0
    view.zoom(3)
    _, _, width, height = minimap_area(view)
    assert width / height == pytest.approx(61 / 40, rel=0.02)
    view.toggle_minimap()
    assert minimap_area(view)[2] == 0
    view.toggle_minimap()
    view.resize((480, 360))
    assert minimap_area(view)[2] == 0


def test_a_click_looks_there_and_selects_nothing(view):
    view.zoom(3)
    left, top, width, height = minimap_area(view)
    point = (left + round(width * 0.7), top + round(height * 0.6))
    events = Events(view)
    for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
        events.handle(pygame.event.Event(kind, pos=point, button=1))
    assert view.camera.x == pytest.approx(0.7 * 61, abs=0.5)
    assert view.camera.y == pytest.approx(0.6 * 40, abs=0.5)
    assert view.robot is None


def test_it_shows_robots_and_what_is_seen(view):
    view.zoom(3)
    view.seek(60.0)
    look_where(view, minimap_area(view)[:2])
    frame = Painter(REPLAY).frame(view)
    left, top, width, height = minimap_area(view)
    part = frame[top : top + height, left : left + width]
    assert (part == DARK.selected).all(axis=2).any()
    assert sum((part == c).all(axis=2).sum() for c in DARK.states) >= 4
