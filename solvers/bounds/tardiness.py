"""Lower bounds on tardiness and travel of batches that pickers pick in time."""

import numpy as np
from numpy.typing import NDArray

from solvers.batching.set_costs import set_costs
from solvers.batching.timed_problem import TimedBatchingProblem
from solvers.batching.visits import least_costs
from solvers.bounds.batches import load_bound


def tardiness_bound(problem: TimedBatchingProblem, alone: NDArray[np.float64]) -> float:
    """Seconds by which the orders of any schedule are late together, at least.

    The larger of two. An order is done no sooner than if a picker began with it alone
    at its release. And the k-th order is done no sooner than all pickers together have
    done the k smallest orders, an order counting its service and a part of the setup
    and travel of its batch: of the parts of all orders of a batch, none of which
    costs more alone than the batch, no more than one whole comes together. Late as a
    whole is least where the k-th order done is the k-th order due.

    Parameters
    ----------
    problem : TimedBatchingProblem
    alone : ndarray of float64, shape (orders,)
        Lower bound on the length of every tour with the order.

    Examples
    --------
    Two orders due at once, one picker, 10 s of service each:

    >>> from solvers.batching.problem import BatchingProblem
    >>> batching = BatchingProblem(np.zeros((1, 1), int), [0, 0, 0], [], capacity=1)
    >>> problem = TimedBatchingProblem(batching, [0.0, 0.0], service_s=[10.0, 10.0])
    >>> tardiness_bound(problem, np.zeros(2))
    30.0
    """
    if not problem.batching.orders:
        return 0.0
    trip_s = problem.setup_s + alone / problem.speed
    done_s = problem.release_s + trip_s + problem.service_s
    best = float(np.maximum(0.0, done_s - problem.due_s).sum())
    due_s = np.sort(problem.due_s)
    for part in _parts(problem):
        work_s = np.sort(problem.service_s + part * trip_s)
        k_th = np.maximum(np.cumsum(work_s) / problem.pickers, np.sort(done_s))
        best = max(best, float(np.maximum(0.0, k_th - due_s).sum()))
    return best


def _parts(problem: TimedBatchingProblem) -> list[NDArray[np.float64]]:
    """Parts of orders in a batch that never come to more than 1 together."""
    batching = problem.batching
    parts = [np.full(batching.orders, 1.0 / batching.most_orders())]
    for r, limit in enumerate(batching.capacity.tolist()):
        if limit > 0:
            parts.append(batching.load[:, r] / limit)
    return parts


def timed_bound(problem: TimedBatchingProblem) -> float:
    """Lower bound on `value_s` of every schedule."""
    batching = problem.batching
    alone = least_costs(batching, set_costs(batching, slots_log2=0))
    travel = load_bound(batching.load, batching.capacity, alone)
    late_s = tardiness_bound(problem, alone)
    return travel / problem.speed + problem.late_weight * late_s
