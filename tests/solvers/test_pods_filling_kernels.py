"""Filling of pods: what is counted along is right, and choices are the slow ones."""

from dataclasses import replace
from functools import cache
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.pods import fill_trips, filling, simulate
from solvers.pods.arrays import (
    NONE,
    REFILLS,
    TRIPS,
)
from solvers.pods.nearest import find_nearest
from solvers.pods.params import PodParams
from solvers.pods.simulate import Simulation
from solvers.pods.ways import Ways
from tests import naive_pod_filling as naive
from tests.refill_sites import refill_scenario
from tests.solvers.test_pods_kernels import SKUS, some_orders
from warehouse.scenario import Scenario, Stock

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning"),
]
STEPS = 90
LOOK_AFTER = 9
"""Goods of all pods are compared after so many steps each."""


@cache
def ways() -> Ways:
    return Ways(refill_scenario())


def some_goods(rng: np.random.Generator) -> Scenario:
    """The small site with any stock, orders, arrivals and sizes of pods."""
    scenario = refill_scenario()
    pods = scenario.pods
    stock = [
        (sku, cell, rng.integers(0, 4))
        for cell in pods.start_cells
        for sku in sorted(rng.permutation(SKUS)[: rng.integers(3)])
    ]
    count = int(rng.integers(1, 16))
    arrivals = replace(
        pods.replenishment,
        s_per_visit=rng.choice([0.0, 2.0], 2),
        s_per_box=rng.choice([0.0, 5.0], 2),
        s_per_unit=rng.choice([0.0, 1.5], 2),
        capacity=rng.integers(9, 20, len(pods)).astype(np.int32),
        sku=rng.integers(0, SKUS, count).astype(np.int32),
        quantity=rng.integers(1, 12, count).astype(np.int32),
        release_s=rng.choice([0.0, 10.0, 60.0], count),
        station=rng.integers(-1, 2, count).astype(np.int32),
    )
    pods = replace(pods, backlog=int(rng.choice([0, 3])), replenishment=arrivals)
    return replace(
        scenario,
        sku_names=tuple(f"S{k}" for k in range(SKUS)),
        stock=Stock(*np.array(stock, np.int32).reshape(-1, 3).T.copy()),
        orders=some_orders(rng),
        pods=pods,
    )


def some_site(seed: int) -> Simulation:
    rng = np.random.default_rng(seed)
    scenario = some_goods(rng)
    params = PodParams(
        rules=rng.choice(["joint", "joint", "pod-match", "first-come"]),
        work_s=rng.choice([15.0, 75.0]),
        overhead_s=rng.choice([0.0, 30.0]),
        detour_rate=rng.choice([0.0, 0.02]),
        fill_worth=rng.choice([0.05, 0.5]),
    )
    return Simulation(scenario, scenario.pods, params, seed, ways())


class Watched:
    """Sends robots for pods to be filled, and looks whether it is the best trip."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.sent = 0

    def send(self, site, t, least_rate, roads, front, work):
        now_s = t * site.times.step_s
        goods = naive.goods_that_wait(site, now_s, len(work.goods))
        count = filling.list_goods(site, work)
        assert work.goods[:count].tolist() == goods
        if t % LOOK_AFTER == 0:
            self.compare_goods(site, now_s, goods, work)
        find_nearest(site, roads, front)
        nearest = {
            pod: (int(one.robot_of), float(one.approach))
            for pod, one in enumerate(site.pods)
            if one.robot_of != NONE
        }
        best = fill_trips.best_filling(site, t, least_rate, count, work)
        rates = naive.trip_rates(site, t, nearest)
        # Of trips that are worth as much, sums in another order may choose another.
        most = pytest.approx(max(rates.values(), default=0.0), rel=1e-12)
        if best[0] == NONE:
            assert max(rates.values(), default=0.0) <= least_rate * (1 + 1e-12)
        else:
            assert rates[best] == most
            assert rates[best] > least_rate * (1 - 1e-12)
        trips = site.record.used[TRIPS]
        sent = fill_trips.send_to_fill(site, t, least_rate, roads, front, work)
        assert (site.record.used[TRIPS] > trips) == (best[0] != NONE)
        self.sent += best[0] != NONE
        return sent

    def compare_goods(self, site, now_s, goods, work):
        for pod in np.flatnonzero(~site.pods.in_use).tolist():
            for fill in range(len(site.fills)):
                fast = filling.find_goods(site, pod, fill, len(goods), now_s, work)
                slow = naive.find_goods(site, pod, fill, goods, now_s)
                found = work.found[: fast[0], :3]
                assert list(map(tuple, found.tolist())) == slow[0]
                assert fast[1:] == pytest.approx(slow[1:])

    def step(self) -> None:
        with patch.object(simulate, "send_to_fill", self.send):
            self.simulation.step(lambda: False)


@settings(max_examples=15)
@given(st.integers(0, 2**31))
def test_counts_and_choices_are_those_of_the_slow_version(seed):
    watched = Watched(some_site(seed))
    simulation = watched.simulation
    pods = some_goods(np.random.default_rng(seed)).pods
    capacity = pods.replenishment.capacity.tolist()
    for _ in range(STEPS):
        watched.step()
        site = simulation.site
        assert naive.kept(site) == naive.counts(site, capacity)
        assert (site.items.left >= 0).all()
        assert (site.pods.room >= 0).all()


def test_goods_are_put_in_and_their_orders_shown():
    watched = Watched(some_site(5))
    for _ in range(4 * STEPS):
        watched.step()
    assert watched.simulation.site.record.used[REFILLS] > 0
    assert watched.sent > 0
