"""Joint picking: kernels against slow twins, the search against all choices."""

from itertools import combinations, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.joint_picking.bound import least_length
from solvers.joint_picking.distance_greedy import Choice, distance_greedy
from solvers.joint_picking.insertion import cheapest_gap
from solvers.joint_picking.pick_lists import CHANGES, LENGTH, SERVED, SIZE, undo
from solvers.joint_picking.problem import JointPickingProblem, PickBatch
from solvers.joint_picking.search import NEAR, know_near, search
from solvers.joint_picking.setting import (
    empty_lists,
    insert_all,
    make_book,
    make_site,
    make_work,
    read_off,
)
from solvers.joint_picking.sharing import share_out
from solvers.joint_picking.site import distance
from solvers.joint_picking.solve import JointPickingParams, load_kernels, solve
from solvers.joint_picking.tidy import tidy
from solvers.result import Status, Stop, Termination
from warehouse.check.pick_lists import PICK_RULES, check_pick_lists, walk_length
from warehouse.errors import SolverError


def make_problem(seed, *, orders=8, zones=2, stock=3, share=0.5, **other):
    """Draw a small instance: articles in several places of small zones."""
    rng = np.random.default_rng(seed)
    articles = orders + 2
    spans = rng.integers(1, 4, orders)
    items = articles * stock
    limits = {"max_orders": 3, "capacity": 12, "first_row": -6, "last_row": 6}
    return JointPickingProblem(
        np.arange(items, dtype=np.int32) % articles,
        rng.integers(0, zones, items),
        rng.integers(-5, 6, items),
        rng.integers(-5, 6, items),
        rng.integers(1, 5, articles),
        np.concatenate([[0], np.cumsum(spans)]),
        rng.integers(0, articles, spans.sum()),
        int(share * spans.sum()),
        **{**limits, **other},
    )


def faults(problem, result):
    return check_pick_lists(
        problem,
        [(batch.orders, batch.pick_lists) for batch in result.solution],
        result.objective,
        direct_in_aisle=problem.direct_in_aisle,
    )


def started(problem, searchers=1):
    site = make_site(problem)
    choice = Choice(
        np.full(problem.orders, -1, np.int32),
        np.full(len(problem.position_article), -1, np.int32),
    )
    served = distance_greedy(site, problem.min_items, choice)
    lists = empty_lists(site, 12)
    books = [make_book(site, me, 0) for me in range(searchers)]
    insert_all(site, lists, books[0], choice)
    near = np.full((len(site.item), NEAR), -2, np.int32)
    works = [make_work(site, near, 12) for _ in books]
    return site, lists, books, works, choice, served


@pytest.mark.kernel
@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-6, 6), st.integers(-3, 3)), min_size=2, max_size=2),
    st.booleans(),
)
def test_distance_is_what_the_checker_walks(places, direct):
    rows, aisles = zip(*places, strict=True)
    problem = JointPickingProblem(
        [0, 0], [0, 0], rows, aisles, [1], [0, 1], [0], 1, 1, 9, -6, 6, direct
    )
    ground = make_site(problem).ground
    legs = distance(ground, 2, 0) + distance(ground, 0, 1) + distance(ground, 1, 2)
    assert legs == walk_length(problem, [0, 1], direct)
    assert distance(ground, 0, 1) == distance(ground, 1, 0)


@pytest.mark.kernel
@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000))
def test_cheapest_gap_is_the_best_of_all_places(seed):
    problem = make_problem(seed)
    site, lists, _, _, choice, _ = started(problem)
    for item in np.flatnonzero(~np.isin(np.arange(len(site.item)), choice.item_of))[:6]:
        for number, batch in enumerate(read_off(lists)):
            ways = [walk_length(problem, [item], False)]
            for walk in batch.pick_lists:
                volume = problem.article_volume[problem.item_article[[*walk, item]]]
                if problem.item_zone[walk[0]] == problem.item_zone[item] and (
                    volume.sum() <= problem.capacity
                ):
                    old = walk_length(problem, walk, False)
                    ways += [
                        walk_length(problem, [*walk[:g], item, *walk[g:]], False) - old
                        for g in range(len(walk) + 1)
                    ]
            assert cheapest_gap(site, lists, item, number)[0] == min(ways)


@pytest.mark.kernel
@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000))
def test_greedy_takes_orders_that_are_near_and_each_item_once(seed):
    problem = make_problem(seed, orders=12, max_orders=1)
    site, _, _, _, choice, served = started(problem)
    start, conveyor = problem.order_start, len(site.item)
    chosen = np.flatnonzero(choice.batch_of >= 0)
    assert served == np.diff(start)[chosen].sum()
    positions = np.flatnonzero(choice.item_of >= 0)
    items = choice.item_of[positions]
    assert len(set(items.tolist())) == len(items)
    assert (problem.item_article[items] == problem.position_article[positions]).all()
    # The first order is the one with the least mean way from the conveyor.
    home = np.array([distance(site.ground, conveyor, i) for i in range(conveyor)])
    least = np.full(len(problem.article_volume), np.inf)
    np.minimum.at(least, problem.item_article, home)
    means = np.add.reduceat(least[problem.position_article], start[:-1])
    means = means / np.diff(start)
    first = np.flatnonzero(choice.batch_of == 0)
    assert means[first].min() == pytest.approx(means.min())


@pytest.mark.kernel
def test_near_items_are_the_nearest_that_are_wanted():
    problem = make_problem(3, orders=12)
    site, _, _, works, _, _ = started(problem)
    wanted = np.isin(problem.item_article, problem.position_article)
    for item in range(0, len(site.item), 5):
        know_near(site, works[0].near, item)
        same = wanted & (problem.item_zone == problem.item_zone[item])
        same[item] = False
        ways = sorted(distance(site.ground, item, o) for o in np.flatnonzero(same))
        row = [o for o in works[0].near[item] if o >= 0]
        assert [distance(site.ground, item, o) for o in row] == ways[:NEAR]


@pytest.mark.kernel
def test_a_search_keeps_its_books_and_undo_takes_all_back():
    problem = make_problem(5, orders=10)
    site, lists, books, works, _, _ = started(problem)
    before = [array.copy() for array in lists[:2]]
    length = books[0].tally[LENGTH]
    search(site, lists, books[0], works[0], problem.min_items, 0, 40, 30.0)
    walked = sum(
        walk_length(problem, walk, False)
        for batch in read_off(lists)
        for walk in batch.pick_lists
    )
    assert walked == books[0].tally[LENGTH]
    assert books[0].tally[SERVED] >= problem.min_items
    # A search that accepts nothing worse than far better leaves all as it was.
    site, lists, books, works, _, _ = started(problem)
    books[0].tally[CHANGES] = 0
    for at in np.flatnonzero(lists.pick_list[:, SIZE] > 2):
        tidy(site, lists, books[0], at)
    assert books[0].tally[LENGTH] <= length
    undo(site, lists, books[0], 0)
    assert books[0].tally[LENGTH] == length
    assert all(np.array_equal(a, b) for a, b in zip(lists[:2], before, strict=True))


@pytest.mark.kernel
def test_searchers_that_share_never_touch_what_the_other_owns():
    problem = make_problem(8, orders=14, share=0.8)
    site, lists, books, works, _, _ = started(problem, searchers=2)
    works = share_out(site, lists, books, works, np.random.default_rng(0))
    for me in (0, 1):
        theirs = lists.order[:, 4] != me
        before = lists.order[theirs][:, [0, 4]].copy()
        served = books[me].tally[SERVED]
        search(site, lists, books[me], works[me], served, 0, 20, 5.0)
        assert np.array_equal(lists.order[theirs][:, [0, 4]], before)
        assert books[me].tally[SERVED] >= served


def best_by_trying_all(problem):
    """Least length over all choices of orders in one batch, of stock and of walks."""
    least = np.inf
    spans = np.diff(problem.order_start)
    for count in range(1, problem.orders + 1):
        for orders in combinations(range(problem.orders), count):
            if spans[list(orders)].sum() < problem.min_items:
                continue
            wanted = [
                int(article)
                for o in orders
                for article in problem.position_article[
                    problem.order_start[o] : problem.order_start[o + 1]
                ]
            ]
            stock = [np.flatnonzero(problem.item_article == a) for a in wanted]
            for items in product(*stock):
                if len(set(items)) < len(items):
                    continue
                total = 0
                for zone in set(problem.item_zone[list(items)].tolist()):
                    own = [i for i in items if problem.item_zone[i] == zone]
                    total += min(
                        walk_length(problem, walk, False) for walk in permutations(own)
                    )
                least = min(least, total)
    return least


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_small_instances_are_solved_and_no_bound_is_above(seed):
    problem = make_problem(
        seed, orders=3, stock=2, share=0.6, max_orders=3, capacity=100
    )
    best = best_by_trying_all(problem)
    result = solve(problem, Stop(iterations=400), seed=seed)
    assert faults(problem, result) == []
    assert best <= result.objective <= 1.1 * best
    assert least_length(problem) <= best


@pytest.mark.parametrize("direct", [False, True])
@pytest.mark.parametrize("shared_from", [1, 99])
def test_solutions_keep_every_rule_and_are_the_same_again(direct, shared_from):
    problem = make_problem(7, orders=60, zones=3, direct_in_aisle=direct)
    params = JointPickingParams(shared_from=shared_from, steps_per_round=50)
    first = solve(problem, Stop(iterations=701), seed=3, params=params)
    again = solve(problem, Stop(iterations=701), seed=3, params=params)
    start = solve(problem, Stop())
    assert faults(problem, first) == [] == faults(problem, start)
    assert first.solution == again.solution
    assert first.statistics["steps"] == 701
    assert first.termination == Termination.ITERATION_LIMIT
    assert first.lower_bound <= first.objective < start.objective
    warm = solve(problem, Stop(iterations=0), initial=first.solution)
    assert faults(problem, warm) == []
    assert warm.statistics["orders"] == first.statistics["orders"]


def test_a_time_limit_is_kept():
    load_kernels()
    problem = make_problem(1, orders=3000, zones=6, max_orders=30)
    result = solve(problem, Stop(time_limit_s=0.5))
    assert result.termination == Termination.TIME_LIMIT
    assert result.runtime_s < 0.7 + 0.5  # the machine may be busy
    assert faults(problem, result) == []


def test_ctrl_c_keeps_the_best_so_far():
    problem = make_problem(2, orders=40)
    result = solve(problem, Stop(time_limit_s=60, interrupted=lambda: True))
    assert result.termination == Termination.INTERRUPTED
    assert faults(problem, result) == []


def test_what_cannot_be_served_is_a_status():
    one = JointPickingProblem([0], [0], [3], [2], [5], [0, 1], [0], 1, 1, 4, -8, 8)
    assert solve(one, Stop()).status == Status.INFEASIBLE  # larger than a pick list
    two = JointPickingProblem(
        [0], [0], [3], [2], [5], [0, 1, 2], [0, 0], 2, 1, 9, -8, 8
    )
    assert solve(two, Stop()).status == Status.UNKNOWN  # one piece for two orders
    none = JointPickingProblem([0], [0], [3], [2], [5], [0, 1], [0], 0, 1, 9, -8, 8)
    result = solve(none, Stop(iterations=10))
    assert (result.objective, result.solution) == (0.0, ())
    assert result.status == Status.OPTIMAL


def test_problems_that_contradict_themselves_are_refused():
    with pytest.raises(SolverError, match="E360 an order has no position"):
        JointPickingProblem([0], [0], [3], [2], [5], [0, 0, 1], [0], 1, 1, 4, -8, 8)
    with pytest.raises(SolverError, match="E303 got item_article 1"):
        JointPickingProblem([1], [0], [3], [2], [5], [0, 1], [0], 1, 1, 4, -8, 8)
    problem = make_problem(0)
    with pytest.raises(SolverError, match="E360 initial has no item for order 0"):
        solve(problem, Stop(), initial=(PickBatch((0,), ()),))


def test_the_checker_sees_every_rule_broken():
    problem = make_problem(4, orders=6, capacity=4, max_orders=1, share=0.9)
    zone = problem.item_zone
    other = int(np.flatnonzero(zone != zone[0])[0])
    nonsense = [((0, 0), ((0, 0, other),)), ((1,), ())]
    rules = {v.rule for v in check_pick_lists(problem, nonsense, 1.0)}
    assert rules == set(PICK_RULES) - {"pick-index"}
    assert {v.rule for v in check_pick_lists(problem, [((99,), ())], 0.0)} == {
        "pick-index"
    }
