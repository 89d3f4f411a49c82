"""Reasons for units that are not served, where the site makes them impossible."""

from dataclasses import replace

import numpy as np
import pytest

from tests.plans import small_plan
from warehouse.check import check_plan
from warehouse.plan import Bound, Plan, UnservedReason

WORK = ("stops", "picks", "drops", "packing")


def idle(plan: Plan, reason: UnservedReason) -> Plan:
    """Return the plan with robots that stand, and all orders left for one reason."""
    orders = plan.scenario.orders
    unserved = np.zeros(orders.lines, plan.unserved.dtype)
    unserved["line"] = np.arange(orders.lines)
    unserved["quantity"], unserved["reason"] = orders.line_quantity, reason
    return replace(
        plan,
        cells=np.repeat(plan.cells[:1], len(plan.cells), axis=0),
        bound=Bound({}),
        unserved=unserved,
        **{name: getattr(plan, name)[:0] for name in WORK},
    )


@pytest.mark.parametrize("reason", UnservedReason)
def test_a_plan_that_does_nothing_was_stopped_or_is_blocked(reason):
    may_be = reason in (UnservedReason.INTERRUPTED, UnservedReason.BLOCKED)
    assert (not check_plan(idle(small_plan(), reason))) == may_be
