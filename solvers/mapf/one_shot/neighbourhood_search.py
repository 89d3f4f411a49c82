"""Large neighbourhood search on a feasible plan: anytime, on both cores.

MAPF-LNS of Li, Chen, Harabor, Stuckey, Koenig (2021), doi:10.24963/ijcai.2021/568.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.mapf.floor import Floor
from solvers.mapf.one_shot.problem import Paths
from solvers.mapf.one_shot.worker import make_worker, merge, work

ROUND = 150_000
"""Labels a thread may make between two agreements: about 20 ms."""


@dataclass(frozen=True, slots=True)
class Improved:
    """A plan and how it came about.

    Parameters
    ----------
    vertices : ndarray of int32, shape (timesteps + 1, robots)
    statistics : dict
    """

    vertices: NDArray[np.int32]
    statistics: dict[str, Any]


def improve(
    floor: Floor,
    distances: NDArray[np.int16],
    vertices: NDArray[np.int32],
    deadline: float,
    *,
    iterations: int | None = None,
    seed: int = 0,
    threads: int = 2,
    interrupted: Callable[[], bool] = lambda: False,
    on_better: Callable[[float, int], None] | None = None,
) -> Improved:
    """Lower the sum of costs of a feasible plan until time or iterations are over.

    Parameters
    ----------
    floor : Floor
    distances : ndarray of int16, shape (robots, vertices)
        Steps from each vertex to the goal of each robot.
    vertices : ndarray of int32, shape (timesteps + 1, robots)
        The plan; its first row is the starts, its last row the goals.
    deadline : float
        Moment on ``time.perf_counter``; inf for none.
    iterations : int, optional
        Neighbourhoods to try, about; then the result does not depend on the clock.
    seed : int
    threads : int
        1 or 2.
    interrupted : callable
    on_better : callable, optional
        Called with seconds since the beginning and the new sum of costs.

    Returns
    -------
    Improved
        Feasible, and never worse than the plan given.
    """
    begin = time.perf_counter()
    arrival = Paths(vertices).arrivals.astype(np.int32)
    rows = 64 * (-(-(int(arrival.max(initial=0)) + 33) // 64))
    at = np.empty((rows, vertices.shape[1]), np.int32)
    used = min(rows, len(vertices))
    at[:used] = vertices[:used]
    at[used:] = vertices[-1]
    successors = floor.successors
    workers = [
        make_worker(successors, at, arrival, 2 * seed + k) for k in range(threads)
    ]
    left = (1 << 60) if iterations is None else iterations
    robots = len(arrival)
    edges = np.linspace(0, robots, threads + 1).astype(int).tolist()
    swept = edges[:-1]
    refused = rounds = 0
    cost = int(arrival.sum())
    first = cost
    done = 0
    with ThreadPoolExecutor(threads) as pool:
        while left > 0 and time.perf_counter() < deadline and not interrupted():
            share = -(-left // threads)
            parts = [
                pool.submit(
                    work,
                    workers[k],
                    successors,
                    distances,
                    ROUND,
                    share,
                    swept[k],
                    edges[k + 1],
                )
                for k in range(threads)
            ]
            for k, (count, at_robot) in enumerate(part.result() for part in parts):
                done += count
                left -= count
                swept[k] = at_robot
            rounds += 1
            if threads == 2:
                a, b = workers if rounds % 2 else workers[::-1]
                refused += merge(a, b, successors)
            now = int(workers[0].plan.arrival.sum())
            if now < cost:
                cost = now
                if on_better is not None:
                    on_better(time.perf_counter() - begin, cost)
    best = workers[0].plan
    last = int(best.arrival.max(initial=0))
    statistics = {
        "iterations": done,
        "rounds": rounds,
        "refused": refused,
        "cost_first": first,
        "cost_last": cost,
        "tried": sum(w.tried for w in workers),
        "gained": sum(w.gained for w in workers),
        "worth": workers[0].worth,
    }
    return Improved(best.at[: last + 1].copy(), statistics)
