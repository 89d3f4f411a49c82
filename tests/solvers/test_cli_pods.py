"""``aislewise plan`` on sites with pods: its options, and those that do not count."""

import json
import re
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from solvers.cli.app import app
from solvers.pods.params import RULES
from tests.battery_sites import BATTERY, battery_scenario
from tests.pod_sites import write_site
from warehouse.check import check_plan
from warehouse.formats.plan_file import read_plan
from warehouse.formats.scenario_folder import write_scenario


@pytest.fixture
def site(tmp_path, monkeypatch):
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    return write_site(folder)


def plan(*words):
    words = ["plan", *words, "-o", "x.plan.npz", "--json"]
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, json.loads(result.stdout)


@pytest.mark.parametrize("rules", RULES)
def test_the_rules_that_are_named_make_the_plan(rules, site):
    code, _ = plan(site, "--pod-rules", rules, "--seed", 3)
    assert code == 0
    made = read_plan("x.plan.npz")
    assert (made.meta["rules"], made.meta["seed"]) == (rules, 3)
    assert check_plan(made) == []
    assert len(made.unserved) == 0


def test_so_many_robots_work_as_are_asked_for(site):
    code, _ = plan(site, "--robots", 2)
    assert code == 0
    made = read_plan("x.plan.npz")
    assert made.cells.shape[1] == 2
    assert check_plan(made) == []


def test_more_robots_than_the_file_places_are_refused(site):
    code, answer = plan(site, "--robots", 4)
    assert code == 1
    assert answer["error"]["faults"][0]["needed"]


def test_options_for_totes_are_refused_on_a_site_with_pods(site):
    options: list[object] = ["--iterations", 5, "--objective", "on-time"]
    options += ["--partial", "hold", "--decisions", "plain"]
    code, answer = plan(site, *options)
    assert code == 1
    assert [(f["code"], f["place"]) for f in answer["error"]["faults"]] == [
        ("E912", option) for option in options[::2]
    ]
    assert {fault["needed"] for fault in answer["error"]["faults"]} == {
        "leave it out: it is for sites with totes"
    }


@pytest.mark.parametrize("option", ["--pod-robots", "--pod-spots"])
def test_robots_and_spots_are_matched_where_that_is_asked_for(option, site):
    code, _ = plan(site, option, "assignment")
    assert code == 0
    made = read_plan("x.plan.npz")
    asked = {"robots": "nearest", "spots": "nearest"}
    asked[option.removeprefix("--pod-")] = "assignment"
    assert {name: made.meta[name] for name in asked} == asked
    assert check_plan(made) == []


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--pod-rules", "random"),
        ("--pod-robots", "assignment"),
        ("--pod-spots", "assignment"),
        ("--split-orders", 0),
    ],
)
def test_options_for_pods_are_refused_on_a_site_with_totes(option, value, site):
    code, answer = plan("small", option, value)
    assert code == 1
    (fault,) = answer["error"]["faults"]
    assert (fault["code"], fault["place"]) == ("E912", option)


def test_orders_are_split_where_that_is_asked_for(site):
    code, answer = plan(site, "--split-orders", 10, "--seed", 1)
    assert code == 0
    made = read_plan("x.plan.npz")
    assert made.meta["split_s"] == made.splitting.split_s == 10.0
    assert check_plan(made) == []
    figures = answer["metrics"]["splits"]
    assert figures["orders"] == len(made.splitting.orders) > 0
    words = ["plan", str(site), "-o", "x.plan.npz", "--split-orders", "10"]
    said = CliRunner().invoke(app, [*words, "--seed", "1"]).stdout
    assert f"split        {figures['orders']} orders into" in said


def test_orders_are_not_split_by_simple_rules_or_for_no_time(site):
    code, answer = plan(site, "--split-orders", 5, "--pod-rules", "pod-match")
    assert (code, answer["error"]["code"]) == (1, "E374")
    code, answer = plan(site, "--split-orders", "inf")
    assert (code, answer["error"]["code"]) == (1, "E373")
    words = ["plan", str(site), "-o", "x.plan.npz", "--split-orders", "-1"]
    assert CliRunner().invoke(app, words).exit_code == 2


def test_batteries_are_in_the_summary_and_in_the_facts(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_scenario(battery_scenario(600.0, battery=replace(BATTERY, start=0.5)), "site")
    code, answer = plan("site")
    assert code == 0
    battery = answer["metrics"]["battery"]
    assert 0.2 <= battery["lowest_level"] < 0.5
    assert len(battery["chargers"]) == 3
    words = ["plan", "site", "-o", "x.plan.npz"]
    said = CliRunner().invoke(app, words).stdout
    assert "batteries    lowest" in said
    assert f"3 chargers in use {100 * battery['charger_use']:.1f} %" in said


def test_a_plan_without_batteries_says_nothing_of_them(site):
    _, answer = plan(site)
    assert "battery" not in answer["metrics"]


def test_robots_that_stand_to_the_end_are_in_the_summary(site, monkeypatch):
    words = ["plan", str(site), "-o", "x.plan.npz"]
    assert "standing" not in CliRunner().invoke(app, words).stdout
    monkeypatch.setattr("warehouse.pod_metrics.standing_robots", lambda _: [3, 5])
    said = CliRunner().invoke(app, words).stdout
    assert "standing     2 robots with a pod on one cell for the last 0:05:00" in said


def test_demo_plans_the_shipped_site_near_its_bound(tmp_path, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr("viz.export.export", lambda _, path, **__: path.touch())
    out = tmp_path / "out"
    ran = CliRunner().invoke(app, ["demo", "pods", "--out", str(out)])
    assert ran.exit_code == 0, ran.stderr
    assert "60 robots, 8 pick stations, 500 pods, 2,000 orders" in ran.stdout
    assert "no violation" in ran.stdout
    assert "unserved" not in ran.stdout
    gap = float(re.search(r"gap +([\d.]+) % above the bound", ran.stdout)[1])
    assert gap < 20
    assert (out / "report.html").exists()
