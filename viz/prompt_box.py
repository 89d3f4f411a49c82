"""The line that is typed in, with what was found, over the floor."""

import pygame

from viz.palette import Palette
from viz.search import Prompt
from viz.text import Type
from viz.view import View

_WIDE = 420
_PITCH = 24


def paint_prompt(
    target: pygame.Surface, view: View, prompt: Prompt, palette: Palette, type_: Type
) -> None:
    """Draw the line, a cursor at its end, and what fits below."""
    left, top, width, _ = view.arrangement.floor
    box = pygame.Rect(0, 0, min(_WIDE, width - 20), 74 + _PITCH * len(prompt.found))
    box.midtop = (left + width // 2, top + 24)
    pygame.draw.rect(target, palette.panel, box, border_radius=10)
    pygame.draw.rect(target, palette.accent, box, 1, border_radius=10)
    room = box.width - 32
    place = (box.left + 16, box.top + 12)
    type_.put(target, prompt.asks, place, 17, palette.text_muted, width=room)
    y = box.top + 38
    taken = type_.put(
        target, prompt.text, (box.left + 16, y), 26, palette.text, width=room
    )
    pygame.draw.rect(target, palette.accent, (box.left + 18 + taken, y - 2, 2, 21))
    for row, found in enumerate(prompt.found):
        y = box.top + 68 + row * _PITCH
        chosen = row == prompt.chosen
        if chosen:
            band = (box.left + 8, y - 4, box.width - 16, _PITCH)
            pygame.draw.rect(target, palette.panel_edge, band, border_radius=5)
        ink = palette.text if chosen else palette.text_muted
        type_.put(target, found.name, (box.left + 16, y), 20, ink, width=room - 90)
        place = (box.right - 16, y)
        faint = palette.text_faint
        type_.put(target, found.kind, place, 17, faint, align="right")
