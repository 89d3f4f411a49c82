"""Orders in cartons on trucks: late orders by objective, and real orders with both."""

import time
from dataclasses import replace
from functools import partial
from typing import Final

from benchmarks.mercado import SMOKE_ORDERS, checked, first_orders
from benchmarks.registry import ORDERS, Run, spec
from solvers.fulfilment import FulfilmentParams, plan_scenario
from solvers.fulfilment.params import Objective
from solvers.result import Stop
from warehouse.formats.scenario_folder import read_scenario
from warehouse.generate import (
    LayoutParams,
    ScenarioParams,
    ShippingParams,
    add_shipping,
    generate_scenario,
)
from warehouse.metrics import Metrics, measure
from warehouse.scenario import Scenario

OBJECTIVES: Final[tuple[Objective, ...]] = ("on-time", "travel", "throughput")
EVERY_S: Final = 1800.0
LIMIT_S: Final = 90.0
TIGHT: Final = ScenarioParams(
    orders=600, skus=400, robots=16, layout=LayoutParams(stations=4)
)
"""About four departures of work for the packers, and four departures."""


def tight_site(seed: int, orders: int) -> Scenario:
    """A site whose packers have just time enough for what goes with each departure."""
    params = replace(TIGHT, orders=orders, seed=seed)
    sent = ShippingParams(trucks_every_s=EVERY_S, seed=seed)
    return add_shipping(generate_scenario(params), sent)


def planned(scenario: Scenario, objective: Objective, stop: Stop, seed: int) -> Metrics:
    """Plan and check; return what the plan achieves."""
    params = FulfilmentParams(objective=objective)
    result = plan_scenario(scenario, stop, seed=seed, params=params)
    return measure(checked(scenario, result.solution))


@spec(
    "trucks-tight",
    "600 orders, departures every 30 minutes: late orders with `--objective on-time`, "
    "beside `travel`, and the makespan beside `throughput`",
    group=ORDERS,
)
def trucks_tight(run: Run) -> dict[str, float]:
    """Plan one tight site for each objective, with equally many runs."""
    scenario = tight_site(run.seed, 60 if run.smoke else TIGHT.orders)
    stop = Stop(iterations=1 if run.smoke else 8)
    made = {o: planned(scenario, o, stop, run.seed) for o in OBJECTIVES}
    late = {objective: metrics.late_orders for objective, metrics in made.items()}
    ends_s = {objective: metrics.makespan_s for objective, metrics in made.items()}
    return {
        **{f"{objective}_late": float(number) for objective, number in late.items()},
        "less_late_percent": _less(late["on-time"], late["travel"]),
        **{f"{objective}_makespan_s": end_s for objective, end_s in ends_s.items()},
        "more_makespan_percent": 100 * (ends_s["on-time"] / ends_s["throughput"] - 1),
    }


def _less(ours: int, theirs: int) -> float:
    """By how many percent ours is less; 0 where nobody is late."""
    return 100 * (1 - ours / theirs) if theirs else 0.0


def trucks_mercado(size: str, run: Run) -> dict[str, float]:
    """Plan real orders with drawn sizes, twelve cartons and trucks."""
    scenario = read_scenario(run.data / size)
    if run.smoke:
        scenario = replace(scenario, orders=first_orders(scenario.orders, SMOKE_ORDERS))
    sent = ShippingParams(trucks_every_s=EVERY_S, seed=run.seed)
    scenario = add_shipping(scenario, sent)
    began = time.perf_counter()
    stop = Stop(iterations=1) if run.smoke else Stop(LIMIT_S)
    metrics = planned(scenario, "throughput", stop, run.seed)
    return {
        "gap_percent": 100 * metrics.gap,
        "makespan_s": metrics.makespan_s,
        "late": float(metrics.late_orders),
        "time_s": time.perf_counter() - began,
    }


for _size in ("medium", "large"):
    spec(
        f"trucks-mercado-{_size}",
        f"Real orders, `{_size}`, in twelve cartons on trucks, 90 s: gap to the bound",
        needs_data="mercado",
        seeds=(0,),
        group=ORDERS,
    )(partial(trucks_mercado, _size))
