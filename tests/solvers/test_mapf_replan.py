"""The path of one robot among others: as cheap as trying every step would find it."""

import heapq

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.mapf.distances import distance_rows
from solvers.mapf.floor import Floor
from solvers.mapf.one_shot.replan import SPENT, find_path, make_search, write_path
from solvers.mapf.one_shot.reservations import (
    empty_reservations,
    is_clear,
    last_busy,
    release,
    reserve,
)
from solvers.mapf.one_shot.turning import turning_rows
from tests import naive
from tests.naive_mapf import joint_moves
from tests.strategies import rooms
from warehouse.grid import Grid

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning"),
]
HORIZON = 40


def cheapest(floor, others, start, goal, turning, rests):
    """Least cost among others, step by step; None where nothing comes in time."""
    last = len(others) - 1
    heap, seen = [(0, 0, start)], set()
    while heap:
        cost, t, state = heapq.heappop(heap)
        if (t, state) in seen or t > HORIZON:
            continue
        seen.add((t, state))
        vertex = state >> 2 if turning else state
        later = range(t, max(last, t) + 1)
        if vertex == goal and all(goal not in others[min(k, last)] for k in later):
            return cost
        options = [state, *floor.successors[vertex].tolist()]
        if turning:
            ahead = int(floor.successors[vertex, state & 3])
            turned = [vertex * 4 + (state + k) % 4 for k in (1, 3)]
            options = [state, *turned, ahead * 4 + (state & 3) if ahead >= 0 else -1]
        now, then = others[min(t, last)], others[min(t + 1, last)]
        for after in options:
            to = after >> 2 if turning else after
            met = to in then
            swapped = (to, vertex) in zip(now, then, strict=True)
            if after >= 0 and not met and not (swapped and to != vertex):
                stays = rests and vertex == to == goal
                heapq.heappush(heap, (cost + (not stays), t + 1, after))
    return None


@settings(max_examples=40, deadline=None)
@given(rooms(4, 4), st.integers(0, 10_000), st.booleans(), st.booleans(), st.booleans())
def test_as_cheap_as_can_be(grid, seed, turning, rests, waits):
    floor, random = Floor.from_grid(grid), np.random.default_rng(seed)
    shift = 2 if turning else 0
    places = random.permutation(floor.vertices)
    start, others = int(places[0]), [places[1:3].tolist()]
    for _ in range(12):
        options = list(joint_moves(floor.successors, others[-1]))
        others.append(list(options[random.integers(len(options))]))
    goal = int(random.integers(floor.vertices))
    state = start * 4 + int(random.integers(4)) if turning else start
    reserved = empty_reservations(floor.vertices, 1)
    for robot in range(2):
        path = np.array([row[robot] for row in others], np.int32)
        arrival = int((path[::-1] != path[-1]).argmax())
        arrival = len(path) - arrival if (path != path[-1]).any() else 0
        reserve(reserved, floor.successors, 0, path, arrival)
    rows = distance_rows(floor, [goal])
    if turning:
        rows = turning_rows(floor, np.array([goal], np.int32))
    search = make_search(floor.vertices << shift, 64, 4000, seed)
    free_from = 0 if rests else int(last_busy(reserved.busy, goal)) + 1
    label, _ = find_path(
        floor.successors,
        rows[0],
        reserved,
        search,
        state,
        goal,
        free_from,
        (HORIZON, HORIZON, 4000, 0),
        shift,
        rests,
        waits,
    )
    least = cheapest(floor, others, state, goal, turning, rests)
    assert (least is None) == (label < 0)
    if least is None:
        return
    path = np.zeros(64, np.int32)
    arrival = write_path(search, label, shift, path)
    # Who may wait for the goal may come later than possible, but comes.
    spent = int(search.labels[label, SPENT])
    assert spent >= least
    assert spent == least or (waits and not rests)
    path = path[: arrival + 1]
    assert is_clear(reserved, floor.successors, shift, path, arrival)
    rows = [[int(v), *others[min(t, 12)]] for t, v in enumerate(path >> shift)]
    assert naive.motion_faults(grid, floor.cell_of[np.array(rows)]) == []
    away = (path[:-1] >> shift != goal) | (path[1:] >> shift != goal)
    assert (away.sum() if rests else arrival) == spent


def test_what_is_released_is_free_again():
    floor = Floor.from_grid(Grid.from_arrays(np.ones((1, 3), bool)))
    reserved = empty_reservations(3, 1)
    path = np.array([0, 1, 2], np.int32)
    reserve(reserved, floor.successors, 0, path, 2)
    assert not is_clear(reserved, floor.successors, 0, path[::-1].copy(), 2)
    release(reserved, 0, path, 2)
    assert is_clear(reserved, floor.successors, 0, path[::-1].copy(), 2)
