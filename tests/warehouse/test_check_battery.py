"""Levels are computed anew by the checker: one damage for each rule of batteries."""

import functools
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from solvers.pods.planner import plan_pods
from tests.battery_sites import BATTERY, battery_scenario
from warehouse.battery_levels import levels_wh
from warehouse.battery_metrics import measure_batteries
from warehouse.check import BATTERY_RULES, check_plan, check_structure
from warehouse.errors import InputError
from warehouse.formats.plan_csv import write_plan_csv
from warehouse.formats.plan_file import read_plan, write_plan
from warehouse.formats.plan_meta import meta_of
from warehouse.plan import CHARGE_DTYPE, Plan, PodStopKind
from warehouse.pod_metrics import measure_pods

DOCS = Path(__file__).resolve().parents[2] / "docs" / "plan-format.md"


@functools.cache
def _planned() -> Plan:
    small = replace(BATTERY, capacity_wh=14.0, charge_w=400.0)
    plan = plan_pods(battery_scenario(1200.0, 200, 6, small), seed=2).solution
    assert plan is not None
    return plan


@pytest.fixture
def plan() -> Plan:
    return deepcopy(_planned())


def with_battery(plan: Plan, **values: float) -> Plan:
    fleet = plan.scenario.fleet
    fleet = replace(fleet, battery=replace(fleet.battery, **values))
    return replace(plan, scenario=replace(plan.scenario, fleet=fleet))


def with_charges(plan: Plan, charges: np.ndarray) -> Plan:
    return replace(plan, pod_work=replace(plan.pod_work, charges=charges))


def other_cell(plan: Plan) -> Plan:
    plan.pod_work.charges["cell"][0] += 1
    return plan


def no_battery(plan: Plan) -> Plan:
    fleet = replace(plan.scenario.fleet, battery=None)
    return replace(plan, scenario=replace(plan.scenario, fleet=fleet))


def two_at_once(plan: Plan) -> Plan:
    """Let another robot charge at the same charger and the same time."""
    charges = np.concatenate([plan.pod_work.charges, plan.pod_work.charges[:1]])
    charges["robot"][-1] ^= 1
    return with_charges(plan, np.sort(charges, order=["robot", "start"]))


def with_a_pod(plan: Plan) -> Plan:
    """Let a robot charge while it brings a pod."""
    stops = plan.pod_work.stops
    visit = stops[stops["kind"] == PodStopKind.VISIT][0]
    row = np.zeros(1, CHARGE_DTYPE)
    for name in ("robot", "cell", "start", "end"):
        row[name] = visit[name]
    charges = np.concatenate([plan.pod_work.charges, row])
    return with_charges(plan, np.sort(charges, order=["robot", "start"]))


def never_charged(plan: Plan) -> Plan:
    without = with_charges(plan, plan.pod_work.charges[:0])
    return with_battery(without, reserve=0.0, capacity_wh=5.0)


def larger_reserve(plan: Plan) -> Plan:
    return with_battery(plan, reserve=0.9)


def written_higher(plan: Plan) -> Plan:
    plan.pod_work.charges["end_wh"][0] += 0.01
    return plan


DAMAGES = {
    "charge-place": other_cell,
    "charger-shared": two_at_once,
    "charge-laden": with_a_pod,
    "battery-dry": never_charged,
    "below-reserve": larger_reserve,
    "charge-level": written_higher,
}


def rules_of(plan: Plan) -> set[str]:
    return {violation.rule for violation in check_plan(plan)}


@pytest.mark.parametrize("rule", BATTERY_RULES)
def test_damage_is_found(rule, plan):
    assert check_plan(plan) == []
    assert rule in rules_of(DAMAGES[rule](plan))


def test_a_charging_stay_that_is_left_out_is_found(plan):
    assert "charge-level" in rules_of(with_charges(plan, plan.pod_work.charges[1:]))


def test_a_robot_that_draws_more_is_found(plan):
    assert rules_of(with_battery(plan, idle_w=BATTERY.idle_w + 1)) == {"charge-level"}


def test_charging_without_batteries_is_found(plan):
    assert rules_of(no_battery(plan)) == {"charge-place"}


def test_a_robot_that_moves_or_serves_while_it_charges_is_found(plan):
    plan.pod_work.charges["start"][0] -= 1
    assert "service-moved" in rules_of(plan)
    stops = plan.pod_work.stops
    lift = stops[stops["kind"] == PodStopKind.LIFT][0]
    row = plan.pod_work.charges[:1].copy()
    row["robot"], row["start"], row["end"] = lift["robot"], lift["start"], lift["end"]
    assert "service-overlap" in rules_of(with_charges(plan, row))


def test_stays_that_take_no_time_change_no_level(plan):
    row = plan.pod_work.charges[:1].copy()
    row["end"], row["end_wh"] = row["start"], row["start_wh"]
    charges = np.concatenate([row, plan.pod_work.charges])
    assert check_plan(with_charges(plan, charges)) == []


def test_nonsense_is_a_violation_and_no_crash(plan):
    charges = plan.pod_work.charges
    charges["robot"][0], charges["cell"][1], charges["end_wh"][2] = -4, 1 << 20, np.nan
    charges["end"][3] = plan.steps + 7
    found = {"index-range", "not-finite", "service-horizon"}
    assert found <= rules_of(plan)
    assert {v.rule for v in check_structure(plan)} == found
    assert rules_of(with_charges(plan, np.zeros(2))) >= {"array-shape"}
    assert rules_of(with_battery(plan, capacity_wh=np.nan)) == {"scenario"}
    totes = replace(plan, pod_work=None, scenario=replace(plan.scenario, pods=None))
    assert rules_of(totes) == {"scenario"}


def test_levels_agree_with_what_is_written_and_measured(plan):
    levels, charges = levels_wh(plan), plan.pod_work.charges
    assert levels.shape == plan.cells.shape
    for when, written in (("start", "start_wh"), ("end", "end_wh")):
        found = levels[charges[when], charges["robot"]]
        np.testing.assert_allclose(found, charges[written], atol=1e-4)
    figures = measure_batteries(plan)
    assert BATTERY.reserve <= figures.lowest_level < 0.9
    assert figures.stays == len(charges) == sum(c.stays for c in figures.chargers) > 6
    busy = sum(charger.busy for charger in figures.chargers) / len(figures.chargers)
    assert figures.charger_use == pytest.approx(busy)
    assert figures.used_wh > figures.charged_wh > 0
    assert measure_pods(plan).to_dict()["battery"]["stays"] == len(charges)


def test_a_plan_file_keeps_batteries(plan, tmp_path):
    write_plan(plan, tmp_path / "x.plan.npz")
    read = read_plan(tmp_path / "x.plan.npz")
    assert read.scenario.fleet.battery == plan.scenario.fleet.battery
    np.testing.assert_array_equal(read.pod_work.charges, plan.pod_work.charges)
    assert check_plan(read) == []
    assert meta_of(plan)["format_version"] == 3


def test_charges_are_written_for_people(plan, tmp_path):
    write_plan_csv(plan, tmp_path)
    lines = (tmp_path / "charges.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "robot,row,col,start_s,end_s,start_wh,end_wh"
    assert len(lines) == 1 + len(plan.pod_work.charges)
    assert not (tmp_path / "refills.csv").exists()


def test_a_plan_without_batteries_is_of_the_version_before():
    plan = plan_pods(battery_scenario(300.0, battery=None)).solution
    meta = meta_of(plan)
    assert meta["format_version"] == 2
    assert "battery" not in meta["fleet"]
    assert "battery" not in measure_pods(plan).to_dict()


def test_batteries_without_charges_are_no_plan_file(plan, tmp_path):
    path, cut = tmp_path / "x.plan.npz", tmp_path / "y.plan.npz"
    write_plan(plan, path)
    with np.load(path) as members:
        kept = {name: members[name] for name in members.files if name != "charges"}
    np.savez(cut, **kept)
    with pytest.raises(InputError, match=r"E207.*charges"):
        read_plan(cut, verify=False)


def test_every_rule_and_key_is_documented(plan):
    text = DOCS.read_text(encoding="utf-8")
    table = text.split("## The rules for batteries")[1].split("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    written = {row.split("`")[1]: row.split("|")[2].strip() for row in rows}
    assert written == BATTERY_RULES
    for key in meta_of(plan)["fleet"]["battery"]:
        assert f"`{key}`" in text.split("## `meta`")[1]
