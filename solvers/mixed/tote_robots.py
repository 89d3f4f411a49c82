"""Robots with totes on the floor where pods are carried: from step to step."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from solvers.mixed.admission import NOWHERE, Admission
from solvers.pods.arrays import Site
from solvers.pods.motion import Traffic, make_traffic

ON_A_MISSION = 2_000_000
"""As urgent as robots with pods."""
GOING_HOME = 1_000_000
"""As urgent as robots that go for pods."""
LEAVING = 2_000_000
"""More urgent by this, than all others, is who has to get out of a dead end."""


@dataclass(slots=True)
class Errand:
    """Stops of a robot, one after the other, and how far it has come.

    Parameters
    ----------
    vertices, steps : list of int
        Where to stop, and for how many timesteps.
    stations : list of int
        Station whose dock each stop is at; `NOWHERE` for picks.
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


class ToteRobots:
    """Robots with totes that follow errands, beside those that carry pods.

    They drive by the distances of laden robots and never where a pod stands. To a dock,
    or into a dead end, none sets out without leave: it waits at home until then, where
    it bars no way. Without an errand it goes home, and gives way there.

    Parameters
    ----------
    homes : ndarray of int32, shape (robots,)
        Vertex at which each robot begins, and to which it returns.
    admission : Admission

    Attributes
    ----------
    busy : bool
        Whether there may be more errands; who knows that there are none clears it.
    """

    def __init__(self, homes: NDArray[np.int32], admission: Admission) -> None:
        self.homes = homes
        self.errands: list[Errand | None] = [None] * len(homes)
        self.busy = True
        self._admission = admission
        self._finished: list[int] = []
        self._free_since = [0] * len(homes)
        self._first = 0

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
        self._ask(robot, errand, 0)

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
        inbound, most = site.stations["inbound"], site.stations["queue"]
        changes = 0
        for robot, errand in enumerate(self.errands):
            if errand is not None:
                changes += self._serve(inbound, robot, errand, vertices[robot], t)
        self._admission.decide(vertices, inbound, most)
        table = site.traffic.robots[self._first :]
        goals, priorities = table["goal"], table["priority"]
        for robot, errand in enumerate(self.errands):
            goals[robot], priorities[robot] = self._aim(robot, vertices[robot], t)
            table["serving"][robot] = errand is not None and errand.serving
        return changes > 0

    def _serve(
        self,
        inbound: NDArray[np.int32],
        robot: int,
        errand: Errand,
        vertex: int,
        t: int,
    ) -> int:
        """Begin and end what begins and ends at timestep t; how often something did."""
        changes = 0
        while not errand.done:
            stop = len(errand.end)
            if not errand.serving:
                there = vertex == errand.vertices[stop]
                if not there or not self._admission.has_leave(robot, stop):
                    break
                errand.start.append(t)
                changes += 1
                self._ask(robot, errand, stop + 1)
            if t < errand.start[stop] + errand.steps[stop]:
                break
            self._admission.leave(robot, stop, inbound)
            errand.end.append(t)
            errand.begun = t
            changes += 1
        if errand.done:
            self.errands[robot] = None
            self._free_since[robot] = t
            self._finished.append(robot)
        return changes

    def _ask(self, robot: int, errand: Errand, stop: int) -> None:
        """Ask for leave to drive to a stop, if there is such a one."""
        if stop < len(errand.vertices):
            vertex, station = errand.vertices[stop], errand.stations[stop]
            self._admission.ask(robot, stop, vertex, station)

    def _aim(self, robot: int, vertex: int, t: int) -> tuple[int, int]:
        """Vertex to which a robot drives, and how urgent it is."""
        errand, goal = self.errands[robot], int(self.homes[robot])
        urgency = GOING_HOME + t - self._free_since[robot]
        if errand is not None:
            stop = len(errand.end)
            urgency = GOING_HOME + t - errand.begun
            if self._admission.has_leave(robot, stop):
                goal = errand.vertices[stop]
                urgency += ON_A_MISSION - GOING_HOME
        if goal == vertex and (errand is None or not errand.serving):
            return goal, 0
        dead_end = self._admission.dead_ends[vertex]
        if dead_end != NOWHERE and self._admission.dead_ends[goal] != dead_end:
            urgency += LEAVING
        return goal, urgency
