"""Least sum of costs of a few turning robots, by a search over their joint states."""

import heapq
from itertools import combinations, count, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.naive_lifelong import turning_ways


def least_sum_of_costs_turning(
    successors: NDArray[np.int32], states: list[int], goals: list[int]
) -> int | None:
    """Least sum over robots of the step from which on each stays; None if unsolvable.

    Parameters
    ----------
    successors : ndarray of int, shape (vertices, 4)
    states : list of int
        Four times the vertex plus the heading of each robot, at first.
    goals : list of int
        Vertices.
    """
    robots = range(len(states))
    first = (tuple(states), (False,) * len(states))
    number, known = count(), {first: 0}
    heap: list[Any] = [(0, next(number), *first)]
    while heap:
        cost, _, at, stays = heapq.heappop(heap)
        if all(stays):
            return int(cost)
        if known[at, stays] < cost:
            continue
        for who in robots:  # who is at its goal may say that it stays from now on
            if not stays[who] and at[who] // 4 == goals[who]:
                after = (*stays[:who], True, *stays[who + 1 :])
                if cost < known.get((at, after), 10**9):
                    known[at, after] = cost
                    heapq.heappush(heap, (cost, next(number), at, after))
        options = [
            [at[r]] if stays[r] else turning_ways(successors, at[r]) for r in robots
        ]
        paid = cost + len(stays) - sum(stays)
        for to in product(*options):
            if _collide(at, to) or paid >= known.get((to, stays), 10**9):
                continue
            known[to, stays] = paid
            heapq.heappush(heap, (paid, next(number), to, stays))
    return None


def _collide(before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    """Whether two robots share a vertex after a step, or change places in it."""
    for a, b in combinations(range(len(before)), 2):
        if after[a] // 4 == after[b] // 4:
            return True
        swaps = after[a] // 4 == before[b] // 4 and after[b] // 4 == before[a] // 4
        if swaps and before[a] // 4 != after[a] // 4:
            return True
    return False
