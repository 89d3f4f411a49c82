"""``aislewise solve batch`` as a person types it."""

import csv
import gzip
import json

import numpy as np
import pytest
from typer.testing import CliRunner

from solvers.batching.instances import pose_all, read_posed
from solvers.cli.app import app
from solvers.cli.check_batching import batching_faults
from tests.foodmart_files import foodmart_text
from tests.mainz_files import write_archive
from warehouse.errors import InputError
from warehouse.formats.mainz import parse_mainz


def mainz_text(*, capacity=5, weight="1", orders=((0,), (1,), (0, 2), (3,)), cells=10):
    """Four articles, one place each, in three aisles."""
    lines = [
        "NAME : x", "TYPE : Order_batching", f"PICKER_CAPACITY : {capacity}",
        "LAYOUT : single-block", "NUM_AISLES : 3", f"NUM_CELLS : {cells}",
        "DEPOT_AISLE : 1", "DEPOT_LOCATION : bottom", "DISTANCE_AISLE_TO_AISLE : 3",
        "DISTANCE_CELL_TO_CELL : 1", "DISTANCE_TOP_TO_CELL : 1.5",
        "DISTANCE_BOTTOM_TO_CELL : 2", "DISTANCE_TOP_OR_BOTTOM_TO_DEPOT : 0.5",
        "ARTICLE_SECTION", "NUM_ARTICLES : 4",
        *(f"ID {article} WEIGHT {weight}" for article in range(4)),
        "SKU_SECTION", "NUM_SKUS : 4",
        "ID 0 AISLE 0 CELL 0 QUANTITY 1", "ID 1 AISLE 2 CELL 9 QUANTITY 1",
        "ID 2 AISLE 0 CELL 4 QUANTITY 1", "ID 3 AISLE 1 CELL 5 QUANTITY 1",
        "ORDER_SECTION", f"NUM_ORDERS : {len(orders)}",
    ]  # fmt: skip
    for order in orders:
        lines.append(f"NUM_ARTICLES_IN_ORDER : {len(order)}")
        lines += [f"ID {article} QUANTITY 2" for article in order]
    return "\n".join([*lines, "EOF"])


def run(*words, exit_code=0):
    """Run a command; whatever it says, it must not end in a traceback."""
    result = CliRunner().invoke(app, ["solve", "batch", *map(str, words)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == exit_code, result.output
    return result


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "four.txt"
    path.write_text(mainz_text())
    return path


def test_one_instance_in_words_and_as_json(file, tmp_path):
    said = run(file).stdout.splitlines()
    assert said[0].startswith("four: optimal, length ")
    found = json.loads(run(file, "--json", "-o", tmp_path / "out.json").stdout)
    assert found == json.loads((tmp_path / "out.json").read_text())
    [one] = found["batchings"]
    assert sorted(o for batch in one["batches"] for o in batch["orders"]) == [
        0,
        1,
        2,
        3,
    ]
    assert one["violations"] == []
    assert one["lower_bound"] == one["length"]


@pytest.mark.parametrize("method", ["fcfs", "savings", "local-search"])
@pytest.mark.parametrize("blocks", [1, 2])
def test_every_method_passes_the_checker(file, method, blocks):
    result = run(
        file, "--method", method, "--blocks", blocks, "--time-limit", 0.2, "--json"
    )
    [one] = json.loads(result.stdout)["batchings"]
    assert one["violations"] == []
    assert one["lower_bound"] <= one["length"]


def test_both_formats_and_published_values(tmp_path):
    write_archive(
        tmp_path / "set.tgz", {"a.txt": mainz_text(), "f.txt": foodmart_text()}
    )
    with gzip.open(tmp_path / "best.csv.gz", "wt") as out:
        rows = csv.writer(out, delimiter=";")
        rows.writerow(["filename", "policy", "UB"])
        rows.writerow([r"sets\f.txt", "traversal", "99"])
        rows.writerow([r"sets\f.txt", "optimal", "16"])
        rows.writerow([r"sets\a.txt", "optimal", "1.000,5"])
    said = run(tmp_path / "set.tgz", "--compare", tmp_path / "best.csv.gz").stdout
    assert (
        "f: feasible, length 16, 2 batches" in said or "f: optimal, length 16" in said
    )
    assert "published 1000.5" in said
    assert "1 of 2 equal to the published length, 1 shorter" in said


def test_an_order_too_heavy_ends_with_exit_code_1(tmp_path):
    (tmp_path / "heavy.txt").write_text(mainz_text(capacity=3))
    result = run(tmp_path / "heavy.txt", "--json", exit_code=1)
    [one] = json.loads(result.stdout)["batchings"]
    assert (one["status"], one["too_heavy"]) == ("infeasible", [2])
    assert "no batch holds order 2" in run(tmp_path / "heavy.txt", exit_code=1).stdout


def test_bad_input_is_named(tmp_path):
    assert "E150" in run(tmp_path / "absent.txt", exit_code=1).stderr
    (tmp_path / "bad.txt").write_text(mainz_text().replace("EOF", ""))
    assert "E154" in run(tmp_path / "bad.txt", exit_code=1).stderr
    (tmp_path / "bad.txt").write_text(mainz_text(cells=11))
    assert "E159" in run(tmp_path / "bad.txt", "--blocks", 2, exit_code=1).stderr
    (tmp_path / "bad.txt").write_text(mainz_text(weight="0.12345678"))
    assert "E159" in run(tmp_path / "bad.txt", exit_code=1).stderr


def test_weights_keep_their_digits():
    instance = parse_mainz(mainz_text(capacity=3.5, weight="0.25").encode(), "x.txt")
    [one] = pose_all([instance])
    assert one.problem.capacity.tolist() == [350]
    assert one.problem.load[:, 0].tolist() == [50, 50, 100, 50]


def test_faults_of_several_instances_come_together():
    texts = [mainz_text(weight="0.12345678"), mainz_text(weight="0.87654321")]
    with pytest.raises(InputError) as caught:
        pose_all(parse_mainz(text.encode(), "x.txt") for text in texts)
    assert len(caught.value.faults) == 2


def test_checker_sees_what_is_wrong(file):
    [one] = read_posed(file)
    right = json.loads(run(file, "--json").stdout)["batchings"][0]["batches"]
    assert batching_faults(one.instance, right, blocks=1) == []
    longer = [{**right[0], "length": right[0]["length"] + 1}, *right[1:]]
    lazy = [{**right[0], "places": right[0]["places"][1:]}, *right[1:]]
    for wrong, words in (
        (longer, "says it is"),
        (lazy, "misses"),
        (right[1:], "is in 0 batches"),
        ([*right, right[0]], "is in 2 batches"),
        ([{**right[0], "orders": [77]}, *right[1:]], "unknown ones: [77]"),
        ([{**right[0], "orders": [0, 1, 2, 3]}], "holds 10 of 5"),
    ):
        faults = batching_faults(one.instance, wrong, blocks=1)
        assert any(words in fault for fault in faults), (words, faults)


@pytest.mark.data
def test_published_optima(bench_data):
    folder = bench_data / "orders" / "jobprp"
    found = json.loads(
        run(
            folder / "BahceciOencan.tgz", "--json",
            "--compare", folder / "bks" / "hessler_irnich_BahceciOencan.csv.gz",
        ).stdout
    )  # fmt: skip
    assert found["equal"] == found["optimal"] == found["instances"] == 1350
    assert np.sum([len(one["violations"]) for one in found["batchings"]]) == 0
