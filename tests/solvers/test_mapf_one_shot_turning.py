"""One-shot plans of robots that turn, against all joint states and the checker."""

import time

import numpy as np
import pytest

from solvers.mapf.distances import distance_rows
from solvers.mapf.one_shot.lacam import make_instance
from solvers.mapf.one_shot.load import load_kernels
from solvers.mapf.one_shot.problem import OneShotProblem, Paths
from solvers.mapf.one_shot.solve import OneShotParams, solve
from solvers.mapf.one_shot.turning import turning_rows
from solvers.mapf.one_shot.turning_guided import TurningRun
from solvers.result import Status, Stop, Termination
from tests.naive_turning import least_sum_of_costs_turning
from warehouse.check.paths import check_paths
from warehouse.grid import Grid


def drawn(*rows):
    """Grid of a drawing, ``.`` for floor."""
    return Grid.from_arrays(np.array([[mark == "." for mark in row] for row in rows]))


def team(grid, robots, seed):
    """Robots with random starts, goals and headings on one piece of floor."""
    random = np.random.default_rng(seed)
    cells = np.flatnonzero(grid.drivable)
    starts, goals = (random.permutation(cells)[:robots] for _ in range(2))
    headings = random.integers(0, 4, robots).astype(np.uint8)
    return OneShotProblem(grid, starts, goals, "rotate", headings)


def faults(problem, paths):
    """What an independent checker has to say."""
    return check_paths(
        problem.grid,
        paths.cells,
        paths.headings,
        problem.starts,
        problem.goals,
        start_headings=problem.headings,
    )


def guided(problem, **limits):
    """A plan made with turns alone, or None."""
    floor = problem.floor
    starts, goals = floor.at(problem.starts), floor.at(problem.goals)
    rows = distance_rows(floor, goals)
    run = TurningRun(
        **{"seed": 3, "expected_steps": 60, "loss_to_beat": 10**9} | limits
    )
    states = run.plan(
        floor,
        make_instance(floor, rows, goals),
        turning_rows(floor, goals),
        (4 * starts + problem.headings).astype(np.int32),
        lambda: False,
    )
    if states is None:
        return None
    return Paths(floor.cell_of[states >> 2], (states & 3).astype(np.uint8))


SMALL = [
    drawn("...", ".#.", "..."),
    drawn("...", "..."),
    drawn("....", "#.##"),
    drawn("...", "...", "..."),
]


@pytest.mark.parametrize("seed", range(24))
def test_no_plan_costs_less_than_the_optimum(seed):
    problem = team(SMALL[seed % 4], 3 if seed % 4 == 1 else 2, seed)
    floor = problem.floor
    states = (4 * floor.at(problem.starts) + problem.headings).tolist()
    goals = floor.at(problem.goals).tolist()
    optimum = least_sum_of_costs_turning(floor.successors, states, goals)
    result = solve(problem, Stop(iterations=3000))
    if optimum is None:
        assert result.status is Status.INFEASIBLE
        return
    assert faults(problem, result.solution) == []
    # Reached in every case here, where conflict-based search has its turn.
    assert result.objective == optimum >= result.lower_bound
    paths = guided(problem)
    if paths is not None:
        assert faults(problem, paths) == []
        assert paths.sum_of_costs >= optimum


@pytest.mark.parametrize(("robots", "seed"), [(20, 1), (40, 2), (60, 3)])
def test_guided_plans_keep_all_rules_and_come_out_the_same(robots, seed):
    grid = Grid.from_arrays(np.random.default_rng(5).random((12, 12)) >= 0.12)
    grid = Grid.from_arrays(np.ones((12, 12), bool)) if robots == 60 else grid
    problem = team(grid, robots, seed)
    paths, again = guided(problem), guided(problem)
    if paths is None:
        assert again is None
        return
    assert faults(problem, paths) == []
    assert (paths.cells == again.cells).all()
    assert (paths.headings == again.headings).all()


def test_solving_is_the_same_each_time_and_better_than_carrying_out():
    problem = team(Grid.from_arrays(np.ones((10, 10), bool)), 30, seed=4)
    params = OneShotParams(windows=(10, 10))
    runs = [solve(problem, Stop(iterations=50), params=params) for _ in range(2)]
    assert runs[0].objective == runs[1].objective
    assert (runs[0].solution.cells == runs[1].solution.cells).all()
    assert faults(problem, runs[0].solution) == []
    first = runs[0].statistics["history"][0][1]
    assert runs[0].objective < first


@pytest.mark.parametrize("heading", range(4))
def test_one_robot_takes_its_shortest_way_with_turns(heading):
    grid, headings = drawn("....", "...."), np.array([heading], np.uint8)
    problem = OneShotProblem(
        grid, np.array([5]), np.array([3]), "rotate", headings=headings
    )
    result = solve(problem, Stop(iterations=10))
    assert result.status is Status.OPTIMAL
    assert result.objective == [4, 4, 5, 5][heading]
    assert guided(problem).sum_of_costs == result.objective
    at_goal = OneShotProblem(
        grid, np.array([5]), np.array([5]), "rotate", headings=headings
    )
    assert solve(at_goal, Stop(iterations=10)).objective == 0
    assert guided(at_goal).sum_of_costs == 0


def test_nobody_has_nothing_to_do():
    nobody = OneShotProblem(drawn(".."), np.array([], int), np.array([], int), "rotate")
    assert solve(nobody, Stop(iterations=10)).objective == 0


def test_who_stands_in_a_dead_end_comes_out_first():
    grid = drawn("....", ".##.", "....", "#.##", "#.##")
    mouth, bottom = 9, 17
    problem = OneShotProblem(
        grid, np.array([bottom, 13, 8]), np.array([0, bottom, mouth]), "rotate"
    )
    result = solve(problem, Stop(iterations=500))
    assert faults(problem, result.solution) == []


def test_a_run_is_given_up_when_it_costs_too_much():
    problem = team(Grid.from_arrays(np.ones((8, 8), bool)), 12, seed=1)
    assert guided(problem, loss_to_beat=10) is None


@pytest.mark.parametrize("limit_s", [0.0, 0.05, 0.4])
def test_time_limits_are_kept(limit_s):
    problem = team(Grid.from_arrays(np.ones((16, 16), bool)), 80, seed=2)
    load_kernels("rotate", "sum_of_costs")
    began = time.perf_counter()
    result = solve(problem, Stop(time_limit_s=limit_s))
    assert time.perf_counter() - began < limit_s + 0.6
    if result.solution is not None:
        assert faults(problem, result.solution) == []
    assert result.termination in (Termination.TIME_LIMIT, Termination.PROVED)
