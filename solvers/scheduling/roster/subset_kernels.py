"""The best route of a packer for every set of few jobs, and the best way to part them.

Dynamic programming over sets (after Held, M. and Karp, R. M. (1962), A dynamic
programming approach to sequencing problems, https://doi.org/10.1137/0110015), with
several labels for a set where none of them is better in everything.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel, lean_kernel
from solvers.scheduling.roster.problem import NEVER, Work
from solvers.scheduling.roster.timing_kernels import TOO_LATE, next_end

NONE: Final = -1


class Labels(NamedTuple):
    """Routes of one packer, each a label; a set of jobs is a number in binary.

    Attributes
    ----------
    late, tardy, end, free, rest : ndarray of int64, shape (labels,)
        Value and state after the last job.
    job, before, after : ndarray of int32, shape (labels,)
        Last job, the label without it, and the next label of the same set.
    head, best : ndarray of int32, shape (sets,)
        First label of each set, and the best one; -1 for none.
    """

    late: NDArray[np.int64]
    tardy: NDArray[np.int64]
    end: NDArray[np.int64]
    free: NDArray[np.int64]
    rest: NDArray[np.int64]
    job: NDArray[np.int32]
    before: NDArray[np.int32]
    after: NDArray[np.int32]
    head: NDArray[np.int32]
    best: NDArray[np.int32]


@lean_kernel
def _is_new(work: Work, labels: Labels, into: int, one: int) -> bool:
    """Whether no label of a set is as good in everything; drop those that are worse."""
    previous, other = NONE, labels.head[into]
    kind = work.kind[labels.job[one]]
    while other != NONE:
        following = labels.after[other]
        if work.kind[labels.job[other]] == kind:
            better = (
                labels.late[other] <= labels.late[one]
                and labels.tardy[other] <= labels.tardy[one]
                and labels.free[other] <= labels.free[one]
                and labels.end[other] <= labels.end[one]
            )
            if better:
                return False
            worse = (
                labels.late[other] >= labels.late[one]
                and labels.tardy[other] >= labels.tardy[one]
                and labels.free[other] >= labels.free[one]
                and labels.end[other] >= labels.end[one]
            )
            if worse:
                if previous == NONE:
                    labels.head[into] = following
                else:
                    labels.after[previous] = following
                other = following
                continue
        previous, other = other, following
    return True


@kernel
def best_routes(work: Work, packer: int, labels: Labels) -> bool:
    """Find the best route of a packer for every set of jobs.

    Parameters
    ----------
    work : Work
        Of up to 20 jobs.
    packer : int
    labels : Labels
        Written.

    Returns
    -------
    bool
        False if there is no room for all labels.
    """
    jobs, room = len(work.ready), len(labels.late)
    labels.head[:] = NONE
    labels.best[:] = NONE
    labels.late[0], labels.tardy[0], labels.end[0] = 0, 0, 0
    labels.free[0] = work.shift_start[packer]
    labels.rest[0] = work.break_first[packer]
    labels.job[0], labels.before[0], labels.after[0] = NONE, NONE, NONE
    labels.head[0] = 0
    made = 1
    for done in range(len(labels.head)):
        label = labels.head[done]
        while label != NONE:
            best = labels.best[done]
            if best == NONE or _less(labels, label, best):
                labels.best[done] = label
            kind = work.first_kind[packer]
            if labels.job[label] != NONE:
                kind = work.kind[labels.job[label]]
            for job in range(jobs):
                if done >> job & 1 or work.duration[job, packer] < 0:
                    continue
                if made == room:
                    return False
                end, free, rest = next_end(
                    work, packer, job, labels.free[label], kind, labels.rest[label]
                )
                if end == TOO_LATE:
                    continue
                over = max(0, end - work.due[job])
                late = work.weight[job] if over > 0 else 0
                labels.late[made] = labels.late[label] + late
                labels.tardy[made] = labels.tardy[label] + over * work.weight[job]
                labels.end[made], labels.free[made], labels.rest[made] = end, free, rest
                labels.job[made], labels.before[made] = job, label
                into = done | 1 << job
                if _is_new(work, labels, into, made):
                    labels.after[made] = labels.head[into]
                    labels.head[into] = made
                    made += 1
            label = labels.after[label]
    return True


@lean_kernel
def _less(labels: Labels, one: int, other: int) -> bool:
    if labels.late[one] != labels.late[other]:
        return labels.late[one] < labels.late[other]
    if labels.tardy[one] != labels.tardy[other]:
        return labels.tardy[one] < labels.tardy[other]
    return labels.end[one] < labels.end[other]


@kernel
def add_packer(
    labels: Labels,
    before: NDArray[np.int64],
    after: NDArray[np.int64],
    taken: NDArray[np.int32],
) -> None:
    """Part every set of jobs between the packers so far and one more.

    Parameters
    ----------
    labels : Labels
        Best routes of the packer.
    before, after : ndarray of int64, shape (3, sets)
        Late weight, tardiness and last end of every set without and with the packer;
        a late weight of `NEVER` where a set cannot be done. The second is written.
    taken : ndarray of int32, shape (sets,)
        Written: what the packer does of each set.
    """
    after[0, :] = NEVER
    for both in range(len(taken)):
        own = both
        while True:
            label, rest = labels.best[own], both ^ own
            if label != NONE and before[0, rest] < NEVER:
                late = before[0, rest] + labels.late[label]
                tardy = before[1, rest] + labels.tardy[label]
                end = max(before[2, rest], labels.end[label])
                if (
                    late < after[0, both]
                    or (late == after[0, both] and tardy < after[1, both])
                    or (
                        late == after[0, both]
                        and tardy == after[1, both]
                        and end < after[2, both]
                    )
                ):
                    after[0, both], after[1, both], after[2, both] = late, tardy, end
                    taken[both] = own
            if own == 0:
                break
            own = (own - 1) & both
