"""The optimum for few orders: dynamic programming over all sets of them."""

import time
from typing import Final

import numpy as np

from solvers.batching.problem import Batch, BatchingProblem, Loads
from solvers.batching.set_costs import SetCosts, set_cost, set_costs
from solvers.batching.tours import batches_of
from solvers.batching.visits import least_costs
from solvers.bounds.batches import load_bound
from solvers.kernel import kernel
from solvers.result import Result, Status, Termination
from solvers.routing.parallel_aisles import AisleProblem
from solvers.routing.tour_kernels import EXACT_NODES
from warehouse.errors import SolverError

EXACT_ORDERS: Final = 14
"""Most orders that `solve_subsets` takes."""


def solve_subsets(problem: BatchingProblem, *, seed: int = 0) -> Result[list[Batch]]:
    """Best of all batchings, from the cost of every set of orders that fits.

    Optimal in parallel aisles; on a distance matrix where no batch visits more than
    `EXACT_NODES` places, else as good as the tours are. O(3 ** orders).

    Raises
    ------
    SolverError
        E330, if there are more than `EXACT_ORDERS` orders.

    Examples
    --------
    Two orders that lie together, and one apart:

    >>> floor = np.array([[0, 9, 9, 2], [9, 0, 1, 9], [9, 1, 0, 9], [2, 9, 9, 0]])
    >>> problem = BatchingProblem(floor, [0, 1, 2, 3], [1, 3, 2], capacity=2)
    >>> [batch.orders for batch in solve_subsets(problem).solution]
    [(0, 2), (1,)]
    """
    began = time.perf_counter()
    orders = problem.orders
    if orders > EXACT_ORDERS:
        hint = f"use another method for more than {EXACT_ORDERS}"
        raise SolverError("E330", f"got {orders} orders for the exact method", hint)
    batches = None
    costs = set_costs(problem, slots_log2=0)  # costs are asked for once each
    if not len(problem.too_heavy()):
        last = np.zeros(1 << orders, np.int32)
        _best_last_batches(problem.loads(), costs, last)
        batch_of = np.zeros(orders, np.int32)
        left, number = (1 << orders) - 1, 0
        while left:
            members = [o for o in range(orders) if last[left] >> o & 1]
            batch_of[members] = number
            left, number = left ^ int(last[left]), number + 1
        batches = batches_of(problem, batch_of)
    proved = tours_are_exact(problem)
    objective = float("inf") if batches is None else sum(b.cost for b in batches)
    bound = float(objective)
    if not proved and batches is not None:
        alone = least_costs(problem, costs)
        bound = min(bound, load_bound(problem.load, problem.capacity, alone))
    status = Status.OPTIMAL if proved else Status.FEASIBLE
    return Result(
        batches,
        Status.INFEASIBLE if batches is None else status,
        Termination.PROVED if proved or batches is None else Termination.CONVERGED,
        objective=float(objective),
        lower_bound=bound,
        runtime_s=time.perf_counter() - began,
        seed=seed,
        solver="exact",
        statistics={"batches": 0 if batches is None else len(batches)},
    )


def tours_are_exact(problem: BatchingProblem) -> bool:
    """Whether the cost of every set of orders is that of a shortest tour."""
    if isinstance(problem.floor, AisleProblem):
        return True
    sizes = np.sort(np.diff(problem.order_start))
    return int(sizes[-problem.most_orders() :].sum()) <= EXACT_NODES


@kernel
def _best_last_batches(  # type: ignore[no-untyped-def]
    loads: Loads, costs: SetCosts, last
):
    """For every set of orders, fill in one batch of a best batching of the set.

    Sets are numbers with a bit for each order; ``last[0]`` stays 0.
    """
    sets = len(last)
    orders = loads.load.shape[0]
    alone = np.full(sets, np.inf)  # cost as one batch
    best = np.full(sets, np.inf)
    best[0] = 0.0
    member = np.zeros(max(1, orders), np.int32)
    for chosen in range(1, sets):
        fits = True
        for r in range(len(loads.capacity)):
            room = loads.capacity[r]
            for o in range(orders):
                if chosen >> o & 1:
                    room -= loads.load[o, r]
            fits &= room >= 0
        if fits:
            n = 0
            for o in range(orders):
                if chosen >> o & 1:
                    member[n] = o
                    n += 1
            alone[chosen] = set_cost(member, n, costs)
        # One batch holds the lowest order; it with any others of the set.
        lowest = chosen & -chosen
        others = chosen ^ lowest
        part = others
        while True:
            batch = part | lowest
            if alone[batch] + best[chosen ^ batch] < best[chosen]:
                best[chosen] = alone[batch] + best[chosen ^ batch]
                last[chosen] = batch
            if part == 0:
                break
            part = (part - 1) & others
