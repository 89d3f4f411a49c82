"""The window: events in, frames out, until it is closed."""

import os
import sys
from typing import Final

import pygame

from viz.look import Look
from viz.replay import Replay
from viz.stage import Stage, stage_of
from warehouse.errors import InputError, WarehouseError
from warehouse.plan import Plan

FRAMES_PER_S: Final = 60
_SEARCH_S: Final = 0.003  # of every frame, for what is found little by little
_UNSEEN: Final = ("dummy", "offscreen")


def show(
    plan: Plan,
    beside: Plan | None = None,
    *,
    size: tuple[int, int] = (1280, 800),
    look: Look | None = None,
) -> None:
    """Open a window on a plan, playing, and return when it is closed.

    Parameters
    ----------
    plan : Plan
    beside : Plan, optional
        Shown beside the first, on the same clock.
    size : (width, height)
        In pixels, to begin with.
    look : Look, optional
        What is switched on to begin with.

    Raises
    ------
    WarehouseError
        E402 where there is no display; E403 where the look cannot be.
    """
    look = look or Look()
    replays = [Replay.from_plan(shown) for shown in (plan, beside) if shown is not None]
    faults = [fault for replay in replays for fault in look.faults(replay, size)]
    if faults:
        raise InputError(dict.fromkeys(faults))
    screen = _open(size)
    try:
        pygame.display.set_caption(f"{plan.scenario.name} - Aislewise")
        second = replays[1] if beside is not None else None
        stage = stage_of(replays[0], second, screen.get_size(), look)
        stage.hurry()
        stage.play()
        _run(stage)
    finally:
        pygame.display.quit()


def has_screen() -> bool:
    """Whether a window can be expected to open, without trying."""
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True


def _open(size: tuple[int, int]) -> pygame.Surface:
    """Open the display alone: sound and the rest of pygame are not wanted."""
    no_display = WarehouseError(
        "E402",
        "no display to open a window on",
        "write a film or a picture: aislewise replay PLAN --export film.mp4",
    )
    asked_for = os.environ.get("SDL_VIDEODRIVER", "")
    if not has_screen() and not asked_for:
        raise no_display
    try:
        pygame.display.init()
        screen = pygame.display.set_mode(size, pygame.RESIZABLE)
    except pygame.error as error:
        raise no_display from error
    # Without a display some builds draw into nothing, where no one can close it.
    if pygame.display.get_driver() in _UNSEEN and asked_for not in _UNSEEN:
        pygame.display.quit()
        raise no_display
    return screen


def _run(stage: Stage) -> None:
    """Let time pass, obey events, draw, until the stage is closing."""
    clock = pygame.time.Clock()
    pygame.key.set_repeat(350, 60)
    while not stage.closing:
        passed_s = clock.tick(FRAMES_PER_S) / 1000
        for event in pygame.event.get():
            stage.handle(event)
        # A window held or hidden for a while must not make time jump.
        stage.advance(min(passed_s, 0.1))
        stage.search(_SEARCH_S)
        screen = pygame.display.get_surface()
        if screen.get_size() == stage.size:
            stage.paint(screen)
        else:
            # Smaller than the least size: show the part that fits.
            whole = pygame.Surface(stage.size, 0, 32)
            stage.paint(whole)
            screen.blit(whole, (0, 0))
        pygame.display.flip()
