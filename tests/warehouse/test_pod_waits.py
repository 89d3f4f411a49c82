"""What orders that are served from pods wait for, against looking at one by one."""

import dataclasses

import numpy as np
import pytest

from tests.mixed_sites import mixed_plan
from tests.pod_sites import pod_plan
from warehouse.lateness import LateCause, late_orders
from warehouse.metrics import measure
from warehouse.plan import UNSERVED_DTYPE, PodStopKind, UnservedReason
from warehouse.pod_waits import PodWaits


def without_end(plan):
    """The plan, with an order that is not done and one that never had a slot."""
    work = plan.pod_work
    table = work.open_orders.copy()
    open_still, never = table["order"][-1], table["order"][-2]
    table["end_s"][-1] = np.inf
    table = table[table["order"] != never]
    order = plan.scenario.orders.line_order[work.picks["line"]]
    picks = work.picks[(order != never) & (order != open_still)]
    work = dataclasses.replace(work, picks=picks, open_orders=table)
    return dataclasses.replace(plan, pod_work=work)


SIDES = ("racks", "pods")
PLANS = {
    "joint": pod_plan(),
    "first come": pod_plan("first-come"),
    "split": pod_plan(split_s=5.0),
    "cut": without_end(pod_plan()),
    "mixed": mixed_plan(),
}


def due(plan, due_s):
    orders = plan.scenario.orders
    when = np.broadcast_to(np.asarray(due_s, float), len(orders)).copy()
    orders = dataclasses.replace(orders, due_s=when)
    scenario = dataclasses.replace(plan.scenario, orders=orders)
    return dataclasses.replace(plan, scenario=scenario)


def naive_marks(plan, order):
    """Station, slot, pod free, pod there and picker of the last unit of an order."""
    work, step_s = plan.pod_work, plan.scenario.step_s
    end_s = plan.steps * step_s
    slots = [row for row in work.open_orders if row["order"] == order]
    if not slots:
        return -1, end_s, -np.inf, end_s, end_s
    picks = [
        pick
        for pick in work.picks
        if plan.scenario.orders.line_order[pick["line"]] == order
    ]
    if not all(np.isfinite(row["end_s"]) for row in slots):
        return int(slots[0]["station"]), slots[0]["start_s"], -np.inf, end_s, end_s
    last = max(picks, key=lambda pick: pick["end_s"])
    stop = work.stops[last["stop"]]
    free_s = -np.inf
    for other in work.stops:
        before = other["pod"] == stop["pod"] and other["start"] < stop["start"]
        if before and other["kind"] != PodStopKind.LIFT:
            free_s = max(free_s, other["end"] * step_s)
    open_s = next(r["start_s"] for r in slots if r["station"] == stop["station"])
    there_s = stop["start"] * step_s
    return int(stop["station"]), open_s, free_s, there_s, last["start_s"]


def naive_waits(plan):
    """Seconds of stations, pods and robots, and seconds without work for a slot."""
    rows, idle = [], []
    work, release_s = plan.pod_work, plan.scenario.orders.release_s
    of_pick = work.stops["station"][work.picks["stop"]]
    for order in range(len(release_s)):
        station, open_s, free_s, there_s, begun_s = naive_marks(plan, order)
        busy = np.zeros(len(plan.scenario.stations))
        for one, pick in zip(of_pick, work.picks, strict=True):
            begin, end = max(pick["start_s"], release_s[order]), pick["end_s"]
            busy[one] += max(0.0, min(end, open_s) - begin)
        busy_s = busy.mean() if station < 0 else busy[station]
        slot_s = max(0.0, open_s - release_s[order])
        pod_s = max(0.0, min(free_s, there_s) - open_s)
        robot_s = max(0.0, there_s - max(free_s, open_s))
        picker_s = max(0.0, begun_s - max(there_s, open_s))
        rows.append((station, picker_s + min(busy_s, slot_s), pod_s, robot_s))
        idle.append(slot_s - min(busy_s, slot_s))
    station, at_station, pod, robot = np.array(rows).T
    for order, idle_s in enumerate(idle):
        same = station == station[order]
        pods, robots = pod[same].sum(), robot[same].sum()
        share = pods / (pods + robots) if pods + robots else 0.0
        rows[order] = (
            at_station[order],
            pod[order] + idle_s * share,
            robot[order] + idle_s * (1 - share),
        )
    return np.array(rows)


@pytest.mark.parametrize("name", PLANS)
def test_waits_are_those_of_looking_at_orders_one_by_one(name):
    plan = PLANS[name]
    waits = PodWaits.of(plan, plan.pod_work)
    found = np.stack([waits.station_s, waits.pod_s, waits.robot_s], axis=1)
    assert found == pytest.approx(naive_waits(plan))
    assert (found.sum(axis=1) > 0).all()


@pytest.mark.parametrize("name", PLANS)
def test_waits_fill_the_time_until_the_last_unit_is_picked(name):
    plan = PLANS[name]
    waits = PodWaits.of(plan, plan.pod_work)
    whole = waits.station_s + waits.pod_s + waits.robot_s
    served = np.isfinite(waits.done_s)
    assert (whole[served] < waits.picked_s[served]).all()
    end_s = plan.steps * plan.scenario.step_s
    assert whole[~served] == pytest.approx(end_s)


def test_what_is_late_has_the_cause_that_it_waits_for_longest():
    plan = due(PLANS["joint"], 1.0)
    waits, late = PodWaits.of(plan, plan.pod_work), late_orders(plan)
    assert len(late) == len(plan.scenario.orders)
    for one in late:
        seconds = {
            LateCause.STATION: waits.station_s[one.order],
            LateCause.POD: waits.pod_s[one.order],
            LateCause.ROBOT: waits.robot_s[one.order],
        }
        assert seconds[one.cause] == max(seconds.values())
        assert one.end_s == waits.done_s[one.order]
    figures = measure(plan)
    assert figures.late_orders == sum(figures.late_causes.values()) == len(late)
    assert figures.tardiness_s == pytest.approx((waits.done_s - 1.0).sum())
    assert late_orders(due(plan, 1e6)) == []


def test_orders_that_are_never_done_are_late_where_they_are_due():
    plan = due(PLANS["cut"], 1e6)
    late = late_orders(plan)
    assert len(late) == 2 and all(one.end_s == np.inf for one in late)
    assert measure(plan).late_orders == 0
    line = int(np.flatnonzero(plan.scenario.orders.line_order == late[0].order)[0])
    unserved = np.array([(line, 1, UnservedReason.STOCK)], UNSERVED_DTYPE)
    short = late_orders(dataclasses.replace(plan, unserved=unserved))
    assert short[0].cause is LateCause.STOCK


def test_a_pod_that_serves_others_first_is_the_cause():
    """A pod that somebody else sets down just before its visit was busy until then."""
    plan = due(PLANS["joint"], 1.0)
    work = plan.pod_work
    stops = work.stops.copy()
    waits = PodWaits.of(plan, work)
    order = int(np.argmax(waits.robot_s))
    number, _, _, there_s, _ = naive_marks(plan, order)
    before = int(there_s / plan.scenario.step_s)
    table = work.open_orders.copy()
    table["start_s"][table["order"] == order] = 0.0
    lift = (stops["kind"] == PodStopKind.LIFT) & (stops["end"] <= before)
    pod = stops["pod"][(stops["start"] == before) & (stops["station"] == number)][0]
    own = np.flatnonzero(lift & (stops["pod"] == pod))[-1]
    # In place of its lift.
    stops["kind"][own], stops["end"][own] = PodStopKind.SET_DOWN, before
    work = dataclasses.replace(work, stops=stops, open_orders=table)
    late = {
        one.order: one.cause
        for one in late_orders(dataclasses.replace(plan, pod_work=work))
    }
    assert late[order] is LateCause.POD


def test_sites_with_both_blame_pods_only_where_they_come_last():
    plan = due(PLANS["mixed"], 1.0)
    causes = {one.order: one.cause for one in late_orders(plan)}
    assert len(causes) == len(plan.scenario.orders)
    of_racks = plan.shares["line"][plan.shares["pods"] == 0]
    orders = set(plan.scenario.orders.line_order[of_racks].tolist())
    of_pods = plan.shares["line"][plan.shares["pods"] > 0]
    orders -= set(plan.scenario.orders.line_order[of_pods].tolist())
    assert orders and all(causes[order] is not LateCause.POD for order in orders)
    never = dataclasses.replace(plan, packing=plan.packing[:0])
    late = {one.order: one for one in late_orders(never)}
    for order in orders:
        assert (late[order].cause, late[order].end_s) == (LateCause.ROBOT, np.inf)


def test_what_comes_from_pods_in_time_and_not_from_racks_is_never_packed():
    plan = due(PLANS["mixed"], 1e6)
    assert late_orders(plan) == []
    shares, line_order = plan.shares, plan.scenario.orders.line_order
    racks, pods = (set(line_order[shares["line"][shares[s] > 0]]) for s in SIDES)
    never = dataclasses.replace(plan, packing=plan.packing[:0])
    late = {one.order: one.end_s for one in late_orders(never)}
    assert racks & pods and set(late) == racks
    assert set(late.values()) == {np.inf}
