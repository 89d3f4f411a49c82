"""The fewest visits, proved: ways to share orders out, those with low bounds first."""

import math
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from solvers.pods.window.covers import fewest_visits
from solvers.pods.window.exact import solve_exactly
from solvers.pods.window.problem import WindowChoice, WindowProblem

MOST_PARTITIONS = 1 << 16
"""Ways to give orders to stations that are looked at one by one."""


def can_be_listed(problem: WindowProblem) -> bool:
    """Whether there are few enough ways to give the orders to stations.

    Examples
    --------
    >>> stock = np.ones((1, 1), int)
    >>> can_be_listed(WindowProblem(np.ones((17, 1), int), stock, np.array([9, 9])))
    False
    """
    return len(problem.most_orders) ** len(problem.wanted) <= MOST_PARTITIONS


def partitions(problem: WindowProblem) -> NDArray[np.int32]:
    """List the ways to give orders to stations that can be best, shape (ways, orders).

    Ways are left out that have too many orders at a station; that are another one with
    the names of stations changed that may get as many orders; and that have two
    stations with orders of which one may get them all, because the same visits, with
    those of both stations made one, serve them there.

    Examples
    --------
    >>> wanted, stock = np.ones((3, 1), int), np.ones((3, 1), int)
    >>> partitions(WindowProblem(wanted, stock, np.array([2, 2]))).tolist()
    [[0, 0, 1], [0, 1, 0], [0, 1, 1]]
    >>> partitions(WindowProblem(wanted, stock, np.array([3, 3]))).tolist()
    [[0, 0, 0]]
    """
    most, orders = problem.most_orders, len(problem.wanted)
    stations = len(most)
    codes = np.arange(stations**orders)[:, None]
    station = codes // stations ** np.arange(orders)[::-1] % stations
    here = station[:, :, None] == np.arange(stations)
    count = here.sum(1)
    first = np.where(count > 0, here.argmax(1), orders)
    keep = (count <= most).all(1)
    for one in range(stations):
        for other in range(one):
            if most[one] == most[other]:
                keep &= first[:, other] <= first[:, one]
            both = count[:, one] + count[:, other]
            fits = both <= max(most[one], most[other])
            keep &= ~(fits & (count[:, one] > 0) & (count[:, other] > 0))
    return station[keep].astype(np.int32)


def prove(
    problem: WindowProblem,
    hint: WindowChoice,
    *,
    seed: int,
    deterministic_limit: float,
    deadline: float = math.inf,
    interrupted: Callable[[], bool] = lambda: False,
) -> tuple[WindowChoice, float]:
    """Find the fewest visits, or a bound on them.

    Each station alone needs some visits at least, if it may use all stock: the sum
    over stations is a bound for a way to share the orders out. Ways are taken by their
    bounds, lowest first, and CP-SAT looks for a choice with fewer visits than the best
    one yet, until no bound is lower. Where the ways cannot be listed, CP-SAT chooses
    among them too.

    Parameters
    ----------
    problem : WindowProblem
        Servable.
    hint : WindowChoice
        Returned where nothing better is found.
    seed : int
    deterministic_limit : float
        Of CP-SAT each time it is called.
    deadline : float
        On ``time.perf_counter``.
    interrupted : callable

    Returns
    -------
    choice : WindowChoice
    lower_bound : float
        Equal to the visits of the choice where they are proved to be fewest.
    """

    def seek(
        best: WindowChoice, station: NDArray[np.int32] | None = None
    ) -> tuple[WindowChoice, float]:
        return solve_exactly(
            problem,
            best,
            station=station,
            seed=seed,
            deterministic_limit=deterministic_limit,
            time_limit_s=deadline - time.perf_counter(),
        )

    def stopped() -> bool:
        return time.perf_counter() >= deadline or interrupted()

    if not can_be_listed(problem):
        return seek(hint)
    ways = partitions(problem)
    bounds = _bounds(problem, ways, stopped)
    best, proved = hint, math.inf
    for way in np.argsort(bounds, kind="stable").tolist():
        if min(bounds[way], proved) >= best.visits:
            break
        if stopped():
            proved = min(proved, bounds[way])
            break
        best, bound = seek(best, ways[way])
        proved = min(proved, max(bounds[way], bound))
    return best, min(proved, float(best.visits))


def _bounds(
    problem: WindowProblem, ways: NDArray[np.int32], stopped: Callable[[], bool]
) -> NDArray[np.float64]:
    """Visits that each way needs at least; 0 for what there was no time to look at."""
    bounds = np.zeros(len(ways))
    known: dict[bytes, float] = {}
    for way, station in enumerate(ways):
        for s in range(len(problem.most_orders)):
            here = station == s
            key = here.tobytes()
            if key not in known:
                if stopped():
                    bounds[way] = 0.0
                    return bounds
                need = problem.wanted[here].sum(0, dtype=np.int32)
                known[key] = fewest_visits(need, problem.stock)
            bounds[way] += known[key]
    return bounds
