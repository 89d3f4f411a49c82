"""Bare motion, without a plan: paths of robots on a grid, from starts to goals.

The same rules that hold in a plan, and two more: a robot that has one goal ends there,
and robots that turn begin as they were placed.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warehouse.check.motion import check_motion, check_positions
from warehouse.check.violation import RULES, Findings, Violation
from warehouse.grid import Grid

PATH_RULES: Final[dict[str, str]] = {
    **{
        rule: RULES[rule]
        for rule in (
            "array-shape",
            "off-grid",
            "off-floor",
            "start-cell",
            "illegal-move",
            "heading-range",
            "half-turn",
            "turn-while-driving",
            "sideways-move",
            "vertex-conflict",
            "edge-conflict",
        )
    },
    "start-heading": "Every robot that turns faces at step 0 where it was placed.",
    "goal-cell": "Every robot that has one goal is there at the last step.",
}
"""Name of every rule of bare motion, and what holds where it is kept."""


def check_paths(
    grid: Grid,
    cells: NDArray[np.integer[Any]],
    headings: NDArray[np.integer[Any]] | None,
    starts: NDArray[np.integer[Any]],
    goals: NDArray[np.integer[Any]] | None = None,
    *,
    start_headings: NDArray[np.integer[Any]] | None = None,
) -> list[Violation]:
    """Every violation of every rule in `PATH_RULES`; empty when there is none.

    O(steps * robots) time; memory beyond the paths is bounded by blocks of steps.

    Parameters
    ----------
    grid : Grid
    cells : ndarray of int, shape (steps + 1, robots)
        Flat cell of every robot at every step.
    headings : ndarray of int, same shape, or None
        0 up, 1 right, 2 down, 3 left; None where robots do not turn.
    starts : ndarray of int, shape (robots,)
    goals : ndarray of int, shape (robots,), optional
        Where each robot must be at the last step; none in lifelong motion.
    start_headings : ndarray of int, shape (robots,), optional
        With them robots turn, and must have headings.

    Examples
    --------
    Two robots that pass through each other:

    >>> grid = Grid.from_arrays(np.ones((1, 2), bool))
    >>> swap = np.array([[0, 1], [1, 0]])
    >>> for violation in check_paths(grid, swap, None, swap[0], swap[1]):
    ...     print(violation)
    edge-conflict: robots 0, at row 0, col 0, and 1 swap cells after step 0
    """
    findings = Findings(grid.height, grid.width, rules=PATH_RULES)
    _check_shapes(cells, headings, starts, goals, findings)
    if headings is None and start_headings is not None:
        findings.add("array-shape", "robots turn, and there are no headings", found=0)
    if findings.broken("array-shape"):
        return findings.violations()
    # Wider numbers than a cell fits in are off the grid, not wrapped round into it.
    given = np.clip(cells, -1, np.iinfo(np.int32).max).astype(np.int32)
    facing = None if headings is None else _as_headings(headings)
    check_positions(given, facing, grid, findings)
    check_motion(given, facing, starts.astype(np.int32), grid, findings)
    if facing is not None and start_headings is not None:
        robots = np.flatnonzero(facing[0] != _as_headings(start_headings))
        findings.add(
            "start-heading",
            "robot {robot} faces {faces} at step 0, need {needed}",
            robot=robots,
            step=0,
            faces=facing[0, robots],
            needed=start_headings[robots],
        )
    if goals is not None:
        robots = np.flatnonzero(given[-1] != goals)
        findings.add(
            "goal-cell",
            "robot {robot} ends at {place}, its goal is row {row}, col {col}",
            robot=robots,
            step=len(given) - 1,
            cell=given[-1, robots],
            row=goals[robots] // grid.width,
            col=goals[robots] % grid.width,
        )
    return findings.violations()


def _as_headings(headings: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
    """Headings as bytes; those that are none become 255."""
    good = (headings >= 0) & (headings <= 3)
    return np.where(good, headings, 255).astype(np.uint8)


def _check_shapes(
    cells: NDArray[np.integer[Any]],
    headings: NDArray[np.integer[Any]] | None,
    starts: NDArray[np.integer[Any]],
    goals: NDArray[np.integer[Any]] | None,
    findings: Findings,
) -> None:
    """Report arrays of another shape or type; the rest would trip over them."""
    expected: list[tuple[str, NDArray[Any] | None, tuple[int, ...]]] = [
        ("headings", headings, cells.shape),
        ("starts", starts, cells.shape[1:]),
        ("goals", goals, cells.shape[1:]),
    ]
    if cells.ndim != 2 or not len(cells) or cells.dtype.kind not in "iu":
        text = f"cells are {cells.dtype} of shape {cells.shape}, need whole numbers, "
        findings.add("array-shape", text + "one row a step", found=0)
        return
    for name, array, shape in expected:
        if array is None or (array.shape == shape and array.dtype.kind in "iu"):
            continue
        text = f"{name} are {array.dtype} of shape {array.shape}, need whole numbers "
        findings.add("array-shape", text + f"of shape {shape}", found=0)
