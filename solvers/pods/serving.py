"""From step to step: pods are lifted, picked from, sent on and set down."""

import numpy as np

from solvers.kernel import lean_kernel
from solvers.pods.arrays import (
    ANY_SPOT,
    AT_STATION,
    IDLE,
    JOINT,
    LIFTING,
    MOST_ROWS,
    NONE,
    ORDERS_GIVEN,
    PICKS,
    SETTING,
    STOPS,
    TO_POD,
    TO_SPOT,
    TO_STATION,
    UNITS,
    WAITING,
    WHAT,
    WHERE,
    Site,
    Work,
)
from solvers.pods.charging import can_go_on, gives_up
from solvers.pods.filling import fill, fill_on_the_way, promise_found
from solvers.pods.known import unlist_line
from solvers.pods.promises import promise, take_back
from solvers.pods.slots import close_order, open_order
from solvers.pods.supply import count_inbound, dock_of, is_filled
from solvers.pods.visits import find_lines, mark_inbound, unmark_inbound
from solvers.pods.worth import note_wait
from solvers.random_words import random_below

LIFT, VISIT, SET_DOWN, FILL = range(4)
"""Kinds of stops, as in `warehouse.plan.PodStopKind`."""
EMPTY, LADEN, OUT_OF_SPOT = 1_000_000, 2_000_000, 3_000_000
"""Priorities of robots under way, without and with a pod, and of of those on a spot.

The last have a pod and waited on a spot for `BARRED` steps: a spot may have one way in
and out, and who stands there may want to go in.
"""
BARRED = 50


@lean_kernel
def _note_stop(site: Site, robot: int, kind: int, begin: int, end: int) -> int:
    """Write a stop down; its row."""
    record = site.record
    robots = site.robots
    row = record.used[STOPS]
    record.used[STOPS] += 1
    stop = record.stops[row]
    stop[0], stop[1], stop[2] = robot, robots.trip[robot], kind
    stop[3], stop[4], stop[5] = site.traffic.robots.vertex[robot], begin, end
    stop[6] = robots.pod[robot]
    stop[7] = NONE
    if kind == VISIT:
        stop[7] = robots.station[robot]
    elif kind == FILL:
        stop[7] = robots.station[robot] - len(site.stations)
    return row


@lean_kernel
def _begin(site: Site, robot: int, phase: int, t: int, goal: int) -> None:
    """Let a robot drive to a goal, or begin to serve where it is."""
    site.robots.phase[robot] = phase
    site.robots.begun[robot] = t
    site.traffic.robots.goal[robot] = goal


@lean_kernel
def _pick(site: Site, robot: int, start_s: float) -> float:
    """Let the picker take the next line of a visit; the second the robot may go on."""
    lines = site.lines
    robots = site.robots
    orders = site.orders
    stations = site.stations
    times = site.times
    record = site.record
    station = robots.station[robot]
    row = robots.next_row[robot]
    line, units = site.visits[robot, row, WHAT], site.visits[robot, row, UNITS]
    order = lines.order[line]
    lead_s = times.line_s + (times.visit_s if row == 0 else 0.0)
    end_s = start_s + lead_s + units * times.unit_s
    stations.picker_free_s[station] = end_s
    stations.units[station] -= units
    note_wait(site, line, start_s)
    lines.left[line] -= units
    lines.promised[line] -= units
    site.pods.room[robots.pod[robot]] += units
    orders.units[order] -= units
    if lines.left[line] == 0:
        unlist_line(site, line)
    lines.begun[line] = True
    orders.close_s[order] = end_s
    if orders.units[order] == 0:
        close_order(site, order, end_s)
    pick = record.picks[record.used[PICKS]]
    record.used[PICKS] += 1
    pick[0], pick[1], pick[2] = robots.visit[robot], line, units
    pick[3], pick[4] = start_s, end_s
    robots.next_row[robot] += 1
    return start_s + lead_s + (units - 1) * times.unit_s + times.stand_s


@lean_kernel
def _leave_out(site: Site, robot: int, row: int) -> None:
    """Take a row out of a visit: the first that is picked has the time of the visit."""
    rows = site.robots.rows
    visit = site.visits[robot]
    rows[robot] -= 1
    for later in range(row, rows[robot]):
        for column in (WHAT, WHERE, UNITS):
            visit[later, column] = visit[later + 1, column]


@lean_kernel
def serve(site: Site, robot: int, t: int, may_bind: bool, work: Work) -> bool:
    """Let the picker go on at a pod, with lines found since if all are done.

    Returns whether there was anything to pick.
    """
    lines = site.lines
    robots = site.robots
    orders = site.orders
    stations = site.stations
    times = site.times
    station = robots.station[robot]
    now_s = t * times.step_s
    refused = False
    while True:
        if robots.next_row[robot] == robots.rows[robot]:
            # What got no slot would be found again.
            if refused or robots.rows[robot] == MOST_ROWS:
                return False
            mark_inbound(site, station)
            pod = robots.pod[robot]
            rows, _, _ = find_lines(site, pod, station, may_bind, work)
            unmark_inbound(site, station)
            promise(site, robot, station, rows, work)
            if robots.next_row[robot] == robots.rows[robot]:
                return False
        row = robots.next_row[robot]
        line = site.visits[robot, row, WHAT]
        start_s = max(now_s, stations.picker_free_s[station])
        order = lines.order[line]
        if orders.state[order] == WAITING:
            when_s = open_order(site, order, start_s)
            if when_s == np.inf:  # no slot: the units stay on the pod
                take_back(site, robot, station, row)
                _leave_out(site, robot, row)
                refused = True
                continue
            if order < site.counts[ORDERS_GIVEN]:
                stations.opening_s[station] = when_s
            start_s = when_s
        until_s = _pick(site, robot, start_s)
        robots.until[robot] = np.int32(np.ceil(until_s / times.step_s - 1e-9))
        return True


@lean_kernel
def _work_on(site: Site, robot: int, t: int, may_bind: bool, work: Work) -> bool:
    """Let who works at a station go on at a pod; whether there was anything to do."""
    if is_filled(site, site.robots.station[robot]):
        return fill(site, robot, t, work)
    return serve(site, robot, t, may_bind, work)


@lean_kernel
def choose_spot(site: Site, station: int) -> int:
    """Choose the free spot to which a pod returns from a station: nearest, or any."""
    spots = site.spots
    n = len(spots)
    if site.rules.spots == ANY_SPOT:
        start = random_below(site.random, n)
        for k in range(n):
            spot = (start + k) % n
            if not spots.taken[spot]:
                return spot
    best, least = NONE, np.inf
    for spot in range(n):
        steps = site.from_dock[station, spot]
        if not spots.taken[spot] and steps < least:
            best, least = spot, steps
    return best


@lean_kernel
def _go_on(site: Site, robot: int, t: int, work: Work) -> None:
    """Send a pod from a station to another one, where that pays, or back to a spot.

    Stations where it is filled come after those where it is picked from.
    """
    robots = site.robots
    stations = site.stations
    spots = site.spots
    times = site.times
    rules = site.rules
    here, pod = robots.station[robot], robots.pod[robot]
    best, best_rate = NONE, rules.detour_rate
    count_inbound(site, here, -1)
    robots.rows[robot], robots.next_row[robot] = 0, 0
    # The best of all stations is looked at once more, to make it known what for.
    looks = len(stations) if rules.orders == JOINT else 0
    for look in range(looks + 1):
        station = look if look < looks else best
        if station < 0 or station == here:
            continue
        if stations.inbound[station] >= stations.queue[station]:
            continue
        if not can_go_on(site, robot, station):
            continue
        mark_inbound(site, station)
        rows, units, gain = find_lines(site, pod, station, True, work)
        unmark_inbound(site, station)
        if look == looks:
            promise(site, robot, station, rows, work)
            robots.station[robot] = station
            stations.inbound[station] += 1
            _begin(site, robot, TO_STATION, t, stations.dock[station])
            return
        ahead_s = stations.units[station] * times.unit_s
        drive_s = site.dock_to_dock[here, station] * times.step_s
        wait_s = max(0.0, ahead_s - drive_s)
        rate = (units + gain) / (drive_s + wait_s + units * times.unit_s)
        if ahead_s < rules.work_s and rate > best_rate:
            best, best_rate = station, rate
    best, rows = fill_on_the_way(site, robot, t, work)
    if best != NONE and can_go_on(site, robot, best):
        robots.station[robot] = best
        promise_found(site, robot, best, rows, work)
        count_inbound(site, best, 1)
        _begin(site, robot, TO_STATION, t, dock_of(site, best))
        return
    spot = choose_spot(site, here)
    spots.taken[spot] = True
    _begin(site, robot, TO_SPOT, t, spots.vertex[spot])


@lean_kernel
def _urgency(site: Site, robot: int, t: int) -> int:
    """Priority of a robot: who has a pod, then who has been under way longest."""
    moving = site.traffic.robots
    if site.robots.phase[robot] == IDLE:
        return 0
    since = t - site.robots.begun[robot]
    if not moving.laden[robot]:
        return EMPTY + since
    barred = site.vertices.at[moving.vertex[robot]] != NONE
    barred &= moving.waited[robot] >= BARRED
    return (OUT_OF_SPOT if barred else LADEN) + since


@lean_kernel
def advance(site: Site, t: int, may_bind: bool, work: Work) -> None:
    """Let everything begin and end that begins or ends at timestep t."""
    pods = site.pods
    vertices = site.vertices
    robots = site.robots
    traffic = site.traffic
    spots = site.spots
    times = site.times
    for robot in range(len(robots)):
        vertex = traffic.robots.vertex[robot]
        phase = robots.phase[robot]
        there = vertex == traffic.robots.goal[robot]
        if phase == TO_POD and there:
            _begin(site, robot, LIFTING, t, vertex)
            robots.until[robot] = t + times.lift
            phase = LIFTING
        if phase == LIFTING and t >= robots.until[robot]:
            _note_stop(site, robot, LIFT, robots.begun[robot], t)
            traffic.robots.laden[robot] = True
            vertices.stored[vertex] = NONE
            spots.taken[vertices.at[vertex]] = False
            pods.spot[robots.pod[robot]] = NONE
            dock = dock_of(site, robots.station[robot])
            _begin(site, robot, TO_STATION, t, dock)
        elif phase == TO_STATION and there:
            _begin(site, robot, AT_STATION, t, vertex)
            kind = FILL if is_filled(site, robots.station[robot]) else VISIT
            robots.visit[robot] = _note_stop(site, robot, kind, t, t)
            phase = AT_STATION
            robots.until[robot] = t
        elif phase == TO_SPOT and there:
            _begin(site, robot, SETTING, t, vertex)
            robots.until[robot] = t + times.set_down
            phase = SETTING
        if (
            phase == AT_STATION
            and t >= robots.until[robot]
            and (gives_up(site, robot) or not _work_on(site, robot, t, may_bind, work))
        ):
            site.record.stops[robots.visit[robot], 5] = t
            _go_on(site, robot, t, work)
        if phase == SETTING and t >= robots.until[robot]:
            _note_stop(site, robot, SET_DOWN, robots.begun[robot], t)
            pod = robots.pod[robot]
            traffic.robots.laden[robot] = False
            vertices.stored[vertex] = pod
            pods.spot[pod] = vertices.at[vertex]
            pods.in_use[pod] = False
            robots.pod[robot] = NONE
            _begin(site, robot, IDLE, t, vertex)
        phase = robots.phase[robot]
        traffic.robots.serving[robot] = phase in (LIFTING, AT_STATION, SETTING)
        traffic.robots.priority[robot] = _urgency(site, robot, t)
