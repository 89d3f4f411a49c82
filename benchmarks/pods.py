"""Goods to person: one counted hour of a published site, ours and the simple rules."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from benchmarks.checking import checked_plan
from benchmarks.registry import ORDERS, Run, spec
from solvers.pods.params import PodParams, PodRules
from solvers.pods.planner import plan_pods
from warehouse.formats.scenario_folder import read_scenario
from warehouse.pod_metrics import measure_pods

FOLDER: Final = "rawsim/layout_c"
FLEETS: Final[dict[PodRules, tuple[int, ...]]] = {
    "joint": (8, 12, 16, 20, 24, 60),
    "pod-match": (12, 20, 60),
    "first-come": (12, 20, 60),
    "random": (20, 60),
}
SMOKE_S: Final = 120.0
"""Simulated seconds of a smoke run; half of them are counted."""


def pods(run: Run, rules: PodRules) -> dict[str, float]:
    """Plan the site with each fleet; figures carry the number of robots in front."""
    fleets = FLEETS[rules][:1] if run.smoke else FLEETS[rules]
    figures: dict[str, float] = {}
    for robots in fleets:
        for name, value in counted_hour(run, rules, robots).items():
            figures[f"{robots}_robots_{name}"] = value
    return figures


def counted_hour(run: Run, rules: PodRules, robots: int) -> dict[str, float]:
    """Key figures of one plan that keeps every rule."""
    scenario = read_scenario(run.data, robots=robots)
    if scenario.pods is None:
        raise RuntimeError(f"the scenario {scenario.name} has no pods")
    if run.smoke:
        short = replace(scenario.pods, warm_up_s=SMOKE_S / 2, end_s=SMOKE_S)
        scenario = replace(scenario, pods=short)
    began = time.perf_counter()
    result = plan_pods(scenario, seed=run.seed, params=PodParams(rules=rules))
    took_s = time.perf_counter() - began
    measured = measure_pods(checked_plan(result.solution))
    return {
        "units_per_station_hour": measured.units_per_station_hour,
        "m_per_unit": measured.travel_m_per_unit,
        "visits_per_unit": measured.visits_per_unit,
        "s_per_simulated_hour": took_s * 3600 / measured.to_s,
    }


def _register(rules: PodRules, words: str) -> Callable[[Run], dict[str, float]]:
    """Make a spec of one way to decide."""
    register = spec(
        f"pods-{rules}",
        f"Robots carry pods on RAWSim-O's layout, one counted hour, {words}: units, "
        "metres, visits, and seconds of planning by number of robots",
        needs_data=FOLDER,
        seeds=(1, 2, 3),
        group=ORDERS,
    )
    return register(partial(pods, rules=rules))


_register("joint", "all decided together")
_register("pod-match", "pod match")
_register("first-come", "first come, nearest pod")
_register("random", "any order and pod")
