"""Lifelong problem: a floor, robots on it, and tasks that never end."""

from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solvers.arguments import indices, keep
from solvers.mapf.floor import Floor
from warehouse.errors import SolverError
from warehouse.grid import Grid
from warehouse.scenario import MotionModel

EVENT = np.dtype([("t", "<i4"), ("robot", "<i4"), ("task", "<i4"), ("errands", "<i4")])
"""One row when a robot reaches a cell of a task: when, who, which, how many so far."""


class Ahead(NamedTuple):
    """What is known of the way after each robot's goal."""

    following: NDArray[np.int32]
    """(robots,) the goal after it, a vertex, or -1."""
    rest: NDArray[np.int64]
    """(robots,) cost of a free way from the goal to the end of the task."""

    @classmethod
    def nothing(cls, robots: int) -> "Ahead":
        """Nothing is known of any robot's way after its goal."""
        return cls(np.full(robots, -1, np.int32), np.zeros(robots, np.int64))


class TaskState(Protocol):
    """Tasks during one run: told where robots stand, says where they go."""

    finished: int
    """Tasks finished so far."""

    def visit(
        self, t: int, vertices: NDArray[np.int32], headings: NDArray[np.uint8] | None
    ) -> NDArray[np.int32]:
        """Note what is reached at timestep t; return each robot's goal, a vertex.

        A robot without a task has the goal -1. Called at t = 0, 1, 2 and so on.
        """

    def ahead(self) -> Ahead:
        """What comes after the goals that were returned last."""

    def events(self) -> NDArray[np.void]:
        """Cells of tasks that were reached so far, dtype `EVENT`, by timestep."""


class Tasks(Protocol):
    """Tasks as given, before a run."""

    def begin(
        self, floor: Floor, starts: NDArray[np.int32], motion: MotionModel
    ) -> TaskState:
        """Their state at the begin of a run of robots that start on some vertices."""


@dataclass(frozen=True, slots=True)
class RoundRobin:
    """Each robot has its own endless list: robot r's j-th goal is line j * robots + r.

    After the last line comes the first. So are the problems of the League of Robot
    Runners 2023 dealt out. A goal on which a robot stands already counts at the next
    timestep.

    Parameters
    ----------
    cells : array_like of int, shape (tasks,)
        Flat cells.

    Raises
    ------
    SolverError
        E301 for no list of whole numbers, or an empty one.

    Examples
    --------
    The second robot comes to the last line and goes on with the first:

    >>> floor = Floor.from_grid(Grid.from_arrays(np.ones((1, 4), bool)))
    >>> state = RoundRobin([0, 3, 2]).begin(floor, np.array([0, 3]), "omni")
    >>> state.visit(0, np.array([0, 3]), None)
    array([0, 3], dtype=int32)
    >>> state.visit(1, np.array([0, 3]), None), state.finished
    (array([2, 0], dtype=int32), 2)
    """

    cells: ArrayLike

    def __post_init__(self) -> None:
        given = np.asarray(self.cells)
        if given.ndim != 1 or len(given) == 0:
            raise SolverError(
                "E301", f"got tasks of shape {given.shape}", "give one goal or more"
            )
        keep(self, cells=indices("tasks", given, given.shape, 2**31))

    def begin(
        self, floor: Floor, starts: NDArray[np.int32], motion: MotionModel
    ) -> "RoundRobinState":
        """State at the begin of a run.

        Raises
        ------
        SolverError
            E311 for a goal where no robot can stand.
        """
        return RoundRobinState(floor.at(self.cells), len(starts))


class RoundRobinState:
    """How far each robot is on its list."""

    def __init__(self, goals: NDArray[np.int32], robots: int) -> None:
        self._goals = goals
        self._line = np.arange(robots, dtype=np.int64)
        self._wanted = goals[self._line % len(goals)]
        self._reached: list[NDArray[np.void]] = []
        self.finished = 0

    def visit(
        self, t: int, vertices: NDArray[np.int32], headings: NDArray[np.uint8] | None
    ) -> NDArray[np.int32]:
        """Give a next goal to robots that stand on theirs."""
        if t == 0:
            return self._wanted.copy()
        there = np.flatnonzero(vertices == self._wanted)
        if len(there):
            rows = np.empty(len(there), EVENT)
            rows["t"], rows["robot"], rows["errands"] = t, there, 1
            rows["task"] = self._line[there] % 2**31
            self._reached.append(rows)
            self.finished += len(there)
            self._line[there] += len(self._line)
            self._wanted[there] = self._goals[self._line[there] % len(self._goals)]
        return self._wanted.copy()

    def ahead(self) -> Ahead:
        """Nothing: a robot is told its next goal when it has reached the one before."""
        return Ahead.nothing(len(self._line))

    def events(self) -> NDArray[np.void]:
        """Goals reached so far; ``task`` counts lines, on and on."""
        return np.concatenate([np.empty(0, EVENT), *self._reached])


@dataclass(frozen=True, slots=True)
class LifelongProblem:
    """Robots that get a next goal whenever they reach one.

    Parameters
    ----------
    grid : Grid
    starts : ndarray of int32, shape (robots,)
        Flat cells, all different.
    tasks : Tasks
    motion : "omni" or "rotate"
    headings : ndarray of uint8, shape (robots,), optional
        0 up, 1 right, 2 down, 3 left; right for all when not given.

    Raises
    ------
    SolverError
        E301 or E303 for arrays that are none, E310 for two robots with one start,
        E311 for a start where no robot can stand.
    """

    grid: Grid
    starts: NDArray[np.int32]
    tasks: Tasks
    motion: MotionModel = "omni"
    headings: NDArray[np.uint8] | None = None
    floor: Floor = field(init=False)

    def __post_init__(self) -> None:
        robots = len(self.starts)
        starts = indices("starts", self.starts, (robots,), self.grid.cells)
        headings = np.ones(robots, np.uint8) if self.headings is None else self.headings
        floor = Floor.from_grid(self.grid)
        floor.at(starts)
        order = np.argsort(starts, kind="stable")
        same = np.flatnonzero(np.diff(starts[order]) == 0)
        if len(same):
            first, second = sorted(order[same[0] : same[0] + 2].tolist())
            row, col = divmod(int(starts[first]), self.grid.width)
            raise SolverError(
                "E310",
                f"robots {first} and {second} both start on row {row}, col {col}",
                "give each robot a cell of its own",
            )
        keep(
            self,
            starts=starts,
            headings=indices("headings", headings, (robots,), 4, dtype=np.uint8),
            floor=floor,
        )

    @property
    def robots(self) -> int:
        """Number of robots."""
        return len(self.starts)
