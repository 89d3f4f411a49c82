"""Distances from every vertex of a floor to many goals: one row for each goal."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solvers.mapf.floor import Floor
from solvers.mapf.sweeps import LANES, sweep
from warehouse.distances import search_back

_FEWEST_GOALS = 8
"""Below this many goals most lanes of a block would be idle."""

_MAZE = 24
"""How often the rows of a map are gone through before the floor counts as a maze."""


def distance_rows(floor: Floor, goals: ArrayLike) -> NDArray[np.int16]:
    """Count the steps from every vertex to each goal.

    Parameters
    ----------
    floor : Floor
    goals : array_like of int, shape (goals,)
        Vertices. One that is named twice is searched twice.

    Returns
    -------
    ndarray of int16, shape (goals, vertices)
        ``warehouse.distances.UNREACHABLE`` where no way leads to the goal.

    Notes
    -----
    O(goals * vertices) unless the floor is a maze; two threads. 10,000 goals on
    38,756 vertices of a warehouse take about 0.8 s of processor time and 0.78 GB.

    Examples
    --------
    >>> from warehouse.grid import Grid
    >>> from warehouse.layout import Layout
    >>> floor = Floor.from_grid(Grid.from_layout(Layout.from_rows(["..#.", "#v##"])))
    >>> distance_rows(floor, [3, 0]).tolist()
    [[2, 1, 32767, 0], [0, 1, 32767, 32767]]
    """
    vertices = np.asarray(goals, np.int32)
    data = np.empty((len(vertices), floor.vertices), np.int16)
    fill_rows(floor, vertices, np.arange(len(vertices), dtype=np.int32), data)
    return data


def weighted_rows(
    floor: Floor, weights: NDArray[np.uint8], goals: ArrayLike
) -> NDArray[np.int16]:
    """Least cost from every vertex to each goal.

    Parameters
    ----------
    floor : Floor
    weights : ndarray of uint8, shape (vertices, 4)
        Cost of leaving each vertex upwards, to the right, down, to the left.
    goals : array_like of int, shape (goals,)

    Returns
    -------
    ndarray of int16, shape (goals, vertices)
        UNREACHABLE (32767) also where the least cost is more than the type holds.

    Examples
    --------
    Moving right costs 5, so that the way round along the second row is cheaper:

    >>> from warehouse.grid import Grid
    >>> floor = Floor.from_grid(Grid.from_arrays(np.ones((2, 3), bool)))
    >>> weights = np.ones((6, 4), np.uint8)
    >>> weights[:3, 1] = 5
    >>> weighted_rows(floor, weights, [2]).tolist()
    [[4, 3, 0, 3, 2, 1]]
    """
    vertices = np.asarray(goals, np.int32)
    data = np.empty((len(vertices), floor.vertices), np.int16)
    rows = np.arange(len(vertices), dtype=np.int32)
    fill_rows(floor, vertices, rows, data, weights)
    return data


def fill_rows(
    floor: Floor,
    goals: NDArray[np.int32],
    rows: NDArray[np.int32],
    data: NDArray[np.int16],
    weights: NDArray[np.uint8] | None = None,
) -> None:
    """Write the distances to ``goals[k]`` into ``data[rows[k]]``; two threads.

    Parameters
    ----------
    floor : Floor
    goals : ndarray of int32, shape (goals,)
    rows : ndarray of int32, shape (goals,)
        No row twice.
    data : ndarray of int16, shape (any, vertices)
    weights : ndarray of uint8, shape (vertices, 4), optional
        As in `weighted_rows`; 1 for every move when not given.

    Examples
    --------
    >>> from warehouse.grid import Grid
    >>> floor = Floor.from_grid(Grid.from_arrays(np.ones((1, 3), bool)))
    >>> data = np.zeros((2, 3), np.int16)
    >>> fill_rows(floor, np.array([2], np.int32), np.array([1], np.int32), data)
    >>> data.tolist()
    [[0, 0, 0], [2, 1, 0]]
    """
    order = np.argsort(goals, kind="stable")
    goals, rows = goals[order], rows[order]
    if weights is None and len(goals) < _FEWEST_GOALS:
        search_back(floor.predecessors, goals, rows, data)
        return
    height = floor.grid.height
    row_of = floor.cell_of // np.int32(floor.grid.width)
    row_starts = np.searchsorted(row_of, np.arange(height + 1)).astype(np.int32)
    costs = np.ones((floor.vertices, 4), np.uint8) if weights is None else weights
    most = np.iinfo(np.int64).max if weights is not None else _MAZE * height

    def work(begin: int, end: int) -> int:
        block = np.empty((floor.vertices, LANES), np.uint16)
        done = sweep(
            floor.successors,
            costs,
            row_starts,
            row_of,
            goals,
            rows,
            begin,
            end,
            block,
            data,
            most,
        )
        return begin + int(done)

    # Whole blocks for each thread, so that none is filled in part but the last.
    middle = (len(goals) // LANES + 1) // 2 * LANES
    shares = [(0, middle), (middle, len(goals))]
    with ThreadPoolExecutor(len(shares)) as threads:
        reached = list(threads.map(work, *zip(*shares, strict=True)))
    for first, (_, end) in zip(reached, shares, strict=True):
        search_back(floor.predecessors, goals[first:end], rows[first:end], data)
