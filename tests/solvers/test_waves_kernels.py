"""Kernels of waves, held against slow versions that count everything anew."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.waves.annealing_kernels import (
    BestWave,
    anneal,
    closed_source,
    keep_if_best,
    lacking_item,
    worth,
)
from solvers.waves.arrays import wave_arrays
from solvers.waves.best_use import fill_best_use
from solvers.waves.bound import priced_lines
from solvers.waves.bound_kernel import (
    add_worth,
    find_imbalance,
    serve_orders,
    shift_prices,
)
from solvers.waves.greedy_kernel import close_greedily
from solvers.waves.moves import (
    JOURNAL,
    OPEN,
    TOUCHED,
    UNITS,
    empty_state,
    fits,
    load,
    move,
    undo,
)
from solvers.waves.recover import recover_wave
from solvers.waves.reduce import reduce_problem
from tests.naive_waves import (
    best_use,
    orders_of,
    stock_of,
    total,
    wave_problem,
    wave_problems,
)
from warehouse.check.wave import check_wave

pytestmark = pytest.mark.kernel
FEW = settings(max_examples=25)


def fresh(seed):
    return np.array([seed * 2654435761 + 99], np.uint64)


def no_best(state):
    return BestWave(state.is_open.copy(), state.in_wave.copy(), np.array([0, 1]))


def assert_counted_right(problem, arrays, state):
    """Hold units, what is free and the list of aisles against a count anew."""
    opened = np.flatnonzero(state.is_open)
    held = defaultdict(int, total(stock_of(problem)[a] for a in opened))
    orders = orders_of(problem)
    chosen = np.flatnonzero(state.in_wave)
    asked = defaultdict(int, total(orders[o] for o in chosen))
    units = sum(asked.values())
    for item in range(problem.items):
        assert state.free[item] == held[item] - asked[item] >= 0
        if arrays.use_start[item] >= 0:
            mine = [order[item] for order in orders if item in order]
            units += best_use(mine, held[item])
    assert state.counts[UNITS] == units
    assert state.counts[OPEN] == len(opened)
    assert sorted(state.open_list[: len(opened)]) == opened.tolist()
    assert sorted(state.open_list) == list(range(problem.aisles))
    assert (state.open_list[state.place] == np.arange(problem.aisles)).all()
    assert state.counts[TOUCHED] == 0
    assert not state.is_touched.any()


def assert_full(problem, arrays, state):
    """No order that is looked for one by one fits any more."""
    for order in arrays.joint_orders:
        assert state.in_wave[order] or not fits(arrays, state, order)


@FEW
@given(st.lists(st.integers(1, 5), min_size=1, max_size=5))
def test_best_use_is_the_largest_sum(quantities):
    quantity = np.array(quantities)
    table = np.zeros(int(quantity.sum()) + 1, np.int32)
    item = np.zeros(len(quantity), np.int32)
    fill_best_use(item, quantity, np.array([0]), np.array([quantity.sum()]), table)
    assert table.tolist() == [best_use(quantities, c) for c in range(len(table))]


@FEW
@given(wave_problems(), st.integers(0, 99))
def test_moves_keep_count_and_can_be_undone(given_problem, seed):
    problem = reduce_problem(given_problem).problem
    if not problem.aisles:
        return
    arrays, rng = wave_arrays(problem), np.random.default_rng(seed)
    state, random = empty_state(arrays), fresh(seed)
    some = rng.integers(0, 2, problem.aisles).astype(np.uint8)
    load(arrays, state, some, np.zeros(problem.orders, np.uint8))
    assert (state.is_open == some).all()
    assert_counted_right(problem, arrays, state)
    assert_full(problem, arrays, state)
    for _ in range(12):
        before = [array.copy() for array in state[:3]]
        units = int(state.counts[UNITS])
        shut, opened = (np.flatnonzero(state.is_open == k) for k in (0, 1))
        come = int(rng.choice(shut)) if len(shut) and rng.random() < 0.7 else -1
        go = int(rng.choice(opened)) if len(opened) and rng.random() < 0.7 else -1
        forced = -1
        if rng.random() < 0.5 and len(arrays.joint_orders):
            order = int(rng.choice(arrays.joint_orders))
            if not state.in_wave[order] and lacking_item(arrays, state, order) < 0:
                forced, come, go = order, -1, -1
        move(arrays, state, come, go, forced, random)
        assert_counted_right(problem, arrays, state)
        assert forced < 0 or state.in_wave[forced]
        if come >= 0:
            assert state.is_open[come]
        if go >= 0:
            assert not state.is_open[go]
        if rng.random() < 0.5:
            undo(arrays, state, come, go)
            assert state.counts[UNITS] == units
            assert state.counts[JOURNAL] == 0
            for array, old in zip(state[:3], before, strict=True):
                assert (array == old).all()
            assert_counted_right(problem, arrays, state)


@FEW
@given(wave_problems(), st.integers(0, 99))
def test_what_an_order_lacks_and_where_it_lies(given_problem, seed):
    problem = reduce_problem(given_problem).problem
    if not problem.orders:
        return
    arrays, rng = wave_arrays(problem), np.random.default_rng(seed)
    state = empty_state(arrays)
    some = rng.integers(0, 2, problem.aisles).astype(np.uint8)
    load(arrays, state, some, np.zeros(problem.orders, np.uint8))
    stock = stock_of(problem)
    held = total(stock[a] for a in np.flatnonzero(some))
    for order, asked in enumerate(orders_of(problem)):
        short = [item for item, n in asked.items() if held.get(item, 0) < n]
        lacking = lacking_item(arrays, state, order)
        assert lacking in short if short else lacking == -1
        if short:
            aisle = closed_source(arrays, state, lacking, fresh(seed))
            assert not some[aisle]
            assert lacking in stock[aisle]


@FEW
@given(wave_problems(), st.integers(0, 99), st.booleans())
def test_searches_keep_count_and_their_best_wave_keeps_every_rule(
    given_problem, seed, greedily
):
    reduced = reduce_problem(given_problem)
    problem = reduced.problem
    if not problem.aisles:
        return
    arrays = wave_arrays(problem)
    state, random = empty_state(arrays), fresh(seed)
    best = no_best(state)
    least, most = problem.least_units, problem.most_units
    if greedily:
        opened = np.ones(problem.aisles, np.uint8)
        load(arrays, state, opened, np.zeros(problem.orders, np.uint8))
        if state.counts[UNITS] < least:
            return
        loss = np.zeros(problem.aisles, np.int64)
        made = close_greedily(arrays, state, best, loss, random, least, most, 9)
        assert state.counts[OPEN] == problem.aisles - made
        assert state.counts[UNITS] >= least
    else:
        anneal(arrays, state, best, random, 60, least, most, 2.0)
    assert_counted_right(problem, arrays, state)
    units, aisles = best.ratio.tolist()
    if units:
        wave = recover_wave(arrays, best.is_open, best.in_wave, most)
        assert wave.units <= units
        assert len(wave.aisles) == aisles
        wave = reduced.given_wave(wave)
        broken = check_wave(given_problem, wave.orders, wave.aisles)
        # Orders that do not divide may leave a wave short when it is cut to the most.
        assert {violation.rule for violation in broken} <= {"too-few-units"}


@pytest.mark.parametrize(
    ("units", "aisles", "value"), [(5, 2, 1.0), (12, 2, 6.0), (3, 1, 0.0)]
)
def test_worth_counts_no_more_than_the_most_and_less_than_the_least(
    units, aisles, value
):
    assert worth(units, aisles, 4, 10, 2.0) == value


def test_a_wave_is_kept_only_if_it_is_large_enough_and_better():
    problem = wave_problem(1, [[(0, 2)]], [[(0, 2)]], 0, 9)
    arrays = wave_arrays(problem)
    state = empty_state(arrays)
    best = no_best(state)
    load(arrays, state, np.ones(1, np.uint8), np.zeros(1, np.uint8))
    assert not keep_if_best(state, best, 3, 9)
    assert keep_if_best(state, best, 2, 9)
    assert best.ratio.tolist() == [2, 1]
    assert not keep_if_best(state, best, 2, 9)


@FEW
@given(wave_problems(), st.integers(0, 99))
def test_prices_add_up(given_problem, seed):
    problem = reduce_problem(given_problem).problem
    if not problem.orders:
        return
    rng = np.random.default_rng(seed)
    lines = priced_lines(problem)
    lines.line_price[:] = rng.integers(0, 4, len(lines.line_price))
    asked_by = np.bincount(problem.order_item, minlength=problem.items)
    lines.item_price[:] = rng.integers(0, 2, problem.items) * (asked_by > 1)
    orders, stock = orders_of(problem), stock_of(problem)
    paid, lacking, line_of = [], {}, {}
    line = 0
    for order, asked in enumerate(orders):
        paid.append(0.0)
        for item, n in asked.items():
            line_of[order, item] = line
            paid[-1] += lines.line_price[line] + lines.item_price[item] * n
            line += 1
    served = np.zeros(problem.orders, np.uint8)
    left = [sum(asked.values()) - paid[o] for o, asked in enumerate(orders)]
    assert serve_orders(lines, served) == pytest.approx(sum(max(0, x) for x in left))
    assert served.tolist() == [x > 0 for x in left]

    worth_of = np.zeros(problem.aisles)
    add_worth(lines, worth_of)
    for aisle, held in enumerate(stock):
        value = sum(lines.item_price[item] * n for item, n in held.items())
        for (order, item), line in line_of.items():
            share = min(1, held.get(item, 0) / orders[order][item])
            value += lines.line_price[line] * share
        assert worth_of[aisle] == pytest.approx(value)

    is_open = rng.integers(0, 2, problem.aisles).astype(np.uint8)
    line_lack, item_lack = np.ones(len(lines.line_price)), np.ones(problem.items)
    total_square = find_imbalance(lines, served, is_open, line_lack, item_lack)
    opened = np.flatnonzero(is_open)
    for (order, item), line in line_of.items():
        held = sum(min(1, stock[a].get(item, 0) / orders[order][item]) for a in opened)
        lacking[order, item] = float(served[order]) - held
        if lacking[order, item] < 0 and lines.line_price[line] == 0:
            lacking[order, item] = 0.0
        assert line_lack[line] == pytest.approx(lacking[order, item])
    for item in range(problem.items):
        lack = sum(orders[o].get(item, 0) for o in np.flatnonzero(served))
        lack -= sum(stock[a].get(item, 0) for a in opened)
        if asked_by[item] < 2 or (lack < 0 and lines.item_price[item] == 0):
            lack = 0
        assert item_lack[item] == pytest.approx(lack)
    squares = (line_lack**2).sum() + (item_lack**2).sum()
    assert total_square == pytest.approx(squares)

    before = lines.line_price + 0.5 * line_lack, lines.item_price + 0.5 * item_lack
    shift_prices(lines, line_lack, item_lack, 0.5)
    assert lines.line_price == pytest.approx(np.maximum(0, before[0]))
    assert lines.item_price == pytest.approx(np.maximum(0, before[1]))
