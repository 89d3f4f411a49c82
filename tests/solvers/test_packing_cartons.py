"""Cartons for orders: rules, the cheapest set on small cases, bounds, many orders."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.packing_orders import catalogue
from solvers.packing.carton_problem import CartonProblem, Cartons
from solvers.packing.carton_sets import least_cost
from solvers.packing.cartons import CartonParams, solve
from solvers.packing.many_orders import solve_many
from solvers.packing.ordered import orders_to_pack
from solvers.packing.problem import Boxes
from solvers.result import Status, Stop, Termination
from tests import naive_packing as naive
from tests.packing_checks import broken_in_cartons
from warehouse.errors import SolverError
from warehouse.formats.cartons_csv import PackingOrders
from warehouse.generate.shipping import draw_units
from warehouse.scenario import Orders
from warehouse.shipping import Catalogue, Units


def drawn_order(seed: int, kinds: int, most: int, support: float = 0.0):
    """An order of log-normal units over the twelve cartons of the benchmark."""
    rng = np.random.default_rng(seed)
    size, mass_kg = draw_units(rng, kinds)
    boxes = Boxes(
        size, rng.integers(1, most + 1, kinds), np.ones((kinds, 6), bool), mass_kg,
        rng.random(kinds) < 0.1,
    )  # fmt: skip
    return CartonProblem(boxes, catalogue(), support)


@st.composite
def small_orders(draw) -> CartonProblem:
    kinds = draw(st.integers(1, 3))
    edge = st.integers(1, 5)

    def many(one, count):
        return np.array(draw(st.lists(one, min_size=count, max_size=count)))

    boxes = Boxes(
        size=many(st.tuples(edge, edge, edge), kinds),
        copies=many(st.integers(0, 3), kinds),
        rotations=many(
            st.lists(st.booleans(), min_size=6, max_size=6).filter(any), kinds
        ),
        mass_kg=many(st.sampled_from([0.0, 0.5, 1.0]), kinds),
        fragile=many(st.booleans(), kinds),
    )
    count = draw(st.integers(1, 3))
    side = st.integers(3, 7)
    cartons = Cartons(
        many(st.tuples(side, side, side), count),
        many(st.sampled_from([1.0, 2.5, 9.0]), count),
        many(st.sampled_from([1.0, 1.5, 2.0, 4.0]), count),
    )
    return CartonProblem(boxes, cartons, draw(st.sampled_from([0.0, 0.5, 1.0])))


@settings(max_examples=60, deadline=None)
@given(small_orders(), st.sampled_from([0, 1024]))
def test_cartons_keep_every_rule_and_the_bound(problem, parts):
    result = solve(problem, Stop(), params=CartonParams(parts=parts))
    asked = problem.boxes.copies > 0
    if not problem.holds()[asked].any(axis=1).all():
        assert result.status == Status.INFEASIBLE and result.solution is None
        return
    assert broken_in_cartons(problem, result.solution, result.objective) == []
    assert result.lower_bound <= result.objective
    if result.status == Status.OPTIMAL:
        assert result.lower_bound == pytest.approx(result.objective)


@pytest.mark.parametrize("support", [0.0, 0.7, 1.0])
@pytest.mark.parametrize("kinds", [2, 5, 12])
def test_drawn_orders_keep_every_rule(kinds, support):
    for seed in range(4):
        problem = drawn_order(seed, kinds, 4, support)
        result = solve(problem, Stop())
        assert broken_in_cartons(problem, result.solution, result.objective) == []


def cheapest_by_trying_all(sizes, cartons: list[tuple], cost: list[float]) -> float:
    """Least cost of a set of cartons into which unit boxes can be shared out."""
    boxes = [naive.turned(size) for size in sizes]
    best = np.inf
    for groups in itertools.product(range(len(boxes)), repeat=len(boxes)):
        total = 0.0
        for group in set(groups):
            inside = [b for b, g in zip(boxes, groups, strict=True) if g == group]
            prices = [
                price
                for size, price in zip(cartons, cost, strict=True)
                if naive.packs(inside, size)
            ]
            total += min(prices, default=np.inf)
        best = min(best, total)
    return best


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(1, 3)] * 3), min_size=1, max_size=3),
    st.lists(st.tuples(*[st.integers(3, 4)] * 3), min_size=1, max_size=2),
    st.lists(st.sampled_from([1.0, 1.5, 1.9]), min_size=2, max_size=2),
)
def test_small_orders_cost_the_least_and_that_is_proved(sizes, cartons, cost):
    cost = cost[: len(cartons)]
    problem = CartonProblem(
        Boxes.plain(sizes, [1] * len(sizes)), Cartons(cartons, [1.0] * len(cost), cost)
    )
    result = solve(problem, Stop())
    assert result.objective == cheapest_by_trying_all(sizes, cartons, cost)
    assert result.status == Status.OPTIMAL


def test_two_small_cartons_beat_a_large_one_and_a_weak_one_is_left():
    boxes = Boxes(
        np.array([[4, 4, 4]]), np.array([2]), np.ones((1, 6), bool),
        np.array([3.0]), np.array([False]),
    )  # fmt: skip
    cartons = Cartons([[4, 4, 4], [8, 4, 4], [8, 4, 4]], [3.0, 5.0, 6.0],
                      [1.0, 1.8, 2.5])  # fmt: skip
    result = solve(CartonProblem(boxes, cartons), Stop())
    assert [packed.carton for packed in result.solution] == [0, 0]
    one = replace(cartons, cost=np.array([2.0, 1.8, 2.5]))
    result = solve(CartonProblem(boxes, one), Stop())
    assert [packed.carton for packed in result.solution] == [2]


def test_a_box_that_no_carton_holds_makes_an_order_infeasible():
    problem = CartonProblem(
        Boxes.plain([[9, 1, 1], [1, 1, 1]], [1, 1]), Cartons([[5, 5, 5]], [1.0], [1.0])
    )
    assert solve(problem, Stop()).status == Status.INFEASIBLE


def test_the_same_seed_gives_the_same_cartons_and_threads_do_not_matter():
    problems = [drawn_order(seed, 2 + seed * 2, 3) for seed in range(6)]
    first = solve_many(problems, Stop(), seed=4, threads=1)
    second = solve_many(problems, Stop(), seed=4, threads=2)
    for one, other in zip(first, second, strict=True):
        assert one.objective == other.objective
        for a, b in zip(one.solution, other.solution, strict=True):
            assert a.carton == b.carton
            assert (a.load.position == b.load.position).all()


def test_without_time_all_is_packed_all_the_same():
    problem = drawn_order(1, 14, 3)
    told = []
    (result,) = solve_many(
        [problem], Stop(time_limit_s=0.0), on_progress=lambda *all_: told.append(all_)
    )
    assert result.termination == Termination.TIME_LIMIT
    assert broken_in_cartons(problem, result.solution, result.objective) == []
    assert told == [(1.0, "1 orders packed")]
    better = solve(problem, Stop(), initial=result.solution)
    assert better.objective <= result.objective
    assert broken_in_cartons(problem, better.solution, better.objective) == []


def test_a_small_order_is_packed_without_time_too():
    problem = drawn_order(3, 3, 2)
    result = solve(problem, Stop(time_limit_s=0.0))
    assert broken_in_cartons(problem, result.solution, result.objective) == []
    assert result.lower_bound <= solve(problem, Stop()).objective <= result.objective


def test_the_least_cost_of_covering_is_never_too_high():
    rng = np.random.default_rng(2)
    for _ in range(20):
        cost, holds = rng.uniform(1, 5, 4), rng.uniform(1, 9, 4)
        need = rng.uniform(1, 40)
        true = min(
            sum(cost[list(chosen)])
            for many in range(1, 12)
            for chosen in itertools.combinations_with_replacement(range(4), many)
            if holds[list(chosen)].sum() >= need
        ) if need < 12 else np.inf  # fmt: skip
        assert least_cost(cost, holds, need) <= true + 1e-9


def packing_orders(sizes, masses, lines, upright=None) -> PackingOrders:
    """Orders of SKUs A, B, ... over two cartons; lines are order, SKU, units."""
    names = tuple("ABCDEF"[: len(sizes)])
    units = Units(
        names, np.array(sizes, float), np.array(masses, float),
        np.array(upright or [False] * len(sizes)), np.zeros(len(sizes), bool),
    )  # fmt: skip
    order, sku, quantity = np.array(lines, np.int32).T
    orders = Orders(
        tuple(f"o{n}" for n in range(order.max() + 1)), np.zeros(order.max() + 1),
        np.full(order.max() + 1, np.inf), np.zeros(order.max() + 1, np.int32),
        order, sku, quantity,
    )  # fmt: skip
    cartons = Catalogue(
        ("S", "L"), np.array([[0.2, 0.2, 0.1], [0.4, 0.3, 0.3]]),
        np.array([2.0, 5.0]), np.array([1.0, 3.0]),
    )  # fmt: skip
    return PackingOrders(orders, units, cartons)


def test_what_goes_into_no_carton_is_named_and_the_rest_is_packed():
    nan = float("nan")
    given = packing_orders(
        [[0.1, 0.1, 0.1], [0.9, 0.1, 0.1], [0.1, 0.1, 0.1], [0, 0.1, 0.1],
         [0.1, nan, 0.1], [0.1, 0.1, 0.1]],
        [1.0, 1.0, 6.0, 1.0, 1.0, -1.0],
        [(0, 0, 2), (0, 1, 1), (1, 2, 1), (1, 3, 1), (2, 4, 1), (2, 5, 1), (2, 0, 1)],
    )  # fmt: skip
    orders = orders_to_pack(given, 0.0)
    codes = [[fault.code for fault in order.left_out] for order in orders]
    assert codes == [["E180"], ["E127", "E129"], ["E129", "E129"]]
    assert orders[0].left_out[0].place == "order o0, SKU B"
    assert [fault.found for order in orders[1:] for fault in order.left_out] == [
        "6 kg; the cartons it fits into carry 5 kg",
        "its size is 0 x 0.1 x 0.1 m",
        "its size is 0.1 x ? x 0.1 m",
        "its mass is -1 kg",
    ]
    results = solve_many([order.problem for order in orders], Stop())
    assert [len(result.solution) for result in results] == [1, 0, 1]
    assert [order.problem.boxes.units for order in orders] == [2, 0, 1]


def test_this_side_up_is_kept_and_sizes_are_rounded_to_the_safe_side():
    given = packing_orders([[0.1, 0.1, 0.25], [0.2001, 0.2, 0.1]], [1, 1],
                           [(0, 0, 1), (1, 1, 1)], [True, False])  # fmt: skip
    upright, close = orders_to_pack(given, 0.0)
    assert solve(upright.problem, Stop()).objective == 3.0
    assert close.problem.boxes.size.tolist() == [[201, 200, 100]]
    assert solve(close.problem, Stop()).objective == 3.0


def test_a_unit_of_thirty_metres_fits_into_no_carton():
    given = packing_orders([[30.0, 0.1, 0.1]], [1.0], [(0, 0, 1)])
    (order,) = orders_to_pack(given, 0.0)
    assert [fault.code for fault in order.left_out] == ["E180"]


def test_an_order_of_too_many_units_is_named():
    given = packing_orders([[0.01, 0.01, 0.01]], [0.001], [(0, 0, 10_001), (1, 0, 1)])
    large, small = orders_to_pack(given, 0.0)
    assert [fault.code for fault in large.left_out] == ["E128"]
    assert large.problem.boxes.units == 0 and small.left_out == ()
    assert solve(large.problem, Stop()).solution == ()


def test_wrong_cartons_are_refused():
    for cost in ([0.0], [-1.0], [float("inf")]):
        with pytest.raises(SolverError, match="E302"):
            Cartons([[1, 1, 1]], [1.0], cost)
    with pytest.raises(SolverError, match="E302"):
        Cartons(np.zeros((0, 3), int), [], [])
    with pytest.raises(SolverError, match="E302"):
        CartonProblem(Boxes.plain([[1, 1, 1]], [1]), catalogue(), support=-0.1)
