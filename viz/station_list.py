"""The list of stations at the right: queues, and what is being packed."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pygame
from numpy.typing import NDArray

from viz.arrangement import LIST_HEAD, Area
from viz.kept import Kept
from viz.list_row import paint_ground, paint_row
from viz.palette import Palette
from viz.pod_panels import paint_picking, paint_slots
from viz.replay import Replay
from viz.text import Type
from viz.view import View

_MOST_NAMED: Final = 8  # orders; more do not fit in a row


@dataclass(frozen=True, slots=True)
class Row:
    """What the list says of a station with packers.

    Parameters
    ----------
    name : str
    chosen : bool
    queue : int
        Orders handed over and not begun.
    packing : str
        Orders being packed.
    rails : tuple of (left, width, filled)
        Pixels of each packer's bar, from the left of the row; filled as far as the
        packer is, -1 if free.
    """

    name: str
    chosen: bool
    queue: int
    packing: str
    rails: tuple[tuple[int, int, int], ...]


class Stations:
    """Draws the list of stations of one replay.

    Parameters
    ----------
    replay : Replay
    palette : Palette
    type_ : Type
    """

    def __init__(self, replay: Replay, palette: Palette, type_: Type) -> None:
        self._replay = replay
        self._palette = palette
        self._type = type_
        self._kept = Kept()
        self._with_pods = replay.scenario.pods is not None

    def paint(
        self, target: pygame.Surface, view: View, queued: NDArray[np.int64]
    ) -> None:
        """Draw the part of the list that is in sight, with what waits at each."""
        area = view.arrangement.stations
        pitch, page = view.arrangement.row_height, view.arrangement.rows
        first = view.first_station
        last = min(len(self._replay.scenario.stations), first + page)
        ground = (first, last, view.arrangement.detail[3])
        self._kept.paint(
            target, "ground", area, ground, lambda: self._ground(target, view, last)
        )
        for row, index in enumerate(range(first, last)):
            y = area[1] + LIST_HEAD + row * pitch
            place = (area[0] + 8, y, area[2] - 16, pitch - 4)
            if self._with_pods:
                self._pod_row(target, view, index, place)
            else:
                self._tote_row(target, view, row, index, place, int(queued[index]))

    def _ground(self, target: pygame.Surface, view: View, last: int) -> None:
        palette, type_ = self._palette, self._type
        left, top, width, height = view.arrangement.stations
        paint_ground(target, view.arrangement.stations, palette)
        total, first = len(self._replay.scenario.stations), view.first_station
        if not total:
            middle = (left + width / 2, top + 14)
            words = "Click a robot"
            type_.put(target, words, middle, 17, palette.text_faint, align="middle")
            return
        type_.put(target, "STATIONS", (left + 14, top + 12), 17, palette.text_muted)
        words = "slots in use" if self._with_pods else "orders waiting"
        if view.arrangement.rows < total:
            words = f"{first + 1} to {last} of {total}"
        place = (left + width - 14, top + 12)
        type_.put(target, words, place, 16, palette.text_faint, align="right")
        empty = top + LIST_HEAD + (last - first) * view.arrangement.row_height
        if not view.arrangement.detail[3] and empty < top + height - 40:
            words = "Click a robot or a station"
            if self._with_pods:
                words = "Click a robot, a pod or a station"
            middle = (left + width / 2, top + height - 26)
            type_.put(target, words, middle, 17, palette.text_faint, align="middle")

    def _head(self, target: pygame.Surface, name: str, chosen: bool, area: Area) -> int:
        """Draw the ground of a row and the station's name; return its width."""
        palette = self._palette
        paint_row(target, area, palette.station, palette, chosen=chosen)
        left, top, width, _ = area
        place = (left + 12, top + 6)
        return self._type.put(target, name, place, 20, palette.text, width=width // 3)

    def _pod_row(
        self, target: pygame.Surface, view: View, index: int, area: Area
    ) -> None:
        palette, type_ = self._palette, self._type
        name = self._replay.scenario.stations[index].name
        taken = self._head(target, name, view.station == index, area)
        paint_slots(target, view, index, area, taken, palette, type_)
        paint_picking(target, view, index, area, palette, type_)

    def _tote_row(
        self,
        target: pygame.Surface,
        view: View,
        place: int,
        index: int,
        area: Area,
        queue: int,
    ) -> None:
        row = self._row(view, index, area[2], queue)
        self._kept.paint(
            target,
            f"row {place}",
            area,
            row,
            lambda: self._paint_row(target, row, area),
        )

    def _row(self, view: View, index: int, width: int, queue: int) -> Row:
        """Collect what a row says now."""
        work, scenario = self._replay.work, self._replay.scenario
        rows = work.packing_at(index, view.now_s)
        names = scenario.orders.names
        room = width // 2 - 22
        packers = min(scenario.stations[index].packers, room // 12)
        pitch = (room + 3) / packers
        start, end = work.start_s[rows], work.end_s[rows]
        done = (view.now_s - start) / np.maximum(end - start, 1e-9)
        part_of = dict(zip(work.packer[rows].tolist(), done.tolist(), strict=True))
        shown = work.order[rows[:_MOST_NAMED]].tolist()
        rails = []
        for packer in range(packers):
            rail = round(pitch) - 3
            filled = round(rail * part_of[packer]) if packer in part_of else -1
            rails.append((width // 2 + 12 + round(packer * pitch), rail, filled))
        return Row(
            name=scenario.stations[index].name,
            chosen=view.station == index,
            queue=queue,
            packing=", ".join(names[order] for order in shown),
            rails=tuple(rails),
        )

    def _paint_row(self, target: pygame.Surface, row: Row, area: Area) -> None:
        palette, type_ = self._palette, self._type
        left, top, width, height = area
        taken = self._head(target, row.name, row.chosen, area)
        right = left + width - 10
        place = (right, top + 5)
        number = str(row.queue)
        drawn = type_.put(target, number, place, 22, palette.text, align="right")
        space = right - drawn - 8 - (left + 12 + taken + 10)
        for pip in range(min(row.queue, max(0, space // 7))):
            mark = (right - drawn - 8 - 7 * (pip + 1), top + 8, 5, 8)
            pygame.draw.rect(target, palette.station, mark, border_radius=1)
        y = top + height - 14
        if not row.packing:
            type_.put(target, "free", (left + 12, y), 16, palette.text_faint)
            return
        room = width // 2 - 8
        place = (left + 12, y)
        type_.put(target, row.packing, place, 16, palette.text_muted, width=room)
        for x, rail, filled in row.rails:
            bar = pygame.Rect(left + x, y + 4, rail, 4)
            pygame.draw.rect(target, palette.background, bar, border_radius=2)
            if filled >= 0:
                bar.width = filled
                pygame.draw.rect(target, palette.station, bar, border_radius=2)
