"""Choice of packing stations: the problem and its answer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.arguments import due_times, keep, numbers, whole_numbers
from warehouse.errors import SolverError


@dataclass(frozen=True, slots=True)
class StationProblem:
    """Jobs (orders or whole trips), each to be packed at one station.

    Time 0 is now.

    Parameters
    ----------
    work_s, ready_s, due_s : ndarray of float64, shape (J,)
        Packing time, earliest start and due time (inf if none) of each job.
    travel : ndarray of float64, shape (J, S)
        Cost of bringing job j to station s.
    load_s : ndarray of float64, shape (S,)
        Packing time already committed to each station.
    packers : ndarray of int32, shape (S,)
        Packers of each station, at least one.

    Raises
    ------
    SolverError
        E301 if arrays differ in shape or type, E302 if a number is negative or not
        finite, or if there are jobs and no station.

    Examples
    --------
    >>> StationProblem([9.0], [0.0], [60.0], [[1.0, -4.0]], [0.0, 0.0], [1, 1])
    Traceback (most recent call last):
    warehouse.errors.SolverError: E302 got travel -4.0; need a finite number, 0 or more
    """

    work_s: NDArray[np.float64]
    ready_s: NDArray[np.float64]
    due_s: NDArray[np.float64]
    travel: NDArray[np.float64]
    load_s: NDArray[np.float64]
    packers: NDArray[np.int32]

    def __post_init__(self) -> None:
        jobs, stations = len(self.work_s), len(self.load_s)
        if jobs and not stations:
            raise SolverError("E302", f"got {jobs} jobs and no station", "need one")
        keep(
            self,
            work_s=numbers("work_s", self.work_s, (jobs,)),
            ready_s=numbers("ready_s", self.ready_s, (jobs,)),
            due_s=due_times("due_s", self.due_s, (jobs,)),
            travel=numbers("travel", self.travel, (jobs, stations)),
            load_s=numbers("load_s", self.load_s, (stations,)),
            packers=whole_numbers("packers", self.packers, (stations,), low=1),
        )

    @property
    def has_due_times(self) -> bool:
        """Whether any job can be late."""
        return bool(np.isfinite(self.due_s).any())


@dataclass(frozen=True, slots=True)
class StationParams:
    """Parameters of `solve`: what counts how much, and when it is solved exactly.

    Parameters
    ----------
    travel_weight : float
        Seconds of the largest finishing time that one unit of travel is worth. Small
        by default: balance first. With travel in seconds, one over the number of
        robots makes it the time of the whole fleet.
    lateness_weight : float
        The same for one second of one job's lateness.
    exact_pairs : int
        Up to this many pairs of job and station go to CP-SAT.
    deterministic_limit : float
        CP-SAT's own clock, close to seconds.
    rounds : int
        Most rounds of the local search.
    """

    travel_weight: float = 0.001
    lateness_weight: float = 1.0
    exact_pairs: int = 2000
    deterministic_limit: float = 0.25
    rounds: int = 50


@dataclass(frozen=True, slots=True)
class StationChoice:
    """The station of each job.

    Parameters
    ----------
    station : ndarray of int32, shape (J,)
    finish_s : ndarray of float64, shape (S,)
        When each station would be done with its load and jobs.
    """

    station: NDArray[np.int32]
    finish_s: NDArray[np.float64]

    def __post_init__(self) -> None:
        self.station.flags.writeable = False
        self.finish_s.flags.writeable = False
