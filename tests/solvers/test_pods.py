"""Plans with pods: they keep the rules, end, and are the same every time."""

import re
from dataclasses import replace

import numpy as np
import pytest

from solvers.pods.params import RULES, PodParams
from solvers.pods.planner import plan_pods
from solvers.pods.setup import make_site, servable_units
from solvers.pods.ways import Ways
from solvers.result import Stop, Termination
from tests.pod_sites import SCENARIO, pod_plan, pod_scenario, write_site
from warehouse.check import check_plan
from warehouse.errors import SolverError
from warehouse.formats.plan_file import read_plan, write_plan
from warehouse.formats.scenario_folder import read_scenario
from warehouse.generate import (
    PodLayoutParams,
    PodScenarioParams,
    generate_pod_scenario,
)
from warehouse.plan import PodStopKind, UnservedReason
from warehouse.pod_metrics import measure_pods

HORIZON = "\n[horizon]\nwarm_up_s = 30\nend_s = 120\n"


@pytest.mark.parametrize("rules", RULES)
def test_all_is_served_and_every_rule_kept(rules):
    plan = pod_plan(rules)
    assert [str(v) for v in check_plan(plan)] == []
    assert len(plan.unserved) == 0
    orders = plan.scenario.orders
    assert plan.pod_work.picks["quantity"].sum() == orders.line_quantity.sum()
    kinds = np.bincount(plan.pod_work.stops["kind"], minlength=3)
    assert kinds[PodStopKind.LIFT] == kinds[PodStopKind.SET_DOWN] > 0


@pytest.mark.parametrize("rules", RULES)
def test_a_horizon_ends_the_plan(rules):
    plan = pod_plan(rules, HORIZON)
    assert [str(v) for v in check_plan(plan)] == []
    assert plan.steps == int(120 / plan.scenario.step_s)
    assert set(plan.unserved["reason"]) <= {UnservedReason.HORIZON}
    metrics = measure_pods(plan)
    assert metrics.from_s == 30
    assert 0 < metrics.units <= 2 * 90 / 10 + 2


def test_the_same_seed_gives_the_same_plan():
    again = plan_pods(pod_scenario(), seed=1).solution
    plan = pod_plan()
    np.testing.assert_array_equal(again.cells, plan.cells)
    np.testing.assert_array_equal(again.pod_work.picks, plan.pod_work.picks)


def test_a_stopped_plan_is_a_plan():
    result = plan_pods(pod_scenario(), Stop(interrupted=lambda: True))
    assert result.termination is Termination.INTERRUPTED
    assert check_plan(result.solution) == []
    assert set(result.solution.unserved["reason"]) == {UnservedReason.INTERRUPTED}


@pytest.mark.parametrize("questions", [1, 3, 6, 9, 40])
def test_a_plan_may_be_stopped_whenever_it_is_asked(questions):
    left = iter(range(questions))
    result = plan_pods(pod_scenario(), Stop(interrupted=lambda: not any_left(left)))
    assert result.termination is Termination.INTERRUPTED
    assert check_plan(result.solution) == []


def any_left(left):
    return next(left, None) is not None


def test_more_work_is_on_its_way_where_drives_are_long():
    work_s = []
    for block_rows in (4, 60):
        layout = PodLayoutParams(block_rows, stations=2)
        site = generate_pod_scenario(PodScenarioParams(layout=layout, pods=120))
        given = site, site.pods, Ways(site), PodParams(), 1
        rules = make_site(*given, servable_units(site)).rules
        work_s.append(rules.work_s)
    assert work_s[0] == PodParams().work_s < work_s[1]


def test_stock_that_lacks_is_reported():
    scenario = pod_scenario()
    stock = scenario.stock
    less = np.where(stock.sku == 0, 0, stock.quantity).astype(np.int32)
    short = type(scenario)(
        scenario.name,
        scenario.layout,
        scenario.sku_names,
        type(stock)(stock.sku, stock.cell, less),
        scenario.orders,
        scenario.fleet,
        scenario.stations,
        pods=scenario.pods,
    )
    plan = plan_pods(short).solution
    assert check_plan(plan) == []
    assert set(plan.unserved["reason"]) == {UnservedReason.STOCK}
    lines = scenario.orders.line_sku == 0
    units = scenario.orders.line_quantity[lines].sum()
    assert plan.unserved["quantity"].sum() == units


def test_a_plan_file_keeps_everything(tmp_path):
    plan = pod_plan(end=HORIZON)
    write_plan(plan, tmp_path / "x.plan.npz")
    read = read_plan(tmp_path / "x.plan.npz")
    np.testing.assert_array_equal(read.pod_work.stops, plan.pod_work.stops)
    np.testing.assert_array_equal(read.pod_work.picks, plan.pod_work.picks)
    np.testing.assert_array_equal(read.pod_work.open_orders, plan.pod_work.open_orders)
    assert read.scenario.step_s == plan.scenario.step_s
    assert read.scenario.pods.end_s == 120
    assert read.scenario.pods.names == plan.scenario.pods.names
    assert measure_pods(read) == measure_pods(plan)
    assert check_plan(read) == []


def test_robots_that_block_each_other_are_reported(tmp_path):
    rows = ["#o#o#.", "......", "#####P"]
    layout = 'name = "dead end"\nmap = """\n' + "\n".join(rows) + '\n"""\n'
    settings = SCENARIO.split("[[station]]")[0]
    settings += '[[station]]\nname = "P1"\nrow = 2\ncol = 5\norder_slots = 1\n'
    folder = write_site(
        tmp_path,
        layout__toml=layout,
        scenario__toml=settings,
        pods__csv="pod,row,col\nA,0,1\nB,0,3\n",
        robots__csv="robot,row,col\nR1,0,1\nR2,0,3\nR3,1,2\nR4,1,4\nR5,0,5\n",
        stock__csv="sku,row,col,quantity\nS0,0,1,9\nS1,0,3,9\n",
        orders__csv="order,sku,quantity\n"
        + "".join(f"O{k},S{k % 2},1\n" for k in range(12)),
    )
    result = plan_pods(read_scenario(folder))
    plan = result.solution
    assert plan is not None
    assert check_plan(plan) == []
    assert plan.steps < 600
    assert len(plan.unserved) > 0
    assert set(plan.unserved["reason"]) == {UnservedReason.BLOCKED}


@pytest.mark.parametrize("key", ["lift_s", "set_down_s", "station_s_per_unit"])
def test_long_services_are_not_taken_for_robots_that_block_each_other(key):
    site = pod_scenario()
    steps = 1200  # blocked robots are given up after fewer, see above
    long_s = steps * site.step_s
    few = replace(
        site.orders,
        line_order=site.orders.line_order[:2],
        line_sku=site.orders.line_sku[:2],
        line_quantity=np.ones(2, np.int32),
        names=site.orders.names[:2],
        release_s=site.orders.release_s[:2],
        due_s=site.orders.due_s[:2],
        priority=site.orders.priority[:2],
    )
    pods = replace(site.pods, **{key: long_s})
    plan = plan_pods(replace(site, pods=pods, orders=few)).solution
    assert check_plan(plan) == []
    assert plan.steps > steps
    assert len(plan.unserved) == 0


def test_orders_that_come_too_late_for_a_plan_are_refused():
    site = pod_scenario()
    late = replace(site.orders, release_s=np.full(len(site.orders), 1e9))
    with pytest.raises(SolverError, match="E371"):
        plan_pods(replace(site, orders=late))


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("held", [0, 1])
def test_one_slot_serves_orders_that_no_pod_has_whole(tmp_path, rules, held):
    # No two of S0, S2, S3 and S4 that an order wants are on one pod, and O1 wants more
    # of a SKU than any pod has. One pod serves O3.
    folder = write_site(
        tmp_path,
        scenario__toml=re.sub("order_slots = .", "order_slots = 1", SCENARIO),
        orders__csv="order,sku,quantity\n"
        "O0,S0,1\nO0,S3,1\nO1,S2,7\nO2,S0,2\nO2,S2,1\nO2,S4,1\nO3,S3,2\n",
    )
    params = PodParams(rules=rules, held=held)
    plan = plan_pods(read_scenario(folder), seed=1, params=params).solution
    assert check_plan(plan) == []
    assert len(plan.unserved) == 0
    assert len(plan.pod_work.open_orders) == 4


def test_no_station_stands_still_for_orders_that_get_no_slot():
    params = PodScenarioParams(
        layout=PodLayoutParams(stations=4, homes=40, chargers=2),
        robots=16,
        pods=180,
        orders=2500,
        backlog=200,
        end_s=2400.0,
    )
    plan = plan_pods(generate_pod_scenario(params)).solution
    assert check_plan(plan) == []
    picks = plan.pod_work.picks
    station = plan.pod_work.stops["station"][picks["stop"]]
    units = np.bincount(station, picks["quantity"])
    assert units.min() > 0.8 * units.max()


@pytest.mark.parametrize("seed", [0, 2])
def test_many_robots_before_stations_do_not_lock_up(seed):
    params = PodScenarioParams(
        layout=PodLayoutParams(5, 8, stations=8, queue=16, homes=160, chargers=0),
        robots=160,
        pods=300,
        skus=500,
        skus_per_pod=2,
        orders=5000,
        backlog=800,
        station_s_per_unit=1.0,
        robot_s_per_unit=1.0,
        end_s=700.0,
        seed=seed,
    )
    scenario = generate_pod_scenario(params)
    plan = plan_pods(scenario, seed=seed, params=PodParams(rules="random")).solution
    assert check_plan(plan) == []
    assert measure_pods(plan).standing == 0
