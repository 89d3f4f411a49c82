"""What limits the orders of a trip: tote slots, and mass where robots have a limit."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from warehouse.scenario import Scenario

PARTS: Final = 1_000_000_000
"""Masses are counted in so many parts of the most that a robot may carry."""
SLACK: Final = 500
"""Parts more that a trip may have: what rounding adds up to at 1,000 orders."""
MOST: Final = 2_000_000_000


def too_heavy(scenario: Scenario) -> NDArray[np.bool_]:
    """Orders that ask for more than any robot may carry, shape (orders,)."""
    return _parts(scenario, scenario.order_mass_kg()) > PARTS + SLACK


def ride_limits(
    scenario: Scenario, slots: int, line: ArrayLike, quantity: ArrayLike
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Capacity of a trip, and what each order takes of it.

    Parameters
    ----------
    scenario : Scenario
    slots : int
        Orders that may ride together.
    line, quantity : array_like of int, shape (n,)
        Units of order lines that are to be fetched; those of an order may be spread
        over several entries.

    Returns
    -------
    ndarray of int64, shape (resources,)
        Of tote slots alone, or of slots and parts of the mass that a robot may carry.
    ndarray of int64, shape (orders, resources)
        For each order that has an entry, in ascending order.
    """
    of_entry = scenario.orders.line_order[np.asarray(line, np.int64)]
    orders, owner = np.unique(of_entry, return_inverse=True)
    one_each = np.ones((len(orders), 1), np.int64)
    if scenario.sku_mass_kg is None or np.isinf(scenario.fleet.max_mass_kg):
        return np.array([slots], np.int64), one_each
    unit_kg = scenario.sku_mass_kg[scenario.orders.line_sku[np.asarray(line)]]
    mass_kg = np.zeros(len(orders))
    np.add.at(mass_kg, owner, unit_kg * np.asarray(quantity))
    load = np.column_stack([one_each, _parts(scenario, mass_kg)])
    return np.array([slots, PARTS + SLACK], np.int64), load


def _parts(scenario: Scenario, mass_kg: NDArray[np.float64]) -> NDArray[np.int64]:
    """Masses as whole parts of what a robot may carry."""
    share = np.minimum(mass_kg / scenario.fleet.max_mass_kg * PARTS, MOST)
    return np.rint(share).astype(np.int64)
