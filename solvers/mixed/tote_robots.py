"""Robots with totes on the floor where pods are carried: from step to step."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from solvers.pods.arrays import Site
from solvers.pods.motion import Traffic, make_traffic

ON_A_MISSION = 2_000_000
"""As urgent as robots with pods."""
GOING_HOME = 1_000_000
"""As urgent as robots that go for pods."""
NO_STATION = -1


@dataclass(slots=True)
class Errand:
    """Stops of a robot, one after the other, and how far it has come.

    Parameters
    ----------
    vertices, steps : list of int
        Where to stop, and for how many timesteps.
    stations : list of int
        Station whose dock each stop is at; `NO_STATION` for picks.
    start, end : list of int
        Timesteps at which services began and ended, of those that did.
    begun : int
        Timestep since which the robot is on the way to its stop, or stands there.
    """

    vertices: list[int]
    steps: list[int]
    stations: list[int]
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    begun: int = 0

    @property
    def done(self) -> bool:
        """Whether the last stop is over."""
        return len(self.end) == len(self.vertices)

    @property
    def serving(self) -> bool:
        """Whether the robot stands at a stop."""
        return len(self.start) > len(self.end)

    @property
    def station(self) -> int:
        """Station of the present stop."""
        return self.stations[len(self.end)]


class ToteRobots:
    """Robots with totes that follow errands, beside those that carry pods.

    They drive by the distances of laden robots and never where a pod stands. None sets
    out for a dock before the queue of the station has room for it, as the others; it
    waits at home until then, where it bars no way. Without an errand it goes home, and
    gives way there.

    Parameters
    ----------
    homes : ndarray of int32, shape (robots,)
        Vertex at which each robot begins, and to which it returns.

    Attributes
    ----------
    busy : bool
        Whether there may be more errands; who knows that there are none clears it.
    """

    def __init__(self, homes: NDArray[np.int32]) -> None:
        self.homes = homes
        self.errands: list[Errand | None] = [None] * len(homes)
        self.busy = True
        self._finished: list[int] = []
        self._free_since = [0] * len(homes)
        self._first = 0
        # Robots and stops for which there is to be room in a queue, first come first
        # served; and those for which room was made.
        self._asking: list[tuple[int, int]] = []
        self._admitted: set[tuple[int, int]] = set()

    def join(self, site: Site, seed: int) -> Traffic:
        """Traffic of all robots: those with pods first, these after them."""
        robots = site.traffic.robots
        self._first = len(robots)
        vertex = np.concatenate([robots.vertex, self.homes])
        heading = np.ones(len(vertex), np.uint8)
        traffic = make_traffic(vertex, heading, len(site.traffic.vertices), seed)
        traffic.robots.laden[self._first :] = True
        traffic.robots.goal[self._first :] = self.homes
        return traffic

    def send(self, robot: int, errand: Errand, t: int) -> None:
        """Give a robot without an errand its next one."""
        errand.begun = t
        self.errands[robot] = errand
        self._ask(robot, 0)

    def take_finished(self) -> list[int]:
        """Robots that ended their errands since this was asked last."""
        finished, self._finished = self._finished, []
        return finished

    def vertices(self, site: Site) -> NDArray[np.int32]:
        """Vertex of every robot."""
        return np.asarray(site.traffic.robots["vertex"][self._first :])

    def act(self, site: Site, t: int) -> bool:
        """Set goals and begin and end services; whether any began or ended."""
        vertices = self.vertices(site).tolist()
        changes = 0
        for robot, errand in enumerate(self.errands):
            if errand is not None:
                changes += self._serve(site, robot, errand, vertices[robot], t)
        self._admit(site)
        table = site.traffic.robots[self._first :]
        goals, priorities = table["goal"], table["priority"]
        for robot, errand in enumerate(self.errands):
            goals[robot], priorities[robot] = self._aim(robot, vertices[robot], t)
            table["serving"][robot] = errand is not None and errand.serving
        return changes > 0

    def _serve(
        self, site: Site, robot: int, errand: Errand, vertex: int, t: int
    ) -> int:
        """Begin and end what begins and ends at timestep t; how often something did."""
        changes = 0
        while not errand.done:
            stop = len(errand.end)
            if not errand.serving:
                if vertex != errand.vertices[stop] or not self._may_come(robot):
                    break
                errand.start.append(t)
                changes += 1
                self._ask(robot, stop + 1)
            if t < errand.start[stop] + errand.steps[stop]:
                break
            self._leave(site, robot, errand, stop)
            errand.end.append(t)
            errand.begun = t
            changes += 1
        if errand.done:
            self.errands[robot] = None
            self._free_since[robot] = t
            self._finished.append(robot)
        return changes

    def _ask(self, robot: int, stop: int) -> None:
        """Ask for room in the queue of a stop's station, if it is at one."""
        errand = self.errands[robot]
        assert errand is not None  # who asks is on an errand
        left = errand.stations[stop:]
        if left and left[0] != NO_STATION:
            self._asking.append((robot, stop))

    def _admit(self, site: Site) -> None:
        """Give room in queues to those that asked for it, as far as there is some."""
        inbound, most = site.stations["inbound"], site.stations["queue"]
        still = []
        for robot, stop in self._asking:
            errand = self.errands[robot]
            assert errand is not None  # who asks has stops left
            station = errand.stations[stop]
            if inbound[station] < most[station]:
                inbound[station] += 1
                self._admitted.add((robot, stop))
            else:
                still.append((robot, stop))
        self._asking = still

    def _may_come(self, robot: int) -> bool:
        """Whether a robot may drive to its present stop."""
        errand = self.errands[robot]
        assert errand is not None  # whoever calls has looked
        at_dock = errand.station != NO_STATION
        return not at_dock or (robot, len(errand.end)) in self._admitted

    def _leave(self, site: Site, robot: int, errand: Errand, stop: int) -> None:
        """Give the room in a station's queue back."""
        if errand.stations[stop] != NO_STATION:
            site.stations["inbound"][errand.stations[stop]] -= 1
            self._admitted.discard((robot, stop))

    def _aim(self, robot: int, vertex: int, t: int) -> tuple[int, int]:
        """Vertex to which a robot drives, and how urgent it is."""
        errand = self.errands[robot]
        if errand is not None and self._may_come(robot):
            goal = errand.vertices[len(errand.end)]
            return goal, ON_A_MISSION + t - errand.begun
        home = int(self.homes[robot])
        if vertex == home:
            return home, 0
        since = self._free_since[robot] if errand is None else errand.begun
        return home, GOING_HOME + t - since
