"""Sites where pods are filled: what arrives is put away, and orders wait for it."""

import numpy as np
import pytest

from solvers.pods.params import RULES
from solvers.pods.planner import plan_pods
from tests.refill_sites import FILES, refill_plan, refill_scenario, write_files
from warehouse.check import check_plan
from warehouse.formats.plan_file import read_plan, write_plan
from warehouse.formats.plan_meta import meta_of
from warehouse.formats.scenario_folder import read_scenario, write_scenario
from warehouse.plan import PodStopKind, UnservedReason

HORIZON = "\n[horizon]\nend_s = 150\n"


@pytest.mark.parametrize("rules", RULES)
def test_orders_that_lack_goods_wait_for_them(rules):
    plan = refill_plan(rules)
    assert [str(v) for v in check_plan(plan)] == []
    assert set(plan.unserved["reason"]) <= {UnservedReason.STOCK}
    short = plan.scenario.orders.line_quantity.sum() - plan.unserved["quantity"].sum()
    assert plan.pod_work.picks["quantity"].sum() == short
    supply = plan.scenario.supply()
    wanted = np.bincount(
        plan.scenario.orders.line_sku, plan.scenario.orders.line_quantity, len(supply)
    )
    assert plan.unserved["quantity"].sum() == np.maximum(0, wanted - supply).sum()
    assert (plan.pod_work.stops["kind"] == PodStopKind.FILL).any()


def test_a_horizon_ends_the_filling_too():
    plan = refill_plan(end=HORIZON)
    assert [str(v) for v in check_plan(plan)] == []
    assert plan.steps == int(150 / plan.scenario.step_s)
    assert len(plan.pod_work.refills) > 0


def test_the_same_seed_gives_the_same_plan():
    again = plan_pods(refill_scenario(), seed=1).solution
    np.testing.assert_array_equal(again.cells, refill_plan().cells)
    np.testing.assert_array_equal(
        again.pod_work.refills, refill_plan().pod_work.refills
    )


def test_goods_without_room_leave_their_orders_unserved(tmp_path):
    """All pods are full, and what is on them is never ordered."""
    full = "pod,row,col,capacity\n" + FILES["pods.csv"].split("\n", 1)[1]
    full = full.replace(",\n", ",9\n").replace(",12\n", ",9\n")
    folder = write_files(
        tmp_path, pods__csv=full, orders__csv="order,sku,quantity\nA,S9,1\nB,S0,1\n"
    )
    plan = plan_pods(read_scenario(folder)).solution
    assert [str(v) for v in check_plan(plan)] == []
    orders = plan.scenario.orders
    served = orders.line_sku[plan.pod_work.picks["line"]]
    assert plan.scenario.sku_names[served[0]] == "S0"


def test_pods_that_are_full_for_ever_end_the_plan(tmp_path):
    full = FILES["pods.csv"].replace(",\n", ",9\n").replace(",12\n", ",9\n")
    orders = "order,sku,quantity\nA,S9,1\n"
    folder = write_files(tmp_path, pods__csv=full, orders__csv=orders)
    plan = plan_pods(read_scenario(folder)).solution
    assert [str(v) for v in check_plan(plan)] == []
    assert plan.unserved["reason"].tolist() == [UnservedReason.NO_ROOM]
    assert plan.steps < 300


def test_goods_of_more_units_than_a_pod_holds_are_split():
    plan = refill_plan()
    rows = plan.pod_work.refills
    assert (np.bincount(rows["arrival"]) > 1).any()


def test_files_and_plans_keep_everything(tmp_path):
    scenario = refill_scenario()
    write_scenario(scenario, tmp_path / "again")
    read = read_scenario(tmp_path / "again")
    plan = refill_plan()
    write_plan(plan, tmp_path / "x.plan.npz")
    planned = read_plan(tmp_path / "x.plan.npz")
    for other in (read, planned.scenario):
        mine, its = scenario.pods.replenishment, other.pods.replenishment
        assert mine.names == its.names
        for name in mine.__dataclass_fields__:
            np.testing.assert_array_equal(getattr(mine, name), getattr(its, name))
    np.testing.assert_array_equal(planned.pod_work.refills, plan.pod_work.refills)
    assert check_plan(planned) == []
    assert meta_of(plan)["format_version"] == 4
