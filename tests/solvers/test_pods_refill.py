"""Sites where pods are filled: what arrives is put away, and orders wait for it."""

import csv

import numpy as np
import pytest

from solvers.pods.params import RULES
from solvers.pods.planner import plan_pods
from tests.pod_sites import pod_plan
from tests.refill_sites import FILES, refill_plan, refill_scenario, write_files
from warehouse.check import check_plan
from warehouse.formats.plan_csv import write_plan_csv
from warehouse.formats.plan_file import read_plan, write_plan
from warehouse.formats.plan_meta import meta_of
from warehouse.formats.scenario_folder import read_scenario, write_scenario
from warehouse.plan import PodStopKind, UnservedReason
from warehouse.pod_metrics import measure_pods
from warehouse.refill_metrics import measure_refills

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


def test_orders_for_which_nothing_is_left_in_stock_do_not_wait(tmp_path):
    """Those after the first want what it takes, and are no part of the backlog."""
    lines = "".join(f"N{k},S9,5\n" for k in range(8))
    orders = f"order,sku,quantity\nA,S9,5\n{lines}B,S0,1\n"
    folder = write_files(tmp_path, orders__csv=orders)
    plan = plan_pods(read_scenario(folder)).solution
    assert [str(v) for v in check_plan(plan)] == []
    assert plan.unserved["quantity"].sum() == 40
    assert plan.pod_work.picks["quantity"].sum() == 6


def test_figures_add_up():
    plan = refill_plan()
    figures = measure_refills(plan)
    assert figures.units == plan.pod_work.refills["quantity"].sum()
    assert figures.boxes == len(plan.pod_work.refills)
    assert figures.units == sum(station.units for station in figures.stations)
    assert figures.visits == sum(station.visits for station in figures.stations)
    arrived = plan.scenario.pods.replenishment.quantity.sum()
    assert figures.waiting == arrived - figures.units
    on_pods = plan.scenario.stock.quantity.sum() + figures.units
    on_pods -= plan.pod_work.picks["quantity"].sum()
    room = plan.scenario.pods.replenishment.capacity.sum()
    assert figures.end_level == pytest.approx(on_pods / room)
    assert 0 < max(station.busy for station in figures.stations) <= 1
    assert measure_pods(plan).to_dict()["refills"]["units"] == figures.units
    assert measure_refills(pod_plan()) is None


def test_tables_are_written_for_people(tmp_path):
    plan = refill_plan()
    write_plan_csv(plan, tmp_path)
    found = {}
    for name in ("pod_stops", "pod_picks", "open_orders", "refills"):
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            found[name] = list(csv.DictReader(file))
    assert not (tmp_path / "charges.csv").exists()
    units = sum(int(row["quantity"]) for row in found["refills"])
    assert units == plan.pod_work.refills["quantity"].sum()
    assert {row["station"] for row in found["refills"]} <= {"R1", "R2"}
    for row in found["refills"]:
        stop = found["pod_stops"][int(row["stop"])]
        assert stop["kind"] == "fill"
        assert (stop["station"], stop["pod"]) == (row["station"], row["pod"])
    assert len(found["pod_picks"]) == len(plan.pod_work.picks)
    assert len(found["open_orders"]) == len(plan.pod_work.open_orders)


def test_the_bound_counts_what_must_be_put_in():
    """Alone what is picked of S1, S2 and S9 beyond the stock must be."""
    plan = refill_plan()
    bound_s = plan.bound.makespan_s["filling"]
    beyond = np.zeros(len(plan.scenario.sku_names), np.int64)
    work, orders = plan.pod_work, plan.scenario.orders
    np.add.at(beyond, orders.line_sku[work.picks["line"]], work.picks["quantity"])
    np.subtract.at(beyond, plan.scenario.stock.sku, plan.scenario.stock.quantity)
    boxes = int((beyond > 0).sum())
    assert boxes >= 2
    assert bound_s >= boxes * 5 / 2
