"""Which robot takes which task of a pool: held to naive versions and exact methods."""

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.assignment.min_cost_flow import match_edges
from solvers.mapf.floor import Floor
from solvers.mapf.lifelong.task_assignment import NEVER
from solvers.mapf.lifelong.task_flow import cheapest_columns, match_cheapest
from solvers.mapf.lifelong.tasks import METHODS, AssignmentParams, TaskPool
from warehouse.errors import SolverError
from warehouse.grid import Grid


@st.composite
def matrices(draw):
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    costs = st.sampled_from([0, 1, 2, 3, 5, 8, NEVER])
    drawn = draw(st.lists(costs, min_size=rows * columns, max_size=rows * columns))
    return np.array(drawn, np.int32).reshape(rows, columns)


def cheapest_by_trying(costs, most):
    """Return the largest number of pairs up to ``most``, and their least cost."""
    rows, columns = costs.shape
    for size in range(min(rows, columns, most), 0, -1):
        sums = [
            sum(int(costs[pair]) for pair in zip(some, others, strict=True))
            for some in combinations(range(rows), size)
            for others in permutations(range(columns), size)
            if all(costs[pair] < NEVER for pair in zip(some, others, strict=True))
        ]
        if sums:
            return size, min(sums)
    return 0, 0


@pytest.mark.kernel
@given(matrices(), st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_lists_of_candidates_are_the_naive_ones(costs, listed):
    columns = np.empty((len(costs), listed), np.int32)
    cheapest_columns(costs, columns)
    for row, found in zip(costs, columns.tolist(), strict=True):
        order = sorted(np.flatnonzero(row < NEVER).tolist(), key=lambda j: row[j])
        order = order[:listed]
        assert found == order + [-1] * (listed - len(order))


@given(matrices(), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_the_flow_is_the_best_of_all_matchings(costs, most):
    task_of = match_cheapest(costs, most, listed=4)
    busy = np.flatnonzero(task_of >= 0)
    assert len(set(task_of[busy].tolist())) == len(busy)
    paid = int(costs[busy, task_of[busy]].sum())
    assert (len(busy), paid) == cheapest_by_trying(costs, most)


def test_short_lists_lose_little():
    rng = np.random.default_rng(5)
    robots, tasks = rng.integers(0, 100, (60, 2)), rng.integers(0, 100, (90, 2))
    costs = np.abs(robots[:, None] - tasks).sum(axis=2).astype(np.int32)
    paid = [
        int(costs[np.arange(60), match_cheapest(costs, 60, listed)].sum())
        for listed in (8, 90)
    ]
    assert paid[1] <= paid[0] <= 1.02 * paid[1]


def test_a_limit_of_none_matches_all_that_can_be():
    robot, trip = np.array([0, 1, 1], np.int32), np.array([0, 0, 1], np.int32)
    cost = np.array([1, -9, 5])
    assert match_edges(2, 2, robot, trip, cost).tolist() == [[0, 0], [1, 1]]
    assert match_edges(2, 2, robot, trip, cost, 1).tolist() == [[1, 0]]
    assert match_edges(2, 2, robot, trip, cost, 0).tolist() == []


def pool_on(cols, errands, open_tasks, method):
    floor = Floor.from_grid(Grid.from_arrays(np.ones((1, cols), bool)))
    pool = TaskPool(errands, open_tasks, AssignmentParams(method, active_share=1.0))
    return pool.begin(floor, np.zeros(2, np.int32), "omni")


@pytest.mark.parametrize("method", METHODS)
def test_no_task_is_given_twice_and_what_is_begun_is_kept(method):
    rng = np.random.default_rng(8)
    errands = list(rng.integers(0, 30, (50, 2)).astype(np.int32))
    pool = pool_on(30, errands, 6, method)
    at, begun = np.array([0, 29], np.int32), {}
    for t in range(120):
        goals = pool.visit(t, at, None)
        holders = {}
        for _, robot, task in pool.assignments:
            if task >= 0:
                holders[task] = robot
        for _, robot, task, _ in pool.events().tolist():
            assert begun.setdefault(task, robot) == robot == holders[task]
        at = (at + np.sign(goals - at)).astype(np.int32)
    assert pool.finished > 5


def test_only_nearest_keeps_a_task_that_is_not_begun():
    # Robot 0 gets the only task; then robot 1 comes to stand beside its errand.
    wanted = {}
    for method in METHODS:
        pool = pool_on(9, [[8]], 1, method)
        assert pool.visit(0, np.array([5, 0], np.int32), None).tolist() == [8, -1]
        wanted[method] = pool.visit(1, np.array([5, 7], np.int32), None).tolist()
    assert wanted == {"nearest": [8, -1], "greedy": [-1, 8], "flow": [-1, 8]}


def test_an_unknown_method_is_refused():
    with pytest.raises(SolverError) as caught:
        AssignmentParams("best")
    assert caught.value.code == "E302"
