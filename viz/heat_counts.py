"""How much happens on each cell in any part of a plan: visits, waiting, picks.

What robots do is counted once, up to some timesteps; any part of the time is then the
difference of two counts, and a few steps more or less. A window lets the counting go on
for a few milliseconds each frame.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viz.legs import Legs
from viz.little_by_little import go_on
from warehouse.plan import Plan, PodStopKind

_MOST_KEPT: Final = 12_000_000
"""Counts that are kept of a kind, over all cells and timesteps."""
_LEAST_PITCH: Final = 4
_BLOCK: Final = 1 << 17
"""Robot-steps counted without a rest: a few milliseconds."""


class HeatKind(StrEnum):
    """What is counted."""

    VISITS = "visits"
    WAITING = "waiting"
    PICKS = "picks"


class HeatCounts:
    """Counts of a plan, made when they are first asked for.

    Parameters
    ----------
    plan : Plan
    legs : Legs
        Of the same plan.
    """

    def __init__(self, plan: Plan, legs: Legs) -> None:
        self._plan = plan
        self._legs = legs
        self._cells = plan.scenario.layout.kinds.size
        counters = {HeatKind.VISITS: self._visited, HeatKind.WAITING: self._waited}
        steps = {HeatKind.VISITS: self.steps, HeatKind.WAITING: plan.steps}
        rows = max(1, _BLOCK // max(1, plan.cells.shape[1]))
        self._running = {
            kind: _RunningCounts(count, steps[kind], self._cells, rows)
            for kind, count in counters.items()
        }
        self._latest: tuple[tuple[HeatKind, int, int, float], NDArray[np.int64]] | None
        self._latest = None

    @property
    def steps(self) -> int:
        """Timesteps of the plan: all of it is from 0 until before this one."""
        return self._plan.steps + 1

    def count(self, kind: HeatKind, most_s: float = float("inf")) -> None:
        """Let the counting of a kind go on, for about so many seconds."""
        if kind in self._running:
            self._running[kind].go_on(most_s)

    def counted(self, kind: HeatKind) -> float:
        """Share of the plan in which a kind was counted by now."""
        return self._running[kind].share if kind in self._running else 1.0

    def between(self, kind: HeatKind, first: int, last: int) -> NDArray[np.int64]:
        """Count from a timestep until before another; the latest answer is kept.

        Parameters
        ----------
        kind : HeatKind
        first, last : int
            0 to ``steps``.

        Returns
        -------
        ndarray of int64, shape (cells,)
            Visits: how often robots entered a cell; where they begin counts as one at
            step 0. Waiting: timesteps that robots under way stood there. Picks: units
            that were taken from a rack, or from the pods that were lifted there,
            counted when the pick was over.
        """
        self.count(kind)
        return self.so_far(kind, first, last)

    def so_far(self, kind: HeatKind, first: int, last: int) -> NDArray[np.int64]:
        """Return the same of those timesteps alone that were counted by now."""
        asked = (kind, first, last, self.counted(kind))
        if self._latest is None or self._latest[0] != asked:
            if kind is HeatKind.PICKS:
                counts = self._picked(first, last)
            else:
                running = self._running[kind]
                counts = running.before(last) - running.before(first)
            self._latest = (asked, counts)
        return self._latest[1]

    def _visited(self, first: int, last: int) -> NDArray[np.int64]:
        cells = self._plan.cells[max(first - 1, 0) : last]
        entered = cells[1:][cells[1:] != cells[:-1]]
        if first == 0:
            entered = np.concatenate([cells[0], entered])
        return _count(entered, self._cells)

    def _waited(self, first: int, last: int) -> NDArray[np.int64]:
        waiting = self._legs.waiting(self._plan, first, last)
        return _count(self._plan.cells[first:last][waiting], self._cells)

    def _picked(self, first: int, last: int) -> NDArray[np.int64]:
        t, cell, units = self._picks
        start, end = np.searchsorted(t, (first, last))
        part = slice(start, end)
        counts = np.bincount(cell[part], units[part], minlength=self._cells)
        return counts.astype(np.int64)

    @cached_property
    def _picks(
        self,
    ) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
        """When each pick is over, from which cell, and units; by time."""
        plan = self._plan
        parts = [
            (plan.stops["end"][plan.picks["stop"]], plan.picks["rack"], plan.picks)
        ]
        if plan.pod_work is not None:
            picks = plan.pod_work.picks
            when = picks["end_s"] / plan.scenario.step_s
            parts.append(
                (when, _lifted_from(plan.pod_work.stops)[picks["stop"]], picks)
            )
        t = np.concatenate([when for when, _, _ in parts]).astype(np.float64)
        cell = np.concatenate([where for _, where, _ in parts]).astype(np.int64)
        units = np.concatenate([picks["quantity"] for _, _, picks in parts])
        order = np.argsort(t, kind="stable")
        order = order[(cell[order] >= 0) & (cell[order] < self._cells)]
        return t[order], cell[order], units[order].astype(np.int64)


class _RunningCounts:
    """Counts of all before any timestep.

    Parameters
    ----------
    count : callable
        Counts from one timestep until before another, shape (cells,).
    steps, cells : int
    rows : int
        Timesteps that are counted without a rest.
    """

    def __init__(
        self,
        count: Callable[[int, int], NDArray[np.int64]],
        steps: int,
        cells: int,
        rows: int,
    ) -> None:
        self._count = count
        self._steps = steps
        self._cells = cells
        self._rows = rows
        self._pitch = max(_LEAST_PITCH, -(-steps * cells // _MOST_KEPT))
        self._counted = 0
        self._work = self._examine()

    @property
    def share(self) -> float:
        """Share of the timesteps that were counted."""
        return self._counted / self._steps if self._steps else 1.0

    def go_on(self, most_s: float) -> None:
        """Count on, for about so many seconds."""
        go_on(self._work, most_s)

    @cached_property
    def _kept(self) -> NDArray[np.int32]:
        """Counts before every timestep that the pitch divides, where counted."""
        return np.zeros((self._steps // self._pitch + 1, self._cells), np.int32)

    def _examine(self) -> Iterator[None]:
        """Count, with a rest after each block."""
        for row in range(1, len(self._kept)):
            self._kept[row] = self._kept[row - 1]
            while self._counted < row * self._pitch:
                last = min(self._counted + self._rows, row * self._pitch)
                self._kept[row] += self._count(self._counted, last)
                self._counted = last
                yield
        self._counted = self._steps

    def before(self, t: int) -> NDArray[np.int64]:
        """Count all before a timestep, or before the first that was not counted yet."""
        t = min(t, self._counted)
        row = min(round(t / self._pitch), self._counted // self._pitch)
        counts, known = self._kept[row].astype(np.int64), row * self._pitch
        if known < t:
            counts += self._count(known, t)
        elif t < known:
            counts -= self._count(t, known)
        return counts


def _count(found: NDArray[np.integer], cells: int) -> NDArray[np.int64]:
    """Count how often each cell is found; a faulty plan may name others."""
    return np.bincount(found[(found >= 0) & (found < cells)], minlength=cells)


def _lifted_from(stops: NDArray[np.void]) -> NDArray[np.int64]:
    """Cell on which the pod of each stop was lifted, -1 where it never was."""
    lifts = stops["kind"] == PodStopKind.LIFT
    latest = np.maximum.accumulate(np.where(lifts, np.arange(len(stops)), -1))
    known = (latest >= 0) & (stops["trip"][latest] == stops["trip"])
    return np.where(known, stops["cell"][latest], -1).astype(np.int64)
