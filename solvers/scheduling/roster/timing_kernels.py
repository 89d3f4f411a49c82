"""When a packer who does jobs in a given order is done with each of them."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.scheduling.roster.problem import NEVER, Work

TOO_LATE: Final = -1
"""In place of an end: the job would end after the shift."""


@lean_kernel
def placed_end(
    work: Work, packer: int, ready: int, took: int, free: int, rest: int
) -> tuple[int, int, int]:
    """When a packer who comes free can end something that takes so long.

    Parameters
    ----------
    work : Work
        Of which shifts and breaks count.
    packer : int
    ready, took : int
        From when on it can be begun, and how long it takes with its setup.
    free : int
        When the packer is done with all before.
    rest : int
        The packer's next break.

    Returns
    -------
    end : int
        Or `TOO_LATE`.
    free : int
        When the packer is free after it: later than the end if a break waited.
    rest : int
        The next break then.
    """
    start = max(free, ready)
    last = work.break_first[packer + 1]
    while rest < last and start + took > work.break_start[rest]:
        begin = work.break_start[rest]
        if start < begin and start + took <= begin + work.break_wait[rest]:
            end = start + took
            if end > work.shift_end[packer]:
                return TOO_LATE, free, rest
            return end, end + work.break_length[rest], rest + 1
        start = max(start, begin + work.break_length[rest])
        rest += 1
    end = start + took
    if end > work.shift_end[packer]:
        return TOO_LATE, free, rest
    return end, end, rest


@lean_kernel
def next_end(
    work: Work, packer: int, job: int, free: int, kind: int, rest: int
) -> tuple[int, int, int]:
    """When a packer who comes free can end a job, see `placed_end`.

    Parameters
    ----------
    work : Work
    packer, job : int
        The packer may do the job.
    free : int
        When the packer is done with all before.
    kind : int
        Carton kind of the last job, or -1.
    rest : int
        The packer's next break.
    """
    took = work.duration[job, packer]
    if work.kind[job] != kind:
        took += work.setup[work.kind[job]]
    return placed_end(work, packer, work.ready[job], took, free, rest)


@lean_kernel
def route_value(
    work: Work,
    packer: int,
    route: NDArray[np.int32],
    count: int,
    ends: NDArray[np.int64],
) -> tuple[np.int64, np.int64, np.int64]:
    """Value of jobs that one packer does in this order.

    Parameters
    ----------
    work : Work
    packer : int
    route : ndarray of int32, shape (at least count,)
    count : int
    ends : ndarray of int64, shape (at least count,)
        When each ends is written here.

    Returns
    -------
    late, tardiness, end : int
        As in `Value`; `TOO_LATE` in place of ``late`` if not all end in the shift.
    """
    free = work.shift_start[packer]
    kind = work.first_kind[packer]
    rest = work.break_first[packer]
    late, tardiness, end = np.int64(0), np.int64(0), np.int64(0)
    for i in range(count):
        job = route[i]
        end, free, rest = next_end(work, packer, job, free, kind, rest)
        if end == TOO_LATE:
            return np.int64(TOO_LATE), tardiness, end
        kind = work.kind[job]
        ends[i] = end
        if end > work.due[job]:
            late += work.weight[job]
            tardiness += work.weight[job] * (end - work.due[job])
    return late, tardiness, end


@lean_kernel
def earliest_ends(work: Work, with_setup: bool, ends: NDArray[np.int64]) -> None:
    """When each packer could end each job alone; `NEVER` where that cannot be.

    Parameters
    ----------
    work : Work
    with_setup : bool
        Whether a packer who is set up for another kind needs the setup: as the first
        job. Without it no schedule ends the job earlier.
    ends : ndarray of int64, shape (J, P)
        Written.
    """
    for job in range(ends.shape[0]):
        for packer in range(ends.shape[1]):
            ends[job, packer] = NEVER
            if work.duration[job, packer] < 0:
                continue
            kind = work.first_kind[packer] if with_setup else work.kind[job]
            rest = work.break_first[packer]
            start = work.shift_start[packer]
            end, _, _ = next_end(work, packer, job, start, kind, rest)
            if end != TOO_LATE:
                ends[job, packer] = end
