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
    trucks, free = view.replay.trucks, float(places.flags[0])
    chosen = None if view.truck is None else int(trucks.place_of[view.truck])
    for x, some in marks_in_sight(view, places):
        late = int(trucks.late_before[some.stop] - trucks.late_before[some.start])
        named, colour = some[0], palette.bad if late else palette.text_muted
        if chosen is not None and chosen in some:
            named, colour = chosen, palette.selected
        _paint_line(target, x, colour, places)
        name = trucks.given.carrier[trucks.by_departure[named]]
        name += f" +{len(some) - 1:,}" if len(some) > 1 else ""
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


def marks_in_sight(view: View, places: GanttPlaces) -> list[tuple[int, range]]:
    """Pixels of departures in the time that is shown, each with its trucks.

    These are places in `TruckLoads.by_departure`.
    """
    left, _, width, _ = places.plot
    pixels = places.pixels_of(view.replay.trucks.departures_s)
    begin = int(np.searchsorted(pixels, left))
    end = int(np.searchsorted(pixels, left + width, side="right"))
    found, first = np.unique(np.rint(pixels[begin:end]).astype(int), return_index=True)
    marks: list[tuple[int, range]] = []
    for x, place in zip(found.tolist(), (begin + first).tolist(), strict=True):
        if marks and x - marks[-1][0] < _TOGETHER:
            continue
        if marks:
            marks[-1] = marks[-1][0], range(marks[-1][1].start, place)
        marks.append((x, range(place, end)))
    return marks


def trucks_at(view: View, places: GanttPlaces, point: tuple[float, float]) -> list[int]:
    """Trucks of the mark that is nearest to a pixel; none where all are far."""
    marks = marks_in_sight(view, places)
    near = min(marks, key=lambda mark: abs(mark[0] - point[0]), default=None)
    if near is None or abs(near[0] - point[0]) > _REACH:
        return []
    return view.replay.trucks.by_departure[near[1].start : near[1].stop]
