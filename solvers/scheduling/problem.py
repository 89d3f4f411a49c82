"""Scheduling of packing stations: the problem and its answer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.arguments import due_times, indices, keep, numbers, whole_numbers


@dataclass(frozen=True, slots=True)
class PackingProblem:
    """Jobs that wait for the packers of their station.

    Parameters
    ----------
    station : ndarray of int32, shape (J,)
        Station of each job.
    ready_s, due_s, work_s : ndarray of float64, shape (J,)
        Earliest start, due time (inf if none) and packing time in seconds.
    priority : ndarray of int32, shape (J,)
        Larger is more urgent; a late job counts ``1 + priority`` times.
    packers : ndarray of int32, shape (S,)
        Packers of each station, at least one; each packs one job at a time.
    free_s : ndarray of float64, shape (sum of packers,), optional
        When each packer is done with what has been started, station after station;
        0 by default. This is how a rolling horizon hands on what is committed.

    Raises
    ------
    SolverError
        E301 if arrays differ in shape or type, E302 if a number is negative or not
        finite, E303 if a station does not exist.

    Examples
    --------
    >>> PackingProblem([0], [0.0], [60.0], [0], [float("nan")], [1])
    Traceback (most recent call last):
    warehouse.errors.SolverError: E302 got work_s nan; need a finite number, 0 or more
    """

    station: NDArray[np.int32]
    ready_s: NDArray[np.float64]
    due_s: NDArray[np.float64]
    priority: NDArray[np.int32]
    work_s: NDArray[np.float64]
    packers: NDArray[np.int32]
    free_s: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        jobs, stations = len(self.station), len(self.packers)
        keep(
            self,
            station=indices("station", self.station, (jobs,), stations),
            ready_s=numbers("ready_s", self.ready_s, (jobs,)),
            due_s=due_times("due_s", self.due_s, (jobs,)),
            priority=whole_numbers("priority", self.priority, (jobs,)),
            work_s=numbers("work_s", self.work_s, (jobs,)),
            packers=whole_numbers("packers", self.packers, (stations,), low=1),
        )
        packers = int(self.packers.sum())
        free_s = np.zeros(packers) if self.free_s is None else self.free_s
        keep(self, free_s=numbers("free_s", free_s, (packers,)))

    def stations(self) -> list["StationJobs"]:
        """Split into one problem for each station, in order, empty ones too."""
        order = np.argsort(self.station, kind="stable")
        jobs = np.split(
            order, np.searchsorted(self.station[order], range(1, 1 + len(self.packers)))
        )[:-1]
        free = np.split(np.asarray(self.free_s), np.cumsum(self.packers))[:-1]
        return [
            StationJobs(
                mine,
                self.ready_s[mine],
                self.due_s[mine],
                self.work_s[mine],
                self.priority[mine],
                packers_free,
            )
            for mine, packers_free in zip(jobs, free, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class StationJobs:
    """The jobs of one station: arrays of `PackingProblem`, and their indices there."""

    job: NDArray[np.intp]
    ready_s: NDArray[np.float64]
    due_s: NDArray[np.float64]
    work_s: NDArray[np.float64]
    priority: NDArray[np.int32]
    free_s: NDArray[np.float64]

    def weighted_tardiness_s(self, end_s: NDArray[np.float64]) -> float:
        """Seconds late, each job's counted ``1 + priority`` times."""
        return float(((1 + self.priority) * np.maximum(0.0, end_s - self.due_s)).sum())


@dataclass(frozen=True, slots=True)
class PackingSchedule:
    """When and by whom each job is packed.

    Parameters
    ----------
    start_s, end_s : ndarray of float64, shape (J,)
    packer : ndarray of int32, shape (J,)
        0 .. packers of the job's station - 1.
    """

    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]
    packer: NDArray[np.int32]

    def __post_init__(self) -> None:
        for array in (self.start_s, self.end_s, self.packer):
            array.flags.writeable = False
