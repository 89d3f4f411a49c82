"""The exact choice for few jobs: OR-Tools CP-SAT."""

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from solvers.cp_sat import new_cp_solver
from solvers.stations.problem import StationParams, StationProblem
from solvers.stations.value import largest_finish_bound_s

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

_PER_S: Final = 1000  # the model counts time in milliseconds
_PER_MS: Final = 1000  # and the objective in microseconds


def choose(
    problem: StationProblem,
    hint: NDArray[np.int32],
    params: StationParams,
    *,
    seed: int,
    time_limit_s: float = math.inf,
) -> tuple[NDArray[np.int32] | None, float, bool]:
    """Minimise what `solvers.stations.value.objective` says, to the millisecond.

    Parameters
    ----------
    problem : StationProblem
    hint : ndarray of int32, shape (J,)
        A known choice.
    params : StationParams
    seed : int
    time_limit_s : float
        Wall clock; a run that ends by it is not repeatable.

    Returns
    -------
    station : ndarray of int32, shape (J,), or None
    lower_bound : float
        Valid for the times as given: they are rounded in its favour.
    proved : bool
        Optimal up to the rounding to milliseconds.
    """
    from ortools.sat.python import cp_model

    jobs, stations = problem.travel.shape
    model = cp_model.CpModel()
    at = [[model.new_bool_var("") for _ in range(stations)] for _ in range(jobs)]
    for job in range(jobs):
        model.add_exactly_one(at[job])
        for s in range(stations):
            model.add_hint(at[job][s], int(hint[job] == s))

    work = np.floor(problem.work_s * _PER_S).astype(np.int64).tolist()
    load = np.floor(problem.load_s * _PER_S).astype(np.int64).tolist()
    ready = np.floor(problem.ready_s * _PER_S).astype(np.int64)
    packers = problem.packers.tolist()
    horizon = int(ready.max()) + sum(work) + max(load) + 1
    least = math.floor(largest_finish_bound_s(problem) * _PER_S)
    largest = model.new_int_var(min(least, horizon), horizon, "")
    for s in range(stations):
        model.add(
            packers[s] * largest
            >= load[s] + sum(work[job] * at[job][s] for job in range(jobs))
        )
        # If no job of the station is ready by then, this asks no more than the bound.
        for time_ms in np.unique(ready[ready > 0]).tolist():
            then = np.flatnonzero(ready >= time_ms).tolist()
            model.add(
                packers[s] * (largest - time_ms)
                >= sum(work[job] * at[job][s] for job in then)
            )
    cost = problem.travel * (params.travel_weight * _PER_S * _PER_MS)
    cost = np.floor(cost).astype(np.int64)
    total = _PER_MS * largest + sum(
        int(cost[job, s]) * at[job][s] for job in range(jobs) for s in range(stations)
    )
    if problem.has_due_times:
        weight = math.floor(params.lateness_weight * _PER_MS)
        total += weight * _lateness(model, problem, at, horizon)
    model.minimize(total)

    solver = new_cp_solver(
        seed,
        deterministic_limit=params.deterministic_limit,
        time_limit_s=time_limit_s,
    )
    status = solver.solve(model)
    # All is rounded down but the largest finish, up to a whole millisecond.
    bound = (solver.best_objective_bound - _PER_MS) / (_PER_S * _PER_MS)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, 0.0, False
    chosen = [[solver.boolean_value(var) for var in row] for row in at]
    station = np.argmax(np.array(chosen), axis=1).astype(np.int32)
    return station, bound, status == cp_model.OPTIMAL


def _lateness(
    model: "cp_model.CpModel",
    problem: StationProblem,
    at: list[list["cp_model.IntVar"]],
    horizon: int,
) -> "cp_model.LinearExprT":
    """Add the milliseconds that jobs are late, each station serving by due time."""
    late = []
    order = np.argsort(problem.due_s, kind="stable").tolist()
    for s in range(len(problem.load_s)):
        speed = int(problem.packers[s]) / _PER_S
        done = math.floor(problem.load_s[s] / speed)
        for job in order:
            takes = math.floor(problem.work_s[job] / speed)
            ready = math.floor(problem.ready_s[job] * _PER_S)
            previous, done = done, model.new_int_var(0, 2 * horizon, "")
            model.add(done >= previous + takes * at[job][s])
            model.add(done >= ready + takes).only_enforce_if(at[job][s])
            if not math.isfinite(problem.due_s[job]):
                continue
            due = math.ceil(problem.due_s[job] * _PER_S)
            alone = math.floor((problem.ready_s[job] + problem.work_s[job]) * _PER_S)
            job_late = model.new_int_var(0, max(0, 2 * horizon - due), "")
            model.add(job_late >= done - due).only_enforce_if(at[job][s])
            model.add(job_late >= alone - due).only_enforce_if(at[job][s])
            late.append(job_late)
    return sum(late)
