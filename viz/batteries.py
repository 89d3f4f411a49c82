"""How full batteries are, as small bars below the robots."""

from typing import Final

import numpy as np
import pygame

from viz.battery_levels import BatteryLevels
from viz.layers import to_pixels
from viz.palette import Colour, Palette
from viz.replay import Moment
from viz.view import View

_WIDE: Final = 0.84  # of a cell
_LEAST_SCALE: Final = 9  # pixels of a cell; in smaller ones only low levels are marked


def level_colour(batteries: BatteryLevels, level: float, palette: Palette) -> Colour:
    """Colour of a level: a low one warns."""
    return palette.bad if level < batteries.low else palette.good


def paint_levels(
    target: pygame.Surface, view: View, moment: Moment, palette: Palette
) -> None:
    """Draw a bar for each robot, as long as its battery is full."""
    batteries, camera = view.replay.batteries, view.camera
    if batteries is None:
        return
    levels = batteries.at(moment.t)
    wide = max(4, round(camera.scale * _WIDE))
    tall = max(2, round(camera.scale / 9))
    x, y = to_pixels(view, moment.xy).T
    left = np.round(x - wide / 2).astype(int)
    top = np.round(y + camera.scale * 0.48 - tall).astype(int)
    shown = (left > camera.left - wide) & (left < camera.left + camera.width)
    shown &= (top > camera.top - tall) & (top < camera.top + camera.height)
    if camera.scale < _LEAST_SCALE:
        shown &= levels < batteries.low
    for robot in np.flatnonzero(shown).tolist():
        level = float(levels[robot])
        bar = pygame.Rect(int(left[robot]), int(top[robot]), wide, tall)
        pygame.draw.rect(target, palette.robot_ink, bar.inflate(2, 2))
        bar.width = max(1, round(wide * min(max(level, 0.0), 1.0)))
        pygame.draw.rect(target, level_colour(batteries, level, palette), bar)
