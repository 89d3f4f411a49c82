"""Cut-offs: by when an order must be packed to go with a truck in time."""

import numpy as np
from numpy.typing import NDArray

from warehouse.scenario import Scenario


def transfer_s(scenario: Scenario) -> NDArray[np.float64]:
    """Seconds from the end of packing until a carton is on a truck.

    The walk from the station to the truck's door, along rows and columns, and what
    `PackingRules.transfer_s` adds.

    Returns
    -------
    ndarray of float64, shape (stations, trucks)
        No columns where there are no trucks.
    """
    shipping, trucks = scenario.shipping, scenario.trucks
    if shipping is None or trucks is None:
        return np.zeros((len(scenario.stations), 0))
    layout, rules = scenario.layout, shipping.rules
    cell_of = {door.name: door.cell for door in shipping.doors}
    doors = np.array([cell_of[name] for name in trucks.door], np.int64)
    docks = np.array([station.cell for station in scenario.stations], np.int64)
    rows, cols = np.divmod(doors, layout.width)
    dock_rows, dock_cols = np.divmod(docks, layout.width)
    cells = np.abs(dock_rows[:, None] - rows) + np.abs(dock_cols[:, None] - cols)
    walk_s = cells * layout.cell_size_m / rules.walk_m_s
    seconds: NDArray[np.float64] = rules.transfer_s + walk_s
    return seconds


def own_trucks(scenario: Scenario) -> NDArray[np.bool_]:
    """Whether an order goes with the carrier of a truck, shape (orders, trucks)."""
    orders, trucks = scenario.orders, scenario.trucks
    if trucks is None:
        return np.zeros((len(orders), 0), bool)
    if not orders.carrier:
        return np.zeros((len(orders), len(trucks)), bool)
    number = {name: i for i, name in enumerate(dict.fromkeys(trucks.carrier))}
    of_truck = np.array([number[name] for name in trucks.carrier])
    of_order = np.array([number.get(name, -1) for name in orders.carrier])
    return np.asarray(of_order[:, None] == of_truck[None])


def timely_trucks(scenario: Scenario) -> NDArray[np.bool_]:
    """Whether an order is in time on a truck, shape (orders, trucks).

    A truck of its carrier that departs at its due time or before; any where it has
    no due time.
    """
    own, trucks = own_trucks(scenario), scenario.trucks
    if trucks is None:
        return own
    return np.asarray(own & (trucks.departs_s <= scenario.orders.due_s[:, None]))


def packing_due_s(
    scenario: Scenario, timely: NDArray[np.bool_] | None = None
) -> NDArray[np.float64]:
    """By when an order must be packed at a station, shape (orders, stations).

    For an order with a carrier: the latest departure in time, less the transfer. For
    others, and where no departure is in time, the due time itself; inf for none.

    Parameters
    ----------
    scenario : Scenario
    timely : ndarray of bool, shape (orders, trucks), optional
        Trucks to look at instead of `timely_trucks`.

    Examples
    --------
    Without trucks an order is due everywhere when it is due.

    >>> from layouts import folder
    >>> from warehouse.formats.scenario_folder import read_scenario
    >>> small = read_scenario(folder("small"))
    >>> packing_due_s(small).shape == (len(small.orders), len(small.stations))
    True
    """
    stations, trucks = len(scenario.stations), scenario.trucks
    due_s = np.repeat(scenario.orders.due_s[:, None], stations, axis=1)
    if trucks is None:
        return due_s
    if timely is None:
        timely = timely_trucks(scenario)
    latest_s = trucks.departs_s - transfer_s(scenario)
    of_truck = np.full_like(due_s, -np.inf)
    for truck in range(len(trucks)):
        goes = timely[:, truck]
        of_truck[goes] = np.maximum(of_truck[goes], latest_s[:, truck])
    shipped = timely.any(axis=1)
    due_s[shipped] = of_truck[shipped]
    return due_s
