"""Distances by sweeps against relaxing all moves until nothing changes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvers.mapf.distances import distance_rows, fill_rows, weighted_rows
from solvers.mapf.floor import Floor
from tests import naive
from tests.strategies import scattered_layouts
from warehouse.distances import UNREACHABLE
from warehouse.grid import Grid

pytestmark = pytest.mark.kernel


def weighted_distances_to(floor, weights, goal):
    """Least cost from every vertex to a goal: relax until nothing changes."""
    costs = [UNREACHABLE] * floor.vertices
    costs[goal] = 0
    changed = True
    while changed:
        changed = False
        for vertex in range(floor.vertices):
            for d, after in enumerate(floor.successors[vertex].tolist()):
                if (
                    after >= 0
                    and costs[after] + int(weights[vertex, d]) < costs[vertex]
                ):
                    costs[vertex] = costs[after] + int(weights[vertex, d])
                    changed = True
    return costs


@given(scattered_layouts())
def test_rows_are_the_shortest_ways_from_everywhere_to_every_goal(layout):
    floor = Floor.from_grid(Grid.from_layout(layout))
    goals = np.arange(floor.vertices)[::-1]
    rows = distance_rows(floor, goals)
    for row, goal in zip(rows, goals, strict=True):
        steps = naive.distances_to(layout, int(floor.cell_of[goal]), UNREACHABLE)
        assert row.tolist() == np.array(steps)[floor.cell_of].tolist()


@given(scattered_layouts(most_rows=4, most_cols=4), st.integers(0, 99))
def test_weighted_rows_are_the_cheapest_ways(layout, seed):
    floor = Floor.from_grid(Grid.from_layout(layout))
    random = np.random.default_rng(seed)
    weights = random.integers(0, 256, (floor.vertices, 4)).astype(np.uint8)
    rows = weighted_rows(floor, weights, np.arange(floor.vertices))
    for goal, row in enumerate(rows):
        assert row.tolist() == weighted_distances_to(floor, weights, goal)


def serpentine(rows, cols):
    """One corridor that runs to and fro; its walls have gaps at alternate ends."""
    drivable = np.ones((rows, cols), bool)
    drivable[:, 1::2] = False
    drivable[0, 1::4] = True
    drivable[-1, 3::4] = True
    return Floor.from_grid(Grid.from_arrays(drivable))


def test_a_maze_has_the_right_distances_too():
    floor = serpentine(5, 121)
    goals = np.arange(0, floor.vertices, 5, dtype=np.int32)
    found = distance_rows(floor, goals)
    for row, goal in zip(found, goals, strict=True):
        ahead = distance_rows(floor, [goal])[0]  # one goal alone is searched
        assert row.tolist() == ahead.tolist()
    assert found.max() == floor.vertices - 1


def test_only_the_rows_named_are_written():
    floor = Floor.from_grid(Grid.from_arrays(np.ones((9, 9), bool)))
    data = np.full((100, 81), -5, np.int16)
    goals = np.arange(40, dtype=np.int32)
    fill_rows(floor, goals, goals[::-1] + 50, data)
    assert (data[:50] == -5).all()
    assert (data[90:] == -5).all()
    assert data[goals[::-1] + 50, goals].tolist() == [0] * 40


def test_ways_longer_than_the_type_holds_count_as_none():
    floor = Floor.from_grid(Grid.from_arrays(np.ones((1, 200), bool)))
    weights = np.full((200, 4), 255, np.uint8)
    row = weighted_rows(floor, weights, [0])[0]
    assert row[128] == 128 * 255
    assert (row[129:] == UNREACHABLE).all()
