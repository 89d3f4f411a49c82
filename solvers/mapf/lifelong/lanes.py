"""Lanes: which way each aisle should be driven, read off the floor plan.

Robots that meet head-on in an aisle of one cell block each other; so each aisle gets a
preferred direction, opposite to that of the next parallel one ("crisscross"), and a
move against it costs more. Highways for path finding are from L. Cohen, T. Uras,
S. Koenig (2015), and edge costs as guidance for lifelong PIBT from Y. Zhang, H. Jiang,
V. Bhatt, S. Nikolaidis, J. Li (2024), arXiv:2402.01446. Ours is to read the lanes off
the floor instead of searching for thousands of costs beforehand.
"""

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.mapf.floor import Floor

UP, RIGHT, DOWN, LEFT = range(4)


@lean_kernel
def _choose_directions(free, direction, length):  # type: ignore[no-untyped-def]
    """Give each run of free cells of a row a direction, 1 or -1, from top to bottom.

    A run looks up from each of its cells for the next parallel run that is at least
    half as long: mostly, it goes the other way. Nearer runs count for more.
    """
    rows, cols = free.shape
    for row in range(rows):
        first = 0
        while first < cols:
            if not free[row, first]:
                first += 1
                continue
            last = first
            while last < cols and free[row, last]:
                length[row, last] = 0
                last += 1
            vote = 0.0
            for col in range(first, last):
                above = row - 1
                while above >= 0 and 2 * length[above, col] < last - first:
                    above -= 1
                if above >= 0:
                    vote += direction[above, col] / (row - above)
            for col in range(first, last):
                length[row, col] = last - first
                direction[row, col] = -1 if vote > 0 else 1
            first = last


def _directions(free: NDArray[np.bool_]) -> NDArray[np.int8]:
    free = np.ascontiguousarray(free)
    direction = np.zeros(free.shape, np.int8)
    _choose_directions(free, direction, np.zeros(free.shape, np.int32))
    return direction


def against_lanes(floor: Floor) -> NDArray[np.bool_]:
    """Moves that go against the preferred direction of their lane.

    Rows are lanes for moves left and right, columns for moves up and down; parallel
    lanes alternate. Moves that the floor does not allow both ways have no lane.

    Returns
    -------
    ndarray of bool, shape (vertices, 4)

    Examples
    --------
    The upper row runs to the right, the lower one to the left:

    >>> from warehouse.grid import Grid
    >>> floor = Floor.from_grid(Grid.from_arrays(np.ones((2, 3), bool)))
    >>> against = against_lanes(floor)
    >>> against[:, RIGHT].tolist(), against[:, LEFT].tolist()
    ([False, False, False, True, True, False], [False, True, True, False, False, False])
    """
    free = floor.vertex_of.reshape(-1, floor.grid.width) >= 0
    across = _directions(free)[free]
    down = np.ascontiguousarray(_directions(free.T).T)[free]
    against = np.zeros((floor.vertices, 4), np.bool_)
    against[:, RIGHT], against[:, LEFT] = across < 0, across > 0
    against[:, UP], against[:, DOWN] = down > 0, down < 0
    for d in range(4):
        after = floor.successors[:, d]
        both_ways = (after >= 0) & (floor.successors[after, (d + 2) % 4] >= 0)
        against[:, d] &= both_ways
    return against


def lane_costs(
    against: NDArray[np.bool_], along_cost: int, against_cost: int
) -> NDArray[np.uint8]:
    """Cost of every move, uint8, shape (vertices, 4)."""
    return np.where(against, against_cost, along_cost).astype(np.uint8)


def typical_run(floor: Floor) -> float:
    """Length of the straight run, across or down, on which the median vertex lies."""
    free = floor.vertex_of.reshape(-1, floor.grid.width) >= 0
    longest = np.zeros(free.shape, np.int64)
    for across in (True, False):
        lines = np.pad(free if across else free.T, ((0, 0), (0, 1)))
        edges = np.flatnonzero(np.diff(lines.ravel().astype(np.int8), prepend=0))
        lengths = np.zeros(lines.size, np.int64)
        for first, end in zip(edges[::2], edges[1::2], strict=True):
            lengths[first:end] = end - first
        runs = lengths.reshape(lines.shape)[:, :-1]
        longest = np.maximum(longest, runs if across else runs.T)
    return float(np.median(longest[free])) if free.any() else 0.0
