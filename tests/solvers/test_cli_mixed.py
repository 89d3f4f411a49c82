"""Commands on sites with racks and pods."""

import json

import pytest
from typer.testing import CliRunner

from solvers.cli.app import app
from tests.mixed_sites import write_site
from warehouse.check import check_plan
from warehouse.formats.plan_file import read_plan
from warehouse.formats.scenario_folder import read_scenario
from warehouse.scenario import RobotKind


@pytest.fixture
def site(tmp_path, monkeypatch):
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    return write_site(folder)


def run(*words):
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_a_site_is_planned_checked_shown_and_exported(site):
    made = run("plan", site, "-o", "x.plan.npz", "--iterations", 1, "--seed", 2)
    assert made.exit_code == 0
    assert "from racks" in made.stdout
    assert "bound" in made.stdout
    assert run("check", "x.plan.npz").exit_code == 0
    assert run("report", "x.plan.npz", "-o", "r.html").exit_code == 0
    assert run("replay", "x.plan.npz", "--export", "x.png").exit_code == 0
    assert run("export", "x.plan.npz", "--to", "planviz", "-o", "x.json").exit_code == 0
    assert run("export", "x.plan.npz", "--to", "csv", "-o", "tables").exit_code == 0


def test_json_says_what_each_kind_did(site):
    made = run("plan", site, "-o", "x.plan.npz", "--iterations", 1, "--json")
    figures = json.loads(made.stdout)["metrics"]
    plan = read_plan("x.plan.npz")
    assert figures["racks"]["units"] == plan.picks["quantity"].sum()
    assert figures["pods"]["units"] == plan.pod_work.picks["quantity"].sum()


def test_options_for_one_kind_alone_are_refused(site):
    words = ["--objective", "on-time", "--pod-rules", "random", "--partial", "hold"]
    words += ["--pod-robots", "assignment", "--pod-spots", "assignment"]
    words += ["--split-orders", "5"]
    made = run("plan", site, "-o", "x.plan.npz", "--json", *words)
    assert made.exit_code == 1
    faults = json.loads(made.stdout)["error"]["faults"]
    assert [fault["code"] for fault in faults] == ["E912"] * 6


def test_a_site_of_both_kinds_is_made(tmp_path):
    folder = tmp_path / "both"
    floor = ("--block-rows", 2, "--block-cols", 3, "--stations", 2, "--homes", 8)
    goods = ("--racks", 10, "--pods", 24, "--skus", 60, "--orders", 20)
    robots = ("--robots", 4, "--tote-robots", 3)
    made = run("scenario", "new-pods", folder, *floor, *goods, *robots)
    assert made.exit_code == 0
    site = read_scenario(folder)
    kinds = site.fleet.kinds.tolist()
    assert (kinds.count(RobotKind.TOTE), kinds.count(RobotKind.POD)) == (3, 4)
    plan_file = tmp_path / "x.plan.npz"
    assert run("plan", folder, "-o", plan_file, "--iterations", 1).exit_code == 0
    plan = read_plan(plan_file)
    assert check_plan(plan) == []
    assert len(plan.unserved) == 0


def test_a_shift_is_made_with_all_that_it_has(tmp_path):
    folder, plan_file = tmp_path / "both", tmp_path / "x.plan.npz"
    floor = ("--block-rows", 2, "--block-cols", 3, "--stations", 2, "--homes", 8)
    goods = ("--racks", 10, "--pods", 24, "--skus", 60, "--orders", 60)
    robots = ("--robots", 4, "--tote-robots", 3, "--battery-wh", 60, "--chargers", 2)
    shift = ("--backlog", 9, "--warm-up-s", 60, "--end-s", 400)
    filling = ("--replenishment-stations", 1, "--start-level", 0)
    words = (*floor, *goods, *robots, *shift, *filling)
    made = run("scenario", "new-pods", folder, *words)
    assert made.exit_code == 0
    planned = run("plan", folder, "-o", plan_file, "--json")
    figures = json.loads(planned.stdout)["metrics"]
    assert (figures["from_s"], figures["refills"]["units"] > 0) == (60.0, True)
    told = run("plan", folder, "-o", plan_file)
    assert "units an hour from 0:01:00 to 0:0" in told.stdout
    assert "filled " in told.stdout
    assert run("check", plan_file).exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("--racks", 4),
        ("--tote-robots", 4),
        ("--racks", 60, "--tote-robots", 4),
        ("--racks", 4, "--tote-robots", 30),
    ],
)
def test_numbers_that_do_not_fit_are_refused(words, tmp_path):
    made = run("scenario", "new-pods", tmp_path / "both", *words, "--json")
    assert made.exit_code == 1
    codes = {f["code"] for f in json.loads(made.stdout)["error"]["faults"]}
    assert codes <= {"E601", "E602"}
