"""Every method of batching with due times, by name and behind one signature."""

import time
from typing import Final

import numpy as np

from solvers.batching import timed_search
from solvers.batching.methods import solve_by
from solvers.batching.problem import Batch
from solvers.batching.savings import first_come
from solvers.batching.timed_exact import EXACT_TIMED_ORDERS, solve_queues
from solvers.batching.timed_problem import TimedBatch, TimedBatchingProblem
from solvers.batching.timed_schedule import by_due_time, schedule
from solvers.batching.timed_search import result_of
from solvers.batching.tours import batches_of
from solvers.result import ProgressCallback, Result, Stop, Termination
from warehouse.errors import SolverError

TIMED_METHODS: Final = ("auto", "exact", "local-search", "savings", "fcfs", "edd")


def solve_timed_by(
    method: str,
    problem: TimedBatchingProblem,
    stop: Stop,
    *,
    seed: int = 0,
    on_progress: ProgressCallback | None = None,
) -> Result[list[TimedBatch]]:
    """Batch with the method of a name in `TIMED_METHODS`.

    "auto" is "exact" where there are few orders, else "local-search". Of the rules,
    "savings" looks at travel alone and then picks by due time, "fcfs" fills batches as
    orders come and picks them so, "edd" (earliest due date) as orders are due.

    Raises
    ------
    SolverError
        E302, if there is no such method; E330, for too many orders with "exact".

    Examples
    --------
    >>> from solvers.batching.problem import BatchingProblem
    >>> batching = BatchingProblem(np.zeros((1, 1), int), [0] * 4, [], capacity=2)
    >>> problem = TimedBatchingProblem(batching, [9.0, 4.0, 2.0])
    >>> for method in ("fcfs", "edd"):
    ...     [batch.orders for batch in solve_timed_by(method, problem, Stop()).solution]
    [(0, 1), (2,)]
    [(1, 2), (0,)]
    """
    if method == "auto":
        few = problem.batching.orders <= EXACT_TIMED_ORDERS
        method = "exact" if few else "local-search"
    if method == "exact":
        return solve_queues(problem, seed=seed)
    if method == "local-search":
        return timed_search.solve(problem, stop, seed=seed, on_progress=on_progress)
    if method not in TIMED_METHODS:
        hint = f"use one of {', '.join(TIMED_METHODS)}"
        raise SolverError("E302", f"got batching method {method!r}", hint)
    began = time.perf_counter()
    if len(problem.batching.too_heavy()) or problem.batching.orders == 0:
        none = None if problem.batching.orders else list[TimedBatch]()
        return result_of(method, problem, none, Termination.PROVED, began, seed)
    timed = schedule(problem, _queue(method, problem, stop, seed))
    return result_of(method, problem, timed, Termination.CONVERGED, began, seed)


def _queue(
    method: str, problem: TimedBatchingProblem, stop: Stop, seed: int
) -> list[Batch]:
    batching = problem.batching
    if method == "savings":
        batches = solve_by("savings", batching, stop, seed=seed).solution
        assert batches is not None  # every order fits into some batch
        return by_due_time(problem, batches)
    keys = problem.release_s if method == "fcfs" else problem.due_s
    sequence = np.argsort(keys, kind="stable").tolist()
    return batches_of(batching, first_come(batching, sequence))
