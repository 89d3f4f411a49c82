"""Numba kernels of allocation with batches: an annealed search over both at once.

An order moves between batches as in `solvers.batching.kernels`, but wherever it goes
each of its picks takes the location that lengthens that tour least, among those that
still hold enough. So lines move between locations while batches improve.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.batching.kernels import (
    NONE_FITS,
    Batches,
    Move,
    Trial,
    accept,
    draw_leaver,
    enter_near,
    keep_tour,
    load_order,
    mend,
    refused,
    settle_move,
)
from solvers.batching.problem import Loads
from solvers.batching.tour_kernels import cheapest_position, enter_place, tour_length
from solvers.kernel import kernel, lean_kernel
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


class State(NamedTuple):
    """All that the search reads and changes."""

    distance: NDArray[np.int32]  # (places + 1, places + 1)
    needs: Needs
    choice: Choice
    batches: Batches
    loads: Loads
    before: NDArray[np.int32]  # (2, most picks of an order): locations given up


@lean_kernel
def _take_out(state: State, order: int, slot: int) -> tuple[int, int]:
    """Put the order's tour without it into a slot; its units go back.

    Returns the length and the cost of that tour.
    """
    needs, choice, batches = state.needs, state.choice, state.batches
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
        state.before[slot, pick - first] = location
        choice.left[location] += needs.quantity[pick]
    return n, tour_length(state.distance, tour, n)


@lean_kernel
def _put_in(state: State, order: int, slot: int, n: int) -> tuple[int, np.int64]:
    """Make each pick of an order where that lengthens the tour of a slot least.

    Returns the length of the tour and what it grew by; -1 if nothing is left anywhere
    for some pick.
    """
    needs, choice = state.needs, state.choice
    tour = state.batches.trial_tour[slot]
    uses = state.batches.trial_uses[slot]
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
            where, steps = cheapest_position(
                state.distance, tour, n, needs.place[location]
            )
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
        n = enter_place(tour, uses, n, needs.place[chosen], at, best)
        added += max(best, np.int64(0))
    return n, added


@lean_kernel
def _restore(state: State, order: int, slot: int, placed: bool) -> None:
    """Give an order the locations back that it had; ``placed``: it holds others."""
    needs, choice = state.needs, state.choice
    first = needs.start[order]
    for pick in range(first, needs.start[order + 1]):
        if placed:
            choice.left[choice.location[pick]] += needs.quantity[pick]
        location = state.before[slot, pick - first]
        choice.location[pick] = location
        choice.left[location] -= needs.quantity[pick]


@lean_kernel
def build(state: State) -> None:
    """Make the tours of the batches that ``batch_of`` names, where picks are now."""
    needs, batches = state.needs, state.batches
    for order in range(len(batches.batch_of)):
        b = batches.batch_of[order]
        n = batches.length[b]
        for pick in range(needs.start[order], needs.start[order + 1]):
            place = needs.place[state.choice.location[pick]]
            at, steps = cheapest_position(state.distance, batches.tour[b], n, place)
            n = enter_place(batches.tour[b], batches.uses[b], n, place, at, steps)
            batches.cost[b] += max(steps, np.int64(0))
        batches.length[b] = n
        load_order(batches, state.loads.load, order, b)
    mend(state.distance, batches)


@kernel
def nearest_orders(state: State, near: NDArray[np.int32]) -> None:
    """Fill near (orders, k) with the orders whose picks could be made closest by.

    Closeness of an order to another is the mean over the picks of the other of the
    steps to the nearest place where the one could make a pick of its own.
    """
    distance, needs, choice = state.distance, state.needs, state.choice
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


@lean_kernel
def _choose_again(
    state: State, order: int, heat: float, random: NDArray[np.uint64]
) -> None:
    """Take an order out of its batch and put it back, its picks choosing anew."""
    batches = state.batches
    b = batches.batch_of[order]
    n, cost = _take_out(state, order, 0)
    n, added = _put_in(state, order, 0, n)
    cost += added
    if n < 0 or refused(cost - batches.cost[b], heat, random):
        _restore(state, order, 0, n >= 0)
        return
    accept(state.distance, batches, b, 0, n, cost)


@lean_kernel
def _change_batch(
    state: State, move: Move, heat: float, random: NDArray[np.uint64]
) -> None:
    """Move an order to another batch; who leaves that for it takes its place."""
    batches, order, leaver = state.batches, move.order, move.leaver
    n_a, cost_a = _take_out(state, order, 0)
    if leaver >= 0:
        n_b, cost_b = _take_out(state, leaver, 1)
    else:
        n_b, cost_b = keep_tour(batches, move.b, 1), batches.cost[move.b]
    n_b, added = _put_in(state, order, 1, n_b)
    cost_b += added
    if leaver >= 0 and n_b >= 0:
        n_a, added = _put_in(state, leaver, 0, n_a)
        cost_a += added
    delta = cost_a + cost_b - batches.cost[move.a] - batches.cost[move.b]
    if n_a < 0 or n_b < 0 or refused(delta, heat, random):
        if leaver >= 0:
            _restore(state, leaver, 1, n_b >= 0 and n_a >= 0)
        _restore(state, order, 0, n_b >= 0)
        return
    trial = Trial(n_a, cost_a, n_b, cost_b)
    settle_move(state.distance, batches, state.loads, move, trial)


@lean_kernel
def anneal(
    state: State,
    near: NDArray[np.int32],
    moves: int,
    heat: float,
    random: NDArray[np.uint64],
) -> None:
    """Move and swap orders between batches, or within one; their picks choose anew.

    Parameters
    ----------
    state : State
    near : ndarray of int32, shape (orders, k)
        Orders near each; -1 where fewer.
    moves : int
        Moves to try.
    heat : float
        Temperature, in steps of travel.
    random : ndarray of uint64, shape (1,)
        State of the generator.
    """
    batches, loads = state.batches, state.loads
    count = len(batches.batch_of)
    for _ in range(moves):
        order = random_below(random, count)
        a = np.int64(batches.batch_of[order])
        other = near[order, random_below(random, near.shape[1])]
        b = np.int64(batches.batch_of[other]) if other >= 0 else a
        if random_below(random, 64) == 0:
            # Now and then open a new batch.
            b = random_below(random, len(batches.size))
            if batches.size[b] > 0:
                continue
        if a == b:
            _choose_again(state, order, heat, random)
            continue
        leaver = draw_leaver(batches, loads, a, b, order, random)
        if leaver != NONE_FITS:
            _change_batch(state, Move(a, b, order, leaver), heat, random)
