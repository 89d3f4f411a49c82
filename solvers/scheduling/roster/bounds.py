"""What no roster beats: jobs out, late weight, tardiness, makespan."""

import math
import time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.scheduling.bounds import tardiness_bound_s
from solvers.scheduling.problem import StationJobs
from solvers.scheduling.roster.capacity import Capacity
from solvers.scheduling.roster.problem import NEVER, PER_S, RosterProblem, Value, Work
from solvers.scheduling.roster.room import NOISE, MissedProgram, RoomRows, spread
from solvers.scheduling.roster.timing_kernels import earliest_ends

_MOST_ROUNDS: Final = 30


def bound(problem: RosterProblem, work: Work, deadline: float) -> Value:
    """Bounds of every level, each for all rosters that leave nobody out needlessly.

    Jobs out and late weight hold for every roster; tardiness and makespan for those
    that leave no job out.

    Parameters
    ----------
    problem : RosterProblem
    work : Work
    deadline : float
        On ``time.perf_counter``; after it, weaker bounds are kept.
    """
    ends = np.zeros(work.duration.shape, np.int64)
    earliest_ends(work, False, ends)
    earliest = ends.min(axis=1, initial=NEVER)
    capacity = Capacity(problem, work)
    last = int(work.shift_end.max(initial=0))
    ones = np.ones(problem.jobs, np.int64)
    unpacked = int((earliest >= NEVER).sum())
    if last < NEVER:
        everyone = np.full(problem.jobs, last)
        unpacked = least_missed(capacity, earliest, everyone, ones, deadline)
    late = least_missed(capacity, earliest, work.due, work.weight, deadline)
    can = earliest < NEVER
    makespan = int(earliest[can].max(initial=0))
    if unpacked == 0:
        makespan = max(makespan, makespan_bound(capacity, earliest))
    tardiness = 0
    if unpacked == 0 and time.perf_counter() < deadline:
        tardiness = _tardiness_bound(work, earliest)
    return Value(unpacked, late, tardiness, makespan)


def least_missed(
    capacity: Capacity,
    earliest: NDArray[np.int64],
    due: NDArray[np.int64],
    weight: NDArray[np.int64],
    deadline: float,
) -> int:
    """Least weight of jobs that end after they are due, or never.

    A job that cannot end in time alone is late. For a set of packers and two times,
    the work that jobs in time need between them, of those that only this set may do,
    is at most what the set can do, see `RoomRows`. The linear programme over these
    rows, of which the broken ones come in a few at a time, is a bound; the weight is a
    whole number.

    Examples
    --------
    Two jobs of 6 s for one packer, both due after 10 s: one is late.

    >>> problem = RosterProblem([0, 0], [10, 10], [0, 0], [0, 0], [6, 6], [0.0],
    ...                         np.ones((2, 1), bool), [1.0], [0.0], [np.inf])
    >>> capacity = Capacity(problem, problem.work)
    >>> alone = np.array([6000, 6000])
    >>> least_missed(capacity, alone, problem.work.due, problem.work.weight, np.inf)
    1
    """
    forced = (earliest > due) | (earliest >= NEVER)
    best = int(weight[forced & (due < NEVER)].sum())
    open_jobs = np.flatnonzero(~forced & (due < NEVER))
    if not len(open_jobs):
        return best
    rows = RoomRows(capacity, open_jobs, due.astype(np.float64))
    program = MissedProgram(weight[open_jobs], rows.kind)
    found = 0.0
    missed = np.zeros(len(open_jobs))
    for _ in range(_MOST_ROUNDS):
        new = rows.broken(1.0 - missed, deadline)
        if not new:
            break
        for row in new:
            program.add(row)
        left_s = deadline - time.perf_counter()
        solved = program.solve(left_s) if left_s > 0 else None
        if solved is None:
            break
        found, missed = solved
    return best + math.ceil(found - NOISE * (1 + found))


def makespan_bound(capacity: Capacity, earliest: NDArray[np.int64]) -> int:
    """Earliest end of the last job, if every job is done.

    Every job alone; and for a set of packers and a time, the work from then on of the
    jobs that only this set may do.
    """
    best = int(earliest.max(initial=0))
    begins = spread(np.unique(capacity.begin))
    never = np.full(len(earliest), math.inf)
    for begin in begins[np.isfinite(begins)].tolist():
        need = capacity.needed(begin, np.array([math.inf]), never)[0]
        for members, only in capacity.classes:
            total = float(need[only].sum())
            low, high = best, NEVER
            room = capacity.available(members, begin, np.array([float(low)]))[0]
            if room >= total - 1.0:
                continue
            while low < high:
                middle = (low + high) // 2
                ends = np.array([float(middle)])
                if capacity.available(members, begin, ends)[0] >= total - 1.0:
                    high = middle
                else:
                    low = middle + 1
            best = low
    return best


def _tardiness_bound(work: Work, earliest: NDArray[np.int64]) -> int:
    """Tardiness if packers had no breaks and were all as fast as a job's fastest."""
    least = np.where(work.duration < 0, NEVER, work.duration).min(axis=1)
    due_s = np.where(work.due < NEVER, work.due / PER_S, np.inf)
    jobs = StationJobs(
        np.arange(len(earliest)),
        (earliest - least) / PER_S,
        due_s,
        least / PER_S,
        (work.weight - 1).astype(np.int32),
        work.shift_start / PER_S,
    )
    # Both the matching and its sum are rounded: a millisecond is left for that.
    return max(0, math.ceil(tardiness_bound_s(jobs) * PER_S - 1.0))
