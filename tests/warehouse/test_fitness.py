import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from warehouse import fitness
from warehouse.fitness import find_layout_faults
from warehouse.grid import Grid
from warehouse.layout import CellKind, Layout

MARKS = st.sampled_from(".#S<>^vHPC")


@st.composite
def maps(draw):
    width = draw(st.integers(1, 7))
    row = st.text(MARKS, min_size=width, max_size=width)
    return draw(st.lists(row, min_size=1, max_size=7))


def reachable(grid: Grid) -> np.ndarray:
    """Whether a robot gets from one cell to another; shape (cells, cells)."""
    reach = np.eye(grid.cells, dtype=bool)
    for d in range(4):
        cells = np.flatnonzero(grid.successors[:, d] >= 0)
        reach[cells, grid.successors[cells, d]] = True
    for _ in range(grid.cells.bit_length()):
        reach = (reach.astype(np.int64) @ reach) > 0
    return reach


@given(rows=maps())
def test_faults_of_the_floor_are_those_that_slow_code_finds(rows):
    layout = Layout.from_rows(rows)
    floor = np.flatnonzero(layout.drivable.ravel())
    codes = {fault.code for fault in find_layout_faults(layout)}
    if len(floor) == 0:
        assert codes == {"E160"}
        return
    reach = reachable(Grid.from_layout(layout))[np.ix_(floor, floor)]
    both_ways = reach | reach.T
    for _ in range(len(floor).bit_length()):
        both_ways = (both_ways.astype(np.int64) @ both_ways) > 0
    largest = both_ways[both_ways.sum(axis=1).argmax()]
    assert ("E161" in codes) == (not both_ways.all())
    if largest.sum() * 2 > len(floor):  # else which piece is the largest is a tie
        assert ("E162" in codes) == (not reach[np.ix_(largest, largest)].all())
        served = np.zeros(layout.kinds.size, bool)
        served[floor[largest]] = True
        served = np.pad(served.reshape(layout.kinds.shape), 1)
        lone = [
            (row, col)
            for row, col in np.argwhere(layout.kinds == CellKind.RACK)
            if not served[
                [row, row + 2, row + 1, row + 1], [col + 1, col + 1, col, col + 2]
            ].any()
        ]
        assert ("E163" in codes) == bool(lone)
    if not codes:
        assert reach.all()


def test_each_piece_and_each_lone_rack_is_named():
    layout = Layout.from_rows(["..#.", "..#.", "####", "SSS."])
    found = [(fault.code, fault.place) for fault in find_layout_faults(layout)]
    assert found == [
        ("E161", "row 0, col 3"),
        ("E161", "row 3, col 3"),
        ("E163", "row 3, col 0"),
        ("E163", "row 3, col 1"),
        ("E163", "row 3, col 2"),
    ]


def test_a_trap_is_named_from_the_dock():
    layout = Layout.from_rows(["P..>.", "#####"])
    (fault,) = find_layout_faults(layout)
    assert (fault.code, fault.place) == ("E162", "row 0, col 3")
    assert fault.found == "2 cells of one-way floor cannot be left for row 0, col 0"


def test_a_one_way_ring_is_sound():
    assert find_layout_faults(Layout.from_rows([">>v", "^#v", "^<<"])) == []


def test_very_many_pieces_are_counted(monkeypatch):
    monkeypatch.setattr(fitness, "MOST_FAULTS", 2)
    faults = find_layout_faults(Layout.from_rows([".#.#.#.#."]))
    assert [fault.code for fault in faults] == ["E161", "E161", "E119"]
    assert faults[-1].found == "2 more pieces of floor of this kind"
