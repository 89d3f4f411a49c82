"""Motion by reservation: each robot plans its whole trip around all that is settled.

Token passing (Ma, Li, Kumar, Koenig 2017, arXiv:1705.10868) with safe-interval
path planning. Nobody ever has to give way, so no robot is ever stuck, as long as the
resting places do not cut the floor in two.
"""

from copy import copy
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solvers.mapf.fleet.sipp import (
    FOUND,
    NEVER,
    TOO_LONG,
    Reservations,
    find_next,
    find_path,
    make_search,
    release,
    reserve,
    write_path,
)
from warehouse.distances import DistanceTable
from warehouse.errors import SolverError
from warehouse.scenario import MotionModel

CHOICES = 8
"""Stops, the most promising by distance, among which the next one is chosen."""


class _State(NamedTuple):
    """Where a robot is, how it stands, and when."""

    cell: int
    heading: int
    t: int


@dataclass(frozen=True, slots=True)
class _Found:
    """A path from the present timestep on, with the services at its stops."""

    path: NDArray[np.int32]
    heading: NDArray[np.int8]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    order: NDArray[np.int32]

    @classmethod
    def empty(cls, steps: int, stops: int) -> "_Found":
        return cls(
            np.empty(steps, np.int32),
            np.empty(steps, np.int8),
            np.empty(stops, np.int32),
            np.empty(stops, np.int32),
            np.arange(stops, dtype=np.int32),
        )


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

    Examples
    --------
    Robot 1 waits until robot 0, sent first, has served and gone home:

    >>> from warehouse.grid import Grid
    >>> motion = ReservedMotion(
    ...     DistanceTable(Grid.from_arrays(np.ones((2, 3), bool))), [0, 3])
    >>> motion.send(0, [5], [4]), motion.send(1, [5], [1])
    (array([0], dtype=int32), array([0], dtype=int32))
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
    ) -> None:
        homes = np.array(starts, np.int32)
        cells = table.grid.cells
        if len(np.unique(homes)) != len(homes):
            raise SolverError("E310", "two robots start on one cell")
        if not table.grid.drivable[homes].all():
            raise SolverError("E311", "a robot starts where none can stand")
        self.table = table
        self.homes = homes
        self.turning = motion == "rotate"
        self.weight = weight
        self.t = 0
        self.labels_made = 0
        rest_from = np.full(cells, NEVER, np.int32)
        rest_from[homes] = 0
        self._reserved = Reservations(np.zeros((cells, 16), np.uint64), rest_from)
        self._search = make_search(1 << 15)
        n = len(homes)
        # One path a robot: from its first timestep, then at home for ever.
        self._path = [homes[k : k + 1].copy() for k in range(n)]
        self._heading = [np.zeros(1, np.int8) for _ in range(n)]
        self._services: list[tuple[NDArray[np.int32], NDArray[np.int32]]] = [
            (np.empty(0, np.int32), np.empty(0, np.int32)) for _ in range(n)
        ]
        self._free_at = np.full(n, NEVER, np.int64)

    @property
    def robots(self) -> int:
        """Number of robots."""
        return len(self.homes)

    @property
    def position(self) -> NDArray[np.int32]:
        """Cell of every robot at the present timestep."""
        return np.array(
            [path[min(self.t, len(path) - 1)] for path in self._path], np.int32
        )

    @property
    def statistics(self) -> dict[str, float]:
        """Labels made by all searches."""
        return {"labels": self.labels_made}

    def fork(self) -> "ReservedMotion":
        """A copy that goes its own way from here."""
        fork = copy(self)
        fork._reserved = Reservations(
            self._reserved.busy.copy(), self._reserved.rest_from.copy()
        )
        # Paths and services are replaced, never changed: the lists are enough.
        fork._path = self._path.copy()
        fork._heading = self._heading.copy()
        fork._services = self._services.copy()
        fork._free_at = self._free_at.copy()
        return fork

    def free_at(self, robot: int) -> int:
        """Timestep at which a robot has served its last stop; `NEVER` if it has."""
        return int(self._free_at[robot])

    def send(
        self, robot: int, cells: ArrayLike, steps: ArrayLike, *, fixed: int = 1
    ) -> NDArray[np.int32] | None:
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
        ndarray of int32, shape (stops,), or None
            The order in which the stops are served. None if no path was found: the
            robot then goes on as settled before.
        """
        if self._free_at[robot] < NEVER:
            raise SolverError("E312", f"robot {robot} still has stops to serve")
        found = self._plan(robot, self.t, cells, steps, fixed)
        if found is None:
            return None
        self._settle(robot, self.t, found)
        return found.order

    def _plan(
        self, robot: int, t: int, cells: ArrayLike, steps: ArrayLike, fixed: int
    ) -> "_Found | None":
        """Best path found from timestep t on; reservations are as before."""
        home = int(self.homes[robot])
        before = self._path[robot]
        at = min(t, len(before) - 1)
        # Its own way is no obstacle to it.
        release(self._reserved, before[at + 1 :], at + 1)
        self._reserved.rest_from[home] = NEVER
        state = _State(int(before[at]), int(self._heading[robot][at]), t)
        stops = np.append(np.asarray(cells, np.int32), np.int32(home))
        services = np.append(np.asarray(steps, np.int32), np.int32(0))
        free = len(stops) - fixed - 1
        turned = np.concatenate([np.arange(free)[::-1], np.arange(free, len(stops))])
        best: _Found | None = None
        for order in (np.arange(len(stops)), turned)[: 2 if free > 1 else 1]:
            found = self._plan_in_best_order(
                state, stops[order], services[order], fixed + 1
            )
            if found is not None and (best is None or found.end[-1] < best.end[-1]):
                best = replace(found, order=order[found.order].astype(np.int32))
        if best is None:
            best = self._plan_in_order(state, stops, services)
        self._reserve(before[at + 1 :], at + 1)
        self._reserved.rest_from[home] = len(before) - 1
        return best

    def _plan_in_order(
        self,
        state: "_State",
        stops: NDArray[np.int32],
        services: NDArray[np.int32],
    ) -> "_Found | None":
        """Earliest path through all stops as they stand; None if there is none."""
        rows = self.table.rows(stops)
        while True:
            status, label, made = find_path(
                self.table.grid.successors,
                self.table.data,
                self._reserved,
                self._search,
                *state,
                stops,
                rows,
                services,
                self.turning,
                self.weight,
            )
            self.labels_made += made
            if status != TOO_LONG or len(self._search.cell) >= self.LABELS:
                break
            self._search = make_search(4 * len(self._search.cell))
        if status != FOUND:
            return None
        steps = int(self._search.time[label]) - state.t + 1
        found = _Found.empty(steps, len(stops) - 1)
        write_path(
            self._search,
            label,
            state.t,
            found.path,
            found.heading,
            found.start,
            found.end,
        )
        return found

    def _plan_in_best_order(
        self,
        state: "_State",
        stops: NDArray[np.int32],
        services: NDArray[np.int32],
        fixed: int,
    ) -> "_Found | None":
        """Path that goes next to the stop soonest served, the fixed stops last.

        Greedy, so it may run into a dead end of other robots' paths: then None.
        """
        table = self.table
        rows = table.rows(stops)
        between = table.data[rows][:, stops].T.astype(np.int64)
        free = len(stops) - fixed
        left = list(range(free))
        cell, heading, t = state
        pieces, headings, order, start, end = [], [], [], [], []
        for _ in range(free):
            tour = np.array(left)
            rest = _rest_if_next(between, tour, free)
            promise = table.data[rows[tour], cell] + rest
            likely = np.argsort(promise, kind="stable")[:CHOICES]
            tour, rest = tour[likely], rest[likely]
            best, label, made = find_next(
                table.grid.successors,
                table.data,
                self._reserved,
                self._search,
                cell,
                heading,
                t,
                stops[tour],
                rows[tour],
                services[tour],
                rest,
                self.turning,
            )
            self.labels_made += made
            if best < 0:
                return None
            k = int(tour[best])
            left.remove(k)
            arrival = int(self._search.time[label])
            piece = np.empty(arrival - t + 1, np.int32)
            facing = np.empty(arrival - t + 1, np.int8)
            none = np.empty(0, np.int32)
            write_path(self._search, label, t, piece, facing, none, none)
            pieces += [piece[:-1], np.full(services[k], stops[k], np.int32)]
            headings += [facing[:-1], np.full(services[k], facing[-1], np.int8)]
            order.append(k)
            start.append(arrival)
            end.append(arrival + int(services[k]))
            cell, heading, t = int(stops[k]), int(facing[-1]), end[-1]
        state = _State(cell, heading, t)
        found = self._plan_in_order(state, stops[free:], services[free:])
        if found is None:
            return None
        return _Found(
            path=np.concatenate([*pieces, found.path]),
            heading=np.concatenate([*headings, found.heading]),
            start=np.array([*start, *found.start], np.int32),
            end=np.array([*end, *found.end], np.int32),
            order=np.array([*order, *range(free, len(stops) - 1)], np.int32),
        )

    def _settle(self, robot: int, t: int, found: "_Found") -> None:
        """Make a path that begins at timestep t the robot's, and reserve it."""
        home = self.homes[robot]
        path, heading = self._path[robot], self._heading[robot]
        at = min(t, len(path) - 1)
        rested = np.full(t - at, home, np.int32)
        faced = np.full(t - at, heading[at], np.int8)
        release(self._reserved, path[at + 1 :], at + 1)
        self._reserve(rested, at)
        self._reserve(found.path, t)
        self._reserved.rest_from[home] = t + len(found.path) - 1
        self._path[robot] = np.concatenate([path[:at], rested, found.path])
        self._heading[robot] = np.concatenate([heading[:at], faced, found.heading])
        self._services[robot] = (found.start, found.end)
        self._free_at[robot] = found.end[-1]

    def _reserve(self, path: NDArray[np.int32], first: int) -> None:
        words = (first + len(path)) // 64 + 1
        busy = self._reserved.busy
        if words > busy.shape[1]:
            grown = np.zeros((len(busy), max(words, 2 * busy.shape[1])), np.uint64)
            grown[:, : busy.shape[1]] = busy
            self._reserved = self._reserved._replace(busy=grown)
        reserve(self._reserved, path, first)

    def advance(self, until: int) -> NDArray[np.int32]:
        """Go on to timestep ``until``, or to where a robot has served its last stop.

        Returns
        -------
        ndarray of int32
            Robots that became free at the present timestep `t`.
        """
        self.t = max(self.t, int(min(until, self._free_at.min(initial=NEVER))))
        finished = np.flatnonzero(self._free_at <= self.t).astype(np.int32)
        self._free_at[finished] = NEVER
        return finished

    def services(self, robot: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Timesteps at which the stops of the present trip begin and end."""
        return self._services[robot]

    def cells(self) -> NDArray[np.int32]:
        """Cell of every robot at timesteps 0 .. t, shape (t + 1, robots)."""
        return _table(self._path, self.t, np.dtype(np.int32))

    def headings(self) -> NDArray[np.uint8] | None:
        """Heading of every robot at timesteps 0 .. t; None where none turn."""
        if not self.turning:
            return None
        return _table(self._heading, self.t, np.dtype(np.uint8))


def _table(paths: list[NDArray], t: int, dtype: np.dtype) -> NDArray:
    table = np.empty((t + 1, len(paths)), dtype)
    for robot, path in enumerate(paths):
        known = min(t + 1, len(path))
        table[:known, robot] = path[:known]
        table[known:, robot] = path[-1]
    return table


def _rest_if_next(
    between: NDArray[np.int64], tour: NDArray[np.intp], last: int
) -> NDArray[np.int64]:
    """Length of the way through all other stops of a tour, for each one taken first."""
    n = len(tour)
    after = np.append(tour[1:], last)
    whole = between[tour, after].sum()
    rest = np.empty(n, np.int64)
    rest[0] = whole
    if n > 1:
        k = tour[1:]
        skipped = (
            between[tour[:-1], after[1:]]
            - between[tour[:-1], k]
            - between[k, after[1:]]
        )
        rest[1:] = whole + skipped + between[k, tour[0]]
    return rest
