"""Scheduling of packing stations: the problem and its answer."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import SolverError

_INTEGERS: Final = ("station", "priority", "packers")
_MAY_BE_INFINITE: Final = ("due_s",)


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
        for name in ("station", "ready_s", "due_s", "priority", "work_s"):
            self._keep(name, jobs)
        self._keep("packers", stations)
        if stations and self.packers.min() < 1:
            raise SolverError("E302", f"got packers {self.packers.min()}", "need 1")
        self._keep("free_s", int(self.packers.sum()))
        if jobs and self.station.max() >= stations:
            raise SolverError(
                "E303",
                f"got station {self.station.max()}",
                f"need less than {stations}",
            )

    def _keep(self, name: str, length: int) -> None:
        """Replace a field by its checked, read-only copy."""
        value = getattr(self, name)
        given = np.zeros(length) if value is None else np.asarray(value)
        whole = name in _INTEGERS
        if given.shape != (length,):
            raise SolverError(
                "E301", f"got {name} of shape {given.shape}", f"need ({length},)"
            )
        if given.size and given.dtype.kind not in ("iu" if whole else "iuf"):
            need = "integers" if whole else "numbers"
            raise SolverError("E301", f"got {name} of {given.dtype}", f"need {need}")
        if name in _MAY_BE_INFINITE:
            good, need = given > -np.inf, "a number above -inf"
        else:
            good, need = (given >= 0) & (given < np.inf), "a finite number, 0 or more"
        if not good.all():
            raise SolverError("E302", f"got {name} {given[~good][0]}", f"need {need}")
        kept = np.array(given, dtype=np.int32 if whole else np.float64)
        kept.flags.writeable = False
        object.__setattr__(self, name, kept)

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
