"""What one robot does when, as bars: the Gantt of a robot."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from viz.gantt_bars import BarKind, Chart, bars_of
from viz.replay import Replay
from warehouse.plan import PodStopKind, StopKind

_OF_STOP: Final[dict[int, BarKind]] = {
    StopKind.PICK: BarKind.PICK,
    StopKind.DROP: BarKind.HAND_OVER,
}
_OF_POD_STOP: Final[dict[int, BarKind]] = {
    PodStopKind.LIFT: BarKind.LIFT,
    PodStopKind.VISIT: BarKind.VISIT,
    PodStopKind.SET_DOWN: BarKind.SET_DOWN,
    PodStopKind.FILL: BarKind.FILL,
}


def robot_chart(replay: Replay, robot: int) -> Chart:
    """One row with all that a robot does. O(steps).

    Parameters
    ----------
    replay : Replay
    robot : int
    """
    kinds = robot_kinds(replay, robot)
    new = np.flatnonzero(np.append(True, kinds[1:] != kinds[:-1])[: len(kinds)])
    end = np.append(new[1:], len(kinds))[: len(new)]
    row = np.zeros(len(new), np.int32)
    step_s = replay.step_s
    bars = bars_of(row, 0, new * step_s, end * step_s, kinds[new])
    return Chart.of((f"Robot {robot}",), (1,), bars)


def robot_kinds(replay: Replay, robot: int) -> NDArray[np.uint8]:
    """`BarKind` of each step of a robot, from one timestep to the next.

    Returns
    -------
    ndarray of uint8, shape (steps,)
    """
    plan = replay.plan
    cells = plan.cells[:, robot]
    moving = cells[1:] != cells[:-1]
    if plan.headings is not None:
        turns = plan.headings[:, robot]
        moving |= turns[1:] != turns[:-1]
    loaded = np.zeros(len(moving), bool)
    if replay.carries_totes(robot):
        _tote_trips(replay, robot, loaded)
    else:
        _pod_trips(replay, robot, loaded)
    on_way = replay.legs.of_robot(robot, cells[:-1])
    kinds = np.where(on_way, BarKind.WAIT, BarKind.REST).astype(np.uint8)
    kinds[moving] = BarKind.DRIVE_EMPTY
    kinds[moving & loaded] = BarKind.CARRY
    _services(replay, robot, kinds)
    return kinds


def _tote_trips(replay: Replay, robot: int, loaded: NDArray[np.bool_]) -> None:
    """Mark the steps in which the robot has units on board."""
    stops, trips = replay.plan.stops, replay.trips
    mine = replay.stops_of(robot)
    for stop in range(mine.start, mine.stop - 1):
        same_trip = trips.of_stop[stop] == trips.of_stop[stop + 1]
        if same_trip and trips.units_after[stop] > 0:
            loaded[stops["end"][stop] : stops["start"][stop + 1]] = True


def _pod_trips(replay: Replay, robot: int, loaded: NDArray[np.bool_]) -> None:
    """Mark the steps in which the robot carries a pod."""
    trips = replay.pod_trips
    for trip in np.flatnonzero(trips.robot == robot).tolist():
        first, last = trips.stops[trips.first[trip]], trips.stops[trips.last[trip]]
        # At the end of the plan pods may still be on their way.
        put_down = last["kind"] == PodStopKind.SET_DOWN
        loaded[first["end"] : last["end"] if put_down else None] = True


def _services(replay: Replay, robot: int, kinds: NDArray[np.uint8]) -> None:
    """Write in what the robot stands still for."""
    work = replay.plan.pod_work
    tables = [(replay.plan.stops[replay.stops_of(robot)], _OF_STOP)]
    if work is not None:
        pod_stops = work.stops[work.stops["robot"] == robot]
        tables.append((pod_stops, _OF_POD_STOP))
    for stops, meant in tables:
        for stop in stops:
            kinds[stop["start"] : stop["end"]] = meant[stop["kind"]]
    if work is not None:
        for stay in work.charges[work.charges["robot"] == robot]:
            kinds[stay["start"] : stay["end"]] = BarKind.CHARGE
