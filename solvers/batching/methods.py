"""Every method of batching, by name and behind one signature."""

import time
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.batching import local_search
from solvers.batching.problem import Batch, BatchingProblem
from solvers.batching.savings import find_partners, first_come, savings
from solvers.batching.set_costs import set_costs
from solvers.batching.subsets import EXACT_ORDERS, solve_subsets
from solvers.batching.tours import batches_of
from solvers.batching.visits import least_costs
from solvers.bounds.batches import load_bound
from solvers.result import ProgressCallback, Result, Status, Stop, Termination
from warehouse.errors import SolverError

BATCHING_METHODS: Final = ("auto", "exact", "local-search", "savings", "fcfs")


def solve_by(
    method: str,
    problem: BatchingProblem,
    stop: Stop,
    *,
    seed: int = 0,
    on_progress: ProgressCallback | None = None,
) -> Result[list[Batch]]:
    """Batch with the method of a name in `BATCHING_METHODS`.

    "auto" is "exact" where there are few orders, else "local-search".

    Raises
    ------
    SolverError
        E302, if there is no such method; E330, for too many orders with "exact".

    Examples
    --------
    >>> problem = BatchingProblem(np.zeros((1, 1), int), [0, 0, 0], [], capacity=1)
    >>> [batch.orders for batch in solve_by("fcfs", problem, Stop()).solution]
    [(0,), (1,)]
    """
    if method == "auto":
        method = "exact" if problem.orders <= EXACT_ORDERS else "local-search"
    if method == "exact":
        return solve_subsets(problem, seed=seed)
    if method == "local-search":
        return local_search.solve(problem, stop, seed=seed, on_progress=on_progress)
    if method == "savings":
        return _construct(method, _savings, problem, seed)
    if method == "fcfs":
        return _construct(method, first_come, problem, seed)
    hint = f"use one of {', '.join(BATCHING_METHODS)}"
    raise SolverError("E302", f"got batching method {method!r}", hint)


def _savings(problem: BatchingProblem) -> NDArray[np.int32]:
    costs = set_costs(problem)
    near = np.zeros((problem.orders, min(24, problem.orders)), np.int32)
    saving = np.zeros(near.shape)
    find_partners(problem, near, saving, costs)
    return savings(problem, costs, near, saving)


def _construct(
    name: str,
    batch: Callable[[BatchingProblem], NDArray[np.int32]],
    problem: BatchingProblem,
    seed: int,
) -> Result[list[Batch]]:
    """Batch once by a rule; tours as good as those of every other method."""
    began = time.perf_counter()
    batches: list[Batch] | None = None
    bound = objective = float("inf")
    if not len(problem.too_heavy()):
        batches = batches_of(problem, batch(problem)) if problem.orders else []
        objective = float(sum(batch.cost for batch in batches))
        alone = least_costs(problem, set_costs(problem, slots_log2=0))
        bound = min(objective, load_bound(problem.load, problem.capacity, alone))
    return Result(
        batches,
        Status.INFEASIBLE if batches is None else Status.FEASIBLE,
        Termination.PROVED if batches is None else Termination.CONVERGED,
        objective=objective,
        lower_bound=bound,
        runtime_s=time.perf_counter() - began,
        seed=seed,
        solver=name,
        statistics={"batches": len(batches or ())},
    )
