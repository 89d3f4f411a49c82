"""Lifelong motion of robots that move freely: legal, live, guided, never collapsing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.mapf.floor import Floor
from solvers.mapf.lifelong.problem import LifelongProblem, RoundRobin
from solvers.mapf.lifelong.simulate import LifelongParams, simulate
from solvers.mapf.lifelong.team import OmniParams, OmniTeam
from solvers.result import Stop, Termination
from tests.naive_lifelong import errand_faults
from warehouse.check.paths import check_paths
from warehouse.errors import SolverError
from warehouse.grid import Grid
from warehouse.layout import Layout

QUICK = 2_000
"""Robot-steps of a rehearsal in these tests."""

PLAIN = OmniParams(guided=False)
LANES = OmniParams(rehearsal_robot_steps=QUICK, windows=False)
WINDOWS = OmniParams(
    rehearsal_robot_steps=QUICK, team_rehearsal_robot_steps=0, window=6
)

# Aisles of one cell between racks of 2 x 5, a cross aisle at each end.
AISLES = [
    ".".join(["." * 5] * 4)
    if row % 3 == 0
    else ".".join(["#" * 5] * 4).replace(".#", ".#")
    for row in range(13)
]


def grid_of(rows):
    return Grid.from_layout(Layout.from_rows(list(rows)))


def random_problem(grid, robots, seed):
    rng = np.random.default_rng(seed)
    floor = np.flatnonzero(grid.drivable)
    return LifelongProblem(
        grid, rng.permutation(floor)[:robots], RoundRobin(rng.choice(floor, 997))
    )


def run(problem, steps, omni, *, seed=0, step_ms=None):
    params = LifelongParams(step_ms=step_ms, omni=omni)
    return simulate(problem, Stop(iterations=steps), seed=seed, params=params)


def faults(problem, result):
    cells = result.solution.cells
    goals = np.asarray(problem.tasks.cells)
    found = errand_faults(cells, goals, result.solution.tasks.events())
    return found + check_paths(problem.grid, cells, None, problem.starts)


@pytest.mark.parametrize("omni", [PLAIN, LANES, WINDOWS], ids=["plain", "lanes", "all"])
@given(data=st.data())
@settings(max_examples=10, deadline=None)
def test_every_run_is_legal_and_reaches_what_it_says(omni, data):
    rows, cols = data.draw(st.integers(2, 6)), data.draw(st.integers(2, 6))
    free = np.ones((rows, cols), bool)
    for _ in range(data.draw(st.integers(0, 3))):
        # Walls that stand alone cut nothing off.
        free[1:-1:2, 1:-1:2][data.draw(st.integers(0, 1)) :: 2] = False
    grid = Grid.from_arrays(free)
    robots = data.draw(st.integers(1, int(free.sum()) - 1))
    problem = random_problem(grid, robots, data.draw(st.integers(0, 99)))
    result = run(problem, 40, omni, seed=data.draw(st.integers(0, 9)))
    assert not faults(problem, result)
    statistics = result.statistics
    assert statistics["finished"] == len(result.solution.tasks.events())
    assert statistics["throughput"] <= statistics["bound_throughput"]
    assert result.objective >= result.lower_bound


def test_a_budget_keeps_a_run_legal_and_counts_what_it_overruns():
    problem = random_problem(grid_of(AISLES), 40, 1)
    result = run(problem, 30, WINDOWS, step_ms=1e-6)
    assert not faults(problem, result)
    assert result.statistics["overruns"] == 30
    assert run(problem, 30, WINDOWS, step_ms=1e9).statistics["overruns"] == 0


@pytest.mark.parametrize("omni", [PLAIN, LANES, WINDOWS], ids=["plain", "lanes", "all"])
def test_same_seed_same_run(omni):
    problem = random_problem(grid_of(AISLES), 40, 2)
    first, again, other = (run(problem, 60, omni, seed=s) for s in (3, 3, 4))
    assert (first.solution.cells == again.solution.cells).all()
    assert (first.solution.cells != other.solution.cells).any()


def test_lanes_and_windows_deliver_more_in_narrow_aisles():
    problem = random_problem(grid_of(AISLES), 60, 5)
    plain, lanes, windows = (
        run(problem, 300, omni).statistics["throughput"]
        for omni in (PLAIN, OmniParams(windows=False), OmniParams())
    )
    assert lanes > 1.3 * plain
    assert windows > 1.3 * plain


def test_more_robots_deliver_no_less():
    grid = grid_of(AISLES)
    delivered = [
        run(random_problem(grid, robots, 6), 300, OmniParams()).statistics["finished"]
        for robots in (5, 10, 20)
    ]
    assert delivered == sorted(delivered)


def test_a_small_crowded_floor_with_dead_ends_does_not_collapse():
    # 139 cells, of which 50 lie in dead ends of five.
    grid = grid_of(AISLES)
    few, half, many = (
        run(random_problem(grid, robots, 1), 200, OmniParams()).statistics["finished"]
        for robots in (20, 40, 60)
    )
    assert half > 1.2 * few
    assert many >= 0.95 * half


@pytest.mark.parametrize("trials", [0, 1, 7])
def test_any_number_of_trials_is_legal_with_and_without_a_budget(trials):
    problem = random_problem(grid_of(AISLES), 90, 3)
    omni = OmniParams(team_rehearsal_robot_steps=9_000, trials=trials)
    for step_ms in (None, 1e-6):
        result = run(problem, 15, omni, step_ms=step_ms)
        assert not faults(problem, result)


@pytest.mark.parametrize("share", [0.6, 0.8])
def test_narrow_rooms_deliver_no_less_when_they_are_nearly_full(share):
    # Rooms of 3 x 3 with doors of one cell, 64 cells without a dead end.
    rows = ["...#...#...", "...........", "...#...#...", "#.###.###.#"] * 2
    grid = grid_of([*rows, *rows[:3]])
    cells = int(grid.drivable.sum())
    third, more = (
        run(random_problem(grid, int(cells * part), 2), 200, OmniParams())
        for part in (0.4, share)
    )
    assert more.statistics["finished"] >= 0.93 * third.statistics["finished"]


@pytest.mark.parametrize("motion", ["omni", "rotate"])
def test_a_crowded_floor_of_two_parts_is_no_fault(motion):
    grid = grid_of(["...#..."] * 3)
    tasks = RoundRobin([1, 5, 14, 18, 16, 20, 2, 4])
    problem = LifelongProblem(grid, np.array([0, 4, 7, 11]), tasks, motion)
    result = simulate(problem, Stop(iterations=20))
    assert result.statistics["finished"] > 4


def test_robots_held_back_leave_the_dead_end_that_another_wants():
    grid = grid_of(["...##", ".....", "...##"])
    starts = np.array([0, 8, 9])
    floor = Floor.from_grid(grid)
    team = OmniTeam(floor, floor.at(starts), params=WINDOWS)
    goals = np.array([floor.vertex_of[9], -1, -1], np.int32)
    for _ in range(12):
        vertices, _ = team.step(goals)
        if vertices[0] == goals[0]:
            return
    raise AssertionError("nobody made room")


@pytest.mark.parametrize("omni", [PLAIN, LANES, WINDOWS], ids=["plain", "lanes", "all"])
def test_dead_ends_do_not_stop_the_team(omni):
    rows = ["....", ".##.", "....", ".#.#", "....", "#.#.", "...."]
    problem = random_problem(grid_of(rows), 10, 7)
    result = run(problem, 400, omni)
    late = result.solution.tasks.events()["t"] > 300
    assert len(set(result.solution.tasks.events()["robot"][late])) == 10


def test_one_robot_alone_meets_the_bound():
    problem = random_problem(grid_of(AISLES), 1, 8)
    result = run(problem, 200, PLAIN)
    assert result.statistics["throughput"] == result.statistics["bound_throughput"]
    assert result.gap == 0


def test_an_interrupted_run_ends_where_it_is():
    calls = iter(range(100))
    problem = random_problem(grid_of(AISLES), 5, 9)
    stop = Stop(iterations=50, interrupted=lambda: next(calls) == 7)
    result = simulate(problem, stop, params=LifelongParams(omni=LANES))
    assert result.termination is Termination.INTERRUPTED
    assert len(result.solution.cells) == 8
    assert not faults(problem, result)


def test_a_run_out_of_time_ends_where_it_is():
    problem = random_problem(grid_of(AISLES), 5, 9)
    stop = Stop(iterations=50, time_limit_s=0.0)
    result = simulate(problem, stop, params=LifelongParams(omni=LANES))
    assert result.termination is Termination.TIME_LIMIT
    assert result.solution.cells.shape == (1, 5)
    assert result.objective == np.inf


def code_of(call):
    with pytest.raises(SolverError) as caught:
        call()
    return caught.value.code


def test_bad_problems_are_refused():
    grid = grid_of(["...#.", "...#."])
    one = RoundRobin([0])
    assert code_of(lambda: LifelongProblem(grid, [0, 0], one)) == "E310"
    assert code_of(lambda: LifelongProblem(grid, [3], one)) == "E311"
    assert code_of(lambda: LifelongProblem(grid, [99], one)) == "E303"
    assert code_of(lambda: RoundRobin([])) == "E301"
    stop = Stop(iterations=5)
    for tasks, code in (([3], "E311"), ([4], "E313"), ([1, 4], "E313")):
        for omni in (PLAIN, LANES):
            problem = LifelongProblem(grid, np.array([0]), RoundRobin(tasks))
            params = LifelongParams(omni=omni)
            assert code_of(lambda p=problem, q=params: simulate(p, stop, params=q)) == (
                code
            )
    problem = LifelongProblem(grid, np.array([0]), one)
    assert code_of(lambda: simulate(problem, Stop())) == "E302"
    assert code_of(lambda: simulate(problem, Stop(iterations=0))) == "E302"
