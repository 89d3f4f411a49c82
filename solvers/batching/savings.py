"""First come, first served, and savings: batchings to begin from."""

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.batching.exchange_kernels import pair_savings
from solvers.batching.problem import BatchingProblem
from solvers.batching.set_costs import SetCosts, set_cost
from solvers.kernel import kernel
from solvers.routing.parallel_aisles import AisleProblem

MOST_MERGED_ANEW: Final = {True: 400, False: 40}
"""`savings` looks at every pair of batches up to so many orders, in aisles or not."""
MOST_PAIRS: Final = {True: 150_000, False: 20_000}
"""Pairs of orders that `find_partners` looks at, in aisles or not."""


def first_come(
    problem: BatchingProblem, sequence: Iterable[int] | None = None
) -> NDArray[np.int32]:
    """Batch number of each order when batches are filled one after another.

    Parameters
    ----------
    problem : BatchingProblem
    sequence : iterable of int, optional
        Orders as they come, each once; by default by number.

    Examples
    --------
    An order that does not fit begins a new batch, though later ones might fit.

    >>> floor = np.zeros((1, 1), int)
    >>> first_come(BatchingProblem(floor, [0] * 4, [], 5, [[4], [3], [1]])).tolist()
    [0, 1, 1]
    """
    batch_of = np.zeros(problem.orders, np.int32)
    filled = np.zeros(len(problem.capacity), np.int64)
    batch = 0
    for order in range(problem.orders) if sequence is None else sequence:
        filled += problem.load[order]
        if (filled > problem.capacity).any():
            batch += 1
            filled = problem.load[order].copy()
        batch_of[order] = batch
    return batch_of


def find_partners(
    problem: BatchingProblem,
    near: NDArray[np.int32],
    saving: NDArray[np.float64],
    costs: SetCosts,
) -> None:
    """Fill in the orders that save most by riding along with each order.

    Of many orders only those are compared whose places lie at similar numbers, which
    in aisles are near each other.

    Parameters
    ----------
    problem : BatchingProblem
    near, saving : ndarray, shape (orders, k), written
        Partners of each order, the best first, -1 where fewer; what each saves.
    costs : SetCosts
    """
    mean = np.zeros(problem.orders)
    for order in range(problem.orders):
        places = costs.place[costs.start[order] : costs.start[order + 1]]
        mean[order] = places.mean() if len(places) else 0.0
    most = MOST_PAIRS[isinstance(problem.floor, AisleProblem)]
    window = max(near.shape[1], most // max(1, problem.orders))
    ranked = np.argsort(mean, kind="stable")
    pair_savings(ranked, window, near, saving, costs)


@kernel
def merge_best_pairs(loads, costs, batch_of):  # type: ignore[no-untyped-def]
    """Join the two batches that save most, again and again; savings are true.

    After each merge the savings of the new batch with all others are computed anew
    (the second variant of Clarke and Wright in De Koster, Van der Poort and Wolters
    1999). O(orders ** 2) tours.

    Parameters
    ----------
    loads : Loads
    costs : SetCosts
    batch_of : ndarray of int32, shape (orders,), written
        Numbers of batches, with gaps.
    """
    count = len(batch_of)
    saving = np.full((count, count), -1.0)
    filled = loads.load.copy()
    cost = np.empty(count, np.float64)
    member = np.empty(count, np.int32)
    for a in range(count):
        batch_of[a] = a
        member[0] = a
        cost[a] = set_cost(member, 1, costs)
    changed = -1
    while True:
        for a in range(count):
            for b in range(a):
                if batch_of[a] != a or batch_of[b] != b:
                    continue
                if changed >= 0 and changed != a and changed != b:
                    continue
                fits = True
                for r in range(len(loads.capacity)):
                    fits &= filled[a, r] + filled[b, r] <= loads.capacity[r]
                saving[a, b] = -1.0
                if fits:
                    n = 0
                    for order in range(count):
                        if batch_of[order] == a or batch_of[order] == b:
                            member[n] = order
                            n += 1
                    saving[a, b] = cost[a] + cost[b] - set_cost(member, n, costs)
        most = -1.0
        for a in range(count):
            for b in range(a):
                if batch_of[a] == a and batch_of[b] == b and saving[a, b] > most:
                    most = saving[a, b]
                    first, second = a, b
        if most < 0:
            return
        for order in range(count):
            if batch_of[order] == second:
                batch_of[order] = first
        # The number of a batch is one of its orders, so `second` is none any more.
        filled[first] += filled[second]
        cost[first] += cost[second] - most
        changed = first


@kernel
def merge_ranked_pairs(first, second, loads, batch_of):  # type: ignore[no-untyped-def]
    """Join the batches of each pair in turn while they fit; return how many are left.

    ``batch_of`` is filled with batch numbers 0, 1, ... without gaps.
    """
    count = len(batch_of)
    head = np.arange(count)
    filled = loads.load.copy()
    for k in range(len(first)):
        a = first[k]
        while head[a] != a:
            head[a] = head[head[a]]
            a = head[a]
        b = second[k]
        while head[b] != b:
            head[b] = head[head[b]]
            b = head[b]
        fits = a != b
        for r in range(len(loads.capacity)):
            fits &= filled[a, r] + filled[b, r] <= loads.capacity[r]
        if fits:
            head[b] = a
            filled[a] += filled[b]
    number = np.full(count, -1, np.int64)
    used = 0
    for order in range(count):
        a = order
        while head[a] != a:
            a = head[a]
        if number[a] < 0:
            number[a] = used
            used += 1
        batch_of[order] = number[a]
    return used


def savings(
    problem: BatchingProblem,
    costs: SetCosts,
    near: NDArray[np.int32],
    saving: NDArray[np.float64],
) -> NDArray[np.int32]:
    """Batch number of each order after merging what saves most.

    Parameters
    ----------
    problem : BatchingProblem
    costs : SetCosts
    near : ndarray of int32, shape (orders, k)
        Partners of each order; -1 where fewer.
    saving : ndarray of float64, shape (orders, k)
        What riding together saves. Used where there are too many orders to merge
        batch with batch.
    """
    batch_of = np.zeros(problem.orders, np.int32)
    loads = problem.loads()
    if problem.orders <= MOST_MERGED_ANEW[isinstance(problem.floor, AisleProblem)]:
        merge_best_pairs(loads, costs, batch_of)
        return np.unique(batch_of, return_inverse=True)[1].astype(np.int32)
    merge_ranked_pairs(*ranked_pairs(near, saving), loads, batch_of)
    return batch_of


def ranked_pairs(
    near: NDArray[np.int32], saving: NDArray[np.float64] | NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """Both orders of each pair, by falling saving."""
    ranked = np.argsort(-saving.ravel(), kind="stable")
    ranked = ranked[near.ravel()[ranked] >= 0]
    return ranked // near.shape[1], near.ravel()[ranked]
