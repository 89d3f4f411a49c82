"""What each packing station has to do, and what is on its way to it."""

from copy import copy
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.fulfilment.site import Site

MOST_CLASSES: Final = 32
"""Degrees of urgency that are told apart, at most."""

Coming = tuple[float, int, NDArray[np.float64]]
"""Time, station, and seconds of work of each degree of urgency or a higher one."""


class StationQueues:
    """Forecast of when each station will have packed all it is to get.

    Packers take what is due first. So what is due by some time is packed as if there
    was nothing else, whatever is due later; and the forecast is kept for several times.

    Parameters
    ----------
    site : Site

    Attributes
    ----------
    due_s : ndarray of float64, shape (classes,)
        Due times, ascending; the last one is inf, and stands for all work.
    """

    def __init__(self, site: Site) -> None:
        self.packers = np.array([s.packers for s in site.scenario.stations], np.int32)
        finite = site.latest_due_s[np.isfinite(site.latest_due_s)]
        due_s = np.unique(finite)
        if len(due_s) >= MOST_CLASSES:
            shares = np.linspace(0, 1, MOST_CLASSES - 1)
            due_s = np.unique(np.quantile(finite, shares, method="higher"))
        self.due_s = np.append(due_s, np.inf)
        self._order_due_s = site.latest_due_s
        self._handed_over_s = np.zeros((len(self.due_s), len(self.packers)))
        self._expected: dict[int, list[Coming]] = {}

    def fork(self) -> "StationQueues":
        """A copy that goes its own way from here."""
        fork = copy(self)
        fork._handed_over_s = self._handed_over_s.copy()
        fork._expected = self._expected.copy()
        return fork

    def coming(self, when_s: float, station: int, pack_s: dict[int, float]) -> Coming:
        """What a robot hands over: when, where, and seconds of work of each order."""
        due_s = self._order_due_s[list(pack_s)]
        work_s = np.array(list(pack_s.values()))
        classes = np.searchsorted(self.due_s, due_s)
        by_class = np.bincount(classes, work_s, minlength=len(self.due_s))
        return when_s, station, np.cumsum(by_class)

    def expect(self, robot: int, drops: list[Coming]) -> None:
        """Take note of what a robot will bring."""
        self._expected[robot] = drops

    def arrived(self, robot: int, drops: list[Coming]) -> None:
        """Take note of what a robot has brought."""
        self._expected.pop(robot)
        for drop in drops:
            self._add(self._handed_over_s, drop)

    def _add(self, ends_s: NDArray[np.float64], drop: Coming) -> None:
        """Let a station pack something more."""
        when_s, station, work_s = drop
        has_work = work_s > 0
        end_s = np.maximum(ends_s[:, station], when_s) + work_s / self.packers[station]
        ends_s[has_work, station] = end_s[has_work]

    def ends_s(self, due_s: float = np.inf) -> NDArray[np.float64]:
        """When each station will have packed all that is on its way to it.

        Parameters
        ----------
        due_s : float
            Of what is due by then, or not long after.
        """
        ends = self._handed_over_s.copy()
        coming = [drop for drops in self._expected.values() for drop in drops]
        for drop in sorted(coming, key=lambda drop: drop[:2]):
            self._add(ends, drop)
        urgent: NDArray[np.float64] = ends[np.searchsorted(self.due_s, due_s)]
        return urgent
