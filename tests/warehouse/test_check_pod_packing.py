"""Rules for packing and cartons on sites with pods, each broken by itself."""

from dataclasses import replace

import numpy as np
import pytest

from tests.packed_pod_sites import HORIZON, packed_plan
from tests.pod_sites import pod_plan
from warehouse.check import check_plan, check_structure
from warehouse.plan import PACKING_DTYPE, UNSERVED_DTYPE, UnservedReason


def without_first(plan):
    return replace(plan, packing=plan.packing[1:])


def too_early(plan):
    plan.packing["start_s"][0] = 0.0
    return plan


def too_fast(plan):
    plan.packing["end_s"][0] = plan.packing["start_s"][0] + 1.0
    return plan


def elsewhere(plan):
    """The order that is packed last: nobody is busy then."""
    row = int(plan.packing["end_s"].argmax())
    plan.packing["station"][row] = 1 - plan.packing["station"][row]
    return plan


def twice(plan):
    row = int(plan.packing["end_s"].argmax())
    again = plan.packing[[row]].copy()
    again["start_s"] += 1000.0
    again["end_s"] += 1000.0
    return replace(plan, packing=np.insert(plan.packing, row, again))


def unit_missing(plan):
    units = plan.consignment.units[1:]
    return replace(plan, consignment=replace(plan.consignment, units=units))


def no_cartons(plan):
    return replace(plan, consignment=None)


def unpackable(plan):
    row = (0, 1, UnservedReason.NO_CARTON)
    return replace(plan, unserved=np.array([row], UNSERVED_DTYPE))


def packer_unknown(plan):
    plan.packing["packer"][0] = 7
    return plan


@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        (without_first, "not-packed"),
        (too_early, "packed-early"),
        (too_fast, "packing-too-short"),
        (elsewhere, "packed-elsewhere"),
        (twice, "packed-twice"),
        (unit_missing, "unit-missing"),
        (no_cartons, "shipping-tables"),
        (unpackable, "carton-excuse"),
        (packer_unknown, "index-range"),
    ],
)
def test_each_rule_is_found_broken(damage, rule):
    found = {violation.rule for violation in check_plan(damage(packed_plan()))}
    assert rule in found


def test_an_order_of_which_something_is_not_picked_may_not_be_packed():
    plan = packed_plan(HORIZON)
    left = int(plan.scenario.orders.line_order[plan.unserved["line"][0]])
    row = np.array([(left, 0, 0, 5000.0, 5100.0)], PACKING_DTYPE)
    rows = np.sort(np.concatenate([plan.packing, row]), order="order")
    found = check_plan(replace(plan, packing=rows))
    assert {v.rule for v in found} & {"packed-early", "packed-nothing"}


def test_packing_without_cartons_is_refused():
    plan = pod_plan()
    row = np.array([(0, 0, 0, 5000.0, 5100.0)], PACKING_DTYPE)
    found = [v.rule for v in check_plan(replace(plan, packing=row))]
    assert found == ["pod-tables"]


def test_cartons_that_nobody_asked_for_are_refused():
    plan = replace(pod_plan(), consignment=packed_plan().consignment)
    assert "shipping-tables" in {violation.rule for violation in check_plan(plan)}


def test_packing_that_points_to_nothing_cannot_be_read():
    assert check_structure(packed_plan()) == []
    broken = packer_unknown(packed_plan())
    assert [violation.rule for violation in check_structure(broken)] == ["index-range"]
