"""What robots with pods do, slow and obvious: trips, service, places to return to.

It does all but the motion: `World` is told where the robots are.
"""

from math import ceil, inf

from solvers.pods.arrays import (
    ANY_POD,
    ANY_SPOT,
    AT_STATION,
    BEST_RATE,
    IDLE,
    JOINT,
    LIFTING,
    MOST_ROWS,
    SETTING,
    TO_POD,
    TO_SPOT,
    TO_STATION,
    WAITING,
)
from solvers.pods.worth import KEPT
from solvers.random_words import random_below
from tests.naive_pod_charging import Chargers
from tests.naive_pods import empty_costs

LIFT, VISIT, SET_DOWN = range(3)


class World(Chargers):
    """All of a site, held beside `solvers.pods`."""

    def nearest_free(self, spot, states):
        """Steps and robot of the robot that is nearest to a spot and lasts for it."""
        row = empty_costs(self.ways, self.spot_vertex[spot])
        steps = {r: int(row[states[r.index]]) / 4 for r in self.robots}
        able = [
            (steps[robot], robot.index)
            for robot in self.robots
            if self.is_free(robot) and self.can_fetch(robot, spot, steps[robot])
        ]
        return min(able, default=None)

    def dispatch(self, t, states):
        """Send a robot, if there is one, and something for it to do."""
        if not any(self.is_free(robot) for robot in self.robots):
            return
        joint = self.rules.pods == BEST_RATE
        best = self.best_trip(t, states) if joint else self.plain_trip(states)
        self.in_vain = best is None
        if best is None:
            return
        index, pod, station = best
        robot = self.robots[index]
        if robot.charger is not None:
            self.leave_charger(robot, t)
        rows, _, _ = self.find(pod, station, joint)
        robot.rows, robot.done = [], 0
        self.promise(robot, station, rows)
        pod.in_use, robot.pod, robot.station = True, pod, station
        robot.trip, self.trips = self.trips, self.trips + 1
        self.begin(robot, TO_POD, t, self.spot_vertex[pod.spot])

    def best_trip(self, t, states):
        """Trip that is worth most for its time."""
        times, rules, site = self.times, self.rules, self.site
        best, most = None, 0.0
        for station in self.stations:
            ahead_s = max(0.0, self.picker_free_s[station] - t * times.step_s)
            ahead_s += self.coming_units(station) * times.unit_s
            if not self.has_room(station) or ahead_s >= rules.work_s:
                continue
            for pod in (pod for pod in self.pods if not pod.in_use):
                _, units, gain = self.find(pod, station, True)
                nearest = self.nearest_free(pod.spot, states)
                if nearest is None:
                    continue
                steps, robot = nearest
                steps += times.lift + int(site.to_dock[pod.spot, station])
                back = int(site.from_dock[station, pod.spot]) + times.set_down
                drive_s, back_s = steps * times.step_s, back * times.step_s
                stay_s = (units - 1) * times.unit_s + times.stand_s
                wait_s = rules.wait_weight * max(0.0, ahead_s - drive_s)
                total_s = rules.overhead_s + drive_s + wait_s + stay_s + back_s
                rate = (units + gain) / total_s
                if rate > most:
                    most, best = rate, (robot, pod, station)
        return best

    def plain_trip(self, states):
        """Nearest pod, or any, for the station to which fewest are on their way."""
        stations = [station for station in self.stations if self.has_room(station)]
        for station in sorted(stations, key=lambda s: len(self.coming(s))):
            start = int(random_below(self.random, len(self.pods)))
            trips = [
                (*nearest, pod, station)
                for pod in self.pods[start:] + self.pods[:start]
                if not pod.in_use and self.find(pod, station, False)[1] > 0
                if (nearest := self.nearest_free(pod.spot, states)) is not None
            ]
            if trips:
                any_pod = self.rules.pods == ANY_POD
                return (trips[0] if any_pod else min(trips, key=lambda x: x[0]))[1:]
        return None

    def note(self, robot, kind, vertex, begin, end):
        station = robot.station if kind == VISIT else -1
        row = [robot.index, robot.trip, kind, vertex, begin, end]
        self.stops.append([*row, robot.pod.index, station])

    def advance(self, t, may_bind, vertices):
        """Let everything begin and end that begins or ends at a timestep."""
        spot_of = {vertex: spot for spot, vertex in enumerate(self.spot_vertex)}
        for robot, vertex in zip(self.robots, vertices, strict=True):
            there = vertex == robot.goal
            if robot.phase == TO_POD and there:
                self.begin(robot, LIFTING, t, vertex)
                robot.until = t + self.times.lift
            if robot.phase == LIFTING and t >= robot.until:
                self.note(robot, LIFT, vertex, robot.begun, t)
                robot.pod.spot = None
                dock = int(self.site.stations.dock[robot.station])
                self.begin(robot, TO_STATION, t, dock)
            elif robot.phase == TO_STATION and there:
                self.begin(robot, AT_STATION, t, vertex)
                robot.visit, robot.until = len(self.stops), t
                self.note(robot, VISIT, vertex, t, t)
            elif robot.phase == TO_SPOT and there:
                self.begin(robot, SETTING, t, vertex)
                robot.until = t + self.times.set_down
            ready = t >= robot.until
            if (
                robot.phase == AT_STATION
                and ready
                and (self.gives_up(robot) or not self.serve(robot, t, may_bind))
            ):
                self.stops[robot.visit][5] = t
                self.go_on(robot, t)
            elif robot.phase == SETTING and ready:
                self.note(robot, SET_DOWN, vertex, robot.begun, t)
                robot.pod.spot, robot.pod.in_use = spot_of[vertex], False
                robot.pod = None
                self.begin(robot, IDLE, t, vertex)

    def serve(self, robot, t, may_bind):
        """Let the picker take the next line at a pod; False where there is none."""
        station, refused = robot.station, False
        while True:
            if robot.done == len(robot.rows) and (refused or robot.done == MOST_ROWS):
                return False
            if robot.done == len(robot.rows):
                self.promise(robot, station, self.find(robot.pod, station, may_bind)[0])
            if robot.done == len(robot.rows):
                return False
            line, item, units = robot.rows[robot.done]
            start_s = max(t * self.times.step_s, self.picker_free_s[station])
            if line.order.state == WAITING:
                start_s = self.open(line.order, start_s)
            if start_s < inf:
                self.pick(robot, line, units, start_s)
                return True
            del robot.rows[robot.done]
            refused = True
            item.left += units
            line.promised -= units

    def pick(self, robot, line, units, start_s):
        times, order = self.times, line.order
        lead_s = times.line_s + (times.visit_s if robot.done == 0 else 0.0)
        end_s = start_s + lead_s + units * times.unit_s
        self.picker_free_s[robot.station] = end_s
        robot.done += 1
        self.waited = KEPT * self.waited + (start_s - order.known_s)
        self.weight = KEPT * self.weight + 1
        line.left -= units
        line.promised -= units
        line.begun, order.close_s = True, end_s
        if sum(line.left for line in order.lines) == 0:
            self.close(order, end_s)
        self.picks.append([robot.visit, line.index, units, start_s, end_s])
        stand_s = start_s + lead_s + (units - 1) * times.unit_s + times.stand_s
        robot.until = ceil(stand_s / times.step_s - 1e-9)

    def go_on(self, robot, t):
        """Bring a pod to one more station, where that pays, or back to a spot."""
        here, times, rules = robot.station, self.times, self.rules
        robot.rows, robot.done = [], 0
        best, most = None, rules.detour_rate
        for station in self.stations if rules.orders == JOINT else ():
            ahead_s = self.coming_units(station) * times.unit_s
            if station == here or not self.has_room(station) or ahead_s >= rules.work_s:
                continue
            if not self.can_go_on(robot, station):
                continue
            _, units, gain = self.find(robot.pod, station, True)
            drive_s = int(self.site.dock_to_dock[here, station]) * times.step_s
            wait_s = max(0.0, ahead_s - drive_s)
            rate = (units + gain) / (drive_s + wait_s + units * times.unit_s)
            if rate > most:
                best, most = station, rate
        if best is None:
            spot = self.choose_spot(here)
            self.begin(robot, TO_SPOT, t, self.spot_vertex[spot])
            return
        self.promise(robot, best, self.find(robot.pod, best, True)[0])
        robot.station = best
        self.begin(robot, TO_STATION, t, int(self.site.stations.dock[best]))

    def choose_spot(self, station):
        """Free spot to which a pod returns."""
        n = len(self.spot_vertex)
        taken = {pod.spot for pod in self.pods}
        back = (r.goal for r in self.robots if r.phase in (TO_SPOT, SETTING))
        taken |= {self.spot_vertex.index(vertex) for vertex in back}
        free = [spot for spot in range(n) if spot not in taken]
        if self.rules.spots == ANY_SPOT:
            start = int(random_below(self.random, n))
            return min(free, key=lambda spot: (spot - start) % n)
        return min(free, key=lambda spot: self.site.from_dock[station, spot])
