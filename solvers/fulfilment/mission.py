"""A trip given to a robot, with the docks where it ends."""

from dataclasses import dataclass

from solvers.fulfilment.trips import Trip


@dataclass(frozen=True, slots=True)
class Drop:
    """Orders that a robot hands over at one station."""

    station: int
    orders: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Mission:
    """A trip given to a robot.

    Parameters
    ----------
    robot : int
    trip : Trip
    tour : tuple of int
        Stand cells in the order in which the robot visits them.
    drops : tuple of Drop
        Docks in the order in which the robot visits them, after the tour.
    """

    robot: int
    trip: Trip
    tour: tuple[int, ...]
    drops: tuple[Drop, ...]
