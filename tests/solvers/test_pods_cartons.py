"""Orders that are picked from pods, packed in cartons and sent away with trucks."""

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.pods.params import PodParams
from solvers.pods.planner import plan_pods
from solvers.result import Stop
from tests.packed_pod_sites import BACKLOG, HORIZON, packed_plan, packed_scenario
from tests.planning import reasons
from warehouse.check import check_plan
from warehouse.generate import (
    PodLayoutParams,
    PodScenarioParams,
    ShippingParams,
    add_shipping,
    generate_pod_scenario,
)
from warehouse.lateness import LateCause, handed_over_s, late_orders, lateness_of
from warehouse.plan import UnservedReason

WAYS = [("", None), (BACKLOG, None), (HORIZON, None), ("", 30.0), (HORIZON, 5.0)]


def messages(plan):
    return [str(violation) for violation in check_plan(plan)]


def shipped(seed=0, robots=4, **params):
    """Return a generated site with pods, two packers a station, and cartons."""
    layout = PodLayoutParams(2, 3, stations=2, homes=6, chargers=0)
    site = generate_pod_scenario(
        PodScenarioParams(
            layout=layout, robots=robots, pods=24, skus=30, orders=20, seed=seed
        )
    )
    stations = tuple(replace(station, packers=2) for station in site.stations)
    site = replace(site, stations=stations)
    return add_shipping(site, ShippingParams(seed=seed, **params))


def with_units(scenario, **changes):
    shipping = scenario.shipping
    units = replace(shipping.units, **changes)
    return replace(scenario, shipping=replace(shipping, units=units))


@pytest.mark.parametrize(("end", "split_s"), WAYS)
def test_plans_keep_all_rules(end, split_s):
    assert messages(packed_plan(end, split_s)) == []


def test_every_unit_is_in_a_carton_and_every_order_on_a_truck():
    plan = packed_plan()
    orders = plan.scenario.orders
    assert len(plan.consignment.units) == orders.line_quantity.sum()
    assert plan.packing["order"].tolist() == list(range(len(orders)))
    loaded = plan.consignment.cartons["order"][plan.consignment.loads["carton"]]
    assert set(loaded.tolist()) == set(np.flatnonzero(orders.has_carrier).tolist())
    assert late_orders(plan) == []


def test_packing_takes_the_time_of_cartons_and_of_their_changes():
    plan, scenario = packed_plan(), packed_scenario()
    units = np.bincount(
        scenario.orders.line_order, scenario.orders.line_quantity, len(scenario.orders)
    )
    kinds = plan.consignment.cartons["carton"]
    took_s = plan.packing["end_s"] - plan.packing["start_s"]
    least_s = np.array([scenario.pack_s(int(n), 1) for n in units])
    assert len(kinds) == len(units)  # a carton each
    over_s = np.round(took_s - least_s, 6)
    assert set(over_s.tolist()) == {0.0, 6.0}


def test_orders_are_packed_when_they_are_picked_where_they_were_picked():
    plan = packed_plan(split_s=30.0)
    rows, work = plan.packing, plan.pod_work
    assert (rows["start_s"] >= handed_over_s(plan)[rows["order"]] - 1e-6).all()
    picked = plan.scenario.orders.line_order[work.picks["line"]]
    at = set(zip(picked.tolist(), work.stops["station"][work.picks["stop"]].tolist(),
                 strict=True))  # fmt: skip
    assert set(rows[["order", "station"]].tolist()) <= at


def test_what_is_picked_in_part_when_time_ends_is_not_packed():
    plan = packed_plan(HORIZON)
    orders, unserved = plan.scenario.orders, plan.unserved
    left = set(orders.line_order[unserved["line"]].tolist())
    assert left and not left & set(plan.packing["order"].tolist())
    assert not left & set(plan.consignment.cartons["order"].tolist())
    late = {late.order: late for late in late_orders(plan)}
    assert left <= late.keys()
    assert {late[order].cause for order in left} == {LateCause.ROBOT}


def test_what_goes_into_no_carton_is_named_and_the_rest_is_planned():
    scenario = packed_scenario()
    size_m = scenario.shipping.units.size_m.copy()
    size_m[scenario.sku_names.index("S3")] = 3.0
    site = with_units(scenario, size_m=size_m)
    plan = plan_pods(site, seed=1).solution
    assert messages(plan) == []
    orders = scenario.orders
    lines = np.flatnonzero(orders.line_sku == scenario.sku_names.index("S3"))
    wanted = {
        (int(line), UnservedReason.NO_CARTON): int(orders.line_quantity[line])
        for line in lines
    }
    assert reasons(plan) == wanted
    assert not np.isin(plan.pod_work.picks["line"], lines).any()
    whole = np.setdiff1d(np.arange(orders.lines), lines)
    assert set(plan.packing["order"].tolist()) == set(orders.line_order[whole].tolist())


def test_units_without_a_carton_are_left_to_no_other_order():
    """What an order cannot have in a carton does not take the stock from others."""
    scenario = packed_scenario()
    sku = scenario.sku_names.index("S1")
    first, *others = np.flatnonzero(scenario.orders.line_sku == sku).tolist()
    quantity = scenario.orders.line_quantity.copy()
    quantity[first] = 20_000  # more units than an order in cartons may have
    orders = replace(scenario.orders, line_quantity=quantity)
    plan = plan_pods(replace(scenario, orders=orders), seed=1).solution
    assert messages(plan) == []
    left = reasons(plan)
    assert left[first, UnservedReason.NO_CARTON] == 20_000
    assert not any(line in others for line, _ in left)


def test_what_the_stock_lacks_is_not_packed():
    scenario = packed_scenario()
    stock = scenario.stock
    rows = np.flatnonzero(stock.sku != scenario.sku_names.index("S4"))
    less = replace(
        stock, sku=stock.sku[rows], cell=stock.cell[rows], quantity=stock.quantity[rows]
    )
    plan = plan_pods(replace(scenario, stock=less), seed=1).solution
    assert messages(plan) == []
    assert {reason for _, reason in reasons(plan)} == {UnservedReason.STOCK}
    assert LateCause.STOCK in {late.cause for late in late_orders(plan)}


def test_trucks_that_leave_too_early_are_told_as_the_cause():
    scenario = packed_scenario()
    shipping = scenario.shipping
    trucks = replace(shipping.trucks, departs_s=np.array([1.0, 900.0]))
    site = replace(scenario, shipping=replace(shipping, trucks=trucks))
    plan = plan_pods(site, seed=1).solution
    assert messages(plan) == []
    due_s, carried = scenario.orders.due_s, scenario.orders.has_carrier
    soon = set(np.flatnonzero((due_s == 300.0) & carried).tolist())
    late = {one.order: one.cause for one in late_orders(plan)}
    assert soon and late == dict.fromkeys(soon, LateCause.TRUCK)
    assert lateness_of(plan).is_late.sum() == len(soon)


def test_the_same_plan_every_time():
    one, other = (plan_pods(packed_scenario(), seed=3).solution for _ in range(2))
    assert np.array_equal(one.cells, other.cells)
    assert one.packing.tolist() == other.packing.tolist()
    assert one.consignment.units.tolist() == other.consignment.units.tolist()
    assert one.consignment.loads.tolist() == other.consignment.loads.tolist()


def test_a_time_limit_is_kept_with_cartons():
    site = shipped(robots=2)
    plan_pods(site)  # compiled before the clock runs
    began = time.perf_counter()
    result = plan_pods(site, Stop(time_limit_s=0.5))
    assert time.perf_counter() - began < 0.7
    assert messages(result.solution) == []


@given(
    seed=st.integers(0, 50),
    robots=st.integers(1, 6),
    split_s=st.sampled_from([None, 0.0, 20.0]),
    trucks_every_s=st.sampled_from([0.0, 120.0, 400.0]),
    support=st.sampled_from([0.0, 0.8]),
    setup_s=st.sampled_from([0.0, 15.0]),
    truck_kg=st.sampled_from([10.0, 12_000.0]),
)
@settings(max_examples=12, deadline=None)
def test_generated_sites_are_packed_by_the_rules(seed, robots, split_s, **params):
    plan = plan_pods(
        shipped(seed, robots, **params), seed=seed, params=PodParams(split_s=split_s)
    ).solution
    assert messages(plan) == []
    assert len(plan.packing) == len(plan.scenario.orders)
