"""Plans of sites with cartons and trucks, from the scenario to the last load."""

import time
from dataclasses import replace

import numpy as np
import pytest

from layouts import folder
from solvers.fulfilment import plan_scenario
from solvers.fulfilment.departures import plan_departures
from solvers.fulfilment.order_cartons import OrderCartons
from solvers.result import Stop
from tests.planning import plan_of, reasons
from warehouse.cutoffs import timely_trucks
from warehouse.formats.scenario_folder import read_scenario
from warehouse.generate import ShippingParams, add_shipping
from warehouse.lateness import LateCause, late_orders
from warehouse.plan import UnservedReason
from warehouse.truck_loading import load_trucks


@pytest.fixture(scope="module")
def small():
    return read_scenario(folder("small"))


def shipped(scenario, **params):
    return add_shipping(scenario, ShippingParams(**{"seed": 3, **params}))


def with_units(scenario, **changes):
    shipping = scenario.shipping
    units = replace(shipping.units, **changes)
    return replace(scenario, shipping=replace(shipping, units=units))


def with_trucks(scenario, **changes):
    shipping = scenario.shipping
    trucks = replace(shipping.trucks, **changes)
    return replace(scenario, shipping=replace(shipping, trucks=trucks))


def test_every_unit_is_in_a_carton_and_every_order_on_its_truck(small):
    site = shipped(small, trucks_every_s=1000.0, setup_s=5.0, support=0.5)
    plan = plan_of(site, objective="on-time").solution
    assert not len(plan.unserved) and late_orders(plan) == []
    assert len(plan.consignment.units) == site.orders.line_quantity.sum()
    loaded = plan.consignment.cartons["order"][plan.consignment.loads["carton"]]
    assert set(loaded.tolist()) == set(range(len(site.orders)))


def test_the_same_plan_every_time(small):
    site = shipped(small, trucks_every_s=400.0)
    one, other = (plan_of(site, objective="on-time").solution for _ in range(2))
    assert np.array_equal(one.consignment.loads, other.consignment.loads)
    assert np.array_equal(one.consignment.units, other.consignment.units)
    assert np.array_equal(one.cells, other.cells)


@pytest.mark.parametrize("partial", ["ship", "hold"])
def test_what_goes_into_no_carton_is_named_and_the_rest_is_planned(small, partial):
    site = shipped(small)
    order = int(np.flatnonzero(np.bincount(site.orders.line_order) > 1)[0])
    lines = np.flatnonzero(site.orders.line_order == order)
    size_m = site.shipping.units.size_m.copy()
    size_m[site.orders.line_sku[lines[0]]] = 3.0
    plan = plan_of(with_units(site, size_m=size_m), partial=partial).solution
    left = reasons(plan)
    assert (int(lines[0]), UnservedReason.NO_CARTON) in left
    assert ((int(lines[1]), UnservedReason.HELD) in left) == (partial == "hold")
    assert len(plan.packing) >= len(site.orders) - len(
        {
            *site.orders.line_order[
                np.isin(site.orders.line_sku, site.orders.line_sku[lines[0]])
            ].tolist()
        }
    )


def test_what_the_stock_lacks_is_not_packed(small):
    site = shipped(small)
    quantity = site.orders.line_quantity.copy()
    quantity[0] += 1000
    site = replace(site, orders=replace(site.orders, line_quantity=quantity))
    plan = plan_of(site).solution
    assert reasons(plan)[0, UnservedReason.STOCK] > 900
    assert len(plan.consignment.units) == plan.picks["quantity"].sum()


def test_a_truck_that_is_too_small_is_said_so(small):
    site = shipped(small, trucks_every_s=2000.0, carriers=1)
    site = with_trucks(site, capacity_m3=np.full(1, 0.012))
    plan = plan_of(site, objective="on-time").solution
    late = late_orders(plan)
    assert late and {one.cause for one in late} == {LateCause.TRUCK}
    assert len(plan.consignment.loads)


def test_a_truck_that_leaves_before_anything_can_be_packed_is_said_so(small):
    site = shipped(small, trucks_every_s=20.0, trucks_until_s=20.0)
    plan = plan_of(site, objective="on-time").solution
    assert {one.cause for one in late_orders(plan)} == {LateCause.TRUCK}
    assert len(late_orders(plan)) == len(site.orders)
    assert len(plan.packing) == len(site.orders) and not len(plan.consignment.loads)


def test_departures_are_chosen_so_that_trucks_are_not_too_full(small):
    site = shipped(small, trucks_every_s=300.0, trucks_until_s=900.0, carriers=1)
    cartons = OrderCartons(site, seed=0)
    packed = cartons.as_ordered()
    due_s = np.full(len(packed), 900.0)
    site = replace(site, orders=replace(site.orders, due_s=due_s))
    third = sum(one.volume_m3 for one in packed) / 3
    largest = max(one.volume_m3 for one in packed)
    site = with_trucks(site, capacity_m3=np.full(3, third + largest))
    aim = plan_departures(site, packed)
    assert (aim.sum(axis=1) == 1).all() and (aim <= timely_trucks(site)).all()
    volume_m3 = aim.T @ np.array([one.volume_m3 for one in packed])
    assert (volume_m3 <= third + largest).all() and volume_m3[2] > third


def test_late_orders_take_no_place_of_others(small):
    site = shipped(small, trucks_every_s=300.0, trucks_until_s=600.0, carriers=1)
    packed = OrderCartons(site, seed=0).as_ordered()
    orders = np.arange(2, dtype=np.int32)
    due_s = site.orders.due_s.copy()
    due_s[:2] = 300.0, 600.0
    site = replace(site, orders=replace(site.orders, due_s=due_s))
    room = max(one.volume_m3 for one in packed[:2]) * 1.01
    site = with_trucks(site, capacity_m3=np.full(2, room))
    none = np.zeros(2, np.int32)
    volume_m3 = np.array([one.volume_m3 for one in packed[:2]])
    mass_kg = np.array([one.mass_kg for one in packed[:2]])
    late_s = np.array([400.0, 450.0])  # both come for the second departure alone
    assert load_trucks(site, orders, none, late_s, volume_m3, mass_kg) == {1: 1}
    early_s = np.zeros(2)
    assert load_trucks(site, orders, none, early_s, volume_m3, mass_kg) == {0: 0, 1: 1}


def test_orders_that_come_over_time_go_with_the_trucks_that_are_left(small):
    release_s = np.linspace(0.0, 900.0, len(small.orders))
    site = replace(small, orders=replace(small.orders, release_s=release_s))
    site = shipped(site, trucks_every_s=500.0, trucks_until_s=1500.0, carriers=2)
    first_s = 500.0 * (np.ceil(release_s / 500.0) + 1)
    assert (site.orders.due_s >= np.minimum(first_s, 1500.0)).all()
    plan = plan_of(site, objective="on-time").solution
    assert len(plan.packing) == len(site.orders) and len(plan.consignment.loads)


def test_a_time_limit_is_kept(small):
    site = shipped(small, trucks_every_s=600.0)
    plan_scenario(site, Stop(iterations=1))
    began = time.perf_counter()
    plan_scenario(site, Stop(2.0))
    assert time.perf_counter() - began < 2.2
