"""Parts of planning racks and pods: leave to drive, dead ends, the bound."""

import math

import numpy as np
import pytest

from solvers.fulfilment.policy import policies
from solvers.mixed.admission import NOWHERE, Admission
from solvers.mixed.planner import plan_mixed
from solvers.mixed.run import Call, Run
from solvers.mixed.sharing import share_lines
from solvers.pods.reserve import Reserve
from solvers.pods.ways import Ways
from solvers.result import Stop
from tests.mixed_sites import mixed_scenario, orders_csv
from warehouse.check import check_plan

AISLES = ["S.SS.S.oo.", "S.SS.S.oo.", "S.SS.S.oo.", "S.SS.S.oo."]
FLOOR = [*AISLES, "..........", "..........", "...P....P.", "HHHHHH...H"]
SETTINGS = """\
name = "dead ends"
pods = "pods.csv"
robots = "robots.csv"
[fleet]
kind = "mixed"
tote_slots = 2
[[station]]
name = "P1"
row = 6
col = 3
[[station]]
name = "P2"
row = 6
col = 8
"""


def dead_end_site():
    """Return a site whose racks stand along aisles that lead nowhere else."""
    racks = [(row, col) for row in range(4) for col in (0, 2, 3, 5)]
    skus = [f"A{k}" for k in range(len(racks))]
    stock = "".join(f"{s},{r},{c},9\n" for s, (r, c) in zip(skus, racks, strict=True))
    orders = "".join(
        f"o{k},{skus[(7 * k) % 16]},1\no{k},{skus[(7 * k + 5) % 16]},1\n"
        for k in range(24)
    )
    robots = "".join(f"T{k},7,{k},tote\n" for k in range(6))
    return mixed_scenario(
        layout__toml='name = "d"\nmap = """\n' + "\n".join(FLOOR) + '\n"""\n',
        scenario__toml=SETTINGS,
        robots__csv="robot,row,col,kind\n" + robots + "P1,7,9,pod\n",
        pods__csv="pod,row,col\nPOD0,0,7\nPOD1,2,8\n",
        stock__csv="sku,row,col,quantity\n" + stock + "C,0,7,30\n",
        orders__csv="order,sku,quantity\n" + orders + "p,C,2\nq,C,3\n",
    )


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_robots_do_not_bar_each_other_in_dead_ends(seed):
    plan = plan_mixed(dead_end_site(), Stop(iterations=1), seed=seed).solution
    assert check_plan(plan) == []
    assert len(plan.unserved) == 0


def decided(admission, vertices, inbound):
    admission.decide(vertices, inbound, np.array([1], np.int32))


def test_as_many_come_to_a_station_as_its_queue_has_room_for():
    admission, inbound = Admission(np.full(4, NOWHERE, np.int32)), np.zeros(1, np.int32)
    admission.ask(0, 3, 1, 0)
    admission.ask(1, 0, 1, 0)
    decided(admission, [0, 2], inbound)
    assert admission.has_leave(0, 3)
    assert not admission.has_leave(1, 0)
    assert inbound.tolist() == [1]
    admission.leave(0, 3, inbound)
    decided(admission, [0, 2], inbound)
    assert admission.has_leave(1, 0)
    assert inbound.tolist() == [1]


def test_one_robot_alone_is_in_a_dead_end_until_it_is_out():
    dead_ends = np.array([NOWHERE, 7, 7, NOWHERE], np.int32)
    admission, inbound = Admission(dead_ends), np.zeros(1, np.int32)
    admission.ask(0, 0, 1, NOWHERE)
    admission.ask(0, 1, 2, NOWHERE)
    admission.ask(1, 0, 2, NOWHERE)
    admission.ask(1, 5, 3, NOWHERE)
    decided(admission, [0, 3], inbound)
    assert [admission.has_leave(0, 0), admission.has_leave(0, 1)] == [True, True]
    assert [admission.has_leave(1, 0), admission.has_leave(1, 5)] == [False, True]
    for stop in (0, 1):
        admission.leave(0, stop, inbound)
    decided(admission, [2, 3], inbound)
    assert not admission.has_leave(1, 0)
    decided(admission, [0, 3], inbound)
    assert admission.has_leave(1, 0)


@pytest.mark.parametrize("pace", [(1.0, 9.0), (1.0, 1.0), (9.0, 1.0)])
def test_the_bound_holds_whatever_comes_from_where(pace):
    """It is the same for all plans that serve the same, and none ends before it.

    Two pickers take 10 s for each of 8 units, three packers 28 s for an order of one;
    x units from pods are best where both take as long: 5 x = 28 / 3 (8 - x).
    """
    site = mixed_scenario(orders__csv=orders_csv(either=8))
    call = Call(site, Ways(site), 0, Reserve(math.inf), lambda: False, lambda *_: None)
    policy = policies("throughput", 2, 2)[1]
    plan = Run(call, share_lines(site, pace), policy).to_plan({})
    assert check_plan(plan) == []
    assert len(plan.unserved) == 0
    assert plan.makespan_s >= plan.bound.value_s
    parts = plan.bound.makespan_s
    assert parts["both"] >= max(parts["robots"], parts["stations"]) - 1e-3
    picker_s, packer_s = 10 / 2, 28 / 3
    least_s = 8 * picker_s * packer_s / (picker_s + packer_s)
    assert parts["stations"] == pytest.approx(least_s, abs=1e-3)
