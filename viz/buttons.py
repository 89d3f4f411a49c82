"""Buttons: each does what a key does, and says so when pointed at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pygame

from viz.arrangement import Area, inside
from viz.heat_part import WHOLE_PLAN
from viz.keys import KEYS, Binding
from viz.palette import Colour, Palette
from viz.view import Listing, View

Icon = Callable[[pygame.Surface, pygame.Rect, Colour], None]


@dataclass(frozen=True, slots=True)
class Button:
    """A place on screen that does what a key does."""

    area: Area
    binding: Binding
    icon: Icon
    on: bool = False
    alarm: bool = False

    @property
    def words(self) -> str:
        """What it does, with the key that does the same."""
        words = self.binding.words
        return f"{words[0].upper()}{words[1:]}  [{self.binding.label}]"


def time_buttons(view: View) -> list[Button]:
    """Buttons of the time bar, where they are now."""
    arrangement = view.arrangement
    side = 30 if arrangement.compact else 36
    left, top, width, height = arrangement.timebar
    y = top + (height - side) // 2
    play = _pause if view.playing else _play
    time: list[tuple[str, Icon]] = [
        ("Home", _to_start),
        ("Left", _step_back),
        ("R", _reverse),
        ("Space", play),
        ("Right", _step_on),
        ("End", _to_end),
    ]
    pitch = side + 4
    made = [
        Button((left + 12 + i * pitch, y, side, side), _KEY[label], icon)
        for i, (label, icon) in enumerate(time)
    ]
    small = 26
    y = top + (height - small) // 2
    right = left + width - 12
    room = 100 if arrangement.compact else 132
    made.append(Button((right - room, y, small, small), _KEY["Down"], _minus))
    made.append(Button((right - small, y, small, small), _KEY["Up"], _plus))
    return made


SWITCHES: Final = 11
"""How many there are at the right end of the strip."""
_GAP: Final = 2  # pixels between two of them


def switches_width(*, compact: bool) -> int:
    """Pixels that the buttons at the right end of the strip take, with their margin."""
    return SWITCHES * (_switch_side(compact) + _GAP) + 20


def switches_area(view: View) -> Area:
    """Part of the strip that the buttons take."""
    left, top, width, height = view.arrangement.strip
    wide = switches_width(compact=view.arrangement.compact)
    return left + width - wide, top, wide, height


def _switch_side(compact: bool) -> int:
    return 24 if compact else 28


def switches(view: View) -> list[Button]:
    """Buttons at the right end of the strip above."""
    left, top, width, height = view.arrangement.strip
    side = _switch_side(view.arrangement.compact)
    faulty = bool(view.replay.conflicts.found)
    tools: list[tuple[str, Icon, bool]] = [
        ("/", _lens, view.prompt is not None),
        ("0", _fit, view.fitted),
        ("M", _heat, view.heatmap is not None),
        ("Shift M", _hourglass, view.heat_part != WHOLE_PLAN),
        ("U", _arrow, view.listing is Listing.WAITS),
        ("X", _warning, view.listing is Listing.CONFLICTS),
        ("F", _target, view.following),
        ("J", _bars, view.gantt.shown),
        ("L", _list, view.legend),
        ("T", _half, False),
        ("H", _question, view.help),
    ]
    y = top + (height - side) // 2
    start = left + width - 12 - SWITCHES * (side + _GAP) + _GAP
    return [
        Button(
            (start + i * (side + _GAP), y, side, side),
            _KEY[label],
            icon,
            on=on,
            alarm=faulty and label == "X",
        )
        for i, (label, icon, on) in enumerate(tools)
    ]


def buttons(view: View) -> list[Button]:
    """All buttons on screen, where they are now."""
    if not view.panels:
        return []
    return time_buttons(view) + switches(view)


def button_at(view: View, point: tuple[float, float]) -> Button | None:
    """Return the button at a pixel."""
    return next((b for b in buttons(view) if inside(b.area, point)), None)


def pointed_at(view: View) -> Button | None:
    """Return the button under the pointer."""
    return None if view.pointer is None else button_at(view, view.pointer)


def paint_buttons(
    target: pygame.Surface,
    drawn: list[Button],
    pointed: Button | None,
    palette: Palette,
) -> None:
    """Draw buttons, the one that is pointed at lit."""
    for button in drawn:
        rect = pygame.Rect(button.area)
        ground = palette.panel_edge if button == pointed else palette.panel_raised
        pygame.draw.rect(target, ground, rect, border_radius=7)
        if button.on:
            pygame.draw.rect(target, palette.accent, rect, 1, border_radius=7)
        colour = palette.accent if button.on else palette.text
        colour = palette.bad if button.alarm else colour
        inner = pygame.Rect(0, 0, 14, 14)
        inner.center = rect.center
        button.icon(target, inner, colour)


_KEY: Final = {binding.label: binding for binding in KEYS}


def _triangle(target: pygame.Surface, r: pygame.Rect, c: Colour, way: int) -> None:
    back, tip = (r.left, r.right) if way > 0 else (r.right - 1, r.left)
    points = [(back, r.top), (tip, r.centery), (back, r.bottom)]
    pygame.draw.polygon(target, c, points)


def _play(target: pygame.Surface, r: pygame.Rect, c: Colour) -> None:
    _triangle(target, r.move(1, 0), c, 1)


def _reverse(target: pygame.Surface, r: pygame.Rect, c: Colour) -> None:
    _triangle(target, r.move(-1, 0), c, -1)


def _pause(target: pygame.Surface, r: pygame.Rect, c: Colour) -> None:
    pygame.draw.rect(target, c, (r.left + 1, r.top, 4, r.height))
    pygame.draw.rect(target, c, (r.right - 5, r.top, 4, r.height))


def _step_on(target: pygame.Surface, r: pygame.Rect, c: Colour) -> None:
    pygame.draw.rect(target, c, (r.left, r.top + 1, 3, r.height - 2))
    _triangle(target, pygame.Rect(r.left + 5, r.top + 1, 9, r.height - 3), c, 1)


def _step_back(target: pygame.Surface, r: pygame.Rect, c: Colour) -> None:
    pygame.draw.rect(target, c, (r.right - 3, r.top + 1, 3, r.height - 2))
    _triangle(target, pygame.Rect(r.left, r.top + 1, 9, r.height - 3), c, -1)


def _to_start(target: pygame.Surface, r: pygame.Rect, c: Colour) -> None:
    pygame.draw.rect(target, c, (r.left, r.top + 1, 2, r.height - 2))
    for left in (r.left + 3, r.left + 8):
        _triangle(target, pygame.Rect(left, r.top + 2, 6, r.height - 5), c, -1)


def _to_end(target: pygame.Surface, r: pygame.Rect, c: Colour) -> None:
    pygame.draw.rect(target, c, (r.right - 2, r.top + 1, 2, r.height - 2))
    for left in (r.left, r.left + 5):
        _triangle(target, pygame.Rect(left, r.top + 2, 6, r.height - 5), c, 1)


def _minus(target: pygame.Surface, r: pygame.Rect, c: Colour) -> None:
    pygame.draw.rect(target, c, (r.left + 2, r.centery - 1, 10, 2))


def _plus(target: pygame.Surface, r: pygame.Rect, c: Colour) -> None:
    _minus(target, r, c)
    pygame.draw.rect(target, c, (r.centerx - 1, r.top + 2, 2, 10))


def _fit(target: pygame.Surface, r: pygame.Rect, c: Colour) -> None:
    for x, dx in ((r.left, 1), (r.right - 1, -1)):
        for y, dy in ((r.top, 1), (r.bottom - 1, -1)):
            pygame.draw.line(target, c, (x, y), (x + 4 * dx, y), 2)
            pygame.draw.line(target, c, (x, y), (x, y + 4 * dy), 2)


def _lens(target: pygame.Surface, r: pygame.Rect, c: Colour) -> None:
    pygame.draw.circle(target, c, (r.left + 6, r.top + 6), 6, 2)
    pygame.draw.line(target, c, (r.left + 10, r.top + 10), (r.right, r.bottom), 3)


def _half(target: pygame.Surface, r: pygame.Rect, c: Colour) -> None:
    pygame.draw.circle(target, c, r.center, 7, 2)
    pygame.draw.circle(
        target, c, r.center, 7, draw_top_left=True, draw_bottom_left=True
    )


def _heat(target: pygame.Surface, r: pygame.Rect, c: Colour) -> None:
    for i, height in enumerate((6, 14, 10)):
        pygame.draw.rect(target, c, (r.left + 5 * i, r.bottom - height, 4, height))


def _bars(target: pygame.Surface, r: pygame.Rect, c: Colour) -> None:
    for y, (start, length) in zip((1, 6, 11), ((0, 8), (4, 10), (2, 6)), strict=True):
        pygame.draw.rect(target, c, (r.left + start, r.top + y, length, 3))


def _target(target: pygame.Surface, r: pygame.Rect, c: Colour) -> None:
    pygame.draw.circle(target, c, r.center, 6, 2)
    pygame.draw.circle(target, c, r.center, 2)


def _list(target: pygame.Surface, r: pygame.Rect, c: Colour) -> None:
    for y in (r.top + 1, r.top + 6, r.top + 11):
        pygame.draw.rect(target, c, (r.left, y, 2, 2))
        pygame.draw.rect(target, c, (r.left + 4, y, 10, 2))


def _question(target: pygame.Surface, r: pygame.Rect, c: Colour) -> None:
    drawn = pygame.font.Font(None, 24).render("?", True, c)
    target.blit(drawn, drawn.get_rect(center=r.center))


def _hourglass(target: pygame.Surface, r: pygame.Rect, c: Colour) -> None:
    for y, back in ((r.top, r.top), (r.bottom, r.bottom - 1)):
        corners = [(r.left + 2, back), (r.right - 3, back), r.center]
        pygame.draw.polygon(target, c, corners)
        pygame.draw.line(target, c, (r.left + 1, y), (r.right - 2, y), 2)


def _arrow(target: pygame.Surface, r: pygame.Rect, c: Colour) -> None:
    pygame.draw.circle(target, c, (r.left + 2, r.centery), 3)
    pygame.draw.line(target, c, (r.left + 2, r.centery), (r.right - 5, r.centery), 2)
    corners = [
        (r.right - 6, r.top + 3),
        (r.right, r.centery),
        (r.right - 6, r.bottom - 3),
    ]
    pygame.draw.polygon(target, c, corners)


def _warning(target: pygame.Surface, r: pygame.Rect, c: Colour) -> None:
    corners = [(r.centerx, r.top), (r.left, r.bottom - 1), (r.right - 1, r.bottom - 1)]
    pygame.draw.polygon(target, c, corners, 2)
    pygame.draw.line(target, c, (r.centerx, r.top + 5), (r.centerx, r.bottom - 6), 2)
    pygame.draw.rect(target, c, (r.centerx, r.bottom - 4, 2, 2))
