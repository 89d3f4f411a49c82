"""Jobs of each packer in their order: from them, times and value follow."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from solvers.scheduling.roster.problem import (
    NEVER,
    NOBODY,
    PER_S,
    Roster,
    Value,
    Work,
)
from solvers.scheduling.roster.timing_kernels import TOO_LATE, route_value


@dataclass(slots=True)
class Routes:
    """Routes that a search changes.

    Parameters
    ----------
    jobs : ndarray of int32, shape (P, J)
        Jobs of each packer in their order, ``counts`` of them.
    counts : ndarray of int32, shape (P,)
    """

    jobs: NDArray[np.int32]
    counts: NDArray[np.int32]

    @classmethod
    def empty(cls, work: Work) -> Self:
        """Nobody does anything."""
        jobs, packers = work.duration.shape
        return cls(np.zeros((packers, jobs), np.int32), np.zeros(packers, np.int32))

    @classmethod
    def of(cls, work: Work, roster: Roster) -> Self:
        """Routes of a roster, in the order of its starts."""
        routes = cls.empty(work)
        order = np.lexsort((roster.end_s, roster.start_s))
        for job in order.tolist():
            packer = roster.packer[job]
            if packer != NOBODY:
                routes.jobs[packer, routes.counts[packer]] = job
                routes.counts[packer] += 1
        return routes

    def value(self, work: Work) -> Value:
        """How good the routes are."""
        return self.timed(work)[1]

    def leave_out_late_ends(self, work: Work) -> None:
        """Take jobs off the routes that do not end within the shift."""
        ends = np.zeros(len(work.ready), np.int64)
        for packer, route in enumerate(self.jobs):
            while (
                route_value(work, packer, route, self.counts[packer], ends)[0]
                == TOO_LATE
            ):
                self.counts[packer] -= 1

    def timed(self, work: Work) -> tuple[Roster, Value]:
        """Times of all jobs and the value, each job as early as its route allows.

        What a packer does not end within the shift is not done.
        """
        self.leave_out_late_ends(work)
        count = len(work.ready)
        packer_of = np.full(count, NOBODY, np.int32)
        end_ms = np.zeros(count, np.int64)
        took_ms = np.zeros(count, np.int64)
        late = tardiness = makespan = 0
        ends = np.zeros(count, np.int64)
        for packer, n in enumerate(self.counts.tolist()):
            route = self.jobs[packer]
            found = route_value(work, packer, route, n, ends)
            late, tardiness = late + int(found[0]), tardiness + int(found[1])
            makespan = max(makespan, int(found[2]))
            mine = route[:n]
            packer_of[mine], end_ms[mine] = packer, ends[:n]
            before = np.concatenate((work.first_kind[[packer]], work.kind[mine[:-1]]))
            again = work.kind[mine] == before[:n]
            took_ms[mine] = work.duration[mine, packer]
            took_ms[mine] += np.where(again, 0, work.setup[work.kind[mine]])
        absent = packer_of == NOBODY
        late += int(work.weight[absent & (work.due < NEVER)].sum())
        roster = Roster(packer_of, (end_ms - took_ms) / PER_S, end_ms / PER_S)
        return roster, Value(int(absent.sum()), late, tardiness, makespan)
