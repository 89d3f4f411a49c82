"""Action marks of the League of Robot Runners, to and from positions.

Source: MAPF-Competition/Start-Kit, ``Input_Output_Format.md``. In the model ``MAPF``
U is one row down the page and D one row up it; in ``MAPF_T`` robots turn.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.layout import COL_STEP, ROW_STEP

OMNI, TURNING = "MAPF", "MAPF_T"
STEP_OF_OMNI_MARK: Final = {
    "W": (0, 0),
    "U": (1, 0),
    "D": (-1, 0),
    "L": (0, -1),
    "R": (0, 1),
}
FORWARD, CLOCKWISE, COUNTERCLOCKWISE, WAIT = "F", "R", "C", "W"
TIMEOUT: Final = "T"
"""Stands in planned paths where the planner gave no action in time; a wait."""
HEADING_MARK: Final = "NESW"
NO_MOVE: Final = "?"
OFF_GRID: Final = -1
_TURN_OF_MARK: Final = {CLOCKWISE: 1, COUNTERCLOCKWISE: 3}


def omni_marks(cells: NDArray[np.int32], width: int) -> NDArray[np.str_]:
    """Mark of every robot's move in every step, shape (steps, robots).

    Examples
    --------
    >>> omni_marks(np.array([[0], [3], [3], [5]], np.int32), 3)[:, 0].tolist()
    ['U', 'W', '?']
    """
    row, col = np.divmod(cells, width)
    down, right = np.diff(row, axis=0), np.diff(col, axis=0)
    marks = np.full(down.shape, NO_MOVE, "<U1")
    for mark, (rows, cols) in STEP_OF_OMNI_MARK.items():
        marks[(down == rows) & (right == cols)] = mark
    return marks


def turning_marks(
    cells: NDArray[np.int32], headings: NDArray[np.uint8], width: int
) -> NDArray[np.str_]:
    """Mark of every robot's action in every step, where robots turn.

    Examples
    --------
    >>> cells = np.array([[0], [1], [1], [1]], np.int32)
    >>> headings = np.array([[1], [1], [0], [2]], np.uint8)
    >>> turning_marks(cells, headings, 2)[:, 0].tolist()
    ['F', 'C', '?']
    """
    before, after = cells[:-1], cells[1:]
    heading = headings[:-1]
    turn = (headings[1:] - heading) & 3
    ahead = before + np.array([-width, 1, width, -1], np.int32)[heading]
    stays = before == after
    marks = np.full(before.shape, NO_MOVE, "<U1")
    marks[stays & (turn == 0)] = WAIT
    marks[stays & (turn == 1)] = CLOCKWISE
    marks[stays & (turn == 3)] = COUNTERCLOCKWISE
    marks[(after == ahead) & (turn == 0)] = FORWARD
    return marks


def comma_lists(marks: NDArray[np.str_]) -> list[str]:
    """One text per column, its marks with commas between."""
    return [",".join(column) for column in marks.T.tolist()]


def positions(
    marks: NDArray[np.str_],
    starts: NDArray[np.int32],
    headings: NDArray[np.uint8] | None,
    height: int,
    width: int,
) -> tuple[NDArray[np.int32], NDArray[np.uint8] | None]:
    """Cells, and headings where robots turn, that action marks lead to.

    Parameters
    ----------
    marks : ndarray of one-letter str, shape (steps, robots)
        Of the model `OMNI` without headings, of `TURNING` with them; the timeout mark
        of planned paths is a wait.
    starts : ndarray of int32, shape (robots,)
    headings : ndarray of uint8, shape (robots,), or None
    height, width : int

    Returns
    -------
    cells : ndarray of int32, shape (steps + 1, robots)
        `OFF_GRID` while a robot is outside the grid.
    headings : ndarray of uint8, same shape, or None

    Examples
    --------
    Over the right edge, which must not lead into the next row:

    >>> marks = np.array([["R"], ["U"]])
    >>> positions(marks, np.array([1], np.int32), None, 2, 2)[0].tolist()
    [[1], [-1], [-1]]
    """
    facing: NDArray[np.uint8] | None = None
    if headings is None:
        steps = {mark: step for mark, step in STEP_OF_OMNI_MARK.items() if mark != WAIT}
        down, right = (np.zeros(marks.shape, np.int32) for _ in range(2))
        for mark, (row_step, col_step) in steps.items():
            down += np.int32(row_step) * (marks == mark)
            right += np.int32(col_step) * (marks == mark)
    else:
        turns = np.zeros((len(marks) + 1, len(starts)), np.uint8)
        turns[0] = headings
        for mark, turn in _TURN_OF_MARK.items():
            turns[1:] += np.uint8(turn) * (marks == mark)
        # Quarter turns add up modulo 4, so the wrap of a byte at 256 does no harm.
        facing = (np.add.accumulate(turns, axis=0, dtype=np.uint8) & 3).astype(np.uint8)
        ahead = marks == FORWARD
        down = np.array(ROW_STEP, np.int32)[facing[:-1]] * ahead
        right = np.array(COL_STEP, np.int32)[facing[:-1]] * ahead
    row, col = np.divmod(starts, width)
    rows = np.concatenate([row[None], row + np.cumsum(down, axis=0, dtype=np.int32)])
    cols = np.concatenate([col[None], col + np.cumsum(right, axis=0, dtype=np.int32)])
    inside = (rows >= 0) & (rows < height) & (cols >= 0) & (cols < width)
    cells = np.where(inside, rows * width + cols, OFF_GRID).astype(np.int32)
    return cells, facing
