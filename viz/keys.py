"""The one table of keys: the window obeys it and the help shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import pygame

from viz.choosing import next_robot, next_station, next_truck
from viz.heat_choice import change_width, next_kind, next_part
from viz.playing import (
    go_to_bookmark,
    go_to_conflict,
    reverse,
    step_event,
    toggle_bookmark,
)
from viz.prompt import ask_what, ask_when
from viz.view import PAN_PIXELS, ZOOM_STEP, Listing, View

Action = Callable[[View], None]


@dataclass(frozen=True, slots=True)
class Binding:
    """A key and what it does.

    Parameters
    ----------
    group : str
        Heading in the help.
    label : str
        The key as people call it.
    keys : tuple of int
        pygame key codes, each of which does it.
    words : str
        What it does.
    action : callable
    shift : bool
        Whether the shift key must be down (else it must be up).
    """

    group: str
    label: str
    keys: tuple[int, ...]
    words: str
    action: Action
    shift: bool = False


def _stepping(steps: int) -> Action:
    return lambda view: view.step(steps)


def _jumping(share: float) -> Action:
    return lambda view: view.jump(share)


def _speeding(places: int) -> Action:
    return lambda view: view.change_speed(places)


def _zooming(factor: float) -> Action:
    return lambda view: view.zoom(factor)


def _panning(dx: int, dy: int) -> Action:
    return lambda view: view.pan(dx, dy)


def _robot(places: int) -> Action:
    return lambda view: next_robot(view, places)


def _station(places: int) -> Action:
    return lambda view: next_station(view, places)


def _truck(places: int) -> Action:
    return lambda view: next_truck(view, places)


def _event(places: int) -> Action:
    return lambda view: step_event(view, places)


def _width(places: int) -> Action:
    return lambda view: change_width(view, places)


def _listing(listing: Listing) -> Action:
    return lambda view: view.toggle_listing(listing)


def _bookmark(places: int) -> Action:
    return lambda view: go_to_bookmark(view, places)


def _conflict(places: int) -> Action:
    return lambda view: go_to_conflict(view, places)


_time = partial(Binding, "Time")
_look = partial(Binding, "Looking")
_select = partial(Binding, "Selecting")
_window = partial(Binding, "Window")

KEYS: Final[tuple[Binding, ...]] = (
    _time("Space", (pygame.K_SPACE,), "play or pause", View.toggle_play),
    _time("Right", (pygame.K_RIGHT,), "one step forward", _stepping(1)),
    _time("Left", (pygame.K_LEFT,), "one step back", _stepping(-1)),
    _time("Shift Right", (pygame.K_RIGHT,), "ten steps forward", _stepping(10), True),
    _time("Shift Left", (pygame.K_LEFT,), "ten steps back", _stepping(-10), True),
    _time("R", (pygame.K_r,), "play backwards or forwards", reverse),
    _time("E", (pygame.K_e,), "next event, of what is selected", _event(1)),
    _time("Shift E", (pygame.K_e,), "event before", _event(-1), True),
    _time("C", (pygame.K_c,), "next conflict", _conflict(1)),
    _time("Shift C", (pygame.K_c,), "conflict before", _conflict(-1), True),
    _time("G", (pygame.K_g,), "go to a clock time", ask_when),
    _time("B", (pygame.K_b,), "bookmark on or off", toggle_bookmark),
    _time(".", (pygame.K_PERIOD,), "next bookmark", _bookmark(1)),
    _time(",", (pygame.K_COMMA,), "bookmark before", _bookmark(-1)),
    _time("Page Up", (pygame.K_PAGEUP,), "forward by 5 %", _jumping(0.05)),
    _time("Page Down", (pygame.K_PAGEDOWN,), "back by 5 %", _jumping(-0.05)),
    _time("Home", (pygame.K_HOME,), "to the start", View.go_to_start),
    _time("End", (pygame.K_END,), "to the end", View.go_to_end),
    _time("Up", (pygame.K_UP,), "faster", _speeding(1)),
    _time("Down", (pygame.K_DOWN,), "slower", _speeding(-1)),
    _look(
        "+",
        (pygame.K_PLUS, pygame.K_EQUALS, pygame.K_KP_PLUS),
        "zoom in",
        _zooming(ZOOM_STEP),
    ),
    _look(
        "-", (pygame.K_MINUS, pygame.K_KP_MINUS), "zoom out", _zooming(1 / ZOOM_STEP)
    ),
    _look("0", (pygame.K_0, pygame.K_KP0), "fit the whole floor", View.fit),
    _look("A", (pygame.K_a,), "look left", _panning(PAN_PIXELS, 0)),
    _look("D", (pygame.K_d,), "look right", _panning(-PAN_PIXELS, 0)),
    _look("W", (pygame.K_w,), "look up", _panning(0, PAN_PIXELS)),
    _look("S", (pygame.K_s,), "look down", _panning(0, -PAN_PIXELS)),
    _look("M", (pygame.K_m,), "map of visits, waiting, picks", next_kind),
    _look(
        "Shift M", (pygame.K_m,), "map of all, around now, of marks", next_part, True
    ),
    _look("]", (pygame.K_RIGHTBRACKET,), "map of a longer time", _width(1)),
    _look("[", (pygame.K_LEFTBRACKET,), "map of a shorter time", _width(-1)),
    _look("U", (pygame.K_u,), "who waits for whom", _listing(Listing.WAITS)),
    _look("O", (pygame.K_o,), "small floor on or off", View.toggle_minimap),
    _select("/", (pygame.K_SLASH,), "find by typing", ask_what),
    _select("X", (pygame.K_x,), "list of conflicts", _listing(Listing.CONFLICTS)),
    _select("N", (pygame.K_n,), "next robot", _robot(1)),
    _select("Shift N", (pygame.K_n,), "robot before", _robot(-1), True),
    _select("F", (pygame.K_f,), "follow the robot or let go", View.toggle_follow),
    _select("Tab", (pygame.K_TAB,), "next station", _station(1)),
    _select("Shift Tab", (pygame.K_TAB,), "station before", _station(-1), True),
    _select("V", (pygame.K_v,), "next truck", _truck(1)),
    _select("Shift V", (pygame.K_v,), "truck before", _truck(-1), True),
    _select("Esc", (pygame.K_ESCAPE,), "close help, drop selection", View.back),
    _window("L", (pygame.K_l,), "legend on or off", View.toggle_legend),
    _window("J", (pygame.K_j,), "Gantt on or off", View.toggle_gantt),
    _window("P", (pygame.K_p,), "panels on or off", View.toggle_panels),
    _window("T", (pygame.K_t,), "dark or light", View.toggle_theme),
    _window("H", (pygame.K_h, pygame.K_F1), "help on or off", View.toggle_help),
    _window("Q", (pygame.K_q,), "quit", View.quit),
)


def binding_of(key: int, *, shift: bool) -> Binding | None:
    """Return what a key does, or None.

    A key that has no meaning with shift means the same as without: on many
    keyboards plus itself needs shift.
    """
    found = [binding for binding in KEYS if key in binding.keys]
    for binding in found:
        if binding.shift == shift:
            return binding
    return next((binding for binding in found if not binding.shift), None)
