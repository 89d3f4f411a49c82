"""The list at the right in place of the stations: longest waits, or conflicts."""

from dataclasses import dataclass

import pygame

from viz.arrangement import LIST_HEAD, Area
from viz.clock import clock
from viz.conflicts import robots_of
from viz.kept import Kept
from viz.list_row import paint_ground, paint_row
from viz.palette import Colour, Palette
from viz.places import look_at_selected
from viz.text import Type
from viz.view import Listing, View


@dataclass(frozen=True, slots=True)
class Row:
    """What a row of the list says: a line with words beside it, and one below."""

    head: str
    beside: str
    below: str
    chosen: bool


def rows_of(view: View) -> list[Row]:
    """Rows of the list that are in sight."""
    first = view.first_row
    numbers = range(first, min(_length(view), first + view.arrangement.rows))
    row = _wait if view.listing is Listing.WAITS else _conflict
    return [row(view, number) for number in numbers]


def choose_row(view: View, place: int) -> None:
    """Pause, and show what a row of the list in sight is about."""
    number = view.first_row + place
    if number >= _length(view):
        return
    view.playing = False
    if view.listing is Listing.CONFLICTS:
        show_conflict(view, number)
        return
    wait = view.replay.waits.found[number]
    view.seek(float(wait["start"]))
    view.select_robot(int(wait["robot"]))
    _show_row(view, number)
    look_at_selected(view)


def show_conflict(view: View, number: int) -> None:
    """Select a conflict, go to its moment, and bring it and its row into sight."""
    view.select_conflict(number)
    if view.listing is Listing.CONFLICTS:
        _show_row(view, number)
    look_at_selected(view)


def scroll_list(view: View, rows: int) -> None:
    """Scroll the list at the right, whatever it is of."""
    if view.listing is Listing.STATIONS:
        view.scroll_stations(rows)
        return
    last = max(0, _length(view) - view.arrangement.rows)
    view.first_row = min(max(view.first_row + rows, 0), last)


def _length(view: View) -> int:
    """Rows of the list, in sight or not."""
    if view.listing is Listing.WAITS:
        return len(view.replay.waits.found)
    return len(view.replay.conflicts.found)


def _show_row(view: View, number: int) -> None:
    """Scroll the list just as far as a row needs to be in sight."""
    first = min(view.first_row, number)
    view.first_row = max(first, number - max(1, view.arrangement.rows) + 1)


def _wait(view: View, number: int) -> Row:
    replay = view.replay
    wait = replay.waits.found[number]
    robot, start, end = (int(wait[name]) for name in ("robot", "start", "end"))
    return Row(
        head=f"Robot {robot}",
        beside=f"{(end - start) * replay.step_s:,.0f} s",
        below=f"from {clock(start * replay.step_s)} at "
        + replay.scenario.layout.place(int(wait["cell"])),
        chosen=view.robot == robot and start <= view.t < end,
    )


def _conflict(view: View, number: int) -> Row:
    replay = view.replay
    conflict = replay.conflicts.found[number]
    robots = robots_of(conflict)
    words = [f"robot{'s' * (len(robots) > 1)} {' and '.join(map(str, robots))}"]
    if conflict.cell is not None:
        words.append(replay.scenario.layout.place(conflict.cell))
    return Row(
        head=conflict.rule,
        beside=clock((conflict.step or 0) * replay.step_s),
        below=" at ".join(words),
        chosen=view.conflict == number,
    )


class ListPanel:
    """Draws the list of one replay.

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
        """Draw the part of the list that is in sight."""
        area, rows = view.arrangement.stations, rows_of(view)
        title, beside, colour = self._head(view)
        told = (title, beside, tuple(rows))

        def draw() -> None:
            self._ground(target, area, title, beside)
            for place, row in enumerate(rows):
                y = area[1] + LIST_HEAD + place * view.arrangement.row_height
                height = view.arrangement.row_height - 4
                self._row(target, row, (area[0] + 8, y, area[2] - 16, height), colour)

        self._kept.paint(target, "list", area, told, draw)

    def _head(self, view: View) -> tuple[str, str, Colour]:
        """Title, words beside it, and the colour of the list."""
        replay, waits = view.replay, view.listing is Listing.WAITS
        done = replay.waits.done if waits else replay.conflicts.done
        first, last = view.first_row + 1, view.first_row + view.arrangement.rows
        length = _length(view)
        beside = f"{first:,} to {min(last, length):,} of {length:,}"
        if not length:
            beside = "none"
        beside += "" if done else " so far"
        if waits:
            return "LONGEST WAITS", beside, self._palette.waiting
        return "CONFLICTS", beside, self._palette.bad

    def _ground(
        self,
        target: pygame.Surface,
        area: Area,
        title: str,
        beside: str,
    ) -> None:
        palette, type_ = self._palette, self._type
        paint_ground(target, area, palette)
        left, top, width, _ = area
        type_.put(target, title, (left + 14, top + 12), 17, palette.text_muted)
        place = (left + width - 14, top + 12)
        type_.put(target, beside, place, 16, palette.text_faint, align="right")

    def _row(
        self, target: pygame.Surface, row: Row, area: Area, colour: Colour
    ) -> None:
        palette, type_ = self._palette, self._type
        left, top, width, height = area
        paint_row(target, area, colour, palette, chosen=row.chosen)
        right = (left + width - 10, top + 6)
        ink = palette.text
        taken = type_.put(target, row.beside, right, 18, ink, align="right")
        room = width - taken - 30
        type_.put(target, row.head, (left + 12, top + 6), 18, ink, width=room)
        place = (left + 12, top + height - 14)
        room = width - 22
        type_.put(target, row.below, place, 16, palette.text_muted, width=room)
