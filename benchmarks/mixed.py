"""Racks and pods on one floor: generated sites for both kinds of robots."""

import time
from dataclasses import replace
from typing import Final

from benchmarks.checking import checked_plan
from benchmarks.registry import ORDERS, Run, spec
from solvers.mixed.planner import plan_mixed
from warehouse.generate import (
    PodLayoutParams,
    PodScenarioParams,
    generate_pod_scenario,
)
from warehouse.mixed_metrics import MixedMetrics, measure_mixed

FLOOR: Final = PodLayoutParams(
    block_rows=9, block_cols=9, stations=8, homes=64, chargers=6
)
SITE: Final = PodScenarioParams(
    layout=FLOOR,
    racks=150,
    pods=400,
    robots=24,
    tote_robots=24,
    skus=700,
    skus_per_pod=8,
    orders=1000,
)
BATTERY_WH: Final = 60.0
"""Small, so that robots have to charge."""
SHIFT: Final = replace(
    SITE,
    layout=replace(FLOOR, replenishment_stations=2),
    orders=3000,
    backlog=200,
    warm_up_s=600.0,
    end_s=3600.0,
    battery_wh=BATTERY_WH,
)
"""An hour of it, with all that a shift has."""


@spec(
    "mixed-floor",
    "24 robots with totes and 24 with pods on one generated floor, 1,000 orders, "
    "without and with batteries: orders served, seconds until the last one is done, "
    "gap, metres a unit of either side, seconds of planning; lowest level of batteries",
    group=ORDERS,
)
def mixed_floor(run: Run) -> dict[str, float]:
    """Plan the site twice; figures with batteries carry that in front."""
    figures = {}
    for battery_wh, words in ((0.0, ""), (BATTERY_WH, "batteries_")):
        for name, value in planned(run, battery_wh).items():
            figures[words + name] = value
    return figures


def timed_plan(params: PodScenarioParams) -> tuple[MixedMetrics, float]:
    """Figures of a plan that keeps every rule, and the seconds that it took."""
    scenario = generate_pod_scenario(params)
    began = time.perf_counter()
    result = plan_mixed(scenario, seed=params.seed)
    took_s = time.perf_counter() - began
    return measure_mixed(checked_plan(result.solution)), took_s


def planned(run: Run, battery_wh: float) -> dict[str, float]:
    """Key figures of one plan that keeps every rule."""
    params = replace(SITE, seed=run.seed, battery_wh=battery_wh)
    if run.smoke:
        params = replace(params, orders=20)
    measured, took_s = timed_plan(params)
    figures = {
        "orders_served": measured.orders_served,
        "makespan_s": measured.makespan_s,
        "gap": measured.gap,
        "totes_m_per_unit": measured.racks.travel_m_per_unit,
        "pods_m_per_unit": measured.pods.travel_m_per_unit,
        "time_s": took_s,
    }
    if measured.battery is not None:
        figures["lowest_level"] = measured.battery.lowest_level
    return figures


@spec(
    "mixed-shift",
    "An hour of that floor with batteries, two stations where pods are filled, and 200 "
    "orders that wait, figures from the tenth minute on: orders and units an hour, "
    "metres a unit of either side, how idle packers and pickers are, units put into "
    "pods, lowest level of batteries, seconds of planning",
    group=ORDERS,
)
def mixed_shift(run: Run) -> dict[str, float]:
    """Plan it once."""
    params = replace(SHIFT, seed=run.seed)
    if run.smoke:
        params = replace(params, orders=40, warm_up_s=20.0, end_s=120.0)
    measured, took_s = timed_plan(params)
    assert measured.refills is not None and measured.battery is not None
    return {
        "orders_per_hour": measured.orders_per_hour,
        "units_per_hour": measured.units_per_hour,
        "totes_m_per_unit": measured.racks.travel_m_per_unit,
        "pods_m_per_unit": measured.pods.travel_m_per_unit,
        "packers_idle": measured.racks.idle,
        "pickers_idle": measured.pods.idle,
        "units_put_in": measured.refills.units,
        "lowest_level": measured.battery.lowest_level,
        "time_s": took_s,
    }
