"""The ground of lists at the right, and of their rows."""

import pygame

from viz.arrangement import Area
from viz.palette import Colour, Palette


def paint_ground(target: pygame.Surface, area: Area, palette: Palette) -> None:
    """Draw the ground of a list, with a line at its left."""
    left, top, _, height = area
    pygame.draw.rect(target, palette.panel, area)
    pygame.draw.line(target, palette.panel_edge, (left, top), (left, top + height))


def paint_row(
    target: pygame.Surface, area: Area, badge: Colour, palette: Palette, *, chosen: bool
) -> None:
    """Draw the ground of a row, with a badge in the colour of what it is about."""
    # A part that is kept holds its corners too: they must not show what was there.
    pygame.draw.rect(target, palette.panel, area)
    ground = palette.panel_edge if chosen else palette.panel_raised
    pygame.draw.rect(target, ground, area, border_radius=6)
    left, top, _, height = area
    pygame.draw.rect(target, badge, (left, top, 4, height), border_radius=2)
