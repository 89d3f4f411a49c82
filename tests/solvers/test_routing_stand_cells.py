"""The scan for the cell to stand on."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvers.routing.stand_cells import EXACT_STOPS, choose_stands, tour_over_stands
from tests.naive_routing import best_stands_length, path_length
from warehouse.errors import SolverError

pytestmark = pytest.mark.kernel


@st.composite
def stand_problems(draw, least_stops=0, most_stops=4):
    stops = draw(st.integers(least_stops, most_stops))
    places = draw(st.integers(4, 9))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    points = rng.integers(0, 15, (places, 2))
    dist = np.abs(points[:, None] - points[None]).sum(axis=2)
    if draw(st.booleans()):
        dist = dist + rng.integers(0, 5, dist.shape)
        np.fill_diagonal(dist, 0)
    candidates = rng.integers(-1, places, (stops, 4))
    candidates[np.arange(stops), rng.integers(0, 4, stops)] = rng.integers(
        0, places, stops
    )
    start, end = (int(place) for place in rng.integers(0, places, 2))
    return dist.astype(np.int32), candidates.astype(np.int32), start, end


@given(stand_problems())
def test_choice_for_a_fixed_order_is_best(problem):
    dist, candidates, start, end = problem
    stops = len(candidates)
    order = np.random.default_rng(stops).permutation(stops).astype(np.int32)
    places = np.zeros(stops, np.int32)
    table = np.zeros((stops, 4, 2), np.int64)
    length = choose_stands(dist, candidates, order, stops, start, end, places, table)
    assert length == best_stands_length(dist, candidates, order, start, end)
    assert length == path_length(dist, [start, *places[order].tolist(), end])
    assert all(places[stop] in candidates[stop] for stop in range(stops))


@given(stand_problems())
def test_few_stops_are_solved_exactly(problem):
    dist, candidates, start, end = problem
    tour = tour_over_stands(dist, candidates, start, end)
    assert tour_faults(problem, tour) == []
    assert tour.length == min(
        best_stands_length(dist, candidates, order, start, end)
        for order in permutations(range(len(candidates)))
    )


@given(stand_problems(least_stops=EXACT_STOPS + 1, most_stops=12))
def test_many_stops_are_solved_well(problem):
    dist, candidates, start, end = problem
    tour = tour_over_stands(dist, candidates, start, end)
    assert tour_faults(problem, tour) == []
    # No other choice of places is better for its order.
    places, table = np.zeros(12, np.int32), np.zeros((12, 4, 2), np.int64)
    stops = len(candidates)
    assert tour.length == choose_stands(
        dist, candidates, tour.order, stops, start, end, places, table
    )


def tour_faults(problem, tour):
    dist, candidates, start, end = problem
    stops = range(len(candidates))
    faults = []
    if sorted(tour.order.tolist()) != list(stops):
        faults.append(f"order {tour.order}")
    if any(tour.places[stop] not in candidates[stop] for stop in stops):
        faults.append(f"places {tour.places}")
    walked = [start, *tour.places[tour.order].tolist(), end]
    if tour.length != path_length(dist, walked):
        faults.append(f"length {tour.length}")
    return faults


def test_stands_on_the_side_where_the_next_stop_is():
    # Places 0..4 on a line, start and end at 0 and 4; the stop has both sides.
    line = np.abs(np.subtract.outer(np.arange(5), np.arange(5))).astype(np.int32)
    candidates = np.array([[1, 3, -1, -1], [2, -1, -1, -1]], np.int32)
    tour = tour_over_stands(line, candidates, 0, 4)
    assert tour.length == 4


def test_many_stops():
    rng = np.random.default_rng(0)
    points = rng.integers(0, 60, (300, 2))
    dist = np.abs(points[:, None] - points[None]).sum(axis=2).astype(np.int16)
    candidates = np.array(
        [np.argsort(dist[place])[:4] for place in range(40)], np.int32
    )
    tour = tour_over_stands(dist, candidates, 299, 299)
    fixed = tour_over_stands(dist, candidates[:, :1].copy(), 299, 299)
    assert sorted(tour.order.tolist()) == list(range(40))
    assert tour.length < fixed.length


@pytest.mark.parametrize(
    ("candidates", "start", "words"),
    [
        (np.zeros(3, np.int32), 0, "candidates"),
        (np.full((2, 4), -1, np.int32), 0, "stop 0 without"),
        (np.array([[5]], np.int32), 0, "candidate outside"),
        (np.array([[1]], np.int32), 5, "start"),
    ],
)
def test_bad_calls_are_refused(candidates, start, words):
    with pytest.raises(SolverError, match=words):
        tour_over_stands(np.zeros((5, 5), np.int32), candidates, start, 0)
