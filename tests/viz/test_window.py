import os
import subprocess
import sys
import threading

import pygame
import pytest

from tests.viz.synthetic import Wave
from viz import window
from viz.frame import Painter
from viz.replay import Replay
from viz.stage import OnePlan
from viz.view import View


@pytest.fixture(scope="module")
def plan():
    return Wave(orders=12).build()


def key(code):
    return pygame.event.Event(pygame.KEYDOWN, key=code, mod=0, unicode="")


def test_events_reach_the_view_until_it_closes(plan):
    screen = window._open((800, 600))
    try:
        replay = Replay.from_plan(plan)
        view = View(replay, screen.get_size())
        view.seek(40.0)
        pygame.event.clear()
        for code in (pygame.K_RIGHT, pygame.K_m, pygame.K_q):
            pygame.event.post(key(code))
        window._run(OnePlan(view))
        assert (view.t, view.heatmap, view.closing) == (41.0, "visits", True)
        shown = pygame.surfarray.array3d(pygame.display.get_surface())
        assert (shown.transpose(1, 0, 2) == Painter(replay).frame(view)).all()
    finally:
        pygame.display.quit()


def close_soon():
    """Ask for the end from another thread, as a person would."""
    timer = threading.Timer(0.5, lambda: pygame.event.post(key(pygame.K_q)))
    timer.start()
    return timer


def test_show_returns_when_closed_and_leaves_no_display(plan):
    timer = close_soon()
    window.show(plan)
    timer.join()
    assert not pygame.display.get_init()


def test_show_on_a_real_display(plan, display):
    timer = close_soon()
    window.show(plan, size=(900, 650))
    timer.join()
    assert not pygame.display.get_init()


def test_without_a_display_it_says_how_to_export():
    code = (
        "from tests.viz.synthetic import corridor_plan\n"
        "from viz.window import show\n"
        "from warehouse.errors import WarehouseError\n"
        "try:\n    show(corridor_plan())\n"
        "except WarehouseError as error:\n    print(error)\n"
    )
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={k: v for k, v in os.environ.items() if k not in hidden},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.strip() == (
        "E402 no display to open a window on; "
        "write a film or a picture: aislewise replay PLAN --export film.mp4"
    )
