"""Which robot waits for which other one, at any timestep of a plan."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viz.legs import Legs
from warehouse.plan import Plan

_MOST_LOOKED_AT: Final = 1 << 20
"""Positions that are looked at to find where those who wait go next."""
_PASSING: Final = 8
"""Timesteps ahead in which a robot may go first through a cell that is free now."""


@dataclass(frozen=True, slots=True)
class Queues:
    """Who waits for whom at one timestep.

    Parameters
    ----------
    waiting : ndarray of bool, shape (robots,)
        Under way, and standing.
    holder : ndarray of int64, shape (robots,)
        For each robot that waits, the one that stands on the cell it goes to next, or
        goes through it first; -1 where there is none.
    head : ndarray of int64, shape (robots,)
        The robot at the end of the chain of holders; the robot itself where it waits
        for none, and one of the circle where the chain runs into one.
    behind : ndarray of int64, shape (robots,)
        Robots that wait for this one, directly or not, if it is the head of a chain and
        in no circle.
    in_circle : ndarray of bool, shape (robots,)
        Robots that wait for each other in a circle.
    """

    waiting: NDArray[np.bool_]
    holder: NDArray[np.int64]
    head: NDArray[np.int64]
    behind: NDArray[np.int64]
    in_circle: NDArray[np.bool_]

    def chain_of(self, robot: int) -> list[int]:
        """Robots that a robot waits for, directly or not, the nearest first.

        In a circle it ends before the robot that comes a second time.
        """
        chain: list[int] = []
        after = int(self.holder[robot])
        while after >= 0 and after != robot and after not in chain:
            chain.append(after)
            after = int(self.holder[after])
        return chain

    def together_with(self, robot: int) -> NDArray[np.bool_]:
        """Tell which robots wait for a robot, or it for them, directly or not."""
        found = np.zeros(len(self.holder), bool)
        found[[robot, *self.chain_of(robot)]] = True
        # From the robot backwards: those whose holder is found, until there is no more.
        behind = np.zeros(len(self.holder), bool)
        behind[robot] = True
        while True:
            more = (self.holder >= 0) & behind[self.holder] & ~behind
            if not more.any():
                return found | behind
            behind |= more


class Blocking:
    """Finds who waits for whom in a plan; the latest answer is kept.

    Parameters
    ----------
    plan : Plan
    legs : Legs
        Of the same plan.
    """

    def __init__(self, plan: Plan, legs: Legs) -> None:
        self._plan = plan
        self._legs = legs
        self._latest: tuple[int, Queues] | None = None

    def at(self, t: float) -> Queues:
        """Return who waits for whom at a moment."""
        step = min(int(t), self._plan.steps)
        if self._latest is None or self._latest[0] != step:
            self._latest = (step, self._queues(step))
        return self._latest[1]

    def _queues(self, step: int) -> Queues:
        robots = self._legs.robots
        waiting = np.zeros(robots, bool)
        if step < self._plan.steps:
            waiting = self._legs.waiting(self._plan, step, step + 1)[0]
        who = np.flatnonzero(waiting)
        holder = np.full(robots, -1, np.int64)
        holder[who] = self._holders(step, who)
        return chained(waiting, holder)

    def _holders(self, step: int, who: NDArray[np.int64]) -> NDArray[np.int64]:
        """For whom some robots wait, -1 for none."""
        plan = self._plan
        wanted, leaves = self._next_cells(step, who)
        holders = np.full(len(who), -1, np.int64)
        on_cell = np.empty(plan.scenario.layout.kinds.size, np.int64)
        for later in range(step, min(step + _PASSING, plan.steps) + 1):
            open_still = np.flatnonzero((holders < 0) & (leaves > later))
            if not len(open_still):
                break
            cells = plan.cells[later]
            on_cell.fill(-1)
            there = np.flatnonzero((cells >= 0) & (cells < len(on_cell)))
            on_cell[cells[there]] = there
            holders[open_still] = on_cell[wanted[open_still]]
        # In a faulty plan robots may share a cell.
        return np.where(holders == who, -1, holders)

    def _next_cells(
        self, step: int, who: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Cell that each robot goes to next, and the timestep at which it is there.

        The timestep is -1 where the robot does not leave as far as is looked.
        """
        plan = self._plan
        wanted, leaves = np.zeros(len(who), np.int64), np.full(len(who), -1, np.int64)
        stands = np.arange(len(who))
        here = plan.cells[step, who]
        first, rows, budget = step + 1, 8, _MOST_LOOKED_AT
        while len(stands) and first <= plan.steps and budget > 0:
            last = min(first + rows, plan.steps + 1)
            ahead = plan.cells[first:last][:, who[stands]]
            gone = ahead != here[stands]
            leaving = gone.any(axis=0)
            row = gone.argmax(axis=0)[leaving]
            wanted[stands[leaving]] = ahead[row, leaving]
            leaves[stands[leaving]] = first + row
            budget -= ahead.size
            stands = stands[~leaving]
            first, rows = last, rows * 2
        known = (wanted >= 0) & (wanted < plan.scenario.layout.kinds.size)
        return np.where(known, wanted, 0), np.where(known, leaves, -1)


def chained(waiting: NDArray[np.bool_], holder: NDArray[np.int64]) -> Queues:
    """Follow holders to the heads of their chains. O(robots log robots).

    Parameters
    ----------
    waiting : ndarray of bool, shape (robots,)
    holder : ndarray of int64, shape (robots,)
        Of each robot that waits, or -1; of others -1.

    Examples
    --------
    >>> queues = chained(np.array([True, True, False]), np.array([1, 2, -1]))
    >>> queues.head.tolist(), queues.behind.tolist()
    ([2, 2, 2], [0, 0, 2])
    >>> chained(np.array([True, True]), np.array([1, 0])).in_circle.tolist()
    [True, True]
    """
    robots = np.arange(len(holder))
    after = np.where(holder >= 0, holder, robots)
    head = after
    for _ in range(max(1, len(holder)).bit_length()):
        head = head[head]
    # A head that itself has a holder lies on a circle: all of it is gone round.
    in_circle = np.zeros(len(holder), bool)
    on = np.unique(head[holder[head] >= 0])
    while len(on):
        in_circle[on] = True
        on = after[on]
        on = on[~in_circle[on]]
    queued = head[(holder >= 0) & ~in_circle[head]]
    behind = np.bincount(queued, minlength=len(holder))
    return Queues(waiting, holder, head, behind, in_circle)
