"""Shortest path lengths on the grid graph: breadth-first search, kept by goal."""

from collections.abc import Iterable

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from warehouse.grid import Grid

UNREACHABLE = 32767
"""Distance from a cell with no path to the goal, or where no robot can stand."""


@njit(cache=True)
def search_back(predecessors, goals, rows, data):  # type: ignore[no-untyped-def]
    """Breadth-first search against the moves from each goal into its row of data."""
    queue = np.empty(predecessors.shape[0], np.int32)
    for k in range(len(goals)):
        distance = data[rows[k]]
        distance[:] = UNREACHABLE
        queue[0] = goals[k]
        distance[goals[k]] = 0
        head = 0
        tail = 1
        while head < tail:
            cell = queue[head]
            head += 1
            # Longer paths than the type holds count as unreachable.
            if distance[cell] == UNREACHABLE - 1:
                break
            for d in range(4):
                before = predecessors[cell, d]
                if before >= 0 and distance[before] == UNREACHABLE:
                    distance[before] = distance[cell] + 1
                    queue[tail] = before
                    tail += 1


@njit(cache=True)
def _nearest(successors, sources):  # type: ignore[no-untyped-def]
    """Breadth-first search along the moves from many cells at once."""
    distance = np.full(successors.shape[0], UNREACHABLE, np.int32)
    queue = np.empty(successors.shape[0], np.int32)
    tail = 0
    for source in sources:
        if distance[source] != 0:
            distance[source] = 0
            queue[tail] = source
            tail += 1
    head = 0
    while head < tail:
        cell = queue[head]
        head += 1
        if distance[cell] == UNREACHABLE - 1:
            break
        for d in range(4):
            after = successors[cell, d]
            if after >= 0 and distance[after] == UNREACHABLE:
                distance[after] = distance[cell] + 1
                queue[tail] = after
                tail += 1
    return distance


class DistanceTable:
    """Steps from every cell to the goals asked for so far.

    Parameters
    ----------
    grid : Grid

    Notes
    -----
    A goal costs one breadth-first search, O(cells), the first time it is asked
    for, and ``2 * cells`` bytes. `data` is handed to numba kernels together with
    row numbers; it may be replaced by a larger array when new goals come.

    Examples
    --------
    Distances follow one-way floor:

    >>> from warehouse.layout import Layout
    >>> table = DistanceTable(Grid.from_layout(Layout.from_rows(["..", "#v", ".."])))
    >>> int(table.between([0], [5])[0, 0]), int(table.between([5], [0])[0, 0])
    (3, 32767)
    """

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.row_of = np.full(grid.cells, -1, np.int32)
        self.data = np.empty((64, grid.cells), np.int16)
        self._used = 0

    def rows(self, goals: ArrayLike) -> NDArray[np.int32]:
        """Row of `data` for each goal cell; searches those not yet known."""
        cells = np.asarray(goals, np.int32)
        missing = np.unique(cells[self.row_of[cells] < 0])
        if len(missing):
            first, self._used = self._used, self._used + len(missing)
            if self._used > len(self.data):
                grown = np.empty(
                    (max(self._used, 2 * len(self.data)), self.grid.cells), np.int16
                )
                grown[:first] = self.data[:first]
                self.data = grown
            new_rows = np.arange(first, self._used, dtype=np.int32)
            search_back(self.grid.predecessors, missing, new_rows, self.data)
            self.row_of[missing] = new_rows
        found: NDArray[np.int32] = self.row_of[cells]
        return found

    def to(self, goal: int) -> NDArray[np.int16]:
        """Steps from every cell to the goal, int16, shape (cells,)."""
        found = self.rows([goal])[0]  # may replace `data` by a larger table
        row: NDArray[np.int16] = self.data[found]
        return row

    def between(
        self, sources: Iterable[int], targets: Iterable[int]
    ) -> NDArray[np.int32]:
        """Steps from each source to each target, shape (sources, targets)."""
        source_cells = np.asarray(sources, np.int32)
        rows = self.rows(np.asarray(targets, np.int32))
        return self.data[rows][:, source_cells].T.astype(np.int32)

    def between_places(self, places: NDArray[np.int32]) -> NDArray[np.int16]:
        """Steps from each place to each other, int16, shape (places, places)."""
        rows = self.rows(places)
        square: NDArray[np.int16] = np.empty((len(places), len(places)), np.int16)
        for k, row in enumerate(rows):
            square[:, k] = self.data[row][places]
        return square

    def from_any(self, sources: ArrayLike) -> NDArray[np.int32]:
        """Steps to every cell from the nearest of some sources, shape (cells,)."""
        return _nearest(self.grid.successors, np.asarray(sources, np.int32))
