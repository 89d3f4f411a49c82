"""How much work packers can do between two times, and how much jobs must."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.scheduling.roster.problem import NEVER, NOBODY, PER_S, RosterProblem, Work

MOST_CLASSES: Final = 40


class Capacity:
    """Work in milliseconds at speed 1: what packers can do and what jobs need.

    All setups but a packer's first are left out, a job may be shared by packers and
    interrupted, but no more of it is done in a time than its fastest packer does: so no
    schedule does more.

    Parameters
    ----------
    problem : RosterProblem
    work : Work
        The same in milliseconds.
    """

    def __init__(self, problem: RosterProblem, work: Work) -> None:
        self.work = work
        self.speed = problem.speed
        able, kinds = problem.able, np.arange(len(work.setup))
        self.need = np.floor(problem.work_s * PER_S)
        speeds = np.where(able, self.speed, 0.0)
        self.fastest = speeds.max(axis=1, initial=0.0)
        starts = np.where(able, work.shift_start, np.inf).min(axis=1, initial=np.inf)
        self.begin = np.maximum(work.ready, starts)
        shortest = work.setup.min(initial=NEVER, where=np.isin(kinds, work.kind))
        self.first_setup = np.where(work.first_kind == NOBODY, shortest, 0)
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
        """Work that a set of packers can do at most from a time to each end."""
        total: NDArray[np.float64] = self.available_each(members, begin, ends).sum(0)
        return total

    def available_each(
        self, members: NDArray[np.bool_], begin: float, ends: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Work that each of a set of packers can do at most, shape (P, ends).

        A break that may wait lies where it takes least of the time. A packer who has
        not begun yet and is set up for nothing begins with a setup.
        """
        work = self.work
        low = np.maximum(work.shift_start, begin)[:, None]
        high = np.minimum(work.shift_end[:, None], ends)
        time = np.maximum(0.0, high - low)
        owner = np.repeat(np.arange(len(members)), np.diff(work.break_first))
        taken = np.full((len(owner), len(ends)), np.inf)
        for wait in (0, work.break_wait):
            first = (work.break_start + wait)[:, None]
            last = first + work.break_length[:, None]
            overlap = np.minimum(last, high[owner]) - np.maximum(first, low[owner])
            taken = np.minimum(taken, np.maximum(0.0, overlap))
        np.subtract.at(time, owner, taken)
        time -= np.where(work.shift_start >= begin, self.first_setup, 0.0)[:, None]
        mine = (self.speed * members)[:, None]
        return np.maximum(0.0, time) * mine

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
