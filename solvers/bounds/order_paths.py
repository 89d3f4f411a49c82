"""Shortest ways through one order alone, by dynamic programming over sets of lines.

Held and Karp (1962), doi:10.1137/0110015, on distances between the nearest pair of
locations of two lines. As a line may be picked at a different location each time,
the result is a lower bound, exact where every SKU lies in one place.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

MOST_LINES = 9
"""Of longer orders only this many lines count, which keeps the bound valid."""
FAR = 1 << 28


class OrderLocations(NamedTuple):
    """Lines of each order, and the places where each line can be picked.

    Parameters
    ----------
    line_start : ndarray of int32, shape (orders + 1,)
        Where the lines of each order begin.
    place_start : ndarray of int32, shape (lines + 1,)
        Where the places of each line begin.
    place : ndarray of int32, shape (n,)
        Rows and columns of the distance matrix.
    """

    line_start: NDArray[np.int32]
    place_start: NDArray[np.int32]
    place: NDArray[np.int32]


@njit(cache=True)
def shortest_ways(distance, come, leave, orders, ways):  # type: ignore[no-untyped-def]
    """Fill ``ways`` with a lower bound on the way through each order.

    Parameters
    ----------
    distance : ndarray of int16 or int32, shape (places, places)
    come : ndarray of int32, shape (starts, places)
        Steps to reach a place, for several kinds of start at once.
    leave : ndarray of int32, shape (places,)
        Steps from a place to where the way may end.
    orders : OrderLocations
    ways : ndarray of int64, shape (starts, orders)
        0 for an order without lines.
    """
    starts = len(come)
    most = 1 << MOST_LINES
    table = np.empty((most, MOST_LINES), np.int64)
    between = np.empty((MOST_LINES, MOST_LINES), np.int64)
    first = np.empty((starts, MOST_LINES), np.int64)
    last = np.empty(MOST_LINES, np.int64)
    for order in range(len(orders.line_start) - 1):
        begin = orders.line_start[order]
        n = min(MOST_LINES, orders.line_start[order + 1] - begin)
        for i in range(n):
            last[i] = FAR
            for s in range(starts):
                first[s, i] = FAR
            for k in range(
                orders.place_start[begin + i], orders.place_start[begin + i + 1]
            ):
                a = orders.place[k]
                last[i] = min(last[i], np.int64(leave[a]))
                for s in range(starts):
                    first[s, i] = min(first[s, i], np.int64(come[s, a]))
            for j in range(n):
                between[i, j] = FAR
                for k in range(
                    orders.place_start[begin + i], orders.place_start[begin + i + 1]
                ):
                    row = distance[orders.place[k]]
                    for m in range(
                        orders.place_start[begin + j], orders.place_start[begin + j + 1]
                    ):
                        between[i, j] = min(
                            between[i, j], np.int64(row[orders.place[m]])
                        )
        for s in range(starts):
            ways[s, order] = 0
            if n == 0:
                continue
            full = 1 << n
            for members in range(1, full):
                for i in range(n):
                    table[members, i] = FAR
            for i in range(n):
                table[1 << i, i] = first[s, i]
            for members in range(1, full):
                for i in range(n):
                    so_far = table[members, i]
                    if so_far >= FAR:
                        continue
                    for j in range(n):
                        if members >> j & 1 == 0:
                            grown = members | 1 << j
                            table[grown, j] = min(
                                table[grown, j], so_far + between[i, j]
                            )
            best = np.int64(FAR)
            for i in range(n):
                best = min(best, table[full - 1, i] + last[i])
            ways[s, order] = best
