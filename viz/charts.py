"""The charts of one replay, made when they are first looked at and kept."""

from functools import cached_property

from viz.gantt_bars import Chart
from viz.replay import Replay
from viz.robot_bars import robot_chart
from viz.station_bars import station_chart


class Charts:
    """What stations do, and the robot that was looked at last.

    Parameters
    ----------
    replay : Replay
    """

    def __init__(self, replay: Replay) -> None:
        self._replay = replay
        self._robot: tuple[int, Chart] | None = None

    @cached_property
    def stations(self) -> Chart:
        """Rows of the stations."""
        return station_chart(self._replay)

    @property
    def most_lanes(self) -> int:
        """Lanes of the station that has most."""
        return max(self.stations.lanes, default=1)

    def of_robot(self, robot: int) -> Chart:
        """One row, of a robot."""
        if self._robot is None or self._robot[0] != robot:
            self._robot = robot, robot_chart(self._replay, robot)
        return self._robot[1]
