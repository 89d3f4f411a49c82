"""What robots do at every step of a plan, and what share of their time it takes."""

from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viz.replay import Replay, RobotState
from warehouse.plan import MOVES_POD, Plan, StopKind


class Activity(IntEnum):
    """What a robot does; the states of the replay, with service by what it is."""

    EMPTY = 0
    CARRYING = 1
    PICKING = 2
    HANDING = 3
    WAITING = 4
    CHARGING = 5
    IDLE = 6


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
    """`Activity` of every robot at every step, shape (steps + 1, robots).

    O(steps * robots); a byte for each.
    """
    of_state = np.zeros(len(RobotState), np.uint8)
    for activity, state in reversed(STATE_OF.items()):
        of_state[state] = activity
    table = np.empty((replay.plan.steps + 1, replay.robots), np.uint8)
    for step in range(len(table)):
        table[step] = of_state[replay.at(step).state]
    for robot, start, end in _hand_overs(replay.plan):
        stay = table[start:end, robot]
        stay[stay == Activity.PICKING] = Activity.HANDING
    return table


def _hand_overs(plan: Plan) -> list[tuple[int, int, int]]:
    """Robot, start and end of every stop at a station."""
    found: list[tuple[int, int, int]] = []
    stays = [plan.stops[plan.stops["kind"] == StopKind.DROP]]
    if plan.pod_work is not None:
        stops = plan.pod_work.stops
        stays.append(stops[~np.isin(stops["kind"], MOVES_POD)])
    for some in stays:
        columns = (some[name].tolist() for name in ("robot", "start", "end"))
        found.extend(zip(*columns, strict=True))
    return found


def shares_over_time(table: NDArray[np.uint8], most: int) -> NDArray[np.float64]:
    """Share of each activity in so many equal parts of the time, or in fewer.

    Parameters
    ----------
    table : ndarray of uint8, shape (steps + 1, robots)
        As `activities` gives it, of a step and a robot at least.
    most : int

    Returns
    -------
    ndarray of float64, shape (parts, activities)
    """
    steps = len(table) - 1
    ends = np.linspace(0, steps, min(most, steps) + 1).astype(int)
    parts = zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)
    return np.array([_shares(table[first:last]) for first, last in parts])


def shares_of_robots(table: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Share of each activity in the time of each robot, shape (robots, activities)."""
    return np.array([_shares(column) for column in table[:-1].T])


def _shares(part: NDArray[np.uint8]) -> NDArray[np.float64]:
    counts = np.bincount(part.ravel(), minlength=len(Activity))
    return np.asarray(counts / max(1, part.size))
