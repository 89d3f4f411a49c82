"""A plan with pods and cartons as the replay and the sheets show it."""

import numpy as np
import pytest

from tests.packed_pod_sites import HORIZON, packed_plan
from viz.order_story import order_story
from viz.plan_sheets import station_sheets
from viz.replay import Replay
from viz.station_bars import station_chart
from warehouse.lateness import LateCause


@pytest.fixture(scope="module")
def replay():
    return Replay.from_plan(packed_plan())


def test_an_order_is_picked_packed_and_taken_by_a_truck(replay):
    words = [chapter.words for chapter in order_story(replay, 0)]
    steps = [words.index(w) for w in ("released", "picked", "packed", "due")]
    assert steps[:3] == sorted(steps[:3])
    assert any(word.startswith("packing begins") for word in words)
    assert "leaves with road, D1" in words


def test_cartons_of_an_order_are_there_to_be_clicked(replay):
    orders = replay.scenario.orders
    for order in range(len(orders)):
        units = orders.line_quantity[orders.line_order == order].sum()
        assert sum(len(one.skus) for one in replay.cartons.of(order)) == units


def test_packers_have_lanes_above_that_of_the_picker(replay):
    chart = station_chart(replay)
    assert chart.lanes == (1 + 2, 2 + 2)
    assert len(replay.packing.order) == 12


def test_orders_are_done_when_they_are_packed(replay):
    plan = replay.plan
    assert np.array_equal(replay.done.end_s, plan.packing["end_s"])
    assert replay.duration_s >= plan.makespan_s - 1e-6
    assert (replay.packing.ready_s <= replay.packing.start_s + 1e-6).all()


def test_late_orders_have_causes():
    late = Replay.from_plan(packed_plan(HORIZON)).late.causes
    assert late and set(late.values()) == {LateCause.ROBOT}


def test_each_station_has_a_sheet_with_its_orders():
    plan = packed_plan()
    sheets = station_sheets(plan)
    assert sheets is not None and set(sheets) == {"P1", "P2"}
    for row in plan.packing:
        name = plan.scenario.orders.names[row["order"]]
        assert name in sheets[plan.scenario.stations[row["station"]].name]
