"""Batching with due times: annealed batches and the queue they are picked in.

The problem is that of Henn and Schmid (2013): orders become batches, batches are given
to pickers one after another, and what counts is the total tardiness; here travel counts
beside it.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.batching import annealing
from solvers.batching.savings import first_come
from solvers.batching.timed_annealing import AnnealedQueue, Setting, pose
from solvers.batching.timed_problem import TimedBatch, TimedBatchingProblem, value_s
from solvers.batching.timed_schedule import schedule
from solvers.batching.tours import batches_time_s
from solvers.bounds.tardiness import timed_bound
from solvers.random_words import first_state
from solvers.result import (
    Chunks,
    ProgressCallback,
    Result,
    Status,
    Stop,
    Termination,
)


@dataclass(frozen=True, slots=True)
class TimedParams:
    """Parameters of `solve`.

    Parameters
    ----------
    neighbours, due_neighbours : int
        Orders that each order may join: those that lie nearest, and those that are due
        at nearly the same time.
    moves_per_order : int
        Moves of each thread, tried per order, where no limit is given.
    warm, cool : float
        The first temperature as a share of the value per order, the last as one of the
        travel per order.
    queue_moves : int
        Moves per batch that end the search: in the queue alone, with the tours of the
        answer.
    threads : int
        Searches beside each other, of which the best counts.
    shortest_tours : bool
        Whether tours are made as short as can be in the end; otherwise they are what
        the annealing left.
    """

    neighbours: int = 16
    due_neighbours: int = 8
    moves_per_order: int = 2_000
    warm: float = 0.5
    cool: float = 0.01
    queue_moves: int = 100
    threads: int = 2
    shortest_tours: bool = True


_DEFAULTS: Final = TimedParams()


def solve(
    problem: TimedBatchingProblem,
    stop: Stop,
    *,
    seed: int = 0,
    params: TimedParams = _DEFAULTS,
    initial: NDArray[np.int32] | None = None,
    on_progress: ProgressCallback | None = None,
) -> Result[list[TimedBatch]]:
    """Batch orders and give the batches to pickers, for little tardiness and travel.

    Begins with the better of two batchings, picked by due time: savings, or the initial
    one; and orders as they are due.

    Parameters
    ----------
    problem : TimedBatchingProblem
    stop : Stop
        ``iterations`` counts the moves of each thread.
    seed : int
    params : TimedParams
    initial : ndarray of int32, shape (orders,), optional
        Batch number of each order.
    on_progress : callable, optional

    Returns
    -------
    Result of list of TimedBatch
        In the order in which pickers take them. Objective: `value_s`. Infeasible, if an
        order fits into no batch.

    Examples
    --------
    One ride would be shorter than two, but too late for the order that is due.

    >>> from solvers.batching.problem import BatchingProblem
    >>> batching = BatchingProblem(
    ...     np.array([[0, 2, 9], [2, 0, 9], [9, 9, 0]]), [0, 1, 2], [1, 2], capacity=2)
    >>> problem = TimedBatchingProblem(batching, [4.0, np.inf])
    >>> [(batch.orders, batch.end_s) for batch in solve(problem, Stop()).solution]
    [((0,), 4.0), ((1,), 22.0)]
    """
    began = time.perf_counter()
    batching = problem.batching
    if len(batching.too_heavy()) or batching.orders == 0:
        timed = None if batching.orders else list[TimedBatch]()
        return result_of(
            "local search", problem, timed, Termination.PROVED, began, seed
        )
    deadline = stop.deadline()
    setting = pose(problem, params.neighbours, params.due_neighbours, stop)
    best = _best_start(setting, initial)
    if params.shortest_tours:
        deadline -= 2 * batches_time_s(batching, best.batch_of())
    left_s = None
    if deadline < float("inf"):
        left_s = max(0.0, deadline - time.perf_counter())
    limit = replace(stop, time_limit_s=left_s)
    size = min(2_000, 50 * batching.orders)
    runs = [best] + [best.again() for _ in range(1, params.threads)]

    def run(k: int) -> Chunks:
        chunks = Chunks(limit, params.moves_per_order * batching.orders, size)
        random = first_state(params.threads * seed + k)
        heat = params.warm, params.cool
        runs[k].anneal(chunks, heat, random, None if k else on_progress)
        return chunks

    with ThreadPoolExecutor(params.threads) as pool:
        first, *_ = pool.map(run, range(params.threads))
    best = min(runs, key=lambda run: run.least)
    queue = best.finish(params.shortest_tours, params.queue_moves)
    timed = schedule(problem, queue)
    return result_of(
        "local search", problem, timed, first.termination, began, seed, moves=first.done
    )


def _best_start(setting: Setting, initial: NDArray[np.int32] | None) -> AnnealedQueue:
    """Savings, or what is given; or orders as they are due, where that is better."""
    if initial is None:
        initial = annealing.savings(setting.posed, setting.near)
    as_due = np.argsort(setting.problem.due_s, kind="stable")
    by_due = first_come(setting.posed, as_due.tolist())
    starts = [AnnealedQueue(setting, batch_of) for batch_of in (initial, by_due)]
    return min(starts, key=lambda start: start.least)


def result_of(
    solver: str,
    problem: TimedBatchingProblem,
    timed: list[TimedBatch] | None,
    termination: Termination,
    began: float,
    seed: int,
    **statistics: int,
) -> Result[list[TimedBatch]]:
    """Return what was found, with its value and a bound; None where there is none.

    With `Termination.PROVED` the value is its own bound.
    """
    objective = bound = float("inf")
    status = Status.INFEASIBLE
    if timed is not None:
        objective = value_s(problem, timed)
        bound = objective
        if termination != Termination.PROVED:
            bound = min(objective, timed_bound(problem))
        proved = objective <= bound + 1e-9 * max(1.0, bound)
        status = Status.OPTIMAL if proved else Status.FEASIBLE
        termination = Termination.PROVED if proved else termination
    return Result(
        timed,
        status,
        termination,
        objective=objective,
        lower_bound=bound,
        runtime_s=time.perf_counter() - began,
        seed=seed,
        solver=f"timed batching, {solver}",
        statistics={"batches": len(timed or ()), **statistics},
    )
