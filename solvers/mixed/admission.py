"""Who may set out for a place where robots would bar each other: docks, dead ends."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from solvers.mapf.floor import Floor
from solvers.mapf.lifelong.pockets import dead_ends
from solvers.pods.ways import Ways
from warehouse.grid import Grid

NOWHERE = -1
"""No station, or no dead end."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A robot asks for leave to drive to one of its stops.

    Parameters
    ----------
    robot, stop : int
    station : int
        Station whose dock it is, or `NOWHERE`.
    dead_end : int
        Dead end in which it is, or `NOWHERE`.
    """

    robot: int
    stop: int
    station: int
    dead_end: int


class Admission:
    """Gives leave to robots, first come first served.

    As many come to a station as its queue has room for, those with pods included. In a
    dead end beside racks is one robot alone, because two could not pass each other.
    Other stops are open to all.

    Parameters
    ----------
    dead_ends : ndarray of int32, shape (vertices,)
        Name of the dead end of each vertex, or `NOWHERE`.
    """

    def __init__(self, dead_ends: NDArray[np.int32]) -> None:
        self.dead_ends = dead_ends
        self._asking: list[Asked] = []
        self._given: dict[tuple[int, int], Asked] = {}
        self._inside: dict[int, int] = {}

    def ask(self, robot: int, stop: int, vertex: int, station: int) -> None:
        """Ask for leave to drive to a stop."""
        dead_end = NOWHERE if station != NOWHERE else int(self.dead_ends[vertex])
        self._asking.append(Asked(robot, stop, station, dead_end))

    def has_leave(self, robot: int, stop: int) -> bool:
        """Whether a robot may drive to a stop."""
        return (robot, stop) in self._given

    def decide(
        self, vertices: list[int], inbound: NDArray[np.int32], most: NDArray[np.int32]
    ) -> None:
        """Give leave to those that asked for it, as far as there is room.

        Parameters
        ----------
        vertices : list of int
            Where the robots are.
        inbound, most : ndarray of int32, shape (stations,)
            Robots on their way to each station or there, counted on here, and most.
        """
        self._free_dead_ends(vertices)
        still = []
        for asked in self._asking:
            station, dead_end = asked.station, asked.dead_end
            alone = self._inside.get(dead_end, asked.robot) == asked.robot
            if not alone or (station != NOWHERE and inbound[station] >= most[station]):
                still.append(asked)
                continue
            if station != NOWHERE:
                inbound[station] += 1
            if dead_end != NOWHERE:
                self._inside[dead_end] = asked.robot
            self._given[asked.robot, asked.stop] = asked
        self._asking = still

    def leave(self, robot: int, stop: int, inbound: NDArray[np.int32]) -> None:
        """Take leave back when a stop is over."""
        asked = self._given.pop((robot, stop))
        if asked.station != NOWHERE:
            inbound[asked.station] -= 1

    def _free_dead_ends(self, vertices: list[int]) -> None:
        """Open dead ends whose robot is out, and has no more leave to go there."""
        meant = {(a.robot, a.dead_end) for a in self._given.values()}
        self._inside = {
            dead_end: robot
            for dead_end, robot in self._inside.items()
            if self.dead_ends[vertices[robot]] == dead_end or (robot, dead_end) in meant
        }


def name_dead_ends(grid: Grid, ways: Ways) -> NDArray[np.int32]:
    """Name of the dead end of each vertex for who is too tall to go under pods.

    One-way lanes are none, as nobody meets head on there: what counts is which cells
    there is a way between at all.
    """
    floor = Floor.from_grid(grid)
    opposite = np.roll(floor.predecessors, 2, axis=1)
    beside = np.maximum(floor.successors, opposite)
    both_ways = replace(
        floor, successors=beside, predecessors=np.roll(beside, 2, axis=1)
    )
    names = np.full(ways.floor.vertices, NOWHERE, np.int32)
    names[ways.floor.at(floor.cell_of)] = dead_ends(both_ways).name
    return names
