"""The whole floor, small, in a corner, while the large one shows a part of it."""

from typing import Final

import numpy as np
import pygame

from viz.arrangement import Area
from viz.floor import Floor
from viz.kept import Kept
from viz.palette import Palette
from viz.replay import Moment
from viz.view import View

_MOST: Final = (180, 130)  # pixels
_GAP: Final = 10
_NONE: Final = (0, 0, 0, 0)


def minimap_area(view: View) -> Area:
    """Where the small floor is; of no size where it is not shown.

    It is shown while the large one does not show all of the floor.
    """
    layout, camera = view.replay.scenario.layout, view.camera
    left, top, width, height = view.arrangement.floor
    first, last = camera.to_screen(0, 0), camera.to_screen(layout.width, layout.height)
    whole = first[0] >= left and first[1] >= top
    whole = whole and last[0] <= left + width and last[1] <= top + height
    if whole or not view.minimap or width < 2 * _MOST[0] or height < 2 * _MOST[1]:
        return _NONE
    scale = min(_MOST[0] / layout.width, _MOST[1] / layout.height)
    wide, tall = round(layout.width * scale), round(layout.height * scale)
    wide, tall = max(wide, 1), max(tall, 1)
    return (left + width - wide - _GAP, top + _GAP, wide, tall)


def look_where(view: View, point: tuple[float, float]) -> None:
    """Look at the place that a pixel of the small floor stands for."""
    left, top, width, height = minimap_area(view)
    layout = view.replay.scenario.layout
    x = (point[0] - left) / width * layout.width
    y = (point[1] - top) / height * layout.height
    view.camera = view.camera.following(x, y, layout.width, layout.height)
    view.following = view.fitted = False


class MiniMap:
    """Draws the small floor with its robots and what the large one shows.

    Parameters
    ----------
    floor : Floor
    palette : Palette
    """

    def __init__(self, floor: Floor, palette: Palette) -> None:
        self._floor = floor
        self._palette = palette
        self._kept = Kept()

    def paint(self, target: pygame.Surface, view: View, moment: Moment) -> None:
        """Draw it, where it is shown."""
        area = minimap_area(view)
        if not area[2]:
            return
        left, top, width, height = area
        frame = (left - 1, top - 1, width + 2, height + 2)
        self._kept.paint(
            target, "floor", frame, None, lambda: self._paint_floor(target, area)
        )
        self._paint_robots(target, view, moment, area)
        layout = view.replay.scenario.layout
        scale_x, scale_y = width / layout.width, height / layout.height
        x, y, wide, tall = view.arrangement.floor
        first, last = (
            view.camera.to_floor(x, y),
            view.camera.to_floor(x + wide, y + tall),
        )
        shown = pygame.Rect(
            round(left + first[0] * scale_x),
            round(top + first[1] * scale_y),
            round((last[0] - first[0]) * scale_x),
            round((last[1] - first[1]) * scale_y),
        )
        shown = shown.clip(frame)
        pygame.draw.rect(target, self._palette.selected, shown, 2)

    def _paint_floor(self, target: pygame.Surface, area: Area) -> None:
        left, top, width, height = area
        frame = (left - 1, top - 1, width + 2, height + 2)
        pygame.draw.rect(target, self._palette.text_faint, frame, 1)
        target.blit(self._floor.thumbnail((width, height)), (left, top))

    def _paint_robots(
        self, target: pygame.Surface, view: View, moment: Moment, area: Area
    ) -> None:
        """Draw a dot for each robot, in the colour of its state."""
        layout = view.replay.scenario.layout
        left, top, width, height = area
        scale = np.array((width / layout.width, height / layout.height))
        # A dot is two pixels wide and high, and stays inside.
        most = np.array((max(width - 2, 0), max(height - 2, 0)))
        x, y = np.clip((moment.xy * scale).astype(np.int64), 0, most).T
        colours = np.array(
            [target.map_rgb(colour) for colour in self._palette.states], np.uint32
        )[moment.state]
        pixels = pygame.surfarray.pixels2d(target)
        for dx in range(min(2, width)):
            for dy in range(min(2, height)):
                pixels[left + x + dx, top + y + dy] = colours
