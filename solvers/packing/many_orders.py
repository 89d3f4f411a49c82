"""Pack many orders, on two cores."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from solvers.packing.carton_problem import CartonProblem, PackedCarton
from solvers.packing.cartons import CartonParams, solve
from solvers.result import ProgressCallback, Result, Stop

Packed = Result[tuple[PackedCarton, ...]]


def solve_many(
    problems: Sequence[CartonProblem],
    stop: Stop,
    *,
    seed: int = 0,
    params: CartonParams | None = None,
    threads: int = 2,
    on_progress: ProgressCallback | None = None,
) -> list[Packed]:
    """Pack orders, each for itself; the result does not depend on the threads.

    Parameters
    ----------
    problems : sequence of CartonProblem
    stop : Stop
        Its time is for all orders together, ``iterations`` for each. However early it
        says stop, all orders are packed.
    seed : int
        The same for each.
    params : CartonParams
    threads : int
    on_progress : callable, optional

    Examples
    --------
    >>> solve_many([], Stop())
    []
    """
    deadline = stop.deadline()

    def pack(problem: CartonProblem) -> Packed:
        left_s = None
        if deadline < float("inf"):
            left_s = max(0.0, deadline - time.perf_counter())
        own = Stop(left_s, stop.iterations, stop.interrupted)
        return solve(problem, own, seed=seed, params=params or CartonParams())

    results: list[Packed] = []
    with ThreadPoolExecutor(threads) as pool:
        for result in pool.map(pack, problems):
            results.append(result)
            if on_progress is not None:
                done = len(results)
                on_progress(done / len(problems), f"{done} orders packed")
    return results
