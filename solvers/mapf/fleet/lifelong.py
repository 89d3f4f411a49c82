"""Lifelong motion: robots that follow lists of stops, step by step, for ever."""

from copy import copy
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solvers.mapf.fleet.pibt import NOBODY, Errands, Team, advance
from solvers.mapf.fleet.sipp import NEVER
from solvers.random_words import first_state
from warehouse.distances import UNREACHABLE, DistanceTable
from warehouse.errors import SolverError
from warehouse.scenario import MotionModel

T = TypeVar("T", bound=np.generic)


class LifelongMotion:
    """A fleet that moves without collision while stops are added to its robots.

    Parameters
    ----------
    table : DistanceTable
        Distances on the grid the robots drive on.
    starts : array_like of int, shape (robots,)
        Flat start cells, all different.
    motion : "omni" or "rotate"
    seed : int
        Breaks ties between equally good cells.

    Notes
    -----
    One timestep costs O(robots) on average. Robots in service are never moved;
    robots without a stop go to their start cells and give way to others.
    A robot that comes no nearer to its goal for `PATIENCE` steps is sent on a
    detour, counted in `escapes`, so that no pattern of waiting lasts for ever.

    Examples
    --------
    Robot 1 is given way by robot 0 and serves from timestep 3 to 6:

    >>> from warehouse.grid import Grid
    >>> grid = Grid.from_arrays(np.ones((2, 4), bool))
    >>> motion = LifelongMotion(DistanceTable(grid), [0, 3])
    >>> _ = motion.send(0, [3], [3]), motion.send(1, [0], [3])
    >>> motion.advance(20)
    array([1], dtype=int32)
    >>> int(motion.t), motion.services(1)
    (6, (array([3], dtype=int32), array([6], dtype=int32)))
    """

    PATIENCE = 100
    DETOURS = 32

    def __init__(
        self,
        table: DistanceTable,
        starts: ArrayLike,
        *,
        motion: MotionModel = "omni",
        seed: int = 0,
    ) -> None:
        start_cells = np.array(starts, np.int32)
        n, cells = len(start_cells), table.grid.cells
        if len(np.unique(start_cells)) != n:
            raise SolverError("E310", "two robots start on one cell")
        if not table.grid.drivable[start_cells].all():
            raise SolverError("E311", "a robot starts where none can stand")
        # Somewhere to go for robots that are sent on a detour.
        floor = np.flatnonzero(table.grid.drivable)
        table.rows(floor[:: max(1, len(floor) // self.DETOURS)])
        self.table = table
        self.homes = start_cells.copy()
        self.turning = motion == "rotate"
        self.t = 0
        here = np.full(cells, NOBODY, np.int32)
        here[start_cells] = np.arange(n, dtype=np.int32)
        self.team = Team(
            position=start_cells,
            heading=np.zeros(n, np.uint8),
            goal=start_cells.copy(),
            goal_row=table.rows(start_cells),
            serving=np.zeros(n, np.bool_),
            priority=1e-6 * np.arange(n, dtype=np.float64),
            by_priority=np.arange(n, dtype=np.int32),
            target=np.full(n, -1, np.int32),
            here=here,
            there=np.full(cells, NOBODY, np.int32),
            key=np.empty((n, 5), np.int64),
            choice=np.empty((n, 5), np.int32),
            choices=np.zeros(n, np.int32),
            tried=np.zeros(n, np.int32),
            partner=np.full(n, NOBODY, np.int32),
            stack=np.empty(n + 1, np.int32),
            random=first_state(seed),
        )
        self.errands = self._empty_errands(n, 16)
        self._history = np.empty((1024, n), np.int32)
        self._history[0] = start_cells
        self._headings = np.zeros((1024 if self.turning else 1, n), np.uint8)

    @staticmethod
    def _empty_errands(n: int, stops: int) -> Errands:
        table = {
            name: np.zeros((n, stops), np.int32)
            for name in ("cell", "row", "steps", "start", "end")
        }
        return Errands(
            **table,
            listed=np.zeros(n, np.int32),
            done=np.zeros(n, np.int32),
            until=np.zeros(n, np.int32),
            nearest=np.full(n, UNREACHABLE, np.int32),
            waited=np.zeros(n, np.int32),
            detour=np.zeros(n, np.bool_),
            escapes=np.zeros(1, np.int64),
        )

    @property
    def robots(self) -> int:
        """Number of robots."""
        return len(self.team.position)

    @property
    def position(self) -> NDArray[np.int32]:
        """Cell of every robot at the present timestep."""
        return self.team.position.copy()

    @property
    def escapes(self) -> int:
        """How many detours were needed to free robots that made no progress."""
        return int(self.errands.escapes[0])

    @property
    def statistics(self) -> dict[str, float]:
        """Detours that freed robots which made no progress."""
        return {"escapes": self.escapes}

    def send(
        self, robot: int, cells: ArrayLike, steps: ArrayLike, *, fixed: int = 1
    ) -> bool:
        """Give a robot without stops its next list of stops.

        Parameters
        ----------
        robot : int
        cells : array_like of int, shape (stops,)
            Cells to stand on, in this order.
        steps : array_like of int, shape (stops,)
            Timesteps to stand there.
        fixed : int
            Stops at the end whose order counts; here the order of all is kept.

        Returns
        -------
        bool
            True: whoever has a way goes.
        """
        stop_cells = np.asarray(cells, np.int32)
        errands = self.errands
        if errands.done[robot] < errands.listed[robot]:
            raise SolverError("E312", f"robot {robot} still has stops to serve")
        self._refuse_no_way(robot, stop_cells)
        if len(stop_cells) > errands.cell.shape[1]:
            self._widen(len(stop_cells))
            errands = self.errands
        k = len(stop_cells)
        errands.cell[robot, :k] = stop_cells
        errands.row[robot, :k] = self.table.rows(stop_cells)
        errands.steps[robot, :k] = steps
        errands.listed[robot], errands.done[robot] = k, 0
        self._head_for(robot, stop_cells[0], 1.0)
        return True

    def would_end(
        self, robot: int, cells: ArrayLike, steps: ArrayLike, *, fixed: int = 1
    ) -> int:
        """When a robot would have served some stops if it were alone.

        Parameters
        ----------
        robot, cells, steps, fixed
            As for `send`.
        """
        stop_cells = np.asarray(cells, np.int32)
        came_from = np.append(self.position[robot], stop_cells[:-1])
        ways = self.table.data[self.table.rows(stop_cells), came_from]
        return int(self.t + ways.sum(dtype=np.int64) + np.sum(steps))

    def order(self, robot: int) -> NDArray[np.int32]:
        """Numbers of the present stops in the order of serving: as they were given."""
        return np.arange(self.errands.listed[robot], dtype=np.int32)

    def turns_at(self) -> NDArray[np.int32]:
        """Not known before: `NEVER` for each robot."""
        return np.full(self.robots, NEVER, np.int32)

    def redirect(self, robot: int, cells: ArrayLike, steps: ArrayLike) -> bool:
        """Not offered, as it is not known when: False."""
        return False

    def improve(self, rounds: int) -> int:
        """Nothing is planned ahead, so nothing can be improved."""
        return 0

    def fork(self) -> "LifelongMotion":
        """A copy that goes its own way from here."""
        fork = copy(self)
        fork.team = Team._make(array.copy() for array in self.team)
        fork.errands = Errands._make(array.copy() for array in self.errands)
        fork._history = self._history.copy()
        fork._headings = self._headings.copy()
        return fork

    def free_at(self, robot: int) -> int:
        """Timestep at which a robot has served its last stop, if never held up."""
        errands, k = self.errands, int(self.errands.done[robot])
        ahead = slice(k, int(errands.listed[robot]))
        cells = np.append(self.team.position[robot], errands.cell[robot, ahead])
        way = self.table.data[errands.row[robot, ahead], cells[:-1]].sum(dtype=np.int64)
        return self.t + int(way + errands.steps[robot, ahead].sum())

    def rest(self, robot: int, cell: int) -> None:
        """Let a robot without stops go to a cell and stay there, giving way."""
        self._refuse_no_way(robot, np.array([cell], np.int32))
        self._head_for(robot, cell, 0.0)

    def _refuse_no_way(self, robot: int, stops: NDArray[np.int32]) -> None:
        rows = self.table.rows(stops)
        before = np.append(self.team.position[robot], stops[:-1])
        for cell in stops[self.table.data[rows, before] == UNREACHABLE].tolist():
            raise SolverError("E313", f"robot {robot} has no way to cell {cell}")

    def _head_for(self, robot: int, cell: int, priority: float) -> None:
        team, errands = self.team, self.errands
        row = self.table.rows([cell])[0]
        team.goal[robot], team.goal_row[robot] = cell, row
        team.priority[robot] = priority + robot * 1e-6
        errands.nearest[robot] = UNREACHABLE
        errands.waited[robot] = 0
        errands.detour[robot] = False

    def _widen(self, stops: int) -> None:
        old = self.errands
        wide = self._empty_errands(self.robots, max(stops, 2 * old.cell.shape[1]))
        for name in ("cell", "row", "steps", "start", "end"):
            getattr(wide, name)[:, : old.cell.shape[1]] = getattr(old, name)
        self.errands = wide._replace(
            listed=old.listed,
            done=old.done,
            until=old.until,
            nearest=old.nearest,
            waited=old.waited,
            detour=old.detour,
            escapes=old.escapes,
        )

    def advance(self, until: int) -> NDArray[np.int32]:
        """Move on to timestep ``until``, or to where a robot's list of stops ends.

        Returns
        -------
        ndarray of int32
            Robots that finished their last stop at the present timestep `t`;
            empty when ``until`` was reached first.
        """
        until = max(until, self.t)
        if until >= len(self._history):
            rows = max(until + 1, 2 * len(self._history))
            self._history = _grown(self._history, rows)
            if self.turning:
                self._headings = _grown(self._headings, rows)
        busy = self.errands.done < self.errands.listed
        _, self.t = advance(
            self.table.grid.successors,
            self.table.data,
            self.team,
            self.errands,
            self.t,
            self._history[: until + 1],
            self._headings[: until + 1],
            self.turning,
            self.PATIENCE,
            np.flatnonzero(self.table.row_of >= 0)[
                np.argsort(self.table.row_of[self.table.row_of >= 0])
            ].astype(np.int32),
        )
        ended = busy & (self.errands.done == self.errands.listed)
        finished = np.flatnonzero(ended).astype(np.int32)
        for robot in finished.tolist():
            self.rest(robot, int(self.homes[robot]))
        return finished

    def services(self, robot: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Timesteps at which the stops served of the present list began and ended."""
        k = self.errands.done[robot]
        return (
            self.errands.start[robot, :k].copy(),
            self.errands.end[robot, :k].copy(),
        )

    def cells(self) -> NDArray[np.int32]:
        """Cell of every robot at timesteps 0 .. t, shape (t + 1, robots)."""
        return self._history[: self.t + 1].copy()

    def headings(self) -> NDArray[np.uint8] | None:
        """Heading of every robot at timesteps 0 .. t; None where none turn."""
        return self._headings[: self.t + 1].copy() if self.turning else None


def _grown(array: NDArray[T], rows: int) -> NDArray[T]:
    grown = np.empty((rows, *array.shape[1:]), array.dtype)
    grown[: len(array)] = array
    return grown
