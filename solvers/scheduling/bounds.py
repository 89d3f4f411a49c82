"""What no schedule of a packing station can beat."""

import heapq
import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.assignment import assign
from solvers.scheduling.problem import StationJobs

_LARGEST_ASSIGNMENT: Final = 300


def makespan_bound_s(jobs: StationJobs) -> float:
    """Earliest possible end of the last job of a station; 0 without jobs.

    For each ready time r: all work that is ready at or after r, spread evenly over the
    packers from r (or from when they come free); and each job alone. On one packer
    this is attained.

    Examples
    --------
    One second of work that comes at 10 s ends at 11 s, however many packers wait.

    >>> one = np.ones(2)
    >>> jobs = StationJobs(
    ...     np.arange(2), np.array([0.0, 10.0]), one, one, one, np.zeros(2))
    >>> makespan_bound_s(jobs)
    11.0
    """
    if not len(jobs.job):
        return 0.0
    alone = np.maximum(jobs.ready_s, jobs.free_s.min()) + jobs.work_s
    order = np.argsort(jobs.ready_s)
    # Row i: all work that is ready with job i or after it. Among equal ready times
    # the first row has all of it.
    work_s = np.cumsum(jobs.work_s[order][::-1])[::-1]
    free = np.sort(np.maximum(jobs.free_s, jobs.ready_s[order][:, None]), axis=1)
    # With the k packers that come free first: (work + their free times) / k. The
    # least over k is where the level of work meets the next packer.
    counts = np.arange(1, len(jobs.free_s) + 1)
    ends = (work_s[:, None] + np.cumsum(free, axis=1)) / counts
    return float(max(alone.max(), ends.min(axis=1).max()))


def tardiness_bound_s(jobs: StationJobs) -> float:
    """Weighted seconds late that no schedule of a station is under.

    No schedule completes its k-th job before the k-th completion of the shortest
    remaining processing time rule on one packer with the speed of all. Giving each
    job one of these completion times, but none before its own ready time and work,
    at the least weighted tardiness is an assignment problem. Beyond 300 jobs the
    weights are dropped and completion times and due times are matched in order.

    Source: Chu, C. (1992), A branch-and-bound algorithm to minimize total tardiness
    with different release dates, https://doi.org/10.1002/1520-6750(199203)39:2<265::
    AID-NAV3220390209>3.0.CO;2-L; the assignment with weights is added here.

    Examples
    --------
    Two jobs of 5 s, both due after 5 s: one of them is 5 s late.

    >>> five, zero = np.full(2, 5.0), np.zeros(2)
    >>> jobs = StationJobs(
    ...     np.arange(2), zero, five, five, np.zeros(2, int), np.zeros(1))
    >>> tardiness_bound_s(jobs)
    5.0
    """
    if not len(jobs.job):
        return 0.0
    alone = np.maximum(jobs.ready_s, jobs.free_s.min()) + jobs.work_s
    at_least = jobs.weighted_tardiness_s(alone)
    completions = np.maximum(_shortest_remaining_first(jobs), np.sort(alone))
    if len(jobs.job) > _LARGEST_ASSIGNMENT:
        matched = np.maximum(0.0, completions - np.sort(jobs.due_s)).sum()
        return max(at_least, float(matched))
    late_s = np.maximum(completions, alone[:, None]) - jobs.due_s[:, None]
    late_s = np.maximum(0.0, late_s) * (1 + jobs.priority[:, None])
    # Whole milliseconds, rounded down but for the noise of floating point.
    late_ms = np.floor(late_s * 1000 + 1e-6).astype(np.int64)
    pairs = assign(late_ms)
    return max(at_least, int(late_ms[pairs[:, 0], pairs[:, 1]].sum()) / 1000)


def _shortest_remaining_first(jobs: StationJobs) -> NDArray[np.float64]:
    """Completion times, ascending, when all free packers share the shortest job.

    Source: Schrage, L. (1968), A proof of the optimality of the shortest remaining
    processing time discipline, https://doi.org/10.1287/opre.16.3.687.
    """
    coming = np.argsort(jobs.ready_s, kind="stable")
    ready, work = jobs.ready_s[coming].tolist(), jobs.work_s[coming].tolist()
    frees = sorted(jobs.free_s.tolist())
    remaining: list[float] = []
    completions: list[float] = []
    time_s, arrived, packers = 0.0, 0, 0
    while len(completions) < len(work):
        while arrived < len(ready) and ready[arrived] <= time_s:
            heapq.heappush(remaining, work[arrived])
            arrived += 1
        while packers < len(frees) and frees[packers] <= time_s:
            packers += 1
        next_s = min(
            ready[arrived] if arrived < len(ready) else math.inf,
            frees[packers] if packers < len(frees) else math.inf,
        )
        if not remaining or not packers:
            time_s = next_s
        elif time_s + remaining[0] / packers <= next_s:
            time_s += heapq.heappop(remaining) / packers
            completions.append(time_s)
        else:
            left = remaining[0] - (next_s - time_s) * packers
            heapq.heapreplace(remaining, max(0.0, left))
            time_s = next_s
    return np.array(completions)
