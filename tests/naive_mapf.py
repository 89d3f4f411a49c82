"""Slow, obvious versions of path finding for all robots at once."""

import heapq
from itertools import product

from warehouse.distances import UNREACHABLE


def joint_moves(successors, position):
    """All configurations that robots may be in one step later."""
    choices = [
        [vertex, *(after for after in successors[vertex].tolist() if after >= 0)]
        for vertex in position
    ]
    for after in product(*choices):
        if len(set(after)) < len(after):
            continue
        swaps = any(
            after[i] == position[j] and after[j] == position[i] != position[j]
            for i in range(len(after))
            for j in range(i)
        )
        if not swaps:
            yield after


def least_loss(successors, starts, goals):
    """Fewest robot-steps that begin or end away from the goals; None: no solution."""
    starts, goals = tuple(map(int, starts)), tuple(map(int, goals))
    cost = {starts: 0}
    heap = [(0, starts)]
    while heap:
        spent, position = heapq.heappop(heap)
        if position == goals:
            return spent
        if spent > cost[position]:
            continue
        for after in joint_moves(successors, position):
            away = [
                not (a == b == goal)
                for a, b, goal in zip(position, after, goals, strict=True)
            ]
            total = spent + sum(away)
            if total < cost.get(after, UNREACHABLE):
                cost[after] = total
                heapq.heappush(heap, (total, after))
    return None
