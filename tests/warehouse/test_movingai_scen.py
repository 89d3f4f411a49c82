"""Scenarios of MovingAI: what is read, and what is refused with its line."""

import gzip

import numpy as np
import pytest

from tests.warehouse.motion_files import SCEN, write_files
from warehouse.errors import InputError
from warehouse.formats import text_file
from warehouse.formats.movingai_scen import read_one_shot, write_scen


def read(folder, robots=None, **changed):
    write_files(folder, **changed)
    return read_one_shot(folder / "tiny.map", folder / "tiny.scen", robots)


def faults(folder, robots=None, **changed):
    with pytest.raises(InputError) as caught:
        read(folder, robots, **changed)
    return [str(fault) for fault in caught.value.faults]


def test_x_is_the_column_and_y_the_row(tmp_path):
    instance = read(tmp_path)
    assert instance.starts.tolist() == [0, 1, 3]
    assert instance.goals.tolist() == [11, 8, 0]
    assert instance.starts.dtype == np.int32
    assert instance.layout.kinds.shape == (3, 4)


def test_first_robots_alone_are_read(tmp_path):
    scen = SCEN + "0\ttiny.map\t4\t3\t1\t1\tnonsense\n"
    assert read(tmp_path, 2, tiny_scen=scen).starts.tolist() == [0, 1]
    assert len(faults(tmp_path, tiny_scen=scen)) == 1


@pytest.mark.parametrize(
    "name", ["tiny.map", "maps/TINY.map", "C:\\maps\\tiny", "tiny"]
)
def test_folder_and_ending_of_the_map_do_not_matter(tmp_path, name):
    scen = SCEN.replace("tiny.map", name)
    assert len(read(tmp_path, tiny_scen=scen).starts) == 3


def test_spaces_byte_order_mark_and_windows_line_ends(tmp_path):
    scen = "\ufeff" + SCEN.replace("\t", "  ").replace("\n", "\r\n")
    assert len(read(tmp_path, tiny_scen=scen).starts) == 3


def test_packed_scenario(tmp_path):
    write_files(tmp_path)
    packed = tmp_path / "tiny.scen.gz"
    packed.write_bytes(gzip.compress(SCEN.encode()))
    assert len(read_one_shot(tmp_path / "tiny.map", packed).starts) == 3
    packed.write_bytes(packed.read_bytes()[:-9])
    with pytest.raises(InputError, match="damaged"):
        read_one_shot(tmp_path / "tiny.map", packed)


def test_packed_file_is_not_unpacked_without_end(tmp_path, monkeypatch):
    write_files(tmp_path)
    monkeypatch.setattr(text_file, "MOST_BYTES", 1000)
    (tmp_path / "tiny.scen.gz").write_bytes(gzip.compress(b"0" * 5000))
    with pytest.raises(InputError, match="over 1,000 bytes when unpacked"):
        read_one_shot(tmp_path / "tiny.map", tmp_path / "tiny.scen.gz")


def test_round_trip(tmp_path):
    first = read(tmp_path)
    write_scen(
        tmp_path / "tiny.scen", first.layout, "tiny.map", first.starts, first.goals
    )
    again = read_one_shot(tmp_path / "tiny.map", tmp_path / "tiny.scen")
    np.testing.assert_array_equal(again.starts, first.starts)
    np.testing.assert_array_equal(again.goals, first.goals)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("\t3\t2\t5", "\t1\t1\t5", "E192 tiny.scen, line 2: goal x 1, y 1 is a wall"),
        ("3\t0\t0\t3\t2", "3\t2\t1\t3\t2", "E184 tiny.scen, line 2: start x 2, y 1"),
        ("3\t0\t0\t3\t2", "3\t4\t0\t3\t2", "E134 tiny.scen, line 2: start x 4, y 0"),
        ("3\t0\t0\t3\t2", "3\t3\t0\t3\t2", "E146 tiny.scen, line 4: row 0, col 3 is"),
        ("\t0\t2\t3", "\t3\t2\t3", "E193 tiny.scen, line 3: row 2, col 3 is the goal"),
        ("\t0\t2\t3", "\t0\tx\t3", "E190 tiny.scen, line 3: "),
        ("\t0\t2\t3", "\t0\t-2\t3", "E190 tiny.scen, line 3: "),
        ("\t0\t2\t3", "", "E190 tiny.scen, line 3: "),
        ("version 1", "version 2", "E105 tiny.scen, line 1: 'version 2'; need version"),
        (
            "4\t3\t1",
            "5\t3\t1",
            "E191 tiny.scen, line 3: it is for 'tiny.map' of 3 rows",
        ),
    ],
)
def test_refused_with_its_line(tmp_path, old, new, expected):
    assert SCEN.replace(old, new, 1) != SCEN
    found = faults(tmp_path, tiny_scen=SCEN.replace(old, new, 1))
    assert [line for line in found if line.startswith(expected)], found


def test_scenario_for_another_map_is_said_once(tmp_path):
    found = faults(tmp_path, tiny_scen=SCEN.replace("tiny.map", "other.map"))
    assert len(found) == 1
    assert found[0].startswith("E191 tiny.scen, line 2: it is for 'other.map'")


def test_goal_on_another_piece_of_floor(tmp_path):
    cut = "type octile\nheight 3\nwidth 4\nmap\n..@.\n.@@.\n..@.\n"
    scen = "version 1\n0\ttiny.map\t4\t3\t0\t0\t3\t2\t5\n"
    found = faults(tmp_path, tiny_map=cut, tiny_scen=scen)
    assert found == [
        "E194 tiny.scen, line 2: there is no way from row 0, col 0 to row 2, col 3; "
        "give a goal on the same piece of floor"
    ]


def test_more_robots_than_lines_and_than_cells(tmp_path):
    found = faults(tmp_path, 11)
    assert [line[:4] for line in found] == ["E195", "E185"]
    assert "3 lines for 11 robots" in found[0]
    assert "11 robots for 10 cells" in found[1]


def test_all_faults_of_both_files_come_at_once(tmp_path):
    write_files(tmp_path, tiny_map=b"type octile\nheight x\n", tiny_scen=b"v\xff")
    with pytest.raises(InputError) as caught:
        read_one_shot(tmp_path / "tiny.map", tmp_path / "tiny.scen")
    places = {fault.place.split(",")[0] for fault in caught.value.faults}
    assert places == {"tiny.map", "tiny.scen"}


@pytest.mark.data
def test_published_scenarios(bench_data):
    folder = bench_data / "mapf"
    for scen in sorted((folder / "scen").iterdir()):
        maps = [m for m in (folder / "maps").iterdir() if scen.name.startswith(m.stem)]
        instance = read_one_shot(maps[0], scen)
        assert len(instance.starts) > 400
