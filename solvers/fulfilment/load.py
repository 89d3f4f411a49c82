"""Kernels of the fulfilment loop made ready before a clock runs."""

from typing import Final

import numpy as np

from solvers.fulfilment.params import FulfilmentParams
from solvers.fulfilment.planner import plan_scenario
from solvers.result import Stop, Termination
from warehouse.generate import add_shipping, generate_scenario
from warehouse.generate.params import LayoutParams, ScenarioParams
from warehouse.generate.shipping import ShippingParams
from warehouse.scenario import Scenario

RUNS: Final = 6
"""Runs of the loop on it in which every part has its turn."""
EVERY_S: Final = 300.0
"""Time between its trucks."""


def load_kernels(scenario: Scenario, params: FulfilmentParams) -> None:
    """Compile what `plan_scenario` uses, or load it from the cache.

    The first call on a machine takes some twenty seconds. What is planned is a small
    scenario that is like the given one.

    Parameters
    ----------
    scenario : Scenario
    params : FulfilmentParams

    Raises
    ------
    KeyboardInterrupt
        On Ctrl-C: there is no plan yet that could be kept.
    """
    result = plan_scenario(
        small_likeness(scenario), Stop(iterations=RUNS), params=params
    )
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
        time, and there are cartons and trucks, where the given scenario has it so.

    Examples
    --------
    >>> from layouts import folder
    >>> from warehouse.formats.scenario_folder import read_scenario
    >>> likeness = small_likeness(read_scenario(folder("large")))
    >>> len(likeness.orders), len(likeness.fleet), likeness.shipping
    (12, 3, None)
    """
    orders, shipping = scenario.orders, scenario.shipping
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
