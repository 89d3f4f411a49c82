"""Holding robots back: only so many pursue their goals at once, and they take turns.

On a crowded floor more robots deliver less. Robots that are held back have no goal for
the while: they give way to all others. Whoever reaches a goal goes to the end of the
queue, and the robot that has waited longest goes on.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel


class Turns(NamedTuple):
    """Which robots may pursue their goals."""

    active: NDArray[np.bool_]  # (robots,)
    queue: NDArray[np.int32]  # ring of the robots held back
    ends: NDArray[np.int64]  # length 2: where the queue begins, how many are in it


def make_turns(robots: int, active: int) -> Turns:
    """Turns of a team of which so many pursue their goals at once.

    Examples
    --------
    >>> turns = make_turns(3, active=2)
    >>> _ = pass_turn(turns, 0)
    >>> turns.active.tolist()
    [False, True, True]
    """
    held = np.zeros(robots, np.int32)
    held[: robots - active] = np.arange(active, robots, dtype=np.int32)
    ends = np.array([0, robots - active], np.int64)
    return Turns(np.arange(robots) < active, held, ends)


@lean_kernel
def pass_turn(turns, robot):  # type: ignore[no-untyped-def]
    """A robot that reached its goal lets the next one go; returns that robot."""
    waiting = turns.ends[1]
    if waiting == 0 or not turns.active[robot]:
        return robot
    head = turns.ends[0]
    following = turns.queue[head]
    turns.queue[(head + waiting) % len(turns.queue)] = robot
    turns.ends[0] = (head + 1) % len(turns.queue)
    turns.active[robot] = False
    turns.active[following] = True
    return following
