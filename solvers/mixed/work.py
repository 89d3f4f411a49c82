"""How long racks and pods will be at what they are to serve, about."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.distances import DistanceTable
from warehouse.grid import Grid
from warehouse.layout import CellKind
from warehouse.scenario import RobotKind, Scenario

RACKS, PODS = 0, 1
"""The two sides, as they are numbered here."""
LINES_A_VISIT: Final = 2.0
"""Lines that are picked from a pod at one visit."""
STEPS_A_LINE: Final = 5.0
"""Steps that a line adds to a tour of picking from racks."""


class Work:
    """Seconds of people and of robots, each divided over those who share them.

    Only a prior: what a run took says how far off it was.

    Parameters
    ----------
    scenario : Scenario
        With robots of both kinds.
    """

    def __init__(self, scenario: Scenario) -> None:
        pods, kinds, service = scenario.pods, scenario.fleet.kinds, scenario.service
        assert pods is not None  # whoever calls has looked
        assert kinds is not None
        robots = np.bincount(kinds, minlength=len(RobotKind))
        packers = sum(station.packers for station in scenario.stations)
        pickers = len(scenario.stations)
        to_rack_s, to_pod_s = _ways_s(scenario)
        visit_s = 2 * to_pod_s + pods.lift_s + pods.set_down_s
        trip_s = 2 * to_rack_s / scenario.fleet.tote_slots + service.drop_s_per_order
        line_s = service.pick_s_per_line + STEPS_A_LINE * scenario.step_s
        # For each side what people and robots need for an order, a line and a unit.
        rack_rates = [
            [service.pack_s_per_order, 0.0, service.pack_s_per_unit],
            [trip_s, line_s, service.pick_s_per_unit],
        ]
        pod_rates = [
            [0.0, pods.station_s_per_line, pods.station_s_per_unit],
            [0.0, visit_s / LINES_A_VISIT, pods.robot_s_per_unit],
        ]
        hands = [[packers, robots[RobotKind.TOTE]], [pickers, robots[RobotKind.POD]]]
        self._rates = np.array([rack_rates, pod_rates]) / np.array(hands)[:, :, None]

    def seconds(self, side: int, lines: int, units: int) -> NDArray[np.float64]:
        """People's and robots' seconds for one side's part of an order, shape (2,)."""
        if lines == 0:
            return np.zeros(2)
        found: NDArray[np.float64] = self._rates[side] @ np.array([1, lines, units])
        return found


def _ways_s(scenario: Scenario) -> tuple[float, float]:
    """Seconds from the nearest station to racks and to pods, in the mean."""
    pods, width = scenario.pods, scenario.layout.width
    assert pods is not None  # whoever calls has looked
    table = DistanceTable(Grid.from_layout(scenario.layout))
    docks = np.array([station.cell for station in scenario.stations], np.int32)
    steps = table.from_any(docks)
    to_pod = float(steps[pods.start_cells].mean())
    racks = scenario.layout.cells_of(CellKind.RACK)
    to_rack = 0.0
    if len(racks):
        # A robot stands beside a rack; off the floor the steps are very many.
        near = np.stack([racks + step for step in (-width, -1, 1, width)])
        to_rack = float(steps[np.clip(near, 0, len(steps) - 1)].min(0).mean())
    return to_rack * scenario.step_s, to_pod * scenario.step_s
