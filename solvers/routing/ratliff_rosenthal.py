"""Exact tours in warehouses of parallel aisles, by a sweep over the aisles.

Ratliff and Rosenthal (1983, doi:10.1287/opre.31.3.507) for one block; with three
cross aisles this is the algorithm of Roodbergen and de Koster (2001,
doi:10.1080/00207540110028128); more cross aisles work the same way. Our one change:
an aisle is swept block by block, so that a block adds moves and does not multiply
them. Time grows linearly with aisles and picks, and about fivefold per cross aisle.
"""

import time
from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from solvers.result import Result, Status, Termination
from solvers.routing.aisle_states import WAYS, aisle_states
from solvers.routing.aisle_walk import walk_of_ways
from solvers.routing.parallel_aisles import AisleProblem, AisleTour
from warehouse.errors import SolverError

MOST_CROSS_AISLES: Final = 5


def solve_aisles(problem: AisleProblem) -> Result[AisleTour]:
    """Shortest tour through all picks, and the walk that has this length.

    Raises
    ------
    SolverError
        E330, if there are more than five cross aisles.

    Examples
    --------
    A pick at the far end of the depot's aisle: there and back.

    >>> problem = AisleProblem(
    ...     np.array([0.0, 3.0]), np.array([0.0, 10.0]),
    ...     np.array([0], np.int32), np.array([9.0]), 0, 0)
    >>> solve_aisles(problem).objective
    18.0
    """
    began = time.perf_counter()
    sweep = sweep_aisles(problem)
    tour = walk_of_ways(problem, sweep.ways, sweep.copies)
    return Result(
        tour,
        Status.OPTIMAL,
        Termination.PROVED,
        objective=tour.length,
        lower_bound=tour.length,
        runtime_s=time.perf_counter() - began,
        seed=0,
        solver="exact",
        statistics={"states": sweep.states, "length_of_sweep": sweep.length},
    )


class Sweep(NamedTuple):
    """Outcome of a sweep: what is done in each aisle, and between aisles.

    Parameters
    ----------
    length : float
    ways : ndarray of int32, shape (aisles, blocks)
        How each block of each aisle is served, as in `aisle_states`.
    copies : ndarray of int32, shape (aisles - 1, cross aisles)
        How often each cross aisle is walked between an aisle and the next.
    states : int
        States of the sweep.
    """

    length: float
    ways: NDArray[np.int32]
    copies: NDArray[np.int32]
    states: int


def sweep_aisles(problem: AisleProblem) -> Sweep:
    """Run the dynamic programme. O((aisles + picks) * moves)."""
    crosses, aisles = len(problem.cross_y), len(problem.aisle_x)
    if crosses > MOST_CROSS_AISLES:
        hint = f"need at most {MOST_CROSS_AISLES}, or a method on distances"
        raise SolverError("E330", f"exact got {crosses} cross aisles", hint)
    tables = aisle_states(crosses)
    by_place = np.lexsort((problem.pick_y, problem.pick_aisle))
    costs = np.empty((aisles, crosses - 1, WAYS), np.float64)
    _cost_of_ways(
        problem.pick_aisle[by_place], problem.pick_y[by_place], problem.cross_y, costs
    )
    value = np.empty((2, len(tables.states)), np.float64)
    moves = np.empty((aisles, crosses + 1, len(tables.states)), np.int32)
    ways = np.zeros((aisles, crosses - 1), np.int32)
    passed = np.zeros(max(aisles - 1, 0), np.int32)
    length = _sweep(
        costs,
        np.diff(problem.aisle_x),
        problem.depot_aisle,
        tables.at_depot[problem.depot_cross],
        tables.serve,
        tables.serve_start,
        tables.pass_on,
        tables.is_tour,
        value,
        moves,
        ways,
        passed,
    )
    return Sweep(
        length + 2 * problem.depot_leg if problem.picks else 0.0,
        ways,
        tables.pass_copies[passed],
        len(tables.states),
    )


@njit(cache=True)
def _cost_of_ways(aisle, y, cross_y, costs):  # type: ignore[no-untyped-def]
    """Length of each way to serve each block of each aisle.

    Picks are sorted by aisle, then y. Ways are numbered as in `aisle_states`.
    """
    pick = 0
    for a in range(costs.shape[0]):
        for block in range(costs.shape[1]):
            top, bottom = cross_y[block], cross_y[block + 1]
            first = pick
            widest = 0.0
            last_block = block == costs.shape[1] - 1
            while pick < len(y) and aisle[pick] == a:
                if y[pick] >= bottom and not last_block:
                    break
                if pick > first:
                    widest = max(widest, y[pick] - y[pick - 1])
                pick += 1
            cost = costs[a, block]
            cost[:] = np.inf
            cost[4] = bottom - top
            cost[5] = 2 * (bottom - top)
            if pick == first:
                cost[0] = 0.0
                continue
            cost[1] = 2 * (y[pick - 1] - top)
            cost[2] = 2 * (bottom - y[first])
            if pick - first > 1:
                cost[3] = 2 * (bottom - top - widest)


@njit(cache=True)
def _sweep(  # type: ignore[no-untyped-def]
    costs,
    aisle_gaps,
    depot_aisle,
    at_depot,
    serve,
    serve_start,
    pass_on,
    is_tour,
    value,
    moves,
    ways,
    passed,
):
    """Sweep from left to right, then read the decisions back from right to left.

    ``moves[a, stage, state]`` is the move that reached a state: stage 0 is the
    depot, stage 1 + b is block b, the last stage is the way to the next aisle.
    """
    aisles, blocks = costs.shape[0], costs.shape[1]
    now, new = value[0], value[1]
    now[:] = np.inf
    now[0] = 0.0
    for a in range(aisles):
        if a == depot_aisle:
            new[:] = np.inf
            for state in range(len(now)):
                target = at_depot[state]
                if target >= 0 and now[state] < new[target]:
                    new[target] = now[state]
                    moves[a, 0, target] = state
            now, new = new, now
        for b in range(blocks):
            new[:] = np.inf
            for m in range(serve_start[b], serve_start[b + 1]):
                length = now[serve[m, 0]] + costs[a, b, serve[m, 2]]
                if length < new[serve[m, 1]]:
                    new[serve[m, 1]] = length
                    moves[a, 1 + b, serve[m, 1]] = m
            now, new = new, now
        if a + 1 < aisles:
            new[:] = np.inf
            for m in range(len(pass_on)):
                length = now[pass_on[m, 0]] + aisle_gaps[a] * pass_on[m, 2]
                if length < new[pass_on[m, 1]]:
                    new[pass_on[m, 1]] = length
                    moves[a, 1 + blocks, pass_on[m, 1]] = m
            now, new = new, now
    best = -1
    for state in range(len(now)):
        if is_tour[state] and (best < 0 or now[state] < now[best]):
            best = state
    length = now[best]
    state = best
    for a in range(aisles - 1, -1, -1):
        if a + 1 < aisles:
            passed[a] = moves[a, 1 + blocks, state]
            state = pass_on[passed[a], 0]
        for b in range(blocks - 1, -1, -1):
            move = moves[a, 1 + b, state]
            ways[a, b] = serve[move, 2]
            state = serve[move, 0]
        if a == depot_aisle:
            state = moves[a, 0, state]
    return length
