"""Annealed exchange of orders between batches, on true tour costs.

Numba kernels. A move takes up to two orders out of one batch and up to two out of
another and changes them over, or pushes orders round three batches. What a batch then
costs is looked up or computed (`solvers.batching.set_costs`), never estimated. Relocate
and swap are those of Henn and Wäscher (2012, doi:10.1016/j.ejor.2012.05.049), the
acceptance is that of Kirkpatrick, Gelatt and Vecchi (1983,
doi:10.1126/science.220.4598.671).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.batching.kernels import refused
from solvers.batching.set_costs import remembered_cost, set_cost
from solvers.kernel import kernel, lean_kernel
from solvers.random_words import random_below


class Batching(NamedTuple):
    """A batching that is being changed, and the best one seen.

    Parameters
    ----------
    batch_of : ndarray of int32, shape (orders,)
    member : ndarray of int32, shape (batches, most orders)
        Some batches may be empty.
    size : ndarray of int32, shape (batches,)
    filled : ndarray of int64, shape (batches, resources)
    key : ndarray of uint64, shape (batches,)
    cost : ndarray of float64, shape (batches,)
    best_of : ndarray of int32, shape (orders,)
        Batch of each order in the best batching.
    total : ndarray of float64, shape (2,)
        Cost now, and of the best.
    trial : ndarray of int32, shape (3, most orders + 2)
        Work space: members of the batches that a move would make.
    trial_size : ndarray of int64, shape (3,)
    trial_key : ndarray of uint64, shape (3,)
    """

    batch_of: NDArray[np.int32]
    member: NDArray[np.int32]
    size: NDArray[np.int32]
    filled: NDArray[np.int64]
    key: NDArray[np.uint64]
    cost: NDArray[np.float64]
    best_of: NDArray[np.int32]
    total: NDArray[np.float64]
    trial: NDArray[np.int32]
    trial_size: NDArray[np.int64]
    trial_key: NDArray[np.uint64]


class Pool(NamedTuple):
    """Batches met on the way, each about once.

    Parameters
    ----------
    member : ndarray of int32, shape (room, most orders)
    size : ndarray of int32, shape (room,)
    cost : ndarray of float64, shape (room,)
    key : ndarray of uint64, shape (room,)
    seen : ndarray of uint64, shape (slots,)
        The last key that fell on each slot.
    used : ndarray of int64, shape (1,)
        Rows in use.
    """

    member: NDArray[np.int32]
    size: NDArray[np.int32]
    cost: NDArray[np.float64]
    key: NDArray[np.uint64]
    seen: NDArray[np.uint64]
    used: NDArray[np.int64]


@kernel
def build(batching, loads, costs):  # type: ignore[no-untyped-def]
    """Make the batches that ``batch_of`` names; they are the best so far."""
    batching.size[:] = 0
    batching.filled[:] = 0
    batching.key[:] = 0
    for order in range(len(batching.batch_of)):
        b = batching.batch_of[order]
        batching.member[b, batching.size[b]] = order
        batching.size[b] += 1
        batching.key[b] ^= costs.key[order]
        for r in range(len(loads.capacity)):
            batching.filled[b, r] += loads.load[order, r]
    total = 0.0
    for b in range(len(batching.size)):
        batching.cost[b] = 0.0
        if batching.size[b] > 0:
            batching.cost[b] = set_cost(batching.member[b], batching.size[b], costs)
        total += batching.cost[b]
    batching.total[0] = total
    batching.total[1] = total
    batching.best_of[:] = batching.batch_of


@kernel
def pair_savings(ranked, window, near, saving, costs):  # type: ignore[no-untyped-def]
    """Fill near (orders, k) with the orders that save most by riding along.

    Looked at are pairs of orders that stand no further than ``window`` from each other
    in ``ranked``, a permutation of all.
    """
    count = len(near)
    pair = np.empty(2, np.int32)
    alone = np.empty(count, np.float64)
    for a in range(count):
        pair[0] = a
        alone[a] = set_cost(pair, 1, costs)
    near[:] = -1
    for i in range(count):
        for j in range(max(0, i - window), i):
            a, b = ranked[i], ranked[j]
            pair[0], pair[1] = a, b
            saved = alone[a] + alone[b] - set_cost(pair, 2, costs)
            _rank(near, saving, a, b, saved)
            _rank(near, saving, b, a, saved)


@lean_kernel
def _rank(near, saving, a, b, saved):  # type: ignore[no-untyped-def]
    """Put b among the partners of a where its saving places it."""
    k = near.shape[1]
    if near[a, k - 1] >= 0 and saving[a, k - 1] >= saved:
        return
    j = k - 1
    while j > 0 and (near[a, j - 1] < 0 or saving[a, j - 1] < saved):
        near[a, j] = near[a, j - 1]
        saving[a, j] = saving[a, j - 1]
        j -= 1
    near[a, j] = b
    saving[a, j] = saved


@lean_kernel
def _fits(batching, loads, b, leave, leaves, join, joins):  # type: ignore[no-untyped-def]
    """Whether batch b holds some orders more, once others have left."""
    if batching.size[b] - leaves + joins > batching.member.shape[1]:
        return False
    for r in range(len(loads.capacity)):
        filled = batching.filled[b, r]
        for j in range(leaves):
            filled -= loads.load[leave[j], r]
        for j in range(joins):
            filled += loads.load[join[j], r]
        if filled > loads.capacity[r]:
            return False
    return True


@kernel
def _try(batching, costs, slot, b, leave, leaves, join, joins):  # type: ignore[no-untyped-def]
    """Write the batch b would become into a trial slot; return its cost."""
    n = 0
    key = batching.key[b]
    for k in range(batching.size[b]):
        order = batching.member[b, k]
        left = False
        for j in range(leaves):
            left |= leave[j] == order
        if not left:
            batching.trial[slot, n] = order
            n += 1
    for j in range(leaves):
        key ^= costs.key[leave[j]]
    for j in range(joins):
        batching.trial[slot, n] = join[j]
        n += 1
        key ^= costs.key[join[j]]
    batching.trial_size[slot] = n
    batching.trial_key[slot] = key
    if n == 0:
        return 0.0
    return remembered_cost(batching.trial[slot], n, key, costs)


@kernel
def _settle(batching, loads, pool, slot, b, cost, keep):  # type: ignore[no-untyped-def]
    """Make a trial slot the batch b, and keep it in the pool if asked to."""
    n = batching.trial_size[slot]
    key = batching.trial_key[slot]
    batching.size[b] = n
    batching.key[b] = key
    batching.cost[b] = cost
    for r in range(len(loads.capacity)):
        batching.filled[b, r] = 0
    for k in range(n):
        order = batching.trial[slot, k]
        batching.member[b, k] = order
        batching.batch_of[order] = b
        for r in range(len(loads.capacity)):
            batching.filled[b, r] += loads.load[order, r]
    if not keep or n == 0 or pool.used[0] == len(pool.size):
        return
    at = np.int64(key & np.uint64(len(pool.seen) - 1))
    if pool.seen[at] == key:
        return
    pool.seen[at] = key
    row = pool.used[0]
    pool.member[row, :n] = batching.trial[slot, :n]
    pool.size[row] = n
    pool.cost[row] = cost
    pool.key[row] = key
    pool.used[0] += 1


@lean_kernel
def _draw_move(batching, near, random, where, group, count):  # type: ignore[no-untyped-def]
    """Draw a move: group g leaves batch ``where[g]`` and joins that of group g + 1.

    The last group joins the batch of the first. Returns the number of batches, 0 where
    nothing came of it.
    """
    first = np.int32(random_below(random, len(near)))
    beside = near[first, random_below(random, near.shape[1])]
    kind = random_below(random, 64)
    if beside < 0:
        return 0
    batches = 2
    where[0] = batching.batch_of[first]
    where[1] = batching.batch_of[beside]
    group[0, 0] = first
    count[0], count[1], count[2] = 1, 0, 0
    if kind == 0:
        # Now and then open a new batch.
        where[1] = random_below(random, len(batching.size))
        if batching.size[where[1]] > 0:
            return 0
    elif kind >= 40:
        batches = 3
        count[1], count[2] = 1, random_below(random, 2)
    elif kind >= 12:
        count[0] = 2 if kind >= 30 else 1
        count[1] = 2 if kind >= 36 or 20 <= kind < 30 else 1
    if where[0] == where[1]:
        return 0
    for g in range(batches):
        b = where[g]
        if batching.size[b] < count[g]:
            return 0
        for j in range(count[g]):
            order = batching.member[b, random_below(random, batching.size[b])]
            # Who is to be ridden beside stays, if another can go.
            if g > 0 and order == beside and batching.size[b] > 1:
                return 0
            if g > 0 or j > 0:
                group[g, j] = order
            if j > 0 and group[g, 0] == group[g, 1]:
                return 0
        if g == 1 and batches == 3:
            # An order of the second batch goes where one of its neighbours is.
            beside = near[group[1, 0], random_below(random, near.shape[1])]
            if beside < 0:
                return 0
            where[2] = batching.batch_of[beside]
            if where[2] in (where[0], where[1]):
                return 0
    return batches


@kernel
def anneal(  # type: ignore[no-untyped-def]
    batching, loads, near, pool, keep_below, moves, warm, cool, costs, random
):
    """Change orders over between batches; accept worse batchings while warm.

    Parameters
    ----------
    batching : Batching
    loads : Loads
    near : ndarray of int32, shape (orders, k)
        Orders that each order may join; -1 where fewer.
    pool : Pool
    keep_below : float
        Temperature below which accepted batches are kept in the pool.
    moves : int
        Moves to try.
    warm, cool : float
        Temperature at the first and the last move, in the unit of costs.
    costs : SetCosts
    random : ndarray of uint64, shape (1,)
        State of the generator.
    """
    orders = len(batching.batch_of)
    cooling = (cool / warm) ** (1.0 / moves)
    temperature = warm
    since = 0
    where = np.empty(3, np.int64)
    group = np.empty((3, 2), np.int32)
    count = np.empty(3, np.int64)
    cost = np.empty(3, np.float64)
    for _ in range(moves):
        temperature *= cooling
        batches = _draw_move(batching, near, random, where, group, count)
        fits = batches > 0
        for g in range(batches):
            # The group that joins batch g is the one before.
            h = g - 1 if g > 0 else batches - 1
            fits = fits and _fits(
                batching, loads, where[g], group[g], count[g], group[h], count[h]
            )
        if not fits:
            continue
        delta = 0.0
        for g in range(batches):
            h = g - 1 if g > 0 else batches - 1
            b = where[g]
            cost[g] = _try(
                batching, costs, g, b, group[g], count[g], group[h], count[h]
            )
            delta += cost[g] - batching.cost[b]
        if refused(delta, temperature, random):
            continue
        for g in range(batches):
            keep = temperature < keep_below
            _settle(batching, loads, pool, g, where[g], cost[g], keep)
        batching.total[0] += delta
        since += 1
        # Copying the best costs one step an order, so not at every improvement.
        if batching.total[0] < batching.total[1] - 1e-9 and 16 * since >= orders:
            batching.total[1] = batching.total[0]
            batching.best_of[:] = batching.batch_of
            since = 0
