"""What a choice of stations is worth, and what none can beat.

A station is taken as one server with the speed of its packers. It has done its load
and jobs at the latest of: all of them from now on; and for each ready time, the jobs
ready then or later from that time on. For one packer that is exact. Jobs are due as
if served in the order of their due times. The schedule itself is another decision
(`solvers.scheduling`).
"""

import numpy as np
from numpy.typing import NDArray

from solvers.stations.problem import StationParams, StationProblem


def finish_s(
    problem: StationProblem, station: NDArray[np.int32]
) -> NDArray[np.float64]:
    """When each station is done, shape (S,), in seconds."""
    finish = problem.load_s / problem.packers
    order = np.argsort(problem.ready_s, kind="stable")
    for s in range(len(finish)):
        mine = order[station[order] == s]
        work = problem.work_s[mine]
        after = np.cumsum(work[::-1])[::-1]
        finish[s] += work.sum() / problem.packers[s]
        ends = problem.ready_s[mine] + after / problem.packers[s]
        finish[s] = ends.max(initial=finish[s])
    return finish


def lateness_s(problem: StationProblem, station: NDArray[np.int32]) -> float:
    """Seconds that all jobs together are late, served in the order of due times."""
    if not problem.has_due_times:
        return 0.0
    time_s = (problem.load_s / problem.packers).tolist()
    late_s = 0.0
    for job in np.argsort(problem.due_s, kind="stable").tolist():
        s, ready, work = station[job], problem.ready_s[job], problem.work_s[job]
        time_s[s] = max(time_s[s], ready) + work / problem.packers[s]
        late_s += max(0.0, max(time_s[s], ready + work) - problem.due_s[job])
    return float(late_s)


def objective(
    problem: StationProblem, station: NDArray[np.int32], params: StationParams
) -> float:
    """Largest finishing time plus weighted travel and lateness."""
    largest = max(finish_s(problem, station).max(initial=0.0), longest_job_s(problem))
    travel = problem.travel[np.arange(len(station)), station].sum()
    return float(
        largest
        + params.travel_weight * travel
        + params.lateness_weight * lateness_s(problem, station)
    )


def longest_job_s(problem: StationProblem) -> float:
    """When the job that is ready and long would end if it were alone."""
    return float((problem.ready_s + problem.work_s).max(initial=0.0))


def largest_finish_bound_s(problem: StationProblem) -> float:
    """Bound on the largest finishing time: no choice of stations is below.

    All work levelled over the stations on top of their loads; for each ready time,
    the work ready then or later over all packers from then on; the longest job.
    """
    if not len(problem.load_s):
        return 0.0
    # The work fills the stations up to one level, least loaded first: the least over
    # k of (work + loads) / packers of the first k.
    order = np.argsort(problem.load_s / problem.packers, kind="stable")
    loads, packers = np.cumsum(problem.load_s[order]), np.cumsum(problem.packers[order])
    level = ((problem.work_s.sum() + loads) / packers).min()
    by_ready = np.argsort(problem.ready_s, kind="stable")
    after = np.cumsum(problem.work_s[by_ready][::-1])[::-1]
    released = problem.ready_s[by_ready] + after / packers[-1]
    committed = (problem.load_s / problem.packers).max()
    return float(
        max(level, released.max(initial=0.0), committed, longest_job_s(problem))
    )


def objective_bound(problem: StationProblem, params: StationParams) -> float:
    """Bound on the objective: its three parts, each at its own best."""
    travel = problem.travel.min(axis=1).sum() if len(problem.travel) else 0.0
    late = np.maximum(0.0, problem.ready_s + problem.work_s - problem.due_s).sum()
    return float(
        largest_finish_bound_s(problem)
        + params.travel_weight * travel
        + params.lateness_weight * late
    )
