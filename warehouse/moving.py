"""When robots move, and when they set out for their next trip."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.plan import Plan

_ALL: Final = slice(None)


def moving(
    plan: Plan, first: int, last: int, robots: slice = _ALL
) -> NDArray[np.bool_]:
    """Tell which robots drive or turn from a timestep to the next.

    Parameters
    ----------
    plan : Plan
    first, last : int
        Timesteps from ``first`` until before ``last``, which is a step of the plan.
    robots : slice
        All by default.

    Returns
    -------
    ndarray of bool, shape (last - first, robots)
    """
    cells = plan.cells[first : last + 1, robots]
    moves = cells[1:] != cells[:-1]
    if plan.headings is not None:
        headings = plan.headings[first : last + 1, robots]
        moves |= headings[1:] != headings[:-1]
    return moves


def departures(
    plan: Plan, stops: NDArray[np.void], first: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Timestep at which each trip's robot first moves towards its first stop.

    Parameters
    ----------
    plan : Plan
    stops : structured array
        With fields ``robot``, ``start`` and ``end``, by robot, then by time.
    first : ndarray of int64, shape (trips,)
        Index of the first stop of each trip.
    """
    robot = stops["robot"][first].astype(np.int64)
    begin = stops["start"][first].astype(np.int64)
    before = np.maximum(first - 1, 0)
    follows = (first > 0) & (stops["robot"][before] == robot)
    departure = np.where(follows, stops["end"][before], 0).astype(np.int64)
    # Standing all along: the trip begins where the robot already is.
    standing = np.flatnonzero(departure < begin)
    departure[departure > begin] = begin[departure > begin]
    while len(standing):
        t, robots = departure[standing], robot[standing]
        standing = standing[~_moves(plan, t, robots)]
        departure[standing] += 1
        standing = standing[departure[standing] < begin[standing]]
    return departure


def _moves(
    plan: Plan, t: NDArray[np.int64], robot: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell for pairs of timestep and robot whether the robot moves right after it."""
    moves = plan.cells[t, robot] != plan.cells[t + 1, robot]
    if plan.headings is not None:
        moves |= plan.headings[t, robot] != plan.headings[t + 1, robot]
    return np.asarray(moves)
