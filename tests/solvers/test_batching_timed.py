"""Batching with due times: every answer is held against trying everything."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.batching.annealing import order_places
from solvers.batching.kernels import Move, Trial
from solvers.batching.problem import BatchingProblem
from solvers.batching.timed_annealing import AnnealedQueue, pose
from solvers.batching.timed_exact import EXACT_TIMED_ORDERS, solve_queues
from solvers.batching.timed_kernels import anneal_timed, tardiness, weigh
from solvers.batching.timed_methods import TIMED_METHODS, solve_timed_by
from solvers.batching.timed_problem import TimedBatchingProblem, tardiness_s, value_s
from solvers.batching.timed_search import TimedParams, solve
from solvers.bounds.tardiness import timed_bound
from solvers.result import Status, Stop
from tests.timed_batching import (
    least_value,
    timed_batching,
    timed_batchings,
    timed_faults,
)
from warehouse.errors import SolverError

# ---- Kernels ----------------------------------------------------------------------


def naive_tardiness(problem, members, costs, queue, pace):
    """Give the batches of a queue to whoever is free first, and add up."""
    free_s = [0.0] * problem.pickers
    late_s = 0.0
    for b in queue:
        orders = members[b]
        if not orders:
            continue
        picker = free_s.index(min(free_s))
        start_s = max(free_s[picker], max(problem.release_s[o] for o in orders))
        free_s[picker] = start_s + problem.setup_s + pace * costs[b]
        free_s[picker] += sum(problem.service_s[o] for o in orders)
        late_s += sum(max(0.0, free_s[picker] - problem.due_s[o]) for o in orders)
    return late_s


@pytest.mark.kernel
@settings(max_examples=30, deadline=None)
@given(timed_batchings(most_orders=6), st.data())
def test_tardiness_of_a_change_is_that_of_the_changed_queue(problem, data):
    orders = problem.batching.orders
    if orders == 0 or len(problem.batching.too_heavy()):
        return
    setting = pose(problem, 4, 2, Stop())
    state = AnnealedQueue(setting, np.arange(orders))
    random = np.array([data.draw(st.integers(1, 2**60))], np.uint64)
    places, loads = order_places(setting.posed), setting.posed.loads()
    anneal_timed(
        setting.posed.floor, places, setting.near, state.batches, loads, setting.times,
        state.queue, 40, 5.0, random,
    )  # fmt: skip
    batches, queue = state.batches, state.queue
    value = queue.total.copy()
    weigh(batches, setting.times, queue)
    # Without a weight nobody keeps count of tardiness on the way.
    assert value[0] == pytest.approx(queue.total[0])
    if problem.late_weight > 0:
        assert value[1] == pytest.approx(queue.total[1])
    members = [batches.member[b, :n].tolist() for b, n in enumerate(batches.size)]
    costs = batches.cost.tolist()
    pace = setting.times.pace
    assert queue.total[1] == pytest.approx(
        naive_tardiness(problem, members, costs, queue.batch.tolist(), pace)
    )
    order = data.draw(st.integers(0, orders - 1))
    a = int(batches.batch_of[order])
    b = data.draw(st.integers(0, len(members) - 1))
    if a == b:
        return
    leaver = data.draw(st.sampled_from([-1, *members[b]]))
    move = Move(*map(np.int64, (a, b, order, leaver)))
    trial = Trial(*map(np.int64, (0, costs[a] + 2, 0, costs[b] + 3)))
    found = tardiness(batches, setting.times, queue, move, trial, np.inf)
    members[a].remove(order)
    members[b].append(order)
    if leaver >= 0:
        members[b].remove(leaver)
        members[a].append(leaver)
    costs[a], costs[b] = costs[a] + 2, costs[b] + 3
    expected = naive_tardiness(problem, members, costs, queue.batch.tolist(), pace)
    assert found == pytest.approx(expected)
    if expected > 1:
        assert tardiness(batches, setting.times, queue, move, trial, expected / 2) > (
            expected / 2
        )


# ---- Answers ----------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(timed_batchings(most_orders=4))
def test_exact_is_the_best_of_all_schedules(problem):
    result = solve_queues(problem)
    least = least_value(problem)
    if result.status is Status.INFEASIBLE:
        assert np.isinf(least)
        return
    assert timed_faults(problem, result.solution) == []
    assert result.status is Status.OPTIMAL
    assert result.objective == pytest.approx(least)
    assert timed_bound(problem) <= least + 1e-6


@settings(max_examples=40, deadline=None)
@given(
    timed_batchings(most_orders=12), st.sampled_from(TIMED_METHODS), st.integers(0, 9)
)
def test_no_method_is_wrong_about_its_value_or_its_bound(problem, method, seed):
    if method == "exact" and problem.batching.orders > EXACT_TIMED_ORDERS:
        method = "auto"
    result = solve_timed_by(method, problem, Stop(iterations=500), seed=seed)
    if len(problem.batching.too_heavy()):
        assert result.status is Status.INFEASIBLE
        assert result.solution is None
        return
    assert timed_faults(problem, result.solution) == []
    assert result.objective == pytest.approx(value_s(problem, result.solution))
    assert result.lower_bound <= result.objective
    if problem.batching.orders <= 6:
        assert solve_queues(problem).objective <= result.objective + 1e-6


def test_local_search_nearly_always_finds_small_optima():
    found, feasible = 0, 0
    for seed in range(40):
        problem = timed_batching(seed, 8, pickers=1 + seed % 3)
        best = solve_queues(problem)
        if best.solution is not None:
            feasible += 1
            near = solve(problem, Stop(iterations=8_000), seed=seed).objective
            found += near < best.objective + 1e-6
    assert feasible >= 30
    assert found >= 0.9 * feasible


def matrix_problem(seed, orders, **times):
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 40, (61, 2))
    distance = np.abs(points[:, None] - points[None]).sum(axis=2)
    wanted = [np.sort(rng.permutation(60)[:3]) + 1 for _ in range(orders)]
    start = np.cumsum([0, *map(len, wanted)])
    batching = BatchingProblem(distance, start, np.concatenate(wanted), capacity=4)
    due_s = rng.integers(100, 8 * orders + 101, orders)
    return TimedBatchingProblem(batching, due_s, pickers=3, **times)


def test_search_is_less_late_than_every_rule():
    problem = matrix_problem(3, 40, setup_s=10.0, service_s=np.full(40, 5.0))
    late_s = {}
    for method in ("local-search", "savings", "fcfs", "edd"):
        result = solve_timed_by(method, problem, Stop(iterations=15_000))
        late_s[method] = tardiness_s(problem, result.solution)
        assert timed_faults(problem, result.solution) == []
    assert late_s["local-search"] < 0.9 * min(late_s["edd"], late_s["savings"])
    assert late_s["edd"] < late_s["fcfs"]


def test_without_due_times_travel_is_all_that_counts():
    problem = matrix_problem(4, 30)
    never = TimedBatchingProblem(problem.batching, np.full(30, np.inf), pickers=3)
    result = solve(never, Stop(iterations=10_000))
    assert tardiness_s(never, result.solution) == 0
    alone = solve_timed_by("savings", never, Stop())
    assert result.objective < alone.objective


def test_the_same_seed_gives_the_same_schedule():
    problem = matrix_problem(5, 25)
    stop = Stop(iterations=4_000)
    first, again, other = (solve(problem, stop, seed=s).solution for s in (1, 1, 2))
    assert first == again
    assert first != other


def test_an_initial_batching_is_the_start():
    problem = matrix_problem(6, 24)
    best = solve(problem, Stop(iterations=5_000))
    batch_of = np.zeros(24, np.int32)
    for b, batch in enumerate(best.solution):
        batch_of[list(batch.orders)] = b
    again = solve(problem, Stop(iterations=0), initial=batch_of)
    cold = solve(problem, Stop(iterations=0))
    assert again.objective < cold.objective
    quick = TimedParams(shortest_tours=False)
    left = solve(problem, Stop(iterations=0), initial=batch_of, params=quick)
    assert timed_faults(problem, left.solution) == []


def test_stops_on_time_and_when_told():
    problem = matrix_problem(7, 200)
    solve(problem, Stop(iterations=10))
    for limit_s in (0.3, 1.0):
        began = time.perf_counter()
        solve(problem, Stop(time_limit_s=limit_s))
        assert time.perf_counter() - began < limit_s + 1.0
    told = solve(problem, Stop(interrupted=lambda: True))
    assert told.termination == "interrupted"
    assert timed_faults(problem, told.solution) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"due_s": [1.0]}, "E301"),
        ({"due_s": [1.0, float("nan")]}, "E302"),
        ({"release_s": [0.0, -1.0]}, "E302"),
        ({"service_s": [0.0, float("inf")]}, "E302"),
        ({"setup_s": -1.0}, "E302"),
        ({"pickers": 0}, "E302"),
        ({"speed": 0.0}, "E302"),
        ({"speed": float("nan")}, "E302"),
        ({"late_weight": -1.0}, "E302"),
    ],
)
def test_bad_problems_are_refused(changes, code):
    batching = BatchingProblem(np.zeros((1, 1), int), [0, 0, 0], [], capacity=1)
    with pytest.raises(SolverError, match=code):
        TimedBatchingProblem(batching, **{"due_s": [1.0, 2.0], **changes})


def test_unknown_and_unfit_methods_are_refused():
    problem = matrix_problem(8, EXACT_TIMED_ORDERS + 1)
    with pytest.raises(SolverError, match="E302"):
        solve_timed_by("best", problem, Stop())
    with pytest.raises(SolverError, match="E330"):
        solve_timed_by("exact", problem, Stop())
