"""The strip of key figures above and the list of stations at the right."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pygame

from viz.arrangement import LIST_HEAD, Area
from viz.clock import clock, count, share
from viz.palette import Colour, Palette
from viz.pod_panels import paint_picking, paint_slots
from viz.replay import Moment, Replay, RobotState
from viz.station_work import StationMoment
from viz.text import Type
from viz.view import View
from warehouse.metrics import Metrics

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


def key_figures(
    replay: Replay,
    metrics: Metrics,
    moment: Moment,
    stations: StationMoment,
    palette: Palette,
) -> list[Figure]:
    """Figures of this moment first, then those of the whole plan."""
    now_s, with_pods = moment.t * replay.step_s, replay.scenario.pods is not None
    # On sites with racks and pods, what is packed and what is picked from pods.
    done = replay.packing.at(now_s).units_packed
    done += int(replay.picking.units_at(now_s).sum())
    units = int(replay.packing.units.sum() + replay.picking.quantity.sum())
    at_rest = (RobotState.IDLE, RobotState.CHARGING)
    busy = int(np.count_nonzero(~np.isin(moment.state, at_rest)))
    bound = BINDING_WORDS.get(metrics.binding, "BOUND")
    text = palette.text
    return [
        Figure(
            "UNITS PICKED" if with_pods else "UNITS PACKED",
            f"{done:,}",
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
        Figure("MAKESPAN", clock(metrics.makespan_s), "", text),
        Figure(bound, clock(metrics.bound_s), "", text),
        Figure("GAP", share(metrics.gap), "above the bound", palette.accent),
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
    tools = 5 * (32 if arrangement.compact else 36) + 20
    if arrangement.compact:
        figures = [
            f
            for f in figures
            if f.heading not in ("ROBOTS BUSY", "ORDERS PACKED", "ORDERS DONE")
        ]
    name_width = 134 if arrangement.compact else 230
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


def paint_stations(
    target: pygame.Surface,
    view: View,
    stations: StationMoment,
    palette: Palette,
    type_: Type,
) -> None:
    """Draw the stations with their queues and the orders being packed."""
    left, top, width, height = view.arrangement.stations
    pygame.draw.rect(target, palette.panel, view.arrangement.stations)
    pygame.draw.line(target, palette.panel_edge, (left, top), (left, top + height))
    total = len(view.replay.scenario.stations)
    pitch, page = view.arrangement.row_height, view.arrangement.rows
    first = view.first_station
    last = min(total, first + page)
    type_.put(target, "STATIONS", (left + 14, top + 12), 17, palette.text_muted)
    words = "orders waiting"
    if view.replay.scenario.pods is not None:
        words = "slots in use"
    if page < total:
        words = f"{first + 1} to {last} of {total}"
    place = (left + width - 14, top + 12)
    type_.put(target, words, place, 16, palette.text_faint, align="right")
    for row, index in enumerate(range(first, last)):
        y = top + LIST_HEAD + row * pitch
        area = (left + 8, y, width - 16, pitch - 4)
        _paint_station(target, view, index, area, stations, palette, type_)
    empty = top + LIST_HEAD + (last - first) * pitch
    if not view.arrangement.detail[3] and empty < top + height - 40:
        words = "Click a robot or a station"
        if view.replay.scenario.pods is not None:
            words = "Click a robot, a pod or a station"
        middle = (left + width / 2, top + height - 26)
        type_.put(target, words, middle, 17, palette.text_faint, align="middle")


def _paint_station(
    target: pygame.Surface,
    view: View,
    index: int,
    area: Area,
    stations: StationMoment,
    palette: Palette,
    type_: Type,
) -> None:
    left, top, width, height = area
    chosen = view.station == index
    ground = palette.panel_edge if chosen else palette.panel_raised
    pygame.draw.rect(target, ground, area, border_radius=6)
    badge = pygame.Rect(left, top, 4, height)
    pygame.draw.rect(target, palette.station, badge, border_radius=2)
    name = view.replay.scenario.stations[index].name
    taken = type_.put(
        target, name, (left + 12, top + 6), 20, palette.text, width=width // 3
    )
    if view.replay.scenario.pods is not None:
        paint_slots(target, view, index, area, taken, palette, type_)
        paint_picking(target, view, index, area, palette, type_)
        return
    queue = int(stations.queued[index])
    right = left + width - 10
    drawn = type_.put(
        target, f"{queue}", (right, top + 5), 22, palette.text, align="right"
    )
    space = right - drawn - 8 - (left + 12 + taken + 10)
    for pip in range(min(queue, max(0, space // 7))):
        mark = (right - drawn - 8 - 7 * (pip + 1), top + 8, 5, 8)
        pygame.draw.rect(target, palette.station, mark, border_radius=1)
    _paint_packing(target, view, index, area, palette, type_)


def _paint_packing(
    target: pygame.Surface,
    view: View,
    index: int,
    area: Area,
    palette: Palette,
    type_: Type,
) -> None:
    """Draw what is being packed, with how far each packer is."""
    left, top, width, height = area
    work = view.replay.work
    rows = work.packing_at(index, view.now_s)
    y = top + height - 14
    if not len(rows):
        type_.put(target, "free", (left + 12, y), 16, palette.text_faint)
        return
    names = view.replay.scenario.orders.names
    words = ", ".join(names[order] for order in work.order[rows].tolist())
    type_.put(
        target, words, (left + 12, y), 16, palette.text_muted, width=width // 2 - 8
    )
    room = width // 2 - 22
    packers = min(view.replay.scenario.stations[index].packers, room // 12)
    pitch = (room + 3) / packers
    start, end = work.start_s[rows], work.end_s[rows]
    done = (view.now_s - start) / np.maximum(end - start, 1e-9)
    part_of = dict(zip(work.packer[rows].tolist(), done.tolist(), strict=True))
    for packer in range(packers):
        x = left + width // 2 + 12 + round(packer * pitch)
        rail = pygame.Rect(x, y + 4, round(pitch) - 3, 4)
        pygame.draw.rect(target, palette.background, rail, border_radius=2)
        if packer in part_of:
            rail.width = round(rail.width * part_of[packer])
            pygame.draw.rect(target, palette.station, rail, border_radius=2)
