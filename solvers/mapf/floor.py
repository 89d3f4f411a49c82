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


def with_headings(neighbours: NDArray[np.int32]) -> NDArray[np.int32]:
    """Neighbours of states, for robots that turn: from those of vertices.

    Parameters
    ----------
    neighbours : ndarray of int32, shape (vertices, 4)
        `Floor.successors` or `Floor.predecessors`.

    Returns
    -------
    ndarray of int32, shape (4 * vertices, 4)
        Of each state, four times the vertex plus the heading: the move that keeps the
        heading, the two turns, and -1; -1 too where the move is illegal.

    Examples
    --------
    From the left of two vertices, only who looks to the right can move:

    >>> with_headings(np.array([[-1, 1, -1, -1], [-1, -1, -1, 0]], np.int32))[:4]
    array([[-1,  1,  3, -1],
           [ 5,  2,  0, -1],
           [-1,  3,  1, -1],
           [-1,  0,  2, -1]], dtype=int32)
    """
    vertices = len(neighbours)
    heading = np.tile(np.arange(4, dtype=np.int32), vertices)
    first = np.repeat(4 * np.arange(vertices, dtype=np.int32), 4)
    ahead = neighbours.ravel()
    found = np.full((4 * vertices, 4), -1, np.int32)
    found[:, 0] = np.where(ahead >= 0, 4 * ahead + heading, -1)
    found[:, 1] = first + ((heading + 1) & 3)
    found[:, 2] = first + ((heading + 3) & 3)
    return found
