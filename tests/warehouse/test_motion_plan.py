import json

import numpy as np
import pytest

from tests.plans import small_plan
from warehouse.check import check_structure
from warehouse.errors import InputError
from warehouse.formats.motion_plan import read_any_plan
from warehouse.formats.plan_file import write_plan

MAP = "type octile\nheight 2\nwidth 4\nmap\n....\n.@..\n"
SOLUTION = "agents=2\nsolution=\n0:(0,0),(3,1),\n1:(1,0),(2,1),\n2:(2,0),(2,1),\n"
RESULT = {
    "actionModel": "MAPF",
    "version": "2024 LoRR",
    "teamSize": 1,
    "start": [[0, 0, "E"]],
    "numTaskFinished": 1,
    "sumOfCost": 2,
    "makespan": 2,
    "actualPaths": ["R,R"],
    "plannerPaths": ["R,R"],
    "plannerTimes": [0.1, 0.1],
    "errors": [],
    "events": [[1, 0, 7, 1], [2, 0, 7, 2]],
    "tasks": [[7, 0, [0, 1, 0, 2]]],
}


@pytest.fixture
def floor(tmp_path):
    path = tmp_path / "floor.map"
    path.write_text(MAP)
    return path


def written(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)
    return path


def codes(*paths):
    with pytest.raises(InputError) as caught:
        read_any_plan(*paths)
    return [fault.code for fault in caught.value.faults]


def test_a_solution_becomes_a_plan(tmp_path, floor):
    plan = read_any_plan(written(tmp_path, "x.txt", SOLUTION), floor)
    assert plan.cells.tolist() == [[0, 7], [1, 6], [2, 6]]
    assert (plan.headings, plan.scenario.step_s, plan.scenario.name) == (None, 1.0, "x")
    assert check_structure(plan) == []


def test_tasks_of_a_result_become_trips(tmp_path, floor):
    path = written(tmp_path, "x.json", json.dumps(RESULT))
    plan = read_any_plan(path, floor)
    assert plan.cells[:, 0].tolist() == [0, 1, 2]
    stops = plan.stops[["robot", "trip", "cell", "start"]].tolist()
    assert stops == [(0, 0, 1, 1), (0, 0, 2, 2)]
    assert check_structure(plan) == []


def test_robots_that_turn_have_headings(tmp_path, floor):
    result = RESULT | {"actionModel": "MAPF_T", "actualPaths": ["F,R"]}
    del result["plannerPaths"]
    result["events"] = [[0, 0, 7, 0], [9, 0, 7, 1], [1, 0, 7, 3], [1, 0, 8, 1]]
    plan = read_any_plan(written(tmp_path, "x.json", json.dumps(result)), floor)
    assert plan.headings[:, 0].tolist() == [1, 1, 2]
    assert plan.scenario.fleet.motion == "rotate"
    assert len(plan.stops) == 0  # events that cannot be, and one of no errand


def test_plan_files_are_read_as_ever(tmp_path):
    path = tmp_path / "small.plan.npz"
    write_plan(small_plan(), path)
    assert np.array_equal(read_any_plan(path).cells, small_plan().cells)


def test_a_map_is_given_where_it_is_needed_and_nowhere_else(tmp_path, floor):
    path = tmp_path / "small.plan.npz"
    write_plan(small_plan(), path)
    assert codes(path, floor) == ["E410"]
    assert codes(written(tmp_path, "x.json", json.dumps(RESULT))) == ["E410"]
    assert codes(written(tmp_path, "x.txt", SOLUTION)) == ["E410"]


def test_a_robot_outside_the_map_is_named(tmp_path, floor):
    result = RESULT | {"actualPaths": ["L,L"], "plannerPaths": ["L,L"], "events": []}
    assert codes(written(tmp_path, "x.json", json.dumps(result)), floor) == ["E411"] * 2


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "E202"), ("hello", "E202"), ("{", "E105"), ("a=1\nnonsense", "E190")],
)
def test_files_of_no_kind_are_refused(tmp_path, floor, text, code):
    path = written(tmp_path, "x.json", text)
    found = codes(path) if code == "E202" else codes(path, floor)
    assert found == [code]


@pytest.mark.data
@pytest.mark.parametrize("form", ["2023", "2024", "2026"])
def test_results_of_the_start_kit_are_plans(bench_data, form):
    folder = bench_data / "mapf" / "results"
    plan = read_any_plan(
        folder / f"warehouse_small_{form}.json", folder / "warehouse_small.map"
    )
    assert plan.steps >= 100
    assert len(plan.stops) > 50
    assert check_structure(plan) == []
