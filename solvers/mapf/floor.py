"""The floor without its walls: drivable cells numbered from 0, as search sees them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from warehouse.errors import SolverError
from warehouse.grid import Grid


@dataclass(frozen=True, slots=True)
class Floor:
    """Grid graph over drivable cells only, which are called vertices here.

    On a map that is half walls, tables over vertices take half the memory of tables
    over cells, and fit the processor's cache more often.

    Parameters
    ----------
    grid : Grid
    cell_of : ndarray of int32, shape (vertices,)
        Flat cell of each vertex, ascending.
    vertex_of : ndarray of int32, shape (cells,)
        Vertex of each cell; -1 where no robot can stand.
    successors, predecessors : ndarray of int32, shape (vertices, 4)
        As in `Grid`, between vertices; -1 where the move is illegal.

    Examples
    --------
    >>> from warehouse.layout import Layout
    >>> floor = Floor.from_grid(Grid.from_layout(Layout.from_rows([".#..", "...."])))
    >>> floor.vertices, floor.cell_of.tolist()
    (7, [0, 2, 3, 4, 5, 6, 7])
    >>> floor.successors[0].tolist()
    [-1, -1, 3, -1]
    """

    grid: Grid
    cell_of: NDArray[np.int32]
    vertex_of: NDArray[np.int32]
    successors: NDArray[np.int32]
    predecessors: NDArray[np.int32]

    @classmethod
    def from_grid(cls, grid: Grid) -> "Floor":
        """Number the drivable cells of a grid. O(cells)."""
        cell_of = np.flatnonzero(grid.drivable).astype(np.int32)
        # One entry more, so that -1 (no move) leads to -1 (no vertex).
        vertex_of = np.full(grid.cells + 1, -1, np.int32)
        vertex_of[cell_of] = np.arange(len(cell_of), dtype=np.int32)
        arrays = (
            cell_of,
            vertex_of[:-1],
            np.ascontiguousarray(vertex_of[grid.successors[cell_of]]),
            np.ascontiguousarray(vertex_of[grid.predecessors[cell_of]]),
        )
        for array in arrays:
            array.flags.writeable = False
        return cls(grid, *arrays)

    @property
    def vertices(self) -> int:
        """Number of drivable cells."""
        return len(self.cell_of)

    def at(self, cells: ArrayLike) -> NDArray[np.int32]:
        """Vertices of some cells.

        Raises
        ------
        SolverError
            E311, with the cell, where no robot can stand on one of them.
        """
        flat = np.asarray(cells, np.int64)
        inside = (flat >= 0) & (flat < self.grid.cells)
        found = np.full(flat.shape, -1, np.int32)
        found[inside] = self.vertex_of[flat[inside]]
        if (found < 0).any():
            cell = int(flat[found < 0][0])
            row, col = divmod(cell, self.grid.width)
            place = f"got cell {cell} (row {row}, col {col}), where no robot can stand"
            raise SolverError("E311", place, "use cells of open floor on the map")
        return found
