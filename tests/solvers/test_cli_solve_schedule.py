"""``aislewise solve schedule`` and ``aislewise scenario new-packing``."""

import csv
import json

import pytest
from typer.testing import CliRunner

from solvers.cli.app import app
from tests.warehouse.packing_days import write_day


@pytest.fixture
def run(tmp_path):
    def run(*words):
        words = ["solve", "schedule", *map(str, words), "--time-limit", "1"]
        return CliRunner().invoke(app, words)

    return run


def test_a_day_is_made_and_scheduled(run, tmp_path):
    folder, out = tmp_path / "day", tmp_path / "roster.csv"
    words = "--orders 12 --stations 3 --packers-per-station 1 --trucks 2 --seed 1"
    made = CliRunner().invoke(
        app, ["scenario", "new-packing", str(folder), *words.split()]
    )
    assert made.exit_code == 0, made.output
    again = CliRunner().invoke(app, ["scenario", "new-packing", str(folder)])
    assert again.exit_code == 1 and "E906" in again.output
    done = run(folder, "-o", out, "--compare", "--json")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert answer["orders"] == 12 and answer["packers"] == 3
    assert answer["late_weight"] >= answer["late_weight_bound"]
    assert {one["method"] for one in answer["rules"]} >= {"earliest-due", "longest"}
    ours = [answer[name] for name in ("unpacked", "late_weight", "tardiness_s")]
    for rule in answer["rules"]:
        assert ours <= [
            rule[name] for name in ("unpacked", "late_weight", "tardiness_s")
        ]
    with out.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert sum(row["what"] == "order" for row in rows) == 12
    assert sum(row["what"] == "break" for row in rows) == 3


def test_words_for_people(run, tmp_path):
    done = run(write_day(tmp_path))
    assert done.exit_code == 0, done.output
    assert "tiny: 4 orders, 2 packers at 2 stations, 3 trucks; optimal" in done.output
    assert "late orders 0, by priority 0 (bound 0, gap 0.0%)" in done.output


def test_a_rule_alone(run, tmp_path):
    done = run(write_day(tmp_path), "--method", "earliest-due", "--json")
    assert json.loads(done.stdout)["method"] == "scheduling: earliest-due"


def test_an_order_that_is_late_by_a_millisecond_is_listed(run, tmp_path):
    jobs = "order,carton,ready_s,work_s,due_s,stations\no1,S,0,50,59.999,A\n"
    done = run(write_day(tmp_path, jobs=jobs), "--json")
    answer = json.loads(done.stdout)
    assert answer["late_jobs"] == 1
    assert answer["late"] == [{"order": "o1", "due_s": 59.999, "end_s": 60.0}]


JOBS = "order,carton,units,ready_s,work_s,carrier,departs_s,needs,stations\n"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            {"packers": "packer,station,skills\nann,A,heavy;gift\n"},
            "E510 station B: the station has no packers, and order o4 may be packed "
            "nowhere else",
        ),
        (
            {"jobs": JOBS + "o1,S,1,0,,,,cold,\no2,S,1,0,,,,,\n"},
            "E511 order o1: no packer has the skill cold",
        ),
        (
            {"jobs": JOBS + "o1,XL,1,0,,,,,B\no2,S,1,0,,,,,\n"},
            "E511 order o1: no packer of its stations has all the skills it needs",
        ),
        (
            {"jobs": JOBS + "o1,XL,1,0,3000,,,,\no2,S,1,0,,,,,\n"},
            "E512 order o1: its 3000 s fit into no shift between breaks",
        ),
        (
            {"jobs": JOBS + "o1,S,1,450,,north,500,,\no2,S,1,0,,,,,\n"},
            "E513 truck of north at 500 s: it leaves before order o1 can be packed",
        ),
    ],
)
def test_what_cannot_be_done_is_named_and_the_rest_planned(run, tmp_path, files, words):
    done = run(write_day(tmp_path, **files), "--json")
    assert done.exit_code == 1
    answer = json.loads(done.stdout)
    assert any(fault.startswith(words) for fault in answer["faults"])
    assert words in done.stderr
    packed = answer["orders"] - len(answer["left_out"])
    assert packed >= 1
    assert answer["left_out"] == [] if "E513" in words else answer["left_out"]


def test_a_wrong_file_ends_with_all_faults(run, tmp_path):
    done = run(write_day(tmp_path, jobs="order,carton\no1,S\n"), "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["error"]["code"] == "E111"
