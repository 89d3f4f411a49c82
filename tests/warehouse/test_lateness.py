"""Late orders, and what made them so."""

from dataclasses import replace

import numpy as np

from tests.plans import small_plan
from tests.shipped_plans import shipped_plan
from warehouse.lateness import LateCause, count_causes, late_orders, lateness_of
from warehouse.metrics import measure


def departing(plan, *departs_s):
    trucks = replace(
        plan.scenario.shipping.trucks, departs_s=np.array(departs_s, float)
    )
    shipping = replace(plan.scenario.shipping, trucks=trucks)
    return replace(plan, scenario=replace(plan.scenario, shipping=shipping))


def causes(plan):
    return {late.order: late.cause for late in late_orders(plan)}


def test_an_order_that_lacks_stock_misses_its_truck():
    plan = shipped_plan()
    assert causes(plan) == {5: LateCause.STOCK}
    assert measure(plan).late_orders == 0
    assert measure(plan).late_causes == {"stock": 1}


def test_orders_without_room_are_late_for_their_truck():
    plan = shipped_plan()
    loads = plan.consignment.loads[:-1]
    plan = replace(plan, consignment=replace(plan.consignment, loads=loads))
    assert causes(plan) == {2: LateCause.TRUCK, 5: LateCause.STOCK}
    assert measure(plan).late_orders == 1


def test_what_robots_and_packers_delay_is_told_apart():
    """Packed at 50, 76, 27 and 34 s; 14 s and more from packing to the truck."""
    plan = departing(shipped_plan(), 10.0, 55.0, 4000.0)
    packed = {int(row["order"]): row for row in plan.packing}
    due_s = lateness_of(plan).due_s
    assert due_s[0] < packed[0]["end_s"]
    found = causes(plan)
    assert found[2] in (LateCause.ROBOT, LateCause.TRUCK)
    # Order 0 was complete early enough for an idle packer, and waited.
    ready = plan.stops["end"][plan.drops["stop"]][plan.drops["order"] == 0].max()
    work_s = packed[0]["end_s"] - packed[0]["start_s"]
    waited = ready + work_s <= due_s[0]
    assert (found[0] == LateCause.STATION) == bool(waited)


def test_a_truck_that_leaves_too_early_is_the_cause():
    plan = departing(shipped_plan(), 1.0, 12.0, 4000.0)
    found = causes(plan)
    assert {found[order] for order in (0, 2, 3, 4)} == {LateCause.TRUCK}
    assert count_causes(late_orders(plan)) == {"stock": 1, "truck": 4}


def test_a_plan_without_trucks_has_its_due_times():
    plan = small_plan("omni")
    late = late_orders(plan)
    assert len([one for one in late if np.isfinite(one.end_s)]) == 1
    assert measure(plan).late_orders == 1
