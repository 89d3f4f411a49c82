"""Late orders in the report: which, why, and beside which trucks."""

import dataclasses
import re

import numpy as np
import pytest

from tests.pod_sites import pod_plan
from tests.shipped_plans import shipped_plan
from tests.viz.synthetic import Wave, corridor_plan
from viz.late import CAUSE_OF_ONE
from viz.lateness_report import lateness
from viz.replay import Replay
from viz.report import report_html
from viz.station_report import station_chart, work_rows
from warehouse.lateness import CAUSE_WORDS, LateCause, late_orders
from warehouse.plan import UNSERVED_DTYPE, UnservedReason


def told(plan):
    """Words, and the rows of the table."""
    body, orders = lateness(Replay.from_plan(plan))
    rows = re.findall("<tr><td>(.*?)</td></tr>", body)
    return body, [row.split("</td><td>") for row in rows], orders


def test_each_late_order_has_its_cause():
    plan = Wave().build()
    orders = plan.scenario.orders
    soon = dataclasses.replace(orders, due_s=orders.due_s / 4)
    scenario = dataclasses.replace(plan.scenario, orders=soon)
    plan = dataclasses.replace(plan, scenario=scenario)
    body, rows, orders = told(plan)
    expected = {plan.scenario.orders.names[o.order]: o for o in late_orders(plan)}
    assert {row[0] for row in rows} == set(expected) and orders == len(expected) > 3
    for name, _, due, packed, late, cause in rows:
        assert cause == CAUSE_OF_ONE[expected[name].cause]
        assert due and packed and late
    counts = re.findall(r"<span>([^<]*)</span><div.*?</div><span>(\d+) order", body)
    assert sum(int(number) for _, number in counts) == orders


def test_the_latest_come_first_and_the_never_packed_before_them():
    plan = corridor_plan(("A", "B", "C"), due_s=16.0)
    reason = UnservedReason.STOCK
    lost = dataclasses.replace(
        plan,
        packing=plan.packing[:2],
        unserved=np.array([(2, 2, reason)], UNSERVED_DTYPE),
    )
    body, rows, _ = told(lost)
    assert [row[0] for row in rows] == ["C", "B"]
    assert rows[0][3:] == ["never", "", CAUSE_OF_ONE[LateCause.STOCK]]
    assert "1 order packed late, by 0:00:05 on average" in body
    assert "1 order never packed though due." in body


def test_late_orders_of_pods_have_their_cause():
    plan = pod_plan()
    orders = plan.scenario.orders
    early = dataclasses.replace(orders, due_s=np.full(len(orders), 1.0))
    scenario = dataclasses.replace(plan.scenario, orders=early)
    plan = dataclasses.replace(plan, scenario=scenario)
    body, rows, late = told(plan)
    expected = {orders.names[o.order]: CAUSE_OF_ONE[o.cause] for o in late_orders(plan)}
    assert late == len(plan.pod_work.open_orders)
    assert {row[0]: row[5] for row in rows} == expected
    assert f"{late} orders done late, by" in body and "<th>Done</th>" in body


def test_departures_cross_the_chart_of_stations():
    plan = shipped_plan()
    replay = Replay.from_plan(plan)
    last_s = plan.makespan_s
    trucks = plan.scenario.trucks
    near = dataclasses.replace(trucks, departs_s=np.array([0.5, 1.25, 9.0]) * last_s)
    shipping = dataclasses.replace(plan.scenario.shipping, trucks=near)
    scenario = dataclasses.replace(plan.scenario, shipping=shipping)
    replay = Replay.from_plan(dataclasses.replace(plan, scenario=scenario))
    chart, _ = station_chart(replay)
    at = [float(x) for x in re.findall(r'class="departure" x1="([\d.]+)"', chart)]
    assert len(at) == 2  # the third leaves long after the last order is packed
    left, right = 92.0, 898.0
    assert at == pytest.approx([left + 0.4 * (right - left), right], abs=0.06)
    assert "Dashed lines are departures of trucks." in chart
    assert report_html(replay.plan).count('class="truck"') == 1


def test_bars_of_late_orders_stand_out():
    replay = Replay.from_plan(Wave().build())
    chart, _ = station_chart(replay)
    late = sum(int(row.late.sum()) for row in work_rows(replay))
    packed = [one for one in late_orders(replay.plan) if one.end_s < np.inf]
    assert late == len(packed) > 0
    assert 'class="late-work"' in chart
    on_time, _ = station_chart(Replay.from_plan(corridor_plan(due_s=99.0)))
    assert "late-work" not in on_time


def test_every_cause_has_its_words():
    assert list(CAUSE_OF_ONE) == list(CAUSE_WORDS) == list(LateCause)
