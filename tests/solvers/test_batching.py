"""Batching: what comes back is true, keeps its limits, and is short."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.batching.annealing import near_orders, solve
from solvers.batching.problem import Batch, BatchingProblem
from solvers.result import Status, Stop, Termination
from tests.naive import (
    closed_tour_length,
    least_batching_cost,
    nearest_orders,
    shortest_closed_tour,
)
from warehouse.errors import SolverError

# Without the compiler numpy warns where random bits fall off the end.
pytestmark = pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")


def make_problem(seed, orders, places, capacity, *, most_places=3, asymmetric=False):
    """Orders that need random places on a floor; distances keep the triangle rule."""
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 30, (places + 1, 2))
    distance = np.abs(points[:, None] - points[None]).sum(axis=2)
    if asymmetric:
        # Climbing costs extra: still no detour is a short cut.
        distance = distance + 2 * np.maximum(0, points[None, :, 0] - points[:, None, 0])
    wanted = [
        np.sort(rng.permutation(places)[: rng.integers(0, most_places + 1)]) + 1
        for _ in range(orders)
    ]
    return BatchingProblem(
        distance.astype(np.int32),
        np.cumsum([0, *map(len, wanted)]).astype(np.int32),
        np.concatenate([np.zeros(0), *wanted]).astype(np.int32),
        capacity,
    )


@st.composite
def problems(draw, most_orders=12, most_places=8, most_capacity=4):
    return make_problem(
        draw(st.integers(0, 2**32)),
        draw(st.integers(0, most_orders)),
        draw(st.integers(1, most_places)),
        draw(st.integers(1, most_capacity)),
        asymmetric=draw(st.booleans()),
    )


def batch_faults(problem, batches):
    """What is wrong with a batching; empty if nothing."""
    faults = []
    carried = sorted(order for batch in batches for order in batch.orders)
    if carried != list(range(problem.orders)):
        faults.append(f"carries {carried}")
    for batch in batches:
        if not 1 <= len(batch.orders) <= int(problem.capacity[0]):
            faults.append(f"{len(batch.orders)} orders in a batch")
        wanted = {int(p) for order in batch.orders for p in problem.places_of(order)}
        if sorted(batch.tour) != sorted(wanted):
            faults.append(f"visits {batch.tour}, needs {sorted(wanted)}")
        length = closed_tour_length(problem.floor, batch.tour)
        if batch.cost != length:
            faults.append(f"costs {batch.cost}, is {length} long")
    return faults


@pytest.mark.kernel
@settings(max_examples=150)
@given(problems(), st.integers(0, 400), st.integers(0, 5))
def test_batches_are_what_they_say(problem, moves, seed):
    result = solve(problem, Stop(iterations=moves), seed=seed)
    assert batch_faults(problem, result.solution) == []
    assert result.objective == sum(batch.cost for batch in result.solution)
    assert result.status in {Status.FEASIBLE, Status.OPTIMAL}


@pytest.mark.parametrize("asymmetric", [False, True])
def test_tiny_problems_are_solved_to_the_optimum_nearly_always(asymmetric):
    missed = 0
    for case in range(40):
        problem = make_problem(case, 5, 6, 2, most_places=2, asymmetric=asymmetric)
        best = least_batching_cost(problem)
        found = [
            solve(problem, Stop(iterations=2500), seed=seed).objective
            for seed in range(4)
        ]
        assert min(found) >= best
        missed += min(found) > best
    assert missed <= 2


@pytest.mark.kernel
def test_tours_of_single_orders_are_nearly_shortest():
    total = shortest = 0
    for seed in range(40):
        problem = make_problem(seed, 1, 7, 1, most_places=6)
        [batch] = solve(problem, Stop(iterations=0)).solution
        total += batch.cost
        shortest += shortest_closed_tour(problem.floor, batch.tour)
    assert shortest <= total <= 1.01 * shortest


@settings(max_examples=25)
@given(problems(most_orders=24, most_places=20), st.integers(0, 3))
def test_annealing_is_never_worse_than_savings_alone(problem, seed):
    savings = solve(problem, Stop(iterations=0), seed=seed).objective
    for moves in (1, 50, 1000):
        result = solve(problem, Stop(iterations=moves), seed=seed)
        assert result.objective <= savings


def test_annealing_is_much_better_on_many_orders():
    problem = make_problem(3, 80, 120, 6, most_places=4)
    savings = solve(problem, Stop(iterations=0))
    annealed = solve(problem, Stop(iterations=16_000))
    assert batch_faults(problem, annealed.solution) == []
    assert annealed.objective < 0.97 * savings.objective


def test_nobody_rides_alone_where_two_fit():
    # All orders want the same place: as few tours as the capacity allows.
    distance = np.array([[0, 9], [9, 0]], np.int32)
    problem = BatchingProblem(
        distance, np.arange(8, dtype=np.int32), np.ones(7, np.int32), 3
    )
    result = solve(problem, Stop(iterations=3000))
    assert batch_faults(problem, result.solution) == []
    assert result.objective == 3 * 18


@pytest.mark.kernel
def test_orders_without_places_ride_along():
    problem = make_problem(1, 6, 4, 2, most_places=0)
    result = solve(problem, Stop(iterations=500))
    assert batch_faults(problem, result.solution) == []
    assert result.objective == 0


def test_nothing_to_batch():
    problem = make_problem(0, 0, 3, 2)
    result = solve(problem, Stop())
    assert result.solution == []
    assert result.termination == Termination.PROVED


@pytest.mark.kernel
def test_the_order_of_a_tour_counts_where_ways_are_one_way():
    # A ring driven in one direction: against it every visit is a round of its own.
    ring = np.array([[(b - a) % 5 for b in range(5)] for a in range(5)], np.int32)
    problem = BatchingProblem(
        ring, np.array([0, 4], np.int32), np.array([3, 1, 4, 2], np.int32), 1
    )
    assert solve(problem, Stop()).solution == [Batch((0,), (1, 2, 3, 4), 5)]


@pytest.mark.kernel
def test_an_initial_batching_is_the_start():
    problem = make_problem(5, 9, 8, 3)
    initial = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2], np.int32)
    before = initial.copy()
    result = solve(problem, Stop(iterations=0), initial=initial)
    together = {batch.orders for batch in result.solution}
    assert together == {(0, 1, 2), (3, 4, 5), (6, 7, 8)}
    solve(problem, Stop(iterations=500), initial=initial)
    assert initial.tolist() == before.tolist()


def test_the_same_seed_gives_the_same_batches():
    problem = make_problem(8, 40, 30, 4)
    stop = Stop(iterations=4000)
    one, two, other = (solve(problem, stop, seed=seed).solution for seed in (3, 3, 4))
    assert one == two != other


def test_the_time_limit_and_interruption_end_the_search():
    problem = make_problem(8, 60, 60, 4)
    solve(problem, Stop(iterations=100))  # compiles
    for _ in range(5):
        began = time.perf_counter()
        result = solve(problem, Stop(time_limit_s=0.3, iterations=10**9))
        took_s = time.perf_counter() - began
        assert result.termination == Termination.TIME_LIMIT
        assert batch_faults(problem, result.solution) == []
        if took_s <= 0.5:
            break
    else:
        pytest.fail(f"took {took_s:.2f} s where 0.3 s were allowed")
    result = solve(problem, Stop(interrupted=lambda: True))
    assert result.termination == Termination.INTERRUPTED
    assert batch_faults(problem, result.solution) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"floor": np.zeros((2, 3), np.int32)}, "E301"),
        ({"capacity": 0}, "E302"),
        ({"order_place": np.array([0], np.int32)}, "E303"),
        ({"order_place": np.array([2], np.int32)}, "E303"),
        ({"order_start": np.array([0, 2], np.int32)}, "E303"),
    ],
)
def test_bad_problems_are_refused(changes, code):
    right = {
        "floor": np.zeros((2, 2), np.int32),
        "order_start": np.array([0, 1], np.int32),
        "order_place": np.array([1], np.int32),
        "capacity": 1,
    }
    BatchingProblem(**right)
    with pytest.raises(SolverError, match=code):
        BatchingProblem(**{**right, **changes})


@pytest.mark.kernel
@settings(max_examples=25)
@given(problems(), st.integers(1, 5))
def test_near_orders_are_those_that_the_slow_way_finds(problem, count):
    near = near_orders(problem, count, Stop())
    orders = [problem.places_of(order).tolist() for order in range(problem.orders)]
    for order in range(problem.orders):
        slow = nearest_orders(problem.floor.tolist(), orders, order, count)
        found = near[order].tolist()
        assert found == slow + [-1] * (count - len(slow))


def test_orders_for_which_there_is_no_time_have_none_near():
    problem = make_problem(0, 8, 5, 2)
    assert (near_orders(problem, 3, Stop(time_limit_s=0.0)) == -1).all()
    assert batch_faults(problem, solve(problem, Stop(time_limit_s=0.0)).solution) == []
