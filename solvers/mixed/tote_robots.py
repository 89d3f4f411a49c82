"""Robots with totes on the floor where pods are carried: from step to step."""

import numpy as np
from numpy.typing import NDArray

from solvers.mixed.admission import NOWHERE, Admission
from solvers.mixed.demand import Demand
from solvers.mixed.errand import Errand
from solvers.mixed.tote_batteries import ToteBatteries
from solvers.pods.arrays import NONE, Site
from solvers.pods.charging import FROM_CHARGER
from solvers.pods.motion import Traffic, make_traffic

ON_A_MISSION = 2_000_000
"""As urgent as robots with pods."""
GOING_HOME = 1_000_000
"""As urgent as robots that go for pods."""
LEAVING = 2_000_000
"""More urgent by this, than all others, is who has to get out of a dead end."""
AWAY = 20
"""Steps after which a robot that left a charger is out of the way of the next."""


class ToteRobots:
    """Robots with totes that follow errands, beside those that carry pods.

    They drive by the distances of laden robots and never where a pod stands. To a dock,
    or into a dead end, none sets out without leave: it waits at home until then, where
    it bars no way. Without an errand it goes home, and gives way there. Who has to
    charge does so before it goes on.

    Parameters
    ----------
    homes : ndarray of int32, shape (robots,)
        Vertex at which each robot begins, and to which it returns.
    admission : Admission
    batteries : ToteBatteries, optional
        None where nobody counts what robots use.
    demand : Demand, optional
        Where orders become known as others are begun.

    Attributes
    ----------
    busy : bool
        Whether time must go on for them: who gives out the errands says so.
    """

    def __init__(
        self,
        homes: NDArray[np.int32],
        admission: Admission,
        batteries: ToteBatteries | None = None,
        demand: Demand | None = None,
    ) -> None:
        self.homes = homes
        self.errands: list[Errand | None] = [None] * len(homes)
        self.busy = True
        self._admission = admission
        self._batteries = batteries
        self._demand = demand
        # Robots that charge before they go on, and those with an errand not begun.
        self._aside: set[int] = set()
        self._not_begun: set[int] = set()
        self._on_charger = [-AWAY] * len(homes)
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
        self._aside.add(robot)
        self._not_begun.add(robot)

    def may_be_sent(self, site: Site, robot: int) -> bool:
        """Whether a robot can go at once, or no other is at work that will be free."""
        batteries = self._batteries
        if batteries is None or batteries.is_ready(site, robot):
            return True
        return not self.at_work

    @property
    def at_work(self) -> bool:
        """Whether any robot has an errand."""
        return any(errand is not None for errand in self.errands)

    @property
    def are_called(self) -> bool:
        """Whether there are new orders for robots that are free."""
        has_fresh = self._demand is not None and self._demand.has_fresh
        return has_fresh and any(errand is None for errand in self.errands)

    def take_finished(self) -> list[int]:
        """Robots that ended their errands since this was asked last."""
        finished, self._finished = self._finished, []
        return finished

    def vertices(self, site: Site) -> NDArray[np.int32]:
        """Vertex of every robot."""
        return np.asarray(site.traffic.robots["vertex"][self._first :])

    def reveal(self, site: Site, now_s: float) -> None:
        """Let orders become known, where that hangs on which are begun."""
        if self._demand is not None:
            self._demand.reveal(site, now_s)

    def act(self, site: Site, t: int) -> bool:
        """Set goals and begin and end services; whether there are or were any."""
        vertices = self.vertices(site).tolist()
        inbound, most = site.stations["inbound"], site.stations["queue"]
        changes = 0
        for robot, errand in enumerate(self.errands):
            if errand is not None and robot not in self._aside:
                changes += self._serve(inbound, robot, errand, vertices[robot], t)
        self._turn_aside(site, vertices, t)
        self._admission.decide(vertices, inbound, most)
        table = site.traffic.robots[self._first :]
        goals, priorities = table["goal"], table["priority"]
        for robot, errand in enumerate(self.errands):
            goals[robot], priorities[robot] = self._aim(site, robot, vertices[robot], t)
            serves = errand is not None and errand.serving
            changes += serves
            table["serving"][robot] = serves or self._charges(robot)
        return changes > 0

    def spend(self, site: Site) -> None:
        """Change the levels of batteries by what was done in the step just made."""
        if self._batteries is not None:
            self._batteries.spend(site)

    def _charges(self, robot: int) -> bool:
        return self._batteries is not None and self._batteries.charges(robot)

    def _turn_aside(self, site: Site, vertices: list[int], t: int) -> None:
        """Decide who goes on with its errand, and who charges first."""
        batteries = self._batteries
        if batteries is None:
            for robot in sorted(self._aside):
                self._go_on(robot)
            return
        batteries.arrive(site, vertices, t)
        for robot, errand in enumerate(self.errands):
            vertex = vertices[robot]
            if errand is None or errand.serving:
                continue
            if robot not in self._aside:
                if batteries.must_turn_aside(site, robot, vertex, errand, t):
                    self._aside.add(robot)
            elif batteries.may_begin(site, robot, vertex, errand):
                if batteries.has_charger(robot):
                    batteries.leave(site, robot, t)
                self._go_on(robot)
        without = [r for r in range(len(vertices)) if not batteries.has_charger(r)]
        needy = [robot for robot in without if robot in self._aside]
        idle = [robot for robot in without if self.errands[robot] is None]
        batteries.call(site, vertices, needy, idle, t)

    def _go_on(self, robot: int) -> None:
        """Let a robot drive to the next stop of its errand."""
        self._aside.remove(robot)
        errand = self.errands[robot]
        if robot in self._not_begun and errand is not None:
            self._not_begun.remove(robot)
            self._ask(robot, errand, 0)

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

    def _aim(self, site: Site, robot: int, vertex: int, t: int) -> tuple[int, int]:
        """Vertex to which a robot drives, and how urgent it is."""
        errand = self.errands[robot]
        goal, urgency = self._destination(site, robot, t)
        if goal == vertex and (errand is None or not errand.serving):
            return goal, 0
        if site.vertices.charger[vertex] != NONE:
            self._on_charger[robot] = t
        if t - self._on_charger[robot] < AWAY:
            return goal, FROM_CHARGER
        dead_end = self._admission.dead_ends[vertex]
        if dead_end != NOWHERE and self._admission.dead_ends[goal] != dead_end:
            urgency += LEAVING
        return goal, urgency

    def _destination(self, site: Site, robot: int, t: int) -> tuple[int, int]:
        """Vertex to which a robot drives, and how urgent it is where it bars nobody."""
        errand, batteries = self.errands[robot], self._batteries
        if batteries is not None and batteries.has_charger(robot):
            return batteries.aim(site, robot, t)
        if errand is None:
            return int(self.homes[robot]), GOING_HOME + t - self._free_since[robot]
        stop = len(errand.end)
        if robot not in self._aside and self._admission.has_leave(robot, stop):
            return errand.vertices[stop], ON_A_MISSION + t - errand.begun
        return int(self.homes[robot]), GOING_HOME + t - errand.begun
