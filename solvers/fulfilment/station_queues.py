"""What each packing station has to do, and what is on its way to it."""

from collections.abc import Iterable
from copy import copy
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.fulfilment.hours import NOISE_S
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
        self._hours = None if site.people is None else site.people.hours
        finite = site.latest_due_s[np.isfinite(site.latest_due_s)]
        due_s = np.unique(finite)
        if len(due_s) >= MOST_CLASSES:
            shares = np.linspace(0, 1, MOST_CLASSES - 1)
            due_s = np.unique(np.quantile(finite, shares, method="higher"))
        self.due_s = np.append(due_s, np.inf)
        self._order_due_s = site.latest_due_s
        self._handed_over_s = np.zeros((len(self.due_s), len(self.packers)))
        self._expected: dict[int, list[Coming]] = {}
        self._forecast_s: NDArray[np.float64] | None = None  # until something changes

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
        self._forecast_s = None

    def arrived(self, robot: int, drops: list[Coming]) -> None:
        """Take note of what a robot has brought."""
        self._expected.pop(robot)
        for drop in drops:
            self._add(self._handed_over_s, drop)
        self._forecast_s = None

    def _add(self, ends_s: NDArray[np.float64], drop: Coming) -> None:
        """Let a station pack something more."""
        when_s, station, work_s = drop
        has_work = work_s > 0
        begin_s = np.maximum(ends_s[:, station], when_s)
        if self._hours is None:
            end_s = begin_s + work_s / self.packers[station]
        else:
            end_s = self._hours.after(station, begin_s, work_s)
        ends_s[has_work, station] = end_s[has_work]

    def ends_s(
        self, due_s: float = np.inf, robots: frozenset[int] | None = None
    ) -> NDArray[np.float64]:
        """When each station will have packed all that is on its way to it.

        Parameters
        ----------
        due_s : float
            Of what is due by then, or not long after.
        robots : frozenset of int, optional
            Whose trips count; by default those of all.
        """
        if robots is not None:
            forecast_s = self._forecast(self._expected.keys() & robots)
        else:
            if self._forecast_s is None:
                self._forecast_s = self._forecast(self._expected.keys())
            forecast_s = self._forecast_s
        urgent = forecast_s[np.searchsorted(self.due_s, due_s)]
        return urgent.copy()

    def _forecast(self, robots: Iterable[int]) -> NDArray[np.float64]:
        """When stations will have packed what robots bring, (classes, stations)."""
        forecast_s = self._handed_over_s.copy()
        coming = [drop for robot in robots for drop in self._expected[robot]]
        for drop in sorted(coming, key=lambda drop: drop[:2]):
            self._add(forecast_s, drop)
        return forecast_s

    def begin_s(
        self, ends_s: NDArray[np.float64], arrival_s: NDArray[np.float64], work_s: float
    ) -> NDArray[np.float64]:
        """When some work would begin if it was done without a pause once begun.

        Where nothing holds it up, that is when all before it is packed: it may be
        before the work is there.

        Parameters
        ----------
        ends_s, arrival_s : ndarray of float64, shape (stations,)
            When all before it is packed, and when it is there.
        work_s : float
        """
        if self._hours is None:
            return ends_s
        at_once_s = np.maximum(ends_s, arrival_s)
        begin_s = self.after(at_once_s, np.array([work_s]))[0] - work_s / self.packers
        return np.where(begin_s > at_once_s + NOISE_S, begin_s, ends_s)

    def after(
        self, begin_s: NDArray[np.float64], work_s: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """When each amount of work is done that begins then, shape (n, stations).

        Parameters
        ----------
        begin_s : ndarray of float64, shape (stations,)
        work_s : ndarray of float64, shape (n,)
        """
        if self._hours is None:
            return np.asarray(begin_s + work_s[:, None] / self.packers)
        ends = [self._hours.after(s, t, work_s) for s, t in enumerate(begin_s.tolist())]
        return np.stack(ends, axis=1)

    def room_s(
        self, ends_s: NDArray[np.float64], arrival_s: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Seconds of work that each station still has time for, (n, stations).

        Parameters
        ----------
        ends_s : ndarray of float64, shape (stations,)
            When all before it is packed.
        arrival_s : ndarray of float64, shape (n, stations) or (n, 1)
            When it is there.
        """
        begin_s = np.maximum(ends_s, arrival_s)
        if self._hours is None:
            return np.full(begin_s.shape, np.inf)
        columns = enumerate(begin_s.T)
        return np.stack([self._hours.left_s(s, t) for s, t in columns], axis=1)
