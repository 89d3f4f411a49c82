"""The plan's own lower bounds: no plan is better than they are."""

import math

import numpy as np

from warehouse.check.delivery import TOLERANCE_S
from warehouse.check.rows import Tables
from warehouse.check.truck_times import due_s
from warehouse.check.violation import Findings
from warehouse.plan import Plan


def check_bound(
    plan: Plan, tables: Tables, moves: int | None, findings: Findings
) -> None:
    """Report bounds that are no numbers, or that the plan itself disproves.

    Parameters
    ----------
    plan : Plan
    tables : Tables
    moves : int or None
        How often robots changed cells, which is the travel in cells; None if their
        paths cannot be read.
    findings : Findings
    """
    packing, scenario = tables.packing.with_times(), plan.scenario
    makespan_s = float(np.max(packing.end_s, initial=0.0))
    rows = zip(packing.order.tolist(), packing.station.tolist(), strict=True)
    late_s = packing.end_s - np.array([due_s(scenario, *row) for row in rows], float)
    tardiness_s = float(np.maximum(late_s, 0).sum())
    report_bounds(plan, makespan_s, tardiness_s, moves, findings)


def report_bounds(
    plan: Plan,
    makespan_s: float,
    tardiness_s: float | None,
    moves: int | None,
    findings: Findings,
) -> None:
    """Report bounds that are no numbers, or above the value they bound from below.

    Parameters
    ----------
    plan : Plan
    makespan_s : float
    tardiness_s : float or None
        None where it is not bounded.
    moves : int or None
        As in `check_bound`.
    findings : Findings
    """
    parts = [
        (f"makespan ({part})", bound_s, makespan_s)
        for part, bound_s in plan.bound.makespan_s.items()
    ]
    if tardiness_s is not None:
        parts.append(("tardiness", plan.bound.tardiness_s, tardiness_s))
    if moves is not None:
        travel_m = moves * plan.scenario.layout.cell_size_m
        parts.append(("travel", plan.bound.travel_m, travel_m))
    for what, bound, value in parts:
        if not math.isfinite(bound):
            text = "the bound on {what} is {bound}"
            findings.add("not-finite", text, what=what, bound=bound)
        elif value < bound - TOLERANCE_S * max(1.0, abs(bound)):
            text = "{what} is {value:.2f}, below its bound {bound:.2f}"
            findings.add("below-bound", text, what=what, value=value, bound=bound)
