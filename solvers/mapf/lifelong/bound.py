"""Bounds on lifelong throughput: what no planner can exceed.

Free flow: every robot alone, on shortest paths. Cuts: an edge of the floor is passed by
at most one robot a step, in one direction or the other; so of the tasks that have to
cross a line through the floor, only as many can be done as the line lets through.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.mapf.distances import distance_rows
from solvers.mapf.floor import Floor
from warehouse.distances import UNREACHABLE

_GOALS_AT_ONCE = 1024


@dataclass(frozen=True, slots=True)
class ThroughputBound:
    """Most tasks that can be finished in a number of timesteps.

    Parameters
    ----------
    free_flow : int
        When no robot ever waits for another.
    cut : int
        When nothing but the narrowest line through the floor holds them up.
    """

    free_flow: int
    cut: int

    @property
    def tasks(self) -> int:
        """The lower of the two."""
        return min(self.free_flow, self.cut)

    @property
    def binding(self) -> str:
        """Which of the two binds."""
        return "cut" if self.cut < self.free_flow else "free flow"


def bound_throughput(
    floor: Floor, starts: NDArray[np.int32], goals: NDArray[np.int32], timesteps: int
) -> ThroughputBound:
    """Bound what robots with endless lists of their own can finish.

    Parameters
    ----------
    floor : Floor
    starts : ndarray of int32, shape (robots,)
        Vertices.
    goals : ndarray of int32, shape (tasks,)
        Vertices, dealt out as by `RoundRobin`.
    timesteps : int

    Notes
    -----
    One search for every goal that robots alone would come to. Valid for turning
    robots too, though weaker. A goal on which a robot stands already takes a step.

    Examples
    --------
    Two robots that always cross the middle of a corridor, one edge wide:

    >>> from warehouse.grid import Grid
    >>> floor = Floor.from_grid(Grid.from_arrays(np.ones((1, 4), bool)))
    >>> starts = np.array([0, 3], np.int32)
    >>> goals = np.array([3, 0, 0, 3], np.int32)
    >>> bound_throughput(floor, starts, goals, 9)
    ThroughputBound(free_flow=6, cut=6)
    """
    robots = len(starts)
    at = starts.astype(np.int32)
    line = np.arange(robots, dtype=np.int64)
    clock = np.zeros(robots, np.int64)
    ways: list[tuple[NDArray[np.int32], NDArray[np.int32]]] = []
    alive = np.arange(robots)
    while len(alive):
        wanted = goals[line[alive] % len(goals)]
        clock[alive] += np.maximum(_steps(floor, at[alive], wanted), 1)
        alive, wanted = (
            alive[clock[alive] <= timesteps],
            wanted[clock[alive] <= timesteps],
        )
        ways.append((at[alive], wanted))
        at[alive] = wanted
        line[alive] += robots
    sources = np.concatenate([source for source, _ in ways] or [at])
    targets = np.concatenate([target for _, target in ways] or [at])
    cut = _narrowest(floor, sources, targets, timesteps)
    return ThroughputBound(len(targets), cut)


def _steps(
    floor: Floor, sources: NDArray[np.int32], targets: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Steps from each source to its target."""
    steps = np.empty(len(sources), np.int64)
    order = np.argsort(targets, kind="stable")
    known, first = np.unique(targets[order], return_index=True)
    ends = np.append(first, len(order))
    for k in range(0, len(known), _GOALS_AT_ONCE):
        some = known[k : k + _GOALS_AT_ONCE]
        rows = distance_rows(floor, some)
        pairs = order[ends[k] : ends[k + len(some)]]
        found = rows[np.searchsorted(some, targets[pairs]), sources[pairs]]
        steps[pairs] = found
    steps[steps == UNREACHABLE] = np.iinfo(np.int32).max
    return steps


def _narrowest(
    floor: Floor,
    sources: NDArray[np.int32],
    targets: NDArray[np.int32],
    timesteps: int,
) -> int:
    """Most of some tasks that all straight lines through the floor let through."""
    most = len(targets)
    for of_vertex, moves in (
        (floor.cell_of // floor.grid.width, (0, 2)),
        (floor.cell_of % floor.grid.width, (1, 3)),
    ):
        lines = int(of_vertex.max(initial=0))
        if lines == 0:
            continue
        # Line k lies between rows (or columns) k and k + 1.
        crossing = np.zeros(lines + 1, np.int64)
        low = np.minimum(of_vertex[sources], of_vertex[targets])
        high = np.maximum(of_vertex[sources], of_vertex[targets])
        np.add.at(crossing, low, 1)
        np.add.at(crossing, high, -1)
        crossing = np.cumsum(crossing)[:lines]
        room = _edges(floor, of_vertex, moves, lines) * timesteps
        over = np.maximum(crossing - room, 0)
        most = min(most, len(targets) - int(over.max(initial=0)))
    return most


def _edges(
    floor: Floor, of_vertex: NDArray[np.int32], moves: tuple[int, int], lines: int
) -> NDArray[np.int64]:
    """Edges across each line; one counts once, be it one way or both."""
    found = []
    for d in moves:
        after = floor.successors[:, d]
        before = np.flatnonzero(after >= 0)
        ends = np.stack([before, after[before]])
        found.append(np.sort(ends, axis=0))
    pairs = np.unique(np.concatenate(found, axis=1), axis=1)
    across: NDArray[np.int64] = np.bincount(
        of_vertex[pairs[0]], minlength=lines
    ).astype(np.int64)
    return across[:lines]
