"""Numba kernels of batching with due times: a queue of batches for equal pickers.

Batches stand in a queue; each goes to the picker who is free first. Of all ways to give
batches to pickers and to order them, one such queue is as good as the best: take the
batches of any schedule by their start. A move exchanges orders between batches as
without due times (`solvers.batching.kernels`), or moves a batch in the queue.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.batching.kernels import (
    Batches,
    Move,
    Orders,
    Trial,
    draw_move,
    settle_move,
    try_move,
)
from solvers.batching.problem import Loads
from solvers.kernel import kernel, lean_kernel
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


NO_MOVE = Move(np.int64(-1), np.int64(-1), np.int64(-1), np.int64(-1))
NO_TRIAL = Trial(np.int64(0), np.int64(0), np.int64(0), np.int64(0))


@lean_kernel
def _goes_comes(b: int, move: Move) -> tuple[np.int64, np.int64]:
    """Who leaves a batch and who joins it in a move; -1 for nobody."""
    if b == move.a:
        return move.order, move.leaver
    if b == move.b:
        return move.leaver, move.order
    return np.int64(-1), np.int64(-1)


@lean_kernel
def _needs(
    batches: Batches, times: Times, b: int, move: Move
) -> tuple[float, float, float]:
    """Release, setup and service, and earliest due time of a batch after a move."""
    ready = 0.0
    standing = times.setup
    soonest = np.inf
    goes, comes = _goes_comes(b, move)
    for k in range(batches.size[b] + 1):
        order = batches.member[b, k] if k < batches.size[b] else comes
        if order < 0 or (k < batches.size[b] and order == goes):
            continue
        ready = max(ready, times.release[order])
        standing += times.service[order]
        soonest = min(soonest, times.due[order])
    return ready, standing, soonest


@lean_kernel
def _late(batches: Batches, times: Times, b: int, move: Move, end: float) -> float:
    """Tardiness of the orders of a batch that ends at some moment."""
    late = 0.0
    goes, comes = _goes_comes(b, move)
    for k in range(batches.size[b]):
        order = batches.member[b, k]
        if order != goes:
            late += max(0.0, end - times.due[order])
    if comes >= 0:
        late += max(0.0, end - times.due[comes])
    return late


@lean_kernel
def _take_picker(free: NDArray[np.float64], until: float) -> None:
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
def tardiness(
    batches: Batches,
    times: Times,
    queue: Queue,
    move: Move,
    trial: Trial,
    most: float,
) -> float:
    """Tardiness of all orders after a move; above ``most``, any number above it.

    Parameters
    ----------
    batches : Batches
    times : Times
    queue : Queue
    move : Move
    trial : Trial
        Its costs.
    most : float
    """
    queue.free[:] = 0.0
    late = 0.0
    for k in range(len(queue.batch)):
        b = np.int64(queue.batch[k])
        changed = b == move.a or b == move.b
        size = batches.size[b]
        if changed and move.leaver < 0:
            size += 1 if b == move.b else -1
        if size == 0:
            continue
        if changed:
            ready, standing, soonest = _needs(batches, times, b, move)
            cost = trial.cost_a if b == move.a else trial.cost_b
        else:
            ready, standing = queue.ready[b], queue.standing[b]
            soonest, cost = queue.soonest[b], batches.cost[b]
        end = max(ready, queue.free[0]) + standing + times.pace * cost
        _take_picker(queue.free, end)
        if end > soonest:
            late += _late(batches, times, b, move, end)
            if late > most:
                return late
    return late


@kernel
def weigh(batches: Batches, times: Times, queue: Queue) -> None:
    """Compute what the queue keeps of every batch, and its value."""
    length = 0
    for b in range(len(batches.size)):
        queue.ready[b], queue.standing[b], queue.soonest[b] = _needs(
            batches, times, b, NO_MOVE
        )
        length += batches.cost[b] if batches.size[b] > 0 else 0
    late = tardiness(batches, times, queue, NO_MOVE, NO_TRIAL, np.inf)
    queue.total[0] = times.pace * length + times.late_weight * late
    queue.total[1] = late


@kernel
def _requeue(
    batches: Batches,
    times: Times,
    queue: Queue,
    room: float,
    random: NDArray[np.uint64],
) -> None:
    """Swap two batches of the queue, or move one; undo what is worse than room."""
    n = len(queue.batch)
    reach = 1 + random_below(random, n)
    i = random_below(random, n)
    j = i + 1 + random_below(random, reach)
    if j >= n or batches.size[queue.batch[i]] + batches.size[queue.batch[j]] == 0:
        return
    kind = random_below(random, 3)
    _turn(queue.batch, i, j, kind)
    most = queue.total[1] + room
    late = tardiness(batches, times, queue, NO_MOVE, NO_TRIAL, most)
    if late > most:
        _turn(queue.batch, i, j, 2 - kind)
        return
    queue.total[0] += times.late_weight * (late - queue.total[1])
    queue.total[1] = late


@lean_kernel
def _turn(queue: NDArray[np.int32], i: int, j: int, kind: int) -> None:
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
def anneal_queue(
    batches: Batches,
    times: Times,
    queue: Queue,
    moves: int,
    random: NDArray[np.uint64],
) -> None:
    """Move batches in the queue alone, and only where that is no worse."""
    for _ in range(moves):
        _requeue(batches, times, queue, 0.0, random)


@lean_kernel
def _draw_opening(batches: Batches, queue: Queue, random: NDArray[np.uint64]) -> Move:
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
        return Move(np.int64(-1), np.int64(-1), order, np.int64(-1))
    if random_below(random, 2) == 0:
        aim = random_below(random, n)
    b = np.int64(queue.batch[spare])
    # Where an empty batch stands changes nothing, so this is not undone.
    if spare < aim:
        _turn(queue.batch, spare, aim - 1, 0)
    else:
        _turn(queue.batch, aim, spare, 2)
    return Move(a, b, order, np.int64(-1))


@kernel
def anneal_timed(
    distance: NDArray[np.int32],
    orders: Orders,
    near: NDArray[np.int32],
    batches: Batches,
    loads: Loads,
    times: Times,
    queue: Queue,
    moves: int,
    heat: float,
    random: NDArray[np.uint64],
) -> None:
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
            move = _draw_opening(batches, queue, random)
        else:
            move = draw_move(batches, loads, near, random)
        if move.a < 0:
            continue
        trial = try_move(distance, orders, batches, move)
        tried = trial.cost_a + trial.cost_b
        added = times.pace * (tried - batches.cost[move.a] - batches.cost[move.b])
        late = queue.total[1]
        if times.late_weight > 0:
            most = late + (room - added) / times.late_weight
            late = tardiness(batches, times, queue, move, trial, most)
            if late > most:
                continue
        elif added > room:
            continue
        settle_move(distance, batches, loads, move, trial)
        # Tours were mended, and may be shorter than was tried.
        for b in (move.a, move.b):
            queue.ready[b], queue.standing[b], queue.soonest[b] = _needs(
                batches, times, b, NO_MOVE
            )
        mended = times.pace * (batches.cost[move.a] + batches.cost[move.b] - tried)
        if mended != 0 and late > 0 and times.late_weight > 0:
            late = tardiness(batches, times, queue, NO_MOVE, NO_TRIAL, np.inf)
        queue.total[0] += added + mended
        queue.total[0] += times.late_weight * (late - queue.total[1])
        queue.total[1] = late
