"""Places of idle robots, and pods that are looked at, are those of slow versions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.pods.arrays import (
    IDLE,
    IN_VAIN,
    NONE,
    WAITING,
)
from solvers.pods.nearest import find_nearest, park
from solvers.pods.shortlist import (
    GRADES,
    LEAST_VALUE,
    MOST_LOOKS,
    THOROUGH,
    list_pods,
    picking_s,
    trip_rate,
)
from solvers.pods.visits import mark_inbound, unmark_inbound
from solvers.pods.worth import price
from tests.naive_pods import empty_costs
from tests.solvers.test_pods_kernels import some_site

pytestmark = [
    pytest.mark.kernel,
    # Without the compiler numpy warns where random bits fall off the end.
    pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning"),
]


def some_moment(seed, steps):
    """Simulation of the small site after some steps."""
    simulation = some_site(seed, "joint", charged=False)
    for _ in range(steps):
        simulation.step(lambda: False)
    return simulation


def places(simulation):
    """Goals that idle robots get, one after the other."""
    site, vertices = simulation.site, simulation.site.vertices
    moving, here = site.traffic.robots, site.traffic.vertices.here
    goals = moving.goal.tolist()
    for robot, one in enumerate(moving):
        goal = goals[robot]
        if site.robots.phase[robot] != IDLE:
            continue
        if goal != NONE and vertices.at[goal] != NONE:
            other = here[goal]
            if other in (NONE, robot) or not moving.serving[other]:
                continue
        free = [
            (int(empty_costs(simulation.ways, vertex)[4 * one.vertex + one.heading]), k)
            for k, vertex in enumerate(site.spots.vertex.tolist())
            if here[vertex] in (NONE, robot)
            and vertex not in goals[:robot] + goals[robot + 1 :]
        ]
        if free:
            goals[robot] = int(site.spots.vertex[min(free)[1]])
    return goals


@settings(max_examples=20)
@given(st.integers(0, 2**31), st.integers(0, 30))
def test_idle_robots_park_at_the_nearest_free_spot(seed, steps):
    simulation = some_moment(seed, steps)
    moving, rng = simulation.site.traffic.robots, np.random.default_rng(seed)
    lost = rng.random(len(moving)) < 0.5
    moving.goal = np.where(lost, NONE, moving.goal)
    expected = places(simulation)
    park(simulation.site, simulation.ways.roads, simulation.ways.front)
    assert moving.goal.tolist() == expected


def rough_rates(site, station):
    """Rate of every pod that has anything a station may want."""
    rates = {}
    for pod, one in enumerate(site.pods):
        worth = 0.0
        for item in site.items[one.first : one.last]:
            if item.left == 0:
                continue
            value = 0.0
            for line in wanting(site, item.sku):
                order = site.orders[line.order]
                if order.station == station and line.left > line.promised:
                    value += line.left - line.promised + price(site, item.sku)
                elif order.station == NONE and order.state == WAITING:
                    value += order_value(site, order, line, site.stations[station])
                elif order.station not in (NONE, station):
                    value += away_value(site, line)
            worth += value
        if worth > 0 and one.robot_of != NONE:
            rates[pod] = trip_rate(
                site, pod, station, 0.0, picking_s(site, worth), worth
            )
    return rates


def order_value(site, order, line, station):
    """What an order that waits counts for a pod with one of its lines."""
    lines = [
        one for one in site.lines[order.first : order.last] if one.order == line.order
    ]
    others = [one for one in lines if one.sku != line.sku]
    missing = [
        one for one in others if one.left > 0 and site.skus.item_of[one.sku] == NONE
    ]
    units = order.units - sum(one.left for one in missing)
    if not missing and station.pinned < station.slots:
        return units
    cost = site.rules.slot_worth + sum(price(site, x.sku) for x in missing)
    keeps = station.pinned < max(1, station.slots - 1)
    worth = units - min(cost if keeps else np.inf, site.rules.split_cost)
    return max(LEAST_VALUE, worth) if worth > site.rules.least_gain else LEAST_VALUE


def away_value(site, line):
    """What a line counts whose order is bound to another station."""
    if site.rules.split_cost == np.inf or line.promised or line.begun:
        return 0.0
    worth = line.left + price(site, line.sku) - site.rules.split_cost
    return max(LEAST_VALUE, worth)


def wanting(site, sku):
    line = site.skus.head[sku]
    while line != NONE:
        yield site.lines[line]
        line = site.lines.after[line]


@settings(max_examples=20)
@given(st.integers(0, 2**31), st.integers(0, 30), st.integers(1, 9))
def test_the_best_pods_are_looked_at(seed, steps, most):
    simulation = some_moment(seed, steps)
    site, ways = simulation.site, simulation.ways
    find_nearest(site, ways.roads, ways.front)
    for station in range(len(site.stations)):
        mark_inbound(site, station)
        rates = rough_rates(site, station)
        work = simulation._work
        everyone = work.listed[: list_pods(site, station, 0.0, 1, work)].tolist()
        count = list_pods(site, station, 0.0, MOST_LOOKS // most, work)
        best = work.listed[:count].tolist()
        assert everyone == sorted(rates)
        room = MOST_LOOKS // (MOST_LOOKS // most)
        assert len(best) == min(room, len(rates))
        site.counts[IN_VAIN] = THOROUGH - 1
        again = work.listed[: list_pods(site, station, 0.0, MOST_LOOKS // most, work)]
        assert again.tolist() == everyone
        site.counts[IN_VAIN] = 0
        assert best == sorted(best)
        step = max(rates.values(), default=0.0) / (GRADES - 1)
        left_out = max((rates[pod] for pod in set(rates) - set(best)), default=0.0)
        assert all(rates[pod] >= left_out - step for pod in best)
        unmark_inbound(site, station)
