"""Goods to person with replenishment: one counted hour of a generated site."""

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
from warehouse.pod_metrics import measure_pods

FLEETS: Final = (12, 20, 60)
FLOOR: Final = PodLayoutParams(
    block_rows=9,
    block_cols=9,
    stations=8,
    station_side="right",
    homes=64,
    chargers=0,
    towards_stations=True,
)
SITE: Final = PodScenarioParams(
    layout=FLOOR,
    pods=500,
    skus=791,
    skus_per_pod=9,
    popularity=0.5,
    orders=6000,
    lines_mean=1.56,
    units_mean=1.05,
    single_line_share=0.6,
    backlog=200,
    warm_up_s=1800.0,
    end_s=5400.0,
)
"""As large as RAWSim-O's layout in `benchmarks.pods`, with SKUs wanted about alike."""


@spec(
    "pods-refill",
    "Robots carry pods to 8 stations, one counted hour of a generated site, without "
    "and with 4 stations where as many units are put into pods as leave: units picked "
    "and put in, metres, visits by number of robots",
    seeds=(1, 2, 3),
    group=ORDERS,
)
def pods_refill(run: Run) -> dict[str, float]:
    """Plan the site with each fleet; figures carry the number of robots in front."""
    figures: dict[str, float] = {}
    for robots in FLEETS[:1] if run.smoke else FLEETS:
        for fill_stations, words in ((0, "alone"), (4, "refilled")):
            for name, value in counted_hour(run, robots, fill_stations).items():
                figures[f"{robots}_robots_{words}_{name}"] = value
    return figures


def counted_hour(run: Run, robots: int, fill_stations: int) -> dict[str, float]:
    """Key figures of one plan that keeps every rule."""
    layout = replace(FLOOR, replenishment_stations=fill_stations)
    params = replace(SITE, layout=layout, robots=robots, seed=run.seed)
    if run.smoke:
        params = replace(params, orders=200, warm_up_s=60.0, end_s=120.0)
    result = plan_pods(generate_pod_scenario(params), seed=run.seed)
    measured = measure_pods(checked_plan(result.solution))
    figures = {
        "units_per_station_hour": measured.units_per_station_hour,
        "pile_on": measured.pile_on,
        "m_per_unit": measured.travel_m_per_unit,
    }
    if measured.refills is not None:
        figures |= {
            "units_put_in": measured.refills.units,
            "units_waiting": measured.refills.waiting,
            "visits_to_be_filled": measured.refills.visits,
        }
    return figures
