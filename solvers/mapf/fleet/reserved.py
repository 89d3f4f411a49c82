"""Motion by reservation: each robot plans its whole trip around all that is settled.

Token passing (Ma, Li, Kumar, Koenig 2017, arXiv:1705.10868) with safe-interval
path planning. Nobody ever has to give way, so no robot is ever stuck, as long as the
resting places do not cut the floor in two.
"""

from copy import copy

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solvers.mapf.fleet.settled import Fleet, improve, make_rest, send
from solvers.mapf.fleet.sipp import FOUND, NEVER, TOO_LONG, Reservations
from solvers.mapf.fleet.trip_planning import NO_ROOM, Ground, Stops, make_planner
from solvers.random_words import first_state
from warehouse.distances import DistanceTable
from warehouse.errors import SolverError
from warehouse.scenario import MotionModel


class ReservedMotion:
    """A fleet in which a robot's path, once settled, is changed by nobody else.

    Every path ends at the robot's own start cell, where it can rest for ever; it
    leaves that part of the path when it is sent out again.

    Parameters
    ----------
    table : DistanceTable
    starts : array_like of int, shape (robots,)
        Flat start cells, all different: the robots' resting places.
    motion : "omni" or "rotate"
    weight : float
        See `solvers.mapf.fleet.sipp.find_path`.
    seed : int
        Draws what `improve` tries.

    Examples
    --------
    Robot 1 waits until robot 0, sent first, has served and gone home:

    >>> from warehouse.grid import Grid
    >>> motion = ReservedMotion(
    ...     DistanceTable(Grid.from_arrays(np.ones((2, 3), bool))), [0, 3])
    >>> motion.send(0, [5], [4]), motion.would_end(1, [5], [1])
    (True, 9)
    >>> motion.send(1, [5], [1])
    True
    >>> motion.advance(50), motion.t, motion.services(0)
    (array([0], dtype=int32), 7, (array([3], dtype=int32), array([7], dtype=int32)))
    >>> motion.advance(50), motion.services(1)
    (array([1], dtype=int32), (array([8], dtype=int32), array([9], dtype=int32)))
    """

    LABELS = 1 << 17

    def __init__(
        self,
        table: DistanceTable,
        starts: ArrayLike,
        *,
        motion: MotionModel = "omni",
        weight: float = 1.2,
        seed: int = 0,
    ) -> None:
        homes = np.array(starts, np.int32)
        cells = table.grid.cells
        if len(np.unique(homes)) != len(homes):
            raise SolverError("E310", "two robots start on one cell")
        if not table.grid.drivable[homes].all():
            raise SolverError("E311", "a robot starts where none can stand")
        self.table = table
        self.turning = motion == "rotate"
        self.weight = weight
        self.t = 0
        self.labels_made = 0
        self.gained = 0
        rest_from = np.full(cells, NEVER, np.int32)
        rest_from[homes] = 0
        self._reserved = Reservations(np.zeros((cells, 17), np.uint64), rest_from)
        self._fleet = _fleet_at_home(homes, table.rows(homes), 1024, 16)
        self._random = first_state(seed)
        self._labels = 1 << 15
        self._make_room(1024, 16)

    def _make_room(self, steps: int, stops: int) -> None:
        """Widen tables to at least some timesteps and some stops a trip."""
        fleet = self._fleet
        robots, old_steps = fleet.where.shape
        old_stops = fleet.cell.shape[1]
        steps, stops = max(steps, old_steps), max(stops, old_stops)
        if (steps, stops) != (old_steps, old_stops):
            wide = _fleet_at_home(fleet.home, fleet.home_row, steps, stops)
            for name in Fleet._fields:
                old = getattr(fleet, name)
                getattr(wide, name)[tuple(slice(n) for n in old.shape)] = old
            wide.facing[:, old_steps:] = fleet.facing[:, -1:]
            self._fleet = wide
        words = steps // 64 + 1
        busy = self._reserved.busy
        if words > busy.shape[1]:
            grown = np.zeros((len(busy), words), np.uint64)
            grown[:, : busy.shape[1]] = busy
            self._reserved = self._reserved._replace(busy=grown)
        self._planner = make_planner(stops + 1, steps, self._labels)
        self._rest = make_rest(robots, self.table.grid.cells, stops, steps)

    @property
    def robots(self) -> int:
        """Number of robots."""
        return len(self._fleet.home)

    @property
    def homes(self) -> NDArray[np.int32]:
        """Resting place of every robot, shape (robots,)."""
        return self._fleet.home

    @property
    def position(self) -> NDArray[np.int32]:
        """Cell of every robot at the present timestep."""
        self._make_room_for_now()
        now: NDArray[np.int32] = self._fleet.where[:, self.t].copy()
        return now

    @property
    def statistics(self) -> dict[str, float]:
        """Labels made by all searches, and robot-steps won by replanning."""
        return {"labels": self.labels_made, "replanning_gained": self.gained}

    def fork(self) -> "ReservedMotion":
        """A copy that goes its own way from here."""
        fork = copy(self)
        fork._reserved = Reservations._make(array.copy() for array in self._reserved)
        fork._fleet = Fleet._make(array.copy() for array in self._fleet)
        fork._random = self._random.copy()
        fork._make_room(0, 0)
        return fork

    def free_at(self, robot: int) -> int:
        """Timestep at which a robot has served its last stop; `NEVER` if it has."""
        return int(self._fleet.free_at[robot])

    def order(self, robot: int) -> NDArray[np.int32]:
        """Numbers of the stops of the present trip in the order of serving."""
        return self._fleet.number[robot, : self._fleet.stops[robot]].copy()

    def send(
        self, robot: int, cells: ArrayLike, steps: ArrayLike, *, fixed: int = 1
    ) -> bool:
        """Plan a trip through some stops and home again, and settle it.

        Parameters
        ----------
        robot : int
            A robot without stops left to serve.
        cells, steps : array_like of int, shape (stops,)
            Cells to stand on and timesteps to stand there.
        fixed : int
            So many stops at the end are served last and in the order given; the
            others in whatever order other robots' paths make short.

        Returns
        -------
        bool
            False if no path was found: the robot then goes on as settled before.
        """
        self._refuse_busy(robot)
        return self._find(robot, cells, steps, fixed, settles=True)

    def would_end(
        self, robot: int, cells: ArrayLike, steps: ArrayLike, *, fixed: int = 1
    ) -> int:
        """When a robot's last stop would be served, at the latest, if it were sent now.

        A quick look: `send` tries more, and may find a way that ends sooner.

        Parameters
        ----------
        robot, cells, steps, fixed
            As for `send`.

        Returns
        -------
        int
            `NEVER` if no path was found.
        """
        self._refuse_busy(robot)
        if not self._find(robot, cells, steps, fixed, settles=False):
            return NEVER
        return int(self._rest.found.end[0, np.size(cells) - 1])

    def turns_at(self) -> NDArray[np.int32]:
        """When robots leave the last stop before the fixed ones; `NEVER` if never.

        They do not leave it if the first of these is in the same place. It may be past.
        Shape (robots,).
        """
        fleet, robots = self._fleet, np.arange(self.robots)
        free = fleet.stops - fleet.fixed
        times = fleet.end[robots, free - 1]
        leaves = (free > 0) & (times < fleet.start[robots, free])
        turns: NDArray[np.int32] = np.where(
            leaves & (fleet.free_at < NEVER), times, NEVER
        ).astype(np.int32)
        return turns

    def redirect(self, robot: int, cells: ArrayLike, steps: ArrayLike) -> bool:
        """Let a robot end its trip at other stops, in the order given.

        Parameters
        ----------
        robot : int
            A robot that has begun to serve all its stops but the fixed ones.
        cells, steps : array_like of int, shape (stops,)
            What takes the place of the stops that it has not begun to serve.

        Returns
        -------
        bool
            False if no path was found: the robot then goes on as settled before.
        """
        fleet = self._fleet
        free = int(fleet.stops[robot] - fleet.fixed[robot])
        if free > 0 and fleet.start[robot, free - 1] > self.t:
            raise SolverError("E312", f"robot {robot} still has stops in any order")
        return self._find(robot, cells, steps, np.size(cells), settles=True)

    def _refuse_busy(self, robot: int) -> None:
        if self._fleet.free_at[robot] < NEVER:
            raise SolverError("E312", f"robot {robot} still has stops to serve")

    def _find(
        self,
        robot: int,
        cells: ArrayLike,
        steps: ArrayLike,
        fixed: int,
        *,
        settles: bool,
    ) -> bool:
        """Find a path through new stops, with more and more room for it."""
        stop_cells = np.ascontiguousarray(cells, np.int32)
        stops = Stops(
            stop_cells,
            self.table.rows(stop_cells),
            np.ascontiguousarray(steps, np.int32),
        )
        self._make_room_for_now()
        most_stops = int(self._fleet.stops[robot]) + len(stop_cells)
        if most_stops > self._fleet.cell.shape[1]:
            self._make_room(0, 2 * most_stops)
        while True:
            status = send(
                self._ground(),
                self._reserved,
                self._fleet,
                self._planner,
                self._rest,
                robot,
                self.t,
                stops,
                fixed,
                settles,
            )
            self.labels_made += int(self._rest.found.labels[0, 0])
            if status == NO_ROOM:
                self._make_room(2 * self._steps, 0)
            elif status == TOO_LONG and self._labels < self.LABELS:
                self._labels *= 4
                self._make_room(0, 0)
            else:
                return bool(status == FOUND)

    def _ground(self) -> Ground:
        """Distances as they are now: the table may have grown."""
        table = self.table
        return Ground(table.grid.successors, table.data, self.turning, self.weight)

    @property
    def _steps(self) -> int:
        return self._fleet.where.shape[1]

    def improve(self, rounds: int) -> int:
        """Plan a few robots' ways again, so many times; keep what is better.

        Returns
        -------
        int
            By how many timesteps in all robots come free sooner.
        """
        gained = int(
            improve(
                self._ground(),
                self._reserved,
                self._fleet,
                self._planner,
                self._rest,
                self.t,
                rounds,
                self._random,
            )
        )
        self.gained += gained
        return gained

    def advance(self, until: int) -> NDArray[np.int32]:
        """Go on to timestep ``until``, or to where a robot has served its last stop.

        Returns
        -------
        ndarray of int32
            Robots that became free at the present timestep `t`.
        """
        free_at = self._fleet.free_at
        self.t = max(self.t, int(min(until, free_at.min(initial=NEVER))))
        finished = np.flatnonzero(free_at <= self.t).astype(np.int32)
        free_at[finished] = NEVER
        return finished

    def services(self, robot: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Timesteps at which the stops of the present trip begin and end."""
        stops = self._fleet.stops[robot]
        start, end = self._fleet.start[robot, :stops], self._fleet.end[robot, :stops]
        return start.copy(), end.copy()

    def cells(self) -> NDArray[np.int32]:
        """Cell of every robot at timesteps 0 .. t, shape (t + 1, robots)."""
        self._make_room_for_now()
        return np.ascontiguousarray(self._fleet.where[:, : self.t + 1].T)

    def headings(self) -> NDArray[np.uint8] | None:
        """Heading of every robot at timesteps 0 .. t; None where none turn."""
        if not self.turning:
            return None
        self._make_room_for_now()
        return np.ascontiguousarray(self._fleet.facing[:, : self.t + 1].T, np.uint8)

    def _make_room_for_now(self) -> None:
        if self.t >= self._steps:
            self._make_room(self.t + 1, 0)


def _fleet_at_home(
    homes: NDArray[np.int32], rows: NDArray[np.int32], steps: int, stops: int
) -> Fleet:
    n = len(homes)
    return Fleet(
        home=homes,
        home_row=rows,
        where=np.repeat(homes[:, None], steps, axis=1),
        facing=np.zeros((n, steps), np.int8),
        rest_at=np.zeros(n, np.int32),
        free_at=np.full(n, NEVER, np.int32),
        stops=np.zeros(n, np.int32),
        fixed=np.zeros(n, np.int32),
        number=np.zeros((n, stops), np.int32),
        cell=np.zeros((n, stops), np.int32),
        row=np.zeros((n, stops), np.int32),
        steps=np.zeros((n, stops), np.int32),
        start=np.zeros((n, stops), np.int32),
        end=np.zeros((n, stops), np.int32),
    )
