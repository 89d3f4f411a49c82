"""What each packing station has to do, and what is on its way to it."""

from copy import copy

import numpy as np
from numpy.typing import NDArray

from solvers.fulfilment.site import Site


class StationQueues:
    """Forecast of when each station will have packed all it is to get.

    Parameters
    ----------
    site : Site
    """

    def __init__(self, site: Site) -> None:
        self.packers = np.array([s.packers for s in site.scenario.stations], np.int32)
        self._handed_over_s = np.zeros(len(self.packers))
        self._expected: dict[int, list[tuple[float, int, float]]] = {}

    def fork(self) -> "StationQueues":
        """A copy that goes its own way from here."""
        fork = copy(self)
        fork._handed_over_s = self._handed_over_s.copy()
        fork._expected = self._expected.copy()
        return fork

    def expect(self, robot: int, drops: list[tuple[float, int, float]]) -> None:
        """Take note of what a robot will bring: time, station and seconds of work."""
        self._expected[robot] = drops

    def arrived(self, robot: int, drops: list[tuple[float, int, float]]) -> None:
        """Take note of what a robot has brought."""
        self._expected.pop(robot)
        for when_s, station, work_s in drops:
            begin_s = max(self._handed_over_s[station], when_s)
            self._handed_over_s[station] = begin_s + work_s / self.packers[station]

    def ends_s(self) -> NDArray[np.float64]:
        """When each station will have packed all that is on its way to it."""
        ends = self._handed_over_s.copy()
        coming = sorted(drop for drops in self._expected.values() for drop in drops)
        for when_s, station, work_s in coming:
            ends[station] = max(ends[station], when_s) + work_s / self.packers[station]
        return ends
