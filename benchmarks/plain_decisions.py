"""What the order decisions are worth: the same chain with rules of thumb instead."""

import time
from dataclasses import replace
from functools import partial
from typing import Final

from benchmarks.mercado import SMOKE_ORDERS, checked, first_orders
from benchmarks.registry import ORDERS, Run, spec
from solvers.fulfilment import FulfilmentParams, plan_scenario
from solvers.fulfilment.params import Decisions, Objective
from solvers.result import Stop
from warehouse.formats.scenario_folder import read_scenario
from warehouse.metrics import Metrics, measure
from warehouse.scenario import Scenario

OBJECTIVES: Final[tuple[Objective, ...]] = ("throughput", "travel")


def plain_decisions(size: str, run: Run) -> dict[str, float]:
    """Plan one scenario twice as ``aislewise plan`` does, then twice for least travel.

    Travel is what robots drive in the plan, not what was planned for them. Where few
    robots' tours decide when all is done, the default makes trips smaller to be done
    sooner, with either kind of decisions.
    """
    scenario = read_scenario(run.data / size)
    if run.smoke:
        scenario = replace(scenario, orders=first_orders(scenario.orders, SMOKE_ORDERS))
    figures: dict[str, float] = {}
    for objective in OBJECTIVES:
        joint, joint_s = planned(scenario, "joint", objective, run)
        plain, plain_s = planned(scenario, "plain", objective, run)
        figures |= {
            f"{objective}_travel_km": joint.travel_m / 1000,
            f"{objective}_plain_travel_km": plain.travel_m / 1000,
            f"{objective}_less_travel_percent": _less(joint.travel_m, plain.travel_m),
            f"{objective}_makespan_s": joint.makespan_s,
            f"{objective}_plain_makespan_s": plain.makespan_s,
            f"{objective}_less_makespan_percent": _less(
                joint.makespan_s, plain.makespan_s
            ),
            f"{objective}_time_s": joint_s,
            f"{objective}_plain_time_s": plain_s,
        }
    return figures


def _less(ours: float, plain: float) -> float:
    return 100 * (1 - ours / plain)


def planned(
    scenario: Scenario, decisions: Decisions, objective: Objective, run: Run
) -> tuple[Metrics, float]:
    """Plan and check; return what the plan achieves and how long it took, in s."""
    began = time.perf_counter()
    result = plan_scenario(
        scenario,
        Stop(iterations=1) if run.smoke else Stop(),
        seed=run.seed,
        params=FulfilmentParams(objective, decisions=decisions),
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
