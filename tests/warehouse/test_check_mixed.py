"""One damage for each rule of sites with both kinds of robots: the checker finds it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.mixed_sites import mixed_plan
from warehouse.check import MIXED_RULES, check_plan
from warehouse.plan import Plan
from warehouse.scenario import RobotKind

DOCS = Path(__file__).resolve().parents[2] / "docs" / "plan-format.md"


def rules_of(plan: Plan) -> set[str]:
    return {violation.rule for violation in check_plan(plan)}


def without_shares(plan: Plan) -> Plan:
    return replace(plan, shares=None)


def kinds_changed_over(plan: Plan) -> Plan:
    fleet = replace(plan.scenario.fleet, kinds=1 - plan.scenario.fleet.kinds)
    return replace(plan, scenario=replace(plan.scenario, fleet=fleet))


def larger_shares(plan: Plan) -> Plan:
    plan.shares["racks"][0] += 1
    return plan


def through_a_pod(plan: Plan) -> Plan:
    tote = int(np.flatnonzero(plan.scenario.fleet.kinds == RobotKind.TOTE)[0])
    plan.cells[3, tote] = plan.scenario.pods.start_cells[0]
    return plan


def packed_before_the_last_pick(plan: Plan) -> Plan:
    row = both_parts(plan)
    first_s = plan.pod_work.picks["start_s"][picks_of(plan, row)].min()
    length_s = plan.packing["end_s"][row] - plan.packing["start_s"][row]
    plan.packing["start_s"][row] = first_s
    plan.packing["end_s"][row] = first_s + length_s
    return plan


def both_parts(plan: Plan) -> int:
    """Row of packing of an order that has units from pods too."""
    line_order = plan.scenario.orders.line_order
    picked = line_order[plan.pod_work.picks["line"]]
    return int(np.flatnonzero(np.isin(plan.packing["order"], picked))[0])


def picks_of(plan: Plan, row: int) -> np.ndarray:
    line_order = plan.scenario.orders.line_order
    return line_order[plan.pod_work.picks["line"]] == plan.packing["order"][row]


def with_backlog(plan: Plan, backlog: int = 1) -> Plan:
    pods = replace(plan.scenario.pods, backlog=backlog)
    return replace(plan, scenario=replace(plan.scenario, pods=pods))


DAMAGES = {
    "mixed-tables": without_shares,
    "robot-kind": kinds_changed_over,
    "share-exceeded": larger_shares,
    "tote-through-pod": through_a_pod,
    "parts-apart": packed_before_the_last_pick,
    "known-early": with_backlog,
}


@pytest.mark.parametrize("rule", MIXED_RULES)
def test_damage_is_found(rule):
    assert check_plan(mixed_plan()) == []
    assert rule in rules_of(DAMAGES[rule](mixed_plan()))


@pytest.mark.parametrize("rows", [[0, *range(4)], [0, 2, 3]])
def test_a_line_has_one_row_of_shares(rows):
    plan = mixed_plan()
    shares = np.concatenate([plan.shares[rows], plan.shares[4:]])
    found = check_plan(replace(plan, shares=shares))
    assert "mixed-tables" in {violation.rule for violation in found}


def test_units_of_the_other_side_are_found():
    plan = mixed_plan()
    line = int(plan.picks["line"][0])
    plan.shares["pods"][line] = plan.shares["racks"][line]
    plan.shares["racks"][line] = 0
    assert "share-exceeded" in rules_of(plan)


def test_stock_of_racks_and_of_pods_is_apart():
    """A rack and a pod change places: no robot finds there what it takes."""
    plan = mixed_plan()
    cells = plan.scenario.stock.cell.copy()
    rack = int(plan.picks["rack"][0])
    pod = plan.scenario.pods.start_cells[0]
    on_rack, on_pod = cells == rack, cells == pod
    cells[on_rack], cells[on_pod] = pod, rack
    stock = replace(plan.scenario.stock, cell=cells)
    damaged = replace(plan, scenario=replace(plan.scenario, stock=stock))
    assert "sku-not-there" in rules_of(damaged)


def test_a_line_served_by_both_sides_is_found():
    plan = mixed_plan()
    plan.pod_work.picks["line"][0] = plan.picks["line"][0]
    assert {"share-exceeded", "line-count"} <= rules_of(plan)


def test_robots_of_both_kinds_that_meet_are_found():
    plan = mixed_plan()
    kinds = plan.scenario.fleet.kinds
    tote, pod = (int(np.flatnonzero(kinds == kind)[0]) for kind in RobotKind)
    plan.cells[9, tote] = plan.cells[9, pod]
    assert "vertex-conflict" in rules_of(plan)


def test_a_bound_that_is_too_high_is_found():
    plan = mixed_plan()
    plan.bound.makespan_s["both"] = plan.makespan_s + 1
    assert rules_of(plan) == {"below-bound"}


def test_nonsense_is_a_violation_and_no_crash():
    plan = mixed_plan()
    plan.shares["line"][-1] = 10_000
    plan.stops["robot"][-1] = 77
    plan.pod_work.picks["line"][0] = -5
    assert "index-range" in rules_of(plan)
    lost = replace(plan.scenario, fleet=replace(plan.scenario.fleet, kinds=None))
    assert "mixed-tables" in rules_of(replace(plan, scenario=lost))


def test_kinds_of_other_robots_than_there_are_cannot_be_checked():
    plan = mixed_plan()
    fleet = replace(plan.scenario.fleet, kinds=np.ones(9, np.uint8))
    odd = replace(plan, scenario=replace(plan.scenario, fleet=fleet))
    assert rules_of(odd) == {"scenario"}


def of_totes(plan: Plan) -> np.ndarray:
    """Whether each charging stay is one of a robot with totes."""
    charges = plan.pod_work.charges
    return plan.scenario.fleet.kinds[charges["robot"]] == RobotKind.TOTE


def test_chargers_and_levels_of_robots_with_totes_are_looked_at():
    plan = mixed_plan(charging=True)
    row = int(np.flatnonzero(of_totes(plan))[0])
    plan.pod_work.charges["end_wh"][row] += 1.0
    assert rules_of(plan) == {"charge-level"}
    plan = mixed_plan(charging=True)
    kept = replace(plan.pod_work, charges=plan.pod_work.charges[~of_totes(plan)])
    assert "below-reserve" in rules_of(replace(plan, pod_work=kept))
    plan = mixed_plan(charging=True)
    row = int(np.flatnonzero(of_totes(plan))[0])
    plan.pod_work.charges["cell"][row] += 1
    assert {"charge-place", "service-moved"} <= rules_of(plan)


def test_a_robot_that_charges_while_it_picks_is_found():
    plan = mixed_plan(charging=True)
    stop = plan.stops[0]
    row = int(np.flatnonzero(of_totes(plan))[0])
    for name in ("robot", "cell", "start", "end"):
        plan.pod_work.charges[name][row] = stop[name]
    assert {"charge-place", "service-overlap"} <= rules_of(plan)


def test_every_rule_is_documented():
    table = DOCS.read_text(encoding="utf-8").split("## The rules for both kinds")[1]
    table = table.split("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    written = {row.split("`")[1]: row.split("|")[2].strip() for row in rows}
    assert written == MIXED_RULES
