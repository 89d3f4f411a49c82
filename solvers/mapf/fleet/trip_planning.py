"""Paths of whole trips against reservations: which stop next, and how to get there."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.mapf.fleet.sipp import (
    FOUND,
    NO_PATH,
    TOO_LONG,
    Reservations,
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


class Ground(NamedTuple):
    """What robots drive on, and how."""

    successors: NDArray[np.int32]  # (cells, 4)
    distance: NDArray[np.int16]  # (goals, cells)
    turning: bool  # whether robots drive forward and turn in place
    weight: float  # of the remaining way, see `find_path`


class Stops(NamedTuple):
    """Where to stand, one entry a stop."""

    cell: NDArray[np.int32]
    row: NDArray[np.int32]  # of the distances
    steps: NDArray[np.int32]  # of standing there


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
    stops: Stops  # (CHOICES,) each
    rest_of: NDArray[np.int64]  # (CHOICES,)


class Planner(NamedTuple):
    """Work arrays of `plan_trip`."""

    search: Search
    choices: Choices
    trial: TripPath


def make_stops(stops: int) -> Stops:
    """Room for some stops."""
    cell, row, steps = (np.empty(stops, np.int32) for _ in range(3))
    return Stops(cell, row, steps)


@lean_kernel
def some_stops(stops: Stops, first: int, end: int) -> Stops:
    """Stops number ``first`` to ``end - 1``, in the same memory."""
    return Stops(stops.cell[first:end], stops.row[first:end], stops.steps[first:end])


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
        make_search(labels, stops),
        Choices(
            left=np.empty(stops, np.int32),
            rest=np.empty(stops, np.int64),
            promise=np.empty(stops, np.int64),
            chosen=np.empty(CHOICES, np.int32),
            stops=make_stops(CHOICES),
            rest_of=np.empty(CHOICES, np.int64),
        ),
        make_trip_path(stops, steps),
    )


@lean_kernel
def _weigh(
    distance: NDArray[np.int16],
    choices: Choices,
    n: int,
    cell: int,
    stops: Stops,
    last: int,
) -> None:
    """Say for each of the n stops left what it promises, were it the next one.

    That is the way to it and then the tour through the others, which keeps their
    order and ends at stop number ``last``.
    """
    left = choices.left
    whole = np.int64(0)
    for k in range(n):
        after = left[k + 1] if k + 1 < n else last
        whole += distance[stops.row[after], stops.cell[left[k]]]
    for k in range(n):
        stop = left[k]
        rest = whole
        if k > 0:
            before = stops.cell[left[k - 1]]
            after = left[k + 1] if k + 1 < n else last
            rest += distance[stops.row[after], before]
            rest -= distance[stops.row[stop], before]
            rest += distance[stops.row[left[0]], stops.cell[stop]]
            rest -= distance[stops.row[after], stops.cell[stop]]
        choices.rest[k] = rest
        choices.promise[k] = rest + distance[stops.row[stop], cell]


@lean_kernel
def _choose(choices: Choices, n: int, stops: Stops) -> int:
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
        choices.stops.cell[j] = stops.cell[stop]
        choices.stops.row[j] = stops.row[stop]
        choices.stops.steps[j] = stops.steps[stop]
        choices.rest_of[j] = choices.rest[best]
    return count


@lean_kernel
def _in_order(
    ground: Ground,
    reserved: Reservations,
    search: Search,
    cell: int,
    heading: int,
    first: int,
    now: int,
    stops: Stops,
    served: int,
    out: TripPath,
) -> int:
    """Go on at timestep ``now`` through the stops as they stand; return the status.

    ``served`` stops are written in ``out`` already, whose path begins at ``first``.
    """
    status, label, made = find_path(
        ground.successors,
        ground.distance,
        reserved,
        search,
        cell,
        heading,
        now,
        stops.cell,
        stops.row,
        stops.steps,
        ground.turning,
        ground.weight,
    )
    out.labels[0] += made
    if status != FOUND:
        return status
    length = search.time[label] - first + 1
    if length > len(out.path):
        return NO_ROOM
    out.length[0] = length
    count = len(stops.cell) - 1
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


@lean_kernel
def _in_best_order(
    ground: Ground,
    reserved: Reservations,
    planner: Planner,
    cell: int,
    heading: int,
    first: int,
    stops: Stops,
    free: int,
    backward: bool,
    out: TripPath,
) -> int:
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
        _weigh(ground.distance, choices, n, cell, stops, free)
        count = _choose(choices, n, stops)
        best, label, made = find_next(
            ground.successors,
            ground.distance,
            reserved,
            search,
            cell,
            heading,
            now,
            choices.stops.cell[:count],
            choices.stops.row[:count],
            choices.stops.steps[:count],
            choices.rest_of[:count],
            ground.turning,
        )
        out.labels[0] += made
        if best < 0:
            return TOO_LONG if made == len(search.cell) else NO_PATH
        at = choices.chosen[best]
        stop = choices.left[at]
        arrival = np.int64(search.time[label])
        done = arrival + stops.steps[stop]
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
        cell = stops.cell[stop]
        for t in range(arrival, done + 1):
            out.path[t - first] = cell
            out.heading[t - first] = heading
        out.order[served] = stop
        out.start[served] = arrival
        out.end[served] = done
        for k in range(at, n - 1):
            choices.left[k] = choices.left[k + 1]
        now = done
    fixed = some_stops(stops, free, len(stops.cell))
    return _in_order(
        ground, reserved, search, cell, heading, first, now, fixed, free, out
    )


@lean_kernel
def plan_trip(
    ground: Ground,
    reserved: Reservations,
    planner: Planner,
    cell: int,
    heading: int,
    first: int,
    stops: Stops,
    fixed: int,
    direction: int,
    thorough: bool,
    out: TripPath,
) -> int:
    """Plan a robot's way through stops and to its resting place, early at the last.

    The order of the stops that are not fixed is chosen on the way, beginning from the
    tour given, its reverse or either, or kept as given: whichever ends first.

    Parameters
    ----------
    ground : Ground
    reserved : Reservations
        Without the robot's own.
    planner : Planner
    cell, heading, first : int
        Where the robot is, how it stands, and the timestep from which it is free.
    stops : Stops
        The last is the resting place.
    fixed : int
        Stops at the end that keep their order, the resting place among them.
    direction : int
        FORWARD, BACKWARD or EITHER: which way round the tour is tried.
    thorough : bool
        Whether the order given is tried even if another was found: it takes most of
        the time, and often ends first.
    out : TripPath

    Returns
    -------
    int
        FOUND, NO_PATH, TOO_LONG when the search is full, or NO_ROOM.
    """
    free = len(stops.cell) - fixed
    last = len(stops.cell) - 2
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
            ground,
            reserved,
            planner,
            cell,
            heading,
            first,
            stops,
            free,
            backward == BACKWARD,
            trial,
        )
        labels += trial.labels[0]
        worst = max(worst, status)
        if status == FOUND and (best < 0 or trial.end[last] < best):
            best = trial.end[last]
            _copy(trial, out, last + 1)
    if best >= 0 and not thorough:
        out.labels[0] = labels
        return FOUND
    if best < 0 and worst > NO_PATH:
        out.labels[0] = labels
        return worst
    trial.labels[0] = 0
    status = _in_order(
        ground,
        reserved,
        planner.search,
        cell,
        heading,
        first,
        first,
        stops,
        0,
        trial,
    )
    labels += trial.labels[0]
    if status == FOUND and (best < 0 or trial.end[last] < best):
        best = trial.end[last]
        _copy(trial, out, last + 1)
    out.labels[0] = labels
    return status if best < 0 else FOUND


@lean_kernel
def _copy(source: TripPath, target: TripPath, stops: int) -> None:
    length = source.length[0]
    target.length[0] = length
    for k in range(length):
        target.path[k] = source.path[k]
        target.heading[k] = source.heading[k]
    for k in range(stops):
        target.start[k] = source.start[k]
        target.end[k] = source.end[k]
        target.order[k] = source.order[k]
