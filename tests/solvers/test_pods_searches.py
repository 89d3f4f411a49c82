"""Searches of ways find what a table of all distances says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.mapf.floor import Floor
from solvers.mapf.lifelong.turning_distances import UNREACHABLE, TurningDistances
from solvers.pods.goal_rows import EDGE, OWN, GoalRows, give_rows
from solvers.pods.motion import NOBODY, make_traffic
from solvers.pods.searches import make_front, make_roads, search_from, search_to
from tests.strategies import scattered_layouts
from warehouse.grid import Grid

pytestmark = [
    pytest.mark.kernel,
    # Without the compiler numpy warns where random bits fall off the end.
    pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning"),
]


def some_roads(layout, rng):
    """Floor, roads with a few dear moves, and tables of all distances."""
    floor = Floor.from_grid(Grid.from_layout(layout))
    shape = (floor.vertices, 4)
    empty, laden = (
        rng.choice([4, 4, 4, 7, 255], shape).astype(np.uint8) for _ in range(2)
    )
    tables = []
    for costs in (empty, laden):
        table = TurningDistances(floor, costs)
        rows = table.slots(np.arange(floor.vertices, dtype=np.int32))
        tables.append(table.data[rows])
    return floor, make_roads(floor, empty, laden), tables


@settings(max_examples=25)
@given(scattered_layouts(), st.integers(0, 2**31), st.booleans())
def test_searches_find_shortest_ways(layout, seed, carries):
    rng = np.random.default_rng(seed)
    floor, roads, tables = some_roads(layout, rng)
    table, costs = tables[carries], roads.laden if carries else roads.empty
    front = make_front(floor.vertices)
    row = np.zeros(4 * floor.vertices, np.int16)
    goal, first = rng.integers(0, [floor.vertices, 4 * floor.vertices]).tolist()
    assert search_to(roads, front, goal, carries, row, -1, 0) == UNREACHABLE
    assert row.tolist() == table[goal].tolist()
    last = min(first + 3, 4 * floor.vertices - 1)
    search_from(front, first, last, roads.successors, costs)
    found = front.cost.reshape(-1, 4).min(1)
    assert found.tolist() == table[:, first : last + 1].min(1).tolist()


@settings(max_examples=25)
@given(scattered_layouts(), st.integers(0, 2**31), st.integers(0, 40))
def test_a_search_that_ends_early_is_right_that_far(layout, seed, slack):
    rng = np.random.default_rng(seed)
    floor, roads, (table, _) = some_roads(layout, rng)
    front = make_front(floor.vertices)
    row = np.zeros(4 * floor.vertices, np.int16)
    goal, state = rng.integers(0, [floor.vertices, 4 * floor.vertices]).tolist()
    right_to = search_to(roads, front, goal, False, row, state, slack)
    assert right_to >= table[goal, state]
    near = table[goal] <= right_to
    assert row[near].tolist() == table[goal][near].tolist()
    assert (row >= table[goal]).all()


@settings(max_examples=25)
@given(scattered_layouts(), st.integers(0, 2**31), st.integers(1, 4))
def test_rows_lead_every_robot_to_its_goal(layout, seed, robots):
    rng = np.random.default_rng(seed)
    floor, roads, tables = some_roads(layout, rng)
    n = floor.vertices
    kept = int(rng.integers(0, n))
    rows = GoalRows(
        table=np.zeros((1 + robots, 4 * n), np.int16),
        kept_empty=np.full(n, -1, np.int64),
        kept_laden=np.full(n, -1, np.int64),
        own=np.full(robots, NOBODY, OWN).view(np.recarray),
    )
    rows.kept_laden[kept], rows.table[0] = 0, tables[1][kept]
    traffic = make_traffic(np.zeros(robots, np.int32), np.zeros(robots, np.uint8), n, 0)
    moving = traffic.robots
    for change in range(6):
        moving.vertex = rng.integers(0, n, robots)
        moving.heading = rng.integers(0, 4, robots)
        if change % 3 == 0:
            moving.goal = rng.integers(-1, n, robots)
            moving.laden = rng.random(robots) < 0.5
        assert give_rows(roads, rows, make_front(n), traffic)
        for one in moving[(moving.goal != NOBODY) & (moving.goal != moving.vertex)]:
            right = tables[int(one.laden)][one.goal]
            row = rows.table[one.row]
            near = right <= right[4 * one.vertex + one.heading] + EDGE
            assert row[near].tolist() == right[near].tolist()
