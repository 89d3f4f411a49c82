"""Batteries of robots with totes, which share chargers with those that carry pods."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.mixed.errand import Errand
from solvers.pods.arrays import IDLE, NONE, Site
from solvers.pods.charging import (
    LEAST_GAIN,
    MARGIN,
    TO_CHARGE,
    leave_charger,
)
from solvers.pods.ways import Ways


@dataclass(slots=True)
class Stay:
    """A robot at a charger, from one timestep to another, and its levels then."""

    robot: int
    vertex: int
    start: int
    end: int
    start_wh: float
    end_wh: float


class ToteBatteries:
    """Levels of robots with totes, and who of them charges where.

    A robot sets out on an errand if its battery will do for all of it, or has been
    charged for long. It turns aside to charge before a stop that it could not go on
    from. What is kept for traffic and waiting, and who makes room at a charger for
    whom, is as for robots with pods; see `solvers.pods.charging`.

    Parameters
    ----------
    ways : Ways
    steps_between : callable
        Steps from one vertex to another for a robot with totes.
    level_wh : ndarray of float64, shape (robots,)
        At first.
    """

    def __init__(
        self,
        ways: Ways,
        steps_between: Callable[[int, int], int],
        level_wh: NDArray[np.float64],
    ) -> None:
        self.level_wh = level_wh
        self.stays: list[Stay] = []
        self._steps_between = steps_between
        every = np.arange(ways.floor.vertices, dtype=np.int32)
        self._steps_to = ways.to_chargers(every, laden=True)
        self._to_charger = self._steps_to.min(1)
        self._charger = np.full(len(level_wh), NONE)
        self._since = [0] * len(level_wh)
        self._stay: list[Stay | None] = [None] * len(level_wh)

    def has_charger(self, robot: int) -> bool:
        """Whether a robot charges, or is on its way to it."""
        return bool(self._charger[robot] != NONE)

    def charges(self, robot: int) -> bool:
        """Whether a robot stands at its charger."""
        return self._stay[robot] is not None

    def aim(self, site: Site, robot: int, t: int) -> tuple[int, int]:
        """Charger to which a robot drives, as a vertex, and how urgent it is."""
        vertex = int(site.chargers.vertex[self._charger[robot]])
        return vertex, TO_CHARGE + t - self._since[robot]

    def is_ready(self, site: Site, robot: int) -> bool:
        """Whether a robot need not charge before it does anything else."""
        energy = site.energy
        least_wh = energy.leave_wh if self.has_charger(robot) else energy.call_wh
        return bool(self.level_wh[robot] >= least_wh)

    def may_begin(self, site: Site, robot: int, vertex: int, errand: Errand) -> bool:
        """Whether a robot may set out on the rest of an errand."""
        energy = site.energy
        rest = len(errand.vertices) - len(errand.end)
        next_wh = max(energy.leave_wh, self._need_wh(site, vertex, errand, 1))
        all_wh = self._need_wh(site, vertex, errand, rest)
        return bool(self.level_wh[robot] >= min(all_wh, next_wh, energy.full_wh))

    def must_turn_aside(
        self, site: Site, robot: int, vertex: int, errand: Errand, t: int
    ) -> bool:
        """Whether a robot on an errand is to charge before it goes on."""
        energy, level_wh = site.energy, self.level_wh[robot]
        back_wh = MARGIN * int(self._to_charger[vertex]) * energy.moving_wh
        if level_wh < energy.reserve_wh + back_wh + energy.stand_wh / 2:
            return True
        if errand.begun < t:
            return False
        need_wh = self._need_wh(site, vertex, errand, 1)
        return bool(level_wh < min(need_wh, energy.full_wh))

    def _need_wh(self, site: Site, vertex: int, errand: Errand, stops: int) -> float:
        """Level needed to serve the next stops of an errand and then to charge."""
        energy, done = site.energy, len(errand.end)
        places = [vertex, *errand.vertices[done : done + stops]]
        steps = sum(self._steps_between(a, b) for a, b in itertools.pairwise(places))
        driven_wh = (steps + int(self._to_charger[places[-1]])) * energy.moving_wh
        stood_wh = sum(errand.steps[done : done + stops]) * energy.idle_wh
        return energy.reserve_wh + MARGIN * driven_wh + stood_wh + energy.stand_wh

    def arrive(self, site: Site, vertices: list[int], t: int) -> None:
        """Begin to charge robots that came to chargers, and end with full ones."""
        for robot in np.flatnonzero(self._charger != NONE).tolist():
            stay = self._stay[robot]
            if stay is not None and self.level_wh[robot] >= site.energy.full_wh:
                self.leave(site, robot, t)
            elif stay is None and vertices[robot] == self.aim(site, robot, t)[0]:
                level_wh = float(self.level_wh[robot])
                stay = Stay(robot, vertices[robot], t, t, level_wh, level_wh)
                self._stay[robot] = stay
                self.stays.append(stay)

    def leave(self, site: Site, robot: int, t: int) -> None:
        """Take a robot's charger away."""
        self._close(robot, t)
        self._stay[robot] = None
        site.chargers.robot[self._charger[robot]] = NONE
        self._charger[robot] = NONE

    def _close(self, robot: int, t: int) -> None:
        stay = self._stay[robot]
        if stay is not None:
            stay.end, stay.end_wh = t, float(self.level_wh[robot])

    def call(
        self, site: Site, vertices: list[int], needy: list[int], idle: list[int], t: int
    ) -> None:
        """Send robots to chargers, the lowest first.

        Parameters
        ----------
        site : Site
        vertices : list of int
            Where robots are.
        needy, idle : list of int
            Robots that cannot go on, and those with nothing to do, none with a charger.
        t : int
        """
        energy, robots = site.energy, site.robots
        low = [robot for robot in idle if self.level_wh[robot] < energy.call_wh]
        carriers = (robots.phase == IDLE) & (robots.level_wh < energy.call_wh)
        waits = [(float(self.level_wh[robot]), robot) for robot in needy + low]
        waits += [
            (float(robots.level_wh[robot]), NONE)
            for robot in np.flatnonzero(carriers).tolist()
        ]
        for level_wh, robot in sorted(waits):
            if not (site.chargers.robot == NONE).any():
                self._make_room(site, level_wh, t, among_totes=robot == NONE)
            if robot == NONE:
                return  # it takes its charger itself, before all that are not as low
            self._take_nearest(site, robot, vertices[robot], t)
        for robot in idle:
            if self.level_wh[robot] < energy.leave_wh and not self.has_charger(robot):
                self._take_nearest(site, robot, vertices[robot], t)

    def _take_nearest(self, site: Site, robot: int, vertex: int, t: int) -> None:
        """Give a robot the nearest charger that nobody speaks for, if there is one."""
        free = np.flatnonzero(site.chargers.robot == NONE)
        if not len(free):
            return
        charger = int(free[self._steps_to[vertex, free].argmin()])
        site.chargers.robot[charger] = len(site.robots) + robot
        self._charger[robot], self._since[robot] = charger, t

    def _make_room(
        self, site: Site, level_wh: float, t: int, *, among_totes: bool
    ) -> None:
        """Let one that can do without its charger leave it to one with this level."""
        energy, robots = site.energy, site.robots
        least_wh = energy.leave_wh
        if level_wh < energy.urgent_wh:
            least_wh = min(least_wh, level_wh + LEAST_GAIN * energy.capacity_wh)
        levels = np.concatenate([robots.level_wh, self.level_wh])
        charger = np.concatenate([robots.charger, self._charger])
        may = (charger != NONE) & (levels >= least_wh)
        if among_totes:
            may[: len(robots)] = False
        if not may.any():
            return
        other = int(np.where(may, levels, -np.inf).argmax())
        if other < len(robots):
            leave_charger(site, other, t)
        else:
            self.leave(site, other - len(robots), t)

    def spend(self, site: Site) -> None:
        """Change the levels by what robots did in the step just made."""
        energy = site.energy
        stood = site.traffic.robots["stood"][len(site.robots) :]
        drawn_wh = np.where(stood, energy.idle_wh, energy.moving_wh)
        drawn_wh[[stay is not None for stay in self._stay]] = -energy.charge_wh
        self.level_wh = np.minimum(energy.capacity_wh, self.level_wh - drawn_wh)

    def stays_until(self, t: int) -> list[Stay]:
        """All stays; those not over yet end at a timestep."""
        for robot in range(len(self._stay)):
            self._close(robot, t)
        return [stay for stay in self.stays if stay.end > stay.start]
