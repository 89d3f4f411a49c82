"""Ways of robots with and without pods: what is searched beforehand, and what is kept.

Only ways to and from stations and chargers are known from the beginning, as there are
few of them. What leads to a spot is searched when a robot goes there.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.mapf.floor import Floor
from solvers.mapf.lifelong.turning_distances import STEP_COST, UNREACHABLE
from solvers.pods.goal_rows import OWN, GoalRows
from solvers.pods.motion import NOBODY
from solvers.pods.searches import (
    Roads,
    make_front,
    make_roads,
    search_from,
    search_to,
)
from warehouse.grid import Grid
from warehouse.layout import CellKind
from warehouse.scenario import Scenario

THROUGH_SPOT: Final = 255
"""Cost for laden robots to enter a spot: as good as never, but to get to it."""


def _never() -> bool:
    return False


class Ways:
    """Ways of robots with and without pods on a floor.

    Where robots charge, no way leads over a charger.

    Parameters
    ----------
    scenario : Scenario
    stopped : callable
        Asked before each search. After it has said yes, no way is known that was not
        known before.

    Attributes
    ----------
    spots, docks, chargers : ndarray of int32
        Vertices.
    robots : int
        All that share the floor.
    roads : Roads
    front : Front
        Room for searches.
    rows : GoalRows
    """

    def __init__(
        self, scenario: Scenario, stopped: Callable[[], bool] = _never
    ) -> None:
        layout = scenario.layout
        self._stopped = stopped
        self.floor = Floor.from_grid(Grid.from_layout(layout))
        self.spots = self.floor.at(layout.cells_of(CellKind.POD_SPOT))
        docks = np.array([station.cell for station in scenario.stations])
        if scenario.replenishment is not None:
            docks = np.concatenate([docks, scenario.replenishment.cells])
        self.docks = self.floor.at(docks)
        self.chargers = np.zeros(0, np.int32)
        if scenario.fleet.battery is not None:
            self.chargers = self.floor.at(layout.cells_of(CellKind.CHARGER))
        self.roads = self._make_roads()
        self.front = make_front(self.floor.vertices)
        self.robots = len(scenario.fleet)
        kept = [(dock, True) for dock in self.docks.tolist()]
        kept += [(charger, False) for charger in self.chargers.tolist()]
        if scenario.is_mixed:
            # Robots with totes drive as those with pods, and charge too.
            kept += [(charger, True) for charger in self.chargers.tolist()]
        self.rows = self._make_rows(kept)

    def _make_roads(self) -> Roads:
        bars = np.zeros(self.floor.vertices + 1, bool)  # the last is for no vertex
        bars[self.chargers] = True
        empty = np.where(bars[self.floor.successors], THROUGH_SPOT, STEP_COST)
        bars[self.spots] = True
        laden = np.where(bars[self.floor.successors], THROUGH_SPOT, STEP_COST)
        return make_roads(self.floor, empty.astype(np.uint8), laden.astype(np.uint8))

    def _make_rows(self, kept: list[tuple[int, bool]]) -> GoalRows:
        """Rows, those of some goals searched; with each goal, whether one is laden."""
        vertices, robots = self.floor.vertices, self.robots
        rows = GoalRows(
            table=np.empty((len(kept) + robots, 4 * vertices), np.int16),
            kept_empty=np.full(vertices, -1, np.int64),
            kept_laden=np.full(vertices, -1, np.int64),
            own=np.full(robots, NOBODY, OWN).view(np.recarray),
        )
        rows.table[: len(kept)] = UNREACHABLE
        for row, (goal, laden) in enumerate(kept):
            (rows.kept_laden if laden else rows.kept_empty)[goal] = row
        for row, (goal, laden) in enumerate(kept):
            if self._stopped():
                break
            search_to(self.roads, self.front, goal, laden, rows.table[row], -1, 0)
        return rows

    def to_docks(self, sources: NDArray[np.int32]) -> NDArray[np.int32]:
        """Steps with a pod from each source, best heading, to each dock."""
        rows = self.rows.table[self.rows.kept_laden[self.docks]]
        costs = rows.reshape(len(rows), -1, 4)[:, sources].min(2)
        return _whole_steps(costs.T)

    def longest_to_dock(self) -> int:
        """Steps with a pod from where it is farthest to the farthest dock."""
        rows = self.rows.table[self.rows.kept_laden[self.docks]]
        return int(rows.max(initial=0, where=rows < UNREACHABLE)) // STEP_COST

    def to_chargers(
        self, sources: NDArray[np.int32], *, laden: bool = False
    ) -> NDArray[np.int32]:
        """Steps from each source, worst heading, to each charger.

        The last step, onto the charger, counts as one. ``laden`` is for robots with
        totes; those with pods charge without one.
        """
        kept = self.rows.kept_laden if laden else self.rows.kept_empty
        rows = self.rows.table[kept[self.chargers]]
        costs = rows.reshape(len(rows), -1, 4)[:, sources].max(2)
        return _whole_steps(costs.T.astype(np.int32) - (THROUGH_SPOT - STEP_COST))

    def docks_to_spots(self) -> NDArray[np.int32]:
        """Steps with a pod from each dock, best heading, to each spot.

        The last step, onto the spot, counts as one.
        """
        costs = np.full((len(self.docks), len(self.spots)), UNREACHABLE, np.int32)
        for row, dock in enumerate(self.docks.tolist()):
            if self._stopped():
                break
            costs[row] = self._to_spots(4 * dock, 4 * dock + 3, self.roads.laden)
        return _whole_steps(costs - (THROUGH_SPOT - STEP_COST))

    def chargers_to_spots(self) -> NDArray[np.int32]:
        """Steps without a pod from the farthest charger and heading to each spot."""
        most = np.zeros(len(self.spots), np.int16)
        for charger in self.chargers.tolist():
            for state in range(4 * charger, 4 * charger + 4):
                if self._stopped():
                    break
                costs = self._to_spots(state, state, self.roads.empty)
                np.maximum(most, costs, out=most)
        return _whole_steps(most)

    def _to_spots(
        self, first: int, last: int, costs: NDArray[np.uint8]
    ) -> NDArray[np.int16]:
        """Costs from any of the states first to last to each spot."""
        search_from(self.front, first, last, self.roads.successors, costs)
        return np.asarray(self.front.cost.reshape(-1, 4)[self.spots].min(1))


def _whole_steps(costs: NDArray[np.signedinteger]) -> NDArray[np.int32]:
    return np.ascontiguousarray(np.maximum(0, costs).astype(np.int32) // STEP_COST)
