"""Bars over time: what is done when at each station, or by a robot."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray


class BarKind(IntEnum):
    """What a bar stands for; of two on one pixel the later in this list is seen."""

    REST = 0
    OFF_SHIFT = 1
    BREAK = 2
    BETWEEN_PODS = 3
    POD = 4
    DRIVE_EMPTY = 5
    CARRY = 6
    WAIT = 7
    LIFT = 8
    SET_DOWN = 9
    PICK = 10
    HAND_OVER = 11
    VISIT = 12
    FILL = 13
    CHARGE = 14
    WORK = 15
    IN_TIME = 16
    LATE = 17


BAR_WORDS: Final = {
    BarKind.REST: "idle",
    BarKind.OFF_SHIFT: "no shift",
    BarKind.BREAK: "break",
    BarKind.BETWEEN_PODS: "no pod",
    BarKind.POD: "pod at station",
    BarKind.DRIVE_EMPTY: "drives empty",
    BarKind.CARRY: "carries",
    BarKind.WAIT: "waits",
    BarKind.LIFT: "lifts",
    BarKind.SET_DOWN: "sets down",
    BarKind.PICK: "picks",
    BarKind.HAND_OVER: "hands over",
    BarKind.VISIT: "at a station",
    BarKind.FILL: "is filled",
    BarKind.CHARGE: "charges",
    BarKind.WORK: "at work",
    BarKind.IN_TIME: "in time",
    BarKind.LATE: "late",
}
BAR_DTYPE: Final = np.dtype(
    [
        ("row", "<i4"),
        ("lane", "<i4"),  # from the top of its row
        ("start_s", "<f8"),
        ("end_s", "<f8"),
        ("kind", "u1"),  # BarKind
        ("order", "<i4"),  # -1 where it is about none
        ("pod", "<i4"),  # -1 where it is about none
    ]
)


@dataclass(frozen=True, slots=True)
class Chart:
    """Rows of bars, each row parted into lanes.

    Parameters
    ----------
    names : tuple of str
        One per row.
    lanes : tuple of int
        How many each row has.
    bars : structured array of `BAR_DTYPE`
        By row, then by start.
    """

    names: tuple[str, ...]
    lanes: tuple[int, ...]
    bars: NDArray[np.void]

    @classmethod
    def of(
        cls,
        names: Sequence[str],
        lanes: Sequence[int],
        *parts: NDArray[np.void],
    ) -> "Chart":
        """Put tables of bars together."""
        bars = np.concatenate([np.zeros(0, BAR_DTYPE), *parts])
        by_time = np.lexsort((bars["start_s"], bars["row"]))
        return cls(tuple(names), tuple(lanes), bars[by_time])

    @property
    def kinds(self) -> list[BarKind]:
        """Kinds of bars that there are."""
        return [BarKind(kind) for kind in np.unique(self.bars["kind"]).tolist()]

    def bars_in(self, row: int) -> NDArray[np.void]:
        """Bars of a row."""
        begin, end = np.searchsorted(self.bars["row"], (row, row + 1))
        return self.bars[begin:end]


def bars_of(
    row: NDArray[np.integer],
    lane: NDArray[np.integer] | int,
    start_s: NDArray[np.floating],
    end_s: NDArray[np.floating],
    kind: NDArray[np.integer] | int,
    **about: NDArray[np.integer],
) -> NDArray[np.void]:
    """Put columns together; what a bar is about may be its order and its pod."""
    bars = np.zeros(len(row), BAR_DTYPE)
    bars["row"], bars["lane"], bars["kind"] = row, lane, kind
    bars["start_s"], bars["end_s"] = start_s, end_s
    for name in ("order", "pod"):
        bars[name] = about.get(name, -1)
    return bars


def between(bars: NDArray[np.void], kind: BarKind) -> NDArray[np.void]:
    """Bars for the time between the bars of each lane, where there is any.

    Examples
    --------
    >>> none = np.zeros(2, np.int32)
    >>> two = bars_of(none, 0, np.array([0.0, 7.0]), np.array([5.0, 9.0]), none)
    >>> between(two, BarKind.REST)[["start_s", "end_s"]].tolist()
    [(5.0, 7.0)]
    """
    order = np.lexsort((bars["start_s"], bars["lane"], bars["row"]))
    first, then = bars[order[:-1]], bars[order[1:]]
    gap = (first["row"] == then["row"]) & (first["lane"] == then["lane"])
    gap &= then["start_s"] > first["end_s"]
    first, then = first[gap], then[gap]
    return bars_of(
        first["row"], first["lane"], first["end_s"], then["start_s"], int(kind)
    )
