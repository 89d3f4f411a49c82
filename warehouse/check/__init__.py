"""The independent checker: every rule a plan must keep, by code that knows no solver.

One file per subject. It shares no code with whatever made the plan, and works on
plans that make no sense at all: what cannot be read is a violation too.
"""

from dataclasses import replace
from typing import Final

from warehouse.check.bound import check_bound
from warehouse.check.delivery import check_delivery
from warehouse.check.given import check_scenario
from warehouse.check.handed import handed_by_totes
from warehouse.check.lines import check_lines
from warehouse.check.mixed import check_mixed_plan, read_mixed_tables
from warehouse.check.motion import check_positions
from warehouse.check.packing import check_packing
from warehouse.check.pod_tables import read_pods_beside
from warehouse.check.pods import check_pod_plan
from warehouse.check.robots import check_robots
from warehouse.check.rows import Tables
from warehouse.check.service import check_horizon, check_service
from warehouse.check.shipping import check_shipping, read_consignment
from warehouse.check.shipping_rules import SHIPPING_RULES
from warehouse.check.staff import STAFF_RULES, check_staff
from warehouse.check.stock import check_stock
from warehouse.check.tables import check_arrays, read_tables
from warehouse.check.violation import (
    BATTERY_RULES,
    MIXED_RULES,
    POD_RULES,
    REFILL_RULES,
    RULES,
    STORED_PER_RULE,
    Findings,
    Violation,
)
from warehouse.grid import Grid
from warehouse.plan import Plan

__all__ = [
    "BATTERY_RULES",
    "MIXED_RULES",
    "POD_RULES",
    "REFILL_RULES",
    "RULES",
    "SHIPPING_RULES",
    "STAFF_RULES",
    "STORED_PER_RULE",
    "Violation",
    "check_plan",
    "check_structure",
    "count_by_rule",
]

STRUCTURE: Final = frozenset(
    {
        "scenario",
        "array-shape",
        "index-range",
        "pod-tables",
        "mixed-tables",
        "stop-kind",
        "not-finite",
        "off-grid",
        "heading-range",
        "service-horizon",
        "unserved-reason",
    }
)
"""Rules without which nothing can be made of a plan."""


def check_plan(plan: Plan) -> list[Violation]:
    """Every violation of every rule; empty when the plan keeps them all.

    The rules are `RULES`, for plans with pods `POD_RULES` as well, for those with both
    kinds of robots `MIXED_RULES`, for robots with batteries `BATTERY_RULES`, where pods
    are filled `REFILL_RULES`, for orders packed in cartons `SHIPPING_RULES`, and where
    packers have shifts `STAFF_RULES`.

    O(steps * robots + rows log rows) time; memory beyond the plan is bounded by
    blocks of steps. Of each rule the first `STORED_PER_RULE` violations are listed,
    and an entry that counts the rest.

    Examples
    --------
    >>> import numpy as np
    >>> from warehouse.bare_motion import bare_motion
    >>> from warehouse.layout import Layout
    >>> cells = np.array([[0, 1], [1, 0]], np.int32)
    >>> swap = bare_motion("two robots", Layout.from_rows([".."]), cells)
    >>> [violation.message for violation in check_plan(swap)]
    ['robots 0, at row 0, col 0, and 1 swap cells after step 0']
    """
    findings = Findings.in_plan_of(plan.scenario, SHIPPING_RULES | STAFF_RULES)
    check_scenario(plan.scenario, findings)
    if findings.broken("scenario"):
        return findings.violations()
    if plan.scenario.fleet.kinds is not None or plan.shares is not None:
        check_mixed_plan(plan, findings)
        return findings.violations()
    if plan.scenario.pods is not None or plan.pod_work is not None:
        check_pod_plan(plan, findings)
        return findings.violations()
    paths = check_arrays(plan, findings)
    tables = read_tables(plan, findings)
    moves = check_robots(paths, tables, findings)
    check_service(plan, tables, findings)
    check_stock(plan, tables, findings)
    check_delivery(plan, tables, findings)
    check_packing(plan, tables, handed_by_totes(plan, tables), findings)
    check_staff(plan, tables, findings)
    check_lines(plan, tables, findings)
    check_shipping(plan, tables, findings)
    check_bound(plan, tables, moves, findings)
    return findings.violations()


def check_structure(plan: Plan) -> list[Violation]:
    """Violations that keep a plan from being read at all, such as wrong indices.

    A plan without any can be measured, drawn and written, however wrong it is
    otherwise. A part of what `check_plan` reports.
    """
    findings = Findings.in_plan_of(plan.scenario, SHIPPING_RULES | STAFF_RULES)
    check_scenario(plan.scenario, findings)
    if not findings.broken("scenario"):
        paths = check_arrays(plan, findings)
        tables = _read_structure(plan, findings)
        if plan.scenario.shipping is not None and plan.consignment is not None:
            read_consignment(plan, plan.scenario.shipping, plan.consignment, findings)
        if paths is not None:
            grid = Grid.from_layout(plan.scenario.layout)
            check_positions(paths.cells, paths.headings, grid, findings)
            check_horizon(paths, tables, findings)
    return [v for v in findings.violations() if v.rule in STRUCTURE]


def _read_structure(plan: Plan, findings: Findings) -> Tables:
    """Tables of a plan of any kind, with all stops; what is wrong is reported."""
    pods, work = plan.scenario.pods, plan.pod_work
    if pods is not None and work is not None and plan.shares is not None:
        return read_mixed_tables(plan, pods, findings).standing()
    tables = read_tables(plan, findings)
    if pods is None or work is None:
        return tables
    rows = read_pods_beside(plan, pods, findings)
    return replace(rows.as_tables(), stops=rows.standing())


def count_by_rule(violations: list[Violation]) -> dict[str, int]:
    """How often each broken rule is broken, those that are not listed included.

    Examples
    --------
    >>> rest = Violation("off-floor", "and 7 more, 8 in all", count=7)
    >>> count_by_rule([Violation("off-floor", "robot 3 is ..."), rest])
    {'off-floor': 8}
    """
    counts: dict[str, int] = {}
    for violation in violations:
        counts[violation.rule] = counts.get(violation.rule, 0) + violation.count
    return counts
