"""The floor as the decisions see it: docks, stand cells and distances."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from warehouse.distances import UNREACHABLE, DistanceTable
from warehouse.grid import Grid
from warehouse.layout import COL_STEP, ROW_STEP
from warehouse.scenario import Scenario


class Site:
    """A scenario with its grid graph and distances.

    Parameters
    ----------
    scenario : Scenario

    Attributes
    ----------
    docks : ndarray of int32, shape (stations,)
        Dock cell of each station.
    from_dock, to_dock : ndarray of int32, shape (cells,)
        Steps from the nearest dock to a cell, and from a cell to the nearest dock.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.grid = Grid.from_layout(scenario.layout)
        self.table = DistanceTable(self.grid)
        self.docks = np.array([s.cell for s in scenario.stations], np.int32)
        self.from_dock = self.table.from_any(self.docks)
        rows = self.table.rows(self.docks)
        self.to_dock = self.table.data[rows].min(0).astype(np.int32)

    def steps_between(self, cells: NDArray[np.int32]) -> NDArray[np.int32]:
        """Steps between cells, with the nearest dock as row and column 0.

        Parameters
        ----------
        cells : ndarray of int32, shape (n,)

        Returns
        -------
        ndarray of int32, shape (n + 1, n + 1)
        """
        steps = np.zeros((len(cells) + 1, len(cells) + 1), np.int32)
        steps[1:, 1:] = self.table.between(cells, cells)
        steps[0, 1:] = self.from_dock[cells]
        steps[1:, 0] = self.to_dock[cells]
        return steps

    def stand_cells(self, racks: ArrayLike) -> NDArray[np.int32]:
        """Floor cells from which each rack cell is reached, shape (racks, 4), -1.

        Cells that no robot can come to and leave again are left out.
        """
        cells = np.asarray(racks, np.int32)
        row, col = np.divmod(cells, self.grid.width)
        stands = np.full((len(cells), 4), -1, np.int32)
        for d in range(4):
            r, c = row + ROW_STEP[d], col + COL_STEP[d]
            inside = (
                (r >= 0) & (r < self.grid.height) & (c >= 0) & (c < self.grid.width)
            )
            near = np.where(inside, r * self.grid.width + c, 0).astype(np.int32)
            good = (
                inside
                & (self.from_dock[near] < UNREACHABLE)
                & (self.to_dock[near] < UNREACHABLE)
            )
            stands[:, d] = np.where(good, near, -1)
        return stands

    def usual_stand(self, racks: ArrayLike) -> NDArray[np.int32]:
        """Return the stand cell of each rack cell nearest to the docks."""
        stands = self.stand_cells(racks)
        round_trip = self.from_dock[stands] + self.to_dock[stands]
        best = np.where(stands >= 0, round_trip, 4 * UNREACHABLE).argmin(1)
        chosen: NDArray[np.int32] = stands[np.arange(len(stands)), best]
        return chosen
