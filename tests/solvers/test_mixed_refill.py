"""Pods are filled where racks are too: what arrives is shared out, and put away."""

import numpy as np

from solvers.mixed.sharing import share_lines
from tests.mixed_sites import mixed_plan, mixed_scenario, planned, refill_site
from warehouse.check import check_plan
from warehouse.formats.plan_file import read_plan, write_plan
from warehouse.formats.scenario_folder import read_scenario, write_scenario
from warehouse.mixed_metrics import measure_mixed
from warehouse.plan import UnservedReason

ARRIVALS = "N,6,0\nN,6,200\nC0,9,30\nB,5,60\n"
ORDERS = "new,N,3,0\nlate,N,6,0\nboth,A0,1,0\nboth,N,1,0\nlarge,C0,25,0\nb,B,2,90\n"


def test_orders_wait_for_what_arrives_and_all_is_served():
    plan = planned(refill_site(ARRIVALS, ORDERS))
    assert len(plan.unserved) == 0
    given, work = plan.scenario.orders, plan.pod_work
    new = plan.scenario.sku_names.index("N")
    assert work.picks["quantity"][given.line_sku[work.picks["line"]] == new].sum() == 10
    late = work.picks["line"] == given.names.index("late")
    assert work.picks["start_s"][late].min() > 200
    assert plan.makespan_s >= plan.bound.value_s > 0


def test_racks_and_pods_meet_where_a_part_waits_for_goods():
    plan = planned(refill_site("N,1,150\n", "both,A0,1,0\nboth,N,1,0\n"))
    assert len(plan.unserved) == 0
    assert plan.packing["start_s"][0] >= plan.pod_work.picks["end_s"][0] > 150


def test_what_never_arrives_is_left_for_lack_of_stock():
    plan = planned(refill_site("N,4,0\n", "n,N,6,0\nb,B,40,0\n"))
    assert plan.unserved[["quantity", "reason"]].tolist() == [
        (2, UnservedReason.STOCK),
        (8, UnservedReason.STOCK),
    ]


def test_goods_without_room_leave_their_orders_and_racks_go_on():
    files = refill_site("N,4,0\n", "n,N,1,0\na,A0,2,0\na,N,1,0\n", capacity=24)
    plan = planned(files)
    assert set(plan.unserved["reason"]) == {UnservedReason.NO_ROOM}
    assert plan.unserved["quantity"].sum() == 2
    assert plan.picks["quantity"].sum() == 2
    assert plan.steps < 1000


def test_pods_bring_first_what_is_there_and_then_what_will_be():
    files = refill_site("B,40,50\n", "early,B,34,0\nlate,B,20,60\n")
    table = share_lines(mixed_scenario(**files)).table
    assert table["racks"].tolist() == [16, 0]
    assert table["pods"].tolist() == [18, 20]


def test_nothing_that_arrives_later_changes_what_is_shared_before():
    orders = "a,B,3,0\nb,B,3,0\n"
    alone = share_lines(mixed_scenario(**refill_site("N,1,0\n", orders))).table
    later = share_lines(mixed_scenario(**refill_site("B,99,9\n", orders))).table
    assert np.array_equal(alone, later)


def test_files_and_plans_keep_what_is_filled(tmp_path):
    plan = planned(refill_site(ARRIVALS, ORDERS))
    write_scenario(plan.scenario, tmp_path / "again")
    again = read_scenario(tmp_path / "again")
    mine, its = plan.scenario.replenishment, again.replenishment
    assert np.array_equal(mine.sku, its.sku)
    assert np.array_equal(mine.capacity, its.capacity)
    assert np.array_equal(again.fleet.kinds, plan.scenario.fleet.kinds)
    write_plan(plan, tmp_path / "x.plan.npz")
    read = read_plan(tmp_path / "x.plan.npz")
    assert np.array_equal(read.pod_work.refills, plan.pod_work.refills)
    assert check_plan(read) == []


def test_figures_count_pods_alone():
    plan = planned(refill_site(ARRIVALS, ORDERS))
    refills = measure_mixed(plan).refills
    assert refills.units == plan.pod_work.refills["quantity"].sum() > 0
    assert refills.start_level == 24 / 30
    assert measure_mixed(mixed_plan()).to_dict()["refills"] is None


def test_the_bound_counts_what_neither_racks_nor_pods_hold():
    """A box of 5 s and 3 units of 1 s, whatever racks could bring."""
    plan = planned(refill_site("B,9,0\n", "b,B,35,0\n"))
    assert plan.bound.makespan_s["filling"] == 5 + 3


def test_a_plan_that_says_there_was_no_room_and_has_no_goods_left_is_found_out():
    plan = planned(refill_site("N,1,0\n", "n,N,1,0\nb,B,40,0\n"))
    plan.unserved["reason"] = UnservedReason.NO_ROOM
    assert "room-excuse" in {violation.rule for violation in check_plan(plan)}
