"""Numba kernels of allocation with batches: an annealed search over both at once.

An order moves between batches as in `solvers.batching.kernels`, but wherever it goes
each of its picks takes the location that lengthens that tour least, among those that
still hold enough. So lines move between locations while batches improve.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.batching.kernels import accept, enter_near
from solvers.kernel import kernel
from solvers.random_words import random_below

FAR = 1 << 60


class Needs(NamedTuple):
    """What each order needs, pick by pick, and where each pick can be made."""

    start: NDArray[np.int32]  # (orders + 1,): where the picks of an order begin
    quantity: NDArray[np.int32]  # (picks,)
    option_start: NDArray[np.int32]  # (picks + 1,)
    option: NDArray[np.int32]  # (options,): location
    place: NDArray[np.int32]  # (locations,): place, from 1 on


class Choice(NamedTuple):
    """Which location serves each pick, and what is left there."""

    location: NDArray[np.int32]  # (picks,)
    left: NDArray[np.int64]  # (locations,)


class Batches(NamedTuple):
    """All tours; a place where several picks are made stands once."""

    tour: NDArray[np.int32]  # (batches, width): places in visiting order
    uses: NDArray[np.int32]  # (batches, width): picks made there
    length: NDArray[np.int32]  # (batches,)
    member: NDArray[np.int32]  # (batches, capacity)
    size: NDArray[np.int32]  # (batches,)
    cost: NDArray[np.int64]  # (batches,)
    batch_of: NDArray[np.int32]  # (orders,)
    trial_tour: NDArray[np.int32]  # (2, width): work space
    trial_uses: NDArray[np.int32]  # (2, width)
    before: NDArray[np.int32]  # (2, most picks of an order): locations given up


@kernel
def _take_out(distance, needs, choice, batches, order, slot):  # type: ignore[no-untyped-def]
    """Put the order's tour without it into a slot, and what it took back.

    Returns the length and the cost of that tour.
    """
    b = batches.batch_of[order]
    tour = batches.trial_tour[slot]
    uses = batches.trial_uses[slot]
    first, last = needs.start[order], needs.start[order + 1]
    n = 0
    for k in range(batches.length[b]):
        place = batches.tour[b, k]
        used = batches.uses[b, k]
        for pick in range(first, last):
            if needs.place[choice.location[pick]] == place:
                used -= 1
        if used > 0:
            tour[n] = place
            uses[n] = used
            n += 1
    for pick in range(first, last):
        location = choice.location[pick]
        batches.before[slot, pick - first] = location
        choice.left[location] += needs.quantity[pick]
    cost = np.int64(0)
    previous = 0
    for k in range(n):
        cost += distance[previous, tour[k]]
        previous = tour[k]
    return n, cost + distance[previous, 0]


@kernel
def _cheapest(distance, tour, n, place):  # type: ignore[no-untyped-def]
    """Where a place lengthens a tour least, and by how much; -1 steps if it is in it.

    Returns the position of the place, or the one to insert it at, and the steps.
    """
    best = np.int64(FAR)
    at = 0
    previous = 0
    for j in range(n + 1):
        if j < n and tour[j] == place:
            return j, np.int64(-1)
        after = tour[j] if j < n else 0
        extra = (
            np.int64(distance[previous, place])
            + distance[place, after]
            - distance[previous, after]
        )
        if extra < best:
            best = extra
            at = j
        previous = after
    return at, best


@kernel
def _enter(tour, uses, n, place, at, steps):  # type: ignore[no-untyped-def]
    """Put a place into a tour as `_cheapest` said; return the new length."""
    if steps < 0:
        uses[at] += 1
        return n
    for j in range(n, at, -1):
        tour[j] = tour[j - 1]
        uses[j] = uses[j - 1]
    tour[at] = place
    uses[at] = 1
    return n + 1


@kernel
def _put_in(distance, needs, choice, batches, order, slot, n):  # type: ignore[no-untyped-def]
    """Make each pick of an order where that lengthens the tour of a slot least.

    Returns the length of the tour and what it grew by; -1 if nothing is left anywhere
    for some pick.
    """
    tour = batches.trial_tour[slot]
    uses = batches.trial_uses[slot]
    added = np.int64(0)
    for pick in range(needs.start[order], needs.start[order + 1]):
        wanted = needs.quantity[pick]
        best = np.int64(FAR)
        at = 0
        chosen = -1
        for k in range(needs.option_start[pick], needs.option_start[pick + 1]):
            location = needs.option[k]
            if choice.left[location] < wanted:
                continue
            where, steps = _cheapest(distance, tour, n, needs.place[location])
            if steps < best:
                best = steps
                at = where
                chosen = location
            if steps < 0:
                break
        if chosen < 0:
            for other in range(needs.start[order], pick):
                choice.left[choice.location[other]] += needs.quantity[other]
            return -1, added
        choice.location[pick] = chosen
        choice.left[chosen] -= wanted
        n = _enter(tour, uses, n, needs.place[chosen], at, best)
        added += max(best, np.int64(0))
    return n, added


@kernel
def _restore(needs, choice, batches, order, slot, placed):  # type: ignore[no-untyped-def]
    """Give an order the locations back that it had; ``placed``: it holds others."""
    first = needs.start[order]
    for pick in range(first, needs.start[order + 1]):
        if placed:
            choice.left[choice.location[pick]] += needs.quantity[pick]
        location = batches.before[slot, pick - first]
        choice.location[pick] = location
        choice.left[location] -= needs.quantity[pick]


@kernel
def _leave(batches, order, b):  # type: ignore[no-untyped-def]
    for k in range(batches.size[b]):
        if batches.member[b, k] == order:
            batches.size[b] -= 1
            batches.member[b, k] = batches.member[b, batches.size[b]]
            return


@kernel
def _join(batches, order, b):  # type: ignore[no-untyped-def]
    batches.member[b, batches.size[b]] = order
    batches.size[b] += 1
    batches.batch_of[order] = b


@kernel
def build(distance, needs, choice, batches):  # type: ignore[no-untyped-def]
    """Make the tours of the batches that ``batch_of`` names, where picks are now."""
    for order in range(len(batches.batch_of)):
        b = batches.batch_of[order]
        n = batches.length[b]
        for pick in range(needs.start[order], needs.start[order + 1]):
            place = needs.place[choice.location[pick]]
            at, steps = _cheapest(distance, batches.tour[b], n, place)
            n = _enter(batches.tour[b], batches.uses[b], n, place, at, steps)
            batches.cost[b] += max(steps, np.int64(0))
        batches.length[b] = n
        _join(batches, order, b)
    for b in range(len(batches.size)):
        n = batches.length[b]
        batches.trial_tour[0, :n] = batches.tour[b, :n]
        batches.trial_uses[0, :n] = batches.uses[b, :n]
        accept(distance, batches, b, 0, n, batches.cost[b])


@kernel
def nearest_orders(distance, needs, choice, near):  # type: ignore[no-untyped-def]
    """Fill near (orders, k) with the orders whose picks could be made closest by.

    Closeness of an order to another is the mean over the picks of the other of the
    steps to the nearest place where the one could make a pick of its own.
    """
    count, k = near.shape
    score = np.empty(k, np.float64)
    to_order = np.empty(distance.shape[0], np.int64)
    for a in range(count):
        for place in range(distance.shape[0]):
            to_order[place] = FAR
        for pick in range(needs.start[a], needs.start[a + 1]):
            for option in range(needs.option_start[pick], needs.option_start[pick + 1]):
                location = needs.option[option]
                if choice.location[pick] != location and choice.left[location] <= 0:
                    continue
                row = distance[needs.place[location]]
                for place in range(distance.shape[0]):
                    to_order[place] = min(to_order[place], np.int64(row[place]))
        filled = 0
        for b in range(count):
            first, last = needs.start[b], needs.start[b + 1]
            if b == a:
                continue
            there = np.int64(0)
            for pick in range(first, last):
                there += to_order[needs.place[choice.location[pick]]]
            value = there / (last - first)
            filled = enter_near(near[a], score, filled, b, value)
        near[a, filled:] = -1


@kernel
def _refused(delta, heat, random):  # type: ignore[no-untyped-def]
    """Whether a change of cost is turned down at some temperature."""
    if delta <= 0:
        return False
    chance = (random_below(random, 1 << 30) + 1) / (1 << 30)
    return delta > -heat * np.log(chance)


@kernel
def _choose_again(distance, needs, choice, batches, order, heat, random):  # type: ignore[no-untyped-def]
    """Take an order out of its batch and put it back, its picks choosing anew."""
    b = batches.batch_of[order]
    n, cost = _take_out(distance, needs, choice, batches, order, 0)
    n, added = _put_in(distance, needs, choice, batches, order, 0, n)
    cost += added
    if n < 0 or _refused(cost - batches.cost[b], heat, random):
        _restore(needs, choice, batches, order, 0, n >= 0)
        return
    accept(distance, batches, b, 0, n, cost)


@kernel
def _change_batch(  # type: ignore[no-untyped-def]
    distance, needs, choice, batches, order, b, leaver, heat, random
):
    """Move an order to batch b; who leaves b for it, if not -1, takes its place."""
    a = batches.batch_of[order]
    n_a, cost_a = _take_out(distance, needs, choice, batches, order, 0)
    if leaver >= 0:
        n_b, cost_b = _take_out(distance, needs, choice, batches, leaver, 1)
    else:
        n_b, cost_b = batches.length[b], batches.cost[b]
        batches.trial_tour[1, :n_b] = batches.tour[b, :n_b]
        batches.trial_uses[1, :n_b] = batches.uses[b, :n_b]
    n_b, added = _put_in(distance, needs, choice, batches, order, 1, n_b)
    cost_b += added
    if leaver >= 0 and n_b >= 0:
        n_a, added = _put_in(distance, needs, choice, batches, leaver, 0, n_a)
        cost_a += added
    delta = cost_a + cost_b - batches.cost[a] - batches.cost[b]
    if n_a < 0 or n_b < 0 or _refused(delta, heat, random):
        if leaver >= 0:
            _restore(needs, choice, batches, leaver, 1, n_b >= 0 and n_a >= 0)
        _restore(needs, choice, batches, order, 0, n_b >= 0)
        return
    _leave(batches, order, a)
    if leaver >= 0:
        _leave(batches, leaver, b)
        _join(batches, leaver, a)
    _join(batches, order, b)
    accept(distance, batches, a, 0, n_a, cost_a)
    accept(distance, batches, b, 1, n_b, cost_b)


@kernel
def anneal(distance, needs, choice, near, batches, moves, heat, random):  # type: ignore[no-untyped-def]
    """Move and swap orders between batches, or within one; their picks choose anew.

    Parameters
    ----------
    moves : int
        Moves to try.
    heat : float
        Temperature, in steps of travel.
    random : ndarray of uint64, shape (1,)
        State of the generator.
    """
    count, capacity = len(batches.batch_of), batches.member.shape[1]
    for _ in range(moves):
        order = random_below(random, count)
        a = batches.batch_of[order]
        other = near[order, random_below(random, near.shape[1])]
        b = batches.batch_of[other] if other >= 0 else a
        if random_below(random, 64) == 0:
            # Now and then open a new batch.
            b = random_below(random, len(batches.size))
            if batches.size[b] > 0:
                continue
        if a == b:
            _choose_again(distance, needs, choice, batches, order, heat, random)
            continue
        leaver = -1
        full = batches.size[b] == capacity
        if full or (batches.size[b] > 0 and random_below(random, 2) == 0):
            # Who leaves for ``order`` is one of its neighbour's companions.
            leaver = batches.member[b, random_below(random, batches.size[b])]
        _change_batch(distance, needs, choice, batches, order, b, leaver, heat, random)
