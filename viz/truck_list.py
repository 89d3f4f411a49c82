"""The next trucks to leave, below the list of stations."""

from typing import Final

import numpy as np
import pygame

from viz.arrangement import TRUCK_PITCH
from viz.clock import clock
from viz.kept import Kept
from viz.palette import Palette
from viz.text import Type
from viz.view import View

_TOP: Final = 5  # pixels above the head


def trucks_listed(view: View) -> list[int]:
    """Trucks in the list: the next to leave, or the last ones; with the selected."""
    lines = max(0, (view.arrangement.trucks[3] - _TOP) // TRUCK_PITCH - 1)
    trucks = view.replay.trucks
    order = trucks.by_departure
    first = int(np.searchsorted(trucks.departures_s, view.now_s, side="right"))
    first = max(0, min(first, len(order) - lines))
    if view.truck is not None:
        place = int(trucks.place_of[view.truck])
        first = max(min(first, place), place - lines + 1)
    return order[first : first + lines]


def click_truck(view: View, point: tuple[float, float]) -> None:
    """Select the truck whose line is at a pixel of the list."""
    line = int((point[1] - view.arrangement.trucks[1] - _TOP) // TRUCK_PITCH) - 1
    listed = trucks_listed(view)
    if 0 <= line < len(listed):
        view.select_truck(listed[line])


class TruckList:
    """Draws the list in one theme.

    Parameters
    ----------
    palette : Palette
    type_ : Type
    """

    def __init__(self, palette: Palette, type_: Type) -> None:
        self._palette = palette
        self._type = type_
        self._kept = Kept()

    def paint(self, target: pygame.Surface, view: View) -> None:
        """Draw the list, where there is one."""
        area = view.arrangement.trucks
        if not area[3]:
            return
        listed = trucks_listed(view)
        gone = [bool(view.replay.trucks.departs_s[k] <= view.now_s) for k in listed]
        self._kept.paint(
            target,
            "trucks",
            area,
            (tuple(listed), tuple(gone), view.truck),
            lambda: self._draw(target, view, listed, gone),
        )

    def _draw(
        self,
        target: pygame.Surface,
        view: View,
        listed: list[int],
        gone: list[bool],
    ) -> None:
        palette, type_ = self._palette, self._type
        left, top, width, height = view.arrangement.trucks
        pygame.draw.rect(target, palette.panel, view.arrangement.trucks)
        pygame.draw.line(target, palette.panel_edge, (left, top), (left + width, top))
        pygame.draw.line(target, palette.panel_edge, (left, top), (left, top + height))
        y, right = top + _TOP + 4, left + width - 14
        type_.put(target, "TRUCKS", (left + 14, y), 17, palette.text_muted)
        words = f"{len(listed)} of {len(view.replay.trucks)}, V selects"
        type_.put(target, words, (right, y), 16, palette.text_faint, align="right")
        for line, truck in enumerate(listed, start=1):
            band = (left + 8, top + _TOP + line * TRUCK_PITCH, width - 16, TRUCK_PITCH)
            if truck == view.truck:
                pygame.draw.rect(target, palette.panel_edge, band, border_radius=5)
            self._line(target, view, truck, gone[line - 1], band[1] + 4)

    def _line(
        self, target: pygame.Surface, view: View, truck: int, gone: bool, y: int
    ) -> None:
        """Write who leaves when, and what is late for it."""
        palette, type_, trucks = self._palette, self._type, view.replay.trucks
        left, _, width, _ = view.arrangement.trucks
        late = len(trucks.late_for(truck))
        words = f"{late} late" if late else f"{len(trucks.orders_on(truck))} orders"
        colour = palette.bad if late else palette.text_muted
        right = left + width - 14
        taken = type_.put(target, words, (right, y), 16, colour, align="right")
        ink = palette.text_faint if gone else palette.text
        when = clock(float(trucks.departs_s[truck]))
        x = left + 14 + type_.put(target, when, (left + 14, y), 18, ink) + 10
        room = right - taken - 10 - x
        carrier = trucks.given.carrier[truck]
        type_.put(target, carrier, (x, y), 18, ink, width=room)
