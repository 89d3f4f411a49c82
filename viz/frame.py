"""One drawing path: what the window shows is what pictures and films show."""

import numpy as np
import pygame
from numpy.typing import NDArray

from viz.batteries import paint_levels
from viz.buttons import paint_buttons
from viz.detail import paint_detail
from viz.floor import Floor
from viz.layers import Robots, paint_station_labels, paint_trip
from viz.overlays import paint_help, paint_legend, paint_tip
from viz.palette import DARK, Palette
from viz.panels import key_figures, paint_stations, paint_strip
from viz.pods import Pods, paint_pod_trip
from viz.replay import Replay
from viz.sprites import Sprites
from viz.text import Type
from viz.timebar import TimeBar
from viz.view import View
from warehouse.metrics import measure, visits


class Painter:
    """Draws views of one replay; keeps what does not change between frames.

    Parameters
    ----------
    replay : Replay
    palette : Palette
    """

    def __init__(self, replay: Replay, palette: Palette = DARK) -> None:
        seen = visits(replay.plan)
        self._replay = replay
        self._palette = palette
        self._type = Type()
        self._metrics = measure(replay.plan)
        self._most_visits = int(seen.max(initial=0))
        self._floor = Floor(replay.scenario.layout, seen, palette)
        self._robots = Robots(palette)
        self._pods = Pods(replay, palette)
        self._legend_sprites = Sprites(palette)
        self._timebar = TimeBar(replay, palette, self._type)

    def paint(self, target: pygame.Surface, view: View) -> None:
        """Draw a view on a surface of the view's size."""
        palette, type_ = self._palette, self._type
        moment = view.moment
        stations = self._replay.work.at(view.now_s)
        target.fill(palette.background)
        target.set_clip(view.arrangement.floor)
        self._floor.paint(target, view.camera, heat=view.heatmap)
        self._pods.paint_standing(target, view)
        robot = view.robot
        if robot is not None and self._replay.carries_totes(robot):
            paint_trip(target, view, moment, palette, type_)
        else:
            paint_pod_trip(target, view, moment, palette)
        self._robots.paint(target, view, moment)
        self._pods.paint_carried(target, view, moment)
        paint_levels(target, view, moment, palette)
        paint_station_labels(target, view, stations, palette, type_)
        target.set_clip(None)
        figures = key_figures(self._replay, self._metrics, moment, stations, palette)
        paint_strip(target, view, figures, palette, type_)
        paint_legend(
            target, view, self._most_visits, self._legend_sprites, palette, type_
        )
        paint_stations(target, view, stations, palette, type_)
        paint_detail(target, view, moment, palette, type_)
        self._timebar.paint(target, view)
        paint_buttons(target, view, palette)
        if view.help:
            paint_help(target, view, palette, type_)
        paint_tip(target, view, moment, palette, type_)

    def frame(self, view: View) -> NDArray[np.uint8]:
        """Draw a view off screen.

        Returns
        -------
        ndarray of uint8, shape (height, width, 3)
        """
        surface = pygame.Surface(view.size, 0, 32)
        self.paint(surface, view)
        # Faster by far than pygame's arrays, which run down the columns.
        pixels = np.frombuffer(pygame.image.tobytes(surface, "RGB"), np.uint8)
        return pixels.reshape(view.size[1], view.size[0], 3).copy()


def render_frame(
    replay: Replay, view: View, size: tuple[int, int] | None = None
) -> NDArray[np.uint8]:
    """Draw one view of a replay off screen; for many, keep a `Painter`.

    Parameters
    ----------
    replay : Replay
    view : View
    size : (width, height), optional
        Takes the place of the view's size.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
    """
    if size is not None:
        view.resize(size)
    return Painter(replay).frame(view)
