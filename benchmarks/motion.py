"""Motion alone: how many robot-steps a second PIBT plans."""

import time
from typing import get_args

import numpy as np
from numpy.typing import NDArray

import layouts
from benchmarks.registry import Run, spec
from solvers.mapf.fleet.lifelong import LifelongMotion
from warehouse.distances import DistanceTable
from warehouse.formats.scenario_folder import read_scenario
from warehouse.grid import Grid
from warehouse.layout import CellKind, Layout
from warehouse.scenario import MotionModel

GOALS = 1000
STOPS = 40
"""A robot gets so many goals at a time."""


@spec(
    "motion-pibt",
    "1,000 robots, 1,000 steps on the layout `large`, goals beside racks, never at"
    " rest: robot-steps a second with distances known",
    repeats=3,
)
def motion_pibt(run: Run) -> dict[str, float]:
    layout = read_scenario(layouts.folder("large")).layout
    grid = Grid.from_layout(layout)
    robots, steps = (200, 100) if run.smoke else (1000, 1000)
    rng = np.random.default_rng(run.seed)
    goals = rng.choice(cells_beside_racks(layout, grid), GOALS, replace=False)
    starts = rng.choice(np.flatnonzero(grid.drivable), robots, replace=False)
    table = DistanceTable(grid)
    table.rows(goals)
    table.rows(starts)
    numbers = {}
    for model in get_args(MotionModel):
        motion = LifelongMotion(table, starts, motion=model, seed=run.seed)
        began = time.perf_counter()
        reached = drive(motion, steps, goals, rng)
        took_s = time.perf_counter() - began
        refuse_collisions(motion.cells(), grid)
        numbers[f"{model}_robot_steps_per_s"] = robots * steps / took_s
        numbers[f"{model}_goals_reached"] = reached
        numbers[f"{model}_escapes"] = motion.escapes
    return numbers


def cells_beside_racks(layout: Layout, grid: Grid) -> NDArray[np.intp]:
    """Cells a robot can stand on that have a rack above, below or beside them."""
    rack = np.pad(layout.kinds == CellKind.RACK, 1)
    beside = rack[:-2, 1:-1] | rack[2:, 1:-1] | rack[1:-1, :-2] | rack[1:-1, 2:]
    return np.flatnonzero(beside.ravel() & grid.drivable)


def drive(
    motion: LifelongMotion,
    steps: int,
    goals: NDArray[np.intp],
    rng: np.random.Generator,
) -> int:
    """Send every robot from goal to goal without a rest; return the goals reached."""
    at_once = np.zeros(STOPS, np.int32)
    free = np.arange(motion.robots, dtype=np.int32)
    lists = 0
    while motion.t < steps:
        for robot in free.tolist():
            motion.send(robot, rng.choice(goals, STOPS), at_once)
        lists += len(free)
        free = motion.advance(steps)
    underway = motion.errands.listed - motion.errands.done
    return lists * STOPS - int(underway.sum())


def refuse_collisions(cells: NDArray[np.int32], grid: Grid) -> None:
    """Raise unless every move is legal and no two robots meet or change places."""
    before, after = cells[:-1], cells[1:]
    stays = before == after
    moves = (grid.successors[before] == after[:, :, None]).any(axis=2)
    if not (stays | moves).all():
        raise RuntimeError("a robot made a move that the floor does not allow")
    in_order = np.sort(cells, axis=1)
    if (in_order[:, 1:] == in_order[:, :-1]).any():
        raise RuntimeError("two robots shared a cell")
    way, back = (
        np.sort(a.astype(np.int64) * grid.cells + b, axis=1)
        for a, b in ((before, after), (after, before))
    )
    for t, stay in enumerate(stays):
        if len(np.intersect1d(way[t], back[t])) > stay.sum():
            raise RuntimeError(f"two robots changed places at step {t}")
