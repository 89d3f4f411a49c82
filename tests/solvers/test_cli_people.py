"""Packers with shifts on the command line, from the folder to the sheets."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from layouts import folder
from tests.solvers.test_cli_commands import answer, run
from tests.staffed_sites import NEVER, staff_of, staffed
from warehouse.formats.plan_file import read_plan, write_plan
from warehouse.formats.scenario_folder import read_scenario, write_scenario

PEOPLE = (("Ada <1>", 0, 0, 700, 1, "gift"), ("Ben", 1, 60, NEVER, 1.1, ""))


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    place = tmp_path_factory.mktemp("people")
    people = staff_of(*PEOPLE, breaks=[(0, 100, 160, 20), (1, 200, 260, 0)])
    scenario = staffed(read_scenario(folder("small")), people, {1: "gift", 2: "magic"})
    due_s = np.full(len(scenario.orders), 900.0)
    scenario = replace(scenario, orders=replace(scenario.orders, due_s=due_s))
    write_scenario(scenario, place / "site")
    path = place / "people.plan.npz"
    made = run("plan", place / "site", "-o", path, "--iterations", "2", "--json")
    return path, made


def test_orders_that_nobody_can_pack_are_named_with_the_mend(planned):
    path, made = planned
    assert made.exit_code == 0
    name = read_plan(path).scenario.orders.names[2]
    assert (
        f"E511 order {name}: no packer has all of magic; give a packer" in made.stderr
    )
    facts = answer(made)
    assert facts["violations"] == [] and len(facts["notices"]) == 1
    assert facts["metrics"]["unserved_units"]["no_packer"] > 0
    assert facts["metrics"]["late_causes"] == {"packer": 1}
    assert run("check", path).exit_code == 0


def test_sheets_show_orders_and_breaks_of_each_packer(planned, tmp_path):
    path, _ = planned
    page = tmp_path / "report.html"
    made = run("report", path, "-o", page, "--sheets", tmp_path / "sheets", "--json")
    assert made.exit_code == 0
    [sheet] = answer(made)["sheets"]
    assert sheet.endswith("packers.html")
    text = (tmp_path / "sheets" / "packers.html").read_text(encoding="utf-8")
    plan = read_plan(path)
    assert "<h2>Ada &lt;1&gt;, station P1</h2>" in text and "shift from 0:01:00" in text
    assert text.count('<tr class="break">') == 2
    for order in plan.packing["order"].tolist():
        assert f"<td>{plan.scenario.orders.names[order]}</td>" in text
    report = page.read_text(encoding="utf-8")
    assert "P1 · Ada &lt;1&gt;" in report and 'class="break"' in report
    assert "nobody there can pack it" in report


def test_tables_name_the_packers(planned, tmp_path):
    path, _ = planned
    assert run("export", path, "--to", "csv", "-o", tmp_path / "csv").exit_code == 0
    with (tmp_path / "csv" / "packing.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["packer"] for row in rows} == {"Ada <1>", "Ben"}


def test_sheets_of_a_plan_without_cartons_and_shifts_are_refused(tmp_path):
    from tests.plans import small_plan

    write_plan(small_plan(), tmp_path / "plain.plan.npz")
    made = run("report", tmp_path / "plain.plan.npz", "--sheets", tmp_path / "sheets")
    assert made.exit_code == 1 and "E914" in made.output + made.stderr
