"""Paths of whole trips against reservations: which stop next, and how to get there."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel
from solvers.mapf.fleet.sipp import (
    FOUND,
    NO_PATH,
    TOO_LONG,
    Search,
    find_next,
    find_path,
    make_search,
    write_path,
)

NO_ROOM = 3
"""Status beside those of `find_path`: the path is longer than its array."""

FORWARD, BACKWARD, EITHER = 0, 1, 2

CHOICES = 8
"""Stops, the most promising by distance, among which the next one is chosen."""


class TripPath(NamedTuple):
    """A path from some timestep on, with the services at its stops."""

    path: NDArray[np.int32]  # one entry a timestep, ``length`` of them count
    heading: NDArray[np.int8]
    start: NDArray[np.int32]  # one entry a stop, in the order of serving
    end: NDArray[np.int32]
    order: NDArray[np.int32]  # numbers of the stops
    length: NDArray[np.int64]  # length 1
    labels: NDArray[np.int64]  # length 1: labels made by the search


class Choices(NamedTuple):
    """Stops left, in the order of the tour, and the few of them to choose from."""

    left: NDArray[np.int32]  # (stops,)
    rest: NDArray[np.int64]  # (stops,): the way after it, if it were next
    promise: NDArray[np.int64]  # (stops,): with the way to it; -1 when chosen
    chosen: NDArray[np.int32]  # (CHOICES,): where in ``left``
    cell: NDArray[np.int32]  # (CHOICES,)
    row: NDArray[np.int32]
    steps: NDArray[np.int32]
    rest_of: NDArray[np.int64]


class Planner(NamedTuple):
    """Work arrays of `plan_trip`."""

    search: Search
    choices: Choices
    trial: TripPath


def make_trip_path(stops: int, steps: int) -> TripPath:
    """Room for a path of up to some stops and timesteps."""
    return TripPath(
        np.empty(steps, np.int32),
        np.empty(steps, np.int8),
        np.empty(stops, np.int32),
        np.empty(stops, np.int32),
        np.empty(stops, np.int32),
        np.zeros(1, np.int64),
        np.zeros(1, np.int64),
    )


def make_planner(stops: int, steps: int, labels: int) -> Planner:
    """Work arrays for trips of up to some stops, timesteps and labels."""
    return Planner(
        make_search(labels),
        Choices(
            left=np.empty(stops, np.int32),
            rest=np.empty(stops, np.int64),
            promise=np.empty(stops, np.int64),
            chosen=np.empty(CHOICES, np.int32),
            cell=np.empty(CHOICES, np.int32),
            row=np.empty(CHOICES, np.int32),
            steps=np.empty(CHOICES, np.int32),
            rest_of=np.empty(CHOICES, np.int64),
        ),
        make_trip_path(stops, steps),
    )


@kernel
def _weigh(distance, choices, n, cell, stops, rows, last):  # type: ignore[no-untyped-def]
    """Say for each of the n stops left what it promises, were it the next one.

    That is the way to it and then the tour through the others, which keeps their
    order and ends at stop number ``last``.
    """
    left = choices.left
    whole = np.int64(0)
    for k in range(n):
        after = left[k + 1] if k + 1 < n else last
        whole += distance[rows[after], stops[left[k]]]
    for k in range(n):
        stop = left[k]
        rest = whole
        if k > 0:
            before = stops[left[k - 1]]
            after = left[k + 1] if k + 1 < n else last
            rest += distance[rows[after], before] - distance[rows[stop], before]
            rest += distance[rows[left[0]], stops[stop]]
            rest -= distance[rows[after], stops[stop]]
        choices.rest[k] = rest
        choices.promise[k] = rest + distance[rows[stop], cell]


@kernel
def _choose(choices, n, stops, rows, services):  # type: ignore[no-untyped-def]
    """Take the most promising of the n stops left; return how many."""
    count = min(n, CHOICES)
    for j in range(count):
        best = -1
        for k in range(n):
            promise = choices.promise[k]
            if promise >= 0 and (best < 0 or promise < choices.promise[best]):
                best = k
        choices.promise[best] = -1
        choices.chosen[j] = best
        stop = choices.left[best]
        choices.cell[j] = stops[stop]
        choices.row[j] = rows[stop]
        choices.steps[j] = services[stop]
        choices.rest_of[j] = choices.rest[best]
    return count


@kernel
def _in_order(  # type: ignore[no-untyped-def]
    successors,
    distance,
    reserved,
    search,
    cell,
    heading,
    first,
    now,
    stops,
    rows,
    services,
    served,
    turning,
    weight,
    out,
):
    """Go on at timestep ``now`` through the stops as they stand; return the status."""
    status, label, made = find_path(
        successors,
        distance,
        reserved,
        search,
        cell,
        heading,
        now,
        stops,
        rows,
        services,
        turning,
        weight,
    )
    out.labels[0] += made
    if status != FOUND:
        return status
    length = search.time[label] - first + 1
    if length > len(out.path):
        return NO_ROOM
    out.length[0] = length
    count = len(stops) - 1
    write_path(
        search,
        label,
        now,
        out.path[now - first :],
        out.heading[now - first :],
        out.start[served : served + count],
        out.end[served : served + count],
    )
    for k in range(count):
        out.order[served + k] = served + k
    return FOUND


@kernel
def _in_best_order(  # type: ignore[no-untyped-def]
    successors,
    distance,
    reserved,
    planner,
    cell,
    heading,
    first,
    stops,
    rows,
    services,
    free,
    backward,
    turning,
    weight,
    out,
):
    """Go next to the stop soonest served, time after time; the fixed stops last.

    Greedy, so it may run into a dead end of other robots' paths: then NO_PATH.
    """
    search, choices = planner.search, planner.choices
    out.labels[0] = 0
    for k in range(free):
        choices.left[k] = free - 1 - k if backward else k
    now = first
    for served in range(free):
        n = free - served
        _weigh(distance, choices, n, cell, stops, rows, free)
        count = _choose(choices, n, stops, rows, services)
        best, label, made = find_next(
            successors,
            distance,
            reserved,
            search,
            cell,
            heading,
            now,
            choices.cell[:count],
            choices.row[:count],
            choices.steps[:count],
            choices.rest_of[:count],
            turning,
        )
        out.labels[0] += made
        if best < 0:
            return TOO_LONG if made == len(search.cell) else NO_PATH
        at = choices.chosen[best]
        stop = choices.left[at]
        arrival = np.int64(search.time[label])
        done = arrival + services[stop]
        if done - first >= len(out.path):
            return NO_ROOM
        write_path(
            search,
            label,
            now,
            out.path[now - first :],
            out.heading[now - first :],
            out.start[:0],
            out.end[:0],
        )
        heading = out.heading[arrival - first]
        cell = stops[stop]
        for t in range(arrival, done + 1):
            out.path[t - first] = cell
            out.heading[t - first] = heading
        out.order[served] = stop
        out.start[served] = arrival
        out.end[served] = done
        for k in range(at, n - 1):
            choices.left[k] = choices.left[k + 1]
        now = done
    return _in_order(
        successors,
        distance,
        reserved,
        search,
        cell,
        heading,
        first,
        now,
        stops[free:],
        rows[free:],
        services[free:],
        free,
        turning,
        weight,
        out,
    )


@kernel
def plan_trip(  # type: ignore[no-untyped-def]
    successors,
    distance,
    reserved,
    planner,
    cell,
    heading,
    first,
    stops,
    rows,
    services,
    fixed,
    direction,
    turning,
    weight,
    out,
):
    """Plan a robot's way through stops and to its resting place, early at the last.

    The order of the stops that are not fixed is chosen on the way, beginning from the
    tour given, its reverse or either; in a dead end, the order is kept as given.

    Parameters
    ----------
    successors : ndarray of int32, shape (cells, 4)
    distance : ndarray of int16, shape (goals, cells)
    reserved : Reservations
        Without the robot's own.
    planner : Planner
    cell, heading, first : int
        Where the robot is, how it stands, and the timestep from which it is free.
    stops, rows, services : ndarray of int32, shape (stops + 1,)
        Cells to stand on, their rows of ``distance``, timesteps of standing; the last
        is the resting place.
    fixed : int
        Stops at the end that keep their order, the resting place among them.
    direction : int
        FORWARD, BACKWARD or EITHER: which way round the tour is tried.
    turning : bool
    weight : float
        See `find_path`.
    out : TripPath

    Returns
    -------
    int
        FOUND, NO_PATH, TOO_LONG when the search is full, or NO_ROOM.
    """
    free = len(stops) - fixed
    last = len(stops) - 2
    best = -1
    worst = FOUND
    labels = np.int64(0)
    trial = planner.trial
    for backward in range(2):
        if free == 0 or (free == 1 and backward == 1):
            break
        if free > 1 and backward == 1 - direction:
            continue
        status = _in_best_order(
            successors,
            distance,
            reserved,
            planner,
            cell,
            heading,
            first,
            stops,
            rows,
            services,
            free,
            backward == 1,
            turning,
            weight,
            trial,
        )
        labels += trial.labels[0]
        worst = max(worst, status)
        if status == FOUND and (best < 0 or trial.end[last] < best):
            best = trial.end[last]
            _copy(trial, out, last + 1)
    if best < 0 and worst <= NO_PATH:
        out.labels[0] = 0
        status = _in_order(
            successors,
            distance,
            reserved,
            planner.search,
            cell,
            heading,
            first,
            first,
            stops,
            rows,
            services,
            0,
            turning,
            weight,
            out,
        )
        out.labels[0] += labels
        return status
    out.labels[0] = labels
    return worst if best < 0 else FOUND


@kernel
def _copy(source, target, stops):  # type: ignore[no-untyped-def]
    length = source.length[0]
    target.length[0] = length
    for k in range(length):
        target.path[k] = source.path[k]
        target.heading[k] = source.heading[k]
    for k in range(stops):
        target.start[k] = source.start[k]
        target.end[k] = source.end[k]
        target.order[k] = source.order[k]
