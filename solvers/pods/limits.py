"""Sites with pods that cannot be planned, said before anything is set up."""

import numpy as np

from warehouse.errors import SolverError
from warehouse.layout import CellKind
from warehouse.plan import MOST_POSITIONS
from warehouse.scenario import PodSystem, Scenario


def refuse_unplannable(scenario: Scenario, pods: PodSystem) -> None:
    """Refuse batteries that nothing charges, and plans that would be too large.

    A plan goes on until its horizon or, without one, at least until the last order is
    released and the last goods arrive.

    Parameters
    ----------
    scenario : Scenario
    pods : PodSystem
        Of the scenario.

    Raises
    ------
    SolverError
        E371 where the plan would be too large, E372 for batteries without a charger.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from warehouse.generate import PodScenarioParams, generate_pod_scenario
    >>> site = generate_pod_scenario(PodScenarioParams(orders=5))
    >>> refuse_unplannable(site, site.pods)
    >>> refuse_unplannable(site, replace(site.pods, end_s=1e9))
    Traceback (most recent call last):
    warehouse.errors.SolverError: E371 a plan up to 1000000000 s has 1e+10 positions \
of robots, the most is 5e+08; plan a shorter time
    """
    battery = scenario.fleet.battery
    if battery is not None and not (scenario.layout.kinds == CellKind.CHARGER).any():
        hint = "mark a charger, or plan without batteries"
        raise SolverError("E372", "robots have batteries and nowhere to charge", hint)
    end_s = pods.end_s
    if not np.isfinite(end_s):
        end_s = float(scenario.orders.release_s.max(initial=0.0))
        if pods.replenishment is not None:
            end_s = max(end_s, float(pods.replenishment.release_s.max(initial=0.0)))
    positions = end_s / scenario.step_s * len(scenario.fleet)
    if positions > MOST_POSITIONS:
        raise SolverError(
            "E371",
            f"a plan up to {end_s:.0f} s has {positions:.2g} positions of robots, the "
            f"most is {MOST_POSITIONS:.2g}",
            "plan a shorter time",
        )
