"""Exact search for small teams: against another exact search, and its proofs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.mapf.distances import distance_rows
from solvers.mapf.one_shot.conflict_based_search import ConflictBasedSearch
from solvers.mapf.one_shot.constraint_tree import make_constraint_tree, pop, push
from solvers.mapf.one_shot.problem import OneShotProblem, Paths
from solvers.mapf.one_shot.solve import OneShotParams, solve
from solvers.mapf.one_shot.states import move
from solvers.mapf.one_shot.turning import turning_rows
from solvers.result import Status, Stop
from tests import naive
from tests.naive_cbs import least_sum_of_costs
from tests.small_teams import small_team
from tests.strategies import rooms

pytestmark = [
    pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning"),
]


def exact(problem, cost):
    """Search under way that knows of a plan of some cost."""
    floor = problem.floor
    starts, goals = floor.at(problem.starts), floor.at(problem.goals)
    rows = distance_rows(floor, goals)
    if problem.motion == "rotate":
        rows = turning_rows(floor, goals)
        starts = starts * np.int32(4) + problem.headings.astype(np.int32)
    return ConflictBasedSearch(floor, rows, starts, goals, cost)


def least(problem):
    """Least sum of costs, by the slow search; None where that is too slow."""
    at = problem.floor.at
    headings = problem.headings if problem.motion == "rotate" else None
    return least_sum_of_costs(
        problem.floor.successors,
        at(problem.starts),
        at(problem.goals),
        headings,
        most_nodes=150,
    )


def hold(problem, search):
    """Hold the plan that was found against the rules and its cost."""
    shift = 2 if problem.motion == "rotate" else 0
    plan = search.plan()
    paths = Paths(problem.floor.cell_of[plan >> shift], plan & 3 if shift else None)
    assert naive.motion_faults(problem.grid, paths.cells, paths.headings) == []
    assert paths.cells[0].tolist() == problem.starts.tolist()
    assert paths.cells[-1].tolist() == problem.goals.tolist()
    assert paths.sum_of_costs == search.cost


@pytest.mark.parametrize("motion", ["omni", "rotate"])
def test_small_teams_are_solved_as_the_slow_search_does(motion):
    compared = 0
    for seed in range(30):
        problem = small_team(seed, motion)
        optimum = least(problem)
        if optimum is None:
            continue
        search = exact(problem, optimum + 2)
        search.run(nodes=3000)
        assert search.proved
        assert search.cost == search.bound == optimum
        hold(problem, search)
        compared += 1
    assert compared > 20


def test_solve_meets_the_optimum_and_says_so():
    proved = 0
    for seed in range(100, 112):
        problem = small_team(seed)
        optimum = least(problem)
        result = solve(problem, Stop(iterations=5_000), seed=seed)
        assert result.lower_bound <= result.objective
        if optimum is None:
            continue
        assert result.lower_bound <= optimum <= result.objective
        if result.status is Status.OPTIMAL:
            assert result.objective == optimum
            proved += 1
    assert proved > 8


@pytest.mark.kernel
@settings(max_examples=6, deadline=None)
@given(rooms(3, 3), st.integers(0, 1000), st.sampled_from(["omni", "rotate"]))
def test_two_robots_in_a_room(grid, seed, motion):
    random = np.random.default_rng(seed)
    floor = np.flatnonzero(grid.drivable)
    starts, goals = (random.permutation(floor)[:2] for _ in range(2))
    headings = random.integers(0, 4, 2).astype(np.uint8)
    problem = OneShotProblem(grid, starts, goals, motion, headings)
    optimum = least(problem)
    if optimum is None:
        return
    search = exact(problem, optimum + 2)
    search.run(nodes=200)
    assert search.proved
    assert search.cost == optimum
    hold(problem, search)


def test_a_plan_found_elsewhere_cuts_the_search_short():
    problem = small_team(0)
    optimum = least(problem)
    search = exact(problem, optimum + 5)
    search.take(optimum)
    search.run(nodes=3000)
    assert search.proved
    assert search.cost == optimum
    assert search.plan() is None


def test_the_bound_rises_and_stays_below_the_optimum():
    problem = small_team(9)
    search, bounds = exact(problem, 80), []
    while search.run(nodes=1):
        bounds.append(search.bound)
    assert bounds == sorted(bounds)
    assert bounds[-1] <= search.cost == least(problem)


@pytest.mark.kernel
@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 1000), min_size=1, max_size=20))
def test_open_nodes_come_out_in_order(ranks):
    tree = make_constraint_tree(timesteps=2, nodes=20)
    for node, rank in enumerate(ranks):
        tree.rank[node] = rank
        push(tree, node)
    out = [int(tree.rank[pop(tree)]) for _ in ranks]
    assert out == sorted(ranks)


@pytest.mark.kernel
def test_what_a_robot_that_turns_can_do():
    successors = np.array([[-1, 1, -1, -1], [-1, -1, -1, 0]], np.int32)
    facing_right = 0 * 4 + 1
    after = [move(successors, 2, facing_right, k) for k in range(5)]
    assert after == [(5, 1), (0, 4), (2, 4), (-1, 4), (1, 4)]
    assert move(successors, 0, 1, 3) == (0, 3)


def test_other_objectives_are_not_stopped_by_the_bound_of_sum_of_costs():
    problem = small_team(9)
    for objective in ("loss", "makespan"):
        params = OneShotParams(objective=objective)
        result = solve(problem, Stop(iterations=500), params=params)
        assert result.objective == getattr(result.solution, objective)
        assert result.lower_bound <= result.objective
