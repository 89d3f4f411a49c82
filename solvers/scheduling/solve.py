"""Schedule the packing stations."""

import time
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from solvers.result import Result, Status, Stop, Termination
from solvers.scheduling.bounds import makespan_bound_s, tardiness_bound_s
from solvers.scheduling.cp_sat import least_tardiness
from solvers.scheduling.list_scheduling import StationSchedule, list_schedule
from solvers.scheduling.problem import PackingProblem, PackingSchedule, StationJobs
from warehouse.errors import SolverError

Objective = Literal["throughput", "on-time"]

_TOLERANCE_S = 1e-6
"""Sums of the same seconds in another order differ by less than this."""


@dataclass(frozen=True, slots=True)
class PackingParams:
    """Parameters of `solve`.

    Parameters
    ----------
    exact_jobs : int
        Stations of up to this many jobs go to CP-SAT when they are late.
    deterministic_limit : float
        CP-SAT's own clock, close to seconds, for all stations together.
    look_ahead : bool
        Whether decisions may depend on jobs that are not ready yet. If not, a packer
        takes the waiting job that is due first.
    """

    exact_jobs: int = 30
    deterministic_limit: float = 1.0
    look_ahead: bool = True


_NO_LIMIT: Final = Stop()
_DEFAULTS: Final = PackingParams()


def solve(
    problem: PackingProblem,
    stop: Stop = _NO_LIMIT,
    *,
    objective: Objective = "throughput",
    seed: int = 0,
    params: PackingParams = _DEFAULTS,
) -> Result[PackingSchedule]:
    """Decide who packs what when.

    Every station gets list schedules by several rules and keeps the best: for
    throughput first come and longest first, for on-time earliest due, least slack
    (each also by priority) and shortest work by weight. For on-time, small stations
    that may be less late go to CP-SAT, and its schedule is kept if better.

    Parameters
    ----------
    problem : PackingProblem
    stop : Stop
        Only ``time_limit_s`` counts; without it the answer is the same every time.
    objective : "throughput" or "on-time"
    seed : int
        Seed of CP-SAT.
    params : PackingParams

    Returns
    -------
    Result of PackingSchedule
        ``objective`` is the makespan in seconds (throughput), or the tardiness in
        seconds, each job's counted ``1 + priority`` times (on-time). With one packer
        a station the makespan is optimal: idle time falls only where no job is
        ready. Statistics: ``makespan_s``, ``makespan_bound_s``,
        ``station_makespan_bound_s``, ``tardiness_s`` (each job once), ``late_jobs``,
        ``exact_stations``.

    Raises
    ------
    SolverError
        E302 if the objective is neither.

    Examples
    --------
    Job 1 is due first and the only packer takes it first.

    >>> problem = PackingProblem(
    ...     station=[0, 0], ready_s=[0.0, 0.0], due_s=[90.0, 30.0], priority=[0, 0],
    ...     work_s=[30.0, 30.0], packers=[1])
    >>> result = solve(problem, objective="on-time")
    >>> result.solution.start_s.tolist(), result.objective
    ([30.0, 0.0], 0.0)
    """
    if objective not in ("throughput", "on-time"):
        raise SolverError(
            "E302", f"got objective {objective!r}", "need 'throughput' or 'on-time'"
        )
    begun, deadline = time.perf_counter(), stop.deadline()
    stations = problem.stations()
    if params.look_ahead:
        schedules = [_best_list_schedule(jobs, objective) for jobs in stations]
    else:
        schedules = [list_schedule(jobs, jobs.due_s) for jobs in stations]
    bounds_s = [makespan_bound_s(jobs) for jobs in stations]
    statistics = {"exact_stations": 0}
    if objective == "on-time" and params.look_ahead:
        tardiness_bound, exact = _improve(stations, schedules, deadline, seed, params)
        statistics["exact_stations"] = exact
    elif objective == "on-time":
        tardiness_bound = sum(tardiness_bound_s(jobs) for jobs in stations)
    schedule = _merge(problem, stations, schedules)
    statistics |= _statistics(problem, schedule, bounds_s)
    if objective == "on-time":
        reached = sum(
            jobs.weighted_tardiness_s(end_s)
            for jobs, (_, end_s, _) in zip(stations, schedules, strict=True)
        )
        bound = tardiness_bound
    else:
        reached, bound = statistics["makespan_s"], statistics["makespan_bound_s"]
    proved = reached <= bound + _TOLERANCE_S
    out_of_time = time.perf_counter() >= deadline
    return Result(
        solution=schedule,
        status=Status.OPTIMAL if proved else Status.FEASIBLE,
        termination=Termination.PROVED
        if proved
        else (Termination.TIME_LIMIT if out_of_time else Termination.CONVERGED),
        objective=reached,
        lower_bound=min(bound, reached),
        runtime_s=time.perf_counter() - begun,
        seed=seed,
        solver="scheduling: list schedules, CP-SAT where late",
        statistics=statistics,
    )


def _best_list_schedule(jobs: StationJobs, objective: Objective) -> StationSchedule:
    """Try the rules of the objective; of equally good ones the first stays."""
    if objective == "on-time":
        slack = jobs.due_s - jobs.work_s
        urgencies = [
            jobs.due_s,
            slack,
            _by_priority_then(jobs, jobs.due_s),
            _by_priority_then(jobs, slack),
            jobs.work_s / (1 + jobs.priority),
        ]
    elif len(jobs.free_s) > 1:
        urgencies = [jobs.ready_s, -jobs.work_s]
    else:
        urgencies = [jobs.ready_s]
    return min(
        (list_schedule(jobs, urgency) for urgency in urgencies),
        key=lambda schedule: _value(jobs, schedule, objective),
    )


def _value(
    jobs: StationJobs, schedule: StationSchedule, objective: Objective
) -> tuple[float, float]:
    """What is compared: the objective, then the other one."""
    late_s = jobs.weighted_tardiness_s(schedule[1])
    makespan_s = float(schedule[1].max(initial=0.0))
    return (late_s, makespan_s) if objective == "on-time" else (makespan_s, late_s)


def _by_priority_then(
    jobs: StationJobs, key: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Ranks by priority, the larger first, then by a key; equals share a rank."""
    pairs = np.column_stack((-jobs.priority, key))
    _, rank = np.unique(pairs, axis=0, return_inverse=True)
    return rank.ravel().astype(np.float64)


def _improve(
    stations: list[StationJobs],
    schedules: list[StationSchedule],
    deadline: float,
    seed: int,
    params: PackingParams,
) -> tuple[float, int]:
    """Let CP-SAT improve the small late stations, in place.

    Returns
    -------
    bound_s : float
        Lower bound on the weighted tardiness of all stations.
    exact : int
        Stations that CP-SAT looked at.
    """
    bounds_s = [tardiness_bound_s(jobs) for jobs in stations]
    late = [
        index
        for index, (jobs, schedule) in enumerate(zip(stations, schedules, strict=True))
        if len(jobs.job) <= params.exact_jobs
        and jobs.weighted_tardiness_s(schedule[1]) > bounds_s[index] + _TOLERANCE_S
    ]
    for done, index in enumerate(late):
        left_s = deadline - time.perf_counter()
        if left_s <= 0:
            return sum(bounds_s), done
        jobs = stations[index]
        found, bound_s = least_tardiness(
            jobs,
            schedules[index][0],
            bounds_s[index],
            seed=seed,
            deterministic_limit=params.deterministic_limit / len(late),
            time_limit_s=left_s,
        )
        bounds_s[index] = max(bounds_s[index], bound_s)
        if found is not None:
            old = _value(jobs, schedules[index], "on-time")
            if _value(jobs, found, "on-time") < old:
                schedules[index] = found
    return sum(bounds_s), len(late)


def _merge(
    problem: PackingProblem,
    stations: list[StationJobs],
    schedules: list[StationSchedule],
) -> PackingSchedule:
    """Put the stations' schedules back into the order of the problem's jobs."""
    start_s, end_s = np.zeros((2, len(problem.station)))
    packer = np.zeros(len(problem.station), np.int32)
    for jobs, schedule in zip(stations, schedules, strict=True):
        start_s[jobs.job], end_s[jobs.job], packer[jobs.job] = schedule
    return PackingSchedule(start_s, end_s, packer)


def _statistics(
    problem: PackingProblem, schedule: PackingSchedule, bounds_s: list[float]
) -> dict[str, Any]:
    """Report both objectives, whichever was asked for."""
    late_s = np.maximum(0.0, schedule.end_s - problem.due_s)
    return {
        "makespan_s": float(schedule.end_s.max(initial=0.0)),
        "makespan_bound_s": max(bounds_s, default=0.0),
        "station_makespan_bound_s": bounds_s,
        "tardiness_s": float(late_s.sum()),
        "late_jobs": int(np.count_nonzero(late_s > _TOLERANCE_S)),
    }
