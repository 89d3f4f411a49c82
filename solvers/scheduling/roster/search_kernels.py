# mypy: disable-error-code="no-any-return"
"""Simulated annealing on routes: blocks and single jobs move, swap, and tails cross."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel
from solvers.random_words import random_below, random_word
from solvers.scheduling.roster.problem import NEVER, NOBODY, Work
from solvers.scheduling.roster.timing_kernels import TOO_LATE, route_value

_LONGEST_BLOCK: Final = 4
_LEVELLING: Final = 0.01
"""What a millisecond of makespan counts beside one of tardiness, at the makespan."""
OUT, LATE, TARDY, LAST = range(4)
"""Entries of ``State.total`` and ``State.best``, in the order of `Value`."""


class State(NamedTuple):
    """Routes with their values, and the best that was met.

    Attributes
    ----------
    jobs : ndarray of int32, shape (P, J)
    counts : ndarray of int32, shape (P,)
    ends : ndarray of int64, shape (P, J)
        End of each job on the routes.
    late, tardy, last : ndarray of int64, shape (P,)
        Value of each route.
    out : ndarray of int32, shape (J,)
        Jobs that nobody does, ``total[OUT]`` of them.
    total : ndarray of int64, shape (4,)
        Jobs out, late, tardiness; the last entry is not kept up to date.
    best_jobs, best_counts, best : ndarray
        The same of the best that was met; ``best`` is complete.
    first, second : ndarray of int32, shape (J,)
        Routes that are tried.
    first_ends, second_ends : ndarray of int64, shape (J,)
    random : ndarray of uint64, shape (1,)
    """

    jobs: NDArray[np.int32]
    counts: NDArray[np.int32]
    ends: NDArray[np.int64]
    late: NDArray[np.int64]
    tardy: NDArray[np.int64]
    last: NDArray[np.int64]
    out: NDArray[np.int32]
    total: NDArray[np.int64]
    best_jobs: NDArray[np.int32]
    best_counts: NDArray[np.int32]
    best: NDArray[np.int64]
    first: NDArray[np.int32]
    second: NDArray[np.int32]
    first_ends: NDArray[np.int64]
    second_ends: NDArray[np.int64]
    random: NDArray[np.uint64]


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
def set_up(work: Work, state: State) -> None:
    """Compute what `State` holds beside the routes, and take them as the best."""
    packed = np.zeros(len(work.ready), np.bool_)
    state.total[:] = 0
    for packer in range(len(state.counts)):
        count = state.counts[packer]
        late, tardy, last = route_value(
            work, packer, state.jobs[packer], count, state.ends[packer]
        )
        state.late[packer], state.tardy[packer] = late, tardy
        state.last[packer] = last
        state.total[LATE] += late
        state.total[TARDY] += tardy
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
def _near(state: State, packer: int, time: int) -> int:
    """Place on a route at about a time, or anywhere."""
    count = state.counts[packer]
    if random_below(state.random, 4) == 0:
        return random_below(state.random, count + 1)
    low, high = np.int64(0), np.int64(count)
    while low < high:
        middle = (low + high) // 2
        if state.ends[packer, middle] < time:
            low = middle + 1
        else:
            high = middle
    at = low + random_below(state.random, 3) - 1
    return min(max(at, 0), count)


@kernel
def _able(work: Work, route, begin: int, end: int, packer: int) -> bool:  # type: ignore[no-untyped-def]
    barred = 0
    for i in range(begin, end):
        barred += work.duration[route[i], packer] < 0
    return barred == 0


@kernel
def _copy(source, begin: int, end: int, target, at: int) -> int:  # type: ignore[no-untyped-def]
    """Copy a part of a route; return where it ends in the target."""
    for i in range(begin, end):
        target[at] = source[i]
        at += 1
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
    return _near(state, packer, time)


@kernel
def _move_block(work: Work, state: State, a: int, b: int) -> tuple[int, int]:
    """Take a few jobs that follow each other to another place, on route a or b."""
    route, count = state.jobs[a], state.counts[a]
    i = random_below(state.random, count)
    length = 1
    while length < min(_LONGEST_BLOCK, count - i) and (
        random_below(state.random, 2) == 0
    ):
        length += 1
    if not _able(work, route, i, i + length, b):
        return -1, -1
    j = _some_place(work, state, route[i], state.ends[a, i], b)
    if a == b:
        if i <= j <= i + length:
            return -1, -1
        if j < i:
            n = _copy(route, 0, j, state.first, 0)
            n = _copy(route, i, i + length, state.first, n)
            n = _copy(route, j, i, state.first, n)
            n = _copy(route, i + length, count, state.first, n)
        else:
            n = _copy(route, 0, i, state.first, 0)
            n = _copy(route, i + length, j, state.first, n)
            n = _copy(route, i, i + length, state.first, n)
            n = _copy(route, j, count, state.first, n)
        return n, -1
    n = _copy(route, 0, i, state.first, 0)
    n = _copy(route, i + length, count, state.first, n)
    m = _copy(state.jobs[b], 0, j, state.second, 0)
    m = _copy(route, i, i + length, state.second, m)
    m = _copy(state.jobs[b], j, state.counts[b], state.second, m)
    return n, m


@kernel
def _swap(work: Work, state: State, a: int, b: int) -> tuple[int, int]:
    """Let two jobs change places, on one route or two."""
    i = random_below(state.random, state.counts[a])
    job = state.jobs[a, i]
    j = _some_place(work, state, job, state.ends[a, i], b)
    if j >= state.counts[b] or (a == b and i == j):
        return -1, -1
    other = state.jobs[b, j]
    if work.duration[job, b] < 0 or work.duration[other, a] < 0:
        return -1, -1
    n = _copy(state.jobs[a], 0, state.counts[a], state.first, 0)
    state.first[i] = other
    if a == b:
        state.first[j] = job
        return n, -1
    m = _copy(state.jobs[b], 0, state.counts[b], state.second, 0)
    state.second[j] = job
    return n, m


@kernel
def _cross_tails(work: Work, state: State, a: int, b: int) -> tuple[int, int]:
    """Let two packers change all jobs from about one time on."""
    i = random_below(state.random, state.counts[a])
    j = _near(state, b, state.ends[a, i])
    if (
        a == b
        or not _able(work, state.jobs[a], i, state.counts[a], b)
        or not _able(work, state.jobs[b], j, state.counts[b], a)
    ):
        return -1, -1
    n = _copy(state.jobs[a], 0, i, state.first, 0)
    n = _copy(state.jobs[b], j, state.counts[b], state.first, n)
    m = _copy(state.jobs[b], 0, j, state.second, 0)
    m = _copy(state.jobs[a], i, state.counts[a], state.second, m)
    return n, m


@kernel
def _take_in(work: Work, state: State, a: int, at: int) -> tuple[int, int]:
    """Put a job that nobody does on a route, in place of another or beside it."""
    job = state.out[at]
    if work.duration[job, a] < 0:
        return -1, NOBODY
    j = _some_place(work, state, job, work.due[job], a)
    count = state.counts[a]
    instead = random_below(state.random, 2) == 0 and j < count
    n = _copy(state.jobs[a], 0, j, state.first, 0)
    state.first[n] = job
    n = _copy(state.jobs[a], j + 1 if instead else j, count, state.first, n + 1)
    return n, state.jobs[a, j] if instead else NOBODY


@kernel
def _accept(state: State, loss: float, temperature: float) -> bool:
    if loss <= 0:
        return True
    share = float(random_word(state.random) >> np.uint64(11)) / 2**53
    return loss < -temperature * np.log(max(share, 1e-300))


@kernel
def _put(state: State, packer: int, count: int, route, ends, value) -> None:  # type: ignore[no-untyped-def]
    """Make a route that was tried the packer's own."""
    state.counts[packer] = count
    for i in range(count):
        state.jobs[packer, i] = route[i]
        state.ends[packer, i] = ends[i]
    state.total[LATE] += value[0] - state.late[packer]
    state.total[TARDY] += value[1] - state.tardy[packer]
    state.late[packer], state.tardy[packer], state.last[packer] = value


@kernel
def _loss(state: State, packer: int, value, prices: Prices) -> float:  # type: ignore[no-untyped-def]
    """What a packer's route costs more than before."""
    late = value[0] - state.late[packer]
    tardy = value[1] - state.tardy[packer]
    level = _levelling(value[2], prices) - _levelling(state.last[packer], prices)
    return late * prices.late + tardy + level


@kernel
def _try_out_job(work: Work, state: State, prices: Prices, temperature: float) -> None:
    """Try to let somebody do a job that nobody does."""
    at = random_below(state.random, state.total[OUT])
    a = random_below(state.random, len(state.counts))
    job = state.out[at]
    n, instead = _take_in(work, state, a, at)
    if n < 0:
        return
    value = route_value(work, a, state.first, n, state.first_ends)
    if value[0] == TOO_LATE:
        return
    late = -work.weight[job] if work.due[job] < NEVER else 0
    loss = 0.0
    if instead == NOBODY:
        loss -= prices.out
    elif work.due[instead] < NEVER:
        late += work.weight[instead]
    loss += _loss(state, a, value, prices) + late * prices.late
    if not _accept(state, loss, temperature):
        return
    _put(state, a, n, state.first, state.first_ends, value)
    state.total[LATE] += late
    if instead == NOBODY:
        state.total[OUT] -= 1
        state.out[at] = state.out[state.total[OUT]]
    else:
        state.out[at] = instead


@kernel
def _try_move(work: Work, state: State, prices: Prices, temperature: float) -> None:
    """Try to change one route or two."""
    packers = len(state.counts)
    a, b = random_below(state.random, packers), random_below(state.random, packers)
    if state.counts[a] == 0:
        return
    kind = random_below(state.random, 8)
    if kind < 4:
        n, m = _move_block(work, state, a, b)
    elif kind < 7:
        n, m = _swap(work, state, a, b)
    else:
        n, m = _cross_tails(work, state, a, b)
    if n < 0:
        return
    value = route_value(work, a, state.first, n, state.first_ends)
    if value[0] == TOO_LATE:
        return
    loss = _loss(state, a, value, prices)
    if m < 0:
        if _accept(state, loss, temperature):
            _put(state, a, n, state.first, state.first_ends, value)
        return
    other = route_value(work, b, state.second, m, state.second_ends)
    if other[0] == TOO_LATE:
        return
    if _accept(state, loss + _loss(state, b, other, prices), temperature):
        _put(state, a, n, state.first, state.first_ends, value)
        _put(state, b, m, state.second, state.second_ends, other)


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
