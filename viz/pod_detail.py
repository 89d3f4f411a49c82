"""The panel of what is selected on sites with pods: a robot, a pod, a station."""

import numpy as np

from viz.batteries import level_colour
from viz.battery_levels import BatteryLevels
from viz.clock import clock, count, share
from viz.column import Column
from viz.replay import STATE_WORDS, Moment, RobotState
from viz.stock_left import left_on_pod
from viz.view import View
from viz.wait_words import wait_words
from warehouse.plan import PodStopKind


def paint_pod_detail(column: Column, view: View, moment: Moment) -> None:
    """Write about the selected robot, pod or station."""
    if view.robot is not None:
        _robot(column, view, moment, view.robot)
    elif view.pod is not None:
        _pod(column, view, view.pod)
    elif view.station is not None:
        _station(column, view, view.station)


def _robot(column: Column, view: View, moment: Moment, robot: int) -> None:
    palette, replay = column.palette, view.replay
    state = RobotState(int(moment.state[robot]))
    column.title(f"Robot {robot}", STATE_WORDS[state], palette.states[state])
    pod = replay.pods.pod_of(robot, view.t)
    column.write(
        "no pod" if pod is None else f"carries {_pod_name(view, pod)}",
        replay.scenario.layout.place(replay.cell_of(robot, view.t)),
        colour=palette.text_muted,
        beside_colour=palette.text_faint,
    )
    column.write(
        "following" if view.following else "press F to follow",
        colour=palette.accent if view.following else palette.text_faint,
    )
    for words, beside in wait_words(view, moment, robot):
        column.write(words, beside, colour=palette.waiting)
    if replay.batteries is not None:
        _battery(column, view, replay.batteries, robot)
    trip = replay.pod_trips.trip_at(robot, view.t)
    if trip is None:
        column.heading("NO TRIP LEFT")
        return
    _task(column, view, trip)
    _contents(column, view, int(replay.pod_trips.stops_of(trip)["pod"][0]))


def _battery(column: Column, view: View, batteries: BatteryLevels, robot: int) -> None:
    """Say how full a robot's battery is, and when it charges."""
    level = float(batteries.at(view.t)[robot])
    stay = batteries.next_stay(robot, view.t)
    words = "charges no more"
    if stay is not None:
        charges = stay["start"] <= view.t
        when = clock(int(stay["end" if charges else "start"]) * view.replay.step_s)
        words = f"charges until {when}" if charges else f"charges at {when}"
    colour = level_colour(batteries, level, column.palette)
    column.write(f"battery {share(level)}", words, colour=colour)


def _task(column: Column, view: View, trip: int) -> None:
    """List the stops of a trip; what is next stands out."""
    replay, palette = view.replay, column.palette
    stops = replay.pod_trips.stops_of(trip)
    done = int((stops["end"] <= view.t).sum())
    begun = bool(replay.pod_trips.begin[trip] <= view.t)
    head = f"TRIP {int(stops['trip'][0])}"
    column.heading(head, f"{done} of {count(len(stops), 'stop')} done")
    # What lies behind goes first when lines are short; the contents keep some.
    lines = max(2, column.lines_left() // 2)
    first = max(0, min(done - 1, len(stops) - lines))
    for index in range(first, min(len(stops), first + lines)):
        colour = palette.text
        if index < done:
            colour = palette.text_faint
        elif index == done and begun:
            colour = palette.accent
        stop = stops[index]
        when = clock(int(stop["start"]) * replay.step_s)
        column.write(_stop_words(view, trip, index), when, colour=colour)


def _stop_words(view: View, trip: int, index: int) -> str:
    """What is done at a stop of a trip."""
    replay = view.replay
    stop = replay.pod_trips.stops_of(trip)[index]
    row, col = replay.scenario.layout.row_col(stop["cell"])
    if stop["kind"] == PodStopKind.LIFT:
        return f"lift {_pod_name(view, int(stop['pod']))} at {row}, {col}"
    if stop["kind"] == PodStopKind.SET_DOWN:
        return f"put it down at {row}, {col}"
    work = replay.plan.pod_work
    assert work is not None  # trips with pods are from such plans only
    row = int(replay.pod_trips.first[trip]) + index
    if stop["kind"] == PodStopKind.FILL:
        return _filling_words(view, row, _station_name(view, stop))
    mine = work.picks["stop"] == row
    units = int(work.picks["quantity"][mine].sum())
    return f"{count(units, 'unit')} at {_station_name(view, stop)}"


def _station_name(view: View, stop: np.void) -> str:
    """Name of the station at which a pod is picked from, or filled."""
    index = int(stop["station"])
    if stop["kind"] == PodStopKind.FILL:
        return view.replay.filling.stations[index]
    return view.replay.scenario.stations[index].name


def _filling_words(view: View, row: int, station: str) -> str:
    """What is put into a pod at a filling."""
    units = view.replay.filling.put_in_at(row)
    if len(units) == 1:
        sku, quantity = next(iter(units.items()))
        return f"{quantity} x {view.replay.scenario.sku_names[sku]} put in at {station}"
    return f"{count(sum(units.values()), 'unit')} put in at {station}"


def _pod(column: Column, view: View, pod: int) -> None:
    replay, palette = view.replay, column.palette
    cell, robot = (int(part[pod]) for part in replay.pods.at(view.t))
    column.title(
        _pod_name(view, pod),
        "stands" if robot < 0 else f"on robot {robot}",
        palette.rack_face,
    )
    stops = replay.pod_trips.stops
    calls = np.isin(stops["kind"], (PodStopKind.VISIT, PodStopKind.FILL))
    visits = stops[(stops["pod"] == pod) & calls]
    done = int((visits["end"] <= view.t).sum())
    column.write(
        f"{done} of {count(len(visits), 'visit')}",
        "" if robot >= 0 else replay.scenario.layout.place(cell),
        colour=palette.text_muted,
        beside_colour=palette.text_faint,
    )
    ahead = visits[visits["start"] > view.t]
    if len(ahead):
        stop = ahead[ahead["start"].argmin()]
        when = clock(int(stop["start"]) * replay.step_s)
        name = _station_name(view, stop)
        column.write(f"next at {name}", when, colour=palette.text_muted)
    else:
        column.write("needed no more", colour=palette.text_faint)
    _contents(column, view, pod)


def _contents(column: Column, view: View, pod: int) -> None:
    """List what lies on a pod now, and what it had at first or was put in since."""
    replay, palette = view.replay, column.palette
    taken = replay.picking.taken_from(pod, view.now_s)
    left = left_on_pod(replay, pod, view.now_s)
    column.heading(f"ON {_pod_name(view, pod)}", f"{sum(left.values()):,} units")
    for shown, (sku, units) in enumerate(left.items()):
        if column.lines_left() == 1 and shown + 1 < len(left):
            column.write(f"and {len(left) - shown} more", colour=palette.text_faint)
            return
        column.write(
            replay.scenario.sku_names[sku],
            f"{units:,} of {units + taken.get(sku, 0):,}",
            colour=palette.text if units else palette.text_faint,
            beside_colour=palette.station if sku in taken else None,
        )


def _pod_name(view: View, pod: int) -> str:
    pods = view.replay.scenario.pods
    assert pods is not None  # such panels are for sites with pods only
    return pods.names[pod]


def _station(column: Column, view: View, index: int) -> None:
    replay, palette = view.replay, column.palette
    station, pods = replay.scenario.stations[index], replay.scenario.pods
    assert pods is not None  # such panels are for sites with pods only
    rows = replay.work.packing_at(index, view.now_s).tolist()
    column.title(
        f"Station {station.name}",
        f"{len(rows)} of {count(int(pods.order_slots[index]), 'slot')}",
        palette.station,
    )
    done = replay.work.done_at(index, view.now_s)
    units = int(replay.picking.units_at(view.now_s)[index])
    column.write(
        f"{count(units, 'unit')}, {count(done, 'order')} done",
        replay.scenario.layout.place(station.cell),
        colour=palette.text_muted,
        beside_colour=palette.text_faint,
    )
    if replay.scenario.packs:
        packed = len(replay.packing.packing_at(index, view.now_s))
        wait = len(replay.packing.queue_at(index, view.now_s))
        words = f"{count(packed, 'order')} being packed"
        column.write(words, f"{wait} waiting", colour=palette.text_muted)
    _picker(column, view, index)
    column.heading("OPEN ORDERS", "units picked")
    names = replay.scenario.orders.names
    # The pods that come keep four lines.
    for shown, row in enumerate(rows):
        if column.lines_left() <= 5 and shown + 1 < len(rows):
            column.write(f"and {len(rows) - shown} more", colour=palette.text_faint)
            break
        order = int(replay.work.order[row])
        picked, wanted = replay.picking.units_in_slot(order, index, view.now_s)
        column.write(names[order], f"{picked} of {wanted}")
    if not rows:
        column.write("none", colour=palette.text_faint)
    coming = replay.pod_trips.coming_to(index, view.t)
    column.heading("PODS COMING", "there at")
    for robot, stop in coming:
        record = replay.pod_trips.stops[stop]
        when = clock(int(record["start"]) * replay.step_s)
        name = _pod_name(view, int(record["pod"]))
        column.write(f"{name} on robot {robot}", when)
    if not coming:
        column.write("none", colour=palette.text_faint)


def _picker(column: Column, view: View, index: int) -> None:
    """Say what the picker takes from which pod for which order."""
    replay, palette = view.replay, column.palette
    row = replay.picking.being_picked(index, view.now_s)
    if row is None:
        column.write("the picker waits for a pod", colour=palette.text_faint)
        return
    picking = replay.picking
    sku = replay.scenario.sku_names[picking.sku[row]]
    column.write(
        f"{picking.quantity[row]} x {sku}",
        f"from {_pod_name(view, int(picking.pod[row]))}",
        colour=palette.station,
    )
