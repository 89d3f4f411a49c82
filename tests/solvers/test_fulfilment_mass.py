"""Masses in the chain: no trip is too heavy, and what no robot can carry is named."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.fulfilment.ride_limits import PARTS, ride_limits, too_heavy
from solvers.result import Stop
from tests.planning import plan_of, reasons
from tests.solvers.test_fulfilment import make_orders, make_scenario
from tests.strategies import scenarios
from warehouse.plan import UnservedReason


def weighed(scenario, masses, most_kg):
    """The scenario with the mass of each SKU and what robots may carry."""
    fleet = replace(scenario.fleet, max_mass_kg=most_kg)
    unit_kg = np.array(masses[: len(scenario.sku_names)], float)
    return replace(scenario, fleet=fleet, sku_mass_kg=unit_kg)


def masses_of_trips(plan):
    """Mass that each trip picks, added up row by row."""
    scenario = plan.scenario
    total = {}
    for pick in plan.picks.tolist():
        stop, line, _, quantity = pick
        trip = int(plan.stops["trip"][stop])
        unit_kg = scenario.sku_mass_kg[scenario.orders.line_sku[line]]
        total[trip] = total.get(trip, 0.0) + quantity * unit_kg
    return list(total.values())


@settings(max_examples=25)
@given(
    scenarios(),
    st.lists(st.sampled_from([0.25, 1.0, 2.5]), min_size=4, max_size=4),
    st.sampled_from([3.0, 8.0, 20.0]),
    st.sampled_from(["ship", "hold"]),
)
def test_whatever_the_masses_no_rule_is_broken(scenario, masses, most_kg, partial):
    scenario = weighed(scenario, masses, most_kg)
    plan = plan_of(scenario, Stop(iterations=2), partial=partial).solution
    heavy = set(np.flatnonzero(scenario.order_mass_kg() > most_kg).tolist())
    left = {
        int(scenario.orders.line_order[line])
        for line, reason in reasons(plan)
        if reason == UnservedReason.TOO_HEAVY
    }
    assert left == heavy
    assert all(mass <= most_kg + 1e-5 for mass in masses_of_trips(plan))


def test_mass_and_not_slots_decides_how_many_ride():
    # Six orders of 1 kg, three slots; two orders fill a robot exactly. Sums of tenths
    # are not exact in binary, and count as full all the same.
    scenario = make_scenario(make_orders([(k, 0, 10) for k in range(6)]), units=99)
    plan = plan_of(weighed(scenario, [0.1] * 6, 2.0), objective="travel").solution
    assert sorted(masses_of_trips(plan)) == pytest.approx([2.0] * 3)
    plan = plan_of(weighed(scenario, [0.1] * 6, 1.9), objective="travel").solution
    assert sorted(masses_of_trips(plan)) == pytest.approx([1.0] * 6)


def test_an_order_that_no_robot_carries_is_named_and_leaves_its_stock():
    # Order 0 would take what order 1 needs.
    scenario = make_scenario(make_orders([(0, 0, 9), (1, 0, 4)]), units=9)
    plan = plan_of(weighed(scenario, [1.0] * 6, 5.0)).solution
    assert reasons(plan) == {(0, UnservedReason.TOO_HEAVY): 9}
    assert plan.packing["order"].tolist() == [1]


def test_masses_without_a_limit_change_nothing():
    scenario = make_scenario(make_orders([(k, k % 3, 2) for k in range(5)]))
    plain = plan_of(scenario).solution
    heavy = plan_of(weighed(scenario, [1e5] * 6, np.inf)).solution
    assert np.array_equal(plain.cells, heavy.cells)
    assert np.array_equal(plain.picks, heavy.picks)


def test_limits_of_rides():
    scenario = make_scenario(make_orders([(0, 0, 1), (1, 1, 3), (1, 2, 1)]))
    capacity, load = ride_limits(scenario, 4, [0, 1, 2], [1, 3, 1])
    assert (capacity.tolist(), load.tolist()) == ([4], [[1], [1]])
    scenario = weighed(scenario, [2.0, 1.0, 5.0, 1, 1, 1], 8.0)
    capacity, load = ride_limits(scenario, 4, [2, 0, 1], [1, 1, 2])
    assert capacity[0] == 4
    assert load.tolist() == [[1, PARTS // 4], [1, 7 * PARTS // 8]]
    assert too_heavy(scenario).tolist() == [False, False]
    assert too_heavy(weighed(scenario, [2.0, 1.1, 5.0], 8.0)).tolist() == [False, True]
