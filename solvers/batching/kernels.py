"""Numba kernels of order batching: neighbours, savings, annealed local search.

Tours change by cheapest insertion and removal of the places of one order, which
costs about a microsecond, and are mended by Or-opt and 2-opt after each accepted
move. Clarke, Wright (1964), doi:10.1287/opre.12.4.568; Henn, Wäscher (2012),
doi:10.1016/j.ejor.2012.05.049 for relocate and swap of orders between batches.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.batching.problem import Loads, most_together
from solvers.batching.tour_kernels import (
    cheapest_position,
    enter_place,
    or_opt,
    tour_length,
    two_opt,
)
from solvers.kernel import kernel, lean_kernel
from solvers.random_words import random_below

NOBODY = -1
NONE_FITS = -2
NOWHERE = 2**31 - 1
"""Steps to an order that needs nothing."""


class Orders(NamedTuple):
    """Places of each order, as in `BatchingProblem`."""

    start: NDArray[np.int32]
    place: NDArray[np.int32]


class Batches(NamedTuple):
    """All tours; a place needed several times in a batch stands once."""

    tour: NDArray[np.int32]  # (batches, width): places in visiting order
    uses: NDArray[np.int32]  # (batches, width): how often it is needed
    length: NDArray[np.int32]  # (batches,)
    member: NDArray[np.int32]  # (batches, most orders)
    size: NDArray[np.int32]  # (batches,)
    filled: NDArray[np.int64]  # (batches, resources)
    cost: NDArray[np.int64]  # (batches,)
    batch_of: NDArray[np.int32]  # (orders,)
    trial_tour: NDArray[np.int32]  # (2, width): work space
    trial_uses: NDArray[np.int32]  # (2, width)


class Move(NamedTuple):
    """An order goes from batch a to b, and who leaves b for a; a is -1 for no move."""

    a: np.int64
    b: np.int64
    order: np.int64
    leaver: np.int64  # or NOBODY


class Trial(NamedTuple):
    """Length and cost of the tours of batches a and b after a move, not yet mended."""

    n_a: np.int64
    cost_a: np.int64
    n_b: np.int64
    cost_b: np.int64


def empty_batches(
    order_start: NDArray[np.int32],
    loads: Loads,
    batch_of: NDArray[np.int32],
    spare: int | None = None,
) -> Batches:
    """Batches without tours, wide enough for as many orders as fit together.

    Parameters
    ----------
    order_start : ndarray of int32, shape (orders + 1,)
        Where the places of each order begin.
    loads : Loads
    batch_of : ndarray of int32, shape (orders,)
        Batch number of each order, for `build`.
    spare : int, optional
        Empty ones, to be opened; by default a quarter more and two.
    """
    count = int(batch_of.max(initial=0)) + 1
    count += count // 4 + 2 if spare is None else spare
    sizes = np.sort(np.diff(order_start))
    most = most_together(loads)
    width = int(sizes[-most:].sum()) + 1
    return Batches(
        tour=np.zeros((count, width), np.int32),
        uses=np.zeros((count, width), np.int32),
        length=np.zeros(count, np.int32),
        member=np.zeros((count, most), np.int32),
        size=np.zeros(count, np.int32),
        filled=np.zeros((count, len(loads.capacity)), np.int64),
        cost=np.zeros(count, np.int64),
        batch_of=batch_of.astype(np.int32),
        trial_tour=np.zeros((2, width), np.int32),
        trial_uses=np.zeros((2, width), np.int32),
    )


@lean_kernel
def _without(
    distance: NDArray[np.int32], orders: Orders, batches: Batches, order: int, slot: int
) -> tuple[int, np.int64]:
    """Put the order's tour less the places only it needs into a trial slot.

    Returns the length and the cost of that tour.
    """
    tour, uses = batches.trial_tour[slot], batches.trial_uses[slot]
    b = batches.batch_of[order]
    n = 0
    for k in range(batches.length[b]):
        place = batches.tour[b, k]
        left = batches.uses[b, k]
        for j in range(orders.start[order], orders.start[order + 1]):
            if orders.place[j] == place:
                left -= 1
                break
        if left > 0:
            tour[n] = place
            uses[n] = left
            n += 1
    return n, tour_length(distance, tour, n)


@lean_kernel
def _insert(
    distance: NDArray[np.int32],
    orders: Orders,
    order: int,
    tour: NDArray[np.int32],
    uses: NDArray[np.int32],
    n: int,
) -> tuple[int, np.int64]:
    """Insert the places of an order where they lengthen the tour least."""
    added = np.int64(0)
    for j in range(orders.start[order], orders.start[order + 1]):
        place = orders.place[j]
        at, steps = cheapest_position(distance, tour, n, place)
        n = enter_place(tour, uses, n, place, at, steps)
        added += max(steps, np.int64(0))
    return n, added


@lean_kernel
def accept(
    distance: NDArray[np.int32], batches: Batches, b: int, slot: int, n: int, cost: int
) -> None:
    """Make a trial tour the tour of batch b, mended."""
    tour = batches.trial_tour[slot]
    uses = batches.trial_uses[slot]
    cost += or_opt(distance, tour, uses, n)
    cost += two_opt(distance, tour, uses, n)
    for k in range(n):
        batches.tour[b, k] = tour[k]
        batches.uses[b, k] = uses[k]
    batches.length[b] = n
    batches.cost[b] = cost


@lean_kernel
def keep_tour(batches: Batches, b: int, slot: int) -> np.int64:
    """Put the tour of a batch as it is into a trial slot; return its length."""
    n = batches.length[b]
    for k in range(n):
        batches.trial_tour[slot, k] = batches.tour[b, k]
        batches.trial_uses[slot, k] = batches.uses[b, k]
    return np.int64(n)


@lean_kernel
def mend(distance: NDArray[np.int32], batches: Batches) -> None:
    """Mend the tours of all batches."""
    for b in range(len(batches.size)):
        n = keep_tour(batches, b, 0)
        accept(distance, batches, b, 0, n, batches.cost[b])


@lean_kernel
def leave(batches: Batches, order: int, b: int) -> None:
    """Take an order off the members of a batch."""
    for k in range(batches.size[b]):
        if batches.member[b, k] == order:
            batches.size[b] -= 1
            batches.member[b, k] = batches.member[b, batches.size[b]]
            return


@lean_kernel
def join(batches: Batches, order: int, b: int) -> None:
    """Make an order a member of a batch."""
    batches.member[b, batches.size[b]] = order
    batches.size[b] += 1
    batches.batch_of[order] = b


@lean_kernel
def unload(batches: Batches, load: NDArray[np.int64], order: int, b: int) -> None:
    """Take an order and its load off a batch."""
    for r in range(load.shape[1]):
        batches.filled[b, r] -= load[order, r]
    leave(batches, order, b)


@lean_kernel
def load_order(batches: Batches, load: NDArray[np.int64], order: int, b: int) -> None:
    """Put an order and its load into a batch."""
    for r in range(load.shape[1]):
        batches.filled[b, r] += load[order, r]
    join(batches, order, b)


@lean_kernel
def refused(delta: int, heat: float, random: NDArray[np.uint64]) -> bool:
    """Whether simulated annealing turns down a change of cost at some temperature."""
    if delta <= 0:
        return False
    chance = (random_below(random, 1 << 30) + 1) / (1 << 30)
    return bool(delta > -heat * np.log(chance))


@lean_kernel
def build(
    distance: NDArray[np.int32],
    orders: Orders,
    load: NDArray[np.int64],
    batches: Batches,
) -> None:
    """Make tours by insertion for the members that ``batch_of`` names."""
    for order in range(len(batches.batch_of)):
        b = batches.batch_of[order]
        n, added = _insert(
            distance, orders, order, batches.tour[b], batches.uses[b], batches.length[b]
        )
        batches.length[b] = n
        batches.cost[b] += added
        load_order(batches, load, order, b)
    mend(distance, batches)


@lean_kernel
def enter_near(
    near: NDArray[np.int32],
    score: NDArray[np.float64],
    filled: int,
    other: int,
    value: float,
) -> int:
    """Enter an order among the nearest, the least value first; return how many."""
    k = len(near)
    if filled == k and value >= score[k - 1]:
        return filled
    j = min(filled, k - 1)
    while j > 0 and score[j - 1] > value:
        score[j] = score[j - 1]
        near[j] = near[j - 1]
        j -= 1
    score[j] = value
    near[j] = other
    return min(filled + 1, k)


@kernel
def nearest_orders(
    back: NDArray[np.int32],
    orders: Orders,
    near: NDArray[np.int32],
    begin: int,
    end: int,
) -> None:
    """Fill rows of near (orders, k) with the orders whose places lie closest.

    Rows from begin to end, the closest first. Closeness of two orders is the sum over
    the places of one of the steps to the nearest place of the other, per place. Row p
    of back, (places, places), holds the steps from every place to p.
    """
    count, k = near.shape
    score = np.empty(k, np.float64)
    to_order = np.empty(back.shape[0], np.int32)
    for a in range(begin, end):
        first, last = orders.start[a], orders.start[a + 1]
        to_order[:] = NOWHERE
        for i in range(first, last):
            steps = back[orders.place[i]]
            for place in range(len(steps)):
                to_order[place] = min(to_order[place], steps[place])
        filled = 0
        for b in range(count):
            if b == a:
                continue
            there = np.int64(0)
            for j in range(orders.start[b], orders.start[b + 1]):
                there += np.int64(to_order[orders.place[j]])
            size = orders.start[b + 1] - orders.start[b]
            value = there / size if size else 0.0
            filled = enter_near(near[a], score, filled, b, value)
        near[a, filled:] = -1


@kernel
def pair_savings(
    distance: NDArray[np.int32],
    orders: Orders,
    near: NDArray[np.int32],
    saving: NDArray[np.int64],
) -> None:
    """Compute the steps saved by picking each pair in ``near`` in one tour."""
    count, k = near.shape
    width = 0
    for a in range(count):
        width = max(width, orders.start[a + 1] - orders.start[a])
    tour = np.empty(2 * width + 1, np.int32)
    uses = np.empty(2 * width + 1, np.int32)
    alone = np.empty(count, np.int64)
    for a in range(count):
        n, cost = _insert(distance, orders, a, tour, uses, 0)
        cost += or_opt(distance, tour, uses, n) + two_opt(distance, tour, uses, n)
        alone[a] = cost
    for a in range(count):
        for j in range(k):
            b = near[a, j]
            if b < 0:
                saving[a, j] = 0
                continue
            n, cost = _insert(distance, orders, a, tour, uses, 0)
            n, added = _insert(distance, orders, b, tour, uses, n)
            cost += added + or_opt(distance, tour, uses, n)
            cost += two_opt(distance, tour, uses, n)
            saving[a, j] = alone[a] + alone[b] - cost


@lean_kernel
def fits(batches: Batches, loads: Loads, b: int, order: int, leaver: int) -> bool:
    """Whether batch b holds an order more, once another, or -1, has left."""
    for r in range(len(loads.capacity)):
        filled = batches.filled[b, r] + loads.load[order, r]
        if leaver >= 0:
            filled -= loads.load[leaver, r]
        if filled > loads.capacity[r]:
            return False
    return True


@lean_kernel
def draw_leaver(
    batches: Batches,
    loads: Loads,
    a: int,
    b: int,
    order: int,
    random: NDArray[np.uint64],
) -> np.int64:
    """Draw who leaves batch b for an order of a: `NOBODY`, or `NONE_FITS`.

    Where the order has room in b, nobody may have to.
    """
    if batches.size[b] == 0 or (
        fits(batches, loads, b, order, -1) and random_below(random, 2) != 0
    ):
        return np.int64(NOBODY)
    # One of its neighbour's companions.
    leaver = np.int64(batches.member[b, random_below(random, batches.size[b])])
    if fits(batches, loads, b, order, leaver) and fits(
        batches, loads, a, leaver, order
    ):
        return leaver
    return np.int64(NONE_FITS)


@lean_kernel
def draw_move(
    batches: Batches, loads: Loads, near: NDArray[np.int32], random: NDArray[np.uint64]
) -> Move:
    """Draw an order that joins another batch, and who leaves that batch for it."""
    order = random_below(random, len(batches.batch_of))
    other = near[order, random_below(random, near.shape[1])]
    nobody = np.int64(NOBODY)
    nothing = Move(nobody, nobody, order, nobody)
    if other < 0:
        return nothing
    a = np.int64(batches.batch_of[order])
    b = np.int64(batches.batch_of[other])
    if random_below(random, 64) == 0:
        # Now and then open a new batch.
        b = random_below(random, len(batches.size))
        if batches.size[b] > 0:
            return nothing
    if a == b:
        return nothing
    leaver = draw_leaver(batches, loads, a, b, order, random)
    return nothing if leaver == NONE_FITS else Move(a, b, order, leaver)


@lean_kernel
def try_move(
    distance: NDArray[np.int32], orders: Orders, batches: Batches, move: Move
) -> Trial:
    """Make the trial tours of a move: of batch a in slot 0, of batch b in slot 1."""
    tour, uses = batches.trial_tour, batches.trial_uses
    n_a, cost_a = _without(distance, orders, batches, move.order, 0)
    if move.leaver >= 0:
        n_b, cost_b = _without(distance, orders, batches, move.leaver, 1)
        n_a, added = _insert(distance, orders, move.leaver, tour[0], uses[0], n_a)
        cost_a += added
    else:
        n_b, cost_b = keep_tour(batches, move.b, 1), batches.cost[move.b]
    n_b, added = _insert(distance, orders, move.order, tour[1], uses[1], n_b)
    return Trial(n_a, cost_a, n_b, cost_b + added)


@lean_kernel
def settle_move(
    distance: NDArray[np.int32],
    batches: Batches,
    loads: Loads,
    move: Move,
    trial: Trial,
) -> None:
    """Make the move whose trial tours were made."""
    a, b, load = move.a, move.b, loads.load
    unload(batches, load, move.order, a)
    if move.leaver >= 0:
        unload(batches, load, move.leaver, b)
        load_order(batches, load, move.leaver, a)
    load_order(batches, load, move.order, b)
    accept(distance, batches, a, 0, trial.n_a, trial.cost_a)
    accept(distance, batches, b, 1, trial.n_b, trial.cost_b)


@lean_kernel
def anneal(
    distance: NDArray[np.int32],
    orders: Orders,
    near: NDArray[np.int32],
    batches: Batches,
    loads: Loads,
    moves: int,
    warm: float,
    cool: float,
    random: NDArray[np.uint64],
) -> None:
    """Relocate and swap orders between batches; accept worse ones while warm.

    Parameters
    ----------
    distance : ndarray of int32, shape (places + 1, places + 1)
    orders : Orders
    near : ndarray of int32, shape (orders, k)
        Orders near each; -1 where fewer.
    batches : Batches
    loads : Loads
    moves : int
        Moves to try.
    warm, cool : float
        Temperature at the first and the last move, in steps of travel.
    random : ndarray of uint64, shape (1,)
        State of the generator.
    """
    cooling = (cool / warm) ** (1.0 / moves)
    temperature = warm
    for _ in range(moves):
        temperature *= cooling
        move = draw_move(batches, loads, near, random)
        if move.a < 0:
            continue
        trial = try_move(distance, orders, batches, move)
        before = batches.cost[move.a] + batches.cost[move.b]
        if refused(trial.cost_a + trial.cost_b - before, temperature, random):
            continue
        settle_move(distance, batches, loads, move, trial)
