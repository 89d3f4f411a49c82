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
from solvers.mapf.one_shot.neighbourhoods import Plan
from solvers.mapf.one_shot.problem import Objective, Paths
from solvers.mapf.one_shot.reservations import NEVER
from solvers.mapf.one_shot.worker import Worker, make_worker, merge, work

ROUND = 150_000
"""Labels a thread may make between two agreements: about 20 ms."""


PRICE = 1000
"""What a timestep beyond the makespan that is aimed at counts more than others."""


@dataclass(frozen=True, slots=True)
class Task:
    """What to improve, and what for.

    Parameters
    ----------
    floor : Floor
    distances : ndarray of int16, shape (robots, vertices)
        Steps from each vertex to the goal of each robot; turns are not counted.
    to_goal : ndarray of int16, shape (robots, states)
        Steps from each state; the same array for robots that move freely.
    objective : "sum_of_costs", "loss" or "makespan"
    bound : int
        Value of the objective at which to stop.
    seed : int
    threads : int
        1 or 2.
    """

    floor: Floor
    distances: NDArray[np.int16]
    to_goal: NDArray[np.int16]
    objective: Objective = "sum_of_costs"
    bound: int = 0
    seed: int = 0
    threads: int = 2

    @property
    def shift(self) -> int:
        """Bits of a state that say the heading."""
        return 2 if self.to_goal.shape[1] > self.floor.vertices else 0


@dataclass(frozen=True, slots=True)
class Improved:
    """A plan and how it came about.

    Parameters
    ----------
    states : ndarray of int32, shape (timesteps + 1, robots)
    statistics : dict
    """

    states: NDArray[np.int32]
    statistics: dict[str, Any]


def improve(
    task: Task,
    states: NDArray[np.int32],
    deadline: float,
    *,
    iterations: int | None = None,
    interrupted: Callable[[], bool] = lambda: False,
    on_better: Callable[[float, int], None] | None = None,
) -> Improved:
    """Lower the cost of a feasible plan until time or iterations are over.

    Parameters
    ----------
    task : Task
    states : ndarray of int32, shape (timesteps + 1, robots)
        The plan; its first row is the starts, its last row at the goals. Vertices, or
        four times the vertex plus the heading for robots that turn.
    deadline : float
        Moment on ``time.perf_counter``; inf for none.
    iterations : int, optional
        Neighbourhoods to try, about; then the result does not depend on the clock.
    interrupted : callable
    on_better : callable, optional
        Called with seconds since the beginning and the new value of the objective.

    Returns
    -------
    Improved
        Feasible, and never worse than the plan given.
    """
    begin = time.perf_counter()
    plan = as_plan(states, task.shift, task.objective)
    successors, threads = task.floor.successors, task.threads
    workers = [
        make_worker(successors, plan, task.objective == "loss", 2 * task.seed + k)
        for k in range(threads)
    ]
    left = (1 << 60) if iterations is None else iterations
    edges = np.linspace(0, len(plan.arrival), threads + 1).astype(np.int64)
    sweeps = [edges[k : k + 2].copy() for k in range(threads)]
    refused = rounds = done = 0
    first = cost = _value(task, plan)
    with ThreadPoolExecutor(threads) as pool:
        while left > 0 and time.perf_counter() < deadline and not interrupted():
            if cost <= task.bound:
                break
            if task.objective == "makespan":
                workers = [_aimed(worker, cost - 1) for worker in workers]
            share = -(-left // threads)
            parts = [
                pool.submit(
                    work,
                    workers[k],
                    successors,
                    task.distances,
                    task.to_goal,
                    ROUND,
                    share,
                    sweeps[k],
                )
                for k in range(threads)
            ]
            count = sum(part.result() for part in parts)
            done, left, rounds = done + count, left - count, rounds + 1
            if threads == 2:
                a, b = workers if rounds % 2 else workers[::-1]
                refused += merge(a, b, successors)
            now = _value(task, workers[0].plan)
            if now < cost:
                cost = now
                if on_better is not None:
                    on_better(time.perf_counter() - begin, cost)
    best = workers[0].plan
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
    last = int(best.arrival.max(initial=0))
    return Improved(best.at[: last + 1].copy(), statistics)


def as_plan(
    states: NDArray[np.int32], shift: int, objective: Objective, room: int = 33
) -> Plan:
    """Give a plan whole words of timesteps, with room, and count what robots spend.

    Parameters
    ----------
    states : ndarray of int32, shape (timesteps + 1, robots)
    shift : int
        Bits of a state that say the heading.
    objective : "sum_of_costs", "loss" or "makespan"
    room : int
        Timesteps after the last arrival, at least.
    """
    paths = Paths(states >> shift)
    arrival = paths.arrivals.astype(np.int32)
    rows = 64 * (-(-(int(arrival.max(initial=0)) + room) // 64))
    at = np.empty((rows, states.shape[1]), np.int32)
    used = min(rows, len(states))
    at[:used] = states[:used]
    at[used:] = states[-1]
    for robot in range(states.shape[1] if shift else 0):  # turns after the end
        at[arrival[robot] :, robot] = at[arrival[robot], robot]
    spent = arrival.copy()
    if objective == "loss":
        spent = paths.losses.astype(np.int32)
    return Plan(at, arrival, spent, shift, NEVER, 0)


def _value(task: Task, plan: Plan) -> int:
    if task.objective == "makespan":
        return int(plan.arrival.max(initial=0))
    return int(plan.spent.sum())


def _aimed(worker: Worker, makespan: int) -> Worker:
    """Let a worker strive for a makespan."""
    plan = worker.plan._replace(late_from=makespan, price=PRICE)
    return worker._replace(plan=plan)
