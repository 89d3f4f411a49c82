"""Seeded small teams: up to 8 robots on 8 x 8 cells with random walls."""

import numpy as np

from solvers.mapf.one_shot.problem import OneShotProblem
from warehouse.fitness import floor_pieces
from warehouse.grid import Grid
from warehouse.scenario import MotionModel


def small_team(seed: int, motion: MotionModel = "omni") -> OneShotProblem:
    """Two to eight robots on the largest piece of a floor with 10 to 25 % walls."""
    random = np.random.default_rng((8, seed))
    robots = int(random.integers(2, 9))
    grid = Grid.from_arrays(random.random((8, 8)) >= random.uniform(0.1, 0.25))
    pieces = floor_pieces(grid).ravel()
    names, sizes = np.unique(pieces[pieces >= 0], return_counts=True)
    floor = np.flatnonzero(pieces == names[sizes.argmax()])
    starts, goals = (random.permutation(floor)[:robots] for _ in range(2))
    return OneShotProblem(grid, starts, goals, motion)
