"""What the window's events do to the view: keys, mouse, size."""

from dataclasses import dataclass

import pygame

from viz import gantt_pointer
from viz.arrangement import inside
from viz.box import select_in_box
from viz.buttons import button_at
from viz.keys import binding_of
from viz.listing import choose_row, scroll_list
from viz.minimap import look_where, minimap_area
from viz.places import pod_at, robot_at, station_at
from viz.prompt import type_key
from viz.timebar import time_at
from viz.truck_list import click_truck
from viz.view import ZOOM_STEP, Listing, View

_CLICK_PIXELS = 4  # moved less than this between press and release: a click


@dataclass(slots=True)
class Events:
    """Handles events for a view; remembers what the mouse holds.

    Parameters
    ----------
    view : View
    pressed : (x, y) or None
        Where the button went down on the floor, or the Gantt.
    dragging, sliding : bool
        Whether the floor (or the Gantt), or the slider is held.
    charting : bool
        Whether the button went down on the Gantt.
    """

    view: View
    pressed: tuple[int, int] | None = None
    dragging: bool = False
    sliding: bool = False
    charting: bool = False

    def handle(self, event: pygame.event.Event) -> None:
        """Let one event have its effect."""
        if event.type == pygame.QUIT:
            self.view.quit()
        elif event.type == pygame.VIDEORESIZE:
            self.view.resize((event.w, event.h))
        elif event.type == pygame.KEYDOWN and self.view.prompt is not None:
            type_key(self.view, self.view.prompt, event)
        elif event.type == pygame.KEYDOWN:
            shift = bool(event.mod & pygame.KMOD_SHIFT)
            binding = binding_of(event.key, shift=shift)
            if binding is not None:
                binding.action(self.view)
        elif event.type == pygame.MOUSEWHEEL:
            self._wheel(event.y)
        elif event.type == pygame.MOUSEMOTION:
            self._moved(event.pos)
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            self._down(event.pos)
        elif event.type == pygame.MOUSEBUTTONUP and event.button == 1:
            self._up(event.pos)

    def _wheel(self, notches: int) -> None:
        pointer = self.view.pointer
        if pointer is None:
            return
        if inside(self.view.arrangement.floor, pointer):
            self.view.zoom(ZOOM_STEP**notches, pointer)
        elif inside(self.view.arrangement.stations, pointer):
            scroll_list(self.view, -notches)
        elif inside(self.view.arrangement.gantt, pointer):
            gantt_pointer.turn_wheel(self.view, notches, pointer)

    def _moved(self, point: tuple[int, int]) -> None:
        view, before = self.view, self.view.pointer
        view.pointer = point
        if self.sliding:
            view.seek(time_at(view, point[0]))
        elif view.box is not None:
            view.box = (*view.box[:2], *point)
        elif self.pressed is not None and before is not None:
            if not self.dragging and self._is_far(point):
                self.dragging = True
                self._drag(point[0] - self.pressed[0], point[1] - self.pressed[1])
            elif self.dragging:
                self._drag(point[0] - before[0], point[1] - before[1])

    def _drag(self, dx: float, dy: float) -> None:
        """Move what is held by some pixels."""
        if self.charting:
            gantt_pointer.drag(self.view, dx, dy)
        else:
            self.view.pan(dx, dy)

    def _down(self, point: tuple[int, int]) -> None:
        view = self.view
        view.pointer = point
        if view.help:
            view.toggle_help()
            return
        view.prompt = None
        button = button_at(view, point)
        if button is not None:
            button.binding.action(view)
        elif inside(view.arrangement.slider, point):
            self.sliding = True
            view.seek(time_at(view, point[0]))
        elif inside(minimap_area(view), point):
            look_where(view, point)
        elif inside(view.arrangement.floor, point):
            self.pressed = point
            if _shift_is_down():
                view.box = (*point, *point)
        elif inside(view.arrangement.gantt, point):
            self.pressed, self.charting = point, True
        elif inside(view.arrangement.trucks, point):
            click_truck(view, point)
        else:
            row = view.arrangement.row_at(point)
            if row is not None and view.listing is not Listing.STATIONS:
                choose_row(view, row)
            elif row is not None:
                station = view.first_station + row
                if station < len(view.replay.scenario.stations):
                    view.select_station(station)

    def _up(self, point: tuple[int, int]) -> None:
        if self.view.box is not None and self._is_far(point):
            select_in_box(self.view)
        elif self.pressed is not None and not self.dragging:
            if self.charting:
                gantt_pointer.click(self.view, point)
            else:
                self._click(point)
        self.let_go()

    def _is_far(self, point: tuple[int, int]) -> bool:
        """Whether the mouse has gone farther since it went down than in a click."""
        if self.pressed is None:
            return False
        dx, dy = point[0] - self.pressed[0], point[1] - self.pressed[1]
        return max(abs(dx), abs(dy)) >= _CLICK_PIXELS

    def let_go(self) -> None:
        """Hold nothing any more."""
        self.pressed, self.charting, self.view.box = None, False, None
        self.dragging = self.sliding = False

    def _click(self, point: tuple[int, int]) -> None:
        """Select the robot, station or pod at a pixel of the floor, or nothing."""
        robot = robot_at(self.view, point)
        if robot is not None and _shift_is_down():
            self.view.select_more(robot)
            return
        station, pod = station_at(self.view, point), pod_at(self.view, point)
        if robot is None and station is not None:
            self.view.select_station(station)
        elif robot is None and pod is not None:
            self.view.select_pod(pod)
        else:
            self.view.select_robot(robot)


def _shift_is_down() -> bool:
    return pygame.display.get_init() and bool(pygame.key.get_mods() & pygame.KMOD_SHIFT)
