"""Packers with shifts, breaks and skills; orders with trucks; and who packs what."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solvers.arguments import due_times, indices, keep, numbers, whole_numbers
from warehouse.errors import SolverError

PER_S: Final = 1000
"""Schedules count whole milliseconds."""
NEVER: Final = 2**42
"""Milliseconds, about 139 years: a due time or a shift's end that is none."""
NOBODY: Final = -1
"""Packer of an order that is not packed; carton kind of a table not set up."""
_LATEST_S: Final = 1e9


class Work(NamedTuple):
    """A `RosterProblem` in whole milliseconds, for kernels.

    Attributes
    ----------
    ready, due, weight : ndarray of int64, shape (J,)
        Of each job; ``due`` is `NEVER` where there is none.
    kind : ndarray of int32, shape (J,)
    duration : ndarray of int64, shape (J, P)
        Without setup; -1 where a packer may not pack a job.
    setup : ndarray of int64, shape (K,)
    first_kind : ndarray of int32, shape (P,)
    shift_start, shift_end : ndarray of int64, shape (P,)
    break_first : ndarray of int64, shape (P + 1,)
        Breaks ``break_first[p]`` up to ``break_first[p + 1]`` are those of packer p.
    break_start, break_length, break_wait : ndarray of int64, shape (B,)
    """

    ready: NDArray[np.int64]
    due: NDArray[np.int64]
    weight: NDArray[np.int64]
    kind: NDArray[np.int32]
    duration: NDArray[np.int64]
    setup: NDArray[np.int64]
    first_kind: NDArray[np.int32]
    shift_start: NDArray[np.int64]
    shift_end: NDArray[np.int64]
    break_first: NDArray[np.int64]
    break_start: NDArray[np.int64]
    break_length: NDArray[np.int64]
    break_wait: NDArray[np.int64]

    @property
    def mean_duration(self) -> float:
        """Mean over packers and jobs that they may do; 1 if there are none."""
        possible = self.duration[self.duration >= 0]
        return float(possible.mean()) if len(possible) else 1.0


def _no_packer() -> NDArray[np.int32]:
    return np.zeros(0, np.int32)


def _no_time() -> NDArray[np.float64]:
    return np.zeros(0)


@dataclass(frozen=True, slots=True)
class Breaks:
    """Breaks of packers.

    Parameters
    ----------
    packer : ndarray of int32, shape (B,)
        Ascending; the breaks of a packer in the order of time.
    start_s, end_s, wait_s : ndarray of float64, shape (B,)
        Each ends before the next of its packer begins, even if it waits.

    Raises
    ------
    SolverError
        E301 if arrays differ in shape or type, E302 if a number is out of range or
        breaks are out of order or overlap.

    Examples
    --------
    The first may begin 30 s later, and would not be over then.

    >>> Breaks([0, 0], [60.0, 100.0], [90.0, 110.0], [30.0, 0.0])
    Traceback (most recent call last):
    warehouse.errors.SolverError: E302 got breaks that overlap or are out of order; \
    need them by packer and time, each over before the next begins
    """

    packer: NDArray[np.int32] = field(default_factory=_no_packer)
    start_s: NDArray[np.float64] = field(default_factory=_no_time)
    end_s: NDArray[np.float64] = field(default_factory=_no_time)
    wait_s: NDArray[np.float64] = field(default_factory=_no_time)

    def __post_init__(self) -> None:
        count = len(self.packer)
        keep(
            self,
            packer=whole_numbers("break packer", self.packer, (count,)),
            start_s=_times("break start_s", self.start_s, count),
            end_s=_times("break end_s", self.end_s, count),
            wait_s=_times("break wait_s", self.wait_s, count),
        )
        over_s = self.end_s + self.wait_s
        same = np.diff(self.packer) == 0
        if (
            (self.end_s < self.start_s).any()
            or (np.diff(self.packer) < 0).any()
            or (self.start_s[1:] < over_s[:-1])[same].any()
        ):
            found = "got breaks that overlap or are out of order"
            needed = "need them by packer and time, each over before the next begins"
            raise SolverError("E302", found, needed)


@dataclass(frozen=True, slots=True)
class RosterProblem:
    """Jobs, and packers who may each do some of them.

    A packer does one job at a time, without a pause, within the shift. The job begins
    with a setup when its kind is another one than that of the packer's last job, and
    neither setup nor work begins before the job is ready. A break begins at its time;
    a job that is being done then, and that ends by ``wait_s`` later, is ended
    first, and the break, as long as ever, begins then.

    Times count in whole milliseconds: what takes time and ready times are rounded up,
    due times and ends of shifts down.

    Parameters
    ----------
    ready_s, due_s : ndarray of float64, shape (J,)
        Earliest start, and due time (inf if none).
    priority : ndarray of int32, shape (J,)
        A late job counts ``1 + priority`` times.
    kind : ndarray of int32, shape (J,)
        Carton kind.
    work_s : ndarray of float64, shape (J,)
        Seconds at speed 1, without setup.
    setup_s : ndarray of float64, shape (K,)
        To begin with a kind, at whatever speed.
    able : ndarray of bool, shape (J, P)
        Whether a packer may do a job: station and skills.
    speed : ndarray of float64, shape (P,)
        Above 0; work takes ``work_s / speed``.
    shift_start_s, shift_end_s : ndarray of float64, shape (P,)
        The end may be inf.
    first_kind : ndarray of int32, shape (P,), optional
        Kind that a packer is set up for at first; -1, the default, for none.
    breaks : Breaks, optional

    Raises
    ------
    SolverError
        E301 if arrays differ in shape or type, E302 if a number is out of range, E303
        if an index points nowhere.

    Examples
    --------
    >>> RosterProblem([0.0], [9.0], [0], [0], [5.0], [1.0], [[True]], [0.0], [0.0], [9])
    Traceback (most recent call last):
    warehouse.errors.SolverError: E302 got speed 0.0; need a finite number, 0.001 or \
more
    """

    ready_s: NDArray[np.float64]
    due_s: NDArray[np.float64]
    priority: NDArray[np.int32]
    kind: NDArray[np.int32]
    work_s: NDArray[np.float64]
    setup_s: NDArray[np.float64]
    able: NDArray[np.bool_]
    speed: NDArray[np.float64]
    shift_start_s: NDArray[np.float64]
    shift_end_s: NDArray[np.float64]
    first_kind: NDArray[np.int32] = field(default_factory=_no_packer)
    breaks: Breaks = field(default_factory=Breaks)

    def __post_init__(self) -> None:
        jobs, kinds, packers = len(self.ready_s), len(self.setup_s), len(self.speed)
        able = np.array(self.able, bool).reshape(np.shape(self.able))
        if able.shape != (jobs, packers):
            found = f"got able of shape {able.shape}"
            raise SolverError("E301", found, f"need {(jobs, packers)}")
        able.flags.writeable = False
        first = self.first_kind if len(self.first_kind) else [NOBODY] * packers
        keep(
            self,
            ready_s=_times("ready_s", self.ready_s, jobs),
            due_s=due_times("due_s", self.due_s, (jobs,)),
            priority=whole_numbers("priority", self.priority, (jobs,), high=1000),
            kind=indices("kind", self.kind, (jobs,), kinds),
            work_s=_times("work_s", self.work_s, jobs),
            setup_s=_times("setup_s", self.setup_s, kinds),
            able=able,
            speed=numbers("speed", self.speed, (packers,), low=0.001),
            shift_start_s=_times("shift_start_s", self.shift_start_s, packers),
            shift_end_s=due_times("shift_end_s", self.shift_end_s, (packers,)),
            first_kind=whole_numbers(
                "first_kind", first, (packers,), low=NOBODY, high=kinds - 1
            ),
        )
        indices("break packer", self.breaks.packer, self.breaks.packer.shape, packers)

    @property
    def jobs(self) -> int:
        """Number of jobs."""
        return len(self.ready_s)

    @property
    def packers(self) -> int:
        """Number of packers."""
        return len(self.speed)

    @property
    def work(self) -> Work:
        """The problem in whole milliseconds."""
        took_ms = _up(self.work_s)[:, None] / self.speed[None]
        duration = np.where(self.able, np.ceil(took_ms - 1e-6), NOBODY)
        start = _up(self.breaks.start_s)
        counts = np.bincount(self.breaks.packer, minlength=self.packers)
        return Work(
            ready=_up(self.ready_s),
            due=_down(self.due_s),
            weight=1 + self.priority.astype(np.int64),
            kind=self.kind,
            duration=np.ascontiguousarray(duration, np.int64),
            setup=_up(self.setup_s),
            first_kind=self.first_kind,
            shift_start=_up(self.shift_start_s),
            shift_end=_down(self.shift_end_s),
            break_first=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
            break_start=start,
            break_length=_up(self.breaks.end_s) - start,
            break_wait=_up(self.breaks.wait_s),
        )


@dataclass(frozen=True, slots=True)
class Roster:
    """Who does each job, and when.

    Parameters
    ----------
    packer : ndarray of int32, shape (J,)
        -1 for a job that is not done within the shifts.
    start_s, end_s : ndarray of float64, shape (J,)
        Setup and work; 0 for a job that is not done.
    """

    packer: NDArray[np.int32]
    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]

    def __post_init__(self) -> None:
        for array in (self.packer, self.start_s, self.end_s):
            array.flags.writeable = False


class Value(NamedTuple):
    """How good a roster is, each level before the next; smaller is better.

    Attributes
    ----------
    unpacked : int
        Jobs that nobody does within the shifts.
    late : int
        Jobs that end after they are due, or never, each counted ``1 + priority`` times.
    tardiness_ms : int
        Milliseconds late of the jobs that are done, counted in the same way.
    makespan_ms : int
        End of the last job.
    """

    unpacked: int
    late: int
    tardiness_ms: int
    makespan_ms: int

    def holding_for(self, reached: "Value") -> "Value":
        """Bounds that hold for a roster: the last two do if it leaves no job out.

        Examples
        --------
        >>> Value(0, 1, 20, 90).holding_for(Value(3, 1, 0, 60))
        Value(unpacked=0, late=1, tardiness_ms=0, makespan_ms=0)
        """
        if reached.unpacked == 0:
            return self
        return Value(self.unpacked, self.late, 0, 0)


def _times(name: str, given: ArrayLike, count: int) -> NDArray[np.float64]:
    """Copy times that are not so large that sums of them would not fit."""
    times = numbers(name, given, (count,))
    if (times > _LATEST_S).any():
        found = f"got {name} {times.max()}"
        raise SolverError("E302", found, f"need {_LATEST_S:g} at most")
    return times


def _up(seconds: NDArray[np.float64]) -> NDArray[np.int64]:
    # Less than a millionth of a millisecond is noise of floating point.
    return np.ceil(seconds * PER_S - 1e-6).astype(np.int64)


def _down(seconds: NDArray[np.float64]) -> NDArray[np.int64]:
    ms = np.minimum(np.floor(seconds * PER_S + 1e-6), NEVER)
    return np.maximum(ms, -NEVER).astype(np.int64)
