"""Batches of negative reduced cost, by branch and bound over sets of orders.

A tour through more places is no shorter. So no batch that holds a set of orders and
others besides has a smaller reduced cost than the set's cost, less what its orders are
worth, less the most that others could be worth that still fit; the most is that of a
knapsack of which the last order may be cut (Dantzig 1957). Where the search is cut
short, the same bound of what was left out keeps the answer valid.
"""

import numpy as np

from solvers.batching.exchange_kernels import Pool
from solvers.batching.problem import Loads
from solvers.batching.set_costs import SetCosts, remembered_cost
from solvers.batching.set_partitioning import Relaxation
from solvers.kernel import kernel, lean_kernel


def price(
    relaxed: Relaxation,
    loads: Loads,
    costs: SetCosts,
    pool: Pool,
    below: float,
    nodes: int,
    per_order: int,
) -> tuple[float, bool]:
    """Put batches of small reduced cost into a pool; return a bound on all of them.

    Parameters
    ----------
    relaxed : Relaxation
        What orders and batches are worth.
    loads : Loads
    costs : SetCosts
        Exact, and no less for a set with an order more.
    pool : Pool
    below : float
        Batches of a reduced cost below this are wanted; 0 or more.
    nodes : int
        Sets looked at before the search is cut short.
    per_order : int
        Batches wanted of those in which an order is the one worth most by its load.

    Returns
    -------
    float
        No batch has a smaller reduced cost.
    bool
        Whether every batch that is wanted is in the pool.
    """
    load = loads.load
    # Only one resource bounds what else fits: the one that is used up most.
    tight = int(np.argmax(load.sum(axis=0) / np.maximum(1, loads.capacity)))
    worth = relaxed.order_dual / np.maximum(load[:, tight], 1e-9)
    ranked = np.argsort(-worth, kind="stable")
    ranked = ranked[relaxed.order_dual[ranked] > 0].astype(np.int32)
    least, complete = _price(
        ranked,
        relaxed.order_dual,
        relaxed.batch_dual,
        loads,
        tight,
        costs,
        pool,
        below,
        nodes,
        per_order,
    )
    return float(least), bool(complete)


@lean_kernel
def _most_worth(  # type: ignore[no-untyped-def]
    ranked, begin, room, dual, loads, tight
):
    """Most that orders from a rank on are worth together in some room."""
    total = 0.0
    for j in range(begin, len(ranked)):
        load = loads.load[ranked[j], tight]
        if load > room:
            return total + dual[ranked[j]] * room / load
        room -= load
        total += dual[ranked[j]]
    return total


@kernel
def _price(  # type: ignore[no-untyped-def]
    ranked, dual, batch_dual, loads, tight, costs, pool, below, nodes, per_order
):
    """Depth first over sets of orders in the order of their rank."""
    depth_most = pool.member.shape[1]
    resources = len(loads.capacity)
    member = np.zeros(depth_most + 1, np.int32)
    # At each depth: the next rank to add, and what the set so far is.
    following = np.zeros(depth_most + 1, np.int64)
    room = np.zeros((depth_most + 1, resources), np.int64)
    reduced = np.zeros(depth_most + 1)
    worth = np.zeros(depth_most + 1)
    key = np.zeros(depth_most + 1, np.uint64)
    for r in range(resources):
        room[0, r] = loads.capacity[r]
    reduced[0] = -batch_dual
    least = below
    looked = 0
    found = 0
    complete = True
    depth = 0
    while depth >= 0:
        j = following[depth]
        bound = below
        if depth < depth_most and j < len(ranked):
            bound = reduced[depth] - _most_worth(
                ranked, j, room[depth, tight], dual, loads, tight
            )
        if bound >= below:
            depth -= 1  # later ones are worth no more
            continue
        if depth == 0:
            found = 0
        full = pool.used[0] == len(pool.size) or found == per_order
        if looked >= nodes or full:
            least = min(least, bound)
            complete = False
            depth -= 1
            continue
        following[depth] = j + 1
        order = ranked[j]
        fits = True
        for r in range(resources):
            fits &= loads.load[order, r] <= room[depth, r]
        if not fits:
            continue
        left = room[depth, tight] - loads.load[order, tight]
        beyond = _most_worth(ranked, j + 1, left, dual, loads, tight)
        if reduced[depth] - dual[order] - beyond >= below:
            continue
        looked += 1
        member[depth] = order
        key[depth + 1] = key[depth] ^ costs.key[order]
        worth[depth + 1] = worth[depth] + dual[order]
        cost = remembered_cost(member, depth + 1, key[depth + 1], costs)
        value = cost - worth[depth + 1] - batch_dual
        if value < below:
            least = min(least, value)
            row = pool.used[0]
            pool.member[row, : depth + 1] = member[: depth + 1]
            pool.size[row] = depth + 1
            pool.cost[row] = cost
            pool.key[row] = key[depth + 1]
            pool.used[0] += 1
            found += 1
        if value - beyond >= below:
            continue
        depth += 1
        reduced[depth] = value
        following[depth] = j + 1
        for r in range(resources):
            room[depth, r] = room[depth - 1, r] - loads.load[order, r]
    return least, complete


def valid_bound(
    relaxed: Relaxation, least_reduced: float, batches: int, cheapest: float
) -> float:
    """Lower bound on every batching, from duals that need not be feasible.

    Where no batch has a reduced cost below r, the dual of the row that counts batches
    may be changed by r to make the duals feasible. If it would become negative, those
    of the orders are made smaller in proportion instead (Farley 1990).

    Parameters
    ----------
    relaxed : Relaxation
    least_reduced : float
        No batch has a smaller reduced cost.
    batches : int
        Every batching has at least so many batches.
    cheapest : float
        No batch costs less.

    Examples
    --------
    >>> relaxed = Relaxation(25.0, np.array([5.0, 10.0]), 5.0)
    >>> valid_bound(relaxed, -2.0, 2, 10.0), valid_bound(relaxed, -10.0, 2, 10.0)
    (21.0, 10.0)
    """
    worth = float(relaxed.order_dual.sum())
    dual = relaxed.batch_dual + min(0.0, least_reduced)
    if dual >= 0:
        return worth + batches * dual
    return worth / (1.0 - dual / cheapest) if cheapest > 0 else 0.0
