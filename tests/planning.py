"""Plans made and read by several test files."""

from solvers.fulfilment import plan_scenario
from solvers.fulfilment.params import FulfilmentParams
from solvers.result import Stop
from warehouse.check import check_plan
from warehouse.plan import UnservedReason

ONCE = Stop(iterations=1)


def plan_of(scenario, stop=ONCE, *, seed=1, **params):
    result = plan_scenario(scenario, stop, seed=seed, params=FulfilmentParams(**params))
    faults = [str(violation) for violation in check_plan(result.solution)]
    assert faults == []
    return result


def reasons(plan):
    """Units unserved by (line, reason)."""
    return {
        (int(row["line"]), UnservedReason(row["reason"])): int(row["quantity"])
        for row in plan.unserved
    }
