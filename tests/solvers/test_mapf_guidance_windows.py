"""Windowed guidance: its search against a plain one, its books, and its advice."""

from itertools import pairwise

import numpy as np
import pytest

from solvers.mapf.distances import distance_rows
from solvers.mapf.floor import Floor
from solvers.mapf.guidance.windowed import WindowedGuide, WindowParams
from warehouse.grid import Grid

WALLS = ["......", ".##.#.", "......", ".#.##.", "......"]


def _floor():
    return Floor.from_grid(
        Grid.from_arrays(np.array([[c == "." for c in row] for row in WALLS]))
    )


def _plans(guide):
    """Planned vertices of each robot, from the present timestep on."""
    windows = guide._windows
    slots = windows.plan.shape[1]
    now = windows.counts[0] % slots
    return [
        [int(plan[(now + k) % slots]) for k in range(windows.length[robot] + 1)]
        for robot, plan in enumerate(windows.plan)
    ]


def _cheapest(floor, to_goal, start, others, window, params):
    """Dynamic programming over timesteps: least cost above a free way."""
    cost = {start: 0}
    for t in range(window):
        following = {}
        for v, paid in cost.items():
            for u in [v, *floor.successors[v]]:
                if u < 0:
                    continue
                more = 4 * (1 + int(to_goal[u]) - int(to_goal[v]))
                if u == v and to_goal[v] == 0:
                    more = 0
                for plan in others:
                    more += params.meet * (plan[t + 1] == u)
                    more += params.swap * (u != v and plan[t : t + 2] == [u, v])
                following[u] = min(following.get(u, 10**9), paid + more)
        cost = following
    return min(cost.values())


def _cost(to_goal, plan, others, params):
    cost = 0
    for t, (v, u) in enumerate(pairwise(plan)):
        if u != v or to_goal[v] > 0:
            cost += 4 * (1 + int(to_goal[u]) - int(to_goal[v]))
        for plan_of_other in others:
            cost += params.meet * (plan_of_other[t + 1] == u)
            cost += params.swap * (u != v and plan_of_other[t : t + 2] == [u, v])
    return cost


@pytest.mark.kernel
@pytest.mark.parametrize("seed", range(6))
def test_the_last_plan_is_cheapest_among_the_others(seed):
    floor = _floor()
    random = np.random.default_rng(seed)
    robots, params = 6, WindowParams(window=5, meet=6, swap=9)
    starts = random.choice(floor.vertices, robots, replace=False).astype(np.int32)
    goals = random.choice(floor.vertices, robots, replace=False).astype(np.int32)
    away = starts != goals
    starts, goals, robots = starts[away], goals[away], int(away.sum())
    distances = distance_rows(floor, goals)
    guide = WindowedGuide(floor.successors, robots, params)
    order = random.permutation(robots)
    guide.plan(starts, order, distances)
    plans, last = _plans(guide), int(order[-1])
    others = [plan for robot, plan in enumerate(plans) if robot != last]
    found = _cost(distances[last], plans[last], others, params)
    assert found == _cheapest(
        floor, distances[last], int(starts[last]), others, 5, params
    )


@pytest.mark.kernel
def test_the_books_agree_with_the_plans_after_many_steps():
    floor = _floor()
    random = np.random.default_rng(3)
    goals = random.choice(floor.vertices, 7, replace=False).astype(np.int32)
    position = random.choice(floor.vertices, 7, replace=False).astype(np.int32)
    distances = distance_rows(floor, goals)
    guide = WindowedGuide(floor.successors, 7, WindowParams(window=4))
    for _ in range(12):
        advice = guide.plan(position, np.arange(7), distances)
        windows = guide._windows
        slots = windows.plan.shape[1]
        expected = np.zeros_like(windows.used)
        for plan in _plans(guide):
            for t, (v, u) in enumerate(pairwise(plan)):
                slot = (windows.counts[0] + t) % slots
                expected[(slot + 1) % slots, u, 4] += 1
                if u != v:
                    (d,) = np.flatnonzero(floor.successors[v] == u)
                    expected[slot, v, d] += 1
        assert (windows.used == expected).all()
        guide.advance()
        # Some robots do not do as they are told.
        follows = random.random(7) < 0.7
        position = np.where(follows & (advice >= 0), advice, position)


def test_a_robot_without_a_goal_makes_way():
    floor = Floor.from_grid(
        Grid.from_arrays(np.array([[True] * 5, [False, False, True, False, False]]))
    )
    distances = distance_rows(floor, [4])
    guide = WindowedGuide(
        floor.successors, 2, WindowParams(window=5, stay=False, rounds=2)
    )
    position, rows = np.array([0, 2]), np.array([0, -1])
    for _ in range(2):
        advice = guide.plan(position, np.array([0, 1]), distances, rows)
        guide.advance()
        position = advice
    assert position.tolist() == [2, 5]


def test_a_settled_robot_is_passed_by():
    """Its wait counts as lost when it leaves: the other takes the longer way."""
    floor = Floor.from_grid(Grid.from_arrays(np.ones((2, 5), bool)))
    distances = distance_rows(floor, [2, 4])
    guide = WindowedGuide(floor.successors, 2, WindowParams(window=6))
    far = int(floor.vertices - 1)
    for _ in range(10):
        guide.plan(np.array([2, far]), np.array([1, 0]), distances)
        guide.advance()
    for start in (0, 1):
        advice = guide.plan(np.array([2, start]), np.array([1, 0]), distances)
        guide.advance()
        assert advice[0] == 2
    assert 2 not in _plans(guide)[1]


def test_same_expansions_same_advice_and_late_robots_come_first():
    floor = _floor()
    goals = np.arange(8, dtype=np.int32)
    starts = np.arange(floor.vertices - 8, floor.vertices, dtype=np.int32)
    distances = distance_rows(floor, goals)
    seen = []
    for _ in range(2):
        guide = WindowedGuide(floor.successors, 8, WindowParams(window=6))
        advice = [
            guide.plan(starts, np.arange(8), distances, expansions=20) for _ in range(9)
        ]
        seen.append(np.array(advice))
    assert (seen[0] == seen[1]).all()
    assert (seen[0][0] == -1).any()
    assert (seen[0][-1] >= 0).all()


def test_no_robot_is_planned_after_the_deadline():
    floor = _floor()
    distances = distance_rows(floor, [0])
    guide = WindowedGuide(floor.successors, 1)
    at = np.array([9])
    assert guide.plan(at, np.array([0]), distances, deadline=0.0).tolist() == [-1]


def test_a_robot_that_gets_no_nearer_goes_without_advice():
    floor = _floor()
    distances = distance_rows(floor, [0])
    guide = WindowedGuide(floor.successors, 1, WindowParams(window=4, patience=3))
    advice = []
    for _ in range(14):
        advice.append(int(guide.plan(np.array([9]), np.array([0]), distances)[0]))
        guide.advance()
    silent = [t for t, vertex in enumerate(advice) if vertex < 0]
    assert silent == [4, 5, 6, 11, 12, 13]
