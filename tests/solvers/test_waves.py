"""Waves: against all waves of small problems, bounds, limits, sameness."""

import time
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.result import Status, Stop, Termination
from solvers.waves.arrays import wave_arrays
from solvers.waves.bound import AisleBound
from solvers.waves.cp_sat import ExactWave
from solvers.waves.incumbent import Incumbent
from solvers.waves.problem import METHODS, Wave, WaveParams, WaveProblem
from solvers.waves.recover import recover_wave
from solvers.waves.reduce import reduce_problem
from solvers.waves.schedule import HEATS, LEVELS, Schedule
from solvers.waves.solve import load_kernels, solve
from tests.naive_waves import best_ratio, wave_problem, wave_problems
from warehouse.check.wave import check_wave
from warehouse.errors import SolverError

FEW = settings(max_examples=30)


def random_problem(orders=200, items=80, aisles=30, seed=1):
    """Orders of one to four lines; a wave of 50 to 300 units."""
    rng = np.random.default_rng(seed)

    def rows(count, longest, most):
        return [
            [
                (int(item), int(rng.integers(1, most)))
                for item in rng.integers(0, items, rng.integers(1, longest))
            ]
            for _ in range(count)
        ]

    return wave_problem(items, rows(orders, 5, 4), rows(aisles, 20, 9), 50, 300)


def assert_keeps_every_rule(problem, result):
    wave = result.solution
    assert check_wave(problem, wave.orders, wave.aisles) == []
    assert result.objective == wave.units_per_aisle
    assert result.objective <= result.upper_bound + 1e-9
    assert result.gap >= 0


@FEW
@given(wave_problems())
def test_auto_finds_and_proves_the_best_of_all_waves(problem):
    best = best_ratio(problem)
    result = solve(problem, Stop(iterations=1))
    if best is None:
        assert result.status is Status.INFEASIBLE
        assert result.solution is None
        return
    assert_keeps_every_rule(problem, result)
    assert result.status is Status.OPTIMAL
    assert result.objective == pytest.approx(float(best))
    assert result.upper_bound == pytest.approx(float(best))


@FEW
@given(wave_problems(), st.sampled_from(["greedy", "annealing", "cp-sat"]))
def test_no_method_beats_the_best_or_claims_too_much(problem, method):
    best = best_ratio(problem)
    result = solve(problem, Stop(iterations=1), params=WaveParams(method=method))
    if best is None:
        assert result.solution is None
        assert result.status in (Status.INFEASIBLE, Status.UNKNOWN)
        return
    assert result.status is not Status.INFEASIBLE
    assert result.upper_bound >= float(best) - 1e-9
    if result.solution is not None:
        assert_keeps_every_rule(problem, result)
        assert result.objective <= float(best) + 1e-9
    if result.status is Status.OPTIMAL or method == "cp-sat":
        assert result.objective == pytest.approx(float(best))


@FEW
@given(wave_problems(), st.integers(1, 40))
def test_the_bound_holds_and_leaves_the_aisles_of_better_waves(problem, steps):
    best = best_ratio(problem)
    small = reduce_problem(problem).problem
    if best is None or best == 0:
        return
    bound = AisleBound(small)
    below = best - Fraction(1, 1000)
    for _ in range(steps):
        bound.step(below)
    assert bound.limit() >= float(best) - 1e-9
    sizes, useful = bound.sizes(below), bound.useful_aisles(below)
    assert len(sizes)
    incumbent = Incumbent()
    ExactWave(small, incumbent, 0).solve(
        useful,
        (int(sizes[0]), int(sizes[-1])),
        time_limit_s=60.0,
        deterministic_limit=60.0,
    )
    assert incumbent.ratio == best


def test_a_lower_bound_that_only_fails_in_combination_is_infeasible():
    problem = wave_problem(1, [[(0, 3)], [(0, 3)]], [[(0, 5)]], 4, 9)
    for method in ("auto", "cp-sat"):
        result = solve(problem, params=WaveParams(method=method))
        assert result.status is Status.INFEASIBLE
        assert result.solution is None
        assert result.termination is Termination.PROVED


def test_orders_that_do_not_divide_do_not_end_above_the_most():
    # All in stock, 9 units at most: 4 and 4 are best, not 4, 4 and 4.
    orders, stock = [[(k, 4)] for k in range(3)], [[(k, 4) for k in range(3)]]
    problem = wave_problem(3, orders, stock, 8, 9)
    result = solve(problem)
    assert result.solution.units == 8
    assert result.status is Status.OPTIMAL


def test_nothing_to_release_and_nothing_asked_for_is_an_empty_wave():
    result = solve(WaveProblem(1, [0], [], [], [0], [], [], 0, 9))
    assert (result.status, result.objective, result.gap) == (Status.OPTIMAL, 0.0, 0.0)
    assert not len(result.solution.orders)


@pytest.mark.parametrize("method", METHODS)
def test_same_seed_and_iterations_same_wave(method):
    problem = random_problem(100, 50, 20)
    params = WaveParams(method=method, deterministic_limit=0.2)
    first, second = (
        solve(problem, Stop(iterations=2), seed=3, params=params) for _ in range(2)
    )
    assert first.solution.orders.tolist() == second.solution.orders.tolist()
    assert first.solution.aisles.tolist() == second.solution.aisles.tolist()
    assert first.upper_bound == second.upper_bound
    assert first.statistics == second.statistics
    assert_keeps_every_rule(problem, first)


@pytest.mark.parametrize("method", ["auto", "annealing", "cp-sat"])
def test_time_limit_holds(method):
    load_kernels()
    problem = random_problem(1500, 600, 100)
    for limit in (0.0, 0.3, 1.0):
        began = time.perf_counter()
        result = solve(problem, Stop(limit), params=WaveParams(method=method))
        assert time.perf_counter() - began < limit + 0.5  # a busy machine
        if result.solution is not None:
            assert_keeps_every_rule(problem, result)


def test_interruption_keeps_the_best_so_far():
    asked = iter([False] * 5)
    stop = Stop(time_limit_s=60, interrupted=lambda: next(asked, True))
    result = solve(random_problem(1500, 600, 100), stop)
    assert result.termination is Termination.INTERRUPTED
    assert result.runtime_s < 10
    assert_keeps_every_rule(random_problem(1500, 600, 100), result)


def test_an_initial_wave_is_never_lost():
    problem = random_problem()
    good = solve(problem, Stop(iterations=2), params=WaveParams("annealing")).solution
    again = solve(problem, Stop(iterations=0), params=WaveParams("annealing"),
                  initial=good)  # fmt: skip
    assert again.objective >= good.units_per_aisle
    assert_keeps_every_rule(problem, again)


@pytest.mark.parametrize(
    ("wave", "code"),
    [
        (Wave([9], [0], 3), "E303"),
        (Wave([0], [7], 3), "E303"),
        (Wave([0, 0], [0], 6), "E302"),
        (Wave([0], [0], 4), "E302"),
        (Wave([1], [0], 2), "E302"),
    ],
)
def test_a_wrong_initial_wave_is_refused(wave, code):
    problem = wave_problem(2, [[(0, 3)], [(1, 2)]], [[(0, 9)], [(1, 9)]], 1, 9)
    with pytest.raises(SolverError) as refused:
        solve(problem, initial=wave)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"order_start": [0, 2]}, "E302"),
        ({"order_start": []}, "E301"),
        ({"order_item": [5]}, "E303"),
        ({"order_quantity": [0]}, "E302"),
        ({"order_quantity": [1.5]}, "E301"),
        ({"aisle_quantity": [-1]}, "E302"),
        ({"least_units": 10}, "E302"),
        ({"most_units": -1}, "E302"),
    ],
)
def test_a_wrong_problem_is_refused(change, code):
    right = {
        "items": 1, "order_start": [0, 1], "order_item": [0], "order_quantity": [1],
        "aisle_start": [0, 1], "aisle_item": [0], "aisle_quantity": [1],
        "least_units": 0, "most_units": 9,
    }  # fmt: skip
    with pytest.raises(SolverError) as refused:
        WaveProblem(**{**right, **change})
    assert refused.value.code == code


@pytest.mark.parametrize(
    "change", [{"method": "magic"}, {"threads": 0}, {"cycles": -1}]
)
def test_wrong_parameters_are_refused(change):
    with pytest.raises(SolverError):
        WaveParams(**change)


def test_a_demand_too_large_for_a_table_is_searched_one_by_one():
    problem = wave_problem(1, [[(0, 5000)], [(0, 4000)]], [[(0, 8999)]], 1, 9999)
    assert wave_arrays(problem).use_start.tolist() == [-1]
    assert solve(problem).objective == 5000


def test_recovered_orders_of_one_item_fill_its_stock():
    problem = wave_problem(1, [[(0, 5)], [(0, 4)], [(0, 3)]], [[(0, 8)]], 1, 99)
    arrays = wave_arrays(problem)
    opened, none = np.ones(1, np.uint8), np.zeros(3, np.uint8)
    assert recover_wave(arrays, opened, none, 99).orders.tolist() == [0, 2]
    assert recover_wave(arrays, opened, none, 7).units <= 7


def test_the_schedule_tries_all_then_mostly_stays_with_what_did_best():
    schedule = Schedule(0, 400, np.random.default_rng(0))
    first = []
    for _ in range(LEVELS):
        cycle = schedule.next(Wave([], [], 210))
        schedule.learn(cycle, 30 if cycle.level == 3 else 20, 2)
        first.append(cycle.level)
    assert first[0] == 2  # nearest to the best wave
    assert sorted(first) == list(range(LEVELS))
    later = [schedule.next(None) for _ in range(60)]
    assert {cycle.heat for cycle in later} == set(range(len(HEATS)))
    assert sum(cycle.level == 3 for cycle in later) > 30
    assert {cycle.level for cycle in later} == set(range(LEVELS))
    assert not any(cycle.from_best for cycle in later)  # there is none
    assert later[-1].moves > later[0].moves
    assert all(0 <= cycle.least <= 400 for cycle in later)


def test_a_claim_of_very_many_items_costs_nothing():
    item = 2**31 - 2
    problem = WaveProblem(
        2**31 - 1, [0, 1], [item], [2], [0, 2], [5, item], [1, 2], 1, 9
    )
    result = solve(problem, initial=Wave([0], [0], 2))
    assert (result.status, result.objective) == (Status.OPTIMAL, 2.0)
