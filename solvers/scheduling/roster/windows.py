"""CP-SAT on windows: a few jobs of two packers, all else as it is.

What comes before a window fixes when each packer is free and what for; what comes after
it fixes by when the packer has to be done. The window's roster is the hint.
"""

import time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.result import Stop
from solvers.scheduling.roster.exact import solve_exactly
from solvers.scheduling.roster.problem import PER_S, Value, Work
from solvers.scheduling.roster.routes import Routes
from solvers.scheduling.roster.timing_kernels import next_end

_JOBS_OF_A_PACKER: Final = 5
_LIMIT_S: Final = 0.2
"""CP-SAT's own clock, close to seconds, for each level of a window."""


def improve_windows(
    work: Work, routes: Routes, stop: Stop, windows: int, *, seed: int
) -> Routes:
    """Solve windows about late jobs, one after another, and keep what is better.

    Parameters
    ----------
    work : Work
    routes : Routes
        Every job on them ends within the shift.
    stop : Stop
        Only the time limit and the wish to stop count.
    windows : int
        How many, at most.
    seed : int
    """
    rng = np.random.default_rng(seed)
    best, value = routes.copy(), routes.value(work)
    deadline = stop.deadline()
    for _ in range(windows):
        if time.perf_counter() >= deadline or stop.interrupted():
            break
        chosen = _choose(work, best, rng)
        if chosen is None:
            break
        packers, begins = chosen
        tried = _solved(work, best, packers, begins, deadline, seed)
        found = tried.value(work)
        if found < value:
            best, value = tried, found
    return best


def _choose(
    work: Work, routes: Routes, rng: np.random.Generator
) -> tuple[NDArray[np.int64], list[int]] | None:
    """Draw a late job, its packer and one who may do it; places where windows begin.

    None where nobody is late.
    """
    roster, _ = routes.timed(work)
    end_ms = np.round(roster.end_s * PER_S)
    late = np.flatnonzero((end_ms > work.due) & (roster.packer >= 0))
    if not len(late):
        return None
    job = int(rng.choice(late))
    own = int(roster.packer[job])
    others = np.flatnonzero(work.duration[job] >= 0)
    others = others[others != own]
    packers = np.array([own, *rng.permutation(others)[:1]], np.int64)
    begins = []
    for packer in packers.tolist():
        count = int(routes.counts[packer])
        ends = end_ms[routes.jobs[packer, :count]]
        at = int(np.searchsorted(ends, end_ms[job]))
        begins.append(max(0, at + 1 - int(rng.integers(1, _JOBS_OF_A_PACKER + 1))))
    return packers, begins


def _solved(
    work: Work,
    routes: Routes,
    packers: NDArray[np.int64],
    begins: list[int],
    deadline: float,
    seed: int,
) -> Routes:
    """Return routes with the windows that begin at these places solved anew."""
    ends = [
        min(begin + _JOBS_OF_A_PACKER, int(routes.counts[packer]))
        for packer, begin in zip(packers.tolist(), begins, strict=True)
    ]
    parts = [
        routes.jobs[packer, begin:end]
        for packer, begin, end in zip(packers.tolist(), begins, ends, strict=True)
    ]
    jobs = np.concatenate(parts)
    part = _part(work, routes, packers, begins, ends, jobs)
    hint = Routes.empty(part)
    first = 0
    for row, own in enumerate(parts):
        hint.jobs[row, : len(own)] = np.arange(first, first + len(own))
        hint.counts[row] = len(own)
        first += len(own)
    found, _ = solve_exactly(
        part, hint, Value(0, 0, 0, 0), deadline, seed=seed, deterministic_limit=_LIMIT_S
    )
    tried = routes.copy()
    for row, packer in enumerate(packers.tolist()):
        after = routes.jobs[packer, ends[row] : routes.counts[packer]]
        window = jobs[found.jobs[row, : found.counts[row]]]
        route = np.concatenate((routes.jobs[packer, : begins[row]], window, after))
        tried.jobs[packer, : len(route)] = route
        tried.counts[packer] = len(route)
    return tried


def _part(
    work: Work,
    routes: Routes,
    packers: NDArray[np.int64],
    begins: list[int],
    ends: list[int],
    jobs: NDArray[np.int32],
) -> Work:
    """Return the work of a window: its jobs and packers, from when these are free.

    A packer has to be done when the job after the window begins.
    """
    free, kind, until, rests = [], [], [], []
    for packer, begin, end in zip(packers.tolist(), begins, ends, strict=True):
        state = _state(work, routes, packer, begin)
        free.append(state[0])
        kind.append(state[1])
        rests.append(np.arange(state[2], work.break_first[packer + 1]))
        last = int(work.shift_end[packer])
        if end < routes.counts[packer]:
            before = _state(work, routes, packer, end)
            job = int(routes.jobs[packer, end])
            after, _, _ = next_end(work, packer, job, *before)
            took = int(work.duration[job, packer])
            took += (
                0 if work.kind[job] == before[1] else int(work.setup[work.kind[job]])
            )
            last = after - took
        until.append(last)
    rest = np.concatenate(rests).astype(np.int64)
    counts = [len(own) for own in rests]
    return work._replace(
        ready=work.ready[jobs],
        due=work.due[jobs],
        weight=work.weight[jobs],
        kind=work.kind[jobs],
        duration=np.ascontiguousarray(work.duration[jobs][:, packers]),
        first_kind=np.array(kind, np.int32),
        shift_start=np.array(free, np.int64),
        shift_end=np.array(until, np.int64),
        break_first=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        break_start=work.break_start[rest],
        break_length=work.break_length[rest],
        break_wait=work.break_wait[rest],
    )


def _state(work: Work, routes: Routes, packer: int, count: int) -> tuple[int, int, int]:
    """When a packer is free after some jobs, set up for what, and the next break."""
    free, kind = int(work.shift_start[packer]), int(work.first_kind[packer])
    rest = int(work.break_first[packer])
    for job in routes.jobs[packer, :count].tolist():
        _, free, rest = next_end(work, packer, job, free, kind, rest)
        kind = int(work.kind[job])
    return free, kind, rest
