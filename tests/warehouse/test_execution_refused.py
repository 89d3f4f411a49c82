"""Plans that cannot be followed with late robots are refused, not followed wrongly."""

from dataclasses import replace

import pytest

from tests.mixed_sites import mixed_plan
from tests.plans import small_plan
from tests.pod_sites import pod_plan
from tests.staffed_sites import NEVER, staff_of, staffed
from warehouse.errors import InputError
from warehouse.execution import PassingOrder, RandomDelays, follow_plan
from warehouse.plan import Plan


def staffed_plan() -> Plan:
    people = [(f"P{number}", number % 2, 0, NEVER, 1, "") for number in range(3)]
    plan = small_plan()
    return replace(plan, scenario=staffed(plan.scenario, staff_of(*people)))


@pytest.mark.parametrize("make", [pod_plan, mixed_plan, staffed_plan])
def test_pods_and_shifts_are_refused(make):
    with pytest.raises(InputError, match="E218"):
        follow_plan(make(), RandomDelays(0.1), runs=1)


def test_the_order_of_packers_with_shifts_is_still_to_be_had():
    plan = staffed_plan()
    assert PassingOrder.from_plan(plan).robots == len(plan.scenario.fleet)
