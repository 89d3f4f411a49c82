"""Which orders go with which truck, once it is known when each is packed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.consignment import LOAD_DTYPE
from warehouse.cutoffs import own_trucks, timely_trucks, transfer_s
from warehouse.scenario import Scenario
from warehouse.trucks import Trucks

ROOM: Final = 1 - 1e-9
"""Share of a truck that is filled at most, so that sums keep its capacity."""
SLACK_S: Final = 1e-9
"""An order packed for the last moment is not late by the rounding of a sum."""


_NONE_PLANNED: Final[Mapping[int, int]] = MappingProxyType({})


class TruckRoom:
    """What is left of every truck.

    Parameters
    ----------
    trucks : Trucks
    """

    def __init__(self, trucks: Trucks) -> None:
        self._m3 = trucks.capacity_m3 * ROOM
        self._kg = trucks.capacity_kg * ROOM

    def take(self, truck: int, volume_m3: float, mass_kg: float) -> bool:
        """Take an order in, if there is room."""
        if volume_m3 > self._m3[truck] or mass_kg > self._kg[truck]:
            return False
        self.give(truck, volume_m3, mass_kg)
        return True

    def give(self, truck: int, volume_m3: float, mass_kg: float) -> None:
        """Give room to an order that has it by an earlier plan."""
        self._m3[truck] -= volume_m3
        self._kg[truck] -= mass_kg


def load_trucks(
    scenario: Scenario,
    orders: NDArray[np.int32],
    station: NDArray[np.int32],
    end_s: NDArray[np.float64],
    volume_m3: NDArray[np.float64],
    mass_kg: NDArray[np.float64],
    planned: Mapping[int, int] = _NONE_PLANNED,
) -> dict[int, int]:
    """Choose the truck that each packed order goes with.

    One departure after another takes what is at its door, first what is due first. Only
    when all orders that can be in time have a place do late ones take what is left.

    Parameters
    ----------
    scenario : Scenario
        With trucks.
    orders, station : ndarray of int32, shape (n,)
    end_s : ndarray of float64, shape (n,)
        When each is packed, and where.
    volume_m3, mass_kg : ndarray of float64, shape (n,)
        Of all cartons of each.
    planned : mapping of int to int
        Trucks with which some orders go if they are there by then, whoever else comes.

    Returns
    -------
    dict of int to int
        Truck of each order that goes with one.
    """
    trucks = scenario.trucks
    assert trucks is not None  # there is nothing to load otherwise
    come_s = end_s[:, None] + transfer_s(scenario)[station]
    there = own_trucks(scenario)[orders] & (come_s <= trucks.departs_s + SLACK_S)
    in_time = timely_trucks(scenario)[orders]
    due_s = scenario.orders.due_s[orders]
    size = list(zip(volume_m3.tolist(), mass_kg.tolist(), strict=True))
    room, truck_of = TruckRoom(trucks), dict[int, int]()
    for k, order in enumerate(orders.tolist()):
        if order in planned and there[k, planned[order]]:
            truck_of[order] = planned[order]
            room.give(planned[order], *size[k])
    by_departure = np.argsort(trucks.departs_s, kind="stable").tolist()
    for may_go in (there & in_time, there):
        for truck in by_departure:
            waiting = np.flatnonzero(may_go[:, truck])
            for k in waiting[np.argsort(due_s[waiting], kind="stable")].tolist():
                order = int(orders[k])
                if order not in truck_of and room.take(truck, *size[k]):
                    truck_of[order] = truck
    return truck_of


def loading_order(
    scenario: Scenario,
    truck_of: dict[int, int],
    cartons_of: dict[int, range],
    packed_at: dict[int, tuple[int, float]],
) -> NDArray[np.void]:
    """Rows of loads: the cartons of each truck in the order in which they come.

    Parameters
    ----------
    scenario : Scenario
        With trucks.
    truck_of : dict of int to int
    cartons_of : dict of int to range
        Rows of the packed cartons of each order.
    packed_at : dict of int to (int, float)
        Station and second of each order.
    """
    walk_s = transfer_s(scenario)
    coming: dict[int, list[tuple[float, int]]] = {}
    for order, truck in truck_of.items():
        station, end_s = packed_at[order]
        come_s = end_s + float(walk_s[station, truck])
        coming.setdefault(truck, []).append((come_s, order))
    rows = []
    for truck in sorted(coming):
        cartons = [c for _, order in sorted(coming[truck]) for c in cartons_of[order]]
        rows += [(carton, truck, k) for k, carton in enumerate(cartons)]
    return np.array(rows, LOAD_DTYPE)
