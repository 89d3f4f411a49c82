"""``aislewise solve batch --due`` as a person types it."""

import json

import pytest

from solvers.batching.instances import read_posed
from solvers.cli.batch_times import read_timed
from tests.foodmart_files import foodmart_text
from tests.solvers.test_cli_solve_batch import mainz_text, run

DUE = "order,due_s,release_s,service_s\n3,20,,2\n0,90,30,\n1,,,5\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "four.txt"
    path.write_text(mainz_text(capacity=6))
    return path


@pytest.fixture
def due(tmp_path):
    path = tmp_path / "due.csv"
    path.write_text(DUE)
    return path


def test_due_times_in_words_and_as_json(file, due):
    words = run(file, "--due", due, "--pickers", 2, "--speed", 2).stdout.splitlines()
    assert words[0].startswith("four: optimal, length ")
    assert " s late, objective " in words[0]
    assert any(", picker 1 from " in line for line in words)
    found = json.loads(run(file, "--due", due, "--json").stdout)
    [one] = found["batchings"]
    assert one["violations"] == []
    assert one["objective_s"] == one["lower_bound_s"]
    assert one["objective_s"] == pytest.approx(one["length"] + 10 * one["tardiness_s"])
    ends_s = {o: b["end_s"] for b in one["batches"] for o in b["orders"]}
    assert one["tardiness_s"] == pytest.approx(
        max(0, ends_s[3] - 20) + max(0, ends_s[0] - 90)
    )


@pytest.mark.parametrize("method", ["exact", "local-search", "savings", "fcfs", "edd"])
def test_every_method_passes_the_checker(file, due, method):
    words = ("--method", method, "--time-limit", 0.2, "--setup", 3, "--late-weight", 1)
    result = run(file, "--due", due, *words, "--json")
    [one] = json.loads(result.stdout)["batchings"]
    assert one["violations"] == []
    assert one["lower_bound_s"] <= one["objective_s"]


def test_foodmart_orders_count_from_one(tmp_path):
    file, due = tmp_path / "f.txt", tmp_path / "due.csv"
    file.write_text(foodmart_text())
    due.write_text("order,due_s\n1,3\n")
    [one] = json.loads(run(file, "--due", due, "--json").stdout)["batchings"]
    assert one["violations"] == []
    due.write_text("order,due_s\n0,3\n")
    assert (
        "E117 due.csv, line 2, column order"
        in run(file, "--due", due, exit_code=1).stderr
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("order,due_s\n4,1\n", "E117 due.csv, line 2, column order: '4'"),
        ("order,due_s\n1,1\n1,2\n", "E157 due.csv, line 3, column order: order 1 is"),
        ("order,due_s\n1,soon\n", "E116 due.csv, line 2, column due_s"),
        ("order,due_s\n1,-1\n", "E117 due.csv, line 2, column due_s"),
        ("order,due\n1,1\n", "E111"),
    ],
)
def test_bad_tables_are_named(file, due, text, words):
    due.write_text(text)
    assert words in run(file, "--due", due, exit_code=1).stderr


def test_what_cannot_be_is_refused(file, due, tmp_path):
    (tmp_path / "set").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "set" / name).write_text(mainz_text())
    said = run(tmp_path / "set", "--due", due, exit_code=1).stderr
    assert "given for 2 instances" in said
    assert "E302" in run(file, "--due", due, "--speed", 0, exit_code=1).stderr
    assert "E302" in run(file, "--method", "edd", exit_code=1).stderr
    assert "need --due" in run(file, "--pickers", 2, exit_code=2).stderr
    file.write_text(mainz_text(capacity=2))
    assert "no batch holds order 2" in run(file, "--due", due, exit_code=1).stdout


def test_checker_sees_what_is_wrong(file, due):
    timed = read_timed(
        read_posed(file), due, pickers=1, speed=1.0, setup_s=4.0, late_weight=10.0
    )
    said = run(file, "--due", due, "--setup", 4, "--json").stdout
    [good] = json.loads(said)["batchings"]
    assert timed.faults(good) == []

    def faults(**changes):
        batches = [good["batches"][0] | changes, *good["batches"][1:]]
        return " ".join(timed.faults(good | {"batches": batches}))

    first = good["batches"][0]
    assert "has picker 1 of 1" in faults(picker=1)
    assert "takes" in faults(end_s=first["end_s"] + 1)
    later_s = good["batches"][1]["start_s"] - first["start_s"]
    moved = {name: first[name] + later_s for name in ("start_s", "end_s")}
    assert "at a time" in faults(**moved)
    assert "tardiness is" in " ".join(timed.faults(good | {"tardiness_s": 1e6}))
    early = {"start_s": 0.0, "end_s": 1.0, "orders": [0]}
    assert "before its orders are released at 30" in faults(**early)
