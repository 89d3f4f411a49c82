"""The text form of mapf-visualizer: there and back, and what is refused."""

import numpy as np
import pytest

from warehouse.errors import InputError
from warehouse.formats.mapf_visualizer import (
    read_mapf_visualizer,
    write_mapf_visualizer,
)
from warehouse.layout import Layout

LAYOUT = Layout.from_rows(["....", "...."])
LACAM = """agents=2
map_file=tiny.map
solved=1
soc=3
checkpoints=0,1,2,
starts=(0,0),(3,1),
goals=(1,0),(2,1),
solution=
0:(0,0),(3,1),
1:(1,0),(2,1),
"""


def read(folder, text):
    (folder / "s.txt").write_text(text, encoding="utf-8")
    return read_mapf_visualizer(folder / "s.txt", LAYOUT)


def test_what_lacam_writes(tmp_path):
    solution = read(tmp_path, LACAM)
    assert solution.cells.tolist() == [[0, 7], [1, 6]]
    assert solution.headings is None
    assert solution.facts["soc"] == "3"


def test_what_pypibt_writes(tmp_path):
    assert read(tmp_path, "0:(0,0),(3,1)\n1:(0,1),(3,0)\n").cells.tolist() == [
        [0, 7],
        [4, 3],
    ]


@pytest.mark.parametrize("facts", [None, {"solver": "x", "soc": 3}])
@pytest.mark.parametrize("turning", [False, True])
def test_round_trip(tmp_path, turning, facts):
    cells = np.array([[0, 7], [1, 7], [2, 3]], np.int32)
    headings = np.array([[1, 1], [1, 0], [1, 0]], np.uint8) if turning else None
    write_mapf_visualizer(tmp_path / "s.txt", cells, headings, 4, facts)
    again = read_mapf_visualizer(tmp_path / "s.txt", LAYOUT)
    np.testing.assert_array_equal(again.cells, cells)
    if turning:
        np.testing.assert_array_equal(again.headings, headings)
    assert again.facts.get("soc") == (None if facts is None else "3")


def test_down_the_page_is_y_plus(tmp_path):
    turning = np.array([[0], [1], [2], [3]], np.uint8).T
    cells = np.array([[0, 1, 2, 3]], np.int32)
    write_mapf_visualizer(tmp_path / "s.txt", cells, turning, 4)
    assert (tmp_path / "s.txt").read_text(encoding="utf-8") == (
        "0:(0,0,Y_MINUS),(1,0,X_PLUS),(2,0,Y_PLUS),(3,0,X_MINUS),\n"
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("1:(1,0)", "2:(1,0)", "E195 s.txt, line 10: timestep 2 where 1 is due"),
        ("1:(1,0)", "1:(4,0)", "E134 s.txt, line 10: x 4, y 0 is not on the map"),
        ("1:(1,0),", "1:", "E195 s.txt, line 10: 1 robots"),
        ("1:(1,0)", "1:(1,0", "E190 s.txt, line 10"),
        ("1:(1,0)", "1:(1,-1)", "E190 s.txt, line 10"),
        ("1:(1,0)", "1:(1,0,X_PLUS)", "E195 s.txt, line 10"),
        ("1:(1,0)", "1:(1,0,X_AWAY)", "E198 s.txt, line 10"),
        ("1:(1,0)", "the end", "E190 s.txt, line 10"),
        (LACAM, "agents=2\n", "E190 s.txt, line 1: there is no line of a timestep"),
    ],
)
def test_refused_with_its_line(tmp_path, old, new, expected):
    with pytest.raises(InputError) as caught:
        read(tmp_path, LACAM.replace(old, new))
    found = [str(fault) for fault in caught.value.faults]
    assert [line for line in found if line.startswith(expected)], found
