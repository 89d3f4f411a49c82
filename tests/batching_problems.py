"""Small batching problems, and slow, obvious answers to them."""

import itertools

import numpy as np
from hypothesis import strategies as st

from solvers.batching.problem import BatchingProblem
from solvers.routing.parallel_aisles import AisleProblem
from tests.naive import partitions
from tests.naive_routing import aisle_distances, shortest_tour_length


def aisle_batching(seed, orders, aisles, *, blocks=1, resources=1, most_places=3):
    """Orders with random places in parallel aisles, and random loads."""
    rng = np.random.default_rng(seed)
    picks = 3 * aisles
    floor = AisleProblem(
        np.cumsum(rng.integers(1, 5, aisles)).astype(np.float64),
        np.linspace(0.0, 8.0 * blocks, blocks + 1),
        rng.integers(0, aisles, picks).astype(np.int32),
        rng.integers(0, 16 * blocks + 1, picks) / 2.0,
        int(rng.integers(0, aisles)),
        int(rng.choice([0, blocks])),
        float(rng.integers(0, 2)),
    )
    wanted = [
        np.sort(rng.permutation(picks)[: rng.integers(0, most_places + 1)]) + 1
        for _ in range(orders)
    ]
    return BatchingProblem(
        floor,
        np.cumsum([0, *map(len, wanted)]),
        np.concatenate([np.zeros(0, int), *wanted]).astype(int),
        rng.integers(3, 9, resources),
        rng.integers(0, 4, (orders, resources)),
    )


@st.composite
def aisle_batchings(draw, most_orders=6):
    return aisle_batching(
        draw(st.integers(0, 2**32)),
        draw(st.integers(0, most_orders)),
        draw(st.integers(1, 4)),
        blocks=draw(st.integers(1, 2)),
        resources=draw(st.integers(1, 2)),
    )


def naive_cost(problem, orders):
    """Length of the tour of some orders, over all of a distance matrix."""
    distance = problem.floor
    if isinstance(distance, AisleProblem):
        distance = aisle_distances(distance)
    places = sorted({int(p) for order in orders for p in problem.places_of(order)})
    nodes = [0, *places]
    return shortest_tour_length(distance[np.ix_(nodes, nodes)].astype(float))


def least_cost(problem):
    """Try every way to batch; inf if there is none."""
    least = np.inf
    known = {}
    for batches in partitions(list(range(problem.orders)), problem.orders):
        total = 0.0
        for batch in batches:
            if (problem.load[batch].sum(axis=0) > problem.capacity).any():
                total = np.inf
                break
            key = tuple(sorted(batch))
            if key not in known:
                known[key] = naive_cost(problem, key)
            total += known[key]
        least = min(least, total)
    return least


def faults_of(problem, batches):
    """What is wrong with a batching; empty if nothing."""
    faults = []
    carried = sorted(order for batch in batches for order in batch.orders)
    if carried != list(range(problem.orders)):
        faults.append(f"carries {carried}")
    for batch in batches:
        members = list(batch.orders)
        if not members or (problem.load[members].sum(axis=0) > problem.capacity).any():
            faults.append(f"{members} in one batch")
        wanted = {int(p) for order in members for p in problem.places_of(order)}
        if sorted(batch.tour) != sorted(wanted):
            faults.append(f"visits {batch.tour}, needs {sorted(wanted)}")
        distance = problem.floor
        if isinstance(distance, AisleProblem):
            distance = aisle_distances(distance)
        path = [0, *batch.tour, 0]
        length = sum(distance[a, b] for a, b in itertools.pairwise(path))
        if abs(batch.cost - (length if batch.tour else 0)) > 1e-6:
            faults.append(f"costs {batch.cost}, is {length} long")
    return faults
