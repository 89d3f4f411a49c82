"""What of a site can never work, though the rest of it is planned."""

from typing import Final

import numpy as np

from warehouse.cutoffs import own_trucks, transfer_s
from warehouse.errors import Fault
from warehouse.scenario import Scenario

MOST_NAMED: Final = 100
"""Departures that are named one by one."""
NO_PACKERS: Final = "give it packers; nothing is brought there"


def find_notices(scenario: Scenario) -> list[Fault]:
    """Stations without packers, and trucks that nothing can reach in time.

    They are no faults of the input: a plan leaves the station out, and the orders of
    the truck are late or go with a later one.

    Examples
    --------
    >>> from layouts import folder
    >>> from warehouse.formats.scenario_folder import read_scenario
    >>> find_notices(read_scenario(folder("small")))
    []
    """
    notices = [
        Fault("E530", f"station {station.name}", "it has no packers", NO_PACKERS)
        for station in scenario.stations
        if station.packers == 0
    ]
    return notices + _too_early(scenario)


def _too_early(scenario: Scenario) -> list[Fault]:
    """Append a fault for each truck that leaves before an order can be on it."""
    service, trucks, orders = scenario.service, scenario.trucks, scenario.orders
    if trucks is None:
        return []
    line_s = service.pick_s_per_line + service.pick_s_per_unit
    line_s += service.pack_s_per_unit + service.drop_s_per_order
    least_s = line_s + scenario.pack_s(0, 1)
    staffed = np.array([station.packers > 0 for station in scenario.stations])
    walk_s = transfer_s(scenario)[staffed].min(axis=0, initial=np.inf)
    own = own_trucks(scenario)
    faults = []
    for truck, departs_s in enumerate(trucks.departs_s.tolist()):
        mine = np.flatnonzero(own[:, truck])
        if not len(mine):
            continue
        first_s = float(orders.release_s[mine].min()) + least_s + float(walk_s[truck])
        if departs_s < first_s:
            place = f"truck of {trucks.carrier[truck]} at {departs_s:g} s"
            found = f"it leaves before anything can be on it, {first_s:.0f} s at best"
            needed = "let it depart later, or move its door nearer to a station"
            faults.append(Fault("E531", place, found, needed))
    return faults[:MOST_NAMED]
