"""Staff: people at packing stations, with shifts, breaks and skills."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Packers:
    """People at packing stations.

    Parameters
    ----------
    names : tuple of str
    station : ndarray of int32, shape (packers,)
    start_s, end_s : ndarray of float64, shape (packers,)
        Shift; inf if it has no end.
    speed : ndarray of float64, shape (packers,)
        How many seconds of work are done in one.
    skills : tuple of frozenset of str
    """

    names: tuple[str, ...]
    station: NDArray[np.int32]
    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]
    speed: NDArray[np.float64]
    skills: tuple[frozenset[str], ...]

    def __post_init__(self) -> None:
        for array in (self.station, self.start_s, self.end_s, self.speed):
            array.flags.writeable = False

    def __len__(self) -> int:
        """Return the number of packers."""
        return len(self.names)


@dataclass(frozen=True, slots=True)
class PackerBreaks:
    """Breaks, by packer and time.

    Parameters
    ----------
    packer : ndarray of int32, shape (breaks,)
    start_s, end_s : ndarray of float64, shape (breaks,)
    wait_s : ndarray of float64, shape (breaks,)
        So much later it may begin for the order in hand, and end.
    """

    packer: NDArray[np.int32]
    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]
    wait_s: NDArray[np.float64]

    def __post_init__(self) -> None:
        for array in (self.packer, self.start_s, self.end_s, self.wait_s):
            array.flags.writeable = False

    @classmethod
    def none(cls) -> Self:
        """No break at all."""
        return cls(np.zeros(0, np.int32), *np.zeros((3, 0)))


@dataclass(frozen=True, slots=True)
class Staff:
    """Who packs at the stations of a site, and when.

    Parameters
    ----------
    packers : Packers
        Ordered by station: the packing table of a plan numbers those of a station
        from 0, in this order.
    breaks : PackerBreaks
        Ordered by packer and time.
    """

    packers: Packers
    breaks: PackerBreaks

    @classmethod
    def in_order(cls, packers: Packers, breaks: PackerBreaks) -> Self:
        """Staff of packers in any order, with breaks that point to them."""
        order = np.argsort(packers.station, kind="stable")
        place = np.empty(len(order), np.int32)
        place[order] = np.arange(len(order))
        packer = place[breaks.packer]
        rests = np.lexsort((breaks.start_s, packer))
        columns = (breaks.start_s, breaks.end_s, breaks.wait_s)
        return cls(
            Packers(
                tuple(packers.names[i] for i in order.tolist()),
                packers.station[order],
                packers.start_s[order],
                packers.end_s[order],
                packers.speed[order],
                tuple(packers.skills[i] for i in order.tolist()),
            ),
            PackerBreaks(packer[rests], *(column[rests] for column in columns)),
        )

    def counts(self, stations: int) -> list[int]:
        """How many packers each of so many stations has."""
        return np.bincount(self.packers.station, minlength=stations).tolist()

    def row_of(
        self, station: NDArray[np.integer], packer: NDArray[np.integer]
    ) -> NDArray[np.int64]:
        """Rows of packers that a packing table names by station and number."""
        first = np.searchsorted(self.packers.station, station)
        return np.asarray(first + packer, np.int64)

    def at_stations(self, kept: NDArray[np.int32]) -> "Staff":
        """The same people, where only these stations are left; all have one."""
        station = np.searchsorted(kept, self.packers.station).astype(np.int32)
        return replace(self, packers=replace(self.packers, station=station))

    def present_s(self, until_s: float) -> NDArray[np.float64]:
        """Seconds of each packer's shift up to a time, less the breaks in it."""
        start_s = np.minimum(self.packers.start_s, until_s)
        end_s = np.minimum(self.packers.end_s, until_s)
        present_s = np.maximum(0.0, end_s - start_s)
        who = self.breaks.packer
        from_s = np.maximum(self.breaks.start_s, start_s[who])
        rest_s = np.maximum(0.0, np.minimum(self.breaks.end_s, end_s[who]) - from_s)
        np.subtract.at(present_s, who, rest_s)
        return present_s
