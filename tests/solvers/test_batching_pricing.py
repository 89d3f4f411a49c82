"""Pricing finds every batch wanted, and its bound holds when it is cut short."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.batching.columns_met import new_pool
from solvers.batching.pricing import price, valid_bound
from solvers.batching.set_costs import set_costs
from solvers.batching.set_partitioning import Relaxation
from solvers.batching.visits import least_costs
from solvers.bounds.batches import least_batches
from tests.batching_problems import aisle_batchings, least_cost, naive_cost

# Without the compiler numpy warns where random bits fall off the end.
pytestmark = pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")


def naive_reduced_costs(problem, relaxed):
    """Reduced cost of every batch that fits, of orders that are worth something."""
    worthy = [o for o in range(problem.orders) if relaxed.order_dual[o] > 0]
    found = {}
    for size in range(1, len(worthy) + 1):
        for orders in combinations(worthy, size):
            members = list(orders)
            if (problem.load[members].sum(axis=0) <= problem.capacity).all():
                worth = relaxed.order_dual[members].sum() + relaxed.batch_dual
                found[orders] = naive_cost(problem, orders) - worth
    return found


@pytest.mark.kernel
@settings(max_examples=40, deadline=None)
@given(
    aisle_batchings(),
    st.lists(st.integers(0, 30), min_size=6, max_size=6),
    st.integers(0, 10),
    st.integers(0, 8),
    st.sampled_from([3, 10_000]),
)
def test_pricing_finds_all_or_says_so(problem, worth, batch_dual, below, nodes):
    dual = np.array(worth[: problem.orders], np.float64)
    relaxed = Relaxation(0.0, dual, float(batch_dual))
    pool = new_pool(problem.most_orders())
    costs = set_costs(problem)
    least, complete = price(
        relaxed, problem.loads(), costs, pool, below + 0.25, nodes, 10_000
    )
    reduced = naive_reduced_costs(problem, relaxed)
    assert least <= min(reduced.values(), default=np.inf) + 1e-9
    found = {
        tuple(sorted(pool.member[row, : pool.size[row]].tolist()))
        for row in range(pool.used[0])
    }
    wanted = {orders for orders, value in reduced.items() if value < below + 0.25}
    assert found <= wanted
    if complete:
        assert found == wanted
    elif nodes == 10_000:
        raise AssertionError("so few sets need no cut")


@settings(max_examples=60, deadline=None)
@given(
    aisle_batchings(),
    st.lists(st.integers(0, 30), min_size=6, max_size=6),
    st.integers(0, 20),
    st.sampled_from([1, 10_000]),
)
def test_bound_from_any_duals_holds(problem, worth, batch_dual, nodes):
    best = least_cost(problem)
    if problem.orders == 0 or best == np.inf:
        return
    dual = np.array(worth[: problem.orders], np.float64)
    relaxed = Relaxation(0.0, dual, float(batch_dual))
    costs = set_costs(problem)
    pool = new_pool(problem.most_orders())
    least, _ = price(relaxed, problem.loads(), costs, pool, 0.0, nodes, 10_000)
    cheapest = float(least_costs(problem, costs).min())
    batches = least_batches(problem.load, problem.capacity)
    assert valid_bound(relaxed, least, batches, cheapest) <= best + 1e-6
