"""Lower bounds on packing by people with shifts, breaks, skills and speeds."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.scheduling.roster.capacity import Capacity
from solvers.scheduling.roster.problem import PER_S, RosterProblem
from solvers.scheduling.roster.timing_kernels import earliest_ends

_LATEST_S: Final = 1e9
_CLOSE_S: Final = 1e-6
_PARTS: Final = 64
"""So many parts of a time are looked at together."""


def alone_ends_s(problem: RosterProblem) -> NDArray[np.float64]:
    """Earliest end of each job on a packer who may do it, shape (J,).

    A job's setup is left out. Every job can be done by somebody.
    """
    work = problem.work
    ends = np.zeros(work.duration.shape, np.int64)
    earliest_ends(work, False, ends)
    return ends.min(axis=1) / PER_S


class ShiftCapacity:
    """When packers can have done some work together.

    Parameters
    ----------
    problem : RosterProblem
        Without jobs: packers with shifts, breaks and speeds.
    station : ndarray of int32, shape (packers,)
    """

    def __init__(self, problem: RosterProblem, station: NDArray[np.int32]) -> None:
        ready = np.zeros(problem.packers, np.int32)  # no setup comes first
        problem = replace(problem, first_kind=ready)
        self._capacity = Capacity(problem, problem.work)
        self._members = [station == s for s in range(int(station.max(initial=-1)) + 1)]

    def filled_s(self, ready_s: NDArray[np.float64], work_s: float) -> float:
        """Second before which packers cannot have done some work.

        Parameters
        ----------
        ready_s : ndarray of float64, shape (stations,)
            When the first of it is at each station.
        work_s : float
            Seconds at speed 1.
        """
        low, high = 0.0, _LATEST_S
        while high - low > _CLOSE_S * (1.0 + low):
            times = np.linspace(low, high, _PARTS + 1)
            enough = self._done_s(ready_s, times) >= work_s
            enough[-1] = True
            first = max(1, int(np.argmax(enough)))
            low, high = float(times[first - 1]), float(times[first])
        return low

    def _done_s(
        self, ready_s: NDArray[np.float64], until_s: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Work that all packers together have done at most by each time."""
        done = np.zeros(len(until_s))
        for members, begin_s in zip(self._members, ready_s.tolist(), strict=True):
            ends = until_s * PER_S
            done += self._capacity.available(members, begin_s * PER_S, ends)
        return done / PER_S
