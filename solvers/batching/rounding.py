"""A batching from the relaxation of set partitioning: most used batches first."""

import numpy as np
from numpy.typing import NDArray

from solvers.batching.problem import BatchingProblem
from solvers.batching.set_costs import SetCosts, set_cost


def round_batches(
    problem: BatchingProblem, used: list[list[int]], costs: SetCosts
) -> NDArray[np.int32]:
    """Batch number of each order: whole batches in turn, the rest where it costs least.

    Parameters
    ----------
    problem : BatchingProblem
    used : list of list of int
        Orders of batches, the most wanted first; those that share an order with an
        earlier one are left out.
    costs : SetCosts

    Examples
    --------
    Order 2 fits nowhere and gets a batch of its own.

    >>> from solvers.batching.set_costs import set_costs
    >>> floor = np.zeros((1, 1), int)
    >>> problem = BatchingProblem(floor, [0] * 4, [], 2, [[1], [1], [2]])
    >>> round_batches(problem, [[0], [0, 1]], set_costs(problem)).tolist()
    [0, 0, 1]
    """
    batches: list[list[int]] = []
    placed = np.zeros(problem.orders, bool)
    for orders in used:
        if not placed[orders].any():
            placed[orders] = True
            batches.append(list(orders))
    heaviest = np.argsort(-problem.load.sum(axis=1), kind="stable")
    for order in heaviest[~placed[heaviest]].tolist():
        best, least = -1, float("inf")
        for number, members in enumerate(batches):
            grown = [*members, order]
            if (problem.load[grown].sum(axis=0) <= problem.capacity).all():
                more = _cost(grown, costs) - _cost(members, costs)
                if more < least:
                    best, least = number, more
        if best < 0:
            batches.append([order])
        else:
            batches[best].append(order)
    batch_of = np.zeros(problem.orders, np.int32)
    for number, members in enumerate(batches):
        batch_of[members] = number
    return batch_of


def _cost(members: list[int], costs: SetCosts) -> float:
    return float(set_cost(np.array(members, np.int32), len(members), costs))
