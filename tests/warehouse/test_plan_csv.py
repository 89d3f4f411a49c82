"""CSV export: a person finds the plan in it, by name and in seconds."""

import csv

import pytest

from tests.plans import empty_plan, small_plan
from warehouse.errors import InputError
from warehouse.formats.plan_csv import HEADING_NAMES, write_plan_csv

FILES = {"robots", "stops", "picks", "deliveries", "packing", "unserved"}


def tables(folder):
    result = {}
    for path in folder.iterdir():
        with path.open(encoding="utf-8", newline="") as file:
            result[path.stem] = list(csv.DictReader(file))
    return result


@pytest.mark.parametrize("motion", ["omni", "rotate"])
def test_every_table_holds_the_plan(motion, tmp_path):
    plan = small_plan(motion)
    write_plan_csv(plan, tmp_path / "new folder")
    found = tables(tmp_path / "new folder")
    assert set(found) == FILES
    width = plan.scenario.layout.width
    assert len(found["robots"]) == plan.cells.size
    for row in found["robots"]:
        step, robot = int(row["step"]), int(row["robot"])
        cell = int(row["row"]) * width + int(row["col"])
        assert cell == plan.cells[step, robot]
        assert float(row["second"]) == step * plan.scenario.step_s
        if plan.headings is not None:
            assert row["heading"] == HEADING_NAMES[plan.headings[step, robot]]
    assert ("heading" in found["robots"][0]) == (motion == "rotate")
    assert len(found["stops"]) == len(plan.stops)
    picked = sum(int(row["quantity"]) for row in found["picks"])
    assert picked == plan.picks["quantity"].sum()


def test_names_and_seconds_are_readable(tmp_path):
    write_plan_csv(small_plan(), tmp_path)
    found = tables(tmp_path)
    assert found["stops"][2] == {
        "stop": "2",
        "robot": "0",
        "trip": "0",
        "kind": "drop",
        "row": "5",
        "col": "2",
        "station": "west",
        "start_step": "21",
        "end_step": "25",
        "start_s": "21",
        "end_s": "25",
    }
    assert found["stops"][0]["station"] == ""
    assert found["picks"][0]["sku"] == "apple"
    assert found["deliveries"][0]["order"] == "order-0"
    assert found["packing"][0] == {
        "order": "order-0",
        "station": "west",
        "packer": "0",
        "start_s": "29",
        "end_s": "40",
        "due_s": "30",
        "late_s": "10",
    }
    assert found["packing"][1]["due_s"] == ""  # never due
    assert [row["reason"] for row in found["unserved"]] == ["stock", "held", "held"]
    assert found["unserved"][0]["sku"] == "éclair"


def test_an_empty_plan_gives_headers_and_where_robots_stand(tmp_path):
    write_plan_csv(empty_plan(), tmp_path)
    found = tables(tmp_path)
    assert {name: len(rows) for name, rows in found.items()} == {
        **dict.fromkeys(FILES, 0),
        "robots": 2,
    }


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match="E107"):
        write_plan_csv(small_plan(), tmp_path / "file")
