"""Plans that count: those that keep every rule."""

from warehouse.check import check_plan
from warehouse.plan import Plan


def checked_plan(plan: Plan | None) -> Plan:
    """Return the plan; raise if there is none, or it breaks a rule."""
    if plan is None:
        raise RuntimeError("no plan was found")
    violations = check_plan(plan)
    if violations:
        raise RuntimeError(f"{len(violations)} rules broken, first: {violations[0]}")
    return plan
