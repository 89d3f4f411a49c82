"""Windows of orders: few pod visits, against the fewest."""

import itertools
import time

import numpy as np
import pytest

from solvers.pods.window.covers import fewest_visits, plain_bound
from solvers.pods.window.exact import solve_exactly
from solvers.pods.window.partitions import partitions, prove
from solvers.pods.window.problem import WindowChoice, WindowParams, WindowProblem
from solvers.pods.window.solve import solve
from solvers.result import Status, Stop
from tests.pod_windows import window, wrong
from tests.window_check import faults
from warehouse.errors import SolverError


@pytest.mark.parametrize("seed", range(4))
def test_the_search_is_never_below_the_fewest_and_mostly_there(seed):
    problem = window(seed, orders=6, pods=15)
    found = solve(problem, Stop(iterations=300), seed=seed)
    exact = solve(problem, Stop(iterations=50), params=WindowParams(method="exact"))
    assert wrong(problem, found.solution) == wrong(problem, exact.solution) == []
    assert exact.status is Status.OPTIMAL
    assert exact.objective <= found.objective <= exact.objective + 1
    assert found.lower_bound <= exact.objective


def test_each_kind_of_damage_is_found():
    problem = window(1)
    choice = solve(problem, Stop(iterations=5)).solution
    station, brought = choice.station.copy(), choice.brought.copy()
    arrays = (problem.wanted, problem.stock, problem.most_orders)
    assert faults(*arrays, 1 - station, brought)
    assert faults(*arrays, 0 * station, brought)
    pod, where, sku = np.argwhere(brought)[0]
    brought[pod, where, sku] += problem.stock[pod, sku]
    assert any("gives" in fault for fault in faults(*arrays, station, brought))


def test_what_cannot_be_served_is_a_status():
    short = WindowProblem(np.array([[2]]), np.array([[1]]), np.array([1]))
    crowded = WindowProblem(np.array([[1], [1]]), np.array([[9]]), np.array([1]))
    for problem in (short, crowded):
        result = solve(problem)
        assert result.status is Status.INFEASIBLE
        assert result.solution is None


def test_the_same_seed_gives_the_same_choice():
    first, second = (solve(window(2), Stop(iterations=60), seed=4) for _ in range(2))
    assert (first.solution.brought == second.solution.brought).all()


def test_bad_arrays_and_initial_choices_are_refused():
    problem = window(1)
    with pytest.raises(SolverError, match="E301"):
        WindowProblem(np.ones(3, int), problem.stock, problem.most_orders)
    choice = solve(problem, Stop(iterations=1)).solution
    crowded = WindowChoice(0 * choice.station, choice.brought)
    with pytest.raises(SolverError, match="E302"):
        solve(problem, initial=crowded)
    again = solve(problem, Stop(iterations=0), initial=choice).solution
    assert (again.station == choice.station).all()


def test_it_stops_when_time_is_up():
    began = time.perf_counter()
    params = WindowParams(moves=10**9)
    assert solve(window(3), Stop(time_limit_s=0.2), params=params).solution
    assert time.perf_counter() - began < 0.4


@pytest.mark.parametrize("seed", range(6))
def test_fewest_visits_of_a_station_are_those_of_all_sets_of_pods(seed):
    rng = np.random.default_rng(seed)
    stock = rng.integers(0, 3, (7, 3)).astype(np.int32)
    need = rng.integers(0, 5, 3).astype(np.int32)
    enough = [
        count
        for count in range(8)
        for pods in itertools.combinations(stock, count)
        if (sum(pods, np.zeros(3)) >= need).all()
    ]
    fewest = fewest_visits(need, stock)
    assert fewest == min(enough, default=np.inf)
    assert plain_bound(need, stock) <= fewest


def test_with_too_many_states_a_plain_bound_serves():
    need = np.full(12, 3, np.int32)
    stock = np.eye(12, dtype=np.int32) * 3
    assert fewest_visits(need, stock) == plain_bound(need, stock) == 12


def test_ways_with_other_names_or_one_station_less_are_left_out():
    problem = window(0, orders=5, pods=9)
    ways = partitions(problem).tolist()
    assert len(ways) == len({tuple(way) for way in ways})
    assert all(way.count(0) == 2 and way.count(1) == 3 for way in ways)
    three = WindowProblem(problem.wanted, problem.stock, np.array([2, 2, 2]))
    # 15 ways to pair four of five; more stations make no difference to their names.
    assert len(partitions(three)) == 15


@pytest.mark.parametrize("seed", range(3))
def test_the_proof_by_parts_says_what_the_whole_model_says(seed):
    problem = window(seed, orders=5, pods=12)
    start = solve(problem, Stop(iterations=0)).solution
    limits = {"seed": 1, "deterministic_limit": 60.0}
    whole, proved = solve_exactly(problem, start, **limits)
    parts, bound = prove(problem, start, **limits)
    assert wrong(problem, parts) == wrong(problem, whole) == []
    assert parts.visits == bound == whole.visits == proved


def test_a_proof_that_is_stopped_says_a_bound_that_holds():
    problem = window(2)
    start = solve(problem, Stop(iterations=0)).solution
    limits = {"seed": 1, "deterministic_limit": 60.0}
    assert prove(problem, start, interrupted=lambda: True, **limits) == (start, 0.0)
    looks = iter([False] * 8)
    late, bound = prove(problem, start, interrupted=lambda: next(looks, True), **limits)
    assert late is start
    assert bound <= prove(problem, start, **limits)[1]
