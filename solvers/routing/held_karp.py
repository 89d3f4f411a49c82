"""Exact tours by dynamic programming over sets of stops (Held and Karp 1962)."""

import time
from typing import Final

import numpy as np

from solvers.result import Result, Status, Termination
from solvers.routing.problem import Tour, TourProblem
from solvers.routing.tour_kernels import held_karp_cost, make_work
from warehouse.errors import SolverError

MOST_STOPS: Final = 16


def solve_held_karp(problem: TourProblem, seed: int = 0) -> Result[Tour]:
    """Shortest tour; doi:10.1137/0110015. O(2 ** n * n ** 2): 0.1 s for 16 stops.

    Raises
    ------
    SolverError
        E330, for more than 16 stops.
    """
    began = time.perf_counter()
    stops = problem.stops
    if stops > MOST_STOPS:
        hint = "use local-search, or-tools or auto"
        raise SolverError("E330", f"held-karp got {stops} stops, need <= 16", hint)
    nodes = np.arange(1, stops + 1, dtype=np.int32)
    order = np.zeros(stops, np.int32)
    work = make_work(stops, stops)
    held_karp_cost(problem.distance, nodes, stops, 0, 0, order, work)
    order += 1
    length = problem.length(order)
    return Result(
        order,
        Status.OPTIMAL,
        Termination.PROVED,
        objective=float(length),
        lower_bound=float(length),
        runtime_s=time.perf_counter() - began,
        seed=seed,
        solver="held-karp",
    )
