"""Trips matched to robots again: nothing is lost, and all together drive least."""

from itertools import permutations
from unittest.mock import patch

import numpy as np

from solvers.pods import simulate
from solvers.pods.arrays import IDLE, TO_POD
from solvers.pods.matching import rematch
from solvers.pods.params import PodParams
from solvers.pods.planner import plan_pods
from solvers.pods.setup import Ways
from solvers.pods.simulate import Simulation
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


def driven(site, empty, spot_rows, who):
    """Cost of robots to the pods of all trips, in the order of their numbers."""
    pods = [trip[0] for _, trip in sorted(trips(site).items())]
    rows = spot_rows[site.pods.spot[pods]]
    states = 4 * site.traffic.robots.vertex[who] + site.traffic.robots.heading[who]
    return int(empty[rows, states].sum())


def robots_of(site):
    """Robots of all trips, in the order of their numbers."""
    bound = np.flatnonzero(site.robots.phase == TO_POD)
    return bound[np.argsort(site.robots.trip[bound])]


def test_all_trips_stay_and_robots_drive_least():
    params = PodScenarioParams(robots=5, pods=60, orders=30)
    scenario = generate_pod_scenario(params)
    changed = []

    def watched(site, empty, spot_rows):
        before, who = trips(site), robots_of(site)
        able = np.flatnonzero(np.isin(site.robots.phase, (IDLE, TO_POD)))
        costs = [
            driven(site, empty, spot_rows, np.array(some, int))
            for some in permutations(able.tolist(), len(who))
        ]
        rematch(site, empty, spot_rows)
        assert trips(site) == before
        assert driven(site, empty, spot_rows, robots_of(site)) == min(costs)
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
