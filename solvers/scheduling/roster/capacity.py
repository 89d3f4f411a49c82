"""How much work packers can do between two times, and how much jobs must."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.scheduling.roster.problem import PER_S, RosterProblem, Work

MOST_CLASSES: Final = 40


class Capacity:
    """Work in milliseconds at speed 1: what packers can do and what jobs need.

    Setups are left out, a job may be shared by packers and interrupted, but no more of
    it is done in a time than its fastest packer does: so no schedule does more.

    Parameters
    ----------
    problem : RosterProblem
    work : Work
        The same in milliseconds.
    """

    def __init__(self, problem: RosterProblem, work: Work) -> None:
        self.work = work
        self.speed = problem.speed
        able = problem.able
        self.need = np.floor(problem.work_s * PER_S)
        speeds = np.where(able, self.speed, 0.0)
        self.fastest = speeds.max(axis=1, initial=0.0)
        starts = np.where(able, work.shift_start, np.inf).min(axis=1, initial=np.inf)
        self.begin = np.maximum(work.ready, starts)
        self.classes = self._classes(able)

    @staticmethod
    def _classes(
        able: NDArray[np.bool_],
    ) -> list[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
        """Sets of packers, and for each the jobs that nobody outside of it may do.

        All packers, and those who may do a job, for the most frequent sets.
        """
        rows, counts = np.unique(able, axis=0, return_counts=True)
        frequent = rows[np.argsort(-counts, kind="stable")[:MOST_CLASSES]]
        sets = [
            np.ones(able.shape[1], bool),
            *(row for row in frequent if not row.all()),
        ]
        return [(members, ~(able & ~members).any(axis=1)) for members in sets]

    def available(
        self, members: NDArray[np.bool_], begin: float, ends: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Work that a set of packers can do at most from a time to each end.

        A break that may wait lies where it takes least of the time.
        """
        work, total = self.work, np.zeros(len(ends))
        owner = np.repeat(np.arange(len(members)), np.diff(work.break_first))
        end = np.minimum(work.shift_end[:, None], ends)
        length = np.maximum(0.0, end - np.maximum(work.shift_start, begin)[:, None])
        total += (length * (self.speed * members)[:, None]).sum(axis=0)
        low = np.maximum(begin, work.shift_start[owner])[:, None]
        high = np.minimum(ends, work.shift_end[owner][:, None])
        taken = np.inf
        for wait in (np.zeros_like(work.break_wait), work.break_wait):
            first = (work.break_start + wait)[:, None]
            last = first + work.break_length[:, None]
            overlap = np.minimum(last, high) - np.maximum(first, low)
            taken = np.minimum(taken, np.maximum(0.0, overlap))
        weights = (self.speed * members)[owner][:, None]
        return total - (taken * weights).sum(axis=0)

    def needed(
        self, begin: float, ends: NDArray[np.float64], due: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Work that each job needs from a time to each end, if it ends when due.

        Returns
        -------
        ndarray of float64, shape (ends, J)
        """
        late = np.isfinite(due) & np.isfinite(ends[:, None])
        after = np.where(late, due - np.where(late, ends[:, None], 0.0), 0.0)
        after = np.maximum(0.0, after)
        before = np.maximum(0.0, begin - self.begin)
        return np.maximum(0.0, self.need - self.fastest * (before + after))
