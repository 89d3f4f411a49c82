"""Slow, obvious versions of what `solvers.routing` computes, to hold it against."""

from itertools import pairwise, permutations, product

import numpy as np


def path_length(dist, path):
    return sum(int(dist[a][b]) for a, b in pairwise(path))


def shortest_path_length(dist, nodes, start, end):
    """Try every order."""
    return min(path_length(dist, [start, *order, end]) for order in permutations(nodes))


def best_stands_length(dist, candidates, order, start, end):
    """Try every choice of a place for each stop of a fixed order."""
    choices = [[place for place in candidates[stop] if place >= 0] for stop in order]
    return min(path_length(dist, [start, *places, end]) for places in product(*choices))


def aisle_distances(problem):
    """Floyd and Warshall on the graph of crossings and picks; index 0 is the depot."""
    crosses, aisles = len(problem.cross_y), len(problem.aisle_x)
    crossings = aisles * crosses
    places = [
        (aisle, float(y)) for aisle in range(aisles) for y in problem.cross_y.tolist()
    ]
    places += zip(problem.pick_aisle.tolist(), problem.pick_y.tolist(), strict=True)
    dist = np.full((len(places), len(places)), np.inf)
    np.fill_diagonal(dist, 0.0)
    for i, (a, y) in enumerate(places):
        for j, (b, z) in enumerate(places):
            if a == b:
                dist[i, j] = abs(y - z)
            elif i < crossings and j < crossings and y == z:
                dist[i, j] = abs(problem.aisle_x[a] - problem.aisle_x[b])
    for via in range(len(places)):
        dist = np.minimum(dist, dist[:, via : via + 1] + dist[via : via + 1, :])
    depot = problem.depot_aisle * crosses + problem.depot_cross
    kept = [depot, *range(crossings, len(places))]
    matrix = dist[np.ix_(kept, kept)]
    matrix[0, 1:] += problem.depot_leg
    matrix[1:, 0] += problem.depot_leg
    return matrix


def shortest_tour_length(dist):
    """Held and Karp with a dict, over float distances; index 0 is the depot."""
    nodes = range(1, len(dist))
    if not nodes:
        return 0.0
    best = {(frozenset([c]), c): dist[0, c] for c in nodes}
    for _ in nodes[1:]:
        longer = {}
        for (seen, last), length in best.items():
            for c in nodes:
                if c not in seen:
                    key = (seen | {c}, c)
                    option = length + dist[last, c]
                    longer[key] = min(longer.get(key, np.inf), option)
        best = longer
    return min(length + dist[last, 0] for (_, last), length in best.items())


def walk_faults(problem, tour):
    """What is wrong with the walk of an aisle tour; empty if nothing."""
    faults = []
    depot = (
        problem.aisle_x[problem.depot_aisle],
        problem.cross_y[problem.depot_cross],
    )
    walk = [tuple(point) for point in tour.walk.tolist()]
    if walk[0] != depot or walk[-1] != depot:
        faults.append("does not begin and end at the depot")
    passed = set()
    for (x, y), (u, v) in pairwise(walk):
        if x != u and not (y == v and y in problem.cross_y):
            faults.append(f"leaves the floor from {x}, {y} to {u}, {v}")
        if x == u and x not in problem.aisle_x:
            faults.append(f"walks where no aisle is, at {x}")
        for pick in range(problem.picks):
            at = problem.pick_y[pick]
            here = problem.aisle_x[problem.pick_aisle[pick]] == x == u
            # A pick on a crossing is passed along the cross aisle, too.
            pick_x = problem.aisle_x[problem.pick_aisle[pick]]
            along = y == v == at and min(x, u) <= pick_x <= max(x, u)
            if along or (here and min(y, v) <= at <= max(y, v)):
                passed.add(pick)
    missed = set(range(problem.picks)) - passed
    if any(
        (problem.aisle_x[problem.pick_aisle[p]], problem.pick_y[p]) != depot
        for p in missed
    ):
        faults.append(f"misses picks {sorted(missed)}")
    if sorted(tour.order.tolist()) != list(range(problem.picks)):
        faults.append(f"order {tour.order.tolist()}")
    length = sum(abs(x - u) + abs(y - v) for (x, y), (u, v) in pairwise(walk))
    length += 2 * problem.depot_leg if problem.picks else 0.0
    if abs(length - tour.length) > 1e-9:
        faults.append(f"is {length} long, not {tour.length}")
    return faults
