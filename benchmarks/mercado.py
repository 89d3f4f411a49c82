"""The main job on real orders: makespan, bound and travel, with no rule broken."""

import time
from dataclasses import replace
from functools import partial

import numpy as np

from benchmarks.checking import checked_plan
from benchmarks.registry import Run, spec
from solvers.fulfilment import FulfilmentParams, plan_scenario
from solvers.result import Stop
from warehouse.formats.scenario_folder import read_scenario
from warehouse.metrics import measure
from warehouse.plan import Plan
from warehouse.scenario import Orders, Scenario

SMOKE_ORDERS = 30


def mercado(size: str, run: Run) -> dict[str, float]:
    """Plan one scenario with the default limits, and with the plain PIBT for motion."""
    scenario = read_scenario(run.data / size)
    stop = Stop()
    if run.smoke:
        scenario = replace(scenario, orders=first_orders(scenario.orders, SMOKE_ORDERS))
        stop = Stop(iterations=1)
    began = time.perf_counter()
    result = plan_scenario(scenario, stop, seed=run.seed)
    planned = time.perf_counter()
    plan = checked(scenario, result.solution)
    checked_at = time.perf_counter()
    figures = measure(plan)
    baseline = plan_scenario(
        scenario, stop, seed=run.seed, params=FulfilmentParams(motion="pibt")
    )
    pibt = measure(checked(scenario, baseline.solution))
    return {
        "makespan_s": figures.makespan_s,
        "bound_s": figures.bound_s,
        **{f"bound_{part}_s": s for part, s in plan.bound.makespan_s.items()},
        "gap_percent": 100 * figures.gap,
        "travel_km": figures.travel_m / 1000,
        "pibt_makespan_s": pibt.makespan_s,
        "pibt_gap_percent": 100 * pibt.gap,
        "pibt_travel_km": pibt.travel_m / 1000,
        "plan_time_s": planned - began,
        "check_time_s": checked_at - planned,
        "violations": 0,
    }


def first_orders(orders: Orders, count: int) -> Orders:
    """Return the first few orders with their lines."""
    lines = orders.line_order < count
    return Orders(
        orders.names[:count],
        orders.release_s[:count].copy(),
        orders.due_s[:count].copy(),
        orders.priority[:count].copy(),
        orders.line_order[lines],
        orders.line_sku[lines],
        orders.line_quantity[lines],
    )


def checked(scenario: Scenario, plan: Plan | None) -> Plan:
    """Return the plan; raise if it breaks a rule or loses units of an order line."""
    plan = checked_plan(plan)
    orders = scenario.orders
    counted = np.bincount(
        np.concatenate([plan.picks["line"], plan.unserved["line"]]),
        np.concatenate([plan.picks["quantity"], plan.unserved["quantity"]]),
        orders.lines,
    )
    if not np.array_equal(counted, orders.line_quantity):
        raise RuntimeError("units served and unserved do not add up to the order lines")
    return plan


for _size in ("small", "medium", "large"):
    spec(
        f"mercado-{_size}",
        f"Real orders, `{_size}`: planned with the default limits, and with PIBT alone",
        needs_data="mercado",
        seeds=(0,),
    )(partial(mercado, _size))
