"""Trucks in the Gantt: when each leaves, and how many orders are late for it."""

from typing import Final

import numpy as np
import pygame

from viz.gantt_places import GanttPlaces
from viz.palette import Colour, Palette
from viz.text import Type
from viz.view import View

_SIZE: Final = 16
_DASH: Final = 3  # pixels of a dash, and of the space after it
_TOGETHER: Final = 4  # pixels; trucks that leave so near to each other have one mark
_REACH: Final = 24  # pixels beside a mark at which it is still pointed at


def paint_flags(
    target: pygame.Surface,
    view: View,
    places: GanttPlaces,
    palette: Palette,
    type_: Type,
) -> None:
    """Draw a line through the rows for each departure, with its name above them.

    Where names would lie on each other the later ones are left out.
    """
    given, free = view.replay.trucks.given, float(places.flags[0])
    for x, trucks in marks_in_sight(view, places):
        late = sum(len(view.replay.trucks.late_for(truck)) for truck in trucks)
        named, colour = trucks[0], palette.bad if late else palette.text_muted
        if view.truck is not None and view.truck in trucks:
            named, colour = view.truck, palette.selected
        _paint_line(target, x, colour, places)
        name = given.carrier[named]
        name += f" +{len(trucks) - 1}" if len(trucks) > 1 else ""
        for words in (f"{name}, {late} late" if late else name, name):
            half = type_.width(words, _SIZE) / 2
            most = places.plot[0] + places.plot[2] + 12 - half
            middle = min(max(x, places.plot[0] + half), most)
            if middle - half >= free:
                place = (middle, places.flags[1] + 1)
                type_.put(target, words, place, _SIZE, colour, align="middle")
                free = middle + half + 10
                break


def _paint_line(
    target: pygame.Surface, x: int, colour: Colour, places: GanttPlaces
) -> None:
    """Draw a dashed line down the rows, with a tip above them."""
    _, top, _, height = places.plot
    end = top + height
    for y in range(top, end, 2 * _DASH):
        pygame.draw.line(target, colour, (x, y), (x, min(y + _DASH, end - 1)))
    corners = [(x - 4, top - 1), (x + 4, top - 1), (x, top - 6)]
    pygame.draw.polygon(target, colour, corners)


def marks_in_sight(view: View, places: GanttPlaces) -> list[tuple[int, list[int]]]:
    """Pixels of departures in the time that is shown, by time, each with its trucks."""
    left, _, width, _ = places.plot
    trucks = view.replay.trucks
    pixels = places.pixels_of(trucks.departs_s)
    shown = np.flatnonzero((pixels >= left) & (pixels <= left + width))
    marks: list[tuple[int, list[int]]] = []
    for truck in shown[np.argsort(pixels[shown], kind="stable")].tolist():
        x = round(float(pixels[truck]))
        if marks and x - marks[-1][0] < _TOGETHER:
            marks[-1][1].append(truck)
        else:
            marks.append((x, [truck]))
    return marks


def trucks_at(view: View, places: GanttPlaces, point: tuple[float, float]) -> list[int]:
    """Trucks of the mark that is nearest to a pixel; none where all are far."""
    marks = marks_in_sight(view, places)
    near = min(marks, key=lambda mark: abs(mark[0] - point[0]), default=None)
    return near[1] if near and abs(near[0] - point[0]) <= _REACH else []
