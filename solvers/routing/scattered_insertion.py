"""Good tours through scattered storage: insert the cheapest place, ruin and recreate.

A place goes where the shortest tour through all places chosen so far grows least for
each unit that is still needed. With the sweep run from both ends that growth follows
from the aisle of the place alone. Then again and again the places of some aisles, or
of some articles, are given up and chosen anew (ruin and recreate: Schrimpf et al.,
2000, doi:10.1006/jcph.1999.6413).
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel
from solvers.routing.aisle_length import AisleFloor
from solvers.routing.aisle_states import WAYS
from solvers.routing.scattered_bound import sweep_back, sweep_forth
from solvers.routing.scattered_problem import ScatteredProblem

NOISE: Final = 0.3


class Stock(NamedTuple):
    """Places worth a visit, slot by slot (a block of an aisle) and from the top down.

    Parameters
    ----------
    number : ndarray of int64, shape (places,)
        The place in the problem.
    slot, article : ndarray of int32, shape (places,)
    y : ndarray of float64, shape (places,)
    quantity : ndarray of int64, shape (places,)
    slot_start : ndarray of int64, shape (slots + 1,)
    demand : ndarray of int64, shape (articles,)
    """

    number: NDArray[np.int64]
    slot: NDArray[np.int32]
    article: NDArray[np.int32]
    y: NDArray[np.float64]
    quantity: NDArray[np.int64]
    slot_start: NDArray[np.int64]
    demand: NDArray[np.int64]


class Choice(NamedTuple):
    """Which places are chosen, and what follows from it.

    Parameters
    ----------
    chosen : ndarray of bool, shape (places,)
    have : ndarray of int64, shape (articles,)
        Units of each article in the places chosen.
    costs : ndarray of float64, shape (aisles, blocks, ways)
        Length of each way to serve each slot.
    extended : ndarray of float64, shape (places, 3)
        Length of serving the slot of a place from the top, from the bottom and around
        the widest gap if this place is chosen too.
    so_far, to_go : ndarray of float64, shape (aisles, blocks + 2, states)
        As in `PricedSweep`, without prices.
    around : ndarray of float64, shape (slots, ways)
        Least length of a tour apart from a slot, for each way of serving that.
    """

    chosen: NDArray[np.bool_]
    have: NDArray[np.int64]
    costs: NDArray[np.float64]
    extended: NDArray[np.float64]
    so_far: NDArray[np.float64]
    to_go: NDArray[np.float64]
    around: NDArray[np.float64]


def stock_of(problem: ScatteredProblem) -> Stock:
    """Sort the places of all articles needed by aisle, block and height."""
    floor = problem.stock
    wanted = np.flatnonzero(problem.demand[problem.article] > 0)
    order = np.lexsort((floor.pick_y[wanted], floor.pick_aisle[wanted]))
    places = wanted[order]
    y = floor.pick_y[places]
    aisles, blocks = len(floor.aisle_x), len(floor.cross_y) - 1
    block = np.searchsorted(floor.cross_y[1:-1], y, side="right")
    slot = floor.pick_aisle[places].astype(np.int64) * blocks + block
    return Stock(
        places.astype(np.int64),
        slot.astype(np.int32),
        problem.article[places].astype(np.int32),
        y,
        problem.quantity[places].astype(np.int64),
        np.searchsorted(slot, np.arange(aisles * blocks + 1)).astype(np.int64),
        problem.demand.astype(np.int64),
    )


def no_choice(stock: Stock, floor: AisleFloor) -> Choice:
    """Nothing is chosen yet."""
    aisles, blocks = len(floor.aisle_x), len(floor.cross_y) - 1
    shape = (aisles, blocks + 2, len(floor.is_tour))
    costs = np.zeros((aisles, blocks, WAYS), np.float64)
    return Choice(
        np.zeros(len(stock.y), np.bool_),
        np.zeros(len(stock.demand), np.int64),
        costs,
        np.zeros((len(stock.y), 3), np.float64),
        np.zeros(shape, np.float64),
        np.zeros(shape, np.float64),
        np.zeros((aisles * blocks, WAYS), np.float64),
    )


@kernel
def cost_slot(stock, floor, choice, slot):  # type: ignore[no-untyped-def]
    """Renew what each way to serve a slot costs, now and with one place more."""
    blocks = choice.costs.shape[1]
    block = slot % blocks
    top, bottom = floor.cross_y[block], floor.cross_y[block + 1]
    costs = choice.costs[slot // blocks, block]
    first, last, widest, second = -1, -1, 0.0, 0.0
    for place in range(stock.slot_start[slot], stock.slot_start[slot + 1]):
        if choice.chosen[place]:
            if first < 0:
                first = place
            else:
                gap = stock.y[place] - stock.y[last]
                if gap > widest:
                    widest, second = gap, widest
                else:
                    second = max(second, gap)
            last = place
    costs[:] = np.inf
    costs[4] = bottom - top
    costs[5] = 2 * (bottom - top)
    if first < 0:
        costs[0] = 0.0
    else:
        costs[1] = 2 * (stock.y[last] - top)
        costs[2] = 2 * (bottom - stock.y[first])
        if last > first:
            costs[3] = 2 * (bottom - top - widest)
    before, behind = -1, first
    for place in range(stock.slot_start[slot], stock.slot_start[slot + 1]):
        y = stock.y[place]
        extended = choice.extended[place]
        extended[2] = np.inf
        if first < 0:
            extended[0], extended[1] = 2 * (y - top), 2 * (bottom - y)
            continue
        if place == behind:
            before = behind
            behind += 1
            while behind <= last and not choice.chosen[behind]:
                behind += 1
            if behind > last:
                behind = -1
        extended[0] = 2 * (max(y, stock.y[last]) - top)
        extended[1] = 2 * (bottom - min(y, stock.y[first]))
        if before < 0:
            gap = max(widest, stock.y[first] - y)
        elif behind < 0:
            gap = max(widest, y - stock.y[last])
        else:
            split = stock.y[behind] - stock.y[before]
            gap = second if split == widest else widest
            gap = max(gap, y - stock.y[before], stock.y[behind] - y)
        extended[2] = 2 * (bottom - top - gap)


@kernel
def sweep_around(floor, choice):  # type: ignore[no-untyped-def]
    """Sweep from both ends; returns the length of the best tour."""
    blocks = choice.costs.shape[1]
    length = sweep_back(floor, choice.costs, choice.to_go)
    sweep_forth(floor, choice.costs, choice.so_far)
    choice.around[:] = np.inf
    for slot in range(choice.around.shape[0]):
        aisle, block = slot // blocks, slot % blocks
        around = choice.around[slot]
        for move in range(floor.serve_start[block], floor.serve_start[block + 1]):
            way = floor.serve[move, 2]
            apart = choice.so_far[aisle, block + 1, floor.serve[move, 0]]
            apart += choice.to_go[aisle, block + 2, floor.serve[move, 1]]
            around[way] = min(around[way], apart)
    return length


@kernel
def length_with(stock, choice, place):  # type: ignore[no-untyped-def]
    """Length of the best tour if a place is chosen too; after `sweep_around`."""
    slot = stock.slot[place]
    blocks = choice.costs.shape[1]
    costs = choice.costs[slot // blocks, slot % blocks]
    around, extended = choice.around[slot], choice.extended[place]
    length = min(around[4] + costs[4], around[5] + costs[5])
    length = min(length, around[1] + extended[0], around[2] + extended[1])
    return min(length, around[3] + extended[2])


@kernel
def fill(stock, floor, choice, worth, noise, random):  # type: ignore[no-untyped-def]
    """Choose the cheapest place until nothing lacks; returns the tour's length."""
    length = sweep_around(floor, choice)
    while True:
        best, best_score, best_length = -1, np.inf, np.inf
        for place in range(stock.y.shape[0]):
            article = stock.article[place]
            lacking = stock.demand[article] - choice.have[article]
            if lacking <= 0 or choice.chosen[place]:
                continue
            longer = length_with(stock, choice, place)
            gain = min(lacking, stock.quantity[place]) * worth[article]
            score = (longer - length + 1e-3) / gain
            if noise > 0:
                score *= 1 + noise * draw_below(random, 1024) / 1024
            if score < best_score:
                best, best_score, best_length = place, score, longer
        if best < 0:
            return length
        choice.chosen[best] = True
        choice.have[stock.article[best]] += stock.quantity[best]
        cost_slot(stock, floor, choice, stock.slot[best])
        if best_length > length + 1e-9:
            length = sweep_around(floor, choice)


@kernel
def give_up_spare(stock, floor, choice, random):  # type: ignore[no-untyped-def]
    """Give up places whose units are not needed, from a random one on."""
    places = stock.y.shape[0]
    begin = draw_below(random, places)
    for step in range(places):
        place = (begin + step) % places
        article = stock.article[place]
        spare = choice.have[article] - stock.demand[article]
        if choice.chosen[place] and stock.quantity[place] <= spare:
            choice.chosen[place] = False
            choice.have[article] -= stock.quantity[place]
            cost_slot(stock, floor, choice, stock.slot[place])


@kernel
def draw_below(random, below):  # type: ignore[no-untyped-def]
    """Random whole number from 0 to below - 1 (xorshift, Marsaglia 2003)."""
    x = random[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    random[0] = x
    return np.int64((x >> np.uint64(11)) % np.uint64(below))


@kernel
def _ruin(stock, floor, choice, random):  # type: ignore[no-untyped-def]
    """Give up the places of up to four articles, or of aisles near each other."""
    places = stock.y.shape[0]
    blocks = choice.costs.shape[1]
    by_aisle = draw_below(random, 2) == 0
    rounds = 1 + draw_below(random, 4)
    for _ in range(rounds):
        # A chosen place at random names the aisle or the article.
        seed = draw_below(random, places)
        while not choice.chosen[seed]:
            seed = (seed + 1) % places
            if draw_below(random, 4 * places) == 0:
                break
        for place in range(places):
            if by_aisle:
                hit = stock.slot[place] // blocks == stock.slot[seed] // blocks
            else:
                hit = stock.article[place] == stock.article[seed]
            if hit and choice.chosen[place]:
                choice.chosen[place] = False
                choice.have[stock.article[place]] -= stock.quantity[place]
                cost_slot(stock, floor, choice, stock.slot[place])


@kernel
def ruin_and_recreate(  # type: ignore[no-untyped-def]
    stock, floor, choice, worth, best_chosen, best_length, rounds, patience, random
):
    """Improve a choice; the best one met is kept in ``best_chosen``.

    Parameters
    ----------
    stock, floor, choice
        ``choice`` is where to start; where nothing is chosen, it is filled first.
    worth : ndarray of float64, shape (articles,)
        Above 0: what a unit of each article is worth; with 1 everywhere the growth
        is counted for each unit.
    best_chosen : ndarray of bool, shape (places,), written
    best_length : float
        Length of the tour through ``best_chosen``; inf if there is none yet.
    rounds, patience : int
        Rounds at most, and rounds in vain after which to stop.
    random : ndarray of uint64, shape (1,), written
        Any value but 0.

    Returns
    -------
    float
        Length of the tour through ``best_chosen``, the depot's leg aside.
    """
    now_chosen = choice.chosen.copy()
    now_length = best_length
    in_vain = 0
    for number in range(rounds):
        if number > 0:
            _ruin(stock, floor, choice, random)
        else:
            for slot in range(stock.slot_start.shape[0] - 1):
                cost_slot(stock, floor, choice, slot)
        fill(stock, floor, choice, worth, NOISE if number > 0 else 0.0, random)
        give_up_spare(stock, floor, choice, random)
        length = sweep_back(floor, choice.costs, choice.to_go)
        in_vain += 1
        if length < best_length - 1e-9:
            best_length = length
            best_chosen[:] = choice.chosen
            in_vain = 0
        if length <= now_length * 1.005 + 1e-9:
            now_length = length
            now_chosen[:] = choice.chosen
        else:
            _go_back(stock, floor, choice, now_chosen)
        if in_vain >= patience:
            break
    return best_length


@kernel
def _go_back(stock, floor, choice, chosen):  # type: ignore[no-untyped-def]
    """Make ``chosen`` the choice again, slot by slot where it differs."""
    for slot in range(stock.slot_start.shape[0] - 1):
        differs = False
        for place in range(stock.slot_start[slot], stock.slot_start[slot + 1]):
            if chosen[place] != choice.chosen[place]:
                units = stock.quantity[place]
                choice.have[stock.article[place]] += units if chosen[place] else -units
                choice.chosen[place] = chosen[place]
                differs = True
        if differs:
            cost_slot(stock, floor, choice, slot)
