"""What the order decisions are worth: the same chain with rules of thumb instead."""

import time
from dataclasses import replace
from functools import partial

from benchmarks.mercado import SMOKE_ORDERS, checked, first_orders
from benchmarks.registry import ORDERS, Run, spec
from solvers.fulfilment import FulfilmentParams, plan_scenario
from solvers.fulfilment.params import Decisions
from solvers.result import Stop
from warehouse.formats.scenario_folder import read_scenario
from warehouse.metrics import Metrics, measure
from warehouse.scenario import Scenario


def plain_decisions(size: str, run: Run) -> dict[str, float]:
    """Plan one scenario twice as ``aislewise plan`` does; travel is what is driven."""
    scenario = read_scenario(run.data / size)
    if run.smoke:
        scenario = replace(scenario, orders=first_orders(scenario.orders, SMOKE_ORDERS))
    joint, joint_s = planned(scenario, "joint", run)
    plain, plain_s = planned(scenario, "plain", run)
    return {
        "travel_km": joint.travel_m / 1000,
        "plain_travel_km": plain.travel_m / 1000,
        "less_travel_percent": 100 * (1 - joint.travel_m / plain.travel_m),
        "travel_m_per_unit": joint.travel_m_per_unit,
        "plain_travel_m_per_unit": plain.travel_m_per_unit,
        "makespan_s": joint.makespan_s,
        "plain_makespan_s": plain.makespan_s,
        "shorter_makespan_percent": 100 * (1 - joint.makespan_s / plain.makespan_s),
        "plan_time_s": joint_s,
        "plain_plan_time_s": plain_s,
    }


def planned(
    scenario: Scenario, decisions: Decisions, run: Run
) -> tuple[Metrics, float]:
    """Plan and check; return what the plan achieves and how long it took, in s."""
    began = time.perf_counter()
    result = plan_scenario(
        scenario,
        Stop(iterations=1) if run.smoke else Stop(),
        seed=run.seed,
        params=FulfilmentParams(decisions=decisions),
    )
    took_s = time.perf_counter() - began
    return measure(checked(scenario, result.solution)), took_s


for _size in ("small", "medium", "large"):
    spec(
        f"decisions-mercado-{_size}",
        f"Real orders, `{_size}`: the default plan, and the same chain with nearest "
        "stock, first-come batches of as many orders as totes, nearest-neighbour tours",
        needs_data="mercado",
        seeds=(0,),
        group=ORDERS,
    )(partial(plain_decisions, _size))
