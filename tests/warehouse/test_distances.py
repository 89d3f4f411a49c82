"""Distances against relaxing every move until nothing changes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.naive import distances_to
from tests.strategies import scattered_layouts
from warehouse.distances import UNREACHABLE, DistanceTable
from warehouse.grid import Grid
from warehouse.layout import Layout

pytestmark = pytest.mark.kernel


def floor_cells(layout):
    return np.flatnonzero(layout.drivable.ravel()).tolist()


@given(scattered_layouts(), st.data())
def test_distances_are_those_of_the_naive_search(layout, data):
    table = DistanceTable(Grid.from_layout(layout))
    goals = data.draw(st.lists(st.sampled_from(floor_cells(layout)), max_size=4))
    naive = {goal: distances_to(layout, goal, UNREACHABLE) for goal in goals}
    for goal in goals:
        assert table.to(goal).tolist() == naive[goal]
    sources = floor_cells(layout)
    between = table.between(sources, goals)
    assert between.shape == (len(sources), len(goals))
    for k, goal in enumerate(goals):
        assert between[:, k].tolist() == [naive[goal][source] for source in sources]
    places = np.array(goals, np.int32)
    assert table.between_places(places).tolist() == table.between(goals, goals).tolist()


@given(scattered_layouts(), st.data())
def test_nearest_source_is_the_nearest(layout, data):
    table = DistanceTable(Grid.from_layout(layout))
    sources = data.draw(
        st.lists(st.sampled_from(floor_cells(layout)), min_size=1, max_size=4)
    )
    found = table.from_any(sources)
    for cell in range(layout.kinds.size):
        steps = distances_to(layout, cell, UNREACHABLE)
        if layout.drivable.ravel()[cell]:
            assert found[cell] == min(steps[source] for source in sources)
        else:
            assert found[cell] == UNREACHABLE


def test_goals_asked_for_twice_keep_their_row():
    table = DistanceTable(Grid.from_arrays(np.ones((3, 3), bool)))
    first = table.rows([4, 0, 4]).tolist()
    assert first == [1, 0, 1]
    assert table.rows([8, 4]).tolist() == [2, 1]


def test_the_table_grows_and_keeps_what_it_has():
    grid = Grid.from_arrays(np.ones((12, 12), bool))
    table = DistanceTable(grid)
    few = table.between([0], range(60)).tolist()
    rows = table.rows(range(grid.cells))
    assert sorted(rows.tolist()) == list(range(grid.cells))
    assert table.between([0], range(60)).tolist() == few
    manhattan = [r + c for r in range(12) for c in range(12)]
    assert table.between([0], range(144)).ravel().tolist() == manhattan


def test_ways_longer_than_the_type_holds_count_as_unreachable():
    # A snake through 200 x 401 cells: 40,000 steps from end to end.
    rows = ["." * 401 if r % 2 == 0 else "#" * 401 for r in range(200)]
    for r in range(1, 199, 2):
        col = 400 if r % 4 == 1 else 0
        rows[r] = rows[r][:col] + "." + rows[r][col + 1 :]
    layout = Layout.from_rows(rows)
    table = DistanceTable(Grid.from_layout(layout))
    steps = table.to(0)
    assert steps[400] == 400
    assert steps.max() == UNREACHABLE
    walked = np.sort(steps[layout.drivable.ravel()])
    assert walked[: UNREACHABLE - 1].tolist() == list(range(UNREACHABLE - 1))
    assert table.from_any([0]).tolist() == steps.tolist()


def test_no_goals_and_no_sources():
    table = DistanceTable(Grid.from_arrays(np.ones((2, 2), bool)))
    assert table.between([], [1]).shape == (0, 1)
    assert table.between([1], []).shape == (1, 0)
    assert table.from_any([]).tolist() == [UNREACHABLE] * 4
