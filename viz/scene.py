"""Everything that is drawn of one replay in one theme, from the floor to the tips."""

import pygame

from viz.batteries import paint_levels
from viz.buttons import paint_buttons
from viz.detail import paint_detail
from viz.floor import Floor
from viz.heat import VisitMap
from viz.layers import Robots, paint_station_labels, paint_trip
from viz.overlays import paint_help, paint_legend, paint_tip
from viz.palette import Palette
from viz.panels import key_figures, paint_stations, paint_strip
from viz.pods import Pods, paint_pod_trip
from viz.replay import Replay
from viz.sprites import Sprites
from viz.text import Type
from viz.timebar import TimeBar
from viz.view import View


class Scene:
    """Draws views of one replay in one theme; keeps what stays between frames.

    Parameters
    ----------
    replay : Replay
    palette : Palette
    type_ : Type
    visits : VisitMap
    """

    def __init__(
        self, replay: Replay, palette: Palette, type_: Type, visits: VisitMap
    ) -> None:
        self._replay = replay
        self._palette = palette
        self._type = type_
        self._visits = visits
        self._floor = Floor(replay.scenario.layout, visits, palette)
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
        if self._replay.scenario.pods is None:
            paint_trip(target, view, moment, palette, type_)
        else:
            paint_pod_trip(target, view, moment, palette)
        self._robots.paint(target, view, moment)
        self._pods.paint_carried(target, view, moment)
        paint_levels(target, view, moment, palette)
        paint_station_labels(target, view, stations, palette, type_)
        target.set_clip(None)
        figures = key_figures(self._replay, moment, stations, palette)
        paint_strip(target, view, figures, palette, type_)
        paint_legend(target, view, self._visits, self._legend_sprites, palette, type_)
        paint_stations(target, view, stations, palette, type_)
        paint_detail(target, view, moment, palette, type_)
        self._timebar.paint(target, view)
        paint_buttons(target, view, palette)
        if view.help:
            paint_help(target, view, palette, type_)
        paint_tip(target, view, moment, palette, type_)
