"""Improving a one-shot plan: legal, never worse, the same again; and tidying it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.mapf.distances import distance_rows
from solvers.mapf.one_shot.neighbourhood_search import Task, improve
from solvers.mapf.one_shot.problem import OneShotProblem, Paths
from solvers.mapf.one_shot.solve import OneShotParams, solve
from solvers.mapf.one_shot.tidy import tidy
from solvers.mapf.one_shot.turning import turn, turning_rows
from solvers.result import Stop
from tests import naive
from tests.strategies import rooms
from warehouse.grid import Grid

pytestmark = [
    # Without the compiler numpy warns where random bits fall off the end.
    pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning"),
]


@st.composite
def first_plans(draw):
    """A problem on a floor in one piece, and the first plan found for it."""
    grid = draw(rooms())
    floor = np.flatnonzero(grid.drivable)
    random = np.random.default_rng(draw(st.integers(0, 2**31)))
    robots = min(len(floor), draw(st.integers(1, 7)))
    starts, goals = (random.permutation(floor)[:robots] for _ in range(2))
    problem = OneShotProblem(grid, starts, goals)
    params = OneShotParams(first_only=True)
    found = solve(problem, Stop(time_limit_s=5), params=params).solution
    return problem, found


def hold(problem, before, states, objective="sum_of_costs"):
    """Hold a changed plan against the rules and the plan that it was."""
    shift = 2 if problem.motion == "rotate" else 0
    after = Paths(problem.floor.cell_of[states >> shift], states & 3 if shift else None)
    assert naive.motion_faults(problem.grid, after.cells, after.headings) == []
    assert after.cells[0].tolist() == problem.starts.tolist()
    assert after.cells[-1].tolist() == problem.goals.tolist()
    assert getattr(after, objective) <= getattr(before, objective)
    return after


@settings(max_examples=40, deadline=None)
@given(
    first_plans(),
    st.sampled_from(["sum_of_costs", "loss", "makespan"]),
    st.booleans(),
    st.integers(0, 3),
)
def test_the_search_keeps_to_the_rules_and_never_makes_it_worse(
    plan, objective, turns, seed
):
    problem, before = plan
    if before is None:
        return
    floor = problem.floor
    goals, states = floor.at(problem.goals), floor.at(before.cells)
    rows = to_goal = distance_rows(floor, goals)
    if turns:
        problem = replace(problem, motion="rotate")
        states = turn(floor, states, problem.headings)
        to_goal = turning_rows(floor, goals)
        before = Paths(floor.cell_of[states >> 2], states & 3)
        assert naive.motion_faults(problem.grid, before.cells, before.headings) == []
    task = Task(floor, rows, to_goal, objective, seed=seed)

    def better():
        return improve(task, states, np.inf, iterations=60)

    found = better()
    hold(problem, before, found.states, objective)
    np.testing.assert_array_equal(found.states, better().states)


@settings(max_examples=25, deadline=None)
@given(first_plans())
def test_tidying_brings_no_robot_later(plan):
    problem, before = plan
    if before is None:
        return
    vertices = tidy(problem.floor.vertices, problem.floor.at(before.cells))
    after = hold(problem, before, vertices)
    assert (after.arrivals <= before.arrivals).all()


def test_a_robot_that_dawdles_is_brought_home_on_the_shortest_way():
    grid = Grid.from_arrays(np.ones((2, 4), bool))
    problem = OneShotProblem(grid, np.array([0]), np.array([3]))
    floor = problem.floor
    slow = floor.at(np.array([[0], [4], [4], [5], [1], [1], [2], [3]]))
    rows = distance_rows(floor, floor.at(problem.goals))
    found = improve(Task(floor, rows, rows), slow, np.inf, iterations=20)
    assert Paths(found.states).sum_of_costs == 3
    assert Paths(tidy(floor.vertices, slow)).sum_of_costs < 7
