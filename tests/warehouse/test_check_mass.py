"""The checker and masses: trips, excuses, and what makes no sense."""

from dataclasses import replace

import numpy as np
import pytest

from tests.plans import fresh, small_plan
from warehouse.check import check_plan
from warehouse.plan import UnservedReason


def weighed(masses, most_kg):
    """The small plan with a mass for each SKU, and what robots may carry."""
    plan = small_plan()
    fleet = replace(plan.scenario.fleet, max_mass_kg=most_kg)
    scenario = replace(plan.scenario, fleet=fleet, sku_mass_kg=masses)
    return replace(plan, scenario=scenario)


def rules_of(plan):
    return {violation.rule for violation in check_plan(plan)}


def test_a_trip_that_is_too_heavy_is_placed():
    [heavy] = check_plan(weighed(np.ones(5), 4.5))
    assert (heavy.rule, heavy.robot, heavy.step) == (
        "trip-mass",
        0,
        small_plan().stops["start"][0],
    )
    assert "trip 0 of robot 0" in heavy.message
    assert "carries 5 kg in all, and a robot may carry 4.5 kg" in heavy.message


def test_rounding_makes_no_trip_too_heavy():
    masses = np.array([0.03, 0.08, 0.06, 0.1, 0.1])  # trip 0: 0.06 + 0.24
    assert check_plan(weighed(masses, 0.3)) == []
    assert rules_of(weighed(masses, 0.2999)) == {"trip-mass"}


@pytest.mark.parametrize(
    "masses", [np.ones(4), -np.ones(5), np.full(5, np.nan), np.full(5, 1e9)]
)
def test_masses_that_are_none_make_the_scenario_unreadable(masses):
    assert rules_of(weighed(masses, 99.0)) == {"scenario"}


@pytest.mark.parametrize("most_kg", [0.0, -1.0, np.nan])
def test_a_limit_that_is_none_makes_the_scenario_unreadable(most_kg):
    assert rules_of(weighed(np.ones(5), most_kg)) == {"scenario"}


@pytest.mark.parametrize(("most_kg", "rules"), [(4.9, set()), (5.0, {"mass-excuse"})])
def test_too_heavy_is_what_all_of_an_order_weighs(most_kg, rules):
    plan = fresh(weighed(np.ones(5), most_kg))
    # Order 5 asks for five units, none of which anyone served.
    plan.unserved["reason"] = UnservedReason.TOO_HEAVY
    found = rules_of(plan) - {"trip-mass"}
    assert found == rules
