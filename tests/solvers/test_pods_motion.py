"""Steps of robots with and without pods are legal, on any floor."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.mapf.floor import Floor
from solvers.mapf.lifelong.turning_distances import TurningDistances
from solvers.pods.motion import PRESSED, make_traffic, move
from tests.naive import motion_faults
from tests.strategies import scattered_layouts
from warehouse.grid import Grid
from warehouse.layout import Layout

pytestmark = [
    pytest.mark.kernel,
    # Without the compiler numpy warns where random bits fall off the end.
    pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning"),
]
STEPS = 15


def pod_faults(cells, laden, stored, serving):
    """What is wrong with who moves, and what robots with pods drive through."""
    faults = []
    for t in range(len(cells) - 1):
        for robot in np.flatnonzero(cells[t] != cells[t + 1]).tolist():
            if laden[robot] and stored[cells[t + 1, robot]]:
                faults.append(f"robot {robot} drives through a pod after {t}")
            if serving[robot]:
                faults.append(f"robot {robot} serves and moves after {t}")
    return faults


@settings(max_examples=30)
@given(scattered_layouts(), st.integers(1, 6), st.integers(0, 2**31))
def test_steps_are_legal_on_any_floor(layout, robots, seed):
    rng = np.random.default_rng(seed)
    grid = Grid.from_layout(layout)
    floor = Floor.from_grid(grid)
    start = rng.permutation(floor.vertices)[:robots].astype(np.int32)
    robots = len(start)
    stored = np.where(rng.random(floor.vertices) < 0.3, 0, -1).astype(np.int32)
    laden, serving = rng.random(robots) < 0.5, rng.random(robots) < 0.2
    ways = TurningDistances(floor)
    rows = ways.slots(np.arange(floor.vertices, dtype=np.int32))
    heading = rng.integers(0, 4, robots).astype(np.uint8)
    traffic = make_traffic(start, heading, floor.vertices, seed % 1000)
    traffic.robots.laden, traffic.robots.serving = laden, serving
    cells, headings = [], []
    for t in range(STEPS + 1):
        cells.append(floor.cell_of[traffic.robots.vertex])
        headings.append(traffic.robots.heading.copy())
        if t % 5 == 0:
            goal = rng.integers(-1, floor.vertices, robots)
            traffic.robots.goal, traffic.robots.row = goal, rows[goal]
            traffic.robots.priority = rng.integers(0, 3, robots)
        move(floor.successors, ways.data, stored, traffic)
    cells, headings = np.array(cells), np.array(headings)
    assert motion_faults(grid, cells, headings) == []
    pods = np.zeros(grid.cells, bool)
    pods[floor.cell_of] = stored >= 0
    assert pod_faults(cells, laden, pods, serving) == []
    here = np.full(floor.vertices, -1)
    here[traffic.robots.vertex] = np.arange(robots)
    assert traffic.vertices.here.tolist() == here.tolist()
    assert (traffic.vertices.there == -1).all()


@settings(max_examples=15)
@given(scattered_layouts(), st.integers(0, 2**31))
def test_a_robot_alone_takes_a_shortest_way(layout, seed):
    rng = np.random.default_rng(seed)
    floor = Floor.from_grid(Grid.from_layout(layout))
    ways = TurningDistances(floor)
    start, goal = rng.integers(0, floor.vertices, (2, 1)).astype(np.int32)
    row = ways.slots(goal)
    traffic = make_traffic(start, np.zeros(1, np.uint8), floor.vertices, 1)
    traffic.robots.goal, traffic.robots.row = goal, row
    none = np.full(floor.vertices, -1, np.int32)
    left = int(ways.data[row[0], 4 * start[0]]) // 4
    for _ in range(min(left, STEPS)):
        assert traffic.robots.vertex[0] != goal[0]
        move(floor.successors, ways.data, none, traffic)
        left -= 1
    state = 4 * traffic.robots.vertex[0] + traffic.robots.heading[0]
    if left < 1000:
        assert int(ways.data[row[0], state]) // 4 == left


def steps_until_all_were_there(goal, seed):
    """Steps of robots with pods that fill two lanes of six cells, or None after 200.

    Who was at its goal has none from then on.
    """
    floor = Floor.from_grid(Grid.from_layout(Layout.from_rows(["......", "......"])))
    ways, robots = TurningDistances(floor), len(goal)
    rows = ways.slots(np.arange(robots, dtype=np.int32))
    heading = np.random.default_rng(seed).integers(0, 4, robots).astype(np.uint8)
    traffic = make_traffic(np.arange(robots, dtype=np.int32), heading, robots, seed)
    traffic.robots.laden, traffic.robots.row = True, rows[goal]
    none, there = np.full(robots, -1, np.int32), goal < 0
    for t in range(200):
        traffic.robots.goal = np.where(there, -1, goal)
        traffic.robots.priority = np.where(there, 0, 1 + np.arange(robots))
        move(floor.successors, ways.data, none, traffic)
        there |= traffic.robots.vertex == goal
        if there.all():
            return t + 1
    return None


@pytest.mark.parametrize("seed", range(3))
def test_robots_that_stand_head_on_in_full_lanes_change_places(seed):
    goal = (np.arange(12) + 6) % 12
    assert steps_until_all_were_there(goal, seed) is not None


@pytest.mark.parametrize("seed", range(5))
def test_robots_get_anywhere_on_a_floor_without_a_free_cell(seed):
    goal = np.random.default_rng(seed).permutation(12)
    assert steps_until_all_were_there(goal, seed) is not None


def test_who_turns_for_another_goes_when_it_faces_its_way():
    # Robot 1 wants to stay, faces up and is pushed ahead by robot 0.
    floor = Floor.from_grid(Grid.from_layout(Layout.from_rows(["..."])))
    ways = TurningDistances(floor)
    heading = np.array([1, 0], np.uint8)
    traffic = make_traffic(np.array([0, 1], np.int32), heading, 3, 0)
    traffic.robots.goal = [2, -1]
    traffic.robots.row = ways.slots(np.array([2, 2], np.int32))
    traffic.robots.priority, traffic.robots.waited[0] = [1, 0], PRESSED
    places = []
    for _ in range(2):
        move(floor.successors, ways.data, np.full(3, -1, np.int32), traffic)
        places.append(traffic.robots.vertex.tolist())
    assert places == [[0, 1], [1, 2]]
