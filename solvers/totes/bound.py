"""What the trips of a tote problem are long together, at least."""

import numpy as np

from solvers.totes.covering_tour import Trip
from solvers.totes.problem import ToteProblem


def least_length(problem: ToteProblem, alone: list[Trip]) -> int:
    """Lower bound on the length of all trips together.

    A trip is no shorter than any of its orders alone takes. The orders that take ``c``
    or more alone need so many trips of ``c`` or more as their mass fills; summed over
    all ``c``. O(orders log orders).

    Parameters
    ----------
    problem : ToteProblem
    alone : list of Trip, one for each order

    Examples
    --------
    Three orders of which a trip carries two: two trips, one of them at least of 6.

    >>> problem = ToteProblem([[0, 2, 3], [2, 0, 5], [3, 5, 0]], 1, [0, 1, 2], [1, 2],
    ...                       [0, 1, 2, 3], [0, 0, 1], [1, 1, 1], 2)
    >>> trip = Trip(4, 4, (0, 1, 0))
    >>> least_length(problem, [trip, trip, Trip(6, 6, (0, 2, 0))])
    10
    """
    least = np.array([trip.least for trip in alone], np.int64)
    order = np.argsort(-least, kind="stable")
    filled = np.cumsum(problem.mass[order].astype(np.int64))
    trips = np.maximum(1, -(-filled // max(1, problem.capacity)))
    shorter = np.append(least[order][1:], 0)
    return int(((least[order] - shorter) * trips).sum())
