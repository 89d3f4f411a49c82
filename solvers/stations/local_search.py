"""Level the stations: moves of one job and swaps of two, first improvement."""

import time
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from solvers.stations.problem import StationParams, StationProblem
from solvers.stations.value import longest_job_s

_LEAST_GAIN: Final = 1e-7
_JOBS_PER_CALL: Final = 100


@njit(cache=True)
def _finish(
    members: NDArray[np.int32],
    count: int,
    skip: int,
    extra: int,
    ready: NDArray[np.float64],
    work: NDArray[np.float64],
    load: float,
    packers: int,
) -> float:
    """When a station is done without job ``skip`` and with job ``extra`` (-1: none).

    Jobs are numbered by ready time and members ascend, so one pass from the back
    meets every ready time with all the work that is ready then or later.
    """
    total = 0.0
    finish = 0.0
    i = count - 1
    while i >= 0 or extra >= 0:
        if extra >= 0 and (i < 0 or extra > members[i]):
            job = extra
            extra = -1
        else:
            job = members[i]
            i -= 1
            if job == skip:
                continue
        total += work[job]
        finish = max(finish, ready[job] + total / packers)
    return max(finish, (load + total) / packers)


@njit(cache=True)
def _late(
    members: NDArray[np.int32],
    count: int,
    skip: int,
    extra: int,
    ready: NDArray[np.float64],
    work: NDArray[np.float64],
    due: NDArray[np.float64],
    due_rank: NDArray[np.int32],
    load: float,
    packers: int,
) -> float:
    """Seconds late at a station, served by due time; members ascend by due rank."""
    now = load / packers
    late = 0.0
    i = 0
    while i < count or extra >= 0:
        if extra >= 0 and (i == count or due_rank[extra] < due_rank[members[i]]):
            job = extra
            extra = -1
        else:
            job = members[i]
            i += 1
            if job == skip:
                continue
        now = max(now, ready[job]) + work[job] / packers
        late += max(0.0, max(now, ready[job] + work[job]) - due[job])
    return late


@njit(cache=True)
def _replace(
    members: NDArray[np.int32],
    count: int,
    skip: int,
    extra: int,
    rank: NDArray[np.int32],
) -> int:
    """Take ``skip`` out of the members and put ``extra`` in; return the new count."""
    if skip >= 0:
        i = 0
        while members[i] != skip:
            i += 1
        for k in range(i, count - 1):
            members[k] = members[k + 1]
        count -= 1
    if extra >= 0:
        i = count
        while i > 0 and rank[members[i - 1]] > rank[extra]:
            members[i] = members[i - 1]
            i -= 1
        members[i] = extra
        count += 1
    return count


@njit(cache=True)
def _improve(
    first: int,
    last: int,
    station: NDArray[np.int32],
    members: NDArray[np.int32],
    members_due: NDArray[np.int32],
    counts: NDArray[np.int32],
    total: NDArray[np.float64],
    finish: NDArray[np.float64],
    late: NDArray[np.float64],
    ready: NDArray[np.float64],
    work: NDArray[np.float64],
    due: NDArray[np.float64],
    ready_rank: NDArray[np.int32],
    due_rank: NDArray[np.int32],
    travel: NDArray[np.float64],
    load: NDArray[np.float64],
    packers: NDArray[np.int32],
    lateness_weight: float,
    floor_s: float,
    with_ready: bool,
    with_due: bool,
) -> int:
    """Try moves and swaps of the jobs ``first .. last - 1``; return how many were made.

    ``total``, ``finish`` and ``late`` (S,) hold work and value of each station and are
    kept up to date, as are the members. ``travel`` is already weighted.
    """
    jobs, stations = travel.shape
    made = 0
    for j in range(first, last):
        # partner < stations: move there; else swap with job partner - stations
        for partner in range(stations + jobs):
            a = station[j]
            k = partner - stations
            b = partner if k < 0 else station[k]
            if a == b or (0 <= k < j):
                continue
            gain = travel[j, a] - travel[j, b]
            if k >= 0:
                gain += travel[k, b] - travel[k, a]
            old_top = floor_s
            other_top = floor_s
            for s in range(stations):
                old_top = max(old_top, finish[s])
                if s != a and s != b:
                    other_top = max(other_top, finish[s])
            # The most that can be won: the top down to the other stations' top, and
            # all lateness of the two.
            most = gain + old_top - other_top
            if with_due:
                most += lateness_weight * (late[a] + late[b])
            if most <= _LEAST_GAIN:
                continue
            # Without ready times all work of a station counts from now on, which is
            # its finish; with them, no more than a lower bound that is quick to see.
            change = work[k] - work[j] if k >= 0 else -work[j]
            finish_a = (load[a] + total[a] + change) / packers[a]
            finish_b = (load[b] + total[b] - change) / packers[b]
            most -= max(other_top, finish_a, finish_b) - other_top
            if most <= _LEAST_GAIN:
                continue
            if with_ready:
                finish_a = _finish(
                    members[a], counts[a], j, k, ready, work, load[a], packers[a]
                )
                if most - max(0.0, finish_a - max(other_top, finish_b)) <= _LEAST_GAIN:
                    continue
                finish_b = _finish(
                    members[b], counts[b], k, j, ready, work, load[b], packers[b]
                )
            gain += old_top - max(other_top, max(finish_a, finish_b))
            late_a = late_b = 0.0
            if with_due:
                late_a = _late(
                    members_due[a], counts[a], j, k, ready, work, due, due_rank,
                    load[a], packers[a],
                )  # fmt: skip
                late_b = _late(
                    members_due[b], counts[b], k, j, ready, work, due, due_rank,
                    load[b], packers[b],
                )  # fmt: skip
                gain += lateness_weight * (late[a] + late[b] - late_a - late_b)
            if gain <= _LEAST_GAIN:
                continue
            count_a = _replace(members[a], counts[a], j, k, ready_rank)
            count_b = _replace(members[b], counts[b], k, j, ready_rank)
            _replace(members_due[a], counts[a], j, k, due_rank)
            _replace(members_due[b], counts[b], k, j, due_rank)
            counts[a], counts[b] = count_a, count_b
            station[j] = b
            if k >= 0:
                station[k] = a
            total[a] += change
            total[b] -= change
            finish[a], finish[b] = finish_a, finish_b
            late[a], late[b] = late_a, late_b
            made += 1
    return made


def level(
    problem: StationProblem,
    station: NDArray[np.int32],
    params: StationParams,
    deadline: float = float("inf"),
) -> tuple[NDArray[np.int32], bool]:
    """Improve a choice of stations by moves and swaps until none helps.

    Parameters
    ----------
    problem : StationProblem
    station : ndarray of int32, shape (J,)
    params : StationParams
    deadline : float
        On ``time.perf_counter``; checked after every few jobs.

    Returns
    -------
    station : ndarray of int32, shape (J,)
    converged : bool
        False if the deadline or the number of rounds ended the search.
    """
    jobs, stations = problem.travel.shape
    order = np.argsort(problem.ready_s, kind="stable")
    by_ready = station[order].astype(np.int32)
    due = problem.due_s[order]
    ready_rank = np.arange(jobs, dtype=np.int32)
    due_rank = np.empty(jobs, np.int32)
    due_rank[np.argsort(due, kind="stable")] = ready_rank
    members = np.zeros((stations, jobs + 1), np.int32)
    members_due = np.zeros((stations, jobs + 1), np.int32)
    counts = np.bincount(by_ready, minlength=stations).astype(np.int32)
    finish, late = np.zeros((2, stations))
    ready, work = problem.ready_s[order], problem.work_s[order]
    load, packers = problem.load_s, problem.packers
    total = np.bincount(by_ready, work, minlength=stations).astype(np.float64)
    for s in range(stations):
        mine = np.flatnonzero(by_ready == s).astype(np.int32)
        members[s, : len(mine)] = mine
        members_due[s, : len(mine)] = mine[np.argsort(due_rank[mine])]
        arrays = members[s], len(mine), -1, -1, ready, work
        finish[s] = _finish(*arrays, load[s], packers[s])
        arrays = members_due[s], len(mine), -1, -1, ready, work
        late[s] = _late(*arrays, due, due_rank, load[s], packers[s])
    travel = problem.travel[order] * params.travel_weight
    converged = False
    for _ in range(params.rounds):
        made = 0
        for first in range(0, jobs, _JOBS_PER_CALL):
            made += _improve(
                first,
                min(jobs, first + _JOBS_PER_CALL),
                by_ready,
                members,
                members_due,
                counts,
                total,
                finish,
                late,
                ready,
                work,
                due,
                ready_rank,
                due_rank,
                travel,
                load,
                packers,
                params.lateness_weight,
                longest_job_s(problem),
                bool(ready.any()),
                problem.has_due_times,
            )
            if time.perf_counter() >= deadline:
                break
        else:
            converged = made == 0
            if not converged:
                continue
        break
    improved = np.empty(jobs, np.int32)
    improved[order] = by_ready
    return improved, converged
