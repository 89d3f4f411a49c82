"""The strip of key figures above the floor."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pygame

from viz.arrangement import Area
from viz.buttons import switches_width
from viz.clock import clock, count, share
from viz.palette import Colour, Palette
from viz.replay import Moment, Replay, RobotState
from viz.text import Type
from viz.view import View
from warehouse.metrics import gap_to_bound

BINDING_WORDS: Final = {
    "stations": "STATION BOUND",
    "robots": "ROBOT BOUND",
    "longest_order": "ORDER BOUND",
    "both": "JOINT BOUND",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One key figure: a heading, a value, a remark."""

    heading: str
    value: str
    remark: str
    colour: Colour


def key_figures(replay: Replay, moment: Moment, palette: Palette) -> list[Figure]:
    """Figures of this moment first, then those of the whole plan."""
    if not len(replay.scenario.orders):
        return _motion_figures(replay, moment, palette)
    now_s, with_pods = moment.t * replay.step_s, replay.scenario.pods is not None
    units = int(replay.packing.units.sum() + replay.picking.quantity.sum())
    at_rest = (RobotState.IDLE, RobotState.CHARGING)
    busy = int(np.count_nonzero(~np.isin(moment.state, at_rest)))
    makespan_s, bound = replay.plan.makespan_s, replay.plan.bound
    binding = BINDING_WORDS.get(bound.binding, "BOUND")
    gap = gap_to_bound(makespan_s, bound.value_s)
    text = palette.text
    return [
        Figure(
            "UNITS PICKED" if with_pods else "UNITS PACKED",
            f"{replay.units_by(now_s):,}",
            f"of {units:,}",
            text,
        ),
        Figure(
            "ORDERS DONE" if with_pods else "ORDERS PACKED",
            f"{replay.done.by(now_s):,}",
            f"of {len(replay.done.finished_s):,}",
            text,
        ),
        Figure("ROBOTS BUSY", f"{busy:,}", f"of {replay.robots:,}", text),
        Figure("MAKESPAN", clock(makespan_s), "", text),
        Figure(binding, clock(bound.value_s), "", text),
        Figure("GAP", share(gap), "above the bound", palette.accent),
    ]


def _motion_figures(replay: Replay, moment: Moment, palette: Palette) -> list[Figure]:
    """Figures of motion without orders: its tasks are the trips."""
    ends = replay.plan.stops["end"][replay.trips.last]
    done = int(np.count_nonzero(ends <= moment.t))
    still = (RobotState.IDLE, RobotState.WAITING)
    moving = int(np.count_nonzero(~np.isin(moment.state, still)))
    conflicts = replay.conflicts
    found, text = len(conflicts.found), palette.text
    searched = "in all" if conflicts.done else f"up to step {conflicts.searched:,}"
    colour = palette.bad if found else text
    return [
        Figure("TASKS DONE", f"{done:,}", f"of {len(ends):,}", text),
        Figure("ROBOTS MOVING", f"{moving:,}", f"of {replay.robots:,}", text),
        Figure("STEPS", f"{replay.plan.steps:,}", "", text),
        Figure("CONFLICTS", f"{found:,}", searched, colour),
    ]


def paint_strip(
    target: pygame.Surface,
    view: View,
    figures: list[Figure],
    palette: Palette,
    type_: Type,
) -> None:
    """Draw the name of the scenario and the key figures."""
    arrangement = view.arrangement
    left, top, width, height = arrangement.strip
    pygame.draw.rect(target, palette.panel, arrangement.strip)
    edge = top + height - 1
    pygame.draw.line(target, palette.panel_edge, (left, edge), (left + width, edge))
    tools = switches_width(compact=arrangement.compact)
    if arrangement.compact:
        figures = [
            f
            for f in figures
            if f.heading not in ("ROBOTS BUSY", "ORDERS PACKED", "ORDERS DONE")
        ]
    name_width = 134 if arrangement.compact else 210
    pitch = (width - tools - name_width) // len(figures)
    if pitch < 84:  # a very narrow window: the figures matter more than the name
        name_width = 0
        figures = figures[: max(1, (width - tools) // 96)]
        pitch = (width - tools) // len(figures)
    if name_width:
        _paint_name(target, view, (left, top, name_width, height), palette, type_)
    for i, figure in enumerate(figures):
        x = left + name_width + i * pitch + 12
        if i or name_width:
            rule = pygame.Rect(x - 12, top + 12, 1, height - 25)
            pygame.draw.rect(target, palette.panel_edge, rule)
        y = top + (8 if arrangement.compact else 12)
        room = pitch - 18
        type_.put(target, figure.heading, (x, y), 16, palette.text_faint, width=room)
        y += 14 if arrangement.compact else 16
        taken = type_.put(target, figure.value, (x, y), 30, figure.colour, width=room)
        if taken + 7 + type_.width(figure.remark, 17) <= room:
            place = (x + taken + 7, y + 7)
            type_.put(target, figure.remark, place, 17, palette.text_muted)


def _paint_name(
    target: pygame.Surface, view: View, area: Area, palette: Palette, type_: Type
) -> None:
    left, top, width, height = area
    scenario = view.replay.scenario
    room = width - 24
    name = scenario.name or scenario.layout.name
    middle = top + height / 2
    place = (left + 14, middle - 18)
    type_.put(target, name, place, 28, palette.text, width=room)
    words = count(view.replay.robots, "robot")
    both = f"{words}, {count(len(scenario.stations), 'station')}"
    if type_.width(both, 17) <= room:
        words = both
    place = (left + 14, middle + 5)
    type_.put(target, words, place, 17, palette.text_muted, width=room)
