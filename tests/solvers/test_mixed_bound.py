"""The bound of sites with racks and pods, by hand and with batteries."""

from dataclasses import replace

import numpy as np
import pytest

from solvers.mixed.bound import bound_of
from tests.mixed_sites import charging_site, mixed_plan, mixed_scenario
from warehouse.plan import PICK_DTYPE, POD_PICK_DTYPE
from warehouse.scenario import Battery, Scenario

BATTERY = Battery(100.0, 120.0, 180.0, 10.0, 90.0, 30.0, reserve=0.2, start=0.2)
"""It holds nothing above its reserve, and takes long to charge."""


def with_battery(site: Scenario, **changed: float) -> Scenario:
    fleet = replace(site.fleet, battery=replace(BATTERY, **changed))
    return replace(site, fleet=fleet)


def picks_of(site: Scenario) -> tuple[np.ndarray, np.ndarray]:
    """Every line in full, from racks: that pods may bring it, the bound finds out."""
    picks = np.zeros(site.orders.lines, PICK_DTYPE)
    picks["line"] = np.arange(len(picks))
    picks["quantity"] = site.orders.line_quantity
    return picks, np.zeros(0, POD_PICK_DTYPE)


def robots_s(site: Scenario) -> float:
    return bound_of(site, *picks_of(site)).makespan_s["robots"]


ONE_OF_PODS = "order,sku,quantity\na,C0,1\n"
ONE_OF_RACKS = "order,sku,quantity\na,A0,2\n"


def test_one_pod_is_brought_and_what_that_draws_is_charged():
    """The nearest spot is two cells from P2; two robots with pods share all of it."""
    site = mixed_scenario(**charging_site(12.0, 1.0) | {"orders__csv": ONE_OF_PODS})
    drive_s, lift_s, stand_s = 2 * site.step_s, 2.2, 3.0
    work_s = drive_s + lift_s + stand_s
    full = with_battery(site, start=1.0)
    assert robots_s(full) == pytest.approx(work_s / 2, abs=1e-3)
    charge_s = (drive_s * 180 + lift_s * 90 + stand_s * 10) / 30
    empty_s = robots_s(with_battery(site))
    assert empty_s == pytest.approx((work_s + charge_s) / 2, abs=1e-3)


def test_what_robots_with_totes_draw_is_charged_too():
    """One rides to the rack and back, half of it for each of two slots."""
    site = mixed_scenario(**charging_site(12.0, 1.0) | {"orders__csv": ONE_OF_RACKS})
    full_s = robots_s(with_battery(site, start=1.0))
    stand_s = 6.0 + 2 * 2.0 + 2.0
    ride_s = 2 * full_s - stand_s
    assert ride_s > 0
    charge_s = (ride_s * 120 + stand_s * 10) / 30
    assert robots_s(with_battery(site)) == pytest.approx(
        (2 * full_s + charge_s) / 2, abs=1e-3
    )


def test_all_share_the_chargers():
    """With one charger of two left, robots charge one after another."""
    files = charging_site(12.0, 1.0, racks=4, pods=4)
    site = with_battery(mixed_scenario(**files))
    layout = site.layout
    kinds = layout.kinds.copy()
    charger = int(np.flatnonzero(kinds.ravel() == kinds[0, 9])[0])
    kinds.ravel()[charger] = kinds[1, 0]
    fewer = replace(site, layout=replace(layout, kinds=kinds))
    assert robots_s(fewer) > robots_s(site) * 1.3


def test_what_is_charged_before_a_release_needs_no_charging_after_it():
    rows = "".join(f"o{k},C{k},1,{{release}}\n" for k in range(4))
    rows = "order,sku,quantity,release_s\n" + rows
    files = charging_site(12.0, 1.0)
    after_s = {
        release: robots_s(
            with_battery(
                mixed_scenario(**files, orders__csv=rows.format(release=release))
            )
        )
        - release
        for release in (1, 100_000)
    }
    assert 0 < 2 * after_s[100_000] < after_s[1]


def test_no_plan_with_batteries_is_better_than_its_bound():
    plan = mixed_plan(charging=True)
    without = replace(plan.scenario.fleet, battery=None)
    parts = plan.bound.makespan_s
    other = bound_of(
        replace(plan.scenario, fleet=without), plan.picks, plan.pod_work.picks
    )
    assert plan.makespan_s >= plan.bound.value_s
    for part in ("robots", "both"):
        assert parts[part] >= other.makespan_s[part]
