"""One-shot solving as a user calls it: legal, bounded, on time, and the same again."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.mapf.one_shot.problem import OneShotProblem
from solvers.mapf.one_shot.solve import OneShotParams, solve
from solvers.result import Status, Stop, Termination
from tests import naive
from tests.naive_mapf import least_loss
from tests.strategies import scattered_layouts
from warehouse.grid import Grid


def crowd(rows, cols, robots, seed):
    """Robots anywhere on open floor."""
    grid = Grid.from_arrays(np.ones((rows, cols), bool))
    random = np.random.default_rng(seed)
    starts, goals = (random.permutation(rows * cols)[:robots] for _ in range(2))
    return OneShotProblem(grid, starts, goals)


def check(problem, result):
    """Hold a solution against the rules; its figures, against its paths."""
    paths = result.solution
    assert paths.cells[0].tolist() == problem.starts.tolist()
    assert paths.cells[-1].tolist() == problem.goals.tolist()
    assert naive.motion_faults(problem.grid, paths.cells) == []
    assert result.lower_bound <= result.objective
    history = result.statistics["history"]
    assert history[0][0] == result.statistics["first_solution_s"]
    assert history[-1][1] == result.objective


@settings(max_examples=25)
@given(scattered_layouts(3, 3), st.data())
def test_what_can_be_solved_is_solved_and_what_cannot_is_proved(layout, data):
    grid = Grid.from_layout(layout)
    floor = np.flatnonzero(grid.drivable)
    robots = data.draw(st.integers(1, min(3, len(floor))))
    starts, goals = (
        np.array(data.draw(st.permutations(floor.tolist()))[:robots]) for _ in range(2)
    )
    problem = OneShotProblem(grid, starts, goals)
    result = solve(problem, Stop(iterations=10))
    at = problem.floor.at
    least = least_loss(problem.floor.successors, at(starts), at(goals))
    if least is None:
        assert result.status is Status.INFEASIBLE
        assert result.termination is Termination.PROVED
        assert result.solution is None
    else:
        check(problem, result)
        assert result.objective >= least


@pytest.mark.parametrize("objective", ["sum_of_costs", "loss", "makespan"])
def test_a_crowd_comes_home_under_every_objective(objective):
    problem = crowd(8, 8, 40, seed=1)
    params = OneShotParams(objective=objective)
    result = solve(problem, Stop(iterations=50), seed=2, params=params)
    check(problem, result)
    assert result.objective == getattr(result.solution, objective)


def test_with_one_seed_and_an_iteration_limit_the_plan_is_the_same():
    problem = crowd(8, 8, 30, seed=3)
    plans = [
        solve(problem, Stop(iterations=40), seed=seed).solution.cells.tobytes()
        for seed in (5, 5, 6)
    ]
    assert plans[0] == plans[1]
    assert plans[0] != plans[2]


def test_guided_plans_are_taken_when_they_are_better():
    problem = crowd(16, 16, 120, seed=4)
    first = solve(problem, Stop(), params=OneShotParams(first_only=True))
    guided = solve(problem, Stop(iterations=0))
    assert guided.objective < first.objective
    assert len(first.statistics["history"]) == 1


def test_robots_at_their_goals_already_stay():
    grid = Grid.from_arrays(np.ones((2, 2), bool))
    result = solve(OneShotProblem(grid, np.arange(3), np.arange(3)), Stop())
    assert result.status is Status.OPTIMAL
    assert result.solution.cells.tolist() == [[0, 1, 2]]


def test_a_goal_behind_a_wall_is_named():
    grid = Grid.from_arrays(np.array([[1, 1, 0, 1]], bool))
    result = solve(OneShotProblem(grid, np.array([0, 1]), np.array([1, 3])), Stop())
    assert result.status is Status.INFEASIBLE
    assert result.statistics["unreachable"] == [1]


def test_an_initial_plan_is_never_made_worse():
    problem = crowd(6, 6, 12, seed=6)
    first = solve(problem, Stop(), params=OneShotParams(first_only=True))
    better = solve(problem, Stop(iterations=50), initial=first.solution)
    assert better.objective <= first.objective
    check(problem, better)


def test_an_interrupt_gives_back_the_best_so_far():
    problem = crowd(8, 8, 30, seed=7)
    stop = Stop(time_limit_s=60.0, interrupted=lambda: True)
    began = time.perf_counter()
    result = solve(problem, stop)
    assert result.termination is Termination.INTERRUPTED
    assert time.perf_counter() - began < 50.0


def test_what_cannot_be_found_in_time_is_unknown():
    # Two robots can never pass; ten in a room of their own make the proof endless.
    rows = ["...", "###", "....", "....", "....", "...."]
    drivable = np.array([[mark == "." for mark in f"{row:#<4}"] for row in rows])
    starts = np.array([0, 2, *range(8, 18)])
    goals = np.array([2, 0, *range(14, 24)])
    problem = OneShotProblem(Grid.from_arrays(drivable), starts, goals)
    result = solve(problem, Stop(time_limit_s=0.2))
    assert result.status is Status.UNKNOWN
    assert result.termination is Termination.TIME_LIMIT


def test_robots_that_turn_turn_before_they_drive():
    open_floor = crowd(6, 6, 8, seed=9)
    problem = OneShotProblem(
        open_floor.grid, open_floor.starts, open_floor.goals, motion="rotate"
    )
    result = solve(problem, Stop(time_limit_s=20.0))
    paths = result.solution
    assert paths.headings[0].tolist() == problem.headings.tolist()
    assert naive.motion_faults(problem.grid, paths.cells, paths.headings) == []
    assert paths.cells[-1].tolist() == problem.goals.tolist()
