"""The floor as a graph: which move leads from which cell to which."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warehouse.layout import COL_STEP, ROW_STEP, Layout


@dataclass(frozen=True, slots=True)
class Grid:
    """Directed grid graph over the flat cells of a layout.

    Parameters
    ----------
    height, width : int
    drivable : ndarray of bool, shape (cells,)
        Cells a robot may stand on.
    successors : ndarray of int32, shape (cells, 4)
        Cell reached by moving up, right, down, left; -1 where the move is illegal
        (a wall, a rack, the edge, or against a one-way mark).
    predecessors : ndarray of int32, shape (cells, 4)
        Cell from which moving up, right, down, left leads here; -1 where none.
    """

    height: int
    width: int
    drivable: NDArray[np.bool_]
    successors: NDArray[np.int32]
    predecessors: NDArray[np.int32]

    @classmethod
    def from_layout(cls, layout: Layout) -> "Grid":
        """Graph of a layout. O(cells).

        A move is legal when the cell left allows it, the cell entered can be stood
        on, and the cell entered is not one-way floor that points straight back.

        Examples
        --------
        >>> Grid.from_layout(Layout.from_rows([".>."])).successors[:, 1].tolist()
        [1, 2, -1]
        >>> Grid.from_layout(Layout.from_rows([".>."])).successors[:, 3].tolist()
        [-1, -1, -1]
        """
        return cls.from_arrays(layout.drivable, layout.exits)

    @classmethod
    def from_arrays(
        cls, drivable: NDArray[np.bool_], exits: NDArray[np.uint8] | None = None
    ) -> "Grid":
        """Graph of a bare map: drivable (height, width) and, optional, exit masks."""
        height, width = drivable.shape
        if exits is None:
            exits = np.full((height, width), 0b1111, np.uint8)
        index = np.arange(height * width, dtype=np.int32).reshape(height, width)
        successors = np.full((height * width, 4), -1, np.int32)
        predecessors = np.full((height * width, 4), -1, np.int32)
        for d in range(4):
            back = (d + 2) % 4
            rows = slice(max(0, -ROW_STEP[d]), height - max(0, ROW_STEP[d]))
            cols = slice(max(0, -COL_STEP[d]), width - max(0, COL_STEP[d]))
            to_rows = slice(max(0, ROW_STEP[d]), height + min(0, ROW_STEP[d]))
            to_cols = slice(max(0, COL_STEP[d]), width + min(0, COL_STEP[d]))
            legal = (
                drivable[rows, cols]
                & drivable[to_rows, to_cols]
                & ((exits[rows, cols] >> d) & 1).astype(bool)
                & (exits[to_rows, to_cols] != 1 << back)
            )
            source = index[rows, cols][legal]
            target = index[to_rows, to_cols][legal]
            successors[source, d] = target
            predecessors[target, d] = source
        flat = np.ascontiguousarray(drivable.ravel())
        for array in (flat, successors, predecessors):
            array.flags.writeable = False
        return cls(height, width, flat, successors, predecessors)

    @property
    def cells(self) -> int:
        """Number of cells, walls included."""
        return self.height * self.width
