"""Numba kernels of order batching: neighbours, savings, annealed local search.

Tours change by cheapest insertion and removal of the places of one order, which
costs about a microsecond, and are mended by Or-opt and 2-opt after each accepted
move. Clarke, Wright (1964), doi:10.1287/opre.12.4.568; Henn, Wäscher (2012),
doi:10.1016/j.ejor.2012.05.049 for relocate and swap of orders between batches.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel
from solvers.random_words import random_below


class Orders(NamedTuple):
    """Places of each order, as in `BatchingProblem`."""

    start: NDArray[np.int32]
    place: NDArray[np.int32]


class Batches(NamedTuple):
    """All tours; a place needed by several orders of a batch stands once."""

    tour: NDArray[np.int32]  # (batches, width): places in visiting order
    uses: NDArray[np.int32]  # (batches, width): orders that need the place
    length: NDArray[np.int32]  # (batches,)
    member: NDArray[np.int32]  # (batches, most orders)
    size: NDArray[np.int32]  # (batches,)
    filled: NDArray[np.int64]  # (batches, resources)
    cost: NDArray[np.int64]  # (batches,)
    batch_of: NDArray[np.int32]  # (orders,)
    trial_tour: NDArray[np.int32]  # (2, width): work space
    trial_uses: NDArray[np.int32]  # (2, width)


@kernel
def tour_length(
    distance: NDArray[np.int32], tour: NDArray[np.int32], n: int
) -> np.int64:
    """Steps of a closed tour through the first n places of an array."""
    steps = np.int64(0)
    before = 0
    for k in range(n):
        steps += distance[before, tour[k]]
        before = tour[k]
    return steps + distance[before, 0]


@kernel
def cheapest_position(
    distance: NDArray[np.int32], tour: NDArray[np.int32], n: int, place: int
) -> tuple[int, np.int64]:
    """Where a place lengthens a tour least, and by how many steps.

    Steps are -1 where the place is in the tour already, at that position.
    """
    best = np.int64(1) << 60
    at = 0
    before = 0
    for k in range(n + 1):
        if k < n and tour[k] == place:
            return k, np.int64(-1)
        after = tour[k] if k < n else 0
        extra = (
            np.int64(distance[before, place])
            + distance[place, after]
            - distance[before, after]
        )
        if extra < best:
            best = extra
            at = k
        before = after
    return at, best


@kernel
def enter_place(
    tour: NDArray[np.int32],
    uses: NDArray[np.int32],
    n: int,
    place: int,
    at: int,
    steps: int,
) -> int:
    """Put a place into a tour as `cheapest_position` said; return the new length."""
    if steps < 0:
        uses[at] += 1
        return n
    for k in range(n, at, -1):
        tour[k] = tour[k - 1]
        uses[k] = uses[k - 1]
    tour[at] = place
    uses[at] = 1
    return n + 1


@kernel
def _without(distance, orders, batches, order, tour, uses):  # type: ignore[no-untyped-def]
    """Copy the order's tour less the places only it needs; return length, cost."""
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


@kernel
def _insert(distance, orders, order, tour, uses, n):  # type: ignore[no-untyped-def]
    """Insert the places of an order where they lengthen the tour least."""
    added = np.int64(0)
    for j in range(orders.start[order], orders.start[order + 1]):
        place = orders.place[j]
        at, steps = cheapest_position(distance, tour, n, place)
        n = enter_place(tour, uses, n, place, at, steps)
        added += max(steps, np.int64(0))
    return n, added


@kernel
def _or_opt(distance, tour, uses, n):  # type: ignore[no-untyped-def]
    """Move single places and pairs to better positions; return the change."""
    change = np.int64(0)
    for width in range(1, 3):
        i = 0
        while i + width <= n:
            before = tour[i - 1] if i > 0 else 0
            first = tour[i]
            last = tour[i + width - 1]
            after = tour[i + width] if i + width < n else 0
            gain = (
                np.int64(distance[before, first])
                + distance[last, after]
                - distance[before, after]
            )
            best = np.int64(0)
            at = -1
            for k in range(n + 1):
                if i <= k <= i + width:
                    continue
                left = tour[k - 1] if k > 0 else 0
                right = tour[k] if k < n else 0
                extra = (
                    np.int64(distance[left, first])
                    + distance[last, right]
                    - distance[left, right]
                )
                if extra - gain < best:
                    best = extra - gain
                    at = k
            if at >= 0:
                change += best
                for _ in range(width):
                    if at > i:
                        place = tour[i]
                        use = uses[i]
                        for k in range(i, at - 1):
                            tour[k] = tour[k + 1]
                            uses[k] = uses[k + 1]
                        tour[at - 1] = place
                        uses[at - 1] = use
                    else:
                        place = tour[i + width - 1]
                        use = uses[i + width - 1]
                        for k in range(i + width - 1, at, -1):
                            tour[k] = tour[k - 1]
                            uses[k] = uses[k - 1]
                        tour[at] = place
                        uses[at] = use
            i += 1
    return change


@kernel
def _two_opt(distance, tour, uses, n):  # type: ignore[no-untyped-def]
    """Reverse stretches while that shortens the tour; exact if asymmetric too."""
    change = np.int64(0)
    improved = True
    while improved:
        improved = False
        for i in range(n - 1):
            before = tour[i - 1] if i > 0 else 0
            there = np.int64(0)
            back = np.int64(0)
            for j in range(i + 1, n):
                there += distance[tour[j - 1], tour[j]]
                back += distance[tour[j], tour[j - 1]]
                after = tour[j + 1] if j + 1 < n else 0
                delta = (
                    np.int64(distance[before, tour[j]])
                    + distance[tour[i], after]
                    + back
                    - distance[before, tour[i]]
                    - distance[tour[j], after]
                    - there
                )
                if delta < 0:
                    left = i
                    right = j
                    while left < right:
                        place, use = tour[left], uses[left]
                        tour[left], uses[left] = tour[right], uses[right]
                        tour[right], uses[right] = place, use
                        left += 1
                        right -= 1
                    change += delta
                    improved = True
                    break
    return change


@kernel
def accept(distance, batches, b, slot, n, cost):  # type: ignore[no-untyped-def]
    """Make a trial tour the tour of batch b, mended."""
    tour = batches.trial_tour[slot]
    uses = batches.trial_uses[slot]
    cost += _or_opt(distance, tour, uses, n)
    cost += _two_opt(distance, tour, uses, n)
    batches.tour[b, :n] = tour[:n]
    batches.uses[b, :n] = uses[:n]
    batches.length[b] = n
    batches.cost[b] = cost


@kernel
def mend(distance, batches):  # type: ignore[no-untyped-def]
    """Mend the tours of all batches."""
    for b in range(len(batches.size)):
        n = batches.length[b]
        batches.trial_tour[0, :n] = batches.tour[b, :n]
        batches.trial_uses[0, :n] = batches.uses[b, :n]
        accept(distance, batches, b, 0, n, batches.cost[b])


@kernel
def leave(batches, order, b):  # type: ignore[no-untyped-def]
    """Take an order off the members of a batch."""
    for k in range(batches.size[b]):
        if batches.member[b, k] == order:
            batches.size[b] -= 1
            batches.member[b, k] = batches.member[b, batches.size[b]]
            return


@kernel
def join(batches, order, b):  # type: ignore[no-untyped-def]
    """Make an order a member of a batch."""
    batches.member[b, batches.size[b]] = order
    batches.size[b] += 1
    batches.batch_of[order] = b


@kernel
def unload(batches, load, order, b):  # type: ignore[no-untyped-def]
    """Take an order and its load off a batch."""
    for r in range(load.shape[1]):
        batches.filled[b, r] -= load[order, r]
    leave(batches, order, b)


@kernel
def load_order(batches, load, order, b):  # type: ignore[no-untyped-def]
    """Put an order and its load into a batch."""
    for r in range(load.shape[1]):
        batches.filled[b, r] += load[order, r]
    join(batches, order, b)


@kernel
def refused(delta: int, heat: float, random: NDArray[np.uint64]) -> bool:
    """Whether simulated annealing turns down a change of cost at some temperature."""
    if delta <= 0:
        return False
    chance = (random_below(random, 1 << 30) + 1) / (1 << 30)
    return bool(delta > -heat * np.log(chance))


@kernel
def build(distance, orders, load, batches):  # type: ignore[no-untyped-def]
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


@kernel
def enter_near(near, score, filled, other, value):  # type: ignore[no-untyped-def]
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
def nearest_orders(distance, orders, near):  # type: ignore[no-untyped-def]
    """Fill near (orders, k) with the orders whose places lie closest, closest first.

    Closeness of two orders is the sum over the places of one of the steps to the
    nearest place of the other, both ways round, per place.
    """
    count, k = near.shape
    score = np.empty(k, np.float64)
    to_order = np.empty(distance.shape[0], np.int64)
    for a in range(count):
        first, last = orders.start[a], orders.start[a + 1]
        for place in range(distance.shape[0]):
            least = np.int64(1) << 40
            for i in range(first, last):
                d = np.int64(distance[place, orders.place[i]])
                if d < least:
                    least = d
            to_order[place] = least
        filled = 0
        for b in range(count):
            if b == a:
                continue
            there = np.int64(0)
            for j in range(orders.start[b], orders.start[b + 1]):
                there += to_order[orders.place[j]]
            size = orders.start[b + 1] - orders.start[b]
            value = there / size if size else 0.0
            filled = enter_near(near[a], score, filled, b, value)
        near[a, filled:] = -1


@kernel
def pair_savings(distance, orders, near, saving):  # type: ignore[no-untyped-def]
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
        cost += _or_opt(distance, tour, uses, n) + _two_opt(distance, tour, uses, n)
        alone[a] = cost
    for a in range(count):
        for j in range(k):
            b = near[a, j]
            if b < 0:
                saving[a, j] = 0
                continue
            n, cost = _insert(distance, orders, a, tour, uses, 0)
            n, added = _insert(distance, orders, b, tour, uses, n)
            cost += added + _or_opt(distance, tour, uses, n)
            cost += _two_opt(distance, tour, uses, n)
            saving[a, j] = alone[a] + alone[b] - cost


@kernel
def fits(batches, loads, b, order, leaver):  # type: ignore[no-untyped-def]
    """Whether batch b holds an order more, once another, or -1, has left."""
    for r in range(len(loads.capacity)):
        filled = batches.filled[b, r] + loads.load[order, r]
        if leaver >= 0:
            filled -= loads.load[leaver, r]
        if filled > loads.capacity[r]:
            return False
    return True


@kernel
def draw_move(batches, loads, near, random):  # type: ignore[no-untyped-def]
    """Draw an order that joins another batch, and who leaves that batch for it.

    Returns the batches, the order, and who leaves, or -1; the first batch is -1 where
    nothing came of it.
    """
    order = random_below(random, len(batches.batch_of))
    other = near[order, random_below(random, near.shape[1])]
    nothing = -1, -1, order, -1
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
    leaver = np.int64(-1)
    if batches.size[b] > 0 and (
        not fits(batches, loads, b, order, -1) or random_below(random, 2) == 0
    ):
        # Who leaves for ``order`` is one of its neighbour's companions.
        leaver = np.int64(batches.member[b, random_below(random, batches.size[b])])
        if not (
            fits(batches, loads, b, order, leaver)
            and fits(batches, loads, a, leaver, order)
        ):
            return nothing
    return a, b, order, leaver


@kernel
def try_move(distance, orders, batches, a, b, order, leaver):  # type: ignore[no-untyped-def]
    """Make the trial tours of a move; return the length and cost of each."""
    n_a, cost_a = _without(
        distance, orders, batches, order,
        batches.trial_tour[0], batches.trial_uses[0],
    )  # fmt: skip
    if leaver >= 0:
        n_b, cost_b = _without(
            distance, orders, batches, leaver,
            batches.trial_tour[1], batches.trial_uses[1],
        )  # fmt: skip
        n_a, added = _insert(
            distance, orders, leaver,
            batches.trial_tour[0], batches.trial_uses[0], n_a,
        )  # fmt: skip
        cost_a += added
    else:
        n_b, cost_b = batches.length[b], batches.cost[b]
        batches.trial_tour[1, :n_b] = batches.tour[b, :n_b]
        batches.trial_uses[1, :n_b] = batches.uses[b, :n_b]
    n_b, added = _insert(
        distance, orders, order, batches.trial_tour[1], batches.trial_uses[1], n_b
    )
    return n_a, cost_a, n_b, cost_b + added


@kernel
def settle_move(  # type: ignore[no-untyped-def]
    distance, batches, loads, a, b, order, leaver, n_a, cost_a, n_b, cost_b
):
    """Make the move whose trial tours were made."""
    unload(batches, loads.load, order, a)
    if leaver >= 0:
        unload(batches, loads.load, leaver, b)
        load_order(batches, loads.load, leaver, a)
    load_order(batches, loads.load, order, b)
    accept(distance, batches, a, 0, n_a, cost_a)
    accept(distance, batches, b, 1, n_b, cost_b)


@kernel
def anneal(  # type: ignore[no-untyped-def]
    distance, orders, near, batches, loads, moves, warm, cool, random
):
    """Relocate and swap orders between batches; accept worse ones while warm.

    Parameters
    ----------
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
        a, b, order, leaver = draw_move(batches, loads, near, random)
        if a < 0:
            continue
        n_a, cost_a, n_b, cost_b = try_move(
            distance, orders, batches, a, b, order, leaver
        )
        delta = cost_a + cost_b - batches.cost[a] - batches.cost[b]
        if refused(delta, temperature, random):
            continue
        settle_move(
            distance, batches, loads, a, b, order, leaver, n_a, cost_a, n_b, cost_b
        )
