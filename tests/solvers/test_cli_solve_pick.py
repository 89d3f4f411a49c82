"""``aislewise solve pick`` as a person types it."""

import json

from typer.testing import CliRunner

from solvers.cli.app import app
from tests.warehouse.joint_picking_files import GOOD, write_instance


def run(*words, exit_code=0):
    """Run a command; whatever it says, it must not end in a traceback."""
    result = CliRunner().invoke(app, ["solve", "pick", *map(str, words)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == exit_code, result.output
    return result


def test_an_instance_is_solved_checked_and_written(tmp_path):
    folder = write_instance(tmp_path / "tiny")
    output = tmp_path / "batches.json"
    words = (folder, "--time-limit", "0.2", "-o", output)
    answer = json.loads(run(*words, "--json").stdout)
    # Both items of the first order: over the middle to row 3, over the top to row 7.
    assert answer["length"] == 20
    assert answer["violations"] == {}
    assert answer["items"] == 2
    assert answer["lower_bound"] <= 20
    (batch,) = json.loads(output.read_text(encoding="utf-8"))
    assert batch["orders"] == ["o-1"]
    assert {item for walk in batch["picklists"] for item in walk} == {"w-1", "w-3"}
    assert "length 20" in run(*words).stdout
    straight = json.loads(run(*words, "--direct-in-aisle", "--json").stdout)
    assert straight["length"] <= answer["length"]


def test_more_items_than_there_are_is_said(tmp_path):
    parameters = {**GOOD["parameters"], "min_number_requested_items": 4}
    folder = write_instance(tmp_path, parameters=parameters)
    assert "E911 4 items are asked for" in run(folder, exit_code=1).stderr


def test_stock_that_runs_out_is_said(tmp_path):
    parameters = {**GOOD["parameters"], "min_number_requested_items": 3}
    items = [GOOD["warehouse_items"][0], GOOD["warehouse_items"][2]]
    folder = write_instance(tmp_path, parameters=parameters, warehouse_items=items)
    assert "E361 3 items are asked for" in run(folder, exit_code=1).stderr


def test_a_wrong_instance_is_said(tmp_path):
    assert "E101 articles.json" in run(tmp_path / "absent", exit_code=1).stderr
    folder = write_instance(tmp_path, orders="[")
    assert "E105 orders.json" in run(folder, exit_code=1).stderr
