"""Results of the League of Robot Runners: three forms to positions, and back."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.check.paths import check_paths
from warehouse.errors import InputError
from warehouse.formats.lorr_actions import omni_marks, positions, turning_marks
from warehouse.formats.lorr_result import read_lorr_result
from warehouse.formats.movingai import read_map
from warehouse.formats.planviz import motion_result
from warehouse.grid import Grid
from warehouse.layout import COL_STEP, ROW_STEP, Layout

HEIGHT, WIDTH = 3, 4
LAYOUT = Layout.from_rows(["...."] * HEIGHT)

OMNI = {
    "actionModel": "MAPF",
    "version": "2024 LoRR",
    "teamSize": 1,
    "start": [[0, 0, "N/A"]],
    "numTaskFinished": 1,
    "makespan": 3,
    "actualPaths": ["U,R,W"],
    "plannerPaths": ["U,R,T"],
    "events": [[2, 0, 0, 1]],
    "tasks": [[0, 0, [1, 1]]],
    "errors": [[0, -1, 3, "timeout"]],
}
TURNING_2023 = {
    "actionModel": "MAPF_T",
    "teamSize": 1,
    "start": [[1, 1, "E"]],
    "numTaskFinished": 1,
    "makespan": 4,
    "actualPaths": ["F,C,F,W"],
    "plannerPaths": ["F,C,F,F"],
    "events": [[[0, 0, "assigned"], [0, 3, "finished"]]],
    "tasks": [[0, 0, 2]],
}
TURNING_2026 = {
    **OMNI,
    "actionModel": "MAPF_T",
    "version": "2026 LoRR",
    "agentMaxCounter": 2,
    "start": [[1, 1, "E"]],
    "makespan": 9,
    "actualPaths": ["[(0,1,1,0,0):(F 2,C 1,W 2)][(5,1,2,0,1):(C 1,F 2)]"],
    "plannerPaths": ["[(0,1,1,0,0):(F 2,C 4,F 3)]"],
    "events": [[8, 0, 0, 1]],
    "tasks": [[0, 0, [0, 2]]],
}


def read(folder, result, layout=LAYOUT):
    (folder / "r.json").write_text(json.dumps(result), encoding="utf-8")
    return read_lorr_result(folder / "r.json", layout)


def faults(folder, result):
    with pytest.raises(InputError) as caught:
        read(folder, result)
    return [str(fault) for fault in caught.value.faults]


def test_robots_that_move_in_four_directions(tmp_path):
    result = read(tmp_path, OMNI)
    assert (result.form, result.headings, result.ticks_per_step) == ("2024", None, 1)
    assert result.cells[:, 0].tolist() == [0, 4, 5, 5]
    assert result.planned_cells[:, 0].tolist() == [0, 4, 5, 5]
    assert result.log.events.tolist() == [(2, 0, 0, 1)]
    assert result.log.errands.tolist() == [5]
    assert result.errors == ("[0, -1, 3, 'timeout']",)


def test_the_file_decides_which_way_up_is(tmp_path):
    upside_down = {**OMNI, "actualPaths": ["D,R,W"], "plannerPaths": ["D,R,D"]}
    result = read(tmp_path, upside_down)
    assert result.cells[:, 0].tolist() == [0, 4, 5, 5]
    assert result.planned_cells[:, 0].tolist() == [0, 4, 5, 9]
    without = {**upside_down, "events": [], "tasks": []}
    assert read(tmp_path, without).cells[:, 0].tolist() == [0, 4, 5, 5]


def test_robots_that_turn_in_the_form_of_2023(tmp_path):
    result = read(tmp_path, TURNING_2023)
    assert result.form == "2023"
    assert result.cells[:, 0].tolist() == [5, 6, 6, 2, 2]
    assert result.headings[:, 0].tolist() == [1, 1, 0, 0, 0]
    assert result.planned_cells[:, 0].tolist() == [5, 6, 6, 2, -1]
    assert result.log.events.tolist() == [(3, 0, 0, 1)]


def test_ticks_of_2026_move_a_robot_when_its_action_is_complete(tmp_path):
    result = read(tmp_path, TURNING_2026)
    assert result.ticks_per_step == 2
    assert result.cells[:, 0].tolist() == [5, 5, 6, 6, 6, 6, 6, 6, 2, 2]
    assert result.headings[:, 0].tolist() == [1, 1, 1, 1, 1, 1, 0, 0, 0, 0]


def test_robot_that_leaves_the_map_is_off_the_grid_and_no_fault_of_the_file(tmp_path):
    away = {**OMNI, "actualPaths": ["L,R,W"], "events": []}
    result = read(tmp_path, away)
    assert result.cells[:, 0].tolist() == [0, -1, 0, 0]
    found = check_paths(Grid.from_layout(LAYOUT), result.cells, None, result.cells[0])
    assert {violation.rule for violation in found} == {"off-grid"}


@pytest.mark.parametrize(
    ("base", "change", "expected"),
    [
        (OMNI, {"actualPaths": ["U,F,W"]}, "E198 r.json, key actualPaths, robot 0, st"),
        (OMNI, {"actualPaths": ["U,T,W"]}, "E198 r.json, key actualPaths, robot 0, st"),
        (OMNI, {"actualPaths": ["U;R;W"]}, "E198 r.json, key actualPaths, robot 0"),
        (OMNI, {"actualPaths": ["U,R"]}, "E195 r.json, key actualPaths"),
        (OMNI, {"actualPaths": []}, "E195 r.json, key actualPaths"),
        (OMNI, {"actualPaths": [7]}, "E116 r.json, key actualPaths"),
        (OMNI, {"actualPaths": {"0": "W"}}, "E116 r.json, key actualPaths"),
        (OMNI, {"teamSize": 1_000_000}, "E195 r.json, key start"),
        (OMNI, {"teamSize": 10**9}, "E117 r.json, key teamSize"),
        (OMNI, {"teamSize": True}, "E116 r.json, key teamSize"),
        (OMNI, {"start": [[0, 4, "E"]]}, "E134 r.json, key start, robot 0"),
        (OMNI, {"start": [[0, "0", "E"]]}, "E190 r.json, key start, robot 0"),
        (OMNI, {"actionModel": "CAR"}, "E116 r.json, key actionModel"),
        (OMNI, {"version": "2031 LoRR"}, "E197 r.json, key version"),
        (OMNI, {"tasks": [[0, 0, [1]]]}, "E190 r.json, key tasks, entry 0"),
        (OMNI, {"tasks": [[0, 0, [9, 9]]]}, "E134 r.json, key tasks, entry 0"),
        (OMNI, {"tasks": [[0, 0, [1, 1]]] * 2}, "E199 r.json, key tasks, entry 1"),
        (OMNI, {"events": [[1, 5, 0, 1]]}, "E199 r.json, key events, entry 0"),
        (OMNI, {"events": [[1, 0, 0]]}, "E190 r.json, key events, entry 0"),
        (OMNI, {"events": "none"}, "E116 r.json, key events"),
        (TURNING_2023, {"start": [[1, 1, "NE"]]}, "E190 r.json, key start, robot 0"),
        (TURNING_2023, {"events": [[[0, 0, "x"]]]}, "E190 r.json, key events, robot 0"),
        (TURNING_2023, {"tasks": [[0, 0]]}, "E190 r.json, key tasks, entry 0"),
        (TURNING_2026, {"actualPaths": ["F 2"]}, "E198 r.json, key actualPaths, robot"),
        (
            TURNING_2026,
            {"actualPaths": ["[(0,1,1,0,0):(F 1,C 2)]"]},
            "E198 r.json, key actualPaths, robot 0, tick 1: F is left for C after 1",
        ),
        (
            TURNING_2026,
            {"actualPaths": ["[(3,1,1,0,0):(F 2)]"]},
            "E198 r.json, key actualPaths, robot 0: a segment begins at tick 3",
        ),
        (
            TURNING_2026,
            {"actualPaths": ["[(0,1,1,0,0):(W 999999999)]"]},
            "E198 r.json, key actualPaths, robot 0: 999,999,999 ticks",
        ),
        (TURNING_2026, {"makespan": 10**9}, "E117 r.json, key makespan"),
        (TURNING_2026, {"makespan": 10**8, "teamSize": 9}, "E195 r.json, key start"),
    ],
)
def test_refused_with_its_place(tmp_path, base, change, expected):
    found = faults(tmp_path, {**base, **change})
    assert [line for line in found if line.startswith(expected)], found


def test_robots_with_paths_of_different_length(tmp_path):
    two = {**OMNI, "teamSize": 2, "start": [[0, 0, "E"], [1, 1, "E"]]}
    found = faults(tmp_path, {**two, "actualPaths": ["U,R,W", "U,R"]})
    assert any("robot 1: 2 actions, robot 0 has 3" in line for line in found)


def test_truncated_result(tmp_path):
    text = json.dumps(OMNI)
    (tmp_path / "r.json").write_text(text[: len(text) // 2], encoding="utf-8")
    with pytest.raises(InputError, match=r"E105 r\.json, line 1"):
        read_lorr_result(tmp_path / "r.json", LAYOUT)


@st.composite
def walks(draw, turning):
    """Cells and headings of robots that move as their model lets them."""
    robots, steps = draw(st.integers(1, 3)), draw(st.integers(0, 6))
    cell = st.integers(0, HEIGHT * WIDTH - 1)
    now = [(draw(cell), draw(st.integers(0, 3))) for _ in range(robots)]
    rows = [now]
    for _ in range(steps):
        now = [draw(st.sampled_from(moves(*state, turning))) for state in now]
        rows.append(now)
    cells, headings = np.array(rows).transpose(2, 0, 1)
    return cells.astype(np.int32), headings.astype(np.uint8) if turning else None


def moves(cell, heading, turning):
    row, col = divmod(cell, WIDTH)
    ways = [heading] if turning else range(4)
    ahead = [(row + ROW_STEP[d], col + COL_STEP[d]) for d in ways]
    cells = [r * WIDTH + c for r, c in ahead if 0 <= r < HEIGHT and 0 <= c < WIDTH]
    turns = [(heading + 1) % 4, (heading + 3) % 4] if turning else []
    return [
        (cell, heading),
        *((c, heading) for c in cells),
        *((cell, t) for t in turns),
    ]


@given(walks(turning=False))
def test_marks_lead_back_to_cells(walk):
    cells, _ = walk
    there, _ = positions(omni_marks(cells, WIDTH), cells[0], None, HEIGHT, WIDTH)
    np.testing.assert_array_equal(there, cells)


@given(walks(turning=True))
def test_marks_lead_back_to_cells_and_headings(walk):
    cells, headings = walk
    marks = turning_marks(cells, headings, WIDTH)
    there = positions(marks, cells[0], headings[0], HEIGHT, WIDTH)
    np.testing.assert_array_equal(there[0], cells)
    np.testing.assert_array_equal(there[1], headings)


def test_written_result_is_read_back(tmp_path):
    cells = np.array([[0, 5], [1, 5], [1, 9]], np.int32)
    headings = np.array([[1, 1], [1, 2], [2, 2]], np.uint8)
    result = motion_result(
        cells,
        headings,
        WIDTH,
        finished=1,
        events=[[2, 1, 4, 1]],
        tasks=[[4, 0, [2, 1]]],
        schedule=["", "0:4"],
        planner_times_s=[0.5, 0.25],
    )
    again = read(tmp_path, result)
    np.testing.assert_array_equal(again.cells, cells)
    np.testing.assert_array_equal(again.headings, headings)
    assert again.log.ids.tolist() == [4]
    assert again.finished == 1


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "map_name", "form", "errands"),
    [
        ("mapf_plan_example", "../maps/random-32-32-20", "2023", 300),
        ("warehouse_small_2023", "warehouse_small", "2023", 100),
        ("warehouse_small_2024", "warehouse_small", "2024", 78),
        ("warehouse_small_2026", "warehouse_small", "2026", 387),
    ],
)
def test_published_results_keep_every_rule(bench_data, name, map_name, form, errands):
    folder = bench_data / "mapf" / "results"
    layout = read_map(folder / f"{map_name}.map")
    result = read_lorr_result(folder / f"{name}.json", layout)
    assert result.form == form
    grid = Grid.from_layout(layout)
    assert check_paths(grid, result.cells, result.headings, result.cells[0]) == []
    log, events = result.log, result.log.events
    task = np.searchsorted(log.ids, events["task"])
    errand = log.first_errand[task] + events["done"] - 1
    there = result.cells[events["step"], events["robot"]]
    np.testing.assert_array_equal(there, log.errands[errand])
    assert len(events) == errands
    damaged = result.cells.copy()
    damaged[len(damaged) // 2, 3] = damaged[len(damaged) // 2, 4]
    assert check_paths(grid, damaged, result.headings, damaged[0]) != []
