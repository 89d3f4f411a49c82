"""What guided PIBT is made of, held to naive versions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.mapf.distances import distance_rows
from solvers.mapf.floor import Floor
from solvers.mapf.lifelong.bound import bound_throughput
from solvers.mapf.lifelong.goal_rows import GoalRows
from solvers.mapf.lifelong.lanes import DOWN, LEFT, RIGHT, UP, against_lanes
from solvers.mapf.lifelong.pibt import NO_GOAL, make_team, step
from solvers.mapf.lifelong.pockets import dead_ends, pockets
from solvers.mapf.lifelong.rehearsal import Rehearsals, Setting, set_priorities
from solvers.mapf.lifelong.trials import Trials
from solvers.mapf.lifelong.turns import make_turns, pass_turn
from tests.naive_lifelong import (
    cost_saved,
    lane_directions,
    naive_depths,
    pibt_targets,
    turns_taken,
)
from warehouse.check.paths import check_paths
from warehouse.grid import Grid
from warehouse.layout import Layout

pytestmark = [
    pytest.mark.kernel,
    # Without the compiler numpy warns where random bits fall off the end.
    pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning"),
]


def floor_of(*rows):
    return Floor.from_grid(Grid.from_layout(Layout.from_rows(list(rows))))


@given(st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=1))
@settings(max_examples=50, deadline=None)
def test_lanes_equal_the_naive_ones(free):
    free = np.array(free)
    if not free.any():
        return
    against = against_lanes(Floor.from_grid(Grid.from_arrays(free)))
    across = np.array(lane_directions(free))[free]
    down = np.array(lane_directions(free.T)).T[free]
    successors = Floor.from_grid(Grid.from_arrays(free)).successors
    for d, opposed in ((RIGHT, across < 0), (LEFT, across > 0), (UP, down > 0)):
        assert (against[:, d] == (opposed & (successors[:, d] >= 0))).all()
    assert (against[:, DOWN] == ((down < 0) & (successors[:, DOWN] >= 0))).all()


def test_parallel_aisles_alternate_at_any_distance():
    for rack in (1, 2, 3):
        rows = ["........"] + [*[".######."] * rack, "........"] * 3
        floor = floor_of(*rows)
        against = against_lanes(floor)
        aisles = [floor.vertex_of[row * 8 + 3] for row in range(0, len(rows), rack + 1)]
        assert against[aisles, LEFT].tolist() == [True, False, True, False]
        assert against[aisles, RIGHT].tolist() == [False, True, False, True]


def test_one_way_floor_has_no_lane_against_it():
    floor = floor_of("<<<<")
    assert not against_lanes(floor).any()


@given(st.integers(1, 6), st.data())
@settings(max_examples=50, deadline=None)
def test_turns_equal_the_naive_ones(robots, data):
    active = data.draw(st.integers(1, robots))
    finished = data.draw(st.lists(st.integers(0, robots - 1), max_size=30))
    turns = make_turns(robots, active)
    for robot, going in zip(
        finished, turns_taken(robots, active, finished), strict=True
    ):
        pass_turn(turns, robot)
        assert set(np.flatnonzero(turns.active).tolist()) == going


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_a_step_is_that_of_the_paper(data):
    # No dead end, so nobody swaps.
    floor = Floor.from_grid(Grid.from_arrays(np.ones((3, 4), bool)))
    robots = data.draw(st.integers(1, 12))
    rng = np.random.default_rng(data.draw(st.integers(0, 999)))
    team = make_team(rng.permutation(12)[:robots].astype(np.int32), 12, seed=1)
    goals = rng.permutation(12).astype(np.int32)
    team.row[:] = rng.integers(NO_GOAL, 12, robots)
    team.priority[:] = rng.permutation(robots)
    before = {robot: int(vertex) for robot, vertex in enumerate(team.position)}
    costs = rng.integers(1, 5, (12, 4)).astype(np.uint8)
    step(floor.successors, costs, 2, distance_rows(floor, goals), team)
    order = np.argsort(-team.priority).tolist()
    ways = {r: team.choice[r, : team.choices[r]].tolist() for r in range(robots)}
    assert team.order.tolist() == order
    # A robot that was never asked goes where it is pushed: nowhere else.
    assert pibt_targets(ways, before, order) == dict(enumerate(team.position))
    assert (team.here[team.position] == np.arange(robots)).all()
    assert (team.there == -1).all()


@given(st.integers(1, 11), st.integers(0, 999), st.integers(1, 12))
@settings(max_examples=20, deadline=None)
def test_the_best_trial_is_legal_and_no_worse_than_the_first(robots, seed, count):
    grid = Grid.from_arrays(np.array([[1, 1, 1, 1], [1, 0, 1, 1], [1, 1, 1, 1]], bool))
    floor = Floor.from_grid(grid)
    rng = np.random.default_rng(seed)
    start, goals = rng.permutation(11)[:robots].astype(np.int32), rng.permutation(11)
    goals = np.where(rng.random(robots) < 0.2, -1, goals[:robots]).astype(np.int32)
    wanted = np.where(goals < 0, NO_GOAL, np.arange(robots)).astype(np.int32)
    rows = distance_rows(floor, np.maximum(goals, 0))
    active = np.ones(robots, bool)
    ways = floor.successors, np.full((11, 4), 2, np.uint8), 2, (2 * rows)
    alone = make_team(start, 11, seed)
    first = []
    now, left = wanted.copy(), goals.copy()
    for _ in range(5):
        set_priorities(alone, active, now, left, ways[3], True)
        step(*ways, alone)
        first.append(alone.position.copy())
        now[alone.position == left], left[alone.position == left] = NO_GOAL, -1

    def saved(path):
        aims = {robot: goal for robot, goal in enumerate(goals) if goal >= 0}
        return cost_saved(path, start, aims, lambda r, v: 2 * rows[r, v], 2)

    trials = Trials(robots, count, 5)
    team = make_team(start, 11, seed)
    team.waited[:] = 1
    trials.move(ways, team, active, wanted, goals, True)
    best = trials._trial
    path = [team.position, *best.best[:-1]]
    assert best.score[0] == pytest.approx(saved(path))
    assert best.score[0] >= saved(first) - 1e-9
    if count == 1:
        assert (np.array(path) == first).all()
    cells = floor.cell_of[np.array([start, *path])]
    assert not check_paths(grid, cells, None, floor.cell_of[start])
    assert (team.here[team.position] == np.arange(robots)).all()
    # What is left of the best trial is the first one of the next timestep.
    planned = best.best[0].copy()
    trials._count = 1
    trials.move(ways, team, active, wanted, goals, True)
    assert (team.position == planned).all()


def test_choices_weigh_the_move_and_the_way():
    floor = Floor.from_grid(Grid.from_arrays(np.ones((2, 2), bool)))
    team = make_team(np.array([0], np.int32), 4, seed=0)
    costs = np.ones((4, 4), np.uint8)
    costs[0, RIGHT] = 9
    team.row[0] = 0
    step(floor.successors, costs, 5, distance_rows(floor, [3]), team)
    assert team.choice[0, : team.choices[0]].tolist() == [2, 0, 1]
    assert team.position[0] == 2


def test_a_robot_without_goal_stays_until_pushed():
    floor = floor_of("....")
    team = make_team(np.array([1, 2], np.int32), 4, seed=0)
    rows = distance_rows(floor, [3])
    costs = np.ones((4, 4), np.uint8)
    team.row[:], team.priority[:] = [NO_GOAL, NO_GOAL], -1
    step(floor.successors, costs, 1, rows, team)
    assert team.position.tolist() == [1, 2]
    team.row[0] = 0
    team.priority[0] = 1
    step(floor.successors, costs, 1, rows, team)
    assert team.position.tolist() == [2, 3]


def test_priorities_grow_and_those_held_back_come_last():
    floor = floor_of("....")
    team = make_team(np.array([0, 1, 2], np.int32), 4, seed=0)
    rows, goals = distance_rows(floor, [3]), np.array([3, -1, 3], np.int32)
    active, wanted = np.array([True, True, False]), np.array([0, NO_GOAL, 0], np.int32)
    for _ in range(2):
        set_priorities(team, active, wanted, goals, rows, False)
    assert team.priority[0] == 2
    assert (team.priority[1:] < 0).all()
    assert team.row.tolist() == [0, NO_GOAL, NO_GOAL]
    active[2] = True
    set_priorities(team, active, wanted, goals, rows, True)
    assert team.priority[2] > team.priority[0] > team.priority[1]


def test_in_dead_ends_the_deepest_goes_first_and_who_is_in_the_way_leaves():
    # Two cells of the middle row are a dead end.
    floor = floor_of("..##", "....", "..##")
    ends = dead_ends(floor)
    first, second = floor.vertex_of[[6, 7]].tolist()
    starts = np.array([first, second, 0, 1], np.int32)
    team = make_team(starts, floor.vertices, 0, ends)
    rows = distance_rows(floor, [0, first])
    active = np.array([True, False, True, False])
    wanted, goals = np.array([0, 0, 0, 0]), np.array([0, 0, 0, 0], np.int32)
    set_priorities(team, active, wanted, goals, rows, True)
    # Nobody wants in, so robot 1 may stay.
    assert np.argsort(-team.priority, kind="stable").tolist() == [0, 2, 1, 3]
    goals[2], wanted[2] = second, 1
    set_priorities(team, active, wanted, goals, rows, True)
    assert np.argsort(-team.priority, kind="stable").tolist() == [1, 0, 2, 3]
    goals[2] = first
    set_priorities(team, active, wanted, goals, rows, True)
    assert np.argsort(-team.priority, kind="stable").tolist() == [0, 2, 1, 3]


@given(st.lists(st.lists(st.booleans(), min_size=5, max_size=5), min_size=1))
@settings(max_examples=50, deadline=None)
def test_depths_of_dead_ends_are_the_naive_ones(free):
    free = np.array(free)
    floor = Floor.from_grid(Grid.from_arrays(free | ~free.any()))
    ends = dead_ends(floor)
    inside = pockets(floor)
    ways = [set(after[after >= 0].tolist()) for after in floor.successors]
    depths = naive_depths(ways, np.flatnonzero(inside).tolist())
    assert ends.depth.tolist() == depths
    assert ((ends.name >= 0) == (ends.depth > 0)).all()
    for vertex in np.flatnonzero(ends.depth > 0).tolist():
        for after in ways[vertex]:
            assert ends.name[after] in (-1, ends.name[vertex])


@given(st.lists(st.lists(st.integers(0, 8), min_size=3, max_size=3), max_size=12))
@settings(max_examples=40, deadline=None)
def test_rows_are_right_whatever_was_asked_before(asked):
    floor = Floor.from_grid(Grid.from_arrays(np.ones((3, 3), bool)))
    rows = GoalRows(floor, robots=3, megabytes=0)
    for goals in asked:
        slots = rows.slots(np.array(goals, np.int32))
        assert (rows.data[slots] == distance_rows(floor, goals)).all()
    assert rows.data.shape == (3, 9)


def test_what_is_asked_for_again_is_not_searched_again():
    floor = Floor.from_grid(Grid.from_arrays(np.ones((3, 3), bool)))
    rows = GoalRows(floor, robots=2, megabytes=1)
    for goals in ([0, 1], [2, 3], [0, 0], [3, 1]):
        rows.slots(np.array(goals, np.int32))
    assert rows.searched == 4


def test_rehearsals_prefer_what_delivers():
    rows = [".." * 6 if row % 2 == 0 else ".#" * 6 for row in range(11)]
    floor = floor_of(*rows)
    rng = np.random.default_rng(0)
    starts = rng.permutation(floor.vertices)[:40].astype(np.int32)
    goals = rng.integers(0, floor.vertices, 40).astype(np.int32)
    trial = Rehearsals(floor, against_lanes(floor), starts, goals, robot_steps=4000)
    best = trial.choose()
    assert trial.tried[best] == max(trial.tried.values())
    assert trial.tried[best] > trial.tried[Setting()]
    assert 0 < trial.tried[best] <= 1


def test_costs_stay_low_where_ways_are_long():
    row = "." * 3000
    floor = floor_of(row)
    goals = np.array([0, 2999], np.int32)
    trial = Rehearsals(floor, against_lanes(floor), goals, goals)
    assert trial.dearest(12) == 5
    assert trial.dearest(3) == 3


def test_the_bound_counts_lines_that_are_narrow():
    # Both halves are five cells high; one edge joins them.
    wall = "...#..."
    floor = floor_of(wall, wall, ".......", wall, wall)
    left, right = floor.at(range(0, 35, 7)), floor.at(range(6, 35, 7))
    starts = np.concatenate([left, right]).astype(np.int32)
    goals = np.concatenate([right, left, left, right]).astype(np.int32)
    bound = bound_throughput(floor, starts, goals, 60)
    assert bound.free_flow == 2 * sum(60 // steps for steps in (10, 8, 6, 8, 10))
    assert (bound.cut, bound.tasks, bound.binding) == (60, 60, "cut")


def test_the_bound_takes_a_step_for_a_goal_underfoot():
    floor = floor_of("..")
    bound = bound_throughput(floor, np.array([0], np.int32), np.array([0], np.int32), 5)
    assert bound.tasks == 5
