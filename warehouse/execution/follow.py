"""Simulation: robots follow a passing order while some of them are late."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from warehouse.execution.delays import DelayModel
from warehouse.execution.passing_order import ActionKind, PassingOrder

PATIENCE: Final = 20
"""A simulation ends after so many times the steps of the plan ..."""
PATIENCE_STEPS: Final = 10_000
"""... and so many more."""

STAY: Final = 0
GO: Final = 1
OPEN: Final = 2
ON_TRAIL: Final = 3


class _Given(NamedTuple):
    """The order as kernels read it; see `PassingOrder`."""

    first: NDArray[np.int64]
    owner: NDArray[np.int32]
    earliest: NDArray[np.int32]
    dependency: NDArray[np.int64]
    ring: NDArray[np.int32]
    pace: int  # ticks of an action


class _Run(NamedTuple):
    """How far robots have come."""

    upcoming: NDArray[np.int64]  # (robots,): next action
    ticks_in: NDArray[np.int32]  # (robots,): how long that has been under way
    ready: NDArray[np.bool_]  # (robots,): in a ring, and only waiting for the others
    began: NDArray[np.int64]  # (actions,)
    done: NDArray[np.int64]  # (actions,)
    verdict: NDArray[np.uint8]  # (robots,): STAY, GO, OPEN or ON_TRAIL
    trail: NDArray[np.int32]  # (robots,)


@njit(cache=True)
def _decide(given: _Given, run: _Run, late: NDArray[np.bool_], now: int) -> int:
    """Say of each robot whether it stays, goes, or goes if the one in front does.

    Returns how many robots have actions to do.
    """
    busy = 0
    for robot in range(len(late)):
        action = run.upcoming[robot]
        run.verdict[robot] = STAY
        if action == given.first[robot + 1]:
            continue
        busy += 1
        if given.earliest[action] * given.pace > now:
            continue
        # A robot of a ring that was free once is ready, and waits for the others.
        if late[robot] and not run.ready[robot]:
            continue
        run.ready[robot] = given.ring[action] >= 0
        needed = given.dependency[action]
        if needed < 0:
            run.verdict[robot] = GO
            continue
        other = given.owner[needed]
        if run.upcoming[other] > needed:
            run.verdict[robot] = GO
        elif run.upcoming[other] == needed:
            # Never ahead of the robot in front, which is leaving the cell.
            if run.ticks_in[other] > run.ticks_in[robot]:
                run.verdict[robot] = GO
            elif run.ticks_in[other] == run.ticks_in[robot]:
                run.verdict[robot] = OPEN
    return busy


@njit(cache=True)
def _settle(given: _Given, run: _Run) -> None:
    """Follow who waits for whom: a chain does what its head does, a ring goes."""
    verdict = run.verdict
    for robot in range(len(verdict)):
        length = 0
        at = robot
        while verdict[at] == OPEN:
            verdict[at] = ON_TRAIL
            run.trail[length] = at
            length += 1
            at = given.owner[given.dependency[run.upcoming[at]]]
        # Back on the trail: all of a ring are willing, so it turns.
        fate = GO if verdict[at] == ON_TRAIL else verdict[at]
        for k in range(length):
            verdict[run.trail[k]] = fate


@njit(cache=True)
def _follow(given: _Given, run: _Run, delayed: NDArray[np.bool_], clock: int) -> int:
    """Let robots act for a block of ticks; return ticks used until all are finished."""
    for row in range(len(delayed)):
        now = clock + row
        if _decide(given, run, delayed[row], now) == 0:
            return row
        _settle(given, run)
        for robot in range(len(run.verdict)):
            if run.verdict[robot] != GO:
                continue
            action = run.upcoming[robot]
            run.ready[robot] = False
            if run.ticks_in[robot] == 0:
                run.began[action] = now
            run.ticks_in[robot] += 1
            if run.ticks_in[robot] == given.pace:
                run.ticks_in[robot] = 0
                run.upcoming[robot] = action + 1
                run.done[action] = now + 1
    return len(delayed)


@dataclass(frozen=True, slots=True)
class Execution:
    """What became of a plan in one run.

    Parameters
    ----------
    order : PassingOrder
    ticks_per_step : int
    began, done : ndarray of int64, shape (actions,)
        Tick at which each action began, and at which it was over; -1 if never.
    seed : int
    """

    order: PassingOrder
    ticks_per_step: int
    began: NDArray[np.int64]
    done: NDArray[np.int64]
    seed: int = 0

    def __post_init__(self) -> None:
        self.began.flags.writeable = False
        self.done.flags.writeable = False

    @property
    def finished(self) -> bool:
        """Whether every robot did everything."""
        return bool((self.done >= 0).all())

    @property
    def done_steps(self) -> NDArray[np.int64]:
        """First timestep at which each action is over; -1 if never."""
        return -(-self.done // self.ticks_per_step)

    @property
    def robot_finish(self) -> NDArray[np.float64]:
        """Steps until each robot's last action is over; inf if it never is."""
        order = self.order
        finish = np.zeros(order.robots)
        busy = order.first[1:] > order.first[:-1]
        last = self.done[order.first[1:][busy] - 1]
        finish[busy] = np.where(last < 0, np.inf, last / self.ticks_per_step)
        return finish

    @property
    def robot_delay(self) -> NDArray[np.float64]:
        """Steps by which each robot ends later than planned."""
        return self.robot_finish - self.order.planned_finish

    def positions(
        self, steps: int = 0
    ) -> tuple[NDArray[np.int32], NDArray[np.uint8] | None]:
        """Cells, and headings where robots turn, at every timestep.

        A robot between two cells counts as on the one it comes from.

        Parameters
        ----------
        steps : int
            So many at least.

        Returns
        -------
        cells : ndarray of int32, shape (T + 1, robots)
        headings : ndarray of uint8, shape (T + 1, robots), or None
        """
        order, over = self.order, self.done_steps
        steps = max(steps, int(over.max(initial=0)))
        times = np.arange(steps + 1)
        cells = np.empty((steps + 1, order.robots), np.int32)
        headings = None
        if order.start_headings is not None:
            headings = np.empty((steps + 1, order.robots), np.uint8)
        for robot in range(order.robots):
            begin, end = order.first[robot], order.first[robot + 1]
            over_here = over[begin:end]
            over_here = over_here[over_here >= 0]
            last = begin - 1 + np.searchsorted(over_here, times, side="right")
            started = last >= begin
            cells[:, robot] = order.start_cells[robot]
            cells[started, robot] = order.cell[last[started]]
            if headings is not None and order.start_headings is not None:
                headings[:, robot] = order.start_headings[robot]
                if order.heading is not None:
                    headings[started, robot] = order.heading[last[started]]
        return cells, headings

    def passings(self) -> dict[int, list[int]]:
        """Robots in the order in which they drove onto each cell, by cell."""
        order = self.order
        drives = np.flatnonzero((order.kind == ActionKind.DRIVE) & (self.done >= 0))
        by_time = drives[np.argsort(self.done[drives], kind="stable")]
        result: dict[int, list[int]] = {}
        for action in by_time.tolist():
            cell, robot = int(order.cell[action]), int(order.owner[action])
            result.setdefault(cell, []).append(robot)
        return result


def execute(
    order: PassingOrder,
    delays: DelayModel,
    *,
    seed: int = 0,
    most_steps: int | None = None,
) -> Execution:
    """Let robots follow an order while some are late. O(ticks * robots).

    In each tick every robot goes on that is not late, whose time has come, and whose
    dependency is done or goes in the same tick. In a ring, a robot that was free in one
    tick is ready from then on; the ring goes when all are.

    Parameters
    ----------
    order : PassingOrder
    delays : DelayModel
    seed : int
        For the delays. Same seed, same run.
    most_steps : int, optional
        End after so many steps, finished or not. By default 20 times the plan's and
        10,000 more.

    Examples
    --------
    A robot that waits in the plan makes up for a delay:

    >>> from warehouse.execution.delays import RecordedDelays
    >>> order = PassingOrder.from_paths(np.array([[0], [1], [1], [1], [2]]))
    >>> run = execute(order, RecordedDelays((((0, 2),),)))
    >>> run.done.tolist(), run.robot_delay.tolist()
    ([3, 4], [0.0])
    """
    pace = delays.ticks_per_step
    if most_steps is None:
        most_steps = PATIENCE * order.steps + PATIENCE_STEPS
    given = _Given(
        order.first, order.owner, order.earliest, order.dependency, order.ring, pace
    )
    run = _Run(
        upcoming=order.first[:-1].copy(),
        ticks_in=np.zeros(order.robots, np.int32),
        ready=np.zeros(order.robots, np.bool_),
        began=np.full(len(order), -1, np.int64),
        done=np.full(len(order), -1, np.int64),
        verdict=np.zeros(order.robots, np.uint8),
        trail=np.zeros(order.robots, np.int32),
    )
    clock, ticks = 0, most_steps * pace
    blocks = delays.blocks(order.robots, seed)
    while clock < ticks:
        delayed = next(blocks)[: ticks - clock]
        used = _follow(given, run, delayed, clock)
        clock += used
        if used < len(delayed):
            break
    return Execution(order, pace, run.began, run.done, seed)
