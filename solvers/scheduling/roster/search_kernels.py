"""Simulated annealing on routes: what a move costs, and whether it is made."""

from typing import Final, NamedTuple

import numpy as np

from solvers.kernel import kernel, lean_kernel
from solvers.random_words import random_below, random_word
from solvers.scheduling.roster.move_kernels import (
    Change,
    State,
    copy_part,
    cross_tails,
    move_block,
    some_place,
    swap_jobs,
)
from solvers.scheduling.roster.problem import NEVER, Work
from solvers.scheduling.roster.timing_kernels import TOO_LATE, next_end

_LOOKS: Final = 8
"""Packers who are looked at for one with a late job."""
_LEVELLING: Final = 0.01
"""What a millisecond of makespan counts beside one of tardiness, at the makespan."""
OUT, LATE, TARDY, LAST = range(4)
"""Entries of ``State.best``, in the order of `Value`; ``State.total`` has no last."""


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
        _put(state, Change(packer, count, count), packer)
        for i in range(count):
            packed[state.jobs[packer, i]] = True
    for job in range(len(packed)):
        if not packed[job]:
            state.out[state.total[OUT]] = job
            state.total[OUT] += 1
            if work.due[job] < NEVER:
                state.total[LATE] += work.weight[job]
    _keep_best(state)


@lean_kernel
def _keep_best(state: State) -> None:
    for level in range(3):
        state.best[level] = state.total[level]
    state.best[LAST] = 0
    for packer in range(len(state.counts)):
        state.best[LAST] = max(state.best[LAST], state.last[packer])
        state.best_counts[packer] = state.counts[packer]
        for i in range(state.counts[packer]):
            state.best_jobs[packer, i] = state.jobs[packer, i]


@lean_kernel
def _is_best(state: State) -> bool:
    for level in range(3):
        if state.total[level] != state.best[level]:
            return state.total[level] < state.best[level]
    last = np.int64(0)
    for packer in range(len(state.counts)):
        last = max(last, state.last[packer])
    return last < state.best[LAST]


@lean_kernel
def _levelling(last: int, prices: Prices) -> float:
    """Grow steeply towards the makespan: the last routes are made shorter first."""
    share = last / prices.horizon
    share *= share
    share *= share
    return _LEVELLING * prices.horizon / 8 * share * share


@lean_kernel
def _cost_of(
    work: Work,
    state: State,
    prices: Prices,
    packer: int,
    row: int,
    begin: int,
    count: int,
    most: float,
) -> float:
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


@lean_kernel
def _paid(state: State, packer: int, prices: Prices) -> float:
    """What a packer's route costs now."""
    level = _levelling(state.last[packer], prices)
    return state.late[packer] * prices.late + state.tardy[packer] + level


@lean_kernel
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


@lean_kernel
def _most_loss(state: State, temperature: float) -> float:
    """Draw the loss up to which a change is accepted."""
    share = float(random_word(state.random) >> np.uint64(11)) / 2**53
    return -temperature * np.log(max(share, 1e-300))


@lean_kernel
def _try_out_job(work: Work, state: State, prices: Prices, temperature: float) -> None:
    """Try to let somebody do a job that nobody does, in place of another or beside."""
    at = random_below(state.random, state.total[OUT])
    a = random_below(state.random, len(state.counts))
    job, row = state.out[at], len(state.counts)
    if work.duration[job, a] < 0:
        return
    count = state.counts[a]
    j = some_place(work, state, job, work.due[job], a)
    instead = random_below(state.random, 2) == 0 and j < count
    state.jobs[row, j] = job
    n = copy_part(state, a, j + 1 if instead else j, count, row, j + 1)
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


@lean_kernel
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
        one, two = move_block(work, state, a, b)
    elif kind < 7:
        one, two = swap_jobs(work, state, a, b)
    else:
        one, two = cross_tails(work, state, a, b)
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


@lean_kernel
def anneal(
    work: Work, state: State, prices: Prices, temperature: float, moves: int
) -> None:
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
