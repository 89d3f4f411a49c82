"""What robots do at every step; of one robot as bars: its Gantt."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viz.gantt_bars import BarKind, Chart, bars_of
from viz.replay import Replay
from warehouse.moving import moving
from warehouse.plan import PodStopKind, StopKind
from warehouse.time_spans import TimeSpans, joined, spans_of

_BLOCK: Final = 1 << 18
"""Robot-steps looked at together."""

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
    cells = replay.plan.cells[:, robot]
    under_way = replay.legs.of_robot(robot, cells[:-1])[:, None]
    loaded = _loaded(replay).of_robot(robot)
    services = _services(replay).of_robot(robot)
    moves = moving(replay.plan, 0, replay.plan.steps, slice(robot, robot + 1))
    return _kinds(moves, under_way, loaded, services, 0)[:, 0]


def fleet_kinds(replay: Replay) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Yield the `BarKind` of all robots, some timesteps after others.

    Each is the first timestep and an array of shape (timesteps, robots).
    """
    plan, loaded, services = replay.plan, _loaded(replay), _services(replay)
    rows = max(1, _BLOCK // max(1, replay.robots))
    for first in range(0, plan.steps, rows):
        last = min(first + rows, plan.steps)
        moves = moving(plan, first, last)
        waiting = replay.legs.waiting(plan, first, last)
        yield first, _kinds(moves, waiting, loaded, services, first)


def _kinds(
    moves: NDArray[np.bool_],
    under_way: NDArray[np.bool_],
    loaded: TimeSpans,
    services: TimeSpans,
    first: int,
) -> NDArray[np.uint8]:
    """`BarKind` of robots from a first timestep on, shape (timesteps, robots).

    Robots under way wait where they do not move.
    """
    carrying = np.zeros(moves.shape, bool)
    loaded.paint(carrying, first)
    kinds = np.where(under_way, BarKind.WAIT, BarKind.REST).astype(np.uint8)
    kinds[moves] = BarKind.DRIVE_EMPTY
    kinds[moves & carrying] = BarKind.CARRY
    services.paint(kinds, first)
    return kinds


def _loaded(replay: Replay) -> TimeSpans:
    """When robots have units on board between stops, or carry a pod."""
    stops, trips, pods = replay.plan.stops, replay.trips, replay.pod_trips
    same_trip = trips.of_stop[1:] == trips.of_stop[:-1]
    before = np.flatnonzero(same_trip & (trips.units_after[:-1] > 0))
    lift, end = pods.stops[pods.first], pods.stops[pods.last]
    # At the end of the plan pods may still be on their way.
    put_down = end["kind"] == PodStopKind.SET_DOWN
    until = np.where(put_down, end["end"], replay.plan.steps)
    robot = [stops["robot"][before], pods.robot]
    return TimeSpans(
        robot=np.concatenate(robot).astype(np.int64),
        start=np.concatenate([stops["end"][before], lift["end"]]).astype(np.int64),
        end=np.concatenate([stops["start"][before + 1], until]).astype(np.int64),
        value=np.ones(len(before) + len(until), bool),
    )


def _services(replay: Replay) -> TimeSpans:
    """What robots stand still for, and when."""
    work, stops = replay.plan.pod_work, replay.plan.stops
    parts = [spans_of(stops, _kinds_of(stops, _OF_STOP))]
    if work is not None:
        parts.append(spans_of(work.stops, _kinds_of(work.stops, _OF_POD_STOP)))
        charging = np.full(len(work.charges), BarKind.CHARGE, np.uint8)
        parts.append(spans_of(work.charges, charging))
    return joined(parts)


def _kinds_of(stops: NDArray[np.void], meant: dict[int, BarKind]) -> NDArray[np.uint8]:
    """`BarKind` of each stop."""
    of_stop = np.zeros(max(meant) + 1, np.uint8)
    of_stop[list(meant)] = list(meant.values())
    return of_stop[stops["kind"]]
