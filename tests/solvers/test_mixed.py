"""Plans of sites with racks and pods: every one through the checker."""

import time
from dataclasses import replace

import numpy as np
import pytest

from solvers.mixed.planner import plan_mixed
from solvers.mixed.sharing import share_lines
from solvers.result import Status, Stop, Termination
from tests.mixed_sites import ROWS, mixed_plan, mixed_scenario, orders_csv
from warehouse.check import check_plan
from warehouse.errors import SolverError
from warehouse.plan import Plan, UnservedReason
from warehouse.scenario import RobotKind, Scenario


def planned(scenario: Scenario, **options: int) -> Plan:
    plan = plan_mixed(scenario, **options).solution
    assert check_plan(plan) == []
    return plan


def units_by_side(plan: Plan) -> tuple[int, int]:
    picks = plan.picks, plan.pod_work.picks
    return tuple(int(side["quantity"].sum()) for side in picks)


def test_all_is_served_by_robots_of_both_kinds():
    plan = mixed_plan()
    assert check_plan(plan) == []
    assert len(plan.unserved) == 0
    assert min(units_by_side(plan)) > 0
    kinds = plan.scenario.fleet.kinds
    assert set(kinds[plan.stops["robot"]]) == {RobotKind.TOTE}
    assert set(kinds[plan.pod_work.stops["robot"]]) == {RobotKind.POD}


def test_parts_of_an_order_meet_at_one_station():
    plan = mixed_plan()
    given = plan.scenario.orders
    both = [name for name in given.names if name.startswith("both")]
    stations = dict(plan.packing[["order", "station"]].tolist())
    opened = dict(plan.pod_work.open_orders[["order", "station"]].tolist())
    for name in both:
        order = given.names.index(name)
        assert stations[order] == opened[order]
    assert len(both) == 3


def test_the_same_seed_gives_the_same_plan():
    one, other = planned(mixed_scenario(), seed=1), mixed_plan()
    assert np.array_equal(one.cells, other.cells)
    assert np.array_equal(one.packing, other.packing)
    assert np.array_equal(one.pod_work.picks, other.pod_work.picks)


@pytest.mark.parametrize(
    ("numbers", "idle"),
    [({"racks": 5}, 1), ({"pods": 5}, 0), ({"both": 4}, None), ({"either": 1}, None)],
)
def test_orders_of_one_sort_alone(numbers, idle):
    plan = planned(mixed_scenario(orders__csv=orders_csv(**numbers)))
    assert len(plan.unserved) == 0
    if idle is not None:
        assert units_by_side(plan)[idle] == 0


def test_what_no_side_holds_is_left_for_lack_of_stock():
    orders = orders_csv(either=1) + "much,A0,15\nmuch2,A0,15\nodd,B,40\n"
    plan = planned(mixed_scenario(orders__csv=orders))
    assert set(plan.unserved["reason"]) == {UnservedReason.STOCK}
    assert plan.unserved["quantity"].sum() == 10 + 41 - 32


def test_a_line_is_divided_where_neither_side_has_all_of_it():
    plan = planned(mixed_scenario(orders__csv="order,sku,quantity\nlarge,B,30\n"))
    assert units_by_side(plan) == (14, 16)
    assert len(plan.unserved) == 0


def test_orders_are_served_as_they_are_released():
    orders = "order,sku,quantity,release_s\n"
    orders += "".join(f"r{k},A{k % 4},1,{60 * k}\n" for k in range(6))
    orders += "".join(f"p{k},C{k % 4},1,{60 * k}\n" for k in range(6))
    plan = planned(mixed_scenario(orders__csv=orders))
    assert len(plan.unserved) == 0
    assert plan.makespan_s > 300


def test_nothing_that_comes_later_changes_what_is_shared_before():
    rows = "order,sku,quantity,release_s\na,B,3,0\nb,B,3,0\n"
    alone = share_lines(mixed_scenario(orders__csv=rows)).table
    more = rows + "c,A0,9,50\nd,B,9,50\n"
    later = share_lines(mixed_scenario(orders__csv=more)).table
    assert np.array_equal(alone, later[:2])


def test_a_horizon_ends_the_plan_where_it_is():
    site = mixed_scenario()
    site = replace(site, pods=replace(site.pods, end_s=90.0))
    plan = planned(site)
    assert plan.steps == int(90.0 / site.step_s)
    assert UnservedReason.HORIZON in plan.unserved["reason"]


def test_no_time_gives_an_empty_plan():
    result = plan_mixed(mixed_scenario(), Stop(time_limit_s=1e-9))
    assert result.status is Status.FEASIBLE
    assert result.termination is Termination.TIME_LIMIT
    assert check_plan(result.solution) == []
    assert set(result.solution.unserved["reason"]) == {UnservedReason.INTERRUPTED}


SETTINGS = """\
name = "walls"
pods = "pods.csv"
robots = "robots.csv"
[fleet]
kind = "mixed"
[[station]]
name = "P1"
row = 5
col = 8
"""


def test_a_wall_with_a_gap_does_not_stop_robots_for_ever():
    """One cell joins the side of racks to that of pods and stations."""
    rows = [row[:3] + "#" + row[3:] for row in ROWS]
    rows[1] = "..........."
    rows[5] = "...#....P.H"
    layout = 'name = "walls"\nmap = """\n' + "\n".join(rows) + '\n"""\n'
    site = mixed_scenario(
        layout__toml=layout,
        pods__csv="pod,row,col\nPOD0,2,5\nPOD1,2,9\nPOD2,3,6\nPOD3,3,9\n",
        stock__csv="sku,row,col,quantity\nA0,2,1,9\nC0,2,5,9\nB,3,2,9\nB,3,9,9\n",
        orders__csv="order,sku,quantity\na,A0,2\nb,C0,2\nc,B,2\nd,A0,1\nd,C0,1\n",
        robots__csv="robot,row,col,kind\nR1,0,0,tote\nR2,1,10,pod\nR3,0,2,tote\n",
        scenario__toml=SETTINGS,
    )
    assert len(planned(site).unserved) == 0


def test_masses_keep_heavy_orders_off_robots_with_totes():
    site = mixed_scenario()
    heavy = replace(
        site,
        sku_mass_kg=np.ones(len(site.sku_names)),
        fleet=replace(site.fleet, max_mass_kg=2.5),
    )
    plan = planned(heavy)
    left = {UnservedReason(reason) for reason in plan.unserved["reason"].tolist()}
    assert left == {UnservedReason.TOO_HEAVY}
    line_order = site.orders.line_order
    names = {site.orders.names[line_order[line]] for line in plan.unserved["line"]}
    assert all(name.startswith(("racks", "both")) for name in names)


def test_a_site_with_one_kind_is_refused():
    site = mixed_scenario()
    with pytest.raises(SolverError, match="E575"):
        plan_mixed(replace(site, fleet=replace(site.fleet, kinds=None)))


def test_lines_go_where_they_are_brought_sooner():
    """Pods are slow: what racks hold too is to come from there, at once or in part."""
    site = mixed_scenario(orders__csv=orders_csv(either=6, both=4))
    units = {pace: share_lines(site, pace).table["pods"].sum() for pace in PACES}
    assert units[1.0, 9.0] < units[1.0, 1.0] < units[9.0, 1.0]
    for pace in PACES:
        table = share_lines(site, pace).table
        assert np.array_equal(table["racks"] + table["pods"], site.orders.line_quantity)


PACES = [(1.0, 9.0), (1.0, 1.0), (9.0, 1.0)]


def test_more_runs_are_no_worse():
    site = mixed_scenario()
    one, four = (plan_mixed(site, Stop(iterations=runs)).objective for runs in (1, 4))
    assert four <= one


def test_a_time_limit_is_kept():
    site = mixed_scenario(orders__csv=orders_csv(racks=30, pods=30, both=30))
    plan_mixed(site, Stop(iterations=1))
    began = time.perf_counter()
    result = plan_mixed(site, Stop(time_limit_s=0.3))
    assert time.perf_counter() - began < 0.5
    assert check_plan(result.solution) == []
