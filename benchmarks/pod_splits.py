"""Goods to person with orders split over stations, beside orders that are not."""

from dataclasses import replace
from typing import Final

from benchmarks.checking import checked_plan
from benchmarks.pods import FOLDER
from benchmarks.registry import ORDERS, Run, spec
from solvers.pods.params import PodParams
from solvers.pods.planner import plan_pods
from warehouse.formats.scenario_folder import read_scenario
from warehouse.generate import (
    PodLayoutParams,
    PodScenarioParams,
    generate_pod_scenario,
)
from warehouse.pod_metrics import measure_pods
from warehouse.scenario import Scenario

SECONDS: Final = (None, 0.0, 30.0, 120.0)
FEW_SLOTS: Final = PodScenarioParams(
    layout=PodLayoutParams(8, 10, stations=8, queue=6, homes=80, chargers=0),
    robots=12,
    pods=500,
    orders=6000,
    order_slots=2,
    backlog=200,
)
"""Orders of several lines, of which few can be open at once."""


@spec(
    "pods-split",
    "12 robots carry pods on a generated site with two slots a station, one counted "
    "hour, orders split over stations for 0, 30, 120 s or not: units, visits, orders "
    "done, minutes of an order",
    seeds=(1, 2, 3),
    group=ORDERS,
)
def few_slots(run: Run) -> dict[str, float]:
    """Plan the site; figures carry robots and seconds in front."""
    site = generate_pod_scenario(replace(FEW_SLOTS, seed=run.seed))
    return split_hours(run, site)


@spec(
    "pods-split-rawsim",
    "Robots carry pods on RAWSim-O's layout, one counted hour, orders split over "
    "stations for 0, 30, 120 s or not: units, visits, orders done, minutes of an "
    "order, by number of robots",
    needs_data=FOLDER,
    seeds=(1, 2, 3),
    group=ORDERS,
)
def published(run: Run) -> dict[str, float]:
    """Plan the site with each fleet; figures carry robots and seconds in front."""
    figures: dict[str, float] = {}
    for robots in (12,) if run.smoke else (12, 60):
        figures |= split_hours(run, read_scenario(run.data, robots=robots))
    return figures


def split_hours(run: Run, scenario: Scenario) -> dict[str, float]:
    """Key figures of plans that keep every rule, by the seconds of a split."""
    if scenario.pods is None:
        raise RuntimeError(f"the scenario {scenario.name} has no pods")
    warm_up_s, end_s = (60.0, 120.0) if run.smoke else (1800.0, 5400.0)
    hour = replace(scenario.pods, warm_up_s=warm_up_s, end_s=end_s)
    scenario = replace(scenario, pods=hour)
    figures = {}
    for split_s in SECONDS:
        result = plan_pods(scenario, seed=run.seed, params=PodParams(split_s=split_s))
        measured = measure_pods(checked_plan(result.solution))
        words = "whole" if split_s is None else f"split_{split_s:.0f}_s"
        name = f"{len(scenario.fleet)}_robots_{words}"
        figures[f"{name}_units_per_station_hour"] = measured.units_per_station_hour
        figures[f"{name}_visits_per_unit"] = measured.visits_per_unit
        figures[f"{name}_orders"] = measured.orders
        figures[f"{name}_order_minutes"] = measured.order_time_s / 60
    return figures
