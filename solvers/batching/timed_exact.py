"""The optimum for few orders with due times: every queue of batches, with bounds."""

import time
from typing import Final

import numpy as np

from solvers.batching.set_costs import SetCosts, set_cost, set_costs
from solvers.batching.subsets import tours_are_exact
from solvers.batching.timed_kernels import Times
from solvers.batching.timed_problem import TimedBatch, TimedBatchingProblem
from solvers.batching.timed_schedule import schedule
from solvers.batching.timed_search import result_of
from solvers.batching.tours import batches_of
from solvers.kernel import kernel
from solvers.result import Result, Termination
from warehouse.errors import SolverError

EXACT_TIMED_ORDERS: Final = 8
"""Most orders that `solve_queues` takes."""


def solve_queues(
    problem: TimedBatchingProblem, *, seed: int = 0
) -> Result[list[TimedBatch]]:
    """Best of all batchings and schedules.

    Depth first over queues of batches; a queue is left when what it costs, and what the
    orders left out cost at least, is no better than the best. One in which a batch
    starts before the one ahead of it is another queue's, and is left too. Optimal where
    tours are exact, as for `solve_subsets`.

    Raises
    ------
    SolverError
        E330, if there are more than `EXACT_TIMED_ORDERS` orders.

    Examples
    --------
    The order that is due first is the longer one:

    >>> from solvers.batching.problem import BatchingProblem
    >>> floor = np.array([[0, 1, 4], [1, 0, 5], [4, 5, 0]])
    >>> batching = BatchingProblem(floor, [0, 1, 2], [1, 2], capacity=1)
    >>> result = solve_queues(TimedBatchingProblem(batching, [9.0, 8.0]))
    >>> [batch.orders for batch in result.solution], result.objective
    ([(1,), (0,)], 20.0)
    """
    began = time.perf_counter()
    batching = problem.batching
    orders = batching.orders
    if orders > EXACT_TIMED_ORDERS:
        hint = f"use another method for more than {EXACT_TIMED_ORDERS}"
        raise SolverError("E330", f"got {orders} orders for the exact method", hint)
    if len(batching.too_heavy()) or orders == 0:
        none = None if orders else list[TimedBatch]()
        return result_of("exact", problem, none, Termination.PROVED, began, seed)
    fits = np.zeros(1 << orders, bool)
    for chosen in range(1, 1 << orders):
        members = [order for order in range(orders) if chosen >> order & 1]
        fits[chosen] = (batching.load[members].sum(axis=0) <= batching.capacity).all()
    best = np.zeros(orders, np.int64)
    used = _best_queue(
        fits,
        set_costs(batching, slots_log2=0),
        Times(
            np.array(problem.due_s),
            np.array(problem.release_s),
            np.array(problem.service_s),
            problem.setup_s,
            1.0 / problem.speed,
            problem.late_weight,
        ),
        min(problem.pickers, orders),
        best,
    )
    batch_of = np.zeros(orders, np.int32)
    for b, chosen in enumerate(best[:used].tolist()):
        batch_of[[order for order in range(orders) if chosen >> order & 1]] = b
    queue = batches_of(batching, batch_of)
    exact = tours_are_exact(batching)
    return result_of(
        "exact",
        problem,
        schedule(problem, queue),
        Termination.PROVED if exact else Termination.CONVERGED,
        began,
        seed,
    )


@kernel
def _best_queue(fits, costs: SetCosts, times: Times, pickers, best):  # type: ignore[no-untyped-def]
    """Fill in the batches of a best queue, as sets of orders; return how many."""
    sets = len(fits)
    orders = len(times.due)
    travel = np.zeros(sets)
    ready = np.zeros(sets)
    standing = np.zeros(sets)
    member = np.zeros(orders, np.int32)
    for chosen in range(1, sets):
        n = 0
        standing[chosen] = times.setup
        for o in range(orders):
            if chosen >> o & 1:
                member[n] = o
                n += 1
                ready[chosen] = max(ready[chosen], times.release[o])
                standing[chosen] += times.service[o]
        if fits[chosen]:
            travel[chosen] = times.pace * set_cost(member, n, costs)
    # At each depth: orders left, the set tried last, what the queue so far is.
    left = np.zeros(orders + 1, np.int64)
    tried = np.zeros(orders + 1, np.int64)
    value = np.zeros(orders + 1)
    start = np.zeros(orders + 1)
    free = np.zeros((orders + 1, pickers))
    left[0] = tried[0] = sets - 1
    least = np.inf
    used = 0
    depth = 0
    while depth >= 0:
        chosen = tried[depth]
        if chosen == 0:
            depth -= 1
            continue
        tried[depth] = (chosen - 1) & left[depth]
        if not fits[chosen]:
            continue
        picker = int(np.argmin(free[depth]))
        begins = max(ready[chosen], free[depth, picker])
        if begins < start[depth]:
            continue
        end = begins + standing[chosen] + travel[chosen]
        cost = value[depth] + travel[chosen]
        rest = 0.0
        farthest = 0.0
        for o in range(orders):
            if chosen >> o & 1:
                cost += times.late_weight * max(0.0, end - times.due[o])
        for o in range(orders):
            one = 1 << o
            if (left[depth] ^ chosen) & one:
                # No batch of the rest begins before this one.
                soonest = max(begins, ready[one]) + standing[one] + travel[one]
                rest += times.late_weight * max(0.0, soonest - times.due[o])
                farthest = max(farthest, travel[one])
        if cost + rest + farthest >= least:
            continue
        tried[depth + 1] = left[depth + 1] = left[depth] ^ chosen
        if left[depth + 1] == 0:
            least = cost
            used = depth + 1
            for d in range(depth):
                best[d] = left[d] ^ left[d + 1]
            best[depth] = chosen
            continue
        depth += 1
        value[depth] = cost
        start[depth] = begins
        free[depth] = free[depth - 1]
        free[depth, picker] = end
    return used
