"""Exports: replaying what was written gives the plan back."""

import json
from dataclasses import replace

import numpy as np
import pytest

from tests.plans import empty_plan, fresh, small_plan
from warehouse.errors import InputError
from warehouse.formats.movingai import read_map
from warehouse.formats.planviz import write_planviz

OMNI = {"U": (1, 0), "D": (-1, 0), "L": (0, -1), "R": (0, 1), "W": (0, 0)}
AHEAD = {"N": (-1, 0), "E": (0, 1), "S": (1, 0), "W": (0, -1)}
COMPASS = "NESW"


def replay(result):
    """Row, column and heading of every robot at every step, as a viewer has them."""
    paths = []
    for start, moves in zip(result["start"], result["actualPaths"], strict=True):
        row, col, heading = start
        path = [(row, col, heading)]
        for mark in moves.split(",") if moves else []:
            if result["actionModel"] == "MAPF":
                down, right = OMNI[mark]
            else:
                down, right = AHEAD[heading] if mark == "F" else (0, 0)
                turn = {"R": 1, "C": -1}.get(mark, 0)
                heading = COMPASS[(COMPASS.index(heading) + turn) % 4]
            row, col = row + down, col + right
            path.append((row, col, heading))
        paths.append(path)
    return paths


def written(plan, folder):
    write_planviz(plan, folder / "result.json")
    return json.loads((folder / "result.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("motion", ["omni", "rotate"])
def test_replayed_paths_are_the_plan(motion, tmp_path):
    plan = small_plan(motion)
    result = written(plan, tmp_path)
    assert result["actionModel"] == {"omni": "MAPF", "rotate": "MAPF_T"}[motion]
    width = plan.scenario.layout.width
    paths = replay(result)
    cells = [[row * width + col for row, col, _ in path] for path in paths]
    np.testing.assert_array_equal(np.array(cells).T, plan.cells)
    if plan.headings is not None:
        headings = [[COMPASS.index(h) for _, _, h in path] for path in paths]
        np.testing.assert_array_equal(np.array(headings).T, plan.headings)
    drivable = read_map(tmp_path / "result.map").drivable
    np.testing.assert_array_equal(drivable, plan.scenario.layout.drivable)


@pytest.mark.parametrize("motion", ["omni", "rotate"])
def test_trips_are_tasks_and_stops_their_errands(motion, tmp_path):
    plan = small_plan(motion)
    result = written(plan, tmp_path)
    paths = replay(result)
    tasks = {task: (release, places) for task, release, places in result["tasks"]}
    assert set(tasks) == set(plan.stops["trip"].tolist())
    assert result["numTaskFinished"] == len(tasks)
    assert len(result["events"]) == len(plan.stops)
    assert result["events"] == sorted(result["events"])
    for step, robot, task, done in result["events"]:
        places = tasks[task][1]
        assert paths[robot][step][:2] == tuple(places[2 * done - 2 : 2 * done])
        assert step >= tasks[task][0]
    assert tasks[3][0] == 8  # order 4 is released at 8 s
    assert result["actualSchedule"][0].split(",") == [
        "0:0",
        f"{plan.stops['end'][2]}:2",
    ]
    assert result["actualSchedule"][2:] == ["8:3", ""]


@pytest.mark.data
def test_the_keys_are_those_of_published_results(bench_data, tmp_path):
    published = bench_data / "mapf" / "results" / "warehouse_small_2024.json"
    if not published.exists():
        pytest.skip("no published results")
    theirs = json.loads(published.read_text(encoding="utf-8"))
    ours = written(small_plan("rotate"), tmp_path)
    assert list(ours) == list(theirs)
    for key, value in theirs.items():
        assert type(ours[key]) is type(value), key
        if isinstance(value, list) and value and ours[key]:
            assert type(ours[key][0]) is type(value[0]), key


@pytest.mark.data
def test_published_results_replay_as_ours_do(bench_data):
    # The same replay on their file stays on their map: our marks mean what theirs do.
    results = bench_data / "mapf" / "results"
    if not (results / "warehouse_small_2024.json").exists():
        pytest.skip("no published results")
    text = (results / "warehouse_small_2024.json").read_text(encoding="utf-8")
    drivable = read_map(results / "warehouse_small.map").drivable
    result = json.loads(text)
    paths = replay(result)
    assert all(drivable[row, col] for path in paths for row, col, _ in path)
    for step, robot, task, done in result["events"]:
        places = result["tasks"][task][2]
        assert paths[robot][step][:2] == tuple(places[2 * done - 2 : 2 * done])


@pytest.mark.parametrize("robots", [0, 2])
def test_an_empty_plan_is_written(robots, tmp_path):
    result = written(empty_plan(robots), tmp_path)
    assert result["actualPaths"] == [""] * robots
    assert result["makespan"] == 0


@pytest.mark.parametrize("motion", ["omni", "rotate"])
def test_a_jump_cannot_be_written(motion, tmp_path):
    plan = fresh(small_plan(motion))
    plan.cells[5, 3] = 0
    with pytest.raises(InputError) as caught:
        write_planviz(plan, tmp_path / "result.json")
    assert [fault.code for fault in caught.value.faults] == ["E214", "E214"]
    assert not list(tmp_path.iterdir())


def test_a_half_turn_cannot_be_written(tmp_path):
    plan = small_plan("rotate")
    headings = plan.headings.copy()
    headings[5:, 3] ^= 2
    with pytest.raises(InputError, match="E214"):
        write_planviz(replace(plan, headings=headings), tmp_path / "result.json")
