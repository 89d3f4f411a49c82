"""Shifts with batteries: no robot below its reserve, chargers shared, no jam."""

from dataclasses import replace

import numpy as np
import pytest

from solvers.bounds.pods import bound_of
from solvers.pods.params import RULES, PodParams
from solvers.pods.planner import plan_pods
from solvers.result import Stop, Termination
from tests.battery_sites import BATTERY, battery_scenario
from warehouse.battery_metrics import measure_batteries
from warehouse.check import check_plan
from warehouse.errors import SolverError
from warehouse.layout import CellKind
from warehouse.plan import UnservedReason
from warehouse.pod_metrics import measure_pods

SMALL = replace(BATTERY, capacity_wh=14.0)
"""Used up in ten minutes of work."""


def planned(scenario, rules="joint"):
    """Plan that keeps every rule and was not stopped by a jam."""
    plan = plan_pods(scenario, seed=1, params=PodParams(rules=rules)).solution
    assert [str(v) for v in check_plan(plan)] == []
    assert UnservedReason.BLOCKED not in plan.unserved["reason"]
    figures = measure_batteries(plan)
    assert figures.lowest_level >= scenario.fleet.battery.reserve
    return plan, figures


def stays_of(plan):
    return np.bincount(plan.pod_work.charges["robot"], minlength=plan.cells.shape[1])


def test_a_shift_of_eight_hours():
    scenario = battery_scenario(8 * 3600.0, 6000, 5)
    scenario = replace(scenario, layout=replace(scenario.layout, cell_size_m=2.0))
    plan, figures = planned(scenario)
    assert plan.steps == int(8 * 3600 / scenario.step_s)
    assert (stays_of(plan) >= 8).all()
    assert 0 < figures.charging_share < 0.2
    # The pickers, who set the pace, have next to no pause for it.
    assert measure_pods(plan).station_idle < 0.05


@pytest.mark.parametrize("rules", RULES)
def test_every_robot_charges_whatever_the_rules(rules):
    plan, _ = planned(battery_scenario(2400.0, 400, 4, SMALL), rules)
    assert (stays_of(plan) >= 2).all()
    assert (plan.pod_work.charges["end_wh"] > plan.pod_work.charges["start_wh"]).all()


@pytest.mark.parametrize(("robots", "charge_w"), [(16, 300.0), (9, 100.0)])
def test_many_robots_share_few_chargers(robots, charge_w):
    battery = replace(SMALL, charge_w=charge_w)
    plan, figures = planned(battery_scenario(3600.0, 700, robots, battery))
    assert (stays_of(plan) >= 2).all()
    assert figures.charger_use > 0.4


def test_all_orders_are_served_and_robots_that_charge_do_not_hold_the_end():
    battery = replace(SMALL, start=0.4)
    plan, _ = planned(battery_scenario(np.inf, 60, 3, battery))
    assert len(plan.unserved) == 0
    assert len(plan.pod_work.charges) > 0


def test_batteries_that_never_sink_change_nothing_but_what_is_written():
    large = replace(BATTERY, capacity_wh=1e5)
    plan, figures = planned(battery_scenario(600.0, 100, 3, large))
    without = plan_pods(battery_scenario(600.0, 100, 3, None), seed=1).solution
    np.testing.assert_array_equal(plan.cells, without.cells)
    np.testing.assert_array_equal(plan.pod_work.picks, without.pod_work.picks)
    assert figures.stays == 0


def test_a_stopped_plan_with_robots_that_charge_is_a_plan():
    left = iter(range(150))
    stop = Stop(interrupted=lambda: next(left, None) is None)
    battery = replace(SMALL, start=0.3)
    result = plan_pods(battery_scenario(1e5, 400, 5, battery), stop, seed=1)
    assert result.termination is Termination.INTERRUPTED
    plan = result.solution
    assert check_plan(plan) == []
    assert (plan.pod_work.charges["end"] == plan.steps).any()


def test_the_bound_counts_the_charging_that_work_needs():
    plan, _ = planned(battery_scenario(2400.0, 400, 4, SMALL))
    scenario, work = plan.scenario, plan.pod_work
    fleet = scenario.fleet

    def robots_s(battery):
        given = replace(scenario, fleet=replace(fleet, battery=battery))
        return bound_of(given, work).makespan_s["robots"]

    slow = replace(SMALL, charge_w=10.0, reserve=0.1, start=0.1 + 1e-9)
    assert robots_s(slow) > robots_s(SMALL) >= robots_s(None)
    # All that is held does for the same work.
    assert robots_s(replace(slow, capacity_wh=1e6, start=1.0)) == robots_s(None)


def test_batteries_that_nothing_charges_are_refused():
    scenario = battery_scenario()
    kinds = scenario.layout.kinds.copy()
    kinds[kinds == CellKind.CHARGER] = CellKind.WALL
    layout = replace(scenario.layout, kinds=kinds)
    with pytest.raises(SolverError, match="E372"):
        plan_pods(replace(scenario, layout=layout))
