"""Trips that know which orders are urgent: robots as pickers, with due times."""

import numpy as np
from numpy.typing import NDArray

from solvers.batching.annealing import BatchingParams
from solvers.batching.problem import Batch, BatchingProblem
from solvers.batching.timed_problem import TimedBatchingProblem
from solvers.batching.timed_search import TimedParams, solve
from solvers.fulfilment.site import Site
from solvers.result import ProgressCallback, Stop

SLOWNESS = 1.3
"""Timesteps that a step of travel takes among other robots, about."""

WARM_START = 0.05
"""First temperature where batches are given to begin from, see `TimedParams`."""


def urgent_batches(
    site: Site,
    problem: BatchingProblem,
    orders: list[int],
    standing_s: NDArray[np.float64],
    pack_s: NDArray[np.float64],
    now_s: float,
    stop: Stop,
    *,
    seed: int,
    params: BatchingParams,
    initial: NDArray[np.int32] | None,
    on_progress: ProgressCallback | None,
) -> list[Batch]:
    """Batch orders so that few are late, the more urgent first.

    What counts is when robots bring an order; queues at stations are not foreseen.

    Parameters
    ----------
    site : Site
    problem : BatchingProblem
        The orders, as places of a matrix in timesteps.
    orders : list of int
        Number of each of them in the scenario.
    standing_s, pack_s : ndarray of float64, shape (orders,)
        Picking and packing of each order.
    now_s : float
        Robots can begin now.
    stop : Stop
    seed : int
    params : BatchingParams
    initial : ndarray of int32, optional
        Batch number of each order to start from.
    on_progress : callable, optional
    """
    scenario = site.scenario
    timed = TimedBatchingProblem(
        problem,
        site.latest_due_s[orders] - pack_s - now_s,
        service_s=standing_s,
        setup_s=scenario.drop_steps(problem.most_orders()) * scenario.step_s,
        pickers=len(scenario.fleet),
        speed=1.0 / (SLOWNESS * scenario.step_s),
    )
    effort = TimedParams(
        neighbours=params.neighbours,
        moves_per_order=params.moves_per_order,
        warm=TimedParams().warm if initial is None else WARM_START,
        threads=1,
        shortest_tours=False,
    )
    batches = solve(
        timed, stop, seed=seed, params=effort, initial=initial, on_progress=on_progress
    ).solution
    assert batches is not None  # every order fits into some batch
    return [Batch(one.orders, one.tour, one.length) for one in batches]
