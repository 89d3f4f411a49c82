"""The Gantt: what stations and the selected robot do over time, with the trucks."""

from typing import Final

import numpy as np
import pygame
from numpy.typing import NDArray

from viz.clock import clock
from viz.gantt_bars import BAR_WORDS
from viz.gantt_flags import paint_flags
from viz.gantt_ink import BarInk, extents
from viz.gantt_places import GanttPlaces, ShownRow, rows_in_sight
from viz.kept import Kept
from viz.palette import Palette
from viz.svg import time_ticks
from viz.text import Type
from viz.view import View

_PER_TICK: Final = 80  # pixels
_LEAST_LONG: Final = 24  # pixels, from which bars tell their name
_LEAST_TALL: Final = 11
_SIZE: Final = 16


class Gantt:
    """Draws the Gantt in one theme.

    Parameters
    ----------
    palette : Palette
    type_ : Type
    """

    def __init__(self, palette: Palette, type_: Type) -> None:
        self._palette = palette
        self._type = type_
        self._ink = BarInk(palette)
        self._kept = Kept()

    def paint(self, target: pygame.Surface, view: View) -> None:
        """Draw it, where it is switched on, with the clock across."""
        area = view.arrangement.gantt
        if not area[3]:
            return
        places = GanttPlaces.of(view)
        chosen = (view.robot, view.station, view.order, view.pod, view.truck)
        self._kept.paint(
            target,
            "gantt",
            area,
            (places, chosen),
            lambda: self._draw(target, view, places),
        )
        left, top, width, height = places.plot
        if places.start_s <= view.now_s <= places.end_s:
            x = min(round(places.x_of(view.now_s)), left + width - 1)
            colour = self._palette.selected
            pygame.draw.line(target, colour, (x, top - 4), (x, top + height - 1), 2)
            corners = [(x - 5, top - 6), (x + 6, top - 6), (x, top)]
            pygame.draw.polygon(target, colour, corners)

    def _draw(self, target: pygame.Surface, view: View, places: GanttPlaces) -> None:
        """Draw all but the clock."""
        palette = self._palette
        left, top, width, _ = view.arrangement.gantt
        pygame.draw.rect(target, palette.panel, view.arrangement.gantt)
        pygame.draw.line(target, palette.panel_edge, (left, top), (left + width, top))
        rows = rows_in_sight(view, places)
        self._head(target, view, places)
        for row in rows:
            self._ground(target, view, places, row)
        self._axis(target, places)
        self._bars(target, view, places, rows)
        paint_flags(target, view, places, palette, self._type)

    def _head(self, target: pygame.Surface, view: View, places: GanttPlaces) -> None:
        """Write what it is, what its colours mean, and which rows are in sight."""
        palette, type_ = self._palette, self._type
        left, top, width, _ = view.arrangement.gantt
        y, end = top + 7, left + width - 14
        type_.put(target, "GANTT", (left + 14, y), 17, palette.text_muted)
        charts = [view.charts.stations]
        if view.robot is not None:
            charts.append(view.charts.of_robot(view.robot))
        rows = len(view.charts.stations.names)
        if places.last - places.first < rows:
            words = f"rows {places.first + 1} to {places.last} of {rows}"
            faint = palette.text_faint
            end -= 14 + type_.put(target, words, (end, y), 16, faint, align="right")
        x = places.plot[0]
        for kind in sorted({kind for chart in charts for kind in chart.kinds}):
            words = BAR_WORDS[kind]
            if x + 16 + type_.width(words, _SIZE) > end:
                break
            self._ink.mark(target, kind, (x, y - 1, 11, 11))
            muted = palette.text_muted
            x += 30 + type_.put(target, words, (x + 16, y), _SIZE, muted)
        words = "truck leaves"
        if len(view.replay.trucks) and x + 16 + type_.width(words, _SIZE) <= end:
            muted = palette.text_muted
            corners = [(x + 1, y + 8), (x + 9, y + 8), (x + 5, y + 1)]
            pygame.draw.polygon(target, muted, corners)
            type_.put(target, words, (x + 16, y), _SIZE, muted)

    def _ground(
        self, target: pygame.Surface, view: View, places: GanttPlaces, row: ShownRow
    ) -> None:
        """Draw the ground of a row and its name."""
        palette = self._palette
        left, _, wide, _ = places.names
        chosen = row.station is not None and row.station == view.station
        top = places.top_of(row.place)
        band = pygame.Rect(places.plot[0], top, places.plot[2], places.pitch - 1)
        ground = palette.panel_edge if chosen else palette.panel_raised
        pygame.draw.rect(target, ground, band)
        ink = palette.text if chosen or row.station is None else palette.text_muted
        place = (left + 14, top + places.pitch // 2 - 5)
        self._type.put(target, row.name, place, _SIZE, ink, width=wide - 20)

    def _axis(self, target: pygame.Surface, places: GanttPlaces) -> None:
        """Draw clock times below, with a line through the rows for each."""
        palette = self._palette
        left, top, width, height = places.plot
        for second in _ticks(places):
            x = round(places.x_of(second))
            line = (x, top), (x, top + height)
            pygame.draw.line(target, palette.panel_edge, *line)
            words = clock(second)
            half = self._type.width(words, _SIZE) / 2
            middle = min(max(x, left + half), left + width + 12 - half)
            place, faint = (middle, places.axis[1] + 4), palette.text_faint
            self._type.put(target, words, place, _SIZE, faint, align="middle")

    def _bars(
        self,
        target: pygame.Surface,
        view: View,
        places: GanttPlaces,
        rows: list[ShownRow],
    ) -> None:
        """Draw the bars of the rows, then names on long ones and what is selected."""
        for row in rows:
            lanes = [
                places.lane_of(row.place, lane, row.lanes) for lane in range(row.lanes)
            ]
            self._ink.paint(target, row.bars, lanes, places)
            if row.station is not None:
                self._name_bars(target, view, row.bars, lanes, places)
            self._mark_selected(target, view, row.bars, lanes, places)

    def _name_bars(
        self,
        target: pygame.Surface,
        view: View,
        bars: NDArray[np.void],
        lanes: list[tuple[int, int]],
        places: GanttPlaces,
    ) -> None:
        """Write the order, or else the pod, on bars that are long enough."""
        orders, pods = view.replay.scenario.orders, view.replay.scenario.pods
        first, last = extents(bars, places)
        for bar in np.flatnonzero(last - first > _LEAST_LONG).tolist():
            top, bottom = lanes[bars["lane"][bar]]
            words, room = "", int(last[bar] - first[bar]) - 6
            if bars["order"][bar] >= 0:
                words = orders.names[bars["order"][bar]]
            elif bars["pod"][bar] >= 0 and pods is not None:
                words = pods.names[bars["pod"][bar]]
            if bottom - top >= _LEAST_TALL and self._type.width(words, 15) <= room:
                place = ((first[bar] + last[bar]) / 2, (top + bottom) / 2 - 5)
                ink = self._palette.robot_ink
                self._type.put(target, words, place, 15, ink, align="middle")

    def _mark_selected(
        self,
        target: pygame.Surface,
        view: View,
        bars: NDArray[np.void],
        lanes: list[tuple[int, int]],
        places: GanttPlaces,
    ) -> None:
        """Draw a frame around the bars of the selected order or pod."""
        name, number = ("order", view.order) if view.pod is None else ("pod", view.pod)
        if number is None:
            return
        mine = bars[bars[name] == number]
        for lane, first, last in zip(
            mine["lane"].tolist(), *(ends.tolist() for ends in extents(mine, places)),
            strict=True,
        ):  # fmt: skip
            top, bottom = lanes[lane]
            frame = pygame.Rect(first - 2, top - 2, last - first + 4, bottom - top + 4)
            if last > first:
                pygame.draw.rect(target, self._palette.selected, frame, 2)


def _ticks(places: GanttPlaces) -> list[float]:
    """Round seconds in sight, few enough to be read."""
    span_s = places.end_s - places.start_s
    marks = time_ticks(span_s, max(1, places.plot[2] // _PER_TICK))
    step_s = marks[1] if len(marks) > 1 else span_s
    first = np.ceil(places.start_s / step_s - 1e-9) * step_s
    return np.arange(first, places.end_s + step_s * 1e-6, step_s).tolist()
