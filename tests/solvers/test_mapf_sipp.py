"""Safe-interval path planning against Dijkstra over timesteps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.mapf.fleet.sipp import (
    FOUND,
    NEVER,
    NO_PATH,
    TOO_LONG,
    Reservations,
    find_next,
    find_path,
    make_search,
    next_busy,
    next_free,
    release,
    reserve,
    write_path,
)
from tests.naive import FAR, earliest_arrival
from tests.strategies import scattered_layouts
from warehouse.distances import UNREACHABLE, DistanceTable
from warehouse.grid import Grid

pytestmark = [
    pytest.mark.kernel,
    # Without the compiler numpy warns where random bits fall off the end.
    pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning"),
]
HORIZON = 70
"""All reservations end before; more than one word of 64 timesteps."""


def reservations(cells, taken, rests):
    busy = np.zeros((cells, HORIZON // 64 + 1), np.uint64)
    rest_from = np.full(cells, NEVER, np.int32)
    reserved = Reservations(busy, rest_from)
    for cell, t in taken:
        reserve(reserved, np.array([cell], np.int32), t)
    for cell, t in rests.items():
        rest_from[cell] = t
    return reserved


@st.composite
def crowds(draw, one_piece=False):
    """A floor on which others go their ways, and stops for one more robot.

    Who the others are is not known, only where somebody is when: random walks that
    may run into each other, some of which end in a rest.
    """
    grid = Grid.from_layout(draw(scattered_layouts(most_rows=4, most_cols=5)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    floor = np.flatnonzero(grid.drivable)
    start, first = int(rng.choice(floor)), int(rng.integers(0, 5))
    if one_piece:
        table = DistanceTable(grid)
        ways = np.maximum(table.to(start), table.from_any([start]))
        floor = np.flatnonzero(ways < UNREACHABLE)
    taken, rests = set(), {}
    for _ in range(draw(st.integers(0, 5))):
        cell, t = int(rng.choice(floor)), int(rng.integers(0, HORIZON // 2))
        while t < HORIZON and rng.random() < 0.97:
            taken.add((cell, t))
            ways = [cell, *grid.successors[cell][grid.successors[cell] >= 0]]
            cell, t = int(rng.choice(ways)), t + 1
        if rng.random() < 0.2:
            rests[cell] = min(t, rests.get(cell, t))
    taken = {
        (c, t) for c, t in taken if (c, t) != (start, first) and t < rests.get(c, FAR)
    }
    rests = {c: t for c, t in rests.items() if c != start or t > first}
    stops = rng.choice(floor, draw(st.integers(1, 3)))
    services = rng.integers(0, 6, len(stops))
    services[-1] = 0
    turning = draw(st.booleans())
    robot = start, int(rng.integers(0, 4)) if turning else 0, first
    return grid, taken, rests, robot, stops, services, turning


def plan(crowd, weight, labels=1 << 12):
    grid, taken, rests, robot, stops, services, turning = crowd
    table = DistanceTable(grid)
    rows = table.rows(stops)
    search = make_search(labels, 64)
    status, label, _ = find_path(
        grid.successors,
        table.data,
        reservations(grid.cells, taken, rests),
        search,
        *robot,
        stops.astype(np.int32),
        rows,
        services.astype(np.int32),
        turning,
        weight,
    )
    return status, label, search


def optimum(crowd):
    grid, taken, rests, robot, stops, services, turning = crowd
    return earliest_arrival(
        grid,
        taken,
        rests,
        robot,
        stops.tolist(),
        services.tolist(),
        turning,
        HORIZON,
    )


def path_faults(crowd, label, search):
    """What is wrong with the path of the robot among the reservations."""
    grid, taken, rests, robot, stops, services, turning = crowd
    cell, heading, first = robot
    steps = int(search.time[label]) - first + 1
    path, headings = np.full(steps, -1, np.int32), np.full(steps, -1, np.int8)
    start, end = (np.full(len(stops) - 1, -1, np.int32) for _ in range(2))
    write_path(search, label, first, path, headings, start, end)
    faults = []
    if (path[0], headings[0], path[-1]) != (cell, heading, stops[-1]):
        faults.append(f"goes from {path[0]} to {path[-1]}")
    for k in range(1, steps):
        a, b, t = int(path[k - 1]), int(path[k]), first + k
        turn = (int(headings[k]) - int(headings[k - 1])) % 4
        if (b, t) in taken or t >= rests.get(b, FAR):
            faults.append(f"is in cell {b} at {t}, where somebody is")
        lost = (a, t) in taken or t >= rests.get(a, FAR)
        if a != b and (b, t - 1) in taken and lost:
            faults.append(f"swaps {a} and {b} at {t}")
        if turn == 2 or (turn and (a != b or not turning)):
            faults.append(f"turns by {turn} at {t}")
        legal = grid.successors[a, headings[k]] if turning else grid.successors[a]
        if a != b and b not in np.atleast_1d(legal):
            faults.append(f"jumps from {a} to {b} at {t}")
    for k in range(len(stops) - 1):
        stood = path[start[k] - first : end[k] - first + 1]
        faced = headings[start[k] - first : end[k] - first + 1]
        if set(stood) != {stops[k]} or len(set(faced)) != 1:
            faults.append(f"does not stand still at stop {k}")
        if end[k] - start[k] != services[k]:
            faults.append(f"serves stop {k} from {start[k]} to {end[k]}")
        if k and start[k] < end[k - 1]:
            faults.append(f"serves stop {k} before the last")
    rest_taken = any(c == path[-1] and t >= first + steps - 1 for c, t in taken)
    if rest_taken or path[-1] in rests:
        faults.append("rests where somebody comes")
    return faults


@settings(max_examples=250)
@given(crowds())
def test_paths_are_the_earliest_there_are(crowd):
    best = optimum(crowd)
    status, label, search = plan(crowd, 1.0)
    if best is None:
        assert status == NO_PATH
    else:
        assert status == FOUND
        assert search.time[label] == best
        assert path_faults(crowd, label, search) == []


def test_a_stop_is_left_unserved_where_serving_would_lock_the_robot_in():
    # It faces the wall and its stop is wanted from timestep 3 on: it has no time to
    # serve and turn, so it goes away first and comes back later.
    grid = Grid.from_arrays(np.ones((1, 4), bool))
    taken = {(3, 3), (3, 4), (3, 5)}
    crowd = grid, taken, {}, (3, 0, 0), np.array([3, 1]), np.array([2, 0]), True
    status, label, search = plan(crowd, 1.0)
    assert status == FOUND
    assert search.time[label] == optimum(crowd) == 12
    assert path_faults(crowd, label, search) == []


@settings(max_examples=100)
@given(crowds(), st.sampled_from([1.2, 2.0, 5.0]))
def test_weighted_paths_are_late_by_the_weight_at_most(crowd, weight):
    best = optimum(crowd)
    status, label, search = plan(crowd, weight)
    first = crowd[3][2]
    if best is None:
        assert status == NO_PATH
    else:
        assert status == FOUND
        # Keys are counted in 64ths of a timestep.
        assert best <= search.time[label] <= first + weight * (best - first) + 1 / 32
        assert path_faults(crowd, label, search) == []


@settings(max_examples=60)
@given(crowds(), st.integers(16, 64))
def test_a_search_that_is_full_says_so(crowd, labels):
    status, label, search = plan(crowd, 1.0, labels)
    if status == FOUND:
        assert search.time[label] == optimum(crowd)
    elif status == NO_PATH:
        assert optimum(crowd) is None
    else:
        assert status == TOO_LONG


def test_many_gaps_in_front_of_a_robot_do_not_overflow_the_search():
    # A resting robot between two aisles, each entered every other timestep.
    grid = Grid.from_arrays(np.ones((1, 3), bool))
    steps = 64 * 40
    busy = np.zeros((3, steps // 64), np.uint64)
    busy[[0, 2]] = 0x5555555555555555
    reserved = Reservations(busy, np.full(3, NEVER, np.int32))
    table = DistanceTable(grid)
    stops = np.array([0, 2], np.int32)
    rows = table.rows(stops)
    search = make_search(100, 64)
    guard = search.cell[-1:].copy()
    one = np.array([2, 0], np.int32)
    status, _, made = find_path(
        grid.successors, table.data, reserved, search, 1, 0, 0, stops, rows, one,
        False, 1.0,
    )  # fmt: skip
    assert status == TOO_LONG
    assert made <= 100
    assert len(guard) == 1


@settings(max_examples=100)
@given(crowds(one_piece=True))
def test_the_next_stop_is_the_one_soonest_behind_us(crowd):
    grid, taken, rests, robot, stops, services, turning = crowd
    table = DistanceTable(grid)
    rows = table.rows(stops)
    rest = np.arange(len(stops), dtype=np.int64)[::-1].copy() * 3
    search = make_search(1 << 13, 64)
    best, label, _ = find_next(
        grid.successors,
        table.data,
        reservations(grid.cells, taken, rests),
        search,
        *robot,
        stops.astype(np.int32),
        rows,
        services.astype(np.int32),
        rest,
        turning,
    )
    naive = earliest_services(crowd)
    scores = [
        FAR if t is None else t + int(left) for t, left in zip(naive, rest, strict=True)
    ]
    if min(scores) == FAR:
        assert best == -1
    else:
        assert scores[best] == min(scores)
        assert search.time[label] == naive[best]


def earliest_services(crowd):
    """First timesteps at which each stop can be served: all states, step by step."""
    grid, taken, rests, (cell, heading, t), stops, services, turning = crowd

    def is_free(cell, t):
        return (cell, t) not in taken and t < rests.get(cell, FAR)

    def swaps(near, cell, t):
        return (near, t) in taken and not is_free(cell, t + 1)

    found = [None] * len(stops)
    states = {(cell, heading)}
    while t < HORIZON + 6 * grid.cells:
        for k, (stop, length) in enumerate(zip(stops, services, strict=True)):
            stays = all(is_free(stop, t + i) for i in range(length + 1))
            if found[k] is None and stays and any(c == stop for c, _ in states):
                found[k] = t
        following = set(states)
        for cell, heading in states:
            for d in range(4):
                near = int(grid.successors[cell, d])
                if turning and d != heading:
                    if (d - heading) % 4 != 2:
                        following.add((cell, d))
                elif near >= 0 and not swaps(near, cell, t):
                    following.add((near, heading))
        t += 1
        states = {(cell, h) for cell, h in following if is_free(cell, t)}
    return found


@given(
    st.sets(st.integers(0, 199)),
    st.one_of(st.none(), st.integers(0, 220)),
    st.integers(0, 250),
)
def test_busy_and_free_times_are_those_of_a_plain_list(times, rest, t):
    times = {k for k in times if rest is None or k < rest}
    busy = np.zeros((1, 4), np.uint64)
    rest_from = np.array([NEVER if rest is None else rest], np.int32)
    reserved = Reservations(busy, rest_from)
    for k in times:
        reserve(reserved, np.zeros(1, np.int32), k)

    def is_busy(k):
        return k in times or (rest is not None and k >= rest)

    later = range(t, 500)
    assert next_free(reserved, 0, t) == next(
        (k for k in later if not is_busy(k)), NEVER
    )
    if not is_busy(t):
        assert next_busy(reserved, 0, t) == next(
            (k for k in later if is_busy(k)), NEVER
        )


@given(st.integers(0, 150), st.lists(st.integers(0, 3), min_size=1, max_size=40))
def test_what_is_released_is_as_before(first, path):
    busy = np.zeros((4, 4), np.uint64)
    busy[:, 0] = 0xFF << 56
    before = busy.copy()
    reserved = Reservations(busy, np.full(4, NEVER, np.int32))
    cells = np.array(path, np.int32)
    where = set(zip(path, range(first, first + len(path)), strict=True))
    reserve(reserved, cells, first)
    for cell, t in np.ndindex(4, 256):
        bit = int(busy[cell, t >> 6]) >> (t & 63) & 1
        assert bit == ((cell, t) in where or 56 <= t < 64)
    release(reserved, cells, first)
    overlap = {(cell, t) for cell, t in where if 56 <= t < 64}
    for cell, t in np.ndindex(4, 256):
        bit = int(busy[cell, t >> 6]) >> (t & 63) & 1
        assert bit == (int(before[cell, t >> 6]) >> (t & 63) & 1) - (
            (cell, t) in overlap
        )
