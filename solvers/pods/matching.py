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
    # So that nobody turns back for nothing.
    cost = keeping(cost, able, np.arange(len(bound)))
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
    """Cost of each robot to each spot, and who may go."""
    states = states_of(site, who)
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
    return costs, able


def states_of(site: Site, who: NDArray[np.int64]) -> NDArray[np.int64]:
    """States in which some robots are, see `solvers.pods.searches`."""
    moving = site.traffic.robots
    return np.asarray(4 * moving.vertex[who].astype(np.int64) + moving.heading[who])


def keeping(
    cost: NDArray[np.int64], able: NDArray[np.bool_], own: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Costs, twice as large, by which rows keep their own columns if little is lost.

    Half of a unit for each row that changes its column must be saved by all together.

    Parameters
    ----------
    cost : ndarray of int64, shape (rows, columns)
    able : ndarray of bool, shape (rows, columns)
        The own columns become allowed.
    own : ndarray of int64, shape (rows,)

    Examples
    --------
    >>> able = np.zeros((1, 2), bool)
    >>> keeping(np.array([[5, 5]]), able, np.array([1])), able.tolist()
    (array([[10,  9]]), [[False, True]])
    """
    mine = np.arange(len(cost)), own
    able[mine] = True
    kept = 2 * cost
    kept[mine] -= 1
    return kept
