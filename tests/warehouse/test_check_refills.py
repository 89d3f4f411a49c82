"""One damage for each rule of replenishment: the checker finds it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.refill_sites import refill_plan
from warehouse.check import REFILL_RULES, check_plan, check_structure
from warehouse.plan import Plan, PodStopKind, UnservedReason

DOCS = Path(__file__).resolve().parents[2] / "docs" / "plan-format.md"


@pytest.fixture
def plan() -> Plan:
    return refill_plan()


def rules_of(plan: Plan) -> set[str]:
    return {violation.rule for violation in check_plan(plan)}


def with_filling(plan: Plan, **values: np.ndarray) -> Plan:
    """Let other goods arrive, or pods hold more or less."""
    scenario = plan.scenario
    filling = replace(scenario.pods.replenishment, **values)
    pods = replace(scenario.pods, replenishment=filling)
    return replace(plan, scenario=replace(scenario, pods=pods))


def with_refills(plan: Plan, refills: np.ndarray) -> Plan:
    return replace(plan, pod_work=replace(plan.pod_work, refills=refills))


def beside_the_dock(plan: Plan) -> Plan:
    stops = plan.pod_work.stops
    stops["cell"][np.flatnonzero(stops["kind"] == PodStopKind.FILL)[0]] += 1
    return plan


def sooner_than_released(plan: Plan) -> Plan:
    release_s = plan.scenario.pods.replenishment.release_s.copy()
    first = plan.pod_work.refills[0]
    release_s[first["arrival"]] = first["start_s"] + 0.5
    return with_filling(plan, release_s=release_s)


def less_arrives(plan: Plan) -> Plan:
    quantity = plan.scenario.pods.replenishment.quantity.copy()
    quantity[plan.pod_work.refills["arrival"][0]] -= 1
    return with_filling(plan, quantity=quantity)


def pod_gone(plan: Plan) -> Plan:
    plan.pod_work.refills["end_s"][0] += 60
    return plan


def done_at_once(plan: Plan) -> Plan:
    refills = plan.pod_work.refills
    refills["end_s"][0] = refills["start_s"][0] + 1
    return plan


def two_at_once(plan: Plan) -> Plan:
    refills = plan.pod_work.refills
    both = np.sort(np.concatenate([refills, refills[:1]]), order=["stop", "start_s"])
    return with_refills(plan, both)


def smaller_pods(plan: Plan) -> Plan:
    capacity = plan.scenario.pods.replenishment.capacity.copy()
    pod = plan.pod_work.stops["pod"][plan.pod_work.refills["stop"][0]]
    capacity[pod] = 1
    return with_filling(plan, capacity=capacity)


def false_excuse(plan: Plan) -> Plan:
    """Say that goods found no room where all were put into pods."""
    refills = plan.pod_work.refills
    quantity = np.bincount(
        refills["arrival"],
        refills["quantity"],
        len(plan.scenario.pods.replenishment.quantity),
    )
    unserved = np.zeros(1, plan.unserved.dtype)
    unserved["quantity"], unserved["reason"] = 1, UnservedReason.NO_ROOM
    plan = with_filling(plan, quantity=quantity.astype(np.int32))
    return replace(plan, unserved=unserved)


DAMAGES = {
    "refill-place": beside_the_dock,
    "refill-early": sooner_than_released,
    "refill-exceeded": less_arrives,
    "refill-while-away": pod_gone,
    "refill-too-short": done_at_once,
    "filler-busy": two_at_once,
    "pod-overfull": smaller_pods,
    "room-excuse": false_excuse,
}


@pytest.mark.parametrize("rule", REFILL_RULES)
def test_damage_is_found(rule, plan):
    assert check_plan(plan) == []
    assert rule in rules_of(DAMAGES[rule](plan))


def test_goods_put_in_at_another_station_are_found(plan):
    filling, first = plan.scenario.pods.replenishment, plan.pod_work.refills[0]
    station = filling.station.copy()
    station[first["arrival"]] = 1 - plan.pod_work.stops["station"][first["stop"]]
    assert "refill-place" in rules_of(with_filling(plan, station=station))


def test_units_picked_before_they_are_put_in_are_found(plan):
    """The first units of a SKU that no pod had."""
    work, orders = plan.pod_work, plan.scenario.orders
    new = np.setdiff1d(plan.scenario.pods.replenishment.sku, plan.scenario.stock.sku)
    sku = plan.scenario.pods.replenishment.sku[work.refills["arrival"]]
    row = np.flatnonzero(sku == new[0])[0]
    work.refills["end_s"][row] = work.picks["end_s"].max() + 1
    assert orders.line_sku[work.picks["line"]].tolist().count(new[0]) > 0
    assert "pod-stock-exceeded" in rules_of(plan)


def test_units_that_were_never_put_in_are_found(plan):
    none = with_refills(plan, plan.pod_work.refills[:0])
    assert "sku-not-on-pod" in rules_of(none)


def test_filling_where_nothing_arrives_is_found(plan):
    pods = replace(plan.scenario.pods, replenishment=None)
    without = replace(plan, scenario=replace(plan.scenario, pods=pods))
    assert "index-range" in rules_of(without)


def test_nonsense_is_a_violation_and_no_crash(plan):
    refills = plan.pod_work.refills
    refills["stop"][0], refills["end_s"][1] = 1 << 20, np.nan
    refills["arrival"][2], refills["quantity"][3] = -1, 0
    found = {"index-range", "not-finite", "quantity-range"}
    assert found <= rules_of(plan)
    assert {v.rule for v in check_structure(plan)} <= found
    assert "array-shape" in rules_of(with_refills(plan, np.zeros(2)))
    at_a_lift = refill_plan()
    at_a_lift.pod_work.refills["stop"][0] = 0
    assert "stop-kind" in rules_of(at_a_lift)


@pytest.mark.parametrize(
    "values",
    [
        {"capacity": np.ones(2, np.int32)},
        {"sku": np.full(5, 99, np.int32)},
        {"station": np.full(5, 2, np.int32)},
        {"quantity": np.full(5, -3, np.int32)},
        {"release_s": np.full(5, np.nan)},
        {"release_s": np.zeros(4)},
        {"s_per_box": np.zeros(1)},
        {"cells": np.array([1, 1 << 20], np.int32)},
    ],
)
def test_replenishment_that_makes_no_sense_is_named(values, plan):
    assert rules_of(with_filling(plan, **values)) == {"scenario"}


def test_every_rule_is_documented():
    table = DOCS.read_text(encoding="utf-8").split("## The rules for replenishment")[1]
    table = table.split("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    written = {row.split("`")[1]: row.split("|")[2].strip() for row in rows}
    assert written == REFILL_RULES
