"""One-shot solving as a user calls it: legal, bounded, on time, and the same again."""

import time
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.mapf.floor import Floor
from solvers.mapf.one_shot.problem import OneShotProblem
from solvers.mapf.one_shot.solve import OneShotParams, solve
from solvers.mapf.one_shot.turning import turn
from solvers.result import Status, Stop, Termination
from tests import naive
from tests.naive_mapf import joint_moves, least_loss
from tests.strategies import rooms, scattered_layouts
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


def drawn(*rows):
    """Grid of a drawing, ``.`` for floor."""
    return Grid.from_arrays(np.array([[mark == "." for mark in row] for row in rows]))


@pytest.mark.parametrize("motion", ["omni", "rotate"])
@pytest.mark.parametrize(
    ("grid", "starts", "goals"),
    [
        (drawn("....."), [0, 4], [4, 0]),  # nowhere to pass
        (drawn("..", ".."), [0, 1, 2, 3], [1, 0, 2, 3]),  # a full circle only turns
        (drawn("..."), [0, 1, 2], [0, 2, 1]),
        (drawn(".#.", ".#."), [0, 2], [2, 0]),  # two pieces of floor
        (drawn("#.#", "..."), [3, 5, 4], [5, 3, 4]),  # no room to change places
    ],
)
def test_what_nobody_can_solve_is_proved(grid, starts, goals, motion):
    problem = OneShotProblem(grid, np.array(starts), np.array(goals), motion)
    result = solve(problem, Stop(time_limit_s=60.0))
    assert result.status is Status.INFEASIBLE
    assert result.termination is Termination.PROVED


@pytest.mark.parametrize("motion", ["omni", "rotate"])
def test_a_full_circle_goes_round(motion):
    goals = np.array([1, 3, 0, 2])
    problem = OneShotProblem(drawn("..", ".."), np.arange(4), goals, motion)
    result = solve(problem, Stop(iterations=100))
    assert result.status is Status.OPTIMAL or motion == "rotate"
    assert result.solution.cells[-1].tolist() == goals.tolist()


@pytest.mark.parametrize("objective", ["sum_of_costs", "loss", "makespan"])
def test_robots_that_turn_are_improved_as_such(objective):
    free = crowd(7, 7, 14, seed=9)
    headings = np.arange(14, dtype=np.uint8) % 4
    problem = OneShotProblem(free.grid, free.starts, free.goals, "rotate", headings)
    params = OneShotParams(objective=objective)
    first = solve(problem, Stop(iterations=0), params=params)
    result = solve(problem, Stop(iterations=400), params=params)
    paths = result.solution
    assert paths.headings[0].tolist() == headings.tolist()
    assert naive.motion_faults(problem.grid, paths.cells, paths.headings) == []
    assert paths.cells[-1].tolist() == problem.goals.tolist()
    assert result.lower_bound <= result.objective < first.objective
    again = solve(problem, Stop(iterations=0), params=params, initial=paths)
    assert again.objective == result.objective


def test_the_bound_counts_turns():
    # Facing right, with the goal to the left: two turns, one move.
    problem = OneShotProblem(drawn(".."), np.array([1]), np.array([0]), "rotate")
    result = solve(problem, Stop(iterations=1))
    assert (result.status, result.lower_bound) == (Status.OPTIMAL, 3.0)


@pytest.mark.kernel
@settings(max_examples=20, deadline=None)
@given(rooms(4, 4), st.integers(0, 1000))
def test_robots_that_turn_keep_the_order_of_those_that_do_not(grid, seed):
    floor = Floor.from_grid(grid)
    random = np.random.default_rng(seed)
    plan = [random.permutation(floor.vertices)[:3].tolist()]
    for _ in range(6):
        after = list(joint_moves(floor.successors, plan[-1]))
        plan.append(list(after[random.integers(len(after))]))
    headings = random.integers(0, 4, 3).astype(np.uint8)
    states = turn(floor, np.array(plan, np.int32), headings)
    cells = floor.cell_of[states >> 2]
    assert naive.motion_faults(grid, cells, states & 3) == []
    assert states[0].tolist() == (np.array(plan[0]) * 4 + headings).tolist()
    assert len(states) <= 3 * len(plan)
    for robot in range(3):
        way = [vertex for vertex, _ in groupby(row[robot] for row in plan)]
        turned = [vertex for vertex, _ in groupby((states[:, robot] >> 2).tolist())]
        assert turned == way
