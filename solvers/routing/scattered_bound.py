"""Lower bound for scattered storage: prices on the articles instead of the demand.

Pay a price for each needed unit that a reach brings, and the demand may be dropped:
what remains is the sweep of `ratliff_rosenthal` with the cheapest reach of each way.
Every choice of prices gives a lower bound (Lagrange; here its best equals that of the
linear relaxation). The prices climb by subgradients with Polyak's step (1969,
doi:10.1016/0041-5553(69)90061-5).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel
from solvers.routing.aisle_length import AisleFloor
from solvers.routing.aisle_states import WAYS
from solvers.routing.scattered_reaches import Reaches


class PricedSweep(NamedTuple):
    """What a sweep with prices knows; written by `sweep_with_prices`.

    Parameters
    ----------
    reduced : ndarray of float64, shape (reaches,)
        Length of a reach less the prices of what it brings.
    cheapest : ndarray of float64, shape (aisles, blocks, ways)
        Least reduced length of a way; inf if none is left.
    reach_of : ndarray of int32, shape (aisles, blocks, ways)
        The reach that has it.
    so_far, to_go : ndarray of float64, shape (aisles, blocks + 2, states)
        Least reduced length of a tour's part up to, and from, a point of the sweep:
        before the depot, before each block, after the last.
    """

    reduced: NDArray[np.float64]
    cheapest: NDArray[np.float64]
    reach_of: NDArray[np.int32]
    so_far: NDArray[np.float64]
    to_go: NDArray[np.float64]


def priced_sweep(floor: AisleFloor, reaches: Reaches) -> PricedSweep:
    """Room for a sweep with prices."""
    aisles, blocks = len(floor.aisle_x), len(floor.cross_y) - 1
    shape = (aisles, blocks + 2, len(floor.is_tour))
    return PricedSweep(
        np.zeros(len(reaches.way), np.float64),
        np.zeros((aisles, blocks, WAYS), np.float64),
        np.zeros((aisles, blocks, WAYS), np.int32),
        np.zeros(shape, np.float64),
        np.zeros(shape, np.float64),
    )


@kernel
def reduce_lengths(price, reaches, alive, sweep):  # type: ignore[no-untyped-def]
    """Reduced length of every reach, and the cheapest of those alive by way."""
    blocks = sweep.cheapest.shape[1]
    sweep.cheapest[:] = np.inf
    for slot in range(reaches.start.shape[0] - 1):
        cheapest = sweep.cheapest[slot // blocks, slot % blocks]
        reach_of = sweep.reach_of[slot // blocks, slot % blocks]
        for reach in range(reaches.start[slot], reaches.start[slot + 1]):
            base = reaches.base[reach]
            value = reaches.length[reach]
            if base >= 0:
                value += sweep.reduced[base] - reaches.length[base]
            for gain in range(reaches.gain_start[reach], reaches.gain_start[reach + 1]):
                article = reaches.gain_article[gain]
                value -= price[article] * reaches.gain_amount[gain]
            sweep.reduced[reach] = value
            way = reaches.way[reach]
            if alive[reach] and value < cheapest[way]:
                cheapest[way] = value
                reach_of[way] = reach


@kernel
def sweep_back(floor, cheapest, to_go):  # type: ignore[no-untyped-def]
    """Fill ``to_go`` from right to left; returns the length of the best tour."""
    aisles, blocks = cheapest.shape[0], cheapest.shape[1]
    to_go[:] = np.inf
    for aisle in range(aisles - 1, -1, -1):
        value = to_go[aisle]
        after = 1 + blocks
        if aisle == aisles - 1:
            for state in range(value.shape[1]):
                if floor.is_tour[state]:
                    value[after, state] = 0.0
        else:
            gap = floor.aisle_x[aisle + 1] - floor.aisle_x[aisle]
            for move in range(floor.pass_on.shape[0]):
                source, target = floor.pass_on[move, 0], floor.pass_on[move, 1]
                length = gap * floor.pass_on[move, 2] + to_go[aisle + 1, 0, target]
                value[after, source] = min(value[after, source], length)
        for block in range(blocks - 1, -1, -1):
            for move in range(floor.serve_start[block], floor.serve_start[block + 1]):
                source, target = floor.serve[move, 0], floor.serve[move, 1]
                length = cheapest[aisle, block, floor.serve[move, 2]]
                length += value[block + 2, target]
                value[block + 1, source] = min(value[block + 1, source], length)
        for state in range(value.shape[1]):
            target = floor.at_depot[state] if aisle == floor.depot_aisle else state
            if target >= 0:
                value[0, state] = value[1, target]
    return to_go[0, 0, 0]


@kernel
def sweep_forth(floor, cheapest, so_far):  # type: ignore[no-untyped-def]
    """Fill ``so_far`` from left to right."""
    aisles, blocks = cheapest.shape[0], cheapest.shape[1]
    so_far[:] = np.inf
    so_far[0, 0, 0] = 0.0
    for aisle in range(aisles):
        value = so_far[aisle]
        for state in range(value.shape[1]):
            target = floor.at_depot[state] if aisle == floor.depot_aisle else state
            if target >= 0:
                value[1, target] = min(value[1, target], value[0, state])
        for block in range(blocks):
            for move in range(floor.serve_start[block], floor.serve_start[block + 1]):
                source, target = floor.serve[move, 0], floor.serve[move, 1]
                length = cheapest[aisle, block, floor.serve[move, 2]]
                length += value[block + 1, source]
                value[block + 2, target] = min(value[block + 2, target], length)
        if aisle + 1 < aisles:
            gap = floor.aisle_x[aisle + 1] - floor.aisle_x[aisle]
            for move in range(floor.pass_on.shape[0]):
                source, target = floor.pass_on[move, 0], floor.pass_on[move, 1]
                length = value[1 + blocks, source] + gap * floor.pass_on[move, 2]
                so_far[aisle + 1, 0, target] = min(so_far[aisle + 1, 0, target], length)


@kernel
def _count_brought(floor, reaches, sweep, brought):  # type: ignore[no-untyped-def]
    """What the tour of the last `sweep_back` brings of each article."""
    aisles, blocks = sweep.cheapest.shape[0], sweep.cheapest.shape[1]
    brought[:] = 0.0
    state = 0
    for aisle in range(aisles):
        if aisle == floor.depot_aisle:
            state = floor.at_depot[state]
        value = sweep.to_go[aisle]
        for block in range(blocks):
            best, best_move = np.inf, -1
            for move in range(floor.serve_start[block], floor.serve_start[block + 1]):
                if floor.serve[move, 0] == state:
                    length = sweep.cheapest[aisle, block, floor.serve[move, 2]]
                    length += value[block + 2, floor.serve[move, 1]]
                    if length < best:
                        best, best_move = length, move
            reach = sweep.reach_of[aisle, block, floor.serve[best_move, 2]]
            state = floor.serve[best_move, 1]
            while reach >= 0:
                for gain in range(
                    reaches.gain_start[reach], reaches.gain_start[reach + 1]
                ):
                    brought[reaches.gain_article[gain]] += reaches.gain_amount[gain]
                reach = reaches.base[reach]
        if aisle + 1 < aisles:
            gap = floor.aisle_x[aisle + 1] - floor.aisle_x[aisle]
            best, best_move = np.inf, -1
            for move in range(floor.pass_on.shape[0]):
                if floor.pass_on[move, 0] == state:
                    length = gap * floor.pass_on[move, 2]
                    length += sweep.to_go[aisle + 1, 0, floor.pass_on[move, 1]]
                    if length < best:
                        best, best_move = length, move
            state = floor.pass_on[best_move, 1]


@kernel
def climb(  # type: ignore[no-untyped-def]
    floor, reaches, alive, demand, target, steps, price, best_price, sweep, brought
):
    """Raise the bound by steps along the unmet demand.

    Parameters
    ----------
    floor, reaches, sweep
        As made by `aisle_floor`, `reaches_of` and `priced_sweep`.
    alive : ndarray of bool, shape (reaches,)
    demand : ndarray of float64, shape (articles,)
    target : float
        Length of a known tour, the depot's leg aside: sets the size of the steps.
    steps : int
    price, best_price : ndarray of float64, shape (articles,), written
        Where the climb starts and ends, and where the bound was highest.
    brought : ndarray of float64, shape (articles,), written

    Returns
    -------
    float
        The highest bound, the depot's leg aside; inf if no tour is left.
    """
    highest = -np.inf
    factor = 1.0
    in_vain = 0
    for _ in range(steps):
        reduce_lengths(price, reaches, alive, sweep)
        bound = sweep_back(floor, sweep.cheapest, sweep.to_go)
        if bound == np.inf:
            return np.inf
        for article in range(price.shape[0]):
            bound += price[article] * demand[article]
        if bound > highest + 1e-6 * abs(highest):
            in_vain = 0
        else:
            in_vain += 1
        if bound > highest:
            highest = bound
            best_price[:] = price
        if in_vain >= 12:
            factor *= 0.6
            in_vain = 0
            price[:] = best_price
            if factor < 0.005:
                break
            continue
        _count_brought(floor, reaches, sweep, brought)
        norm = 0.0
        for article in range(price.shape[0]):
            lacking = demand[article] - brought[article]
            if lacking > 0 or price[article] > 0:
                norm += lacking * lacking
        if norm == 0.0:
            break
        step = factor * max(target - bound, 1e-3 * abs(target)) / norm
        for article in range(price.shape[0]):
            lacking = demand[article] - brought[article]
            price[article] = max(0.0, price[article] + step * lacking)
    price[:] = best_price
    reduce_lengths(price, reaches, alive, sweep)
    sweep_back(floor, sweep.cheapest, sweep.to_go)
    return highest


@kernel
def bury(floor, reaches, alive, constant, ceiling, sweep):  # type: ignore[no-untyped-def]
    """Drop every reach with which no tour of length up to ``ceiling`` is left.

    ``constant`` is the worth of the whole demand. Returns how many stay alive.
    """
    blocks = sweep.cheapest.shape[1]
    sweep_forth(floor, sweep.cheapest, sweep.so_far)
    around = np.empty(6, np.float64)
    left = 0
    for slot in range(reaches.start.shape[0] - 1):
        aisle, block = slot // blocks, slot % blocks
        around[:] = np.inf
        for move in range(floor.serve_start[block], floor.serve_start[block + 1]):
            way = floor.serve[move, 2]
            length = sweep.so_far[aisle, block + 1, floor.serve[move, 0]]
            length += sweep.to_go[aisle, block + 2, floor.serve[move, 1]]
            around[way] = min(around[way], length)
        for reach in range(reaches.start[slot], reaches.start[slot + 1]):
            if alive[reach]:
                length = constant + around[reaches.way[reach]] + sweep.reduced[reach]
                alive[reach] = length <= ceiling
                left += alive[reach]
    return left
