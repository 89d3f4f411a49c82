"""Pods that leave stations matched to spots: none twice, and all cost least."""

from itertools import permutations
from unittest.mock import patch

import numpy as np
import pytest

from solvers.mapf.lifelong.turning_distances import STEP_COST
from solvers.pods import simulate
from solvers.pods.arrays import (
    DONE,
    HIDDEN,
    NOW,
    TO_SPOT,
)
from solvers.pods.params import PodParams
from solvers.pods.planner import plan_pods
from solvers.pods.searches import make_front, search_to
from solvers.pods.simulate import Simulation
from solvers.pods.spot_matching import RECENT_S, RENT, expected_visits, match_spots
from solvers.pods.ways import Ways
from tests.battery_sites import battery_scenario
from tests.pod_sites import pod_scenario
from warehouse.check import check_plan
from warehouse.generate import PodScenarioParams, generate_pod_scenario

PARAMS = PodParams(spots="assignment")


def visits_of(site):
    """How often each pod is wanted, one pod and item after the other."""
    wanted = [0] * len(site.skus)
    for line in site.lines.tolist():
        order = site.orders[line[0]]
        recent = order.known_s >= site.waits[NOW] - RECENT_S
        if order.state != HIDDEN and (order.state != DONE or recent):
            wanted[line[1]] += 1
    items, shared_by = site.items.tolist(), site.skus.pods.tolist()
    visits = [
        sum(wanted[sku] / shared_by[sku] for sku, left in items[first:last] if left > 0)
        for first, last, *_ in site.pods.tolist()
    ]
    mean = sum(visits) / len(visits)
    return [number / mean if mean else 1.0 for number in visits]


def costs_of(site, roads, who, free):
    """Cost of each pod on each free spot, with a search back from every spot."""
    moving, visits = site.traffic.robots, visits_of(site)
    vertices = len(roads.successors)
    row, costs = np.zeros(4 * vertices, np.int16), np.zeros((len(who), len(free)))
    for k, spot in enumerate(free):
        goal = int(site.spots.vertex[spot])
        search_to(roads, make_front(vertices), goal, True, row, -1, 0)
        onward = site.to_dock[spot, : len(site.stations)].mean() * STEP_COST
        for j, robot in enumerate(who):
            way = int(row[4 * moving.vertex[robot] + moving.heading[robot]])
            rate = visits[site.robots.pod[robot]] - RENT
            costs[j, k] = round(way + rate * onward)
    return costs


def state_of(site):
    """Everything of robots, pods and spots, but for goals and what is taken."""
    return site.robots.tobytes(), site.pods.tobytes(), site.vertices.tobytes()


def test_all_pods_get_a_spot_of_their_own_and_cost_least():
    # Few spots are free, so that all ways to share them out can be tried.
    params = PodScenarioParams(robots=3, pods=230, orders=20)
    scenario = generate_pod_scenario(params)
    matched = []

    def watched(site, t, roads, front):
        before, taken = state_of(site), site.spots.taken.copy()
        goes = (site.robots.phase == TO_SPOT) & (site.robots.begun == t)
        who = np.flatnonzero(goes)
        own = site.vertices.at[site.traffic.robots.goal[who]]
        free = sorted({*np.flatnonzero(~taken).tolist(), *own.tolist()})
        costs = costs_of(site, roads, who, free)
        match_spots(site, t, roads, front)
        new = site.vertices.at[site.traffic.robots.goal[who]]
        assert state_of(site) == before
        assert len(set(new.tolist())) == len(who)
        taken[own], taken[new] = False, True
        assert (site.spots.taken == taken).all()
        rows = list(range(len(who)))
        cost = costs[rows, [free.index(spot) for spot in new]].sum()
        choices = permutations(range(len(free)), len(who))
        given = costs.tolist()
        assert cost == min(
            sum(given[row][column] for row, column in zip(rows, some, strict=True))
            for some in choices
        )
        matched.append(not np.array_equal(own, new))

    simulation = Simulation(scenario, scenario.pods, PARAMS, 1, Ways(scenario))
    with patch.object(simulate, "match_spots", watched):
        simulation.run(lambda: False, lambda share: None)
    assert any(matched)


def test_pods_are_wanted_as_the_twin_says():
    scenario = pod_scenario()
    simulation = Simulation(scenario, scenario.pods, PARAMS, 1, Ways(scenario))
    assert expected_visits(simulation.site).tolist() == [1.0] * 6
    for _ in range(60):
        simulation.step(lambda: False)
        found = expected_visits(simulation.site)
        assert found == pytest.approx(visits_of(simulation.site))


def test_nobody_changes_its_mind():
    scenario = battery_scenario(900.0, 100, 4)
    changed = []

    def watched(site, t, roads, front):
        goals = site.traffic.robots.goal.copy()
        match_spots(site, t, roads, front)
        for robot in np.flatnonzero(site.traffic.robots.goal != goals):
            assert site.robots.begun[robot] == t
            changed.append(robot)

    simulation = Simulation(scenario, scenario.pods, PARAMS, 1, Ways(scenario))
    with patch.object(simulate, "match_spots", watched):
        simulation.run(lambda: False, lambda share: None)
    assert changed


def test_plans_keep_every_rule():
    for scenario in (pod_scenario(), battery_scenario(900.0, 100, 4)):
        plan = plan_pods(scenario, seed=1, params=PARAMS).solution
        assert [str(v) for v in check_plan(plan)] == []
        assert len(plan.pod_work.picks) > 0
        again = plan_pods(scenario, seed=1, params=PARAMS).solution
        assert np.array_equal(plan.cells, again.cells)
