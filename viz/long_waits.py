"""The longest waits of a plan, found little by little."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viz.legs import Legs
from viz.little_by_little import go_on
from warehouse.plan import Plan

WAIT_DTYPE: Final = np.dtype(
    [
        ("robot", "<i4"),
        ("cell", "<i4"),
        ("start", "<i4"),  # first timestep from which the robot stands
        ("end", "<i4"),  # timestep at which it goes on
    ]
)
_BLOCK: Final = 1 << 15
"""Robot-steps looked at together: a few milliseconds."""
_MOST: Final = 200
"""Waits that are listed."""


class LongWaits:
    """Waits of robots, the longest of those that were found so far.

    Parameters
    ----------
    plan : Plan
    legs : Legs
        Of the same plan.
    """

    def __init__(self, plan: Plan, legs: Legs) -> None:
        self._plan = plan
        self._legs = legs
        self._work = self._examine()
        self._since = np.full(legs.robots, -1, np.int64)
        self.searched = 0
        """Steps of the plan that were looked at."""
        self.found = np.zeros(0, WAIT_DTYPE)
        """By length, the longest first; of those that are equally long the earliest."""

    @property
    def done(self) -> bool:
        """Whether the whole plan was looked at."""
        return self.searched >= self._plan.steps

    def search(self, most_s: float = float("inf")) -> None:
        """Look at more of the plan, for about so many seconds."""
        go_on(self._work, most_s)

    def _examine(self) -> Iterator[None]:
        """Look at the plan, with a rest after each block."""
        steps = self._plan.steps
        rows = max(1, _BLOCK // max(1, self._legs.robots))
        for first in range(0, steps, rows):
            last = min(first + rows, steps)
            waiting = self._legs.waiting(self._plan, first, last)
            if last == steps:
                # Those who wait to the end wait until the end.
                waiting = np.vstack([waiting, np.zeros((1, self._legs.robots), bool)])
            self._keep(self._ended(waiting, first))
            self.searched = last
            yield

    def _ended(self, waiting: NDArray[np.bool_], first: int) -> NDArray[np.void]:
        """Waits that end in a block, as those of a robot one after another."""
        before = np.vstack([self._since >= 0, waiting[:-1]])
        robot, row = np.nonzero((waiting != before).T)
        step = row + first
        begins = waiting[row, robot]
        # A wait that ends began right before in this list, or in a block before.
        own = np.zeros(len(robot), bool)
        own[1:] = robot[1:] == robot[:-1]
        began = np.where(own, np.roll(step, 1), self._since[robot])
        latest = np.ones(len(robot), bool)
        latest[:-1] = robot[1:] != robot[:-1]
        self._since[robot[latest]] = np.where(begins, step, -1)[latest]
        ends = ~begins
        waits = np.zeros(np.count_nonzero(ends), WAIT_DTYPE)
        waits["robot"], waits["end"] = robot[ends], step[ends]
        waits["start"] = began[ends]
        waits["cell"] = self._plan.cells[waits["start"], waits["robot"]]
        return waits

    def _keep(self, waits: NDArray[np.void]) -> None:
        """Keep the longest of those found before and now."""
        if not len(waits):
            return
        every = np.concatenate([self.found, waits])
        length = every["end"] - every["start"]
        order = np.lexsort((every["robot"], every["start"], -length))
        self.found = every[order[:_MOST]]
