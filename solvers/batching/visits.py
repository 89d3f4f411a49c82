"""What an order costs at least, whatever else rides along, on any distance matrix."""

import numpy as np
from numpy.typing import NDArray

from solvers.batching.problem import BatchingProblem
from solvers.routing.parallel_aisles import AisleProblem
from warehouse.errors import SolverError


def cheapest_visits(problem: BatchingProblem) -> NDArray[np.float64]:
    """Way to the farthest place of each order and back, shape (orders,).

    By whatever detour is shortest, so it holds where distances break the rule of the
    triangle too. O(places ** 2).

    Raises
    ------
    SolverError
        E301, if the problem has aisles in place of distances.

    Examples
    --------
    Place 2 is nearer by way of place 1:

    >>> floor = np.array([[0, 1, 9], [1, 0, 2], [9, 2, 0]])
    >>> cheapest_visits(BatchingProblem(floor, [0, 1], [2], capacity=1))
    array([6.])
    """
    if isinstance(problem.floor, AisleProblem):
        raise SolverError("E301", "got aisles", "need a distance matrix")
    there = _from_depot(problem.floor) + _from_depot(problem.floor.T)
    farthest = np.zeros(problem.orders)
    for order in range(problem.orders):
        places = problem.places_of(order)
        if len(places):
            farthest[order] = there[places].max()
    return farthest


def _from_depot(distance: NDArray[np.int32]) -> NDArray[np.float64]:
    """Shortest ways from place 0 (Dijkstra 1959)."""
    length = distance[0].astype(np.float64)
    length[0] = 0.0
    open_ = np.ones(len(distance), bool)
    for _ in range(len(distance)):
        nearest = int(np.argmin(np.where(open_, length, np.inf)))
        open_[nearest] = False
        np.minimum(length, length[nearest] + distance[nearest], out=length)
    return length
