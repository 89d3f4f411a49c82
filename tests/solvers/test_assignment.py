"""Assignment: as many pairs as possible, then the cheapest, against brute force."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.assignment import AssignmentProblem, assign, assign_sparse, solve
from solvers.assignment.linear_assignment import fits_dense, match_dense
from solvers.assignment.min_cost_flow import match_edges
from solvers.result import Status
from warehouse.errors import SolverError


@st.composite
def matrices(draw, largest=5):
    rows = draw(st.integers(0, largest))
    columns = draw(st.integers(0, largest))
    size = rows * columns
    cost = draw(st.lists(st.integers(-6, 30), min_size=size, max_size=size))
    forbidden = draw(st.lists(st.booleans(), min_size=size, max_size=size))
    return (
        np.array(cost, np.int64).reshape(rows, columns),
        np.array(forbidden, bool).reshape(rows, columns),
    )


def best_by_trying(cost, allowed):
    """(pairs, least cost) over all matchings, by recursion over the rows."""
    rows, columns = cost.shape

    @cache
    def best(row, taken):
        if row == rows:
            return 0, 0
        pairs, total = best(row + 1, taken)
        options = [(-pairs, total)]
        for column in range(columns):
            if allowed[row, column] and not taken >> column & 1:
                pairs, total = best(row + 1, taken | 1 << column)
                options.append((-pairs - 1, total + int(cost[row, column])))
        pairs, total = min(options)
        return -pairs, total

    return best(0, 0)


def value(pairs, cost, allowed):
    assert (np.diff(pairs[:, 0]) > 0).all()
    assert len(np.unique(pairs[:, 1])) == len(pairs)
    assert allowed[pairs[:, 0], pairs[:, 1]].all()
    return len(pairs), int(cost[pairs[:, 0], pairs[:, 1]].sum())


@settings(deadline=None, max_examples=200)
@given(matrices())
def test_every_way_to_match_finds_the_best(matrix):
    cost, forbidden = matrix
    allowed = ~forbidden
    robot, trip = (index.astype(np.int32) for index in np.nonzero(allowed))
    best = best_by_trying(cost, allowed)
    edges = match_edges(*cost.shape, robot, trip, cost[allowed])
    assert value(assign(cost, forbidden), cost, allowed) == best
    assert value(assign_sparse(robot, trip, cost[allowed]), cost, allowed) == best
    assert value(match_dense(cost, allowed), cost, allowed) == best
    assert value(edges, cost, allowed) == best
    result = solve(AssignmentProblem.from_matrix(cost, forbidden))
    assert (len(result.solution.pairs), result.objective) == best
    assert result.status == Status.OPTIMAL
    assert result.lower_bound == result.objective


@settings(deadline=None, max_examples=50)
@given(matrices())
def test_without_forbidden_pairs_the_smaller_side_is_matched_whole(matrix):
    cost, _ = matrix
    everything = np.ones(cost.shape, bool)
    assert value(assign(cost), cost, everything) == best_by_trying(cost, everything)
    assert len(assign(cost)) == min(cost.shape)


def test_dense_and_sparse_agree_on_a_large_matrix():
    rng = np.random.default_rng(1)
    cost = rng.integers(0, 10_000, (120, 110))
    forbidden = rng.random(cost.shape) < 0.9
    robot, trip = (index.astype(np.int32) for index in np.nonzero(~forbidden))
    dense = match_dense(cost, ~forbidden)
    sparse = match_edges(*cost.shape, robot, trip, cost[~forbidden])
    assert value(dense, cost, ~forbidden) == value(sparse, cost, ~forbidden)


def test_costs_too_large_for_the_dense_method_are_still_solved():
    rng = np.random.default_rng(2)
    cost = rng.integers(-(2**36), 2**36, (80, 80))
    forbidden = rng.random(cost.shape) < 0.5
    small = cost >> 16
    assert not fits_dense(np.tile(cost, (10, 10)), np.tile(~forbidden, (10, 10)))
    assert fits_dense(small, ~forbidden)
    assert value(assign(cost, forbidden), cost, ~forbidden)[0] == 80


def test_the_same_costs_give_the_same_pairs():
    cost = np.random.default_rng(4).integers(0, 5, (40, 45))
    assert assign(cost).tobytes() == assign(cost.copy()).tobytes()
    wide = np.random.default_rng(4).integers(0, 5, (10, 45))
    assert assign(wide).tobytes() == assign(wide.copy()).tobytes()


def test_gaps_in_the_numbering_of_sparse_edges_do_no_harm():
    pairs = assign_sparse(np.array([9, 9, 3]), np.array([100, 2, 2]), [4, 1, 1])
    assert pairs.tolist() == [[3, 2], [9, 100]]


@pytest.mark.parametrize(
    ("cost", "forbidden", "code"),
    [
        ([1, 2], None, "E301"),
        ([[1.5, 2.0]], None, "E301"),
        ([[float("nan")]], None, "E301"),
        ([[2**37]], None, "E302"),
        ([[1, 2]], [[True]], "E301"),
        ([[1, 2]], [[0, 1]], "E301"),
    ],
)
def test_bad_matrices_are_refused(cost, forbidden, code):
    with pytest.raises(SolverError) as caught:
        assign(cost, forbidden)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("robot", "trip", "cost", "code"),
    [
        ([0, 1], [0], [1, 2], "E301"),
        ([0.0], [0], [1], "E301"),
        ([0], [float("nan")], [1], "E301"),
        ([-1], [0], [1], "E303"),
        ([0, 0], [1, 1], [1, 2], "E303"),
        ([0], [0], [float("nan")], "E301"),
    ],
)
def test_bad_edges_are_refused(robot, trip, cost, code):
    with pytest.raises(SolverError) as caught:
        assign_sparse(robot, trip, cost)
    assert caught.value.code == code


def test_an_edge_to_no_robot_is_refused():
    with pytest.raises(SolverError, match="E303 got robot 2; need 0 to 1"):
        AssignmentProblem(2, 1, np.array([2]), np.array([0]), np.array([1]))
