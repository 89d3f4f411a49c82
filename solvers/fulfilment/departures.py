"""Which departure of its carrier each order is to be packed for."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from solvers.fulfilment.order_cartons import PackedOrder
from warehouse.cutoffs import timely_trucks
from warehouse.scenario import Scenario
from warehouse.truck_loading import TruckRoom


def plan_departures(
    scenario: Scenario, packed: Sequence[PackedOrder]
) -> NDArray[np.bool_]:
    """Choose the departure each order is to be packed for, before anything is moved.

    Every order gets the latest departure in time that has room. An order for which no
    truck has room keeps all that are in time.

    Parameters
    ----------
    scenario : Scenario
        With trucks, and all orders known at the start.
    packed : sequence of PackedOrder
        Cartons of every order.

    Returns
    -------
    ndarray of bool, shape (orders, trucks)
        Departures to aim at.
    """
    trucks, timely = scenario.trucks, timely_trucks(scenario)
    assert trucks is not None  # there is nothing to aim at otherwise
    aim, room = timely.copy(), TruckRoom(trucks)
    placed = np.zeros(len(aim), bool)
    for truck in np.argsort(-trucks.departs_s, kind="stable").tolist():
        for order in np.flatnonzero(timely[:, truck] & ~placed).tolist():
            if room.take(truck, packed[order].volume_m3, packed[order].mass_kg):
                placed[order] = True
                aim[order] = False
                aim[order, truck] = True
    return aim
