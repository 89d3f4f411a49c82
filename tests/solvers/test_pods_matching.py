"""Trips matched to robots again: nothing is lost, and all together drive least."""

from itertools import permutations
from unittest.mock import patch

import numpy as np

from solvers.pods import simulate
from solvers.pods.arrays import IDLE, TO_POD
from solvers.pods.matching import rematch
from solvers.pods.params import PodParams
from solvers.pods.planner import plan_pods
from solvers.pods.searches import make_front, search_to
from solvers.pods.simulate import Simulation
from solvers.pods.ways import Ways
from tests.battery_sites import battery_scenario
from tests.pod_sites import pod_scenario
from warehouse.check import check_plan
from warehouse.generate import PodScenarioParams, generate_pod_scenario

PARAMS = PodParams(robots="assignment")


def trips(site):
    """Trips of robots that are to fetch a pod, and what they are for, by number."""
    robots = site.robots
    return {
        int(robots.trip[robot]): (
            *(int(robots[name][robot]) for name in ("pod", "station", "begun")),
            int(site.traffic.robots.goal[robot]),
            site.visits[robot, : robots.rows[robot]].tolist(),
        )
        for robot in np.flatnonzero(robots.phase == TO_POD)
    }


def costs_of(site, roads):
    """Cost of all robots to the pods of all trips, in the order of their numbers."""
    moving, vertices = site.traffic.robots, len(roads.successors)
    states = 4 * moving.vertex.astype(int) + moving.heading
    rows = np.zeros((len(trips(site)), 4 * vertices), np.int16)
    for row, (_, trip) in zip(rows, sorted(trips(site).items()), strict=True):
        search_to(roads, make_front(vertices), trip[3], False, row, -1, 0)
    return rows[:, states]


def robots_of(site):
    """Robots of all trips, in the order of their numbers."""
    bound = np.flatnonzero(site.robots.phase == TO_POD)
    return bound[np.argsort(site.robots.trip[bound])]


def test_all_trips_stay_and_robots_drive_least():
    params = PodScenarioParams(robots=5, pods=60, orders=30)
    scenario = generate_pod_scenario(params)
    changed = []

    def watched(site, roads, front):
        before, who, costs = trips(site), robots_of(site), costs_of(site, roads)
        able = np.flatnonzero(np.isin(site.robots.phase, (IDLE, TO_POD)))
        rows = range(len(who))
        least = min(
            int(costs[rows, list(some)].sum())
            for some in permutations(able.tolist(), len(who))
        )
        rematch(site, roads, front)
        assert trips(site) == before
        assert costs[rows, robots_of(site)].sum() == least
        assert (site.robots.pod[site.robots.phase == IDLE] < 0).all()
        changed.append(not np.array_equal(who, robots_of(site)))

    simulation = Simulation(scenario, scenario.pods, PARAMS, 1, Ways(scenario))
    with patch.object(simulate, "rematch", watched):
        simulation.run(lambda: False, lambda share: None)
    assert any(changed)


def test_plans_keep_every_rule():
    for scenario in (pod_scenario(), battery_scenario(900.0, 100, 4)):
        plan = plan_pods(scenario, seed=1, params=PARAMS).solution
        assert [str(v) for v in check_plan(plan)] == []
        assert len(plan.pod_work.picks) > 0
