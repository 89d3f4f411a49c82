"""Tours by iterated 2-opt and Or-opt, and the nearest-neighbour baseline."""

import time
from typing import Final

import numpy as np

from solvers.result import ProgressCallback, Result, Status, Stop, Termination
from solvers.routing.one_tree import tour_bound
from solvers.routing.problem import Tour, TourProblem
from solvers.routing.tour_kernels import (
    TourWork,
    find_neighbours,
    improve,
    insert_farthest,
    iterate,
    make_work,
    visit_nearest,
)

LOOK_EVERY_S: Final = 0.01
"""How often the clock is looked at, about."""
NO_LIMIT: Final = 1 << 62
GOLDEN: Final = 0x9E3779B97F4A7C15


def solve_local_search(
    problem: TourProblem,
    stop: Stop,
    seed: int,
    patience: int,
    initial: Tour | None = None,
    on_progress: ProgressCallback | None = None,
) -> Result[Tour]:
    """Improve the better of two starts, then kick and improve until told to stop.

    Starts: nearest neighbour and farthest insertion, or the initial tour alone.
    Kernels and their sources: `tour_kernels`. The first local optimum is always
    finished: with some thousand stops it may take longer than a short limit.
    """
    began = time.perf_counter()
    deadline = stop.deadline()
    stops = problem.stops
    work = _work_of(problem)
    first_length = _first_optimum(stops, initial, work)
    random = np.array([(2 * seed + 1) * GOLDEN % 2**64], np.uint64)
    idle = np.zeros(1, np.int64)
    most = stop.iterations if stop.iterations is not None else NO_LIMIT
    bound = tour_bound(problem, first_length)
    done = 0
    chunk = 1
    termination = Termination.CONVERGED
    while idle[0] < patience and work.sums[0, stops + 1] > bound and stops > 2:
        now = time.perf_counter()
        if now >= deadline:
            termination = Termination.TIME_LIMIT
            break
        if done >= most:
            termination = Termination.ITERATION_LIMIT
            break
        try:
            kicks = min(chunk, most - done)
            done += iterate(stops, kicks, patience, idle, random, work)
            if on_progress:
                shares = (
                    (now - began) / (deadline - began),
                    done / most,
                    idle[0] / patience,
                )
                on_progress(max(shares), f"length {work.sums[0, stops + 1]}")
        except KeyboardInterrupt:
            termination = Termination.INTERRUPTED
            break
        if time.perf_counter() - now < LOOK_EVERY_S / 2:
            chunk *= 2
    statistics = {"kicks": int(done), "first_length": first_length}
    return _result(
        problem, work, "local-search", termination, bound, began, seed, statistics
    )


def solve_nearest_neighbour(problem: TourProblem, seed: int = 0) -> Result[Tour]:
    """Go to the nearest stop not yet visited, and home in the end: a baseline."""
    began = time.perf_counter()
    work = _work_of(problem)
    visit_nearest(problem.stops, work)
    solver = "nearest-neighbour"
    return _result(
        problem, work, solver, Termination.CONVERGED, -np.inf, began, seed, {}
    )


def _work_of(problem: TourProblem) -> TourWork:
    """Work arrays whose local distances have the depot at both ends."""
    work = make_work(problem.stops, 0)
    work.local[:-1, :-1] = problem.distance
    work.local[-1, :-1] = problem.distance[0]
    work.local[:, -1] = work.local[:, 0]
    return work


def _first_optimum(stops: int, initial: Tour | None, work: TourWork) -> int:
    """Put a first local optimum into ``work``; return its length."""
    find_neighbours(stops, work)
    if initial is not None:
        work.path[1 : stops + 1] = initial
        work.path[stops + 1] = stops + 1
        return int(improve(stops, work))
    visit_nearest(stops, work)
    nearest_length = improve(stops, work)
    nearest_path = work.path.copy()
    insert_farthest(stops, work)
    if improve(stops, work) > nearest_length:
        work.path[:] = nearest_path
        improve(stops, work)
    return int(work.sums[0, stops + 1])


def _result(
    problem: TourProblem,
    work: TourWork,
    solver: str,
    termination: Termination,
    bound: float,
    began: float,
    seed: int,
    statistics: dict[str, int],
) -> Result[Tour]:
    order = work.path[1 : problem.stops + 1].copy()
    length = problem.length(order)
    proved = length <= bound
    return Result(
        order,
        Status.OPTIMAL if proved else Status.FEASIBLE,
        Termination.PROVED if proved else termination,
        objective=float(length),
        lower_bound=float(bound),
        runtime_s=time.perf_counter() - began,
        seed=seed,
        solver=solver,
        statistics=statistics,
    )
