"""Tours through parallel aisles: the exact sweep, the classic rules, by name."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.result import Status, Stop
from solvers.routing.aisle_methods import AISLE_METHODS, solve_by
from solvers.routing.aisle_states import aisle_states
from solvers.routing.classic_blocks import largest_gap_blocks, s_shape_blocks
from solvers.routing.classic_rules import RULES
from solvers.routing.parallel_aisles import AisleProblem, AisleTour
from solvers.routing.ratliff_rosenthal import solve_aisles
from tests.naive_routing import aisle_distances, shortest_tour_length, walk_faults
from warehouse.errors import SolverError

pytestmark = pytest.mark.kernel


@st.composite
def aisle_problems(draw, most_aisles=5, most_crosses=4, most_picks=7):
    aisles = draw(st.integers(1, most_aisles))
    gaps = draw(st.lists(st.integers(0, 6), min_size=aisles - 1, max_size=aisles - 1))
    heights = draw(st.lists(st.integers(1, 12), min_size=1, max_size=most_crosses - 1))
    cross_y = np.cumsum([0.0, *heights])
    picks = draw(st.integers(0, most_picks))
    exactly = {"min_size": picks, "max_size": picks}
    halves = st.integers(0, int(2 * cross_y[-1]))
    return AisleProblem(
        np.cumsum([0.0, *gaps]),
        cross_y,
        np.array(draw(st.lists(st.integers(0, aisles - 1), **exactly)), np.int32),
        np.array(draw(st.lists(halves, **exactly)), np.float64) / 2,
        draw(st.integers(0, aisles - 1)),
        draw(st.integers(0, len(heights))),
        draw(st.sampled_from([0.0, 1.5])),
    )


def random_problem(seed, *, aisles, crosses, picks):
    rng = np.random.default_rng(seed)
    cross_y = np.arange(crosses) * 20.0
    return AisleProblem(
        np.arange(aisles) * 3.0,
        cross_y,
        rng.integers(0, aisles, picks).astype(np.int32),
        rng.integers(1, cross_y[-1], picks).astype(np.float64),
        int(rng.integers(aisles)),
        int(rng.integers(crosses)),
    )


def test_classes_of_the_literature():
    # Ratliff and Rosenthal name 7 classes, Roodbergen and de Koster 25.
    assert len(aisle_states(2).states) == 7
    assert len(aisle_states(3).states) == 25


@given(aisle_problems())
def test_distances_are_shortest(problem):
    assert np.allclose(problem.distances(), aisle_distances(problem))


@given(aisle_problems())
def test_exact_tour_is_shortest_and_its_walk_is_real(problem):
    result = solve_aisles(problem)
    best = shortest_tour_length(aisle_distances(problem))
    assert result.objective == pytest.approx(best)
    assert result.solution is not None
    assert walk_faults(problem, result.solution) == []
    assert result.statistics["length_of_sweep"] == pytest.approx(best)


@given(aisle_problems())
def test_order_of_exact_tour_has_its_length(problem):
    tour = solve_aisles(problem).solution
    again = AisleTour.of_order(problem, tour.order.tolist())
    assert again.length == pytest.approx(tour.length)
    assert walk_faults(problem, again) == []


@pytest.mark.parametrize("crosses", [2, 3, 4, 5])
@pytest.mark.parametrize("seed", range(3))
def test_exact_tour_agrees_with_held_karp(crosses, seed):
    problem = random_problem(seed, aisles=7, crosses=crosses, picks=11)
    exact = solve_by("exact", problem, Stop())
    oracle = solve_by("held-karp", problem, Stop())
    assert exact.objective == oracle.objective
    assert oracle.status == exact.status == Status.OPTIMAL
    assert walk_faults(problem, exact.solution) == []


@given(aisle_problems(most_crosses=2))
def test_rules_are_tours_and_not_shorter_than_the_exact_one(problem):
    shortest = solve_aisles(problem).objective
    for name, rule in RULES.items():
        tour = rule(problem)
        assert walk_faults(problem, tour) == [], name
        assert tour.length >= shortest - 1e-9, name


# Depot at the bottom of aisle 0; aisles 10 long and 2 apart; y from the top.
EXAMPLE = AisleProblem(
    np.arange(4) * 2.0,
    np.array([0.0, 10.0]),
    np.array([0, 1, 1, 2, 3], np.int32),
    np.array([5.0, 1.0, 7.0, 2.0, 4.0]),
    0,
    1,
)


@pytest.mark.parametrize(
    ("rule", "length"),
    [
        # Four aisles traversed, 6 across and back.
        ("s-shape", 4 * 10 + 12),
        # As deep as 5, 9, 8 and 6.
        ("return", 2 * (5 + 9 + 8 + 6) + 12),
        # Aisles 0 and 3 traversed; 1 from the back and, 3 deep, from the front;
        # 2 from the back.
        ("largest-gap", 2 * 10 + 2 * (1 + 3 + 2) + 12),
        ("midpoint", 2 * 10 + 2 * (1 + 3 + 2) + 12),
    ],
)
def test_rules_by_hand(rule, length):
    assert solve_by(rule, EXAMPLE, Stop()).objective == length


def test_midpoint_and_largest_gap_differ():
    # In the aisle between: picks 1, 3 and 5.5 deep from the front, 4.5 from the back.
    problem = AisleProblem(
        np.arange(3) * 2.0,
        np.array([0.0, 10.0]),
        np.array([0, 1, 1, 1, 2], np.int32),
        np.array([5.0, 9.0, 7.0, 4.5, 5.0]),
        0,
        1,
    )
    assert solve_by("midpoint", problem, Stop()).objective == 20 + 2 * (3 + 4.5) + 8
    assert solve_by("largest-gap", problem, Stop()).objective == 20 + 2 * 5.5 + 8


def test_s_shape_leaves_an_odd_last_aisle_where_it_entered():
    problem = AisleProblem(
        np.arange(3) * 2.0,
        np.array([0.0, 10.0]),
        np.array([0, 1, 2], np.int32),
        np.array([1.0, 1.0, 8.0]),
        1,
        0,
    )
    # Depot at the top: two aisles traversed, the last 8 deep and back.
    assert solve_by("s-shape", problem, Stop()).objective == 20 + 16 + 8


BLOCK_RULES = ("s-shape", "largest-gap")


@given(aisle_problems(most_crosses=4))
def test_rules_for_blocks_are_tours_and_not_shorter_than_the_shortest(problem):
    if problem.depot_cross not in (0, len(problem.cross_y) - 1):
        with pytest.raises(SolverError, match="E330"):
            s_shape_blocks(problem)
        return
    shortest = solve_by("local-search", problem, Stop(iterations=50)).lower_bound
    for rule in (s_shape_blocks, largest_gap_blocks):
        tour = rule(problem)
        assert walk_faults(problem, tour) == []
        assert tour.length >= shortest - 1e-9


@given(aisle_problems(most_crosses=2))
def test_one_block_is_the_plain_rule(problem):
    assert s_shape_blocks(problem).length == RULES["s-shape"](problem).length
    gap = RULES["largest-gap"](problem).length
    assert largest_gap_blocks(problem).length == gap


def test_two_blocks_by_hand():
    # Depot at the bottom left; aisles 2 apart, blocks 10 deep; y from the top.
    problem = AisleProblem(
        np.arange(4) * 2.0,
        np.array([0.0, 10.0, 20.0]),
        np.array([1, 1, 2, 3, 3, 2], np.int32),
        np.array([14.0, 4.0, 9.0, 6.0, 13.0, 12.0]),
        0,
        2,
    )
    # Up aisle 1 (10, its pick of block 0 on the way), through it to the back, down
    # aisle 2, in aisle 3 by 4 and back; aisle 3 down, aisle 2 in by 8 and back, home.
    s_shape = 2 + 10 + 10 + 2 + 10 + 2 + 2 * 4 + 10 + 2 + 2 * 8 + 4
    assert RULES["s-shape"](problem).length == s_shape
    # Block 1: up 1, down 3, aisle 2 from the front by 1; block 0: aisle 2 from the back
    # by 2, down aisle 3, home.
    gap = 2 + 10 + 10 + 4 + 10 + 2 + 2 * 1 + 2 * 2 + 2 + 10 + 6
    assert RULES["largest-gap"](problem).length == gap


def test_other_rules_refuse_two_blocks():
    problem = random_problem(0, aisles=3, crosses=3, picks=4)
    for rule in set(RULES) - set(BLOCK_RULES):
        with pytest.raises(SolverError, match="2 blocks"):
            solve_by(rule, problem, Stop())


@pytest.mark.parametrize("method", AISLE_METHODS)
def test_every_method_by_name(method):
    problem = random_problem(5, aisles=5, crosses=2, picks=8)
    shortest = solve_by("exact", problem, Stop()).objective
    result = solve_by(method, problem, Stop(iterations=20))
    assert walk_faults(problem, result.solution) == []
    assert result.lower_bound <= shortest <= result.objective
    if method in ("held-karp", "local-search"):
        assert result.objective == shortest


def test_too_many_cross_aisles_are_refused():
    problem = random_problem(0, aisles=2, crosses=6, picks=3)
    with pytest.raises(SolverError, match="6 cross aisles"):
        solve_by("exact", problem, Stop())


def test_unknown_method_is_refused():
    with pytest.raises(SolverError, match="zigzag"):
        solve_by("zigzag", EXAMPLE, Stop())


def test_thousandths_keep_halves():
    problem = AisleProblem(
        np.array([0.0, 2.5]),
        np.array([0.0, 10.0]),
        np.array([0, 1], np.int32),
        np.array([1.5, 2.0]),
        0,
        0,
    )
    assert solve_by("held-karp", problem, Stop()).objective == 2 * (1.5 + 2.0 + 2.5)
    assert solve_by("held-karp", problem, Stop()).lower_bound == 12.0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"aisle_x": [2.0, 0.0]}, "out of order"),
        ({"aisle_x": []}, "0 aisles"),
        ({"cross_y": [0.0]}, "1 cross aisles"),
        ({"cross_y": [0.0, np.nan]}, "finite"),
        ({"pick_y": [11.0]}, "pick 0 outside"),
        ({"pick_y": []}, "0 pick y"),
        ({"pick_aisle": [2]}, "pick 0 outside"),
        ({"depot_cross": 2}, "depot"),
        ({"depot_leg": -1.0}, "depot leg"),
    ],
)
def test_contradictions_are_refused(change, words):
    given = {
        "aisle_x": [0.0, 1.0],
        "cross_y": [0.0, 10.0],
        "pick_aisle": [1],
        "pick_y": [3.0],
        "depot_aisle": 0,
        "depot_cross": 0,
    } | change
    arrays = {
        name: np.array(value) if isinstance(value, list) else value
        for name, value in given.items()
    }
    with pytest.raises(SolverError, match=words):
        AisleProblem(**arrays)


@settings(max_examples=20)
@given(aisle_problems(most_aisles=3, most_picks=3))
def test_a_pick_twice_changes_nothing(problem):
    twice = AisleProblem(
        problem.aisle_x.copy(),
        problem.cross_y.copy(),
        np.r_[problem.pick_aisle, problem.pick_aisle],
        np.r_[problem.pick_y, problem.pick_y],
        problem.depot_aisle,
        problem.depot_cross,
        problem.depot_leg,
    )
    assert solve_aisles(twice).objective == solve_aisles(problem).objective
