"""What robots do at every step of a plan, and what share of their time it takes."""

from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viz.gantt_bars import BarKind
from viz.replay import Replay, RobotState
from viz.robot_bars import fleet_kinds


class Activity(IntEnum):
    """What a robot does, told in the words of a report."""

    EMPTY = 0
    CARRYING = 1
    PICKING = 2
    HANDING = 3
    WAITING = 4
    CHARGING = 5
    IDLE = 6


_OF_BAR: Final = {
    BarKind.REST: Activity.IDLE,
    BarKind.DRIVE_EMPTY: Activity.EMPTY,
    BarKind.CARRY: Activity.CARRYING,
    BarKind.WAIT: Activity.WAITING,
    BarKind.LIFT: Activity.PICKING,
    BarKind.SET_DOWN: Activity.PICKING,
    BarKind.PICK: Activity.PICKING,
    BarKind.HAND_OVER: Activity.HANDING,
    BarKind.VISIT: Activity.HANDING,
    BarKind.FILL: Activity.HANDING,
    BarKind.CHARGE: Activity.CHARGING,
}
STATE_OF: Final = {
    Activity.EMPTY: RobotState.EMPTY,
    Activity.CARRYING: RobotState.CARRYING,
    Activity.PICKING: RobotState.SERVING,
    Activity.HANDING: RobotState.SERVING,
    Activity.WAITING: RobotState.WAITING,
    Activity.CHARGING: RobotState.CHARGING,
    Activity.IDLE: RobotState.IDLE,
}
"""State of the replay of each activity."""


def activity_words(replay: Replay) -> dict[Activity, str]:
    """What activities are called on a site, without those that it does not know."""
    picking, handing = "picking", "handing over"
    if replay.scenario.is_mixed:
        picking, handing = "picking or lifting pods", "handing over or showing pods"
    elif replay.scenario.pods is not None:
        picking, handing = "lifting or setting down pods", "showing pods at stations"
    words = {
        Activity.CARRYING: "driving loaded",
        Activity.EMPTY: "driving empty",
        Activity.PICKING: picking,
        Activity.HANDING: handing,
        Activity.WAITING: "waiting",
        Activity.CHARGING: "charging",
        Activity.IDLE: "idle",
    }
    if replay.batteries is None:
        del words[Activity.CHARGING]
    return words


def activities(replay: Replay) -> NDArray[np.uint8]:
    """`Activity` of every robot from each step to the next, shape (steps, robots).

    O(steps * robots); a byte for each.
    """
    table = np.empty((replay.plan.steps, replay.robots), np.uint8)
    of_bar = np.zeros(len(BarKind), np.uint8)
    of_bar[list(_OF_BAR)] = list(_OF_BAR.values())
    for first, kinds in fleet_kinds(replay):
        table[first : first + len(kinds)] = of_bar[kinds]
    return table


def shares_over_time(table: NDArray[np.uint8], most: int) -> NDArray[np.float64]:
    """Share of each activity in so many equal parts of the time, or in fewer.

    Parameters
    ----------
    table : ndarray of uint8, shape (steps, robots)
        As `activities` gives it, of a step and a robot at least.
    most : int

    Returns
    -------
    ndarray of float64, shape (parts, activities)
    """
    steps = len(table)
    ends = np.linspace(0, steps, min(most, steps) + 1).astype(int)
    parts = zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)
    return np.array([_shares(table[first:last]) for first, last in parts])


def shares_of_robots(table: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Share of each activity in the time of each robot, shape (robots, activities)."""
    return np.array([_shares(column) for column in table.T])


def _shares(part: NDArray[np.uint8]) -> NDArray[np.float64]:
    counts = np.bincount(part.ravel(), minlength=len(Activity))
    return np.asarray(counts / max(1, part.size))
