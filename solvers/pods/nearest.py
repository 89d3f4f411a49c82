"""Which free robot is nearest to each pod, and where idle robots park."""

import numpy as np

from solvers.kernel import lean_kernel
from solvers.mapf.lifelong.turning_distances import STEP_COST, UNREACHABLE
from solvers.pods.arrays import IDLE, NONE, Site
from solvers.pods.charging import can_fetch, is_free
from solvers.pods.motion import NOBODY
from solvers.pods.searches import (
    Front,
    Roads,
    begin,
    goes_on,
    reach,
    search_all,
    settle,
)


@lean_kernel
def _reach_from(site: Site, front: Front, robot: int) -> None:
    """Begin a search where a robot is."""
    moving = site.traffic.robots
    state = 4 * np.int64(moving.vertex[robot]) + moving.heading[robot]
    reach(front, front.cost, state, 0, robot)


@lean_kernel
def _first_at(front: Front, vertex: int) -> tuple[int, float]:
    """Robot that gets to a vertex first, the first of those that do, and its steps."""
    best, least = NONE, np.int64(UNREACHABLE)
    for state in range(4 * vertex, 4 * vertex + 4):
        cost, robot = np.int64(front.cost[state]), front.label[state]
        if cost < least or (cost == least < UNREACHABLE and robot < best):
            best, least = robot, cost
    return best, least / STEP_COST


@lean_kernel
def find_nearest(site: Site, roads: Roads, front: Front) -> None:
    """Note for each pod not in use the free robot that is nearest and lasts for it.

    All free robots are searched from at once. One that is nearest to some pod, and does
    not last for the trip, would hide the others there: it is searched from alone.

    Parameters
    ----------
    site : Site
        ``pods.robot_of`` (NONE for none) and ``pods.approach`` are written.
    roads : Roads
    front : Front
    """
    robots = site.robots
    robots.alone[:] = False
    hidden = True
    while hidden:
        begin(front, front.cost)
        for robot in range(len(robots)):
            if is_free(site, robot) and not robots.alone[robot]:
                _reach_from(site, front, robot)
        search_all(front, front.cost, roads.successors, roads.empty, False)
        hidden = _note_nearest(site, front)
    for robot in range(len(robots)):
        if robots.alone[robot]:
            begin(front, front.cost)
            _reach_from(site, front, robot)
            search_all(front, front.cost, roads.successors, roads.empty, False)
            _note_nearer(site, front)


@lean_kernel
def _note_nearest(site: Site, front: Front) -> bool:
    """Note who was found; whether some do not last and must be searched from alone."""
    pods = site.pods
    hidden = False
    for pod in range(len(pods)):
        pods.robot_of[pod] = NONE
        if pods.in_use[pod]:
            continue
        spot = pods.spot[pod]
        robot, steps = _first_at(front, site.spots.vertex[spot])
        pods.robot_of[pod], pods.approach[pod] = robot, steps
        if robot != NONE and not can_fetch(site, robot, spot, steps):
            site.robots.alone[robot] = True
            hidden = True
    return hidden


@lean_kernel
def _note_nearer(site: Site, front: Front) -> None:
    """Note a robot that was searched from alone where it is nearer."""
    pods = site.pods
    for pod in range(len(pods)):
        if pods.in_use[pod]:
            continue
        spot = pods.spot[pod]
        robot, steps = _first_at(front, site.spots.vertex[spot])
        if robot == NONE or not can_fetch(site, robot, spot, steps):
            continue
        known, least = pods.robot_of[pod], pods.approach[pod]
        if known == NONE or steps < least or (steps == least and robot < known):
            pods.robot_of[pod], pods.approach[pod] = robot, steps


@lean_kernel
def _lacks_place(site: Site, robot: int) -> bool:
    """Whether an idle robot stands in the way, or lost its place under a spot."""
    if site.robots.phase[robot] != IDLE:
        return False
    traffic = site.traffic
    goal = traffic.robots.goal[robot]
    if goal == NONE or site.vertices.at[goal] == NONE:
        return True
    other = traffic.vertices.here[goal]
    return other >= 0 and other != robot and traffic.robots.serving[other]


@lean_kernel
def _nearest_place(site: Site, roads: Roads, front: Front, robot: int) -> int:
    """Spot, the nearest, that nobody is at or goes to, or NONE."""
    vertices = site.vertices
    here = site.traffic.vertices.here
    begin(front, front.cost)
    _reach_from(site, front, robot)
    best, distance = NONE, 0
    while best == NONE and goes_on(front, distance):
        count = settle(
            front, front.cost, distance, roads.successors, roads.empty, False
        )
        for k in range(count):
            vertex = front.settled[k] >> 2
            spot = vertices.at[vertex]
            if spot == NONE or vertices.goals[vertex] > 0:
                continue
            if here[vertex] in (NOBODY, robot) and (best == NONE or spot < best):
                best = spot
        distance += 1
    return best


@lean_kernel
def park(site: Site, roads: Roads, front: Front) -> None:
    """Send idle robots that stand in the way, or lost their place, under a spot."""
    vertices = site.vertices
    goal = site.traffic.robots.goal
    counted = False
    for robot in range(len(site.robots)):
        if not _lacks_place(site, robot):
            continue
        if not counted:
            counted = True
            vertices.goals[:] = 0
            for other in range(len(goal)):
                if goal[other] != NONE:
                    vertices.goals[goal[other]] += 1
        if goal[robot] != NONE:
            vertices.goals[goal[robot]] -= 1
        spot = _nearest_place(site, roads, front, robot)
        if spot != NONE:
            goal[robot] = site.spots.vertex[spot]
        if goal[robot] != NONE:
            vertices.goals[goal[robot]] += 1
