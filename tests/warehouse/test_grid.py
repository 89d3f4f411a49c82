"""The grid graph against moves read off the marks one by one."""

import numpy as np
import pytest
from hypothesis import given

from tests.naive import moves
from tests.strategies import scattered_layouts
from warehouse.grid import Grid
from warehouse.layout import DOWN, LEFT, RIGHT, UP, CellKind, Layout


@given(scattered_layouts())
def test_moves_are_those_the_marks_allow(layout):
    grid = Grid.from_layout(layout)
    legal = moves(layout)
    found = {
        (cell, d): after
        for (cell, d), after in np.ndenumerate(grid.successors)
        if after >= 0
    }
    assert found == legal
    backwards = {
        (before, d): cell
        for (cell, d), before in np.ndenumerate(grid.predecessors)
        if before >= 0
    }
    assert backwards == legal
    assert grid.drivable.tolist() == layout.drivable.ravel().tolist()


@given(scattered_layouts())
def test_rows_of_marks_come_back(layout):
    again = Layout.from_rows(layout.rows())
    assert again.kinds.tolist() == layout.kinds.tolist()
    assert again.exits.tolist() == layout.exits.tolist()


@pytest.mark.parametrize(
    ("mark", "entered_from", "left_to"),
    [
        (".", {UP, RIGHT, DOWN, LEFT}, {UP, RIGHT, DOWN, LEFT}),
        # Entered by any move but the one straight against the arrow.
        ("^", {UP, RIGHT, LEFT}, {UP}),
        (">", {UP, RIGHT, DOWN}, {RIGHT}),
        ("v", {RIGHT, DOWN, LEFT}, {DOWN}),
        ("<", {UP, DOWN, LEFT}, {LEFT}),
        ("S", set(), set()),
        ("#", set(), set()),
        ("P", {UP, RIGHT, DOWN, LEFT}, {UP, RIGHT, DOWN, LEFT}),
    ],
)
def test_each_mark(mark, entered_from, left_to):
    grid = Grid.from_layout(Layout.from_rows(["...", f".{mark}.", "..."]))
    centre = 4
    assert set(np.flatnonzero(grid.predecessors[centre] >= 0)) == entered_from
    assert set(np.flatnonzero(grid.successors[centre] >= 0)) == left_to


def test_a_bare_map_has_no_one_way_floor():
    grid = Grid.from_arrays(np.array([[True, True, False]]))
    assert grid.successors[:2].tolist() == [[-1, 1, -1, -1], [-1, -1, -1, 0]]
    assert grid.cells == 3


def test_the_graph_cannot_be_changed():
    grid = Grid.from_arrays(np.ones((2, 2), bool))
    for array in (grid.drivable, grid.successors, grid.predecessors):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@pytest.mark.parametrize(
    ("rows", "words"),
    [([], "lengths"), (["..", "."], "lengths"), ([".x"], r"marks \['x'\]")],
)
def test_rows_that_make_no_layout(rows, words):
    with pytest.raises(ValueError, match=words):
        Layout.from_rows(rows)


def test_arrays_that_make_no_layout():
    with pytest.raises(ValueError, match="two equal"):
        Layout("bad", 1.0, np.zeros((2, 2), np.uint8), np.zeros((2, 3), np.uint8))


def test_cells_and_places():
    layout = Layout.from_rows(["#SP", "H.P"])
    assert layout.cells_of(CellKind.DOCK).tolist() == [2, 5]
    assert layout.cells_of(CellKind.DOCK).dtype == np.int32
    assert layout.cell(1, 2) == 5
    assert layout.row_col(5) == (1, 2)
    assert layout.place(5) == "row 1, col 2"
    assert (layout.height, layout.width) == (2, 3)
