"""The part of the report about robots: what they do, over time and each of them."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from viz.clock import share
from viz.fleet_use import (
    Activity,
    activity_words,
    shares_of_robots,
    shares_over_time,
)
from viz.page import legend
from viz.replay import Replay
from viz.svg_bars import stacked_bars

_BARS: Final = 96  # side by side, at most
_NAMED: Final = 32  # bars that have room for a number below


def fleet_charts(replay: Replay, table: NDArray[np.uint8]) -> str:
    """Shares of time by what robots do: of the fleet over time, and of each robot.

    Parameters
    ----------
    replay : Replay
    table : ndarray of uint8, shape (steps, robots)
        As `viz.fleet_use.activities` gives it.
    """
    if not replay.robots or not replay.plan.steps:
        return "<p>No robot moves.</p>"
    words = activity_words(replay)
    order = list(words)
    styles = tuple(activity.name.lower() for activity in order)
    robots = shares_of_robots(table)
    mean = robots.mean(axis=0)
    key = legend(
        [
            (activity.name.lower(), f"{words[activity]} {share(float(mean[activity]))}")
            for activity in order
        ]
    )
    end_s = replay.plan.steps * replay.step_s
    over_time = shares_over_time(table, _BARS)[:, order]
    chart = stacked_bars(over_time, styles, "Use of the fleet over time", end_s=end_s)
    return (
        '<p class="muted">What the robots do, as shares of the fleet.</p>\n'
        f"{chart}\n{key}\n{_robot_chart(robots, order, styles)}"
    )


def _robot_chart(
    robots: NDArray[np.float64], order: list[Activity], styles: tuple[str, ...]
) -> str:
    """Shares of each robot's time, the busiest first; of many, means of a few each."""
    idle = robots[:, Activity.IDLE]
    ranked = np.argsort(idle, kind="stable")
    parts = np.array_split(ranked, min(_BARS, len(ranked)))
    shares = np.array([robots[part].mean(axis=0) for part in parts])[:, order]
    names = tuple(str(robot) for robot in ranked) if len(ranked) <= _NAMED else ()
    each = "Each bar is a robot, with its number below"
    if len(parts) < len(ranked):
        each = f"Each bar is the mean of about {len(parts[0])} robots"
    elif not names:
        each = "Each bar is a robot"
    least, most = share(float(idle.min())), share(float(idle.max()))
    words = (
        f"{each}, the busiest at the left. The busiest robot is idle for {least} of "
        f"the time, the least busy one for {most}."
    )
    chart = stacked_bars(shares, styles, "Use of every robot", names=names)
    return f'<h3>Robot by robot</h3>\n<p class="muted">{words}</p>\n{chart}'
