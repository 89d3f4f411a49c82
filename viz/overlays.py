"""Legend, and help made from the table of keys."""

from itertools import groupby

import pygame

from viz.heat_layer import Heat, heat_scale, heat_title
from viz.keys import KEYS
from viz.palette import Palette
from viz.pods import pod_mark
from viz.replay import STATE_WORDS
from viz.sprites import Sprites
from viz.text import Type
from viz.view import Listing, View
from viz.wait_layer import wait_marks
from warehouse.layout import CellKind

_MOUSE = (
    ("Wheel", "zoom at the pointer"),
    ("Drag", "move the floor"),
    ("Click", "select a robot, pod, station"),
    ("Shift click", "show a further robot's way"),
    ("Shift drag", "select the robots in a box"),
    ("Small floor", "look where it is clicked"),
    ("Slider", "go to a moment"),
    ("Gantt", "click a bar, drag, wheel zooms"),
)


def paint_legend(
    target: pygame.Surface,
    view: View,
    heat: Heat | None,
    sprites: Sprites,
    palette: Palette,
    type_: Type,
) -> None:
    """Draw the row that tells what shapes and colours mean."""
    left, top, width, height = view.arrangement.legend
    if not height:
        return
    pygame.draw.rect(target, palette.background, (left, top, width, height))
    pictures = sprites.of_size(17, turning=False)
    marks = [(pictures[state], STATE_WORDS[state]) for state in view.replay.states]
    if heat is not None:
        marks.insert(
            0, (heat_scale(heat, palette, type_, palette.background), heat_title(view))
        )
    if view.listing is Listing.WAITS:
        marks += wait_marks(palette)
    elif heat is None:
        marks += _floor_marks(view, palette)
    size = 17
    wanted = sum(m.get_width() + 6 + type_.width(w, size) for m, w in marks)
    gap = min(22, (width - 28 - wanted) // max(1, len(marks) - 1))
    x = left + 14
    for mark, words in marks:
        end = x + mark.get_width() + 6 + type_.width(words, size)
        if end > left + width - 4:
            break
        target.blit(mark, (x, top + (height - mark.get_height()) // 2))
        x += mark.get_width() + 6
        place = (x, top + height // 2 - 5)
        x += type_.put(target, words, place, size, palette.text_muted) + max(gap, 8)


def _floor_marks(view: View, palette: Palette) -> list[tuple[pygame.Surface, str]]:
    """Squares that stand for the kinds of cell that the layout has."""
    kinds = view.replay.scenario.layout.kinds
    marks = []
    for kind, words, ground, edge in (
        (CellKind.DOCK, "station", palette.station_pad, palette.station),
        (CellKind.RACK, "rack", palette.rack, palette.rack_face),
        (CellKind.CHARGER, "charger", palette.charger, palette.charger),
        (CellKind.HOME, "home", palette.home, palette.home),
        (CellKind.POD_SPOT, "pod spot", palette.pod_spot, palette.pod_spot),
        (CellKind.DOOR, "dock door", palette.door, palette.door),
    ):
        if (kinds == kind).any():
            mark = pygame.Surface((14, 14), 0, 32)
            mark.fill(ground)
            pygame.draw.rect(mark, edge, (0, 0, 14, 14), 1)
            marks.append((mark, words))
    if view.replay.scenario.pods is not None:
        marks.append((pod_mark(14, palette), "pod"))
    return marks


def paint_help(
    target: pygame.Surface, view: View, palette: Palette, type_: Type
) -> None:
    """Draw all keys over a dimmed screen."""
    width, height = view.size
    veil = pygame.Surface((width, height), 0, 32)
    veil.fill(palette.background)
    veil.set_alpha(190)
    target.blit(veil, (0, 0))
    columns = _columns(3 if width >= 1100 else 2)
    longest = max(sum(len(rows) + 2 for _, rows in column) for column in columns)
    pitch = min(22, (height - 110) // longest)
    size = 20 if pitch >= 20 else 16
    box = pygame.Rect(0, 0, min(350 * len(columns), width - 20), longest * pitch + 84)
    box.center = (width // 2, height // 2)
    pygame.draw.rect(target, palette.panel, box, border_radius=12)
    pygame.draw.rect(target, palette.panel_edge, box, 1, border_radius=12)
    place = (box.left + 28, box.top + 22)
    type_.put(target, "Keys and mouse", place, 30, palette.text)
    place = (box.right - 28, box.top + 28)
    type_.put(target, "H or Esc closes", place, 18, palette.text_muted, align="right")
    room = (box.width - 56) // len(columns)
    for number, column in enumerate(columns):
        x, y = box.left + 28 + number * room, box.top + 62
        for name, rows in column:
            type_.put(target, name.upper(), (x, y), 17, palette.text_faint)
            y += pitch
            for label, words in rows:
                type_.put(target, label, (x, y), size, palette.accent)
                place = (x + 92, y)
                type_.put(target, words, place, size, palette.text, width=room - 100)
                y += pitch
            y += pitch


def _columns(number: int) -> list[list[tuple[str, list[tuple[str, str]]]]]:
    """Keys and mouse by group, the groups in columns of about one length."""
    groups = [
        (name, [(b.label, b.words) for b in bindings])
        for name, bindings in groupby(KEYS, key=lambda binding: binding.group)
    ]
    groups.append(("Mouse", list(_MOUSE)))
    lines = sum(len(rows) + 2 for _, rows in groups)
    columns: list[list[tuple[str, list[tuple[str, str]]]]] = [[]]
    used = 0
    for name, rows in groups:
        if columns[-1] and used + len(rows) / 2 > len(columns) * lines / number:
            columns.append([])
        columns[-1].append((name, rows))
        used += len(rows) + 2
    return columns
