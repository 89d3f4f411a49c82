"""Which empty robot fetches which pod: trips that have begun are matched again.

A pod is given to the robot that is nearest when its trip is planned. A robot that comes
free later may be nearer, and as long as the pod has not been lifted, it may take over.
"""

import numpy as np
from numpy.typing import NDArray

from solvers.assignment.linear_assignment import match_dense
from solvers.mapf.lifelong.turning_distances import STEP_COST, UNREACHABLE
from solvers.pods.arrays import IDLE, NONE, TO_POD, Site
from solvers.pods.charging import can_fetch
from solvers.pods.searches import Front, Roads, search_to

MOVED = ("pod", "station", "trip", "rows", "next_row", "begun")
"""What a robot takes over with a trip, besides the lines of the visit."""


def rematch(site: Site, roads: Roads, front: Front) -> None:
    """Give pods that are to be fetched to robots so that all drive least together.

    Those who lose their trip are idle afterwards.

    Parameters
    ----------
    site : Site
    roads : Roads
    front : Front
        Room for searches.
    """
    robots = site.robots
    bound = np.flatnonzero(robots.phase == TO_POD)
    who = np.concatenate([bound, np.flatnonzero(robots.phase == IDLE)])
    if len(bound) == 0 or len(who) == 1:
        return
    spots = site.pods.spot[robots.pod[bound]]
    cost, able = _costs(site, roads, front, who, spots)
    new = who[match_dense(cost, able)[:, 1]]
    if (new == bound).all():
        return
    trips = {name: robots[name][bound].copy() for name in MOVED}
    visits, goals = site.visits[bound].copy(), site.traffic.robots.goal[bound].copy()
    robots.phase[bound], robots.pod[bound], robots.station[bound] = IDLE, NONE, NONE
    site.traffic.robots.goal[bound] = NONE
    for name, values in trips.items():
        robots[name][new] = values
    robots.phase[new], site.visits[new] = TO_POD, visits
    site.traffic.robots.goal[new] = goals


def _costs(
    site: Site,
    roads: Roads,
    front: Front,
    who: NDArray[np.int64],
    spots: NDArray[np.int32],
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Cost of each robot to each spot, less for the one on its way, and who may go."""
    moving = site.traffic.robots
    states = 4 * moving.vertex[who].astype(np.int64) + moving.heading[who]
    costs = np.zeros((len(spots), len(who)), np.int64)
    row = np.zeros(len(front.cost), np.int16)
    for k, goal in enumerate(site.spots.vertex[spots].tolist()):
        search_to(roads, front, goal, False, row, -1, 0)
        costs[k] = row[states]
    able = costs < UNREACHABLE
    if np.isfinite(site.robots.level_wh[who]).any():
        for k, spot in enumerate(spots.tolist()):
            for j, robot in enumerate(who.tolist()):
                able[k, j] &= can_fetch(site, robot, spot, costs[k, j] / STEP_COST)
    costs *= 2
    own = np.arange(len(spots))
    able[own, own] = True
    costs[own, own] -= 1  # so that nobody turns back for nothing
    return costs, able
