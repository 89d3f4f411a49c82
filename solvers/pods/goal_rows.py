"""Rows of distances that robots drive by: kept ones for docks, one's own for a spot."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel
from solvers.mapf.lifelong.turning_distances import STEP_COST, UNREACHABLE
from solvers.pods.motion import NOBODY, Traffic
from solvers.pods.searches import Front, Roads, search_to

SLACK = 32 * STEP_COST
"""So much farther than the robot is its row is searched at first."""
EDGE = 8 * STEP_COST
"""A robot so near the end of what was searched gets a row of the whole floor."""

MOST_SEARCHES = 16
"""After so many searches somebody may want to stop."""

OWN = np.dtype(
    [
        ("goal", "i4"),  # vertex that the row leads to, or NOBODY
        ("laden", "?"),
        ("right_to", "i4"),  # cost up to which the row is right
    ]
)


class GoalRows(NamedTuple):
    """Costs of ways to goals.

    Goals that many robots have keep their rows; for any other goal a robot has one row
    of its own, which is searched when its goal changes.
    """

    table: NDArray[np.int16]  # (rows, 4 * vertices); the last rows are the robots'
    kept_empty: NDArray[np.int64]  # (vertices,): row for robots without a pod, or -1
    kept_laden: NDArray[np.int64]  # (vertices,)
    own: Any  # record array (robots,) of `OWN`


@lean_kernel
def give_rows(roads: Roads, rows: GoalRows, front: Front, traffic: Traffic) -> bool:
    """Let ``traffic.robots.row`` lead all robots that drive to their goals.

    Returns whether that is done; if not, call it again.
    """
    robots = traffic.robots
    searches = 0
    own = rows.own
    first = len(rows.table) - len(robots)
    for robot in range(len(robots)):
        goal = robots.goal[robot]
        if goal == NOBODY or goal == robots.vertex[robot]:
            continue
        laden = robots.laden[robot]
        kept = rows.kept_laden[goal] if laden else rows.kept_empty[goal]
        if kept >= 0:
            robots.row[robot] = kept
            continue
        robots.row[robot] = first + robot
        row = rows.table[first + robot]
        state = 4 * np.int64(robots.vertex[robot]) + robots.heading[robot]
        slack = SLACK
        if own.goal[robot] == goal and own.laden[robot] == laden:
            right_to = own.right_to[robot]
            if right_to == UNREACHABLE or row[state] <= right_to - EDGE:
                continue
            slack = UNREACHABLE
        if searches == MOST_SEARCHES:
            return False
        searches += 1
        own.goal[robot], own.laden[robot] = goal, laden
        own.right_to[robot] = search_to(roads, front, goal, laden, row, state, slack)
    return True
