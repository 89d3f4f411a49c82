"""From the edges of an aisle tour to the walk along them and the order of picks."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from solvers.routing.aisle_states import AROUND_GAP, FROM_BOTTOM, FROM_TOP, ONCE, SKIP
from solvers.routing.parallel_aisles import AisleProblem, AisleTour


def walk_of_ways(
    problem: AisleProblem, ways: NDArray[np.int32], copies: NDArray[np.int32]
) -> AisleTour:
    """Closed walk from the depot along the edges that a sweep chose.

    The edges form a connected graph with even degrees, so a walk that uses each
    exactly once exists (Euler); it is found by Hierholzer's algorithm.

    Parameters
    ----------
    problem : AisleProblem
    ways : ndarray of int32, shape (aisles, blocks)
        How each block is served, as numbered in `aisle_states`.
    copies : ndarray of int32, shape (aisles - 1, cross aisles)
        How often each cross aisle is walked between an aisle and the next.
    """
    crosses = len(problem.cross_y)
    edges = _cross_aisle_edges(copies) + _aisle_edges(problem, ways)
    neighbours: dict[int, list[int]] = {}
    for a, b in edges:
        neighbours.setdefault(a, []).append(b)
        neighbours.setdefault(b, []).append(a)
    depot = problem.depot_aisle * crosses + problem.depot_cross
    nodes = _euler_walk(neighbours, depot)
    first_pick = len(problem.aisle_x) * crosses
    order = dict.fromkeys(n - first_pick for n in nodes if n >= first_pick)
    points = [_point(problem, node) for node in nodes]
    return AisleTour.of_walk(problem, list(order), points)


def _point(problem: AisleProblem, node: int) -> tuple[float, float]:
    """Place of a node: crossings first (aisle by aisle), then picks."""
    crosses = len(problem.cross_y)
    pick = node - len(problem.aisle_x) * crosses
    if pick >= 0:
        x = problem.aisle_x[problem.pick_aisle[pick]]
        return float(x), float(problem.pick_y[pick])
    aisle, cross = divmod(node, crosses)
    return float(problem.aisle_x[aisle]), float(problem.cross_y[cross])


def _cross_aisle_edges(copies: NDArray[np.int32]) -> list[tuple[int, int]]:
    crosses = copies.shape[1]
    return [
        (aisle * crosses + cross, (aisle + 1) * crosses + cross)
        for aisle, row in enumerate(copies.tolist())
        for cross, count in enumerate(row)
        for _ in range(count)
    ]


def _aisle_edges(
    problem: AisleProblem, ways: NDArray[np.int32]
) -> list[tuple[int, int]]:
    """Edges within aisles: along the chain crossing, picks by y, next crossing."""
    crosses = len(problem.cross_y)
    first_pick = len(problem.aisle_x) * crosses
    block = np.searchsorted(problem.cross_y[1:-1], problem.pick_y, side="right")
    picks: dict[tuple[int, int], list[int]] = {}
    for pick in np.lexsort((problem.pick_y, problem.pick_aisle)).tolist():
        place = (int(problem.pick_aisle[pick]), int(block[pick]))
        picks.setdefault(place, []).append(first_pick + pick)
    edges = []
    for (aisle, b), way in np.ndenumerate(ways):
        if way == SKIP:
            continue
        top = aisle * crosses + b
        chain = [top, *picks.get((aisle, b), []), top + 1]
        links = list(pairwise(chain))
        if way == FROM_TOP:
            links.pop()
        elif way == FROM_BOTTOM:
            links.pop(0)
        elif way == AROUND_GAP:
            y = problem.pick_y[np.array(chain[1:-1]) - first_pick]
            links.pop(1 + int(np.argmax(np.diff(y))))
        edges += links if way == ONCE else links + links
    return edges


def _euler_walk(neighbours: dict[int, list[int]], start: int) -> list[int]:
    """Closed walk from a node that uses every edge once (Hierholzer)."""
    walk = []
    stack = [start]
    while stack:
        node = stack[-1]
        if neighbours.get(node):
            target = neighbours[node].pop()
            neighbours[target].remove(node)
            stack.append(target)
        else:
            walk.append(stack.pop())
    return walk
