"""Which pod returns to which spot: pods that leave stations are matched to free spots.

A pod keeps its spot: robots that turned on their way blocked each other.
Near spots are for pods that will soon be wanted: a spot costs the way there and,
for each visit that is expected of the pod, the way from the spot to the stations. From
that the rent of the spot is taken, which is what it would save a usual pod.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.assignment.linear_assignment import match_dense
from solvers.mapf.lifelong.turning_distances import STEP_COST, UNREACHABLE
from solvers.pods.arrays import (
    DONE,
    HIDDEN,
    NOW,
    TO_SPOT,
    Site,
)
from solvers.pods.matching import keeping, states_of
from solvers.pods.searches import Front, Roads, search_from

RECENT_S: Final = 1800.0
"""Orders that became known in this time count as demand, even if they are done."""
RENT: Final = 1.0
"""Visits of a usual pod whose ways to the stations are the rent of a spot."""
MOST_ROBOTS: Final = 16
"""Robots that are matched at a time; others go to the nearest spot."""


def match_spots(site: Site, t: int, roads: Roads, front: Front) -> None:
    """Choose spots for pods that leave stations now so that all together cost least.

    Parameters
    ----------
    site : Site
    t : int
    roads : Roads
    front : Front
        Room for searches.
    """
    robots, spots = site.robots, site.spots
    who = np.flatnonzero((robots.phase == TO_SPOT) & (robots.begun == t))[:MOST_ROBOTS]
    if len(who) == 0:
        return
    own = site.vertices.at[site.traffic.robots.goal[who]]
    spots.taken[own] = False
    free = np.flatnonzero(~spots.taken)
    cost, able = _costs(site, roads, front, who, free)
    # The nearest spot where another costs as much.
    cost = keeping(cost, able, np.searchsorted(free, own))
    some = _cheapest(cost, able)
    new = free[some[match_dense(cost[:, some], able[:, some])[:, 1]]]
    spots.taken[new] = True
    site.traffic.robots.goal[who] = spots.vertex[new]


def expected_visits(site: Site) -> NDArray[np.float64]:
    """Tell how often pods are wanted, with 1 for the mean of all, shape (pods,).

    The lines of a SKU that orders want now, or became known to want of late, are
    shared among the pods that have units of it that are not spoken for.
    """
    orders, items, pods = site.orders, site.items, site.pods
    recent = orders.known_s >= site.waits[NOW] - RECENT_S
    counted = (orders.state != HIDDEN) & ((orders.state != DONE) | recent)
    sku = site.lines.sku[counted[site.lines.order]]
    wanted = np.bincount(sku, minlength=len(site.skus)) / np.maximum(1, site.skus.pods)
    worth = np.where(items.left > 0, wanted[items.sku], 0.0)
    pod = np.repeat(np.arange(len(pods)), pods.last - pods.first)
    visits = np.bincount(pod, worth, minlength=len(pods))
    total = visits.sum()
    return visits * (len(pods) / total) if total > 0.0 else np.ones(len(pods))


def _costs(
    site: Site,
    roads: Roads,
    front: Front,
    who: NDArray[np.int64],
    free: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Cost of each pod on each spot, and where a way leads."""
    states = states_of(site, who)
    way = np.zeros((len(who), len(free)))
    for row, state in zip(way, states.tolist(), strict=True):
        search_from(front, state, state, roads.successors, roads.laden)
        row[:] = front.cost.reshape(-1, 4)[site.spots.vertex[free]].min(1)
    visits = expected_visits(site)[site.robots.pod[who]]
    onward = site.to_dock[free, : len(site.stations)].mean(1) * STEP_COST
    cost = np.rint(way + np.outer(visits - RENT, onward)).astype(np.int64)
    return cost, way < UNREACHABLE


def _cheapest(cost: NDArray[np.int64], able: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Spots that are enough: of n robots, each takes one of its n cheapest at best."""
    rows, columns = cost.shape
    if columns <= rows:
        return np.arange(columns)
    dear = np.where(able, cost, np.iinfo(np.int64).max)
    return np.unique(np.argpartition(dear, rows - 1, axis=1)[:, :rows])
