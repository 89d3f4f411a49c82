"""Fewest pod visits for a few orders: local search, and a proof after it."""

import math
import time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.arguments import indices
from solvers.interrupt import Interrupt
from solvers.pods.window.covers import fewest_visits
from solvers.pods.window.partitions import prove
from solvers.pods.window.problem import WindowChoice, WindowParams, WindowProblem
from solvers.pods.window.search import Search
from solvers.result import Chunks, ProgressCallback, Result, Status, Stop, Termination
from warehouse.errors import SolverError

_NO_LIMIT: Final = Stop()
_DEFAULTS: Final = WindowParams()


def solve(
    problem: WindowProblem,
    stop: Stop = _NO_LIMIT,
    *,
    seed: int = 0,
    params: WindowParams = _DEFAULTS,
    initial: WindowChoice | None = None,
    on_progress: ProgressCallback | None = None,
) -> Result[WindowChoice]:
    """Serve all orders with few pod visits.

    Parameters
    ----------
    problem : WindowProblem
    stop : Stop
        Iterations are moves of the search.
    seed : int
    params : WindowParams
    initial : WindowChoice, optional
        The search begins with its stations.
    on_progress : callable, optional

    Raises
    ------
    SolverError
        E301 or E303 for an initial choice of another problem, E302 for one with more
        orders at a station than it may get.

    Returns
    -------
    Result of WindowChoice
        Objective: visits. Infeasible where stock or room at stations is short.

    Examples
    --------
    One pod for two orders: at one station one visit is enough.

    >>> wanted, stock = np.array([[1, 0], [0, 1]]), np.array([[5, 5]])
    >>> result = solve(WindowProblem(wanted, stock, np.array([2, 2])))
    >>> result.objective, result.status
    (1.0, <Status.OPTIMAL: 'optimal'>)
    """
    began, deadline = time.perf_counter(), stop.deadline()
    best: WindowChoice | None = None
    bound, status, termination = math.inf, Status.INFEASIBLE, Termination.PROVED
    if problem.is_servable:
        bound, status = least_visits(problem), Status.UNKNOWN
        with Interrupt() as interrupt:

            def interrupted() -> bool:
                return interrupt.wanted() or stop.interrupted()

            limits = Stop(stop.time_limit_s, stop.iterations, interrupted)
            chunks = Chunks(limits, params.moves, 16)
            rng = np.random.default_rng(seed)
            start = _first(problem) if initial is None else _checked(problem, initial)
            search = Search(problem, rng, start)
            for share, moves in chunks:
                if search.best is not None and search.best.visits <= bound:
                    break
                for _ in range(moves):
                    search.move()
                if on_progress is not None:
                    on_progress(share, "choosing pods")
            best, termination = search.best, chunks.termination
            if params.method == "exact" and best is not None and best.visits > bound:
                best, proved = prove(
                    problem,
                    best,
                    seed=seed,
                    deterministic_limit=params.deterministic_limit,
                    deadline=deadline,
                    interrupted=interrupted,
                )
                bound = max(bound, proved)
        if best is not None:
            status = Status.FEASIBLE
            if best.visits <= bound:
                status, termination = Status.OPTIMAL, Termination.PROVED
    return Result(
        solution=best,
        status=status,
        termination=termination,
        objective=math.inf if best is None else float(best.visits),
        lower_bound=float(bound),
        runtime_s=time.perf_counter() - began,
        seed=seed,
        solver="pod-window",
    )


def least_visits(problem: WindowProblem) -> float:
    """Visits that are needed at least: as many as if one station could serve all.

    Examples
    --------
    >>> least_visits(WindowProblem(np.array([[3]]), np.array([[2], [2]]), [1]))
    2.0
    """
    return fewest_visits(problem.wanted.sum(0, dtype=np.int32), problem.stock)


def _checked(problem: WindowProblem, initial: WindowChoice) -> NDArray[np.int32]:
    """Stations of an initial choice, if they are allowed."""
    stations, orders = len(problem.most_orders), len(problem.wanted)
    station = indices("initial.station", initial.station, (orders,), stations)
    here = np.bincount(station, minlength=stations)
    if (here > problem.most_orders).any():
        raise SolverError(
            "E302",
            f"got {here.tolist()} orders at the stations of initial; need at most "
            f"{problem.most_orders.tolist()}",
            "give it fewer",
        )
    return station


def _first(problem: WindowProblem) -> NDArray[np.int32]:
    """Orders at the first stations that have room."""
    places = np.repeat(np.arange(len(problem.most_orders)), problem.most_orders)
    return places[: len(problem.wanted)].astype(np.int32)
