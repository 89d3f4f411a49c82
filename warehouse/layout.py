"""The floor as a grid of cells: what each is, and which moves leave it."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray


class CellKind(IntEnum):
    """What a cell of the layout is."""

    FLOOR = 0
    WALL = 1
    RACK = 2
    POD_SPOT = 3
    DOCK = 4
    CHARGER = 5
    HOME = 6
    DOOR = 7


KIND_OF_MARK: Final = {
    ".": CellKind.FLOOR,
    "#": CellKind.WALL,
    "S": CellKind.RACK,
    "o": CellKind.POD_SPOT,
    "P": CellKind.DOCK,
    "C": CellKind.CHARGER,
    "H": CellKind.HOME,
    "D": CellKind.DOOR,
    "^": CellKind.FLOOR,
    "v": CellKind.FLOOR,
    "<": CellKind.FLOOR,
    ">": CellKind.FLOOR,
}
"""Map mark to kind; the four arrows are one-way floor."""

# A set of moves is a bit mask; bit d stands for direction d.
UP, RIGHT, DOWN, LEFT = 0, 1, 2, 3
ROW_STEP: Final = (-1, 0, 1, 0)
COL_STEP: Final = (0, 1, 0, -1)
ALL_EXITS: Final = 0b1111
EXITS_OF_MARK: Final = {"^": 1 << UP, ">": 1 << RIGHT, "v": 1 << DOWN, "<": 1 << LEFT}


@dataclass(frozen=True, slots=True)
class Zone:
    """A named rectangle of cells; rows and columns count from 0, ends included."""

    name: str
    first_row: int
    first_col: int
    last_row: int
    last_col: int


@dataclass(frozen=True, slots=True)
class Layout:
    """A floor plan on a grid. Row 0 is the top row.

    Parameters
    ----------
    name : str
    cell_size_m : float
        Edge length of a cell in metres.
    kinds : ndarray of uint8, shape (height, width)
        `CellKind` of every cell.
    exits : ndarray of uint8, shape (height, width)
        Moves a robot may use to leave the cell, as declared: bit ``1 << UP``,
        ``RIGHT``, ``DOWN``, ``LEFT``. Plain floor has all four. Walls and the edge
        of the grid are taken into account by `warehouse.grid.Grid`, not here.
    zones : tuple of Zone
    obstacles : tuple of tuple of (x_m, y_m)
        Polygons in metres (origin at the bottom left corner of the map, y upwards)
        that stand on the floor without filling cells: columns, posts.
    """

    name: str
    cell_size_m: float
    kinds: NDArray[np.uint8]
    exits: NDArray[np.uint8]
    zones: tuple[Zone, ...] = ()
    obstacles: tuple[tuple[tuple[float, float], ...], ...] = ()

    def __post_init__(self) -> None:
        if self.kinds.ndim != 2 or self.kinds.shape != self.exits.shape:
            raise ValueError(
                f"got kinds {self.kinds.shape} and exits {self.exits.shape}, "
                "need two equal (height, width) arrays"
            )
        self.kinds.flags.writeable = False
        self.exits.flags.writeable = False

    @classmethod
    def from_rows(
        cls, rows: list[str], *, name: str = "layout", cell_size_m: float = 1.0
    ) -> "Layout":
        """Make a layout from rows of map marks, all of one length.

        Raises
        ------
        ValueError
            If rows differ in length or a mark is unknown. Files are read by
            `warehouse.formats.layout_toml`, which reports all faults with places.

        Examples
        --------
        >>> layout = Layout.from_rows(["#S#", "#.P"])
        >>> layout.cells_of(CellKind.DOCK)
        array([5], dtype=int32)
        """
        if not rows or len({len(row) for row in rows}) != 1:
            raise ValueError("got rows of different lengths, need one length")
        unknown = sorted(set("".join(rows)) - set(KIND_OF_MARK))
        if unknown:
            raise ValueError(f"got marks {unknown}, need {''.join(KIND_OF_MARK)}")
        kinds = np.array(
            [[KIND_OF_MARK[mark] for mark in row] for row in rows], dtype=np.uint8
        )
        exits = np.array(
            [[EXITS_OF_MARK.get(mark, ALL_EXITS) for mark in row] for row in rows],
            dtype=np.uint8,
        )
        return cls(name, cell_size_m, kinds, exits)

    @property
    def height(self) -> int:
        """Number of rows."""
        return int(self.kinds.shape[0])

    @property
    def width(self) -> int:
        """Number of columns."""
        return int(self.kinds.shape[1])

    @property
    def drivable(self) -> NDArray[np.bool_]:
        """Cells a robot may stand on, shape (height, width)."""
        return (self.kinds != CellKind.WALL) & (self.kinds != CellKind.RACK)

    def cells_of(self, kind: CellKind) -> NDArray[np.int32]:
        """Flat indices (``row * width + col``) of all cells of a kind, ascending."""
        return np.flatnonzero(self.kinds.ravel() == kind).astype(np.int32)

    def cell(self, row: int, col: int) -> int:
        """Flat index of a row and column."""
        return row * self.width + col

    def row_col(self, cell: int) -> tuple[int, int]:
        """Row and column of a flat index."""
        return divmod(int(cell), self.width)

    def place(self, cell: int) -> str:
        """Return a cell as people read it: ``row 3, col 7``."""
        row, col = self.row_col(cell)
        return f"row {row}, col {col}"

    def rows(self) -> list[str]:
        """Rows of map marks; one-way floor shows its arrow where one mark can."""
        mark_of_kind: dict[int, str] = {}
        for mark, kind in KIND_OF_MARK.items():
            mark_of_kind.setdefault(int(kind), mark)
        arrow = {exits: mark for mark, exits in EXITS_OF_MARK.items()}
        return [
            "".join(
                arrow.get(int(e), ".") if k == CellKind.FLOOR else mark_of_kind[int(k)]
                for k, e in zip(kind_row, exit_row, strict=True)
            )
            for kind_row, exit_row in zip(self.kinds, self.exits, strict=True)
        ]
