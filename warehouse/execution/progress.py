"""How far robots have come along a passing order: for a fleet manager's own loop."""

from collections.abc import Collection, Iterable

import numpy as np

from warehouse.errors import WarehouseError
from warehouse.execution.passing_order import PassingOrder


class Progress:
    """Robots on their way along an order; says who may go on, and keeps the order.

    Parameters
    ----------
    order : PassingOrder

    Notes
    -----
    It knows no time: whoever wants planned times kept compares `PassingOrder.earliest`
    with a clock. A real robot has done a drive when it has left its old cell entirely;
    those of a joint move have when all have.

    Examples
    --------
    Robot 1 follows robot 0 along a corridor of cells 0, 1, 2, 3:

    >>> progress = PassingOrder.from_paths(np.array([[1, 0], [2, 1], [3, 2]])).begin()
    >>> progress.may_advance(0), progress.may_advance(1)
    (True, False)
    >>> progress.may_advance(1, moving=[0])  # right behind it, in the same step
    True
    >>> progress.advance([0])
    >>> progress.may_advance(1), progress.cell(0), progress.left_to_do(1)
    (True, 2, 2)
    """

    def __init__(self, order: PassingOrder) -> None:
        self.order = order
        self._next = order.first[:-1].copy()

    def next_action(self, robot: int) -> int | None:
        """Index of the robot's next action in the order; None if it has done all."""
        action = int(self._next[robot])
        return action if action < self.order.first[robot + 1] else None

    def left_to_do(self, robot: int) -> int:
        """Number of actions that a robot has still to do."""
        return int(self.order.first[robot + 1] - self._next[robot])

    @property
    def finished(self) -> bool:
        """Whether all robots have done all their actions."""
        return bool((self._next == self.order.first[1:]).all())

    def cell(self, robot: int) -> int:
        """Cell the robot is on."""
        order, done = self.order, int(self._next[robot])
        at_start = done == order.first[robot]
        return int(order.start_cells[robot] if at_start else order.cell[done - 1])

    def awaits(self, robot: int) -> int | None:
        """Robot that has to leave first, before or together; None if nobody has to."""
        action = self.next_action(robot)
        if action is None:
            return None
        needed = int(self.order.dependency[action])
        if needed < 0:
            return None
        other = int(self.order.owner[needed])
        return other if self._next[other] <= needed else None

    def may_advance(self, robot: int, moving: Collection[int] = ()) -> bool:
        """Whether a robot may do its next action now.

        Parameters
        ----------
        robot : int
        moving : collection of int
            Robots that do their next action in the same step.

        Notes
        -----
        A robot in a ring (`companions`) may go with all of them only.
        """
        action = self.next_action(robot)
        if action is None:
            return False
        other = self.awaits(robot)
        if other is None:
            return True
        needed = self.order.dependency[action]
        return other in moving and bool(self._next[other] == needed)

    def companions(self, robot: int) -> list[int]:
        """Robots of the joint move that is next for a robot, ascending.

        Empty if its next action is none. They may go when all of them are at it: then
        ``advance(companions(robot))`` is allowed.
        """
        action = self.next_action(robot)
        if action is None or self.order.ring[action] < 0:
            return []
        robots = [robot]
        needed = int(self.order.dependency[action])
        while needed != action:
            robots.append(int(self.order.owner[needed]))
            needed = int(self.order.dependency[needed])
        return sorted(robots)

    def can_go(self, willing: Iterable[int]) -> list[int]:
        """The most of some robots that may all go in one step, ascending.

        Robots follow each other and turn in rings as far as all they wait for is
        willing too. Takes time in proportion to the willing robots.
        """
        going = {r for r in willing if self.next_action(r) is not None}
        held = [r for r in going if not self.may_advance(r, going)]
        behind: dict[int, list[int]] = {}
        for robot in going:
            other = self.awaits(robot)
            if other is not None:
                behind.setdefault(other, []).append(robot)
        while held:
            robot = held.pop()
            if robot in going:
                going.discard(robot)
                held += behind.get(robot, ())
        return sorted(going)

    def advance(self, robots: Iterable[int]) -> None:
        """Note that some robots have done their next action, in one step.

        Raises
        ------
        WarehouseError
            If one of them has nothing to do or had to wait; then nothing is noted.
        """
        moving = set(robots)
        for robot in sorted(moving):
            if not self.may_advance(robot, moving):
                other = self.awaits(robot)
                found = f"robot {robot} advances and has nothing left to do"
                if other is not None:
                    found = f"robot {robot} advances before robot {other} has left"
                raise WarehouseError("E216", found, "ask `may_advance` first")
        self._next[np.array(sorted(moving), np.intp)] += 1
