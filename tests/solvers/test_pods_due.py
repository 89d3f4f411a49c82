"""Orders of sites with pods that are due: which become known first, and are in time."""

from dataclasses import replace

import numpy as np
import pytest

from solvers.pods.arrays import ORDERS_KNOWN
from solvers.pods.params import PodParams
from solvers.pods.planner import plan_pods
from solvers.pods.queue import OrderQueue
from solvers.pods.setup import make_site, servable_units
from solvers.pods.ways import Ways
from tests.packed_pod_sites import packed_scenario
from tests.pod_sites import pod_scenario
from tests.refill_sites import refill_scenario
from warehouse.check import check_plan
from warehouse.cutoffs import packing_due_s
from warehouse.generate import (
    PodLayoutParams,
    PodScenarioParams,
    generate_pod_scenario,
)
from warehouse.lateness import handed_over_s


def due(scenario, due_s, release_s=None, backlog=0):
    """Return the site with due times of all orders, some of them inf."""
    n = len(scenario.orders)
    given = np.full(n, np.inf)
    given[: len(due_s)] = due_s
    released = np.zeros(n) if release_s is None else np.array(release_s, float)
    orders = replace(scenario.orders, due_s=given, release_s=released)
    return replace(
        scenario, orders=orders, pods=replace(scenario.pods, backlog=backlog)
    )


def queue_of(scenario, **params):
    chosen = PodParams(**params)
    site = make_site(
        scenario, scenario.pods, Ways(scenario), chosen, 0, servable_units(scenario)
    )
    return OrderQueue(scenario, scenario.pods, chosen, alone=True), site


def test_what_is_due_first_becomes_known_first_but_for_what_is_late():
    queue, site = queue_of(due(pod_scenario(), [90.0, 20.0, 50.0]))
    queue.arrange(site, 0.0)
    assert site.orders.arrival[:5].tolist() == [1, 2, 0, 3, 4]
    queue.arrange(site, 30.0)
    assert site.orders.arrival[:12].tolist() == [2, 0, *range(3, 12), 1]


def test_what_is_known_or_not_released_keeps_its_place():
    release_s = [0.0] * 4 + [40.0] * 4 + [60.0] * 4
    queue, site = queue_of(due(pod_scenario(), [90, 80, 70, 60, 50, 40], release_s))
    site.counts[ORDERS_KNOWN] = 2
    queue.arrange(site, 0.0)
    assert site.orders.arrival[:12].tolist() == [0, 1, 3, 2, *range(4, 12)]
    queue.arrange(site, 40.0)
    assert site.orders.arrival[:12].tolist() == [0, 1, 5, 4, 3, 2, *range(6, 12)]


def test_as_many_may_wait_as_stations_have_slots():
    assert queue_of(due(pod_scenario(), [90.0]))[0].most == 5
    assert queue_of(due(pod_scenario(), []))[0].most == 0
    assert queue_of(due(pod_scenario(), [90.0], backlog=7))[0].most == 7
    assert queue_of(due(refill_scenario(), [90.0]))[0].most == 0


@pytest.mark.parametrize(
    ("backlog", "params"), [(6, {}), (0, {"rules": "first-come"}), (0, {})]
)
def test_a_backlog_simple_rules_and_no_due_times_leave_the_order(backlog, params):
    due_s = [90.0, 20.0, 50.0] if backlog or params else []
    queue, site = queue_of(due(pod_scenario(), due_s, backlog=backlog), **params)
    queue.arrange(site, 0.0)
    assert site.orders.arrival[:12].tolist() == list(range(12))


def test_an_order_is_picked_in_time_for_its_packing():
    scenario = packed_scenario()
    _, site = queue_of(scenario)
    limit_s = packing_due_s(scenario).max(axis=1)
    units = np.bincount(scenario.orders.line_order, scenario.orders.line_quantity)
    pack_s = [scenario.pack_s(int(count), 1) for count in units]
    assert np.allclose(site.orders.due_s[: len(units)], limit_s - pack_s)


def test_fewer_orders_are_late_than_where_nobody_looks_at_due_times():
    layout = PodLayoutParams(3, 4, stations=2, homes=8, chargers=0)
    params = PodScenarioParams(
        layout=layout, robots=6, pods=60, skus=80, orders=120, order_slots=6, seed=2
    )
    site = generate_pod_scenario(params)
    due_s = 400.0 + 250.0 * np.random.default_rng(0).integers(0, 10, 120)
    late = []
    for given in (due(site, due_s), site):
        plan = plan_pods(given, seed=1).solution
        assert check_plan(plan) == []
        late.append(int((handed_over_s(plan) > due_s).sum()))
    assert late[0] < 0.6 * late[1]
