"""What an order costs at least, whatever else rides along."""

import numpy as np
from numpy.typing import NDArray

from solvers.batching.problem import BatchingProblem
from solvers.batching.set_costs import SetCosts, set_cost
from solvers.routing.parallel_aisles import AisleProblem


def least_costs(problem: BatchingProblem, costs: SetCosts) -> NDArray[np.float64]:
    """Lower bound on the cost of every batch that holds an order, shape (orders,).

    In aisles the tour of the order alone. On a distance matrix the way to its farthest
    place and back, by whatever detour is shortest, so that it holds where distances
    break the rule of the triangle too. O(places ** 2).

    Examples
    --------
    Place 2 is nearer by way of place 1:

    >>> from solvers.batching.set_costs import set_costs
    >>> floor = np.array([[0, 1, 9], [1, 0, 2], [9, 2, 0]])
    >>> problem = BatchingProblem(floor, [0, 1], [2], capacity=1)
    >>> least_costs(problem, set_costs(problem))
    array([6.])
    """
    if isinstance(problem.floor, AisleProblem):
        alone = [np.array([order]) for order in range(problem.orders)]
        return np.array([set_cost(order, 1, costs) for order in alone], np.float64)
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
