"""Everything that is drawn of one replay in one theme, from the floor to the tips."""

import numpy as np
import pygame
from numpy.typing import NDArray

from viz.arrangement import inside
from viz.batteries import paint_levels
from viz.box import paint_box
from viz.buttons import (
    paint_buttons,
    pointed_at,
    switches,
    switches_area,
    time_buttons,
)
from viz.detail import paint_detail
from viz.floor import Floor
from viz.gantt import Gantt
from viz.heat_layer import Heat, HeatLayer, heat_title
from viz.kept import Kept
from viz.key_figures import key_figures
from viz.layers import (
    Robots,
    paint_found,
    paint_others,
    paint_station_labels,
    paint_trip,
)
from viz.listing import ListPanel
from viz.minimap import MiniMap
from viz.overlays import paint_help, paint_legend
from viz.palette import Palette
from viz.panels import figure_hint, paint_strip
from viz.pods import Pods, paint_pod_trip
from viz.prompt_box import paint_prompt
from viz.replay import Moment, Replay
from viz.sprites import Sprites
from viz.station_list import Stations
from viz.text import Type
from viz.timebar import TimeBar
from viz.tips import paint_tip, tip_words
from viz.truck_list import TruckList
from viz.view import Listing, View
from viz.wait_layer import paint_waits


class Scene:
    """Draws views of one replay in one theme; keeps what stays between frames.

    Parameters
    ----------
    replay : Replay
    palette : Palette
    type_ : Type
    """

    def __init__(self, replay: Replay, palette: Palette, type_: Type) -> None:
        self._replay = replay
        self._palette = palette
        self._type = type_
        self._floor = Floor(replay.scenario.layout, palette)
        self._heat = HeatLayer(replay, palette)
        self._minimap = MiniMap(self._floor, palette)
        self._robots = Robots(palette)
        self._pods = Pods(replay, palette)
        self._legend_sprites = Sprites(palette)
        self._stations = Stations(replay, palette, self._type)
        self._gantt = Gantt(palette, self._type)
        self._trucks = TruckList(palette, self._type)
        self._list = ListPanel(palette, self._type)
        self._timebar = TimeBar(replay, palette, self._type)
        self._kept = Kept()

    def paint(self, target: pygame.Surface, view: View) -> None:
        """Draw a view on a surface of the view's size."""
        palette, type_ = self._palette, self._type
        moment = view.moment
        queued = self._replay.work.queued(view.now_s)
        target.fill(palette.background)
        target.set_clip(view.arrangement.floor)
        self._floor.paint(target, view.camera)
        self._heat.paint(target, view)
        self._pods.paint_standing(target, view)
        if view.robot is not None and self._replay.carries_totes(view.robot):
            paint_trip(target, view, moment, palette, type_)
        else:
            paint_pod_trip(target, view, moment, palette)
        paint_others(target, view, moment, palette, type_)
        self._robots.paint(target, view, moment)
        self._pods.paint_carried(target, view, moment)
        paint_levels(target, view, moment, palette)
        paint_waits(target, view, moment, palette, type_)
        paint_found(target, view, palette)
        paint_station_labels(target, view, queued, palette, type_)
        paint_box(target, view, palette)
        self._minimap.paint(target, view, moment)
        target.set_clip(None)
        self._paint_panels(target, view, moment, queued)
        self.paint_over(target, view)

    def paint_over(self, target: pygame.Surface, view: View) -> None:
        """Draw what lies over all else: help, a line typed in, words at the pointer."""
        palette, type_ = self._palette, self._type
        if view.help:
            paint_help(target, view, palette, type_)
        if view.prompt is not None:
            paint_prompt(target, view, view.prompt, palette, type_)
        if view.pointer is not None and not view.help:
            words = tip_words(view, view.moment)
            if not words and inside(view.arrangement.strip, view.pointer):
                figures = key_figures(self._replay, view.moment, palette)
                words = figure_hint(view, figures, type_)
            paint_tip(target, words, view, palette, type_)

    def _paint_panels(
        self,
        target: pygame.Surface,
        view: View,
        moment: Moment,
        queued: NDArray[np.int64],
    ) -> None:
        palette, type_, places = self._palette, self._type, view.arrangement
        if view.legend:
            sprites, heat = self._legend_sprites, Heat.of(view)
            self._kept.paint(
                target,
                "legend",
                places.legend,
                (heat and (heat.kind, heat.top), heat_title(view), view.listing),
                lambda: paint_legend(target, view, heat, sprites, palette, type_),
            )
        self._gantt.paint(target, view)
        if not view.panels:
            return
        figures = key_figures(self._replay, moment, palette)
        self._kept.paint(
            target,
            "strip",
            places.strip,
            tuple(figures),
            lambda: paint_strip(target, view, figures, palette, type_),
        )
        buttons, pointed = switches(view), pointed_at(view)
        self._kept.paint(
            target,
            "switches",
            switches_area(view),
            (tuple(buttons), pointed),
            lambda: paint_buttons(target, buttons, pointed, palette),
        )
        if view.listing is Listing.STATIONS:
            self._stations.paint(target, view, queued)
        else:
            self._list.paint(target, view)
        self._trucks.paint(target, view)
        paint_detail(target, view, moment, palette, type_)
        self.paint_timebar(target, view)

    def paint_timebar(self, target: pygame.Surface, view: View) -> None:
        """Draw the time bar with its buttons."""

        def ground() -> None:
            self._timebar.paint(target, view)
            buttons = time_buttons(view)
            paint_buttons(target, buttons, pointed_at(view), self._palette)

        area = view.arrangement.timebar
        pace = (view.playing, view.speed, view.direction, pointed_at(view))
        self._kept.paint(target, "timebar", area, pace, ground)
        self._timebar.paint_slider(target, view)
