"""Numba kernels of batching with due times: a queue of batches for equal pickers.

Batches stand in a queue; each goes to the picker who is free first. Of all ways to give
batches to pickers and to order them, one such queue is as good as the best: take the
batches of any schedule by their start. A move exchanges orders between batches as
without due times (`solvers.batching.kernels`), or moves a batch in the queue.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.batching.kernels import draw_move, settle_move, try_move
from solvers.kernel import kernel
from solvers.random_words import random_below


class Times(NamedTuple):
    """What a `TimedBatchingProblem` says of time, times in seconds.

    Parameters
    ----------
    due, release, service : ndarray of float64, shape (orders,)
    setup : float
    pace : float
        Seconds of the picker's way for one unit of tour cost.
    late_weight : float
    """

    due: NDArray[np.float64]
    release: NDArray[np.float64]
    service: NDArray[np.float64]
    setup: float
    pace: float
    late_weight: float


class Queue(NamedTuple):
    """Batches in the order in which pickers take them.

    Parameters
    ----------
    batch : ndarray of int32, shape (batches,)
        Every batch number once; empty batches take no time.
    ready : ndarray of float64, shape (batches,)
        Latest release of each batch's orders.
    standing : ndarray of float64, shape (batches,)
        Setup and service of each batch.
    soonest : ndarray of float64, shape (batches,)
        Earliest due time of each batch's orders.
    free : ndarray of float64, shape (pickers,)
        Work space: a heap of the moments at which pickers are free.
    total : ndarray of float64, shape (2,)
        Value, and tardiness alone in seconds.
    """

    batch: NDArray[np.int32]
    ready: NDArray[np.float64]
    standing: NDArray[np.float64]
    soonest: NDArray[np.float64]
    free: NDArray[np.float64]
    total: NDArray[np.float64]


class Change(NamedTuple):
    """A move that is tried: an order from batch a to b, and who leaves b for a.

    Batch a is -1 where nothing changes; the leaver is -1 where nobody does.
    """

    a: int
    b: int
    order: int
    leaver: int
    cost_a: int
    cost_b: int


@kernel
def _needs(batches, times, b, change):  # type: ignore[no-untyped-def]
    """Release, setup and service, and earliest due time of a batch after a change."""
    ready = 0.0
    standing = times.setup
    soonest = np.inf
    goes, comes = _goes_comes(b, change)
    for k in range(batches.size[b] + 1):
        order = batches.member[b, k] if k < batches.size[b] else comes
        if order < 0 or (k < batches.size[b] and order == goes):
            continue
        ready = max(ready, times.release[order])
        standing += times.service[order]
        soonest = min(soonest, times.due[order])
    return ready, standing, soonest


@kernel
def _goes_comes(b, change):  # type: ignore[no-untyped-def]
    """Who leaves a batch and who joins it in a change; -1 for nobody."""
    if b == change.a:
        return change.order, change.leaver
    if b == change.b:
        return change.leaver, change.order
    return -1, -1


@kernel
def _late(batches, times, b, change, end):  # type: ignore[no-untyped-def]
    """Tardiness of the orders of a batch that ends at some moment."""
    late = 0.0
    goes, comes = _goes_comes(b, change)
    for k in range(batches.size[b]):
        order = batches.member[b, k]
        if order != goes:
            late += max(0.0, end - times.due[order])
    if comes >= 0:
        late += max(0.0, end - times.due[comes])
    return late


@kernel
def _take_picker(free, until):  # type: ignore[no-untyped-def]
    """Keep the picker at the top of a heap busy until some moment."""
    n = len(free)
    at = 0
    while True:
        child = 2 * at + 1
        if child >= n:
            break
        if child + 1 < n and free[child + 1] < free[child]:
            child += 1
        if free[child] >= until:
            break
        free[at] = free[child]
        at = child
    free[at] = until


@kernel
def tardiness(batches, times, queue, change, most):  # type: ignore[no-untyped-def]
    """Tardiness of all orders after a change; above ``most``, any number above it.

    Parameters
    ----------
    batches : Batches
    times : Times
    queue : Queue
    change : Change
    most : float
    """
    queue.free[:] = 0.0
    late = 0.0
    for k in range(len(queue.batch)):
        b = np.int64(queue.batch[k])
        changed = b == change.a or b == change.b
        size = batches.size[b]
        if changed and change.leaver < 0:
            size += 1 if b == change.b else -1
        if size == 0:
            continue
        if changed:
            ready, standing, soonest = _needs(batches, times, b, change)
            cost = change.cost_a if b == change.a else change.cost_b
        else:
            ready, standing = queue.ready[b], queue.standing[b]
            soonest, cost = queue.soonest[b], batches.cost[b]
        end = max(ready, queue.free[0]) + standing + times.pace * cost
        _take_picker(queue.free, end)
        if end > soonest:
            late += _late(batches, times, b, change, end)
            if late > most:
                return late
    return late


@kernel
def weigh(batches, times, queue):  # type: ignore[no-untyped-def]
    """Compute what the queue keeps of every batch, and its value."""
    nothing = Change(-1, -1, -1, -1, 0, 0)
    length = 0
    for b in range(len(batches.size)):
        queue.ready[b], queue.standing[b], queue.soonest[b] = _needs(
            batches, times, b, nothing
        )
        length += batches.cost[b] if batches.size[b] > 0 else 0
    late = tardiness(batches, times, queue, nothing, np.inf)
    queue.total[0] = times.pace * length + times.late_weight * late
    queue.total[1] = late


@kernel
def _requeue(batches, times, queue, room, random):  # type: ignore[no-untyped-def]
    """Swap two batches of the queue, or move one; undo what is worse than room."""
    n = len(queue.batch)
    reach = 1 + random_below(random, n)
    i = random_below(random, n)
    j = i + 1 + random_below(random, reach)
    if j >= n or batches.size[queue.batch[i]] + batches.size[queue.batch[j]] == 0:
        return
    kind = random_below(random, 3)
    _turn(queue.batch, i, j, kind)
    nothing = Change(-1, -1, -1, -1, 0, 0)
    late = tardiness(batches, times, queue, nothing, queue.total[1] + room)
    if late > queue.total[1] + room:
        _turn(queue.batch, i, j, 2 - kind)
        return
    queue.total[0] += times.late_weight * (late - queue.total[1])
    queue.total[1] = late


@kernel
def _turn(queue, i, j, kind):  # type: ignore[no-untyped-def]
    """Move entry i to j (kind 0), swap the two (1), or move entry j to i (2)."""
    first, last = queue[i], queue[j]
    if kind == 0:
        for k in range(i, j):
            queue[k] = queue[k + 1]
        queue[j] = first
    elif kind == 1:
        queue[i], queue[j] = last, first
    else:
        for k in range(j, i, -1):
            queue[k] = queue[k - 1]
        queue[i] = last


@kernel
def anneal_queue(batches, times, queue, moves, random):  # type: ignore[no-untyped-def]
    """Move batches in the queue alone, and only where that is no worse."""
    for _ in range(moves):
        _requeue(batches, times, queue, 0.0, random)


@kernel
def _draw_opening(batches, queue, random):  # type: ignore[no-untyped-def]
    """Draw an order to leave its batch for an empty one, as `draw_move` returns it.

    The empty batch is put beside the other in the queue, or anywhere.
    """
    order = random_below(random, len(batches.batch_of))
    a = np.int64(batches.batch_of[order])
    n = len(queue.batch)
    aim = 0
    spare = -1
    for k in range(n):
        if queue.batch[k] == a:
            aim = k + random_below(random, 2)
        if batches.size[queue.batch[k]] == 0:
            spare = k
    if spare < 0 or batches.size[a] < 2:
        return -1, -1, order, -1
    if random_below(random, 2) == 0:
        aim = random_below(random, n)
    b = np.int64(queue.batch[spare])
    # Where an empty batch stands changes nothing, so this is not undone.
    if spare < aim:
        _turn(queue.batch, spare, aim - 1, 0)
    else:
        _turn(queue.batch, aim, spare, 2)
    return a, b, order, np.int64(-1)


@kernel
def anneal_timed(  # type: ignore[no-untyped-def]
    distance, orders, near, batches, loads, times, queue, moves, heat, random
):
    """Exchange orders between batches and move batches in the queue.

    Parameters
    ----------
    distance, orders, near, batches, loads
        As in `solvers.batching.kernels.anneal`.
    times : Times
    queue : Queue
        As `weigh` left it.
    moves : int
    heat : float
        Temperature, in the unit of values.
    random : ndarray of uint64, shape (1,)
    """
    for _ in range(moves):
        chance = (random_below(random, 1 << 30) + 1) / (1 << 30)
        room = -heat * np.log(chance)
        kind = random_below(random, 16)
        if kind < 4:
            # Without a weight a queue is as good as any other.
            if times.late_weight > 0:
                _requeue(batches, times, queue, room / times.late_weight, random)
            continue
        if kind == 4:
            a, b, order, leaver = _draw_opening(batches, queue, random)
        else:
            a, b, order, leaver = draw_move(batches, loads, near, random)
        if a < 0:
            continue
        n_a, cost_a, n_b, cost_b = try_move(
            distance, orders, batches, a, b, order, leaver
        )
        added = times.pace * (cost_a + cost_b - batches.cost[a] - batches.cost[b])
        change = Change(a, b, order, leaver, cost_a, cost_b)
        late = queue.total[1]
        if times.late_weight > 0:
            most = late + (room - added) / times.late_weight
            late = tardiness(batches, times, queue, change, most)
            if late > most:
                continue
        elif added > room:
            continue
        settle_move(
            distance, batches, loads, a, b, order, leaver, n_a, cost_a, n_b, cost_b
        )
        # Tours were mended, and may be shorter than was tried.
        nothing = Change(-1, -1, -1, -1, 0, 0)
        for c in (a, b):
            queue.ready[c], queue.standing[c], queue.soonest[c] = _needs(
                batches, times, c, nothing
            )
        mended = times.pace * (batches.cost[a] + batches.cost[b] - cost_a - cost_b)
        if mended != 0 and late > 0 and times.late_weight > 0:
            late = tardiness(batches, times, queue, nothing, np.inf)
        queue.total[0] += added + mended
        queue.total[0] += times.late_weight * (late - queue.total[1])
        queue.total[1] = late
