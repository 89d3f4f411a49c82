"""What of a site can never work, though the rest of it is planned."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

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
    trucks, orders = scenario.trucks, scenario.orders
    if trucks is None:
        return []
    line_s = scenario.hand_s(1, 1)
    begin_s, speed = _first_packers(scenario)
    pack_s = scenario.pack_s(1, 1) / speed
    walk_s = transfer_s(scenario)
    own = own_trucks(scenario)
    faults = []
    for truck, departs_s in enumerate(trucks.departs_s.tolist()):
        mine = np.flatnonzero(own[:, truck])
        if not len(mine):
            continue
        ready_s = float(orders.release_s[mine].min()) + line_s
        on_s = np.maximum(ready_s, begin_s) + pack_s + walk_s[:, truck]
        first_s = float(on_s.min(initial=np.inf))
        if departs_s < first_s:
            place = f"truck of {trucks.carrier[truck]} at {departs_s:g} s"
            found = f"it leaves before anything can be on it, {first_s:.0f} s at best"
            needed = "let it depart later, or move its door nearer to a station"
            faults.append(Fault("E531", place, found, needed))
    return faults[:MOST_NAMED]


def _first_packers(
    scenario: Scenario,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """When the first packer of each station begins, and the speed of the fastest.

    Nobody ever begins, at speed 1, where there are no packers.
    """
    counts = np.array([station.packers for station in scenario.stations])
    begin_s, speed = np.where(counts > 0, 0.0, np.inf), np.ones(len(counts))
    if scenario.staff is not None:
        packers = scenario.staff.packers
        begin_s[:], speed[:] = np.inf, 0.0
        np.minimum.at(begin_s, packers.station, packers.start_s)
        np.maximum.at(speed, packers.station, packers.speed)
        speed[speed == 0.0] = 1.0
    return begin_s, speed
