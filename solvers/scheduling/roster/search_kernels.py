# mypy: disable-error-code="no-any-return"
"""Simulated annealing on routes: blocks and single jobs move, swap, and tails cross."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel
from solvers.random_words import random_below, random_word
from solvers.scheduling.roster.problem import NEVER, Work
from solvers.scheduling.roster.timing_kernels import TOO_LATE, next_end

_LONGEST_BLOCK: Final = 4
_REACH: Final = 4
"""Places to either side at which a job of the same kind is looked for."""
_LOOKS: Final = 8
"""Packers who are looked at for one with a late job."""
_LEVELLING: Final = 0.01
"""What a millisecond of makespan counts beside one of tardiness, at the makespan."""
OUT, LATE, TARDY, LAST = range(4)
"""Entries of ``State.total`` and ``State.best``, in the order of `Value`."""


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
    total : ndarray of int64, shape (4,)
        Jobs out, late, tardiness; the last entry is not kept up to date.
    best_jobs, best_counts, best : ndarray
        The same of the best that was met; ``best`` is complete.
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


class Prices(NamedTuple):
    """What the search pays, in milliseconds.

    Attributes
    ----------
    out, late : float
        For a job that nobody does, and for one late job of weight 1.
    horizon : float
        About the makespan: ends of routes near it count.
    """

    out: float
    late: float
    horizon: float


@kernel
def set_up(work: Work, state: State, prices: Prices) -> None:
    """Compute what `State` holds beside the routes, and take them as the best."""
    packed = np.zeros(len(work.ready), np.bool_)
    state.total[:] = 0
    for packer in range(len(state.counts)):
        count = state.counts[packer]
        _cost_of(work, state, prices, packer, packer, 0, count, np.inf)
        if count > 0:
            state.late[packer] = state.lates[packer, count - 1]
            state.tardy[packer] = state.tardies[packer, count - 1]
            state.last[packer] = state.ends[packer, count - 1]
        state.total[LATE] += state.late[packer]
        state.total[TARDY] += state.tardy[packer]
        for i in range(count):
            packed[state.jobs[packer, i]] = True
    for job in range(len(packed)):
        if not packed[job]:
            state.out[state.total[OUT]] = job
            state.total[OUT] += 1
            if work.due[job] < NEVER:
                state.total[LATE] += work.weight[job]
    _keep_best(state)


@kernel
def _keep_best(state: State) -> None:
    state.best[:3] = state.total[:3]
    state.best[LAST] = 0
    for packer in range(len(state.counts)):
        state.best[LAST] = max(state.best[LAST], state.last[packer])
        state.best_counts[packer] = state.counts[packer]
        for i in range(state.counts[packer]):
            state.best_jobs[packer, i] = state.jobs[packer, i]


@kernel
def _is_best(state: State) -> bool:
    for level in range(3):
        if state.total[level] != state.best[level]:
            return state.total[level] < state.best[level]
    last = np.int64(0)
    for packer in range(len(state.counts)):
        last = max(last, state.last[packer])
    return last < state.best[LAST]


@kernel
def _levelling(last: int, prices: Prices) -> float:
    """Grow steeply towards the makespan: the last routes are made shorter first."""
    share = last / prices.horizon
    share *= share
    share *= share
    return _LEVELLING * prices.horizon / 8 * share * share


@kernel
def _cost_of(work, state, prices, packer, row, begin, count, most):  # type: ignore[no-untyped-def]
    """Time a route from its first change on, until it costs more than ``most``.

    Returns
    -------
    float
        What the route costs; inf if it is more than ``most``, or not all of it ends
        within the shift.
    """
    late, tardy, end = np.int64(0), np.int64(0), np.int64(0)
    if begin == 0:
        free, kind = work.shift_start[packer], work.first_kind[packer]
        rest = work.break_first[packer]
    else:
        at = begin - 1
        free, rest = state.frees[packer, at], state.rests[packer, at]
        late, tardy = state.lates[packer, at], state.tardies[packer, at]
        end, kind = state.ends[packer, at], work.kind[state.jobs[packer, at]]
    for i in range(begin, count):
        job = state.jobs[row, i]
        end, free, rest = next_end(work, packer, job, free, kind, rest)
        if end == TOO_LATE:
            return np.inf
        kind = work.kind[job]
        if end > work.due[job]:
            late += work.weight[job]
            tardy += work.weight[job] * (end - work.due[job])
            if late * prices.late + tardy > most:
                return np.inf
        state.ends[row, i], state.frees[row, i], state.rests[row, i] = end, free, rest
        state.lates[row, i], state.tardies[row, i] = late, tardy
    return late * prices.late + tardy + _levelling(end, prices)


@kernel
def _paid(state: State, packer: int, prices: Prices) -> float:
    """What a packer's route costs now."""
    level = _levelling(state.last[packer], prices)
    return state.late[packer] * prices.late + state.tardy[packer] + level


@kernel
def _put(state: State, change: Change, row: int) -> None:
    """Make a route that was tried the packer's own."""
    packer, count = change.packer, change.length
    state.counts[packer] = count
    for i in range(change.begin, count):
        state.jobs[packer, i] = state.jobs[row, i]
        state.ends[packer, i] = state.ends[row, i]
        state.frees[packer, i] = state.frees[row, i]
        state.rests[packer, i] = state.rests[row, i]
        state.lates[packer, i] = state.lates[row, i]
        state.tardies[packer, i] = state.tardies[row, i]
    late, tardy, last = np.int64(0), np.int64(0), np.int64(0)
    if count > 0:
        late, tardy = state.lates[packer, count - 1], state.tardies[packer, count - 1]
        last = state.ends[packer, count - 1]
    state.total[LATE] += late - state.late[packer]
    state.total[TARDY] += tardy - state.tardy[packer]
    state.late[packer], state.tardy[packer], state.last[packer] = late, tardy, last


@kernel
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


@kernel
def _some_place(work: Work, state: State, job: int, end: int, packer: int) -> int:
    """Place for a job on a route: at its time now, or at any time at which it may be.

    Half of the time each.
    """
    time = end
    if random_below(state.random, 2) == 0:
        latest = min(work.due[job], max(end, work.ready[job] + 1))
        width = min(max(latest - work.ready[job], 1), 2**30)
        time = work.ready[job] + random_below(state.random, width)
    return _near(work, state, packer, time, work.kind[job])


@kernel
def _able(work: Work, state: State, a: int, begin: int, end: int, b: int) -> bool:
    """Whether packer b may do a part of the route of packer a."""
    barred = 0
    for i in range(begin, end):
        barred += work.duration[state.jobs[a, i], b] < 0
    return barred == 0


@kernel
def _copy(state: State, source: int, begin: int, end: int, row: int, at: int) -> int:
    """Copy a part of a route to another row; return where it ends there."""
    for i in range(begin, end):
        state.jobs[row, at] = state.jobs[source, i]
        at += 1
    return at


@kernel
def _move_block(work: Work, state: State, a: int, b: int) -> tuple[Change, Change]:
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
    j = _some_place(work, state, state.jobs[a, i], state.ends[a, i], b)
    if a == b:
        if i <= j <= i + length:
            return none, none
        if j < i:
            n = _copy(state, a, i, i + length, first, j)
            n = _copy(state, a, j, i, first, n)
            n = _copy(state, a, i + length, count, first, n)
        else:
            n = _copy(state, a, i + length, j, first, i)
            n = _copy(state, a, i, i + length, first, n)
            n = _copy(state, a, j, count, first, n)
        return Change(a, min(i, j), n), none
    n = _copy(state, a, i + length, count, first, i)
    m = _copy(state, a, i, i + length, second, j)
    m = _copy(state, b, j, state.counts[b], second, m)
    return Change(a, i, n), Change(b, j, m)


@kernel
def _swap(work: Work, state: State, a: int, b: int) -> tuple[Change, Change]:
    """Let two jobs change places, on one route or two."""
    first, second = len(state.counts), len(state.counts) + 1
    none = Change(a, 0, -1)
    i = random_below(state.random, state.counts[a])
    job = state.jobs[a, i]
    j = _some_place(work, state, job, state.ends[a, i], b)
    if j >= state.counts[b] or (a == b and i == j):
        return none, none
    other = state.jobs[b, j]
    if work.duration[job, b] < 0 or work.duration[other, a] < 0:
        return none, none
    begin = min(i, j) if a == b else i
    n = _copy(state, a, begin, state.counts[a], first, begin)
    state.jobs[first, i] = other
    if a == b:
        state.jobs[first, j] = job
        return Change(a, begin, n), none
    m = _copy(state, b, j, state.counts[b], second, j)
    state.jobs[second, j] = job
    return Change(a, i, n), Change(b, j, m)


@kernel
def _cross_tails(work: Work, state: State, a: int, b: int) -> tuple[Change, Change]:
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
    n = _copy(state, b, j, state.counts[b], first, i)
    m = _copy(state, a, i, state.counts[a], second, j)
    return Change(a, i, n), Change(b, j, m)


@kernel
def _most_loss(state: State, temperature: float) -> float:
    """Draw the loss up to which a change is accepted."""
    share = float(random_word(state.random) >> np.uint64(11)) / 2**53
    return -temperature * np.log(max(share, 1e-300))


@kernel
def _try_out_job(work: Work, state: State, prices: Prices, temperature: float) -> None:
    """Try to let somebody do a job that nobody does, in place of another or beside."""
    at = random_below(state.random, state.total[OUT])
    a = random_below(state.random, len(state.counts))
    job, row = state.out[at], len(state.counts)
    if work.duration[job, a] < 0:
        return
    count = state.counts[a]
    j = _some_place(work, state, job, work.due[job], a)
    instead = random_below(state.random, 2) == 0 and j < count
    state.jobs[row, j] = job
    n = _copy(state, a, j + 1 if instead else j, count, row, j + 1)
    late = -work.weight[job] if work.due[job] < NEVER else 0
    gain = 0.0 if instead else prices.out
    if instead and work.due[state.jobs[a, j]] < NEVER:
        late += work.weight[state.jobs[a, j]]
    gain -= late * prices.late
    most = _most_loss(state, temperature) + gain + _paid(state, a, prices)
    if _cost_of(work, state, prices, a, row, j, n, most) > most:
        return
    other = state.jobs[a, j]
    _put(state, Change(a, j, n), row)
    state.total[LATE] += late
    if instead:
        state.out[at] = other
    else:
        state.total[OUT] -= 1
        state.out[at] = state.out[state.total[OUT]]


@kernel
def _try_move(work: Work, state: State, prices: Prices, temperature: float) -> None:
    """Try to change one route or two; one in four begins where somebody is late."""
    packers = len(state.counts)
    a, b = random_below(state.random, packers), random_below(state.random, packers)
    if random_below(state.random, 4) == 0:
        for _ in range(_LOOKS):
            if state.late[a] > 0:
                break
            a = random_below(state.random, packers)
    if state.counts[a] == 0:
        return
    kind = random_below(state.random, 8)
    if kind < 4:
        one, two = _move_block(work, state, a, b)
    elif kind < 7:
        one, two = _swap(work, state, a, b)
    else:
        one, two = _cross_tails(work, state, a, b)
    if one.length < 0:
        return
    most = _most_loss(state, temperature) + _paid(state, a, prices)
    if two.length >= 0:
        most += _paid(state, b, prices)
    most -= _cost_of(work, state, prices, a, packers, one.begin, one.length, most)
    if two.length >= 0 and most >= 0:
        row = packers + 1
        most -= _cost_of(work, state, prices, b, row, two.begin, two.length, most)
    if most < 0:
        return
    _put(state, one, packers)
    if two.length >= 0:
        _put(state, two, packers + 1)


@kernel
def anneal(work: Work, state: State, prices: Prices, temperature: float, moves: int):  # type: ignore[no-untyped-def]
    """Try moves at one temperature, and keep the best routes that are met.

    Parameters
    ----------
    work : Work
    state : State
        Changed.
    prices : Prices
    temperature : float
        Loss in milliseconds that is accepted with a chance of 1 in e.
    moves : int
    """
    for _ in range(moves):
        if state.total[OUT] > 0 and random_below(state.random, 8) == 0:
            _try_out_job(work, state, prices, temperature)
        else:
            _try_move(work, state, prices, temperature)
        if _is_best(state):
            _keep_best(state)
