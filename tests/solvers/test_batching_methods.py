"""Batching by every method: true, within loads, and the optimum where it is claimed."""

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.batching.local_search import LocalSearchParams, solve
from solvers.batching.methods import BATCHING_METHODS, solve_by
from solvers.batching.problem import BatchingProblem
from solvers.batching.set_costs import remembered_cost, set_cost, set_costs
from solvers.batching.visits import least_costs
from solvers.bounds.batches import least_batches, load_bound
from solvers.result import Status, Stop, Termination
from tests.batching_problems import (
    aisle_batching,
    aisle_batchings,
    faults_of,
    least_cost,
    naive_cost,
)
from warehouse.errors import SolverError

# Without the compiler numpy warns where random bits fall off the end.
pytestmark = pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")


@pytest.mark.kernel
@settings(max_examples=60, deadline=None)
@given(aisle_batchings(), st.data())
def test_costs_of_sets_are_those_of_all_their_places(problem, data):
    costs = set_costs(problem, slots_log2=2)  # so small that costs push each other out
    for _ in range(6):
        chosen = data.draw(st.sets(st.integers(0, max(0, problem.orders - 1))))
        members = np.array([o for o in chosen if o < problem.orders], np.int32)
        if problem.load[members].sum(axis=0).max(initial=0) > problem.capacity.min():
            continue  # no batch: there is no room for its places
        key = np.bitwise_xor.reduce(costs.key[members], initial=np.uint64(0))
        cost = naive_cost(problem, members.tolist())
        assert set_cost(members, len(members), costs) == pytest.approx(cost)
        if len(members):
            found = remembered_cost(members, len(members), key, costs)
            assert found == pytest.approx(cost)


@settings(max_examples=60, deadline=None)
@given(aisle_batchings())
def test_exact_is_the_best_of_all_batchings(problem):
    result = solve_by("exact", problem, Stop())
    best = least_cost(problem)
    assert result.objective == pytest.approx(best)
    if best == math.inf:
        assert result.status == Status.INFEASIBLE
        assert result.solution is None
    else:
        assert result.status == Status.OPTIMAL
        assert faults_of(problem, result.solution) == []


@pytest.mark.kernel
@settings(max_examples=15, deadline=None)
@given(aisle_batchings(), st.sampled_from(BATCHING_METHODS), st.integers(0, 3))
def test_no_method_is_wrong_about_its_value_or_its_bound(problem, method, seed):
    result = solve_by(method, problem, Stop(iterations=60), seed=seed)
    best = least_cost(problem)
    if best == math.inf:
        assert result.status == Status.INFEASIBLE
        return
    assert faults_of(problem, result.solution) == []
    assert result.objective == pytest.approx(sum(b.cost for b in result.solution))
    assert result.lower_bound <= best + 1e-6
    assert result.objective >= best - 1e-6
    if result.status == Status.OPTIMAL:
        assert result.objective == pytest.approx(best)


@pytest.mark.parametrize("seed", range(4))
def test_local_search_proves_small_optima_in_aisles(seed):
    problem = aisle_batching(seed, 9, 4)
    exact = solve_by("exact", problem, Stop())
    found = solve(problem, Stop(iterations=20_000), seed=seed)
    assert found.objective == pytest.approx(exact.objective)
    assert found.status == Status.OPTIMAL


def test_local_search_on_a_matrix_with_boxes():
    points = np.random.default_rng(5).integers(0, 30, (41, 2))
    floor = np.abs(points[:, None] - points[None]).sum(axis=2)
    boxes = np.random.default_rng(6).integers(1, 4, (20, 1))
    problem = BatchingProblem(floor, np.arange(0, 41, 2), np.arange(1, 41), [8], boxes)
    result = solve(problem, Stop(iterations=4_000))
    assert faults_of(problem, result.solution) == []
    assert result.objective < 0.9 * solve_by("fcfs", problem, Stop()).objective
    assert 0 < result.lower_bound <= result.objective


def test_same_seed_and_iterations_same_batches():
    problem = aisle_batching(3, 24, 5)
    params = LocalSearchParams(rounds=2)
    runs = [
        solve(problem, Stop(iterations=6_000), seed=4, params=params) for _ in range(2)
    ]
    assert runs[0].solution == runs[1].solution
    assert runs[0].lower_bound == runs[1].lower_bound


def test_stops_on_time_and_when_told():
    problem = aisle_batching(1, 150, 8, most_places=8)
    solve(problem, Stop(time_limit_s=0.5))  # compiles
    for limit in (0.0, 0.6):
        began = time.perf_counter()
        result = solve(problem, Stop(time_limit_s=limit))
        # Other work on the machine is not to fail this.
        assert time.perf_counter() - began < limit + 1.0
        assert faults_of(problem, result.solution) == []
    result = solve(problem, Stop(interrupted=lambda: True))
    assert result.termination == Termination.INTERRUPTED
    assert faults_of(problem, result.solution) == []


def test_an_order_heavier_than_any_batch_is_infeasible():
    problem = BatchingProblem(np.zeros((1, 1), int), [0, 0, 0], [], [4], [[1], [5]])
    assert problem.too_heavy().tolist() == [1]
    for method in BATCHING_METHODS:
        result = solve_by(method, problem, Stop())
        assert (result.status, result.solution) == (Status.INFEASIBLE, None)


@pytest.mark.kernel
def test_orders_of_which_no_two_fit_together():
    floor = np.abs(np.subtract.outer(np.arange(9), np.arange(9)))
    problem = BatchingProblem(floor, [0, 4, 8], np.arange(1, 9), [3], [[2], [2]])
    for method in BATCHING_METHODS:
        result = solve_by(method, problem, Stop(iterations=50))
        assert faults_of(problem, result.solution) == []
        assert result.objective == 8 + 16


def test_nothing_to_batch():
    problem = BatchingProblem(np.zeros((1, 1), int), [0], [], [4])
    for method in BATCHING_METHODS:
        assert solve_by(method, problem, Stop()).solution == []


@settings(max_examples=80, deadline=None)
@given(aisle_batchings())
def test_bounds_hold_for_the_best_batching(problem):
    best = least_cost(problem)
    if best == math.inf:
        return
    alone = least_costs(problem, set_costs(problem))
    assert load_bound(problem.load, problem.capacity, alone) <= best + 1e-6
    exact = solve_by("exact", problem, Stop())
    assert least_batches(problem.load, problem.capacity) <= len(exact.solution)


def test_bound_holds_where_a_detour_is_shorter():
    # From 0 to 1 it is 9, by way of 2 only 2: an order alone may cost more than both.
    floor = np.array([[0, 9, 1], [9, 0, 1], [1, 1, 0]])
    problem = BatchingProblem(floor, [0, 1, 2], [1, 2], capacity=2)
    exact = solve_by("exact", problem, Stop())
    assert exact.objective == 11
    assert exact.lower_bound <= 11
    assert least_costs(problem, set_costs(problem)).tolist() == [4.0, 2.0]


def test_unknown_and_unfit_methods_are_refused():
    problem = aisle_batching(0, 15, 2)
    with pytest.raises(SolverError, match="E302"):
        solve_by("nonsense", problem, Stop())
    with pytest.raises(SolverError, match="E330"):
        solve_by("exact", problem, Stop())
