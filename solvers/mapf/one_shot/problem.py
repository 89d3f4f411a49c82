"""One-shot problem: a floor, a start and a goal for every robot; and its solution."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from solvers.arguments import indices, keep
from solvers.mapf.floor import Floor
from warehouse.errors import SolverError
from warehouse.grid import Grid
from warehouse.scenario import MotionModel

Objective = Literal["sum_of_costs", "loss", "makespan"]


@dataclass(frozen=True, slots=True)
class OneShotProblem:
    """Robots that each go from a start to a goal of their own and stay there.

    Parameters
    ----------
    grid : Grid
    starts, goals : ndarray of int32, shape (robots,)
        Flat cells; no two starts are equal and no two goals are.
    motion : "omni" or "rotate"
    headings : ndarray of uint8, shape (robots,), optional
        Where robots that turn look at first: 0 up, 1 right, 2 down, 3 left; right
        for all when not given. At the goal any heading will do.

    Raises
    ------
    SolverError
        E301 or E303 for arrays that are none; E311 for a start or a goal where no
        robot can stand; E310 for two robots with one start; E314 for two robots with
        one goal.
    """

    grid: Grid
    starts: NDArray[np.int32]
    goals: NDArray[np.int32]
    motion: MotionModel = "omni"
    headings: NDArray[np.uint8] | None = None
    floor: Floor = field(init=False)

    def __post_init__(self) -> None:
        robots, cells = len(self.starts), self.grid.cells
        starts = indices("starts", self.starts, (robots,), cells)
        goals = indices("goals", self.goals, (robots,), cells)
        headings = np.ones(robots, np.uint8) if self.headings is None else self.headings
        floor = Floor.from_grid(self.grid)
        floor.at(starts), floor.at(goals)
        _refuse_shared("E310", "start on", starts, self.grid.width)
        _refuse_shared("E314", "have the goal", goals, self.grid.width)
        keep(
            self,
            starts=starts,
            goals=goals,
            headings=indices("headings", headings, (robots,), 4, dtype=np.uint8),
            floor=floor,
        )

    @property
    def robots(self) -> int:
        """Number of robots."""
        return len(self.starts)


@dataclass(frozen=True, slots=True)
class Paths:
    """Where every robot is at every timestep; after the last one all stay.

    Parameters
    ----------
    cells : ndarray of int32, shape (timesteps + 1, robots)
        Flat cells.
    headings : ndarray of uint8, same shape, or None
        None where robots do not turn.
    """

    cells: NDArray[np.int32]
    headings: NDArray[np.uint8] | None = None

    @property
    def makespan(self) -> int:
        """Timestep at which the last robot has come to stay."""
        return int(self.arrivals.max(initial=0))

    @property
    def sum_of_costs(self) -> int:
        """Sum over robots of the timestep from which on each stays at its goal."""
        return int(self.arrivals.sum())

    @property
    def loss(self) -> int:
        """Number of robot-steps that begin or end away from the goal."""
        return int(self.losses.sum())

    @property
    def losses(self) -> NDArray[np.int64]:
        """Number of steps of each robot that begin or end away, shape (robots,)."""
        away = self.cells != self.cells[-1]
        return (away[:-1] | away[1:]).sum(axis=0)

    @property
    def arrivals(self) -> NDArray[np.int64]:
        """Timestep from which on each robot stays where it ends, shape (robots,).

        Examples
        --------
        Robot 0 leaves its goal once more, robot 1 never moves:

        >>> Paths(np.array([[1, 5], [2, 5], [1, 5], [2, 5], [2, 5]])).arrivals
        array([3, 0])
        """
        away = self.cells != self.cells[-1]
        last_away = len(away) - 1 - away[::-1].argmax(axis=0)
        return np.where(away.any(axis=0), last_away + 1, 0)


def _refuse_shared(code: str, words: str, cells: NDArray[np.int32], width: int) -> None:
    order = np.argsort(cells, kind="stable")
    same = np.flatnonzero(np.diff(cells[order]) == 0)
    if len(same):
        first, second = sorted(order[same[0] : same[0] + 2].tolist())
        row, col = divmod(int(cells[first]), width)
        raise SolverError(
            code,
            f"robots {first} and {second} both {words} row {row}, col {col}",
            "give each robot a cell of its own",
        )
