"""Sites with racks and pods where only so many orders are known and wait."""

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.mixed.backlogged_loop import BackloggedLoop
from solvers.mixed.planner import plan_mixed
from solvers.result import Stop
from tests.mixed_sites import (
    BATTERY,
    CHARGERS,
    ONCE,
    SCENARIO,
    mixed_scenario,
    orders_csv,
    planned,
    refill_site,
)
from warehouse.check import check_plan
from warehouse.mixed_metrics import measure_mixed
from warehouse.plan import Plan, UnservedReason

SKUS = [f"{letter}{k}" for letter in "AC" for k in range(4)] + ["B", "N"]
ALL = orders_csv(racks=8, pods=8, either=8, both=6)


def with_backlog(backlog: int, orders: str = ALL, more: str = "") -> dict[str, str]:
    settings = SCENARIO.replace("[fleet]", f"[demand]\nbacklog = {backlog}\n\n[fleet]")
    return {"scenario__toml": settings + more, "orders__csv": orders}


def allowing(plan: Plan, backlog: int) -> Plan:
    pods = replace(plan.scenario.pods, backlog=backlog)
    return replace(plan, scenario=replace(plan.scenario, pods=pods))


@pytest.mark.parametrize("backlog", [1, 4, 100])
def test_all_is_served_and_no_more_orders_wait_than_may(backlog):
    plan = planned(with_backlog(backlog))
    assert len(plan.unserved) == 0
    assert min(len(plan.picks), len(plan.pod_work.picks)) > 0
    assert plan.makespan_s >= plan.bound.value_s


def test_fewer_that_may_wait_would_have_been_too_few():
    found = check_plan(allowing(planned(with_backlog(12)), 4))
    assert "known-early" in {violation.rule for violation in found}


@pytest.mark.parametrize("numbers", [{"racks": 9}, {"pods": 9}, {"both": 6}])
def test_orders_of_one_sort_alone(numbers):
    plan = planned(with_backlog(2, orders_csv(**numbers)))
    assert len(plan.unserved) == 0


def test_the_same_seed_gives_the_same_plan():
    one, other = (planned(with_backlog(5), seed=3) for _ in range(2))
    assert np.array_equal(one.cells, other.cells)
    assert np.array_equal(one.shares, other.shares)


def test_orders_that_are_not_known_in_time_have_no_share():
    horizon = "[horizon]\nend_s = 60\n"
    plan = planned(with_backlog(3, ALL, horizon))
    assert plan.steps == int(60 / plan.scenario.step_s)
    shared = plan.shares["racks"] + plan.shares["pods"] > 0
    assert shared[0]
    assert not shared[-1]
    left = plan.unserved["reason"][plan.unserved["line"] == len(shared) - 1]
    assert left.tolist() == [UnservedReason.HORIZON]


def test_what_comes_later_changes_nothing_before():
    """Up to where the orders that both have in front are the only ones known."""
    rows = ALL.splitlines(keepends=True)
    horizon = "[horizon]\nend_s = 40\n"
    short, long = (
        planned(with_backlog(4, "".join(some), horizon)) for some in (rows[:30], rows)
    )
    known = np.flatnonzero(long.shares["racks"] + long.shares["pods"])
    assert known.max() < 28
    assert np.array_equal(short.cells, long.cells)
    assert np.array_equal(short.shares, long.shares[: len(short.shares)])


def test_a_side_that_is_slow_gets_less_of_what_either_can_bring():
    """Pickers take ten minutes a unit: most comes from racks."""
    orders = orders_csv(either=14)
    service = "[service]\nstation_s_per_unit = {}\nrobot_s_per_unit = 1\n"
    units = {}
    for seconds in (2, 600):
        plan = planned(with_backlog(4, orders, service.format(seconds)))
        units[seconds] = int(plan.pod_work.picks["quantity"].sum())
    assert units[600] < units[2]


def test_orders_too_heavy_to_be_fetched_do_not_wait_for_it():
    site = mixed_scenario(**with_backlog(1, orders_csv(racks=3, pods=3)))
    heavy = replace(
        site,
        sku_mass_kg=np.ones(len(site.sku_names)),
        fleet=replace(site.fleet, max_mass_kg=2.5),
    )
    plan = plan_mixed(heavy, ONCE).solution
    assert check_plan(plan) == []
    assert set(plan.unserved["reason"]) == {UnservedReason.TOO_HEAVY}
    assert plan.pod_work.picks["quantity"].sum() == 9


def test_orders_that_lack_goods_for_ever_end_the_plan():
    """Both that may wait lack what finds no room; the others are never known."""
    rows = "n,N,1,0\nm,N,1,0\na,A0,1,0\nc,C0,1,0\n"
    backlog = "[demand]\nbacklog = 2\n"
    plan = planned(refill_site("N,4,0\n", rows, capacity=24, more=backlog))
    assert set(plan.unserved["reason"]) == {UnservedReason.NO_ROOM}
    assert len(plan.unserved) == 4
    assert plan.steps < 1000


def test_robots_with_totes_that_bar_each_other_do_not_stop_those_with_pods(monkeypatch):
    """They set out once, and never again; what is known from pods is brought."""

    def stall(loop):
        loop.motion.advance(9)
        loop._release()
        loop._dispatch()
        loop.record.stalled = True

    monkeypatch.setattr(BackloggedLoop, "run", stall)
    plan = planned(with_backlog(6, orders_csv(racks=4, pods=9)))
    assert set(plan.unserved["reason"]) == {UnservedReason.BLOCKED}
    assert plan.pod_work.picks["quantity"].sum() > 0
    assert len(plan.picks) == 0


def test_figures_count_from_the_warm_up_to_the_horizon():
    horizon = "[horizon]\nwarm_up_s = 40\nend_s = 100\n"
    plan = planned(with_backlog(6, ALL, horizon))
    figures = measure_mixed(plan)
    assert (figures.from_s, figures.to_s) == (40.0, plan.steps * plan.scenario.step_s)
    ends_s = [plan.pod_work.picks["end_s"]]
    ends_s.append(plan.stops["end"][plan.picks["stop"]] * plan.scenario.step_s)
    units = sum(
        int(picks["quantity"][(end_s > 40) & (end_s <= figures.to_s)].sum())
        for picks, end_s in zip((plan.pod_work.picks, plan.picks), ends_s, strict=True)
    )
    assert 0 < units < figures.racks.units + figures.pods.units
    hours = (figures.to_s - 40) / 3600
    assert figures.units_per_hour == pytest.approx(units / hours)
    assert 0 < figures.orders_per_hour * hours < figures.orders_served
    assert 0 <= figures.pods.idle <= 1


def test_a_time_limit_is_kept():
    site = mixed_scenario(**with_backlog(6, orders_csv(racks=60, pods=60, both=60)))
    plan_mixed(site, Stop(time_limit_s=0.3))
    began = time.perf_counter()
    result = plan_mixed(site, Stop(time_limit_s=0.3))
    assert time.perf_counter() - began < 0.5
    assert check_plan(result.solution) == []


rows_of_orders = st.lists(
    st.lists(
        st.tuples(st.sampled_from(SKUS), st.integers(1, 4)),
        min_size=1,
        max_size=3,
        unique_by=lambda line: line[0],
    ),
    min_size=1,
    max_size=9,
)
rows_of_arrivals = st.lists(
    st.tuples(st.sampled_from(SKUS), st.integers(1, 9), st.integers(0, 99)),
    max_size=5,
)


@settings(max_examples=15, deadline=None)
@given(
    orders=rows_of_orders,
    releases=st.lists(st.sampled_from([0, 0, 20, 90]), min_size=9, max_size=9),
    arrivals=rows_of_arrivals,
    capacity=st.integers(24, 30),
    backlog=st.integers(0, 4),
    charges=st.booleans(),
    ends=st.booleans(),
    seed=st.integers(0, 3),
)
def test_every_plan_of_any_small_site_keeps_all_rules(
    orders, releases, arrivals, capacity, backlog, charges, ends, seed
):
    more = f"[demand]\nbacklog = {backlog}\n" + "[horizon]\nend_s = 90\n" * ends
    changed = refill_site(
        "N,2,30\n"
        + "".join(f"{sku},{units},{there}\n" for sku, units, there in arrivals),
        "".join(
            f"o{k},{sku},{units},{releases[k]}\n"
            for k, lines in enumerate(orders)
            for sku, units in lines
        ),
        capacity=capacity,
        more=more + BATTERY.format(capacity=12.0, start=0.5) * charges,
    )
    floor = changed["layout__toml"].replace("H.H..P....", "H.H..PC..C")
    changed |= {"layout__toml": floor, "robots__csv": CHARGERS["robots.csv"]}
    plan = planned(changed, seed)
    if not ends:
        allowed = {UnservedReason.STOCK, UnservedReason.NO_ROOM}
        assert set(plan.unserved["reason"].tolist()) <= allowed
