"""Orders that are picked in parts: where that pays, what it costs, what it keeps."""

import re
from dataclasses import replace

import numpy as np
import pytest

from solvers.pods.params import PodParams
from solvers.pods.planner import plan_pods
from solvers.result import Stop
from tests.pod_sites import SCENARIO, pod_plan, pod_scenario, write_site
from tests.warehouse.test_plan_file import (
    codes,
    members_of,
    meta_of,
    pack,
    with_meta,
)
from warehouse.check import check_plan
from warehouse.errors import SolverError
from warehouse.formats.plan_file import read_plan, write_plan
from warehouse.formats.scenario_folder import read_scenario
from warehouse.generate import (
    PodLayoutParams,
    PodScenarioParams,
    generate_pod_scenario,
)
from warehouse.plan import PodStopKind
from warehouse.pod_metrics import measure_pods
from warehouse.split_orders import whole_orders

TABLES = ("stops", "picks", "open_orders")


def generated(seed=1, **changed):
    """Return a site with three stations that have two slots each, and rare SKUs."""
    layout = PodLayoutParams(4, 6, stations=3, homes=12, chargers=0)
    params = PodScenarioParams(
        layout=layout,
        robots=8,
        pods=90,
        skus=120,
        orders=60,
        order_slots=2,
        seed=seed,
    )
    return generate_pod_scenario(replace(params, **changed))


def planned(scenario, split_s, **params):
    plan = plan_pods(scenario, params=PodParams(split_s=split_s, **params)).solution
    assert [str(v) for v in check_plan(plan)] == []
    return plan


def visits(plan):
    return int((plan.pod_work.stops["kind"] == PodStopKind.VISIT).sum())


def stations_of_lines(plan):
    """Stations at which each order line is picked."""
    picks = plan.pod_work.picks
    station = plan.pod_work.stops["station"][picks["stop"]]
    found: dict[int, set[int]] = {}
    for line, at in zip(picks["line"].tolist(), station.tolist(), strict=True):
        found.setdefault(line, set()).add(at)
    return found


def assert_same(one, other):
    np.testing.assert_array_equal(one.cells, other.cells)
    for name in TABLES:
        np.testing.assert_array_equal(
            getattr(one.pod_work, name), getattr(other.pod_work, name)
        )


@pytest.mark.parametrize("split_s", [0.0, 30.0])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_parts_are_picked_apart_and_put_together(seed, split_s):
    plan = planned(generated(seed), split_s)
    orders, picks = plan.scenario.orders, plan.pod_work.picks
    assert len(plan.unserved) == 0
    stations = stations_of_lines(plan)
    assert all(len(found) == 1 for found in stations.values())
    split = dict(plan.splitting.orders.tolist())
    assert split
    for order in range(len(orders)):
        lines = np.flatnonzero(orders.line_order == order).tolist()
        parts = len(set.union(*(stations[line] for line in lines)))
        last_s = picks["end_s"][np.isin(picks["line"], lines)].max()
        assert (order in split) == (parts > 1)
        if order in split:
            assert split[order] == pytest.approx(last_s + split_s * (parts - 1))


def test_splitting_saves_visits_and_less_so_the_dearer_it_is():
    site = generated()
    made = [visits(planned(site, split_s)) for split_s in (0.0, 30.0, None)]
    assert made[0] < made[1] < made[2]
    assert made[0] < 0.6 * made[2]


def test_a_split_that_costs_more_than_a_trip_is_not_made():
    site = generated()
    dear = planned(site, 1e6)
    assert len(dear.splitting.orders) == 0
    assert_same(dear, planned(site, None))


def test_without_the_option_nothing_is_split():
    plan = planned(generated(), None)
    assert plan.splitting is None
    orders = plan.pod_work.open_orders["order"]
    assert len(np.unique(orders)) == len(orders)
    assert measure_pods(plan).splits is None
    assert whole_orders(plan.pod_work) is plan.pod_work.open_orders


def test_one_station_has_nothing_to_split_over(tmp_path):
    one = SCENARIO.split('\n[[station]]\nname = "P2"')[0]
    site = read_scenario(write_site(tmp_path, scenario__toml=one))
    plan = planned(site, 0.0)
    assert_same(plan, planned(site, None))
    assert len(plan.splitting.orders) == 0


def test_an_order_waits_for_a_station_where_no_part_of_it_was(tmp_path):
    # Three pods have a line each of O0; there are two stations, with one slot each.
    # So two lines are picked at one of them, however cheap a split is.
    rows = [(1, 1), (1, 4), (2, 2)]
    site = read_scenario(
        write_site(
            tmp_path,
            scenario__toml=re.sub("order_slots = .", "order_slots = 1", SCENARIO),
            stock__csv="sku,row,col,quantity\n"
            + "".join(f"S{k},{row},{col},5\n" for k, (row, col) in enumerate(rows)),
            orders__csv="order,sku,quantity\nO0,S0,1\nO0,S1,1\nO0,S2,1\n",
        )
    )
    plan = planned(site, 0.0)
    assert len(plan.unserved) == 0
    assert len(plan.pod_work.open_orders) <= 2


@pytest.mark.parametrize("changed", [{"battery_wh": 60.0}, {"backlog": 12}])
def test_other_rules_are_kept_as_well(changed):
    layout = PodLayoutParams(4, 6, stations=3, homes=12, chargers=4)
    site = generated(layout=layout, end_s=900.0, orders=400, **changed)
    plan = planned(site, 0.0)
    assert np.isfinite(plan.splitting.orders["done_s"]).any()


def test_a_horizon_leaves_orders_of_which_a_part_is_picked():
    site = generated(orders=400, end_s=300.0)
    plan = planned(site, 0.0)
    table, split = plan.pod_work.open_orders, plan.splitting.orders
    begun = split["order"][~np.isfinite(split["done_s"])]
    rows = table[np.isin(table["order"], begun)]
    assert np.isfinite(rows["end_s"]).any()
    done = whole_orders(plan.pod_work)
    assert not np.isfinite(done["end_s"][np.isin(done["order"], begun)]).any()
    assert measure_pods(plan).orders == (done["end_s"] <= 300.0).sum()


@pytest.mark.parametrize("questions", [3, 20, 90])
def test_a_plan_with_parts_may_be_stopped(questions):
    left = iter(range(questions))
    stop = Stop(interrupted=lambda: next(left, None) is None)
    plan = plan_pods(generated(), stop, params=PodParams(split_s=0.0)).solution
    assert check_plan(plan) == []


def test_the_same_seed_gives_the_same_parts():
    site = generated()
    assert_same(planned(site, 20.0), planned(site, 20.0))


def test_orders_are_counted_once_with_the_time_of_putting_them_together():
    plan = pod_plan(split_s=30.0)
    figures = measure_pods(plan)
    assert figures.orders == len(plan.scenario.orders)
    assert figures.splits.orders == len(plan.splitting.orders)
    assert figures.splits.parts == 2 * figures.splits.orders
    assert figures.splits.together_s == 30.0 * figures.splits.orders
    assert figures.to_dict()["splits"]["orders"] == figures.splits.orders
    sooner = replace(plan.splitting, orders=plan.splitting.orders.copy())
    sooner.orders["done_s"] -= 30.0
    before = measure_pods(
        replace(plan, pod_work=replace(plan.pod_work, splitting=sooner))
    )
    saved_s = 30.0 * figures.splits.orders / figures.orders
    assert figures.order_time_s - before.order_time_s == pytest.approx(saved_s)


def test_a_plan_file_keeps_parts(tmp_path):
    plan = pod_plan(split_s=10.0)
    write_plan(plan, tmp_path / "x.plan.npz")
    read = read_plan(tmp_path / "x.plan.npz")
    assert read.splitting.split_s == 10.0
    np.testing.assert_array_equal(read.splitting.orders, plan.splitting.orders)
    assert measure_pods(read) == measure_pods(plan)
    assert check_plan(read) == []


def test_a_plan_file_has_parts_and_their_seconds_or_neither(tmp_path):
    path = tmp_path / "x.plan.npz"
    write_plan(pod_plan(split_s=10.0), path)
    good = path.read_bytes()
    assert meta_of(good)["format_version"] == 4
    with_meta(path, good, lambda meta: meta["splitting"].update(split_s=-1.0))
    assert codes(path, verify=False) == ["E211"]
    with_meta(path, good, lambda meta: meta["splitting"].update(split_s="long"))
    assert codes(path, verify=False) == ["E211"]
    with_meta(path, good, lambda meta: meta.pop("splitting"))
    assert codes(path, verify=False) == ["E207"]
    members = members_of(good)
    del members["split_orders"]
    pack(path, members)
    assert codes(path, verify=False) == ["E207"]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"split_s": -1.0}, "E373"),
        ({"split_s": np.nan}, "E373"),
        ({"split_s": np.inf}, "E373"),
        ({"split_s": 0.0, "rules": "pod-match"}, "E374"),
    ],
)
def test_what_cannot_be_meant_is_refused(params, code):
    with pytest.raises(SolverError, match=code):
        plan_pods(pod_scenario(), params=PodParams(**params))
