"""Guide paths: every robot's way planned once, away from the ways of the others.

Each robot in turn takes the path that is cheapest when it pays for robots that use
the same vertices, for those that come the other way through the same edges, and for
passing where another robot has come to stay. A few rounds let early robots answer to
later ones. What is left to go along the path then takes the place of the distance to
the goal where a robot chooses its next step.

Han, Yu, Optimizing Space Utilization for More Effective Multi-Robot Path Planning
(ICRA 2022), doi:10.1109/ICRA46639.2022.9812259; prices for opposite flow are from
Chen, Harabor, Li, Stuckey, Traffic Flow Optimisation for Lifelong Multi-Agent Path
Finding (AAAI 2024), doi:10.1609/aaai.v38i18.30054. What we changed: one sum of all
prices; and the price of goals, which sum of costs needs most: whoever makes a settled
robot leave its goal pays the time since it came there.
"""

import math
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.mapf.floor import Floor, with_headings
from solvers.mapf.guidance.guide_paths import (
    Prices,
    make_path_search,
    plan_paths,
    write_rows,
)
from warehouse.distances import UNREACHABLE

_CHUNK = 64
"""Robots planned between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class GuideParams:
    """Prices of guide paths, in sixteenths of a step.

    Parameters
    ----------
    rounds : int
        How often every path is planned.
    crowd : int, optional
        For each robot whose path enters the same vertex. When not given, 1 where a
        vertex is entered ten times or more on average, else 0: on emptier floors it
        costs more, in steps and in time, than it gains.
    contra : int
        For each robot whose path takes an edge the other way.
    block : int
        For each timestep that a robot would lose which has to leave its goal.
    longest_block : int
        Most timesteps counted so.
    off_path : int
        Steps that one step away from the path counts for; at 1 robots cut every
        corner, at 3 they hardly leave their path.
    """

    rounds: int = 4
    crowd: int | None = None
    contra: int = 4
    block: int = 16
    longest_block: int = 40
    off_path: int = 2


@dataclass(frozen=True, slots=True)
class GuidePaths:
    """One path for each robot.

    Parameters
    ----------
    states : ndarray of int32, shape (robots, longest + 1)
        What comes after the end of a path means nothing.
    lengths : ndarray of int32, shape (robots,)
        Steps; -1 for a robot without a path.
    """

    states: NDArray[np.int32]
    lengths: NDArray[np.int32]


def plan_guides(
    floor: Floor,
    distances: NDArray[np.int16],
    starts: NDArray[np.int32],
    goals: NDArray[np.int32],
    *,
    params: GuideParams = GuideParams(),
    deadline: float = math.inf,
) -> GuidePaths:
    """Plan guide paths for all robots.

    Parameters
    ----------
    floor : Floor
    distances : ndarray of int16, shape (robots, states)
        Steps to the goal of each robot. A state is a vertex, or four times the vertex
        plus the heading for robots that turn.
    starts : ndarray of int32, shape (robots,)
        States.
    goals : ndarray of int32, shape (robots,)
        Vertices.
    params : GuideParams
    deadline : float
        Moment on `time.perf_counter` at which planning ends; robots it has not come
        to are left without a path, or with that of the round before.

    Examples
    --------
    Robot 1 stays where it is, and the other goes round it:

    >>> from solvers.mapf.distances import distance_rows
    >>> from warehouse.grid import Grid
    >>> floor = Floor.from_grid(Grid.from_arrays(np.ones((2, 4), bool)))
    >>> starts, goals = np.array([0, 1], np.int32), np.array([3, 1], np.int32)
    >>> distances = distance_rows(floor, goals)
    >>> plan_guides(floor, distances, starts, goals).lengths.tolist()
    [5, 0]
    """
    robots = len(starts)
    shortest = distances[np.arange(robots), starts].astype(np.int32)
    reachable = shortest < UNREACHABLE
    longest = int(shortest[reachable].max(initial=0)) * 3 // 2 + 64
    paths = np.full((robots, longest + 1), -1, np.int32)
    lengths = np.full(robots, -1, np.int32)
    owner = np.full(floor.vertices, -1, np.int32)
    owner[goals] = np.arange(robots)
    order = np.argsort(-shortest, kind="stable").astype(np.int32)
    order = order[reachable[order]]
    use = np.zeros((floor.vertices, 5), np.int32)
    crowd = params.crowd
    if crowd is None:
        crowd = int(shortest[reachable].sum() >= 10 * floor.vertices)
    prices = Prices(16, crowd, params.contra, params.block, params.longest_block)
    search = make_path_search(distances.shape[1])
    shift = _shift(floor, distances)
    successors = with_headings(floor.successors) if shift else floor.successors
    chunk = max(1, len(order)) if math.isinf(deadline) else _CHUNK
    for first in range(0, params.rounds * len(order), chunk):
        if time.perf_counter() >= deadline:
            break
        places = np.arange(first, min(first + chunk, params.rounds * len(order)))
        plan_paths(
            np.require(successors, np.int32, ["C", "W"]),
            shift,
            distances,
            np.ascontiguousarray(starts, np.int32),
            owner,
            shortest,
            order[places % len(order)],
            use,
            prices,
            search,
            paths,
            lengths,
        )
    return GuidePaths(paths, lengths)


def guide_rows(
    floor: Floor,
    distances: NDArray[np.int16],
    paths: GuidePaths,
    *,
    params: GuideParams = GuideParams(),
    step: int = 1,
) -> NDArray[np.int16]:
    """Count the steps that remain from every state when the guide path is followed.

    Parameters
    ----------
    floor : Floor
    distances : ndarray of int16, shape (robots, states)
        Taken as they are for robots without a path.
    paths : GuidePaths
    step : int
        What one step counts for.

    Returns
    -------
    ndarray of int16, shape (robots, states)
        0 at the goal only. O(robots * states), in two threads.

    Examples
    --------
    A path around the block. The short way costs more than the path:

    >>> from solvers.mapf.distances import distance_rows
    >>> from warehouse.grid import Grid
    >>> from warehouse.layout import Layout
    >>> layout = Layout.from_rows(["....", ".##.", "...."])
    >>> floor = Floor.from_grid(Grid.from_layout(layout))
    >>> around = GuidePaths(np.array([[0, 4, 6, 7, 8, 9, 5, 3]]), np.array([7]))
    >>> guide_rows(floor, distance_rows(floor, [3]), around).tolist()
    [[7, 4, 2, 0, 6, 1, 5, 4, 3, 2]]
    """
    robots = np.arange(len(distances), dtype=np.int32)
    rows = np.empty_like(distances)
    shift = _shift(floor, distances)
    predecessors = with_headings(floor.predecessors) if shift else floor.predecessors

    def write(part: NDArray[np.int32]) -> None:
        write_rows(
            np.require(predecessors, np.int32, ["C", "W"]),
            shift,
            np.ascontiguousarray(paths.states, np.int32),
            np.ascontiguousarray(paths.lengths, np.int32),
            distances,
            step,
            step * params.off_path,
            part,
            rows,
        )

    middle = len(robots) // 2
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, [robots[:middle], robots[middle:]]))
    return rows


def _shift(floor: Floor, distances: NDArray[np.int16]) -> int:
    """Bits of a state that say the heading."""
    return 2 if distances.shape[1] > floor.vertices else 0
