"""Guide paths against a plain search, and what is left to go along them."""

from itertools import pairwise

import numpy as np
import pytest

from solvers.mapf.distances import distance_rows
from solvers.mapf.floor import Floor, with_headings
from solvers.mapf.guidance.guide_paths import Prices, make_path_search, plan_paths
from solvers.mapf.guidance.space_utilisation import (
    GuideParams,
    GuidePaths,
    guide_rows,
    plan_guides,
)
from solvers.mapf.one_shot.turning import turning_rows
from tests.naive_lifelong import turning_ways
from warehouse.grid import Grid

WALLS = ["......", ".##.#.", "......", ".#.##.", "......"]


def _floor():
    return Floor.from_grid(
        Grid.from_arrays(np.array([[c == "." for c in row] for row in WALLS]))
    )


def _rows(floor, goals, shift):
    goals = np.array(goals, np.int32)
    return turning_rows(floor, goals) if shift else distance_rows(floor, goals)


def _moves(floor, shift):
    """Successors of states, without the table under test."""
    if shift == 0:
        return [[int(u) for u in row if u >= 0] for row in floor.successors]
    return [
        [u for u in turning_ways(floor.successors, state) if u != state]
        for state in range(4 * floor.vertices)
    ]


def _price(floor, use, prices, before, after, shift):
    """Price of a step that does not depend on time; turns have none but the step."""
    v, u = before >> shift, after >> shift
    if v == u:
        return prices.step
    (d,) = np.flatnonzero(floor.successors[v] == u)
    return prices.step + prices.contra * use[u, d ^ 2] + prices.crowd * use[u, 4]


def _naive_cost(floor, use, prices, start, goal, shift):
    """Bellman-Ford."""
    moves = _moves(floor, shift)
    cost = np.full(len(moves), np.inf)
    cost[start] = 0
    for _ in moves:
        for v, after in enumerate(moves):
            for u in after if cost[v] < np.inf else []:
                price = _price(floor, use, prices, v, u, shift)
                cost[u] = min(cost[u], cost[v] + price)
    return cost[goal << shift : (goal + 1) << shift].min()


@pytest.mark.kernel
@pytest.mark.parametrize("shift", [0, 2])
@pytest.mark.parametrize("seed", range(3))
def test_guide_paths_are_cheapest(seed, shift):
    floor = _floor()
    random = np.random.default_rng(seed)
    use = random.integers(0, 6, (floor.vertices, 5)).astype(np.int32)
    start, goal = random.choice(floor.vertices, 2, replace=False)
    start = (start << shift) + (seed if shift else 0)
    prices = Prices(16, 2, 5, 0, 0)
    paths = np.full((1, 80), -1, np.int32)
    lengths = np.full(1, -1, np.int32)
    owner = np.full(floor.vertices, -1, np.int32)
    before = use.copy()
    successors = with_headings(floor.successors) if shift else floor.successors
    plan_paths(
        np.require(successors, np.int32, ["C", "W"]),
        shift,
        _rows(floor, [goal], shift),
        np.array([start], np.int32),
        owner,
        np.zeros(1, np.int32),
        np.zeros(1, np.int32),
        use,
        prices,
        make_path_search(floor.vertices << shift),
        paths,
        lengths,
    )
    path = paths[0, : lengths[0] + 1]
    assert path[0] == start
    assert path[-1] >> shift == goal
    steps = [_price(floor, before, prices, v, u, shift) for v, u in pairwise(path)]
    assert sum(steps) == _naive_cost(floor, before, prices, start, goal, shift)
    moved = sum(v >> shift != u >> shift for v, u in pairwise(path))
    assert use.sum() == before.sum() + 2 * moved


@pytest.mark.kernel
@pytest.mark.parametrize("off_path", [2, 3])
def test_rows_of_robots_that_turn_are_what_is_left_to_go(off_path):
    floor, goals = _floor(), np.array([20, 3], np.int32)
    distances = _rows(floor, goals, 2)
    starts = np.array([1, 4 * 18], np.int32)
    paths = plan_guides(floor, distances, starts, goals)
    params = GuideParams(off_path=off_path)
    rows = guide_rows(floor, distances, paths, params=params, step=4)
    moves = _moves(floor, 2)
    for robot, goal in enumerate(goals):
        length = paths.lengths[robot]
        expected = np.full(len(moves), 10**6)
        expected[4 * goal : 4 * goal + 4] = 0
        for k in range(length + 1):
            expected[paths.states[robot, k]] = 4 * (length - k)
        known = set(np.flatnonzero(expected < 10**6).tolist())
        for _ in moves:
            for v in set(range(len(moves))) - known:
                least = min((expected[u] for u in moves[v]), default=10**6)
                expected[v] = min(expected[v], least + 4 * off_path)
        assert rows[robot].tolist() == expected.tolist()


@pytest.mark.kernel
@pytest.mark.parametrize("off_path", [1, 2, 3])
def test_rows_are_what_is_left_to_go(off_path):
    floor = _floor()
    goals = np.array([20, 3], np.int32)
    distances = distance_rows(floor, goals)
    starts = np.array([0, 18], np.int32)
    paths = plan_guides(floor, distances, starts, goals)
    rows = guide_rows(floor, distances, paths, params=GuideParams(off_path=off_path))
    for robot in range(2):
        length = paths.lengths[robot]
        expected = np.full(floor.vertices, 10**6)
        on_path = paths.states[robot, : length + 1]
        expected[on_path] = length - np.arange(length + 1)
        for _ in range(floor.vertices):
            for v in set(range(floor.vertices)) - set(on_path.tolist()):
                near = floor.successors[v][floor.successors[v] >= 0]
                expected[v] = min(expected[v], expected[near].min() + off_path)
        assert rows[robot].tolist() == expected.tolist()


def test_a_robot_without_a_path_keeps_its_distances():
    floor = _floor()
    distances = distance_rows(floor, [4])
    nothing = GuidePaths(np.full((1, 3), -1, np.int32), np.array([-1], np.int32))
    assert (guide_rows(floor, distances, nothing) == distances).all()


def test_unreachable_goal_gets_no_path():
    floor = Floor.from_grid(Grid.from_arrays(np.array([[True, False, True]])))
    starts, goals = np.array([0], np.int32), np.array([1], np.int32)
    paths = plan_guides(floor, distance_rows(floor, goals), starts, goals)
    assert paths.lengths.tolist() == [-1]


def test_paths_avoid_opposite_traffic():
    """Of two that would meet in a long corridor one takes the other corridor."""
    open_floor = np.zeros((24, 4), bool)
    open_floor[:, [0, 3]] = True
    open_floor[[0, -1]] = True
    floor = Floor.from_grid(Grid.from_arrays(open_floor))
    starts = np.array([0, floor.vertices - 4], np.int32)
    goals = starts[::-1].copy()
    paths = plan_guides(floor, distance_rows(floor, goals), starts, goals)
    assert sorted(paths.lengths.tolist()) == [23, 23]
    dear = GuideParams(contra=16)
    paths = plan_guides(floor, distance_rows(floor, goals), starts, goals, params=dear)
    assert sorted(paths.lengths.tolist()) == [23, 29]


def test_planning_ends_at_the_deadline():
    floor = _floor()
    starts, goals = np.array([0], np.int32), np.array([9], np.int32)
    distances = distance_rows(floor, goals)
    paths = plan_guides(floor, distances, starts, goals, deadline=0.0)
    assert paths.lengths.tolist() == [-1]
