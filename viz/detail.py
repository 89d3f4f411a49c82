"""The panel of what is selected: a robot with its trip, or a station."""

import numpy as np
import pygame

from viz.carton_panel import paint_cartons
from viz.clock import clock, count
from viz.column import Column
from viz.found_detail import paint_found_detail
from viz.palette import Palette
from viz.pod_detail import paint_pod_detail
from viz.replay import STATE_WORDS, Moment, RobotState
from viz.text import Type
from viz.truck_panel import paint_truck
from viz.view import View
from viz.wait_words import wait_words
from warehouse.plan import StopKind


def paint_detail(
    target: pygame.Surface, view: View, moment: Moment, palette: Palette, type_: Type
) -> None:
    """Draw the panel of what is selected."""
    area = view.arrangement.detail
    if not area[3]:
        return
    pygame.draw.rect(target, palette.panel, area)
    left, top, width, height = area
    pygame.draw.line(target, palette.panel_edge, (left, top), (left + width, top))
    pygame.draw.line(target, palette.panel_edge, (left, top), (left, top + height))
    column = Column(target, type_, palette, area)
    if view.truck is not None:
        paint_truck(column, view, view.truck)
    elif not (view.order is view.sku is view.conflict is None):
        paint_found_detail(column, view)
    elif view.robot is not None and view.replay.carries_totes(view.robot):
        _robot(column, view, moment, view.robot)
    elif view.replay.scenario.pods is not None:
        paint_pod_detail(column, view, moment)
    elif view.station is not None:
        _station(column, view, moment, view.station)


def _robot(column: Column, view: View, moment: Moment, robot: int) -> None:
    palette, replay = column.palette, view.replay
    state = RobotState(int(moment.state[robot]))
    column.title(f"Robot {robot}", STATE_WORDS[state], palette.states[state])
    totes, slots = int(moment.totes[robot]), replay.scenario.fleet.tote_slots
    if len(replay.scenario.orders):
        column.write(
            f"{count(int(moment.units[robot]), 'unit')} on board",
            f"{totes} of {slots} totes",
            colour=palette.text_muted,
        )
    column.write(
        "following" if view.following else "press F to follow",
        replay.scenario.layout.place(replay.cell_of(robot, view.t)),
        colour=palette.accent if view.following else palette.text_faint,
        beside_colour=palette.text_faint,
    )
    for words, beside in wait_words(view, moment, robot):
        column.write(words, beside, colour=palette.waiting)
    trip = replay.trip_at(robot, view.t)
    if trip is None:
        column.heading("NO TRIP LEFT")
        home = state == RobotState.IDLE
        words = "stands where it rests" if home else "on its way to where it rests"
        column.write(words, colour=palette.text_muted)
        return
    orders = replay.orders_of_trip(trip)
    # Stops get what the orders leave, and at least five lines.
    spare = column.lines_left() - 4
    for_orders = min(len(orders), max(spare // 3, spare - 12, 1))
    _stops(column, view, trip, max(spare - for_orders, 2))
    _orders(column, view, orders)


def _stops(column: Column, view: View, trip: int, lines: int) -> None:
    """List the stops of a trip around the one that comes next."""
    replay, palette = view.replay, column.palette
    first, last = int(replay.trips.first[trip]), int(replay.trips.last[trip])
    number = last - first + 1
    name = int(replay.plan.stops["trip"][first])
    now = int(np.count_nonzero(replay.plan.stops["end"][first : last + 1] <= view.t))
    column.heading(f"TRIP {name}", f"{now} of {count(number, 'stop')} done")
    top = min(max(0, now - 1), max(0, number - lines))
    for i in range(top, min(number, top + lines)):
        stop = replay.plan.stops[first + i]
        colour = palette.text
        if i < now:
            colour = palette.text_faint
        elif i == now:
            colour = palette.accent
        column.write(
            f"{i + 1}  {_stop_words(view, first + i)}",
            clock(int(stop["start"]) * replay.step_s),
            colour=colour,
        )


def _stop_words(view: View, stop: int) -> str:
    """What is done at a stop."""
    replay = view.replay
    record = replay.plan.stops[stop]
    if record["kind"] == StopKind.DROP:
        at, end = np.searchsorted(replay.plan.drops["stop"], (stop, stop + 1))
        station = replay.scenario.stations[int(record["station"])]
        return f"{count(int(end - at), 'order')} to {station.name}"
    at, end = np.searchsorted(replay.plan.picks["stop"], (stop, stop + 1))
    units = int(replay.plan.picks["quantity"][at:end].sum())
    row, col = replay.scenario.layout.row_col(record["cell"])
    return f"pick {units} at {row}, {col}" if units else f"task at {row}, {col}"


def _orders(column: Column, view: View, orders: list[int]) -> None:
    """List the orders on a trip with when each is packed."""
    replay, palette = view.replay, column.palette
    column.heading("ITS ORDERS", "packed at")
    work = replay.packing
    for shown, order in enumerate(orders):
        if column.lines_left() == 1 and shown + 1 < len(orders):
            column.write(f"and {len(orders) - shown} more", colour=palette.text_faint)
            return
        row = np.flatnonzero(work.order == order)
        when, late = "not packed", False
        if len(row):
            end_s = float(work.end_s[row[0]])
            late = end_s > work.due_s[row[0]]
            when = clock(end_s) + (" late" if late else "")
        column.write(
            replay.scenario.orders.names[order],
            when,
            beside_colour=palette.bad if late else None,
        )


def _station(column: Column, view: View, moment: Moment, index: int) -> None:
    replay, palette = view.replay, column.palette
    station = replay.scenario.stations[index]
    work = replay.packing
    packed, total = work.done_at(index, view.now_s), len(work.rows_of[index])
    column.title(
        f"Station {station.name}", count(station.packers, "packer"), palette.station
    )
    column.write(
        f"{packed:,} of {total:,} orders packed",
        colour=palette.text_muted,
    )
    ahead = moment.ahead[moment.on_trip]
    coming = int(np.count_nonzero(replay.plan.stops["station"][ahead] == index))
    column.write(
        f"{count(coming, 'robot')} coming",
        replay.scenario.layout.place(station.cell),
        colour=palette.text_muted,
        beside_colour=palette.text_faint,
    )
    names = replay.scenario.orders.names
    column.heading("BEING PACKED", "done at")
    rows = work.packing_at(index, view.now_s).tolist()
    if rows:
        paint_cartons(column, replay, int(work.order[rows[0]]))
    for row in rows:
        column.write(names[work.order[row]], clock(float(work.end_s[row])))
    if not rows:
        column.write("nothing", colour=palette.text_faint)
    queue = work.queue_at(index, view.now_s).tolist()
    column.heading(f"QUEUE OF {len(queue)}", "begins at")
    for shown, row in enumerate(queue):
        if column.lines_left() == 1 and shown + 1 < len(queue):
            column.write(f"and {len(queue) - shown} more", colour=palette.text_faint)
            break
        column.write(names[work.order[row]], clock(float(work.start_s[row])))
    if not queue:
        column.write("empty", colour=palette.text_faint)
