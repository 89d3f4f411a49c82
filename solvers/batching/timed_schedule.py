"""Give batches to pickers, one after another, to whoever is free first."""

import numpy as np

from solvers.batching.problem import Batch
from solvers.batching.timed_problem import TimedBatch, TimedBatchingProblem


def schedule(problem: TimedBatchingProblem, queue: list[Batch]) -> list[TimedBatch]:
    """Who picks each batch of a queue, and when; of pickers equally free the first.

    Parameters
    ----------
    problem : TimedBatchingProblem
    queue : list of Batch
        Their costs are lengths in the floor's unit.

    Examples
    --------
    The second batch waits for the release of its order, the third for a picker.

    >>> from solvers.batching.problem import BatchingProblem
    >>> batching = BatchingProblem(np.zeros((1, 1), int), [0] * 4, [], capacity=1)
    >>> problem = TimedBatchingProblem(
    ...     batching, [np.inf] * 3, release_s=[0, 7, 0], setup_s=5, pickers=2)
    >>> queue = [Batch((order,), (), 0.0) for order in range(3)]
    >>> [(batch.picker, batch.start_s) for batch in schedule(problem, queue)]
    [(0, 0.0), (1, 7.0), (0, 5.0)]
    """
    free_s = np.zeros(problem.pickers)
    timed = []
    for batch in queue:
        orders = list(batch.orders)
        picker = int(free_s.argmin())
        start_s = max(float(free_s[picker]), float(problem.release_s[orders].max()))
        taken_s = problem.setup_s + float(problem.service_s[orders].sum())
        end_s = start_s + taken_s + batch.cost / problem.speed
        free_s[picker] = end_s
        timed.append(
            TimedBatch(
                batch.orders, batch.tour, float(batch.cost), picker, start_s, end_s
            )
        )
    return timed


def by_due_time(problem: TimedBatchingProblem, batches: list[Batch]) -> list[Batch]:
    """Sort batches by their earliest due time, then by their release."""

    def urgency(batch: Batch) -> tuple[float, float]:
        orders = list(batch.orders)
        return float(problem.due_s[orders].min()), float(
            problem.release_s[orders].max()
        )

    return sorted(batches, key=urgency)
