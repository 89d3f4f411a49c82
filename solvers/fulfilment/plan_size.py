"""Refuses scenarios whose plan would be endless: a time or a quantity is mistaken."""

from typing import Final

import numpy as np

from solvers.fulfilment.ride_limits import too_heavy
from warehouse.errors import SolverError
from warehouse.plan import MOST_POSITIONS
from warehouse.scenario import Scenario

MOST_STEPS: Final = 5_000_000
"""Timesteps that a plan may have; at usual speed about five weeks."""


def refuse_endless(scenario: Scenario) -> None:
    """Refuse what takes so long that the plan could not be written down.

    Looks at release times, at the begin of shifts, and at the service of the orders
    without any driving.

    Raises
    ------
    SolverError
        E340.
    """
    last_s = float(scenario.orders.release_s.max(initial=0.0))
    work_s = _service_s(scenario)
    shift_s = 0.0
    if scenario.staff is not None:
        shift_s = float(scenario.staff.packers.start_s.max())
    longest_s = max(last_s, work_s, shift_s)
    robots = max(1, len(scenario.fleet))
    most = min(MOST_STEPS, MOST_POSITIONS // robots)
    steps = longest_s / scenario.step_s
    if steps <= most:
        return
    found = f"the last order is released at {last_s:.0f} s"
    needed = "plan a shorter part of the orders at a time"
    if shift_s >= max(work_s, last_s):
        found = f"the last shift of a packer begins at {shift_s:.0f} s"
        needed = "plan the shifts of one day at a time"
    elif work_s >= last_s:
        found = f"to pick and pack the orders takes {work_s:.4g} s without any driving"
        needed = "look for a quantity, a service time or a speed that is mistaken"
    raise SolverError(
        "E340",
        f"{found}: a plan up to then has {steps:.2g} timesteps of {robots:,} robots, "
        f"the most is {most:.2g}",
        needed,
    )


def _service_s(scenario: Scenario) -> float:
    """Seconds that robots or packers need for what is in stock, at least.

    For the longest order alone, or for all together shared evenly.
    """
    given, service = scenario.orders, scenario.service
    stock = np.zeros(len(scenario.sku_names))
    np.add.at(stock, scenario.stock.sku, scenario.stock.quantity)
    units = np.minimum(given.line_quantity, stock[given.line_sku])
    units[too_heavy(scenario)[given.line_order]] = 0.0
    pick_s = service.pick_s_per_line * (units > 0) + service.pick_s_per_unit * units
    pick_of_order_s, pack_of_order_s = np.zeros((2, len(given)))
    np.add.at(pick_of_order_s, given.line_order, pick_s)
    np.add.at(pack_of_order_s, given.line_order, service.pack_s_per_unit * units)
    packers = max(1, sum(station.packers for station in scenario.stations))
    # Lines that share a stock are counted in full: that errs by a small factor.
    return float(
        max(
            (pick_of_order_s + pack_of_order_s).max(initial=0.0),
            pick_s.sum() / max(1, len(scenario.fleet)),
            pack_of_order_s.sum() / packers,
        )
    )
