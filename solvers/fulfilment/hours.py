"""How much work the packers of each station can do by a time, in their shifts."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.staff import Staff

NEVER_S: Final = 1e8
"""End of a shift that has none, and of work that no shift is left for."""
NOISE_S: Final = 1e-6
"""Times and amounts of work that differ by less are the same."""


class Hours:
    """Work in seconds at speed 1 that is done at each station by a time.

    As if orders could be shared and interrupted, and every break was taken at its time.

    Parameters
    ----------
    staff : Staff
    stations : int

    Attributes
    ----------
    closes : bool
        Whether any packer's shift has an end.

    Examples
    --------
    A break of 10 s after 5 s: what is left of 8 s of work is done after it, and after
    the shift of 30 s nothing is.

    >>> from warehouse.staff import PackerBreaks, Packers
    >>> one, none, first = np.ones(1), np.zeros(1), np.zeros(1, np.int32)
    >>> who = Packers(("A",), first, none, 30 * one, one, (frozenset(),))
    >>> rests = PackerBreaks(first, 5 * one, 15 * one, none)
    >>> hours = Hours(Staff(who, rests), 1)
    >>> hours.after(0, 0.0, np.array([4.0, 8.0, 21.0])).tolist()
    [4.0, 18.0, 100000000.0]
    """

    def __init__(self, staff: Staff, stations: int) -> None:
        self._curves = [_curve(staff, station) for station in range(stations)]
        self.closes = bool(np.isfinite(staff.packers.end_s).any())

    def after(
        self,
        station: int,
        begin_s: float | NDArray[np.float64],
        work_s: float | NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """When some work is done that is begun at a time; `NEVER_S` if not at all."""
        times, done = self._curves[station]
        level = np.interp(begin_s, times, done) + work_s
        end_s = np.maximum(np.interp(level, done, times), begin_s)
        return np.where(level > done[-1] + NOISE_S, NEVER_S, end_s)

    def left_s(self, station: int, begin_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Seconds of work that can still be done from each time on."""
        times, done = self._curves[station]
        left: NDArray[np.float64] = done[-1] - np.interp(begin_s, times, done)
        return left


def _curve(
    staff: Staff, station: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Times at which packers come and go, and the work that is done by then."""
    packers, breaks = staff.packers, staff.breaks
    changes: list[tuple[float, float]] = []
    for row in np.flatnonzero(packers.station == station).tolist():
        start_s, speed = float(packers.start_s[row]), float(packers.speed[row])
        end_s = min(float(packers.end_s[row]), NEVER_S)
        changes += [(start_s, speed), (end_s, -speed)]
        for rest in np.flatnonzero(breaks.packer == row).tolist():
            from_s, until_s = np.clip(
                (breaks.start_s[rest], breaks.end_s[rest]), start_s, end_s
            ).tolist()
            changes += [(from_s, -speed), (until_s, speed)]
    changes.sort()
    times = np.array([0.0, *(time for time, _ in changes)])
    rate = np.cumsum([0.0, *(change for _, change in changes)])[:-1]
    done = np.concatenate(([0.0], np.cumsum(np.maximum(rate, 0.0) * np.diff(times))))
    return times, done
