"""List schedules of several packers, and late jobs dropped from a route."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel, lean_kernel
from solvers.scheduling.roster.problem import NEVER, NOBODY, Work
from solvers.scheduling.roster.timing_kernels import TOO_LATE, next_end, route_value

EARLIEST_DUE: Final = 0
FIRST_COME: Final = 1
LONGEST: Final = 2
TARDINESS_COST: Final = 3


@lean_kernel
def _urgency(
    work: Work,
    rule: int,
    packer: int,
    job: int,
    kind: int,
    end: int,
    k1: float,
    k2: float,
) -> float:
    """How much a job calls for a packer; the largest is taken."""
    if rule == EARLIEST_DUE:
        return -float(work.due[job])
    if rule == FIRST_COME:
        return -float(work.ready[job])
    if rule == LONGEST:
        return float(work.duration[job, packer])
    took = max(1.0, float(work.duration[job, packer]))
    slack = max(0.0, float(work.due[job] - end))
    setup = 0 if work.kind[job] == kind else work.setup[work.kind[job]]
    return np.log(work.weight[job] / took) - slack / k1 - setup / k2


@kernel
def list_routes(
    work: Work,
    rule: int,
    k1: float,
    k2: float,
    coming: NDArray[np.int64],
    routes: NDArray[np.int32],
    counts: NDArray[np.int32],
) -> None:
    """Let the packer who comes free first take the most urgent job that is ready.

    Parameters
    ----------
    work : Work
    rule : int
        `EARLIEST_DUE`, `FIRST_COME`, `LONGEST` or `TARDINESS_COST`.
    k1, k2 : float
        Milliseconds of slack, and of setup, that lower the urgency of the last rule
        by a factor of e.
    coming : ndarray of int64, shape (J,)
        Jobs in the order in which they are ready.
    routes : ndarray of int32, shape (P, J)
        Written: jobs of each packer, in their order.
    counts : ndarray of int32, shape (P,)
        Written.
    """
    jobs, packers = work.duration.shape
    free = work.shift_start.copy()
    rest = work.break_first[:packers].copy()
    kind = work.first_kind.copy()
    open_jobs = coming.copy()
    left = jobs if packers else 0
    counts[:] = 0
    while left > 0:
        packer = np.argmin(free)
        if free[packer] >= NEVER:
            break
        now = free[packer]
        best, best_urgency, next_ready = -1, 0.0, np.int64(NEVER)
        for at in range(left):
            job = open_jobs[at]
            if work.duration[job, packer] < 0:
                continue
            if work.ready[job] > now:
                next_ready = work.ready[job]
                break
            own = kind[packer]
            end, _, _ = next_end(work, packer, job, now, own, rest[packer])
            if end == TOO_LATE:
                continue
            urgency = _urgency(work, rule, packer, job, own, end, k1, k2)
            if best < 0 or urgency > best_urgency:
                best, best_urgency = at, urgency
        if best < 0:
            free[packer] = next_ready
            continue
        job = open_jobs[best]
        _, free[packer], rest[packer] = next_end(
            work, packer, job, now, kind[packer], rest[packer]
        )
        kind[packer] = work.kind[job]
        routes[packer, counts[packer]] = job
        counts[packer] += 1
        left -= 1
        for at in range(best, left):
            open_jobs[at] = open_jobs[at + 1]


@lean_kernel
def drop_late(
    work: Work,
    packer: int,
    route: NDArray[np.int32],
    count: int,
    ends: NDArray[np.int64],
) -> None:
    """Put jobs of a route to its end until those before them are all in time.

    Where a job is late, the longest for its weight among it and those before it goes,
    as Moore and Hodgson drop jobs on one machine.

    Parameters
    ----------
    work : Work
    packer : int
    route, ends : ndarray, shape (at least count,)
        Written.
    count : int
    """
    kept = count
    while True:
        late_at = NOBODY
        route_value(work, packer, route, count, ends)
        for i in range(kept):
            if ends[i] > work.due[route[i]]:
                late_at = i
                break
        if late_at == NOBODY:
            return
        worst, worst_share = 0, -1.0
        for i in range(late_at + 1):
            job = route[i]
            share = work.duration[job, packer] / work.weight[job]
            if share > worst_share:
                worst, worst_share = i, share
        job = route[worst]
        for i in range(worst, count - 1):
            route[i] = route[i + 1]
        route[count - 1] = job
        kept -= 1
