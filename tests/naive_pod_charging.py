"""When and where robots charge, slow and obvious: looked up when it is asked for."""

from math import inf
from typing import Any

from solvers.pods.arrays import (
    AT_STATION,
    CHARGING,
    IDLE,
    LIFTING,
    SETTING,
    TO_CHARGER,
    TO_SPOT,
    TO_STATION,
)
from solvers.pods.charging import LEAST_GAIN, MARGIN
from tests.naive_pods import Desk, empty_costs


class Chargers(Desk):
    """Batteries and chargers, held beside `solvers.pods.charging`."""

    def __init__(self, site: Any, ways: Any) -> None:
        super().__init__(site, ways)
        self.energy = site.energy
        self.charger_vertex = site.chargers.vertex.tolist()
        self.charges: list[list[float]] = []
        for robot, level_wh in zip(
            self.robots, site.robots.level_wh.tolist(), strict=True
        ):
            robot.level_wh = level_wh

    def begin(self, robot, phase, t, goal):
        robot.phase, robot.begun, robot.goal = phase, t, goal

    def is_free(self, robot):
        charges = robot.phase in (TO_CHARGER, CHARGING)
        long_enough = robot.level_wh >= self.energy.leave_wh
        return robot.phase == IDLE or (charges and long_enough)

    def lasts(self, robot, driven_wh, stand_wh, full_wh=inf):
        """Whether a robot can drive as far as that and keep its reserve."""
        need_wh = self.energy.reserve_wh + MARGIN * driven_wh + stand_wh
        return robot.level_wh >= min(need_wh, full_wh)

    def can_fetch(self, robot, spot, steps):
        energy = self.energy
        driven_wh = steps * energy.moving_wh + float(self.site.spots.trip_wh[spot])
        return self.lasts(robot, driven_wh, energy.stand_wh, energy.full_wh)

    def can_go_on(self, robot, station):
        steps = int(self.site.dock_to_dock[robot.station, station])
        home_wh = float(self.site.stations.home_wh[station])
        driven_wh = steps * self.energy.carrying_wh + home_wh
        return self.lasts(robot, driven_wh, self.energy.stand_wh)

    def gives_up(self, robot):
        """Whether a robot must leave its station; then nothing more is promised."""
        home_wh = float(self.site.stations.home_wh[robot.station])
        if self.lasts(robot, home_wh, 0.0):
            return False
        for line, item, units in robot.rows[robot.done :]:
            item.left += units
            line.promised -= units
        robot.done = len(robot.rows)
        return True

    def leave_charger(self, robot, t):
        if robot.phase == CHARGING:
            self.charges[robot.stay][3] = t
            self.charges[robot.stay][5] = robot.level_wh
        robot.charger = None
        robot.phase, robot.begun = IDLE, t

    def who_makes_room(self, robot):
        least_wh = self.energy.leave_wh
        if robot.level_wh < self.energy.urgent_wh:
            gain_wh = LEAST_GAIN * self.energy.capacity_wh
            least_wh = min(least_wh, robot.level_wh + gain_wh)
        others = (r for r in self.robots if r.charger is not None)
        others = (r for r in others if r.level_wh >= least_wh)
        return max(others, key=lambda r: (r.level_wh, r.index), default=None)

    def nearest_charger(self, robot, states):
        spoken_for = {r.charger for r in self.robots}
        costs = [
            (int(empty_costs(self.ways, vertex)[states[robot.index]]), k)
            for k, vertex in enumerate(self.charger_vertex)
            if k not in spoken_for
        ]
        return min(costs)[1] if costs else None

    def call(self, t, below_wh, others_make_room, states):
        """Send idle robots below a level to chargers, the lowest first."""
        for _ in self.robots:
            low = [r for r in self.robots if r.phase == IDLE and r.level_wh < below_wh]
            if not low:
                break
            robot = min(low, key=lambda r: r.level_wh)
            charger = self.nearest_charger(robot, states)
            if charger is None and others_make_room:
                other = self.who_makes_room(robot)
                if other is not None:
                    charger = other.charger
                    self.leave_charger(other, t)
            if charger is None:
                break
            robot.charger = charger
            self.begin(robot, TO_CHARGER, t, self.charger_vertex[charger])

    def charge(self, t, vertices):
        """Let robots begin and end to charge."""
        for robot, vertex in zip(self.robots, vertices, strict=True):
            if robot.phase == TO_CHARGER and vertex == robot.goal:
                self.begin(robot, CHARGING, t, vertex)
                robot.stay = len(self.charges)
                level_wh = robot.level_wh
                row = [robot.index, vertex, t, t, level_wh, level_wh]
                self.charges.append(row)
            if robot.phase == CHARGING and robot.level_wh >= self.energy.full_wh:
                self.leave_charger(robot, t)

    def spend(self, moved):
        """Change all levels; ``moved`` says who drove or turned."""
        energy = self.energy
        for robot, moves in zip(self.robots, moved, strict=True):
            if robot.phase == CHARGING:
                level_wh = robot.level_wh + energy.charge_wh
                robot.level_wh = min(energy.capacity_wh, level_wh)
                continue
            laden = robot.phase in (TO_STATION, AT_STATION, TO_SPOT)
            used_wh = energy.idle_wh
            if moves:
                used_wh = energy.carrying_wh if laden else energy.moving_wh
            if robot.phase in (LIFTING, SETTING):
                used_wh = energy.lifting_wh
            robot.level_wh -= used_wh
