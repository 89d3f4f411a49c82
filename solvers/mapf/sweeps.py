"""Distances to many goals at once by sweeps over the rows of a map, as numba kernels.

A block holds the distances from every vertex to a few dozen goals side by side, so
that one instruction of the processor works on many goals. A sweep goes down (or up)
the map: a row takes over what the row before it knows, then spreads it left and
right. Rows whose neighbour has not changed are left alone; when none is left, the
distances are right. Floor with aisles needs two or three sweeps, a maze many, and is
searched goal by goal instead. The idea of sweeping in alternating orders is that of
H. Zhao, A fast sweeping method for Eikonal equations (2005),
doi:10.1090/S0025-5718-04-01678-3; rows, lanes and the skipping are ours.
"""

import numpy as np

from solvers.kernel import kernel, lean_kernel
from warehouse.distances import UNREACHABLE

LANES = 32
"""Goals in a block: two vectors of 16 numbers of 16 bits."""

FAR = 40000
"""Distance not known yet; a move's cost can be added to it within 16 bits."""

UP, RIGHT, DOWN, LEFT = 0, 1, 2, 3


@lean_kernel
def _spread(successors, costs, block, first, last, carry):  # type: ignore[no-untyped-def]
    """Let the vertices of one row know what those left and right of them know."""
    for vertex in range(first, last):
        _relax(block, vertex, successors[vertex, LEFT] >= 0, costs[vertex, LEFT], carry)
    for k in range(last - first):
        vertex = last - 1 - k
        open_way = successors[vertex, RIGHT] >= 0
        _relax(block, vertex, open_way, costs[vertex, RIGHT], carry)


@lean_kernel
def _relax(block, vertex, open_way, cost, carry):  # type: ignore[no-untyped-def]
    """Shorten the ways from a vertex by those over the one before, kept in carry."""
    step = np.uint16(cost)
    if open_way:
        for lane in range(LANES):
            through = np.uint16(carry[lane] + step)
            least = min(through, block[vertex, lane])
            carry[lane] = least
            block[vertex, lane] = least
    else:
        for lane in range(LANES):
            carry[lane] = block[vertex, lane]


@kernel
def _take_over(successors, costs, block, first, last, d, changed):  # type: ignore[no-untyped-def]
    """Let a row know what the row in direction d knows; whether that was news."""
    changed[:] = 0
    for vertex in range(first, last):
        after = successors[vertex, d]
        if after < 0:
            continue
        step = np.uint16(costs[vertex, d])
        for lane in range(LANES):
            through = np.uint16(block[after, lane] + step)
            known = block[vertex, lane]
            least = min(through, known)
            changed[lane] |= np.uint16(known ^ least)
            block[vertex, lane] = least
    news = False
    for lane in range(LANES):
        news |= changed[lane] != 0
    return news


@kernel
def _sweep_block(  # type: ignore[no-untyped-def]
    successors, costs, row_starts, row_of, goals, first_goal, count, block, most_rows
):
    """Fill a block with the distances to some goals; False when it is a maze.

    ``most_rows`` is how many rows may be gone through before it counts as one.
    """
    rows = len(row_starts) - 1
    changed = np.zeros(LANES, np.uint16)
    # Whether the row after (0) or before (1) a row in the sweep has news for it.
    news = np.zeros((2, rows + 1), np.bool_)
    block[:] = FAR
    top, bottom = rows, -1
    for lane in range(count):
        block[goals[first_goal + lane], lane] = 0
        row = row_of[goals[first_goal + lane]]
        top, bottom = min(top, row), max(bottom, row)
    done = 0
    for row in range(top, bottom + 1):
        _spread(successors, costs, block, row_starts[row], row_starts[row + 1], changed)
        news[0, row + 1] = True
        if row > 0:
            news[1, row - 1] = True
        done += 1
    pending = True
    while pending:
        if done > most_rows:
            return False
        pending = False
        for upward in range(2):
            for k in range(rows):
                row = rows - 1 - k if upward else k
                if not news[upward, row]:
                    continue
                news[upward, row] = False
                first, last = row_starts[row], row_starts[row + 1]
                d = DOWN if upward else UP
                done += 1
                if _take_over(successors, costs, block, first, last, d, changed):
                    _spread(successors, costs, block, first, last, changed)
                    news[0, row + 1] = True
                    if row > 0:
                        news[1, row - 1] = True
                    pending = True
    return True


@lean_kernel
def _write_rows(block, count, first_goal, rows, data):  # type: ignore[no-untyped-def]
    """Turn a block, goals side by side, into rows of their own."""
    most = np.uint16(UNREACHABLE)
    for first in range(0, block.shape[0], 256):
        last = np.uint64(min(first + 256, block.shape[0]))
        for lane in range(np.uint64(count)):
            row = data[rows[first_goal + lane]]
            for vertex in range(np.uint64(first), last):
                row[vertex] = min(block[vertex, lane], most)


@kernel
def sweep(  # type: ignore[no-untyped-def]
    successors, costs, row_starts, row_of, goals, rows, begin, end, block, data, most
):
    """Fill the rows of some goals with distances.

    Parameters
    ----------
    successors : ndarray of int32, shape (vertices, 4)
        Numbered row by row of the map, from left to right.
    costs : ndarray of uint8, shape (vertices, 4)
        Cost of each move.
    row_starts : ndarray of int32, shape (rows + 1,)
        First vertex of each row of the map.
    row_of : ndarray of int32, shape (vertices,)
    goals : ndarray of int32
        Vertices, best ascending.
    rows : ndarray of int32
        Row of the data for each goal.
    begin, end : int
        Which of the goals to work on.
    block : ndarray of uint16, shape (vertices, LANES)
        Room to work in.
    data : ndarray of int16, shape (any, vertices)
        Distances to each goal, written here; `UNREACHABLE` where there is no way, or
        a longer one than the type holds.
    most : int
        How many rows of the map to go through for a block of goals before giving up.

    Returns
    -------
    int
        How many goals from ``begin`` on are done; fewer than asked for on a maze.
    """
    first = begin
    while first < end:
        count = min(LANES, end - first)
        if not _sweep_block(
            successors,
            costs,
            row_starts,
            row_of,
            goals,
            first,
            count,
            block,
            most,
        ):
            break
        _write_rows(block, count, first, rows, data)
        first += count
    return first - begin
