"""Windows of orders: few pod visits, against the fewest."""

import time

import numpy as np
import pytest

from solvers.pods.window.problem import WindowChoice, WindowParams, WindowProblem
from solvers.pods.window.solve import solve
from solvers.result import Status, Stop
from tests.window_check import faults
from warehouse.errors import SolverError


def window(seed: int, orders: int = 10, pods: int = 50) -> WindowProblem:
    """Orders of mostly one or two lines of skewed SKUs, pods of several."""
    rng = np.random.default_rng(seed)
    skus = 40
    share = 1.0 / np.arange(1, skus + 1)
    share /= share.sum()
    wanted = np.zeros((orders, skus), np.int32)
    stock = np.zeros((pods, skus), np.int32)
    for order in wanted:
        lines = rng.choice([1, 2, 3, 4], p=[0.54, 0.36, 0.09, 0.01])
        chosen = rng.choice(skus, lines, False, share)
        order[chosen] = rng.integers(1, 3, len(chosen))
    for pod in stock:
        chosen = rng.choice(skus, rng.integers(3, 9), False)
        pod[chosen] = rng.integers(1, 6, len(chosen))
    stock[rng.integers(pods, size=skus), np.arange(skus)] += wanted.sum(0)
    return WindowProblem(wanted, stock, np.array([orders // 2, orders - orders // 2]))


def wrong(problem, choice):
    arrays = (problem.wanted, problem.stock, problem.most_orders)
    return faults(*(a.tolist() for a in (*arrays, choice.station, choice.brought)))


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
