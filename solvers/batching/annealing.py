"""Savings first, then simulated annealing on true tour lengths."""

import time
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.batching import kernels
from solvers.batching.problem import Batch, BatchingProblem
from solvers.batching.savings import merge_ranked_pairs, ranked_pairs
from solvers.random_words import first_state
from solvers.result import (
    Chunks,
    ProgressCallback,
    Result,
    Status,
    Stop,
    Termination,
)
from solvers.routing.parallel_aisles import AisleProblem
from warehouse.errors import SolverError


@dataclass(frozen=True, slots=True)
class BatchingParams:
    """Parameters of `solve`.

    Parameters
    ----------
    neighbours : int
        Orders near each order that it may join.
    moves_per_order : int
        Moves tried per order when no iteration limit is given.
    warm, cool : float
        Temperatures as shares of the mean tour length per order.
    """

    neighbours: int = 24
    moves_per_order: int = 400
    warm: float = 0.15
    cool: float = 0.003


LOOKS: Final = 2_000_000
"""Places and orders looked at for neighbours between two looks at the clock, about."""
_DEFAULTS: Final = BatchingParams()


def solve(
    problem: BatchingProblem,
    stop: Stop,
    *,
    seed: int = 0,
    params: BatchingParams = _DEFAULTS,
    initial: NDArray[np.int32] | None = None,
    on_progress: ProgressCallback | None = None,
) -> Result[list[Batch]]:
    """Batch orders so that the tours of all batches together are short.

    Parameters
    ----------
    problem : BatchingProblem
    stop : Stop
        ``iterations`` counts moves.
    seed : int
    params : BatchingParams
    initial : ndarray of int32, shape (orders,), optional
        Batch number of each order to start from, instead of savings.
    on_progress : callable, optional

    Returns
    -------
    Result of list of Batch
        Objective in steps of travel.

    Examples
    --------
    An order that needs nothing still belongs to a batch:

    >>> problem = BatchingProblem(
    ...     np.zeros((1, 1), np.int32), np.array([0, 0], np.int32),
    ...     np.empty(0, np.int32), capacity=2)
    >>> solve(problem, Stop()).solution
    [Batch(orders=(0,), tour=(), cost=0)]
    """
    began = time.perf_counter()
    size = min(20_000, 50 * problem.orders)
    chunks = Chunks(stop, params.moves_per_order * problem.orders, size)
    if len(problem.too_heavy()):
        return Result(
            None, Status.INFEASIBLE, Termination.PROVED, float("inf"), float("inf"),
            time.perf_counter() - began, seed, "savings + annealing",
        )  # fmt: skip
    if problem.orders == 0:
        return _result([], Termination.PROVED, began, seed, 0)
    orders, distance = order_places(problem), _matrix(problem)
    neighbours = min(params.neighbours, max(1, problem.orders - 1))
    near = near_orders(problem, neighbours, stop)
    batch_of = savings(problem, near) if initial is None else initial
    loads = problem.loads()
    batches = kernels.empty_batches(problem.order_start, loads, batch_of)
    kernels.build(distance, orders, problem.load, batches)
    mean = max(1.0, float(batches.cost.sum()) / problem.orders)
    random = first_state(seed)
    best = solution_of(batches)
    if problem.orders == 1:
        return _result(best, Termination.ITERATION_LIMIT, began, seed, 0)
    for share, moves in chunks:
        heat = params.warm * mean * (params.cool / params.warm) ** share
        kernels.anneal(
            distance, orders, near, batches, loads, moves, heat, heat * 0.999, random,
        )  # fmt: skip
        if batches.cost.sum() < sum(batch.cost for batch in best):
            best = solution_of(batches)
        if on_progress is not None:
            on_progress(share, f"{int(batches.cost.sum())} steps")
    return _result(best, chunks.termination, began, seed, chunks.done)


def near_orders(
    problem: BatchingProblem, neighbours: int, stop: Stop
) -> NDArray[np.int32]:
    """Orders near each order, the closest first, shape (orders, neighbours).

    Those that time is left for: rows of others are -1, as are places that nobody takes.

    Parameters
    ----------
    problem : BatchingProblem
        Its floor a matrix.
    neighbours : int
    stop : Stop
        Its time begins now; iterations do not count.
    """
    orders = order_places(problem)
    back = np.ascontiguousarray(_matrix(problem).T)  # read along its rows
    near = np.full((problem.orders, neighbours), -1, np.int32)
    looks = len(back) + len(orders.place) + problem.orders
    limits = replace(stop, iterations=None)
    begin = 0
    for _, rows in Chunks(limits, problem.orders, max(1, LOOKS // looks)):
        kernels.nearest_orders(back, orders, near, begin, begin + rows)
        begin += rows
    return near


def savings(problem: BatchingProblem, near: NDArray[np.int32]) -> NDArray[np.int32]:
    """Batch number of each order after merging pairs by falling saving.

    Parameters
    ----------
    problem : BatchingProblem
    near : ndarray of int32, shape (orders, k)
        Orders considered as partners of each order; -1 where fewer.
    """
    orders = order_places(problem)
    saving = np.zeros(near.shape, np.int64)
    kernels.pair_savings(_matrix(problem), orders, near, saving)
    batch_of = np.zeros(problem.orders, np.int32)
    merge_ranked_pairs(*ranked_pairs(near, saving), problem.loads(), batch_of)
    return batch_of


def _matrix(problem: BatchingProblem) -> NDArray[np.int32]:
    if isinstance(problem.floor, AisleProblem):
        need = "batch in aisles by local search"
        raise SolverError("E301", "got aisles in place of distances", need)
    return problem.floor


def order_places(problem: BatchingProblem) -> kernels.Orders:
    """Places of each order, for kernels."""
    return kernels.Orders(problem.order_start, problem.order_place)


def solution_of(batches: kernels.Batches) -> list[Batch]:
    """Batches that are not empty, by number."""
    return [
        Batch(
            tuple(sorted(batches.member[b, : batches.size[b]].tolist())),
            tuple(batches.tour[b, : batches.length[b]].tolist()),
            int(batches.cost[b]),
        )
        for b in range(len(batches.size))
        if batches.size[b] > 0
    ]


def _result(
    solution: list[Batch], termination: Termination, began: float, seed: int, done: int
) -> Result[list[Batch]]:
    return Result(
        solution=solution,
        status=Status.FEASIBLE,
        termination=termination,
        objective=float(sum(batch.cost for batch in solution)),
        lower_bound=float("-inf"),
        runtime_s=time.perf_counter() - began,
        seed=seed,
        solver="savings + annealing",
        statistics={"moves": done, "batches": len(solution)},
    )
