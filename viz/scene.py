"""Everything that is drawn of one replay in one theme, from the floor to the tips."""

import pygame

from viz.batteries import paint_levels
from viz.buttons import button_at, paint_buttons, switches, time_buttons
from viz.detail import paint_detail
from viz.floor import Floor
from viz.heat import VisitMap
from viz.kept import Kept
from viz.layers import Robots, paint_station_labels, paint_trip
from viz.overlays import paint_help, paint_legend, paint_tip
from viz.palette import Palette
from viz.panels import key_figures, paint_strip
from viz.pods import Pods, paint_pod_trip
from viz.replay import Moment, Replay
from viz.sprites import Sprites
from viz.station_list import Stations
from viz.station_work import StationMoment
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
        self._stations = Stations(replay, palette, self._type)
        self._timebar = TimeBar(replay, palette, self._type)
        self._kept = Kept()

    def paint(self, target: pygame.Surface, view: View) -> None:
        """Draw a view on a surface of the view's size."""
        palette, type_ = self._palette, self._type
        moment = view.moment
        stations = self._replay.work.at(view.now_s)
        target.fill(palette.background)
        target.set_clip(view.arrangement.floor)
        self._floor.paint(target, view.camera, heat=view.heatmap)
        self._pods.paint_standing(target, view)
        if view.robot is not None and self._replay.carries_totes(view.robot):
            paint_trip(target, view, moment, palette, type_)
        else:
            paint_pod_trip(target, view, moment, palette)
        self._robots.paint(target, view, moment)
        self._pods.paint_carried(target, view, moment)
        paint_levels(target, view, moment, palette)
        paint_station_labels(target, view, stations, palette, type_)
        target.set_clip(None)
        self._paint_panels(target, view, moment, stations)
        if view.help:
            paint_help(target, view, palette, type_)
        paint_tip(target, view, moment, palette, type_)

    def _paint_panels(
        self,
        target: pygame.Surface,
        view: View,
        moment: Moment,
        stations: StationMoment,
    ) -> None:
        palette, type_, places = self._palette, self._type, view.arrangement
        pointed = None if view.pointer is None else button_at(view, view.pointer)
        figures = key_figures(self._replay, moment, stations, palette)

        def strip() -> None:
            paint_strip(target, view, figures, palette, type_)
            paint_buttons(target, switches(view), pointed, palette)

        def legend() -> None:
            sprites = self._legend_sprites
            paint_legend(target, view, self._visits, sprites, palette, type_)

        def timebar() -> None:
            self._timebar.paint(target, view)
            paint_buttons(target, time_buttons(view), pointed, palette)

        told = (tuple(figures), tuple(switches(view)), pointed)
        self._kept.paint(target, "strip", places.strip, told, strip)
        if view.legend:
            self._kept.paint(target, "legend", places.legend, view.heatmap, legend)
        self._stations.paint(target, view, stations)
        paint_detail(target, view, moment, palette, type_)
        pace = (view.playing, view.speed, pointed)
        self._kept.paint(target, "timebar", places.timebar, pace, timebar)
        self._timebar.paint_slider(target, view)
