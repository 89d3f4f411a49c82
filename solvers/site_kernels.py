"""Kernels that plan a site, made ready before a clock runs."""

from dataclasses import replace
from typing import Final, Protocol

import numpy as np

from solvers.result import ProgressCallback, Result, Stop, Termination
from warehouse.generate import (
    PodLayoutParams,
    PodScenarioParams,
    add_shipping,
    generate_pod_scenario,
    generate_scenario,
)
from warehouse.generate.params import LayoutParams, ScenarioParams
from warehouse.generate.shipping import ShippingParams
from warehouse.plan import Plan
from warehouse.scenario import PodSystem, Scenario
from warehouse.shipping import Shipping
from warehouse.staff import PackerBreaks, Packers, Staff

RUNS: Final = 6
"""Runs of the fulfilment loop in which every part has its turn."""
EVERY_S: Final = 300.0
"""Time between trucks."""
BATTERY_WH: Final = 1000.0
"""Enough for a few orders."""


class Planner(Protocol):
    """`plan_scenario`, `plan_pods` or `plan_mixed`, with its parameters bound."""

    def __call__(
        self,
        scenario: Scenario,
        stop: Stop,
        *,
        seed: int = 0,
        on_progress: ProgressCallback | None = None,
    ) -> Result[Plan]:
        """Plan a site."""


def load_kernels(plan: Planner, scenario: Scenario) -> None:
    """Compile what a planner uses on a site, or load it from the cache.

    The first call on a machine takes some twenty seconds. What is planned is a small
    scenario that is like the given one.

    Parameters
    ----------
    plan : Planner
        The one that is to plan ``scenario``, with the same parameters.
    scenario : Scenario

    Raises
    ------
    KeyboardInterrupt
        On Ctrl-C: there is no plan yet that could be kept.
    """
    result = plan(small_likeness(scenario), Stop(iterations=RUNS))
    if result.termination is Termination.INTERRUPTED:
        raise KeyboardInterrupt


def small_likeness(scenario: Scenario) -> Scenario:
    """Make a small scenario that uses what a given one uses.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    Scenario
        A few orders on a small floor. Robots turn, orders are due or come in over
        time, and there are packers with shifts, pods, racks beside them, batteries,
        stations where pods are filled, cartons and trucks, where the given scenario
        has it so.

    Examples
    --------
    >>> from layouts import folder
    >>> from warehouse.formats.scenario_folder import read_scenario
    >>> likeness = small_likeness(read_scenario(folder("large")))
    >>> len(likeness.orders), len(likeness.fleet), likeness.shipping
    (12, 3, None)
    """
    shipping = scenario.shipping
    if scenario.pods is not None:
        return _with_cartons(_with_pods(scenario, scenario.pods), shipping)
    orders = scenario.orders
    likeness = generate_scenario(
        ScenarioParams(
            layout=LayoutParams(
                block_rows=1, aisles_per_block=2, aisle_depth=4, stations=2, homes=4
            ),
            robots=3,
            tote_slots=min(4, scenario.fleet.tote_slots),
            motion=scenario.fleet.motion,
            orders=12,
            skus=10,
            released_at_start=0.5 if orders.release_s.any() else 1.0,
            horizon_s=120.0,
            due_after_s=(60.0, 600.0) if np.isfinite(orders.due_s).any() else None,
        )
    )
    if scenario.staff is not None:
        likeness = _with_people(likeness)
    return _with_cartons(likeness, shipping)


def _with_cartons(likeness: Scenario, shipping: Shipping | None) -> Scenario:
    """Pack orders in cartons, for trucks or not, if the given site does."""
    if shipping is None:
        return likeness
    rules = shipping.rules
    return add_shipping(
        likeness,
        ShippingParams(
            setup_s=rules.setup_s,
            support=rules.support,
            trucks_every_s=0.0 if shipping.trucks is None else EVERY_S,
            carriers=1,
        ),
    )


def _with_people(likeness: Scenario) -> Scenario:
    """Give each station one packer with a shift, the first of them with a break."""
    stations = likeness.stations
    many = len(stations)
    packers = Packers(
        names=tuple(station.name for station in stations),
        station=np.arange(many, dtype=np.int32),
        start_s=np.zeros(many),
        end_s=np.full(many, np.inf),
        speed=np.ones(many),
        skills=(frozenset(),) * many,
    )
    rest = PackerBreaks(np.zeros(1, np.int32), *np.array([[60.0], [90.0], [0.0]]))
    return replace(
        likeness,
        stations=tuple(replace(station, packers=1) for station in stations),
        staff=Staff(packers, rest),
    )


def _with_pods(scenario: Scenario, pods: PodSystem) -> Scenario:
    """Make the likeness of a site with pods."""
    battery = scenario.fleet.battery is not None
    return generate_pod_scenario(
        PodScenarioParams(
            layout=PodLayoutParams(
                block_rows=2,
                block_cols=2,
                stations=2,
                replenishment_stations=int(pods.replenishment is not None),
                queue=3,
                homes=4,
                chargers=int(battery),
            ),
            robots=2,
            pods=16,
            racks=6 if scenario.is_mixed else 0,
            tote_robots=2 if scenario.is_mixed else 0,
            skus_per_pod=3,
            battery_wh=BATTERY_WH if battery else 0.0,
            orders=12,
            skus=10,
        )
    )
