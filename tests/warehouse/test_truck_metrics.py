"""What trucks take: orders, cartons, volume and mass."""

import json
from dataclasses import replace

import numpy as np
import pytest

from tests.plans import fresh, small_plan
from tests.shipped_plans import CATALOGUE, shipped_plan
from warehouse.truck_metrics import measure_trucks


def test_loads_are_those_of_the_cartons_on_the_truck():
    plan = fresh(shipped_plan())
    on_second = plan.consignment.loads["carton"]
    units = np.isin(plan.consignment.units["carton"], on_second)
    first, second, third = measure_trucks(plan)
    assert (first.orders, first.cartons, first.volume_m3, first.mass_kg) == (0, 0, 0, 0)
    assert third.cartons == 0
    assert second.cartons == second.orders == len(on_second)
    assert second.volume_m3 == pytest.approx(len(on_second) * CATALOGUE.volume_m3[0])
    assert second.mass_kg == pytest.approx(0.5 * np.count_nonzero(units))
    assert (second.capacity_m3, second.capacity_kg) == (1.0, 20.0)


def test_units_of_unknown_mass_weigh_nothing_and_no_limit_is_none():
    plan = fresh(shipped_plan())
    shipping = plan.scenario.shipping
    mass_kg = np.full(len(shipping.units.names), np.nan)
    mass_kg[0] = -1.0
    trucks = replace(shipping.trucks, capacity_kg=np.full(3, np.inf))
    units = replace(shipping.units, mass_kg=mass_kg)
    scenario = replace(
        plan.scenario, shipping=replace(shipping, units=units, trucks=trucks)
    )
    second = measure_trucks(replace(plan, scenario=scenario))[1]
    assert second.mass_kg == 0.0
    facts = json.loads(json.dumps(second.to_dict(), allow_nan=False))
    assert (facts["capacity_kg"], facts["capacity_m3"]) == (None, 1.0)


def test_sites_without_trucks_have_no_figures():
    assert measure_trucks(small_plan("omni")) == []
