"""What the mouse does in the Gantt, and what lies under it."""

from typing import Final

import numpy as np

from viz.arrangement import inside
from viz.clock import clock, count
from viz.gantt_bars import BAR_WORDS, BarKind
from viz.gantt_flags import trucks_at
from viz.gantt_ink import extents
from viz.gantt_places import GanttPlaces, ShownRow, rows_in_sight
from viz.plan_roster import packer_words
from viz.view import ZOOM_STEP, View

Point = tuple[float, float]
_OF_PACKERS: Final = (BarKind.BREAK, BarKind.OFF_SHIFT)
"""Kinds of bars that are about a packer and no order."""

_MOST_TOLD: Final = 3
"""Trucks that leave together of which each is told."""


def turn_wheel(view: View, notches: int, point: Point) -> None:
    """Zoom time at the pointer; over the names, scroll the rows."""
    places = GanttPlaces.of(view)
    if inside(places.names, point):
        _scroll(view, places, -notches)
    else:
        view.gantt.zoom(ZOOM_STEP**notches, places.second_at(point[0]))


def drag(view: View, dx: float, dy: float) -> None:
    """Move time and rows by some pixels."""
    places = GanttPlaces.of(view)
    view.gantt.pan(-dx / places.scale)
    _scroll(view, places, -dy / places.pitch)


def _scroll(view: View, places: GanttPlaces, rows: float) -> None:
    view.gantt.scroll(rows, len(view.charts.stations.names) - places.page)


def click(view: View, point: Point) -> None:
    """Select the order, pod, truck or station at a pixel; else go to its moment.

    Of trucks that leave together each click selects the next.
    """
    places = GanttPlaces.of(view)
    station = places.station_at(point)
    if inside(places.flags, point):
        trucks = trucks_at(view, places, point)
        if trucks:
            at = trucks.index(view.truck) + 1 if view.truck in trucks else 0
            view.select_truck(trucks[at % len(trucks)])
            return
    elif inside(places.names, point):
        if station is not None and station < len(view.replay.scenario.stations):
            view.select_station(station)
        return
    bar = bar_at(view, places, point)
    if bar is not None and bar["order"] >= 0:
        view.select_order(int(bar["order"]))
    elif bar is not None and bar["pod"] >= 0:
        view.select_pod(int(bar["pod"]))
    elif point[1] >= places.flags[1]:
        view.seek(places.second_at(point[0]) / view.replay.step_s)


def _row_at(view: View, places: GanttPlaces, point: Point) -> ShownRow | None:
    place = places.place_at(point)
    return None if place is None else rows_in_sight(view, places)[place]


def bar_at(view: View, places: GanttPlaces, point: Point) -> np.void | None:
    """Bar that is drawn at a pixel; of several the one that matters most."""
    row = _row_at(view, places, point)
    if row is None or not inside(places.plot, point):
        return None
    first, last = extents(row.bars, places)
    found = np.flatnonzero((first <= point[0]) & (point[0] < last))
    within = [
        bar
        for bar in row.bars[found]
        if (ends := places.lane_of(row.place, int(bar["lane"]), row.lanes))[0]
        <= point[1]
        < ends[1]
    ]
    return max(within, key=lambda bar: int(bar["kind"]), default=None)


def gantt_words(view: View, point: Point) -> str:
    """Words for what is under the pointer in the Gantt; empty where nothing is."""
    places = GanttPlaces.of(view)
    if inside(places.flags, point):
        return _truck_words(view, trucks_at(view, places, point))
    bar = bar_at(view, places, point)
    if bar is None:
        return ""
    scenario, words = view.replay.scenario, [BAR_WORDS[BarKind(int(bar["kind"]))]]
    if bar["pod"] >= 0 and scenario.pods is not None:
        words.insert(0, scenario.pods.names[bar["pod"]])
    if bar["order"] >= 0 > bar["pod"] or bar["kind"] in _OF_PACKERS:
        words.append(packer_words(scenario, int(bar["row"]), int(bar["lane"])))
    if bar["order"] >= 0:
        words.insert(0, scenario.orders.names[bar["order"]])
    return f"{', '.join(words)}: {clock(bar['start_s'])} to {clock(bar['end_s'])}"


def _truck_words(view: View, some: list[int]) -> str:
    """Say of trucks that leave together what they take, and what is late for them."""
    trucks = view.replay.trucks
    parts = []
    for truck in some[:_MOST_TOLD]:
        late = len(trucks.late_for(truck))
        words = f"{trucks.name(truck)}: {count(len(trucks.orders_on(truck)), 'order')}"
        parts.append(f"{words}, {late} late" if late else words)
    if len(some) > _MOST_TOLD:
        parts.append(f"{len(some) - _MOST_TOLD:,} more")
    return "; ".join(parts)
