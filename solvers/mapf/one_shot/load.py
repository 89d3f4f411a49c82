"""Kernels of one-shot motion made ready before a clock runs."""

import numpy as np

from solvers.mapf.one_shot.homecoming import bring_home
from solvers.mapf.one_shot.problem import Objective, OneShotProblem
from solvers.mapf.one_shot.solve import OneShotParams, solve
from solvers.mapf.one_shot.turning import turning_rows
from solvers.result import Stop
from warehouse.grid import Grid
from warehouse.scenario import MotionModel

SIDE = 7
ROBOTS = 20


def load_kernels(motion: MotionModel, objective: Objective) -> None:
    """Compile what `solve` uses, or load it from the cache, by solving a small problem.

    The first call on a machine takes some twenty seconds. The problem is one that no
    shortcut solves, so that every part has its turn.

    Parameters
    ----------
    motion : "omni" or "rotate"
    objective : "sum_of_costs", "loss" or "makespan"

    Examples
    --------
    >>> load_kernels("omni", "makespan")
    """
    grid = Grid.from_arrays(np.ones((SIDE, SIDE), bool))
    starts = np.arange(ROBOTS, dtype=np.int32)
    problem = OneShotProblem(grid, starts, np.int32(SIDE * SIDE - 1) - starts, motion)
    solve(problem, Stop(iterations=20), params=OneShotParams(objective=objective))
    if motion == "rotate":
        # Not every problem leaves robots away from their goals.
        goals, plan = problem.floor.at(starts), problem.floor.at([starts + SIDE * 3])
        to_goal = turning_rows(problem.floor, goals)
        assert to_goal is not None
        bring_home(problem.floor, to_goal, goals, 4 * plan)
