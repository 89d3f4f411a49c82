"""Moves on routes: blocks and single jobs move, swap, and tails cross."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.random_words import random_below
from solvers.scheduling.roster.problem import Work

_LONGEST_BLOCK: Final = 4
_REACH: Final = 4
"""Places to either side at which a job of the same kind is looked for."""


class State(NamedTuple):
    """Routes with their times and values, and the best that was met.

    Attributes
    ----------
    jobs : ndarray of int32, shape (P + 2, J)
        Routes of the packers; the last two rows are routes that are tried, from their
        first change on.
    counts : ndarray of int32, shape (P,)
    ends, frees, rests, lates, tardies : ndarray of int64, shape (P + 2, J)
        After each job of a route: its end, when the packer is free, the packer's next
        break, and late weight and tardiness so far.
    late, tardy, last : ndarray of int64, shape (P,)
        Value of each route.
    out : ndarray of int32, shape (J,)
        Jobs that nobody does, ``total[OUT]`` of them.
    total : ndarray of int64, shape (3,)
        Jobs out, late weight and tardiness of all routes.
    best_jobs : ndarray of int32, shape (P, J)
    best_counts : ndarray of int32, shape (P,)
    best : ndarray of int64, shape (4,)
        Routes and `Value` of the best that was met.
    random : ndarray of uint64, shape (1,)
    """

    jobs: NDArray[np.int32]
    counts: NDArray[np.int32]
    ends: NDArray[np.int64]
    frees: NDArray[np.int64]
    rests: NDArray[np.int64]
    lates: NDArray[np.int64]
    tardies: NDArray[np.int64]
    late: NDArray[np.int64]
    tardy: NDArray[np.int64]
    last: NDArray[np.int64]
    out: NDArray[np.int32]
    total: NDArray[np.int64]
    best_jobs: NDArray[np.int32]
    best_counts: NDArray[np.int32]
    best: NDArray[np.int64]
    random: NDArray[np.uint64]


class Change(NamedTuple):
    """A route that is tried: from ``begin`` on in a row of ``State.jobs``.

    ``length`` is the number of its jobs, -1 where a change cannot be made.
    """

    packer: int
    begin: int
    length: int


@lean_kernel
def _near(work: Work, state: State, packer: int, time: int, kind: int) -> int:
    """Place on a route at about a time; sometimes beside a job of this kind.

    One in eight is anywhere.
    """
    count = state.counts[packer]
    if random_below(state.random, 8) == 0:
        return random_below(state.random, count + 1)
    low, high = np.int64(0), np.int64(count)
    while low < high:
        middle = (low + high) // 2
        if state.ends[packer, middle] < time:
            low = middle + 1
        else:
            high = middle
    at = low + random_below(state.random, 3) - 1
    at = min(max(at, 0), count)
    if random_below(state.random, 2) == 0:
        for step in range(_REACH):
            ahead, back = at + step, at - step
            if ahead < count and work.kind[state.jobs[packer, ahead]] == kind:
                return ahead
            if 0 < back <= count and work.kind[state.jobs[packer, back - 1]] == kind:
                return back
    return at


@lean_kernel
def some_place(work: Work, state: State, job: int, end: int, packer: int) -> int:
    """Place for a job on a route: at its time now, or at any time at which it may be.

    Half of the time each.
    """
    time = end
    if random_below(state.random, 2) == 0:
        latest = min(work.due[job], max(end, work.ready[job] + 1))
        width = min(max(latest - work.ready[job], 1), 2**30)
        time = work.ready[job] + random_below(state.random, width)
    return _near(work, state, packer, time, work.kind[job])


@lean_kernel
def _able(work: Work, state: State, a: int, begin: int, end: int, b: int) -> bool:
    """Whether packer b may do a part of the route of packer a."""
    barred = 0
    for i in range(begin, end):
        barred += work.duration[state.jobs[a, i], b] < 0
    return barred == 0


@lean_kernel
def copy_part(state: State, a: int, begin: int, end: int, row: int, at: int) -> int:
    """Copy a part of a packer's route to a row; return where it ends there."""
    for i in range(begin, end):
        state.jobs[row, at] = state.jobs[a, i]
        at += 1
    return at


@lean_kernel
def move_block(work: Work, state: State, a: int, b: int) -> tuple[Change, Change]:
    """Take a few jobs that follow each other to another place, on route a or b."""
    first, second = len(state.counts), len(state.counts) + 1
    none = Change(a, 0, -1)
    count = state.counts[a]
    i = random_below(state.random, count)
    length = 1
    while length < min(_LONGEST_BLOCK, count - i) and (
        random_below(state.random, 2) == 0
    ):
        length += 1
    if not _able(work, state, a, i, i + length, b):
        return none, none
    j = some_place(work, state, state.jobs[a, i], state.ends[a, i], b)
    if a == b:
        if i <= j <= i + length:
            return none, none
        if j < i:
            n = copy_part(state, a, i, i + length, first, j)
            n = copy_part(state, a, j, i, first, n)
            n = copy_part(state, a, i + length, count, first, n)
        else:
            n = copy_part(state, a, i + length, j, first, i)
            n = copy_part(state, a, i, i + length, first, n)
            n = copy_part(state, a, j, count, first, n)
        return Change(a, min(i, j), n), none
    n = copy_part(state, a, i + length, count, first, i)
    m = copy_part(state, a, i, i + length, second, j)
    m = copy_part(state, b, j, state.counts[b], second, m)
    return Change(a, i, n), Change(b, j, m)


@lean_kernel
def swap_jobs(work: Work, state: State, a: int, b: int) -> tuple[Change, Change]:
    """Let two jobs change places, on one route or two."""
    first, second = len(state.counts), len(state.counts) + 1
    none = Change(a, 0, -1)
    i = random_below(state.random, state.counts[a])
    job = state.jobs[a, i]
    j = some_place(work, state, job, state.ends[a, i], b)
    if j >= state.counts[b] or (a == b and i == j):
        return none, none
    other = state.jobs[b, j]
    if work.duration[job, b] < 0 or work.duration[other, a] < 0:
        return none, none
    begin = min(i, j) if a == b else i
    n = copy_part(state, a, begin, state.counts[a], first, begin)
    state.jobs[first, i] = other
    if a == b:
        state.jobs[first, j] = job
        return Change(a, begin, n), none
    m = copy_part(state, b, j, state.counts[b], second, j)
    state.jobs[second, j] = job
    return Change(a, i, n), Change(b, j, m)


@lean_kernel
def cross_tails(work: Work, state: State, a: int, b: int) -> tuple[Change, Change]:
    """Let two packers change all jobs from about one time on."""
    first, second = len(state.counts), len(state.counts) + 1
    none = Change(a, 0, -1)
    i = random_below(state.random, state.counts[a])
    kind = work.kind[state.jobs[a, i]]
    j = _near(work, state, b, state.ends[a, i], kind)
    if (
        a == b
        or not _able(work, state, a, i, state.counts[a], b)
        or not _able(work, state, b, j, state.counts[b], a)
    ):
        return none, none
    n = copy_part(state, b, j, state.counts[b], first, i)
    m = copy_part(state, a, i, state.counts[a], second, j)
    return Change(a, i, n), Change(b, j, m)
