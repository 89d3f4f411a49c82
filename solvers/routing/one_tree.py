"""Lower bound on tours: Held and Karp's 1-trees (1971, doi:10.1007/BF01584070).

A tour is a spanning tree on all nodes but one, which is tied in by two edges, with all
degrees two. Dropping the degrees leaves a problem that Prim's algorithm solves;
prices on nodes, raised where the degree is too high, make up for it.
"""

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from solvers.routing.problem import TourProblem

MOST_ROUNDS: Final = 200
MOST_WORK: Final = 20_000_000


def tour_bound(problem: TourProblem, length: float) -> int:
    """Lower bound on the length of every tour.

    Directions are dropped by taking the shorter of both, so the bound is good where
    distances are symmetric; the cost of leaving and entering every stop is taken
    where it says more. Rounds of ascent are cut so that it takes well under 0.1 s.

    Parameters
    ----------
    problem : TourProblem
    length : float
        Length of a known tour; it sets the step of the ascent.

    Examples
    --------
    Three stops on a line, the depot at its end: the bound is the tour.

    >>> line = np.abs(np.subtract.outer(np.arange(4), np.arange(4)))
    >>> tour_bound(TourProblem(line), 6)
    6
    """
    if problem.stops == 0:
        return 0
    matrix = problem.distance.astype(np.float64)
    np.fill_diagonal(matrix, np.inf)
    bound = max(matrix.min(axis=0).sum(), matrix.min(axis=1).sum())
    if problem.stops > 1:
        weight = np.minimum(matrix, matrix.T)
        rounds = min(MOST_ROUNDS, max(5, MOST_WORK // weight.size))
        bound = max(bound, _ascend(weight, rounds, length))
    return int(np.ceil(bound - 1e-6))


@njit(cache=True)
def _ascend(weight: NDArray[np.float64], rounds: int, length: float) -> float:
    """Subgradient ascent on the prices; returns the best bound met."""
    n = len(weight)
    price = np.zeros(n)
    degree = np.zeros(n, np.int64)
    nearest = np.zeros(n)
    parent = np.zeros(n, np.int64)
    best = -np.inf
    step = 1.0
    idle = 0
    for _ in range(rounds):
        bound = _one_tree(weight, price, degree, nearest, parent)
        idle += 1
        if bound > best:
            best = bound
            idle = 0
        elif idle >= 5:
            step *= 0.5
            idle = 0
        error = 0
        for a in range(n):
            error += (degree[a] - 2) ** 2
        if error == 0 or best > length - 1 + 1e-6:
            break
        for a in range(n):
            price[a] += step * (length - bound) / error * (degree[a] - 2)
    return best


@njit(cache=True)
def _one_tree(
    weight: NDArray[np.float64],
    price: NDArray[np.float64],
    degree: NDArray[np.int64],
    nearest: NDArray[np.float64],
    parent: NDArray[np.int64],
) -> float:
    """Least 1-tree under prices, less twice the prices; fills the degrees."""
    n = len(weight)
    degree[:] = 0
    total = 0.0
    for a in range(n):
        nearest[a] = np.inf
        total -= 2 * price[a]
    # Prim's tree over the nodes 1 .. n - 1; nodes in the tree have nearest -inf.
    node = 1
    for _ in range(n - 2):
        nearest[node] = -np.inf
        chosen = 0
        for a in range(1, n):
            if nearest[a] == -np.inf:
                continue
            cost = weight[node, a] + price[node] + price[a]
            if cost < nearest[a]:
                nearest[a] = cost
                parent[a] = node
            if chosen == 0 or nearest[a] < nearest[chosen]:
                chosen = a
        total += nearest[chosen]
        degree[chosen] += 1
        degree[parent[chosen]] += 1
        node = chosen
    # The two cheapest edges of node 0.
    for _ in range(2):
        chosen = 0
        for a in range(1, n):
            cost = weight[0, a] + price[a]
            if degree[0] > 0 and a == parent[0]:
                continue
            if chosen == 0 or cost < weight[0, chosen] + price[chosen]:
                chosen = a
        total += weight[0, chosen] + price[0] + price[chosen]
        degree[0] += 1
        degree[chosen] += 1
        parent[0] = chosen
    return total
