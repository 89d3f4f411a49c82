"""Goods to person on generated sites: large ones, and dense ones that might lock up."""

import time
from dataclasses import replace
from typing import Final

from benchmarks.checking import checked_plan
from benchmarks.registry import ORDERS, Run, spec
from solvers.pods.planner import plan_pods
from warehouse.generate import (
    PodLayoutParams,
    PodScenarioParams,
    generate_pod_scenario,
)
from warehouse.plan import Plan, UnservedReason
from warehouse.pod_metrics import measure_pods

LARGE: Final = (
    PodScenarioParams(
        layout=PodLayoutParams(14, 19, stations=10, queue=12, homes=100, chargers=0),
        robots=100,
        pods=2000,
        skus=2000,
        orders=3000,
        backlog=250,
    ),
    PodScenarioParams(
        layout=PodLayoutParams(17, 23, stations=24, queue=12, homes=200, chargers=0),
        robots=200,
        pods=2890,
        skus=3000,
        orders=6000,
        backlog=600,
    ),
    PodScenarioParams(
        layout=PodLayoutParams(24, 33, stations=20, queue=12, homes=300, chargers=0),
        robots=300,
        pods=6000,
        skus=6000,
        orders=6000,
        backlog=500,
    ),
    PodScenarioParams(
        layout=PodLayoutParams(44, 60, stations=40, queue=16, homes=1000, chargers=0),
        robots=1000,
        pods=20_000,
        skus=20_000,
        orders=12_000,
        backlog=1000,
    ),
)
"""Floor and robots grow alike."""
DENSE: Final = PodScenarioParams(
    layout=PodLayoutParams(8, 10, stations=8, queue=6, homes=80, chargers=0),
    robots=80,
    pods=620,
    skus=600,
    orders=4000,
    backlog=200,
)
"""All but 20 of 640 spots are taken, and robots are many."""
HOUR_S: Final = 3600.0
SMOKE_S: Final = 60.0


def simulated(run: Run, params: PodScenarioParams) -> tuple[Plan, float]:
    """Plan of an hour that keeps every rule, and the seconds of planning."""
    end_s = SMOKE_S if run.smoke else HOUR_S
    scenario = generate_pod_scenario(replace(params, seed=run.seed, end_s=end_s))
    began = time.perf_counter()
    result = plan_pods(scenario, seed=run.seed)
    took_s = time.perf_counter() - began
    return checked_plan(result.solution), took_s


@spec(
    "pods-large",
    "Robots carry pods on generated floors of up to 20,000 pods, one hour from the "
    "start: units, and seconds of planning for each simulated minute, by number of "
    "robots",
    seeds=(1,),
    group=ORDERS,
)
def large(run: Run) -> dict[str, float]:
    """Plan one site of each size; figures carry the number of robots in front."""
    figures = {}
    for params in LARGE[:1] if run.smoke else LARGE:
        plan, took_s = simulated(run, params)
        measured = measure_pods(plan)
        minutes = measured.to_s / 60
        name = f"{params.robots}_robots"
        figures[f"{name}_units_per_station_hour"] = measured.units_per_station_hour
        figures[f"{name}_s_per_simulated_minute"] = took_s / minutes
    return figures


@spec(
    "pods-dense",
    "80 robots on a generated floor with 620 pods on 640 spots, one hour: units, runs "
    "that stall, robots that stood on their way for the last five minutes",
    seeds=tuple(range(10)),
    group=ORDERS,
)
def dense(run: Run) -> dict[str, float]:
    """Plan a site on which hardly a spot is free."""
    plan, _ = simulated(run, DENSE)
    return locked(plan)


@spec(
    "pods-thousand",
    "1,000 robots, 20,000 pods, 40 stations, one hour from the start: units, runs that "
    "stall, robots that stood on their way for the last five minutes, and seconds",
    seeds=tuple(range(10)),
    group=ORDERS,
)
def thousand(run: Run) -> dict[str, float]:
    """Plan the largest site, another one for each seed."""
    plan, took_s = simulated(run, LARGE[0 if run.smoke else -1])
    return {**locked(plan), "time_s": took_s}


def locked(plan: Plan) -> dict[str, float]:
    """What is picked, and whether robots are in each other's way for good."""
    blocked = (plan.unserved["reason"] == UnservedReason.BLOCKED).any()
    measured = measure_pods(plan)
    return {
        "units_per_station_hour": measured.units_per_station_hour,
        "stalled": float(blocked),
        "stuck_robots": float(measured.standing),
    }
