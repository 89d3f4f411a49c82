"""Motion: robots stand on floor, move as the floor allows, and never collide."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.check.violation import Findings
from warehouse.grid import Grid

Headings = NDArray[np.uint8] | None
Meetings = NDArray[np.intp]
"""Robot, other robot, step and cell of some conflicts, shape (4, conflicts)."""
BLOCK: Final = 1 << 20
"""Robot-steps looked at together, which bounds the memory the check needs."""


@dataclass(frozen=True, slots=True)
class Block:
    """Positions of all robots at some consecutive steps.

    Parameters
    ----------
    first : int
        Step of the first row.
    steps : int
        Rows to check. There is one row more, where the last of them leads, unless
        the plan ends here.
    cells : ndarray of int32, shape (steps or steps + 1, robots)
    on_grid : ndarray of bool
        Same shape; whether the cell exists.
    headings : ndarray of uint8 or None
    """

    first: int
    steps: int
    cells: NDArray[np.int32]
    on_grid: NDArray[np.bool_]
    headings: Headings


def check_positions(
    cells: NDArray[np.int32], headings: Headings, grid: Grid, findings: Findings
) -> None:
    """Report robots on no cell, on a wall or rack, or with no heading."""
    for block in motion_blocks(cells, headings, grid):
        _check_floor(block, grid, findings)


def check_motion(
    cells: NDArray[np.int32],
    headings: Headings,
    start_cells: NDArray[np.int32],
    grid: Grid,
    findings: Findings,
) -> int:
    """Report every illegal move and every conflict; return how many cells were driven.

    O(steps * robots) time, in blocks of steps. Where more than two robots meet in a
    cell, each is reported against one of them, not against all.
    """
    robots = np.flatnonzero(cells[0] != start_cells)
    findings.add(
        "start-cell",
        "robot {robot} begins at {place}, not on its start cell {start}",
        robot=robots,
        step=0,
        cell=cells[0, robots],
        start=start_cells[robots],
    )
    moves = 0
    for block in motion_blocks(cells, headings, grid):
        moves += check_block(block, grid, findings)
    return moves


def check_block(block: Block, grid: Grid, findings: Findings) -> int:
    """Report illegal moves and conflicts in one block; return how many cells it drove.

    For those who look at a long plan little by little; all others `check_motion`.
    """
    moves = _check_moves(block, grid, findings)
    _check_meetings(block, grid, findings)
    return moves


def motion_blocks(
    cells: NDArray[np.int32], headings: Headings, grid: Grid, size: int = BLOCK
) -> Iterator[Block]:
    """Cut a plan into blocks of steps, with about so many robot-steps each."""
    rows = max(1, size // max(1, cells.shape[1]))
    for first in range(0, len(cells), rows):
        part = slice(first, first + rows + 1)
        on_grid = (cells[part] >= 0) & (cells[part] < grid.cells)
        steps = min(rows, len(cells) - first)
        heading_part = None if headings is None else headings[part]
        yield Block(first, steps, cells[part], on_grid, heading_part)


def _check_floor(block: Block, grid: Grid, findings: Findings) -> None:
    cells, on_grid = block.cells[: block.steps], block.on_grid[: block.steps]
    steps, robots = _where(~on_grid)
    findings.add(
        "off-grid",
        "robot {robot} is on {place} at step {step}, which is not on the grid",
        robot=robots,
        step=steps + block.first,
        cell=cells[steps, robots],
    )
    stands = grid.drivable.take(cells, mode="clip")
    steps, robots = _where(~stands & on_grid)
    findings.add(
        "off-floor",
        "robot {robot} is on {place} at step {step}, where no robot can stand",
        robot=robots,
        step=steps + block.first,
        cell=cells[steps, robots],
    )
    if block.headings is not None:
        headings = block.headings[: block.steps]
        steps, robots = _where(headings > 3)
        findings.add(
            "heading-range",
            "robot {robot} has heading {heading} at step {step}, need 0 to 3",
            robot=robots,
            step=steps + block.first,
            cell=cells[steps, robots],
            heading=headings[steps, robots],
        )


def _where(broken: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of what is broken; nearly always nothing is, which is quick."""
    steps, robots = np.nonzero(broken if broken.any() else broken[:0])
    return steps, robots


def _check_moves(block: Block, grid: Grid, findings: Findings) -> int:
    before, after = block.cells[:-1], block.cells[1:]
    moved = before != after
    steps, robots = np.nonzero(moved & block.on_grid[:-1] & block.on_grid[1:])
    source, target = before[steps, robots], after[steps, robots]
    legal = np.zeros(len(source), bool)
    for exits in grid.successors.T:
        legal |= exits[source] == target
    width = grid.width
    findings.add(
        "illegal-move",
        "robot {robot} cannot go from {place} to row {row}, col {col} "
        "in the step after {step}",
        robot=robots[~legal],
        step=steps[~legal] + block.first,
        cell=source[~legal],
        row=target[~legal] // width,
        col=target[~legal] % width,
    )
    if block.headings is not None:
        _check_turns(block, moved, findings)
        heading = block.headings[:-1][steps, robots] & 3
        sideways = legal & (grid.successors[source, heading] != target)
        findings.add(
            "sideways-move",
            "robot {robot} leaves {place} after step {step} in a direction it is "
            "not heading to",
            robot=robots[sideways],
            step=steps[sideways] + block.first,
            cell=source[sideways],
        )
    return int(moved.sum())


def _check_turns(block: Block, moved: NDArray[np.bool_], findings: Findings) -> None:
    if block.headings is None:
        return
    turn = (block.headings[1:] - block.headings[:-1]) & 3
    for rule, broken, message in (
        ("half-turn", turn == 2, "robot {robot} turns by a half after step {step}"),
        (
            "turn-while-driving",
            moved & (turn != 0),
            "robot {robot} both turns and leaves {place} after step {step}",
        ),
    ):
        steps, robots = np.nonzero(broken)
        cell = block.cells[steps, robots]
        where = {"robot": robots, "step": steps + block.first, "cell": cell}
        findings.add(rule, message, **where)


def _check_meetings(block: Block, grid: Grid, findings: Findings) -> None:
    """Report vertex and edge conflicts, by who was last written on each cell."""
    robots = np.arange(block.cells.shape[1])
    # A robot off the grid meets nobody: it gets a cell of its own behind the grid.
    cells = np.where(block.on_grid, block.cells, grid.cells + robots)
    holder = np.zeros(grid.cells + len(robots), np.intp)
    vertex: list[Meetings] = []
    edge: list[Meetings] = []
    for t in range(block.steps):
        here, step = cells[t], block.first + t
        holder[here] = robots
        other = holder[here]
        if (other != robots).any():
            robot = np.flatnonzero(other != robots)
            vertex.append(_meetings(robot, other[robot], step, here))
        if t + 1 == len(cells):
            break
        there = cells[t + 1]
        # The holder may be an old one: it counts only if it is really there.
        other = holder[there]
        swap = (here[other] == there) & (there[other] == here) & (here != there)
        if swap.any():
            robot = np.flatnonzero(swap)
            # Both of a pair find each other: each pair counts once.
            low, high = np.sort(np.stack([robot, other[robot]]), axis=0)
            low, high = np.divmod(np.unique(low * len(robots) + high), len(robots))
            edge.append(_meetings(low, high, step, here))
    _report_meetings(
        findings,
        "vertex-conflict",
        "robots {robot} and {other_robot} are both at {place} at step {step}",
        vertex,
    )
    _report_meetings(
        findings,
        "edge-conflict",
        "robots {robot}, at {place}, and {other_robot} swap cells after step {step}",
        edge,
    )


def _meetings(
    robot: NDArray[np.intp], other: NDArray[np.intp], step: int, cells: NDArray[np.intp]
) -> Meetings:
    return np.stack([robot, other, np.full(len(robot), step), cells[robot]])


def _report_meetings(
    findings: Findings, rule: str, message: str, meetings: list[Meetings]
) -> None:
    none = np.zeros((4, 0), np.intp)
    robot, other, step, cell = np.concatenate([none, *meetings], axis=1)
    findings.add(rule, message, robot=robot, other_robot=other, step=step, cell=cell)
