"""Stations without packers: planned as if they were not there."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from warehouse.plan import Plan, StopKind
from warehouse.scenario import Scenario


def staffed_stations(scenario: Scenario) -> NDArray[np.int32]:
    """Stations that have packers.

    Examples
    --------
    >>> from layouts import folder
    >>> from warehouse.formats.scenario_folder import read_scenario
    >>> staffed_stations(read_scenario(folder("small"))).tolist()
    [0, 1]
    """
    packers = np.array([station.packers for station in scenario.stations], np.int32)
    return np.flatnonzero(packers > 0).astype(np.int32)


def without_others(scenario: Scenario, staffed: NDArray[np.int32]) -> Scenario:
    """The scenario with these stations alone; itself where they are all."""
    if len(staffed) == len(scenario.stations):
        return scenario
    stations = tuple(scenario.stations[index] for index in staffed.tolist())
    staff = None if scenario.staff is None else scenario.staff.at_stations(staffed)
    return replace(scenario, stations=stations, staff=staff)


def among_all(plan: Plan, scenario: Scenario, staffed: NDArray[np.int32]) -> Plan:
    """A plan for these stations, as a plan of the whole scenario.

    Parameters
    ----------
    plan : Plan
    scenario : Scenario
        With all stations.
    staffed : ndarray of int32
        Those that the plan knows, in its order.
    """
    stops, packing = plan.stops.copy(), plan.packing.copy()
    drops = stops["kind"] == StopKind.DROP
    stops["station"][drops] = staffed[stops["station"][drops]]
    packing["station"] = staffed[packing["station"]]
    return replace(plan, scenario=scenario, stops=stops, packing=packing)
