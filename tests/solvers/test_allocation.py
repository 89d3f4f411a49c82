"""Allocation: feasibility, least shortage by weight, bound, whole orders."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.allocation import AllocationProblem, min_cost_flow, solve
from solvers.result import Status, Stop, Termination
from warehouse.errors import SolverError

FIELDS = {
    "line_quantity": [3, 2],
    "line_sku": [0, 0],
    "line_order": [0, 1],
    "line_weight": [1.0, 1.0],
    "stock_sku": [0, 0],
    "stock_quantity": [3, 3],
    "pair_line": [0, 0, 1, 1],
    "pair_stock": [0, 1, 0, 1],
    "pair_cost": [4, 5, 6, 7],
}


@st.composite
def problems(draw, max_lines=4, max_stock=3, max_units=3, skus=2):
    line_sku = draw(st.lists(st.integers(0, skus - 1), min_size=1, max_size=max_lines))
    stock_sku = draw(st.lists(st.integers(0, skus - 1), max_size=max_stock))
    lines, stocks = len(line_sku), len(stock_sku)
    possible = [
        (line, stock)
        for line in range(lines)
        for stock in range(stocks)
        if line_sku[line] == stock_sku[stock]
    ]
    pairs = [pair for pair in possible if draw(st.integers(0, 4))]

    def numbers(low, high, size):
        return draw(st.lists(st.integers(low, high), min_size=size, max_size=size))

    return AllocationProblem(
        np.array(numbers(0, max_units, lines)),
        np.array(line_sku),
        np.sort(numbers(0, 2, lines)),
        np.array(numbers(1, 3, lines)),
        np.array(stock_sku, int),
        np.array(numbers(0, max_units, stocks), int),
        np.array([line for line, _ in pairs], int),
        np.array([stock for _, stock in pairs], int),
        np.array(numbers(0, 9, len(pairs)), int),
    )


def every_allocation(problem):
    """All (shortage by line, cost of visits), by trying every amount on every pair."""
    amounts = [
        range(
            min(problem.line_quantity[line], problem.stock_quantity[stock]) + 1,
        )
        for line, stock in zip(problem.pair_line, problem.pair_stock, strict=True)
    ]
    for choice in product(*amounts):
        units = np.array(choice, int)
        served = np.bincount(problem.pair_line, units, len(problem.line_sku))
        taken = np.bincount(problem.pair_stock, units, len(problem.stock_sku))
        within = (served <= problem.line_quantity).all()
        if within and (taken <= problem.stock_quantity).all():
            yield problem.line_quantity - served, problem.pair_cost[units > 0].sum()


def check_feasible(problem, allocation):
    lines, stocks = len(problem.line_sku), len(problem.stock_sku)
    pairs = set(zip(problem.pair_line, problem.pair_stock, strict=True))
    rows = list(zip(allocation.line, allocation.stock, strict=True))
    assert set(rows) <= pairs
    assert rows == sorted(set(rows))
    assert (allocation.quantity > 0).all()
    served = np.bincount(allocation.line, allocation.quantity, lines)
    assert (served + allocation.shortage == problem.line_quantity).all()
    taken = np.bincount(allocation.stock, allocation.quantity, stocks)
    assert (taken <= problem.stock_quantity).all()


@settings(deadline=None, max_examples=150)
@given(problems())
def test_ship_is_short_of_the_least_weight_and_never_beats_the_bound(problem):
    result = solve(problem)
    allocation = result.solution
    check_feasible(problem, allocation)
    everything = list(every_allocation(problem))
    least = min((problem.line_weight * short).sum() for short, _ in everything)
    assert (problem.line_weight * allocation.shortage).sum() == least
    cheapest = min(
        cost for short, cost in everything if (short == allocation.shortage).all()
    )
    assert result.lower_bound <= cheapest <= result.objective
    assert (result.status == Status.OPTIMAL) == (result.lower_bound == result.objective)
    assert not allocation.held.any()


@settings(deadline=None, max_examples=150)
@given(problems(max_lines=6, max_stock=3, max_units=4))
def test_hold_serves_whole_orders_and_leaves_none_out_that_fits(problem):
    result = solve(problem, partial="hold")
    allocation = result.solution
    check_feasible(problem, allocation)
    wanted, short = problem.line_quantity, allocation.shortage
    assert set(np.unique(short[short != wanted])) <= {0}
    for order in np.unique(problem.line_order):
        mine = problem.line_order == order
        assert (short[mine] == 0).all() or (short[mine] == wanted[mine]).all()
    unserved = np.unique(problem.line_order[short > 0])
    assert result.statistics["held_orders"] == len(unserved)
    assert result.statistics["held_orders_bound"] <= len(unserved)
    for order in unserved:
        mine = problem.line_order == order
        assert (allocation.held[mine] < (wanted[mine] > 0)).any()
        # With this order beside the served ones, something would be short.
        keep = np.where((short == 0) | mine, wanted, 0)
        assert solve(_wanting(problem, keep)).solution.shortage.any()


@settings(deadline=None, max_examples=100)
@given(problems(max_lines=8, max_stock=6, skus=4), st.sampled_from(["ship", "hold"]))
def test_a_flow_in_parts_is_worth_as_much_as_one(problem, partial):
    whole = solve(problem, partial=partial)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(min_cost_flow, "WHOLE", 0)
        patch.setattr(min_cost_flow, "PART", 1)
        parts = solve(problem, partial=partial)
    check_feasible(problem, parts.solution)
    assert parts.lower_bound == whole.lower_bound
    assert (parts.solution.shortage == whole.solution.shortage).all()


@pytest.mark.parametrize("partial", ["ship", "hold"])
def test_whoever_stops_gets_no_allocation(partial):
    problem = AllocationProblem(**FIELDS | {"stock_quantity": [2, 1]})
    late = solve(problem, Stop(time_limit_s=0.0), partial=partial)
    assert (late.status, late.solution) == (Status.UNKNOWN, None)
    assert late.termination == Termination.TIME_LIMIT
    asked = iter([False, True, True])
    by_hand = Stop(interrupted=lambda: next(asked))
    if partial == "hold":  # after the first of two flows
        assert solve(problem, by_hand, partial=partial).solution is None
    else:
        assert solve(problem, by_hand, partial=partial).solution is not None
    told = solve(problem, Stop(interrupted=lambda: True), partial=partial)
    assert told.termination == Termination.INTERRUPTED


def _wanting(problem, line_quantity):
    return AllocationProblem(
        line_quantity,
        problem.line_sku,
        problem.line_order,
        problem.line_weight,
        problem.stock_sku,
        problem.stock_quantity,
        problem.pair_line,
        problem.pair_stock,
        problem.pair_cost,
    )


def test_heavier_lines_are_served_first_however_dear():
    problem = AllocationProblem(
        **FIELDS
        | {
            "line_weight": [1.0, 1.5],
            "stock_quantity": [2, 0],
            "pair_cost": [0, 0, 1000, 1000],
        }
    )
    assert solve(problem).solution.shortage.tolist() == [3, 0]


def test_a_line_is_not_split_where_one_location_serves_it():
    # Both lines fit whole: 3 units at location 0 and 2 at location 1.
    problem = AllocationProblem(**FIELDS)
    result = solve(problem)
    assert result.statistics["split_lines"] == 0
    assert result.objective == 4 + 7
    assert result.status == Status.OPTIMAL


def test_local_search_merges_what_the_flow_splits():
    # By unit, line 0 is cheapest in parts; location 2 serves it in one visit.
    problem = AllocationProblem(
        line_quantity=[4],
        line_sku=[0],
        line_order=[0],
        line_weight=[1],
        stock_sku=[0, 0, 0],
        stock_quantity=[2, 2, 4],
        pair_line=[0, 0, 0],
        pair_stock=[0, 1, 2],
        pair_cost=[4, 4, 9],
    )
    assert solve(problem).objective == 8
    dearer = AllocationProblem(
        [3], [0], [0], [1], [0, 0, 0], [2, 2, 4], [0, 0, 0], [0, 1, 2], [4, 4, 7]
    )
    assert solve(dearer).solution.stock.tolist() == [2]


def test_lines_trade_units_so_that_fewer_visits_are_needed():
    rng = np.random.default_rng(5)
    lines, stocks = 60, 6
    problem = AllocationProblem(
        line_quantity=rng.integers(1, 6, lines),
        line_sku=np.zeros(lines, int),
        line_order=np.arange(lines),
        line_weight=np.ones(lines),
        stock_sku=np.zeros(stocks, int),
        stock_quantity=np.full(stocks, 32),
        pair_line=np.repeat(np.arange(lines), stocks),
        pair_stock=np.tile(np.arange(stocks), lines),
        pair_cost=rng.integers(1, 50, lines * stocks),
    )
    result = solve(problem)
    check_feasible(problem, result.solution)
    assert result.gap < 0.05


def test_the_same_problem_gives_the_same_answer_and_keeps_its_input():
    rng = np.random.default_rng(3)
    sku = rng.integers(0, 20, 300)
    quantity = rng.integers(1, 5, 300)
    fields = {
        "line_quantity": quantity,
        "line_sku": sku,
        "line_order": np.arange(300) // 3,
        "line_weight": rng.integers(0, 3, 300),
        "stock_sku": np.repeat(np.arange(20), 3),
        "stock_quantity": rng.integers(0, 25, 60),
        "pair_line": np.repeat(np.arange(300), 3),
        "pair_stock": (sku[:, None] * 3 + np.arange(3)).ravel(),
        "pair_cost": rng.integers(0, 100, 900),
    }
    for partial in ("ship", "hold"):
        first = solve(AllocationProblem(**fields), partial=partial)
        second = solve(AllocationProblem(**fields), partial=partial)
        check_feasible(AllocationProblem(**fields), first.solution)
        for name in ("line", "stock", "quantity", "shortage", "held"):
            one, two = (getattr(r.solution, name) for r in (first, second))
            assert one.tobytes() == two.tobytes()
    assert quantity.flags.writeable


def test_nothing_to_do_and_nothing_in_stock():
    empty = AllocationProblem([], [], [], [], [], [], [], [], [])
    assert solve(empty).solution.shortage.size == 0
    bare = AllocationProblem([4], [7], [0], [1], [], [], [], [], [])
    for partial in ("ship", "hold"):
        assert solve(bare, partial=partial).solution.shortage.tolist() == [4]


def test_costs_beyond_the_range_are_refused_or_served_exactly():
    fields = FIELDS | {"pair_cost": [2**31 - 1] * 4}
    assert solve(AllocationProblem(**fields)).objective == 2 * (2**31 - 1)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("line_quantity", [3, -1], "E302"),
        ("line_quantity", [3, 2**40], "E302"),
        ("line_quantity", [3.0, 2.0], "E301"),
        ("line_sku", [0], "E301"),
        ("line_weight", [1.0, float("nan")], "E302"),
        ("stock_quantity", [-3, 3], "E302"),
        ("pair_cost", [4, 5, 6, -7], "E302"),
        ("pair_cost", [4, 5, 6], "E301"),
        ("pair_line", [0, 0, 1, 2], "E303"),
        ("pair_stock", [0, 0, 1, 1], "E303"),
        ("stock_sku", [0, 1], "E303"),
    ],
)
def test_bad_arguments_are_refused_by_name(name, value, code):
    with pytest.raises(SolverError) as caught:
        AllocationProblem(**FIELDS | {name: value})
    assert caught.value.code == code
    assert "need" in str(caught.value)


def test_an_unknown_way_to_treat_partial_orders_is_refused():
    with pytest.raises(SolverError, match="E302"):
        solve(AllocationProblem(**FIELDS), partial="maybe")
