"""Selecting one after the other: robots, stations, trucks."""

from viz.view import View


def next_robot(view: View, places: int) -> None:
    """Select the robot some places on (or back) in the fleet."""
    number = _beside(view.robot, view.replay.robots, places)
    if number is not None:
        view.select_robot(number)


def next_station(view: View, places: int) -> None:
    """Select the station some places on (or back)."""
    number = _beside(view.station, len(view.replay.scenario.stations), places)
    if number is not None:
        view.select_station(number)


def next_truck(view: View, places: int) -> None:
    """Select the truck that leaves some departures later (or earlier)."""
    trucks = view.replay.trucks
    now = None if view.truck is None else int(trucks.place_of[view.truck])
    number = _beside(now, len(trucks), places)
    if number is not None:
        view.select_truck(trucks.by_departure[number])


def _beside(now: int | None, count: int, places: int) -> int | None:
    """Number some places on, round about; from none, the first, or back the last."""
    if not count:
        return None
    start = -1 if places > 0 else 0
    return ((start if now is None else now) + places) % count
