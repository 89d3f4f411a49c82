"""One damage for each rule of plans with pods: the checker finds it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.pod_sites import pod_plan
from warehouse.check import POD_RULES, check_plan
from warehouse.plan import STOP_DTYPE, Plan, PodStopKind

DOCS = Path(__file__).resolve().parents[2] / "docs" / "plan-format.md"


def rows_of(plan: Plan, kind: PodStopKind) -> np.ndarray:
    return np.flatnonzero(plan.pod_work.stops["kind"] == kind)


def with_work(plan: Plan, **tables: np.ndarray) -> Plan:
    return replace(plan, pod_work=replace(plan.pod_work, **tables))


def tote_stop(plan: Plan) -> Plan:
    return replace(plan, stops=np.zeros(1, STOP_DTYPE))


def other_pod_set_down(plan: Plan) -> Plan:
    stops = plan.pod_work.stops
    row = rows_of(plan, PodStopKind.SET_DOWN)[0]
    stops["pod"][row] = (stops["pod"][row] + 1) % len(plan.scenario.pods)
    return plan


def short_lift(plan: Plan) -> Plan:
    plan.pod_work.stops["end"][rows_of(plan, PodStopKind.LIFT)[0]] -= 1
    return plan


def other_pod_throughout(plan: Plan) -> Plan:
    """Let a trip be of a pod that stands somewhere else."""
    stops = plan.pod_work.stops
    first = stops["trip"] == stops["trip"][rows_of(plan, PodStopKind.LIFT)[0]]
    stops["pod"][first] = (stops["pod"][first] + 1) % len(plan.scenario.pods)
    return plan


def set_down_in_aisle(plan: Plan) -> Plan:
    row = rows_of(plan, PodStopKind.SET_DOWN)[0]
    plan.pod_work.stops["cell"][row] = 0
    return plan


def pod_in_the_way(plan: Plan) -> Plan:
    """Let a pod that is never used stand where a laden robot drives."""
    stops = plan.pod_work.stops
    lift = stops[rows_of(plan, PodStopKind.LIFT)[0]]
    pods = plan.scenario.pods
    cells = pods.start_cells.copy()
    other = (int(lift["pod"]) + 1) % len(cells)
    cells[other] = plan.cells[lift["end"] + 2, lift["robot"]]
    moved = replace(pods, start_cells=cells)
    return replace(plan, scenario=replace(plan.scenario, pods=moved))


def visit_elsewhere(plan: Plan) -> Plan:
    row = rows_of(plan, PodStopKind.VISIT)[0]
    plan.pod_work.stops["station"][row] ^= 1
    return plan


def later_pick(plan: Plan) -> Plan:
    for name in ("start_s", "end_s"):
        plan.pod_work.picks[name][-1] += 500.0
    return plan


def quick_pick(plan: Plan) -> Plan:
    plan.pod_work.picks["start_s"][0] += 1.0
    return plan


def two_picks_at_once(plan: Plan) -> Plan:
    picks = plan.pod_work.picks
    stop = picks["stop"]
    row = int(np.flatnonzero(stop[1:] == stop[:-1])[0])
    picks["start_s"][row + 1] = picks["start_s"][row]
    return plan


def other_line(plan: Plan) -> Plan:
    """Pick for a line whose SKU the pod does not hold."""
    picks, scenario = plan.pod_work.picks, plan.scenario
    pod = plan.pod_work.stops["pod"][picks["stop"][0]]
    held = scenario.stock.sku[scenario.stock.cell == scenario.pods.start_cells[pod]]
    lines = np.flatnonzero(~np.isin(scenario.orders.line_sku, held))
    picks["line"][0] = lines[0]
    return plan


def picked_twice(plan: Plan) -> Plan:
    picks = plan.pod_work.picks
    return with_work(plan, picks=np.sort(np.tile(picks, 9), order=["stop", "start_s"]))


def opened_twice(plan: Plan) -> Plan:
    table = plan.pod_work.open_orders
    return with_work(plan, open_orders=np.sort(np.append(table, table[:1])))


def last_order_first(plan: Plan) -> Plan:
    plan.pod_work.open_orders["start_s"][-1] = 0.0
    return plan


def other_station(plan: Plan) -> Plan:
    plan.pod_work.open_orders["station"][0] ^= 1
    return plan


def closed_late(plan: Plan) -> Plan:
    plan.pod_work.open_orders["end_s"][0] += 1.0
    return plan


def split_plan() -> Plan:
    """Return a plan in which orders are split, and together 10 s later."""
    return pod_plan(split_s=10.0)


def with_splits(plan: Plan, **changed: object) -> Plan:
    return with_work(plan, splitting=replace(plan.splitting, **changed))


def first_part(plan: Plan) -> int:
    """Row of the part, of an order with two, that is closed first."""
    table = plan.pod_work.open_orders
    order = plan.splitting.orders["order"][0]
    rows = np.flatnonzero(table["order"] == order)
    assert len(rows) == 2
    return int(rows[table["end_s"][rows].argmin()])


def not_named(plan: Plan) -> Plan:
    plan = split_plan()
    return with_splits(plan, orders=plan.splitting.orders[1:])


def done_early(plan: Plan) -> Plan:
    plan = split_plan()
    plan.splitting.orders["done_s"] -= 5.0
    return plan


def all_open(plan: Plan) -> Plan:
    plan.pod_work.open_orders["start_s"] = 0.0
    return plan


DAMAGES = {
    "pod-tables": tote_stop,
    "pod-trip": other_pod_set_down,
    "lift-too-short": short_lift,
    "pod-elsewhere": other_pod_throughout,
    "pod-spot-taken": set_down_in_aisle,
    "laden-through-pod": pod_in_the_way,
    "visit-place": visit_elsewhere,
    "pick-while-away": later_pick,
    "pick-too-short": quick_pick,
    "picker-busy": two_picks_at_once,
    "sku-not-on-pod": other_line,
    "pod-stock-exceeded": picked_twice,
    "opened-twice": opened_twice,
    "opened-early": last_order_first,
    "order-not-open": other_station,
    "closed-wrongly": closed_late,
    "slots-exceeded": all_open,
    "split-unasked": not_named,
    "together-wrongly": done_early,
}


@pytest.mark.parametrize("rule", POD_RULES)
def test_damage_is_found(rule):
    assert check_plan(pod_plan()) == []
    assert rule in {v.rule for v in check_plan(DAMAGES[rule](pod_plan()))}


def part_twice(plan: Plan) -> Plan:
    table, row = plan.pod_work.open_orders, first_part(plan)
    return with_work(plan, open_orders=np.insert(table, row, table[row]))


def part_elsewhere(plan: Plan) -> Plan:
    """Let a part be open at the station of the other one."""
    plan.pod_work.open_orders["station"][first_part(plan)] ^= 1
    return plan


def part_closed_early(plan: Plan) -> Plan:
    plan.pod_work.open_orders["end_s"][first_part(plan)] -= 1.0
    return plan


def part_never_closed(plan: Plan) -> Plan:
    plan.pod_work.open_orders["end_s"][first_part(plan)] = np.inf
    return plan


def last_part_closed_late(plan: Plan) -> Plan:
    table = plan.pod_work.open_orders
    order = plan.splitting.orders["order"][0]
    table["end_s"][table["order"] == order] += 1000.0
    return plan


def part_without_picks(plan: Plan) -> Plan:
    """Let an order that is whole have one more part."""
    work = plan.pod_work
    whole = ~np.isin(work.open_orders["order"], plan.splitting.orders["order"])
    row = work.open_orders[whole][0].copy()
    orders = np.append(work.splitting.orders, work.splitting.orders[:1])
    orders[-1] = (row["order"], row["end_s"] + 10.0)
    row["station"] ^= 1
    plan = with_splits(plan, orders=np.sort(orders))
    return with_work(plan, open_orders=np.sort(np.append(work.open_orders, row)))


def no_leave(plan: Plan) -> Plan:
    return with_work(plan, splitting=None)


def never_done(plan: Plan) -> Plan:
    plan.splitting.orders["done_s"][0] = np.inf
    return plan


def named_twice(plan: Plan) -> Plan:
    orders = plan.splitting.orders
    return with_splits(plan, orders=np.insert(orders, 0, orders[0]))


def other_seconds(plan: Plan) -> Plan:
    return with_splits(plan, split_s=11.0)


def seconds_below_0(plan: Plan) -> Plan:
    return with_splits(plan, split_s=-10.0)


def no_time(plan: Plan) -> Plan:
    plan.splitting.orders["done_s"][0] = np.nan
    return plan


def no_such_order(plan: Plan) -> Plan:
    plan.splitting.orders["order"][-1] = 99
    return plan


SPLIT_DAMAGES = {
    part_twice: "opened-twice",
    part_elsewhere: "order-not-open",
    part_closed_early: "closed-wrongly",
    part_never_closed: "closed-wrongly",
    last_part_closed_late: "closed-wrongly",
    part_without_picks: "closed-wrongly",
    no_leave: "split-unasked",
    never_done: "together-wrongly",
    named_twice: "together-wrongly",
    other_seconds: "together-wrongly",
    seconds_below_0: "together-wrongly",
    no_time: "not-finite",
    no_such_order: "index-range",
}


@pytest.mark.parametrize("damage", SPLIT_DAMAGES)
def test_damage_to_split_orders_is_found(damage):
    assert check_plan(split_plan()) == []
    assert SPLIT_DAMAGES[damage] in {v.rule for v in check_plan(damage(split_plan()))}


def test_one_unit_picked_twice_is_found():
    plan = pod_plan()
    plan.pod_work.picks["quantity"][0] += 1
    assert "line-count" in {v.rule for v in check_plan(plan)}


def test_a_collision_and_a_wrong_turn_are_found():
    plan = pod_plan()
    plan.cells[5, 1] = plan.cells[5, 0]
    assert "vertex-conflict" in {v.rule for v in check_plan(plan)}


def test_nonsense_is_a_violation_and_no_crash():
    plan = pod_plan()
    plan.pod_work.stops["pod"][0] = 99
    plan.pod_work.picks["line"][0] = -5
    plan.pod_work.picks["end_s"][1] = np.nan
    plan.pod_work.open_orders["station"][0] = 7
    found = {v.rule for v in check_plan(plan)}
    assert {"index-range", "not-finite"} <= found
    assert "pod-tables" in {v.rule for v in check_plan(replace(plan, pod_work=None))}


def test_a_plan_may_end_while_a_robot_has_a_pod():
    """So a last set-down that is left out breaks no rule; any other one does."""
    plan = pod_plan()
    stops, rows = plan.pod_work.stops, rows_of(plan, PodStopKind.SET_DOWN)
    last = np.append(stops["robot"][1:] != stops["robot"][:-1], True)
    assert last[rows].any()
    for row in rows.tolist():
        picks = plan.pod_work.picks.copy()
        picks["stop"] -= picks["stop"] > row
        cut = with_work(plan, stops=np.delete(stops, row), picks=picks)
        rules = {violation.rule for violation in check_plan(cut)}
        assert ("pod-trip" in rules) != last[row]


def test_every_rule_is_documented():
    table = DOCS.read_text(encoding="utf-8").split("## The rules for pods")[1]
    table = table.split("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    written = {row.split("`")[1]: row.split("|")[2].strip() for row in rows}
    assert written == POD_RULES
