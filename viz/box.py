"""A box drawn on the floor with Shift held: the robots in it are selected."""

from typing import Final

import numpy as np
import pygame

from viz.clock import count
from viz.palette import Palette
from viz.view import View

_MOST: Final = 40
"""Robots whose ways are shown at once."""


def select_in_box(view: View) -> None:
    """Select the robots in the box, and let the box go."""
    if view.box is None:
        return
    box, view.box = _area(view.box), None
    x, y = view.moment.xy.T
    first = view.camera.to_floor(*box.topleft)
    last = view.camera.to_floor(*box.bottomright)
    inside = (first[0] <= x) & (x <= last[0]) & (first[1] <= y) & (y <= last[1])
    robots = np.flatnonzero(inside).tolist()
    if robots:
        view.select_robot(robots[0])
        view.others = tuple(robots[1:_MOST])
    shown = f"the first {_MOST} of " if len(robots) > _MOST else ""
    view.caption = f"{shown}{count(len(robots), 'robot')} selected"


def paint_box(target: pygame.Surface, view: View, palette: Palette) -> None:
    """Draw the box while it is drawn."""
    if view.box is not None:
        pygame.draw.rect(target, palette.robot_ink, _area(view.box).inflate(2, 2), 3)
        pygame.draw.rect(target, palette.selected, _area(view.box), 1)


def _area(box: tuple[int, int, int, int]) -> pygame.Rect:
    """Area between two corners, whichever of them is the upper left."""
    area = pygame.Rect(box[0], box[1], box[2] - box[0], box[3] - box[1])
    area.normalize()
    return area
