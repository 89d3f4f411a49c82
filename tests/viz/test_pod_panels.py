"""What the window and the report say about pods, slots and picks."""

import re

import numpy as np
import pytest

from tests.pod_sites import pod_plan
from tests.refill_sites import refill_plan
from tests.viz.synthetic import corridor_plan
from viz.events import EventKind
from viz.floor import one_way_floor
from viz.frame import Painter
from viz.key_figures import key_figures
from viz.layers import to_pixels
from viz.palette import DARK
from viz.pointer import Events
from viz.replay import Replay
from viz.report import report_html
from viz.station_report import work_rows
from viz.tips import tip_words
from viz.view import View
from warehouse.layout import Layout
from warehouse.plan import PodStopKind


@pytest.fixture(scope="module")
def plan():
    return pod_plan()


@pytest.fixture(scope="module")
def replay(plan):
    return Replay.from_plan(plan)


def seconds(plan):
    """Moments between the times at which anything changes."""
    times = np.unique([*plan.pod_work.picks["end_s"], *plan.pod_work.picks["start_s"]])
    return ((times[1:] + times[:-1]) / 2).tolist()


def test_strip_counts_units_picked_and_orders_done(plan, replay):
    picks, orders = plan.pod_work.picks, plan.pod_work.open_orders
    view = View(replay)
    for now_s in [0.0, *seconds(plan), replay.duration_s]:
        view.seek(now_s / replay.step_s)
        figures = key_figures(replay, view.moment, DARK)
        shown = {figure.heading: (figure.value, figure.remark) for figure in figures}
        units = picks["quantity"][picks["end_s"] <= view.now_s].sum()
        done = (orders["end_s"] <= view.now_s).sum()
        assert shown["UNITS PICKED"] == (f"{units}", f"of {picks['quantity'].sum()}")
        assert shown["ORDERS DONE"] == (f"{done}", f"of {len(orders)}")


def test_orders_share_no_slot_and_no_station_has_more_than_it_has(plan, replay):
    work, slots = replay.work, plan.scenario.pods.order_slots
    assert (work.packer < slots[work.station]).all()
    for one in range(len(work.order)):
        for other in range(one):
            same = work.station[one] == work.station[other]
            if same and work.packer[one] == work.packer[other]:
                begin = max(work.start_s[one], work.start_s[other])
                assert begin >= min(work.end_s[one], work.end_s[other])


def test_parts_of_an_order_fill_a_slot_each(written):
    plan = pod_plan(split_s=30.0)
    replay, table = Replay.from_plan(plan), plan.pod_work.open_orders
    order, done_s = plan.splitting.orders[0].tolist()
    parts = table[table["order"] == order]
    wanted = 0
    view = View(replay)
    for part in parts:
        view.select_station(int(part["station"]))
        view.seek((part["start_s"] + 0.1) / replay.step_s)
        written.clear()
        Painter(replay).frame(view)
        picked = dict(written)[plan.scenario.orders.names[order]]
        assert picked.startswith("0 of ")
        wanted += int(picked.split()[-1])
    orders = plan.scenario.orders
    assert wanted == orders.line_quantity[orders.line_order == order].sum()
    assert replay.done.end_of(order) == done_s > parts["end_s"].max()
    assert replay.duration_s >= done_s
    rows = replay.events.rows
    of_order = rows[(rows["order"] == order) & (rows["kind"] == EventKind.DONE)]
    np.testing.assert_allclose(of_order["t"] * replay.step_s, done_s)
    assert "Orders split" in report_html(plan)


def test_selected_station_tells_its_orders_and_its_picker(plan, replay, written):
    view, picks = View(replay), plan.pod_work.picks
    painter = Painter(replay)
    view.select_station(0)
    first = picks[plan.pod_work.stops["station"][picks["stop"]] == 0][0]
    view.seek((first["start_s"] + 0.1) / replay.step_s)
    painter.frame(view)
    order = plan.scenario.orders.line_order[first["line"]]
    sku = plan.scenario.sku_names[plan.scenario.orders.line_sku[first["line"]]]
    pod = plan.pod_work.stops["pod"][first["stop"]]
    said = dict(written)
    assert said["Station P1"].endswith("of 2 slots")
    assert said[f"{first['quantity']} x {sku}"] == (
        f"from {plan.scenario.pods.names[pod]}"
    )
    mine = picks[plan.scenario.orders.line_order[picks["line"]] == order]
    done = mine["quantity"][mine["end_s"] <= view.now_s].sum()
    words = f"{done} of {mine['quantity'].sum()}"
    assert said[plan.scenario.orders.names[order]] == words


def test_selected_robot_tells_its_stops_and_what_is_on_its_pod(plan, replay, written):
    stops = plan.pod_work.stops
    visit = stops[stops["kind"] == PodStopKind.VISIT][0]
    view = View(replay)
    view.select_robot(int(visit["robot"]))
    view.seek(float(visit["start"]))
    Painter(replay).frame(view)
    name = plan.scenario.pods.names[visit["pod"]]
    words = [line for line, _ in written]
    assert f"carries {name}" in words
    assert any(line.startswith(f"lift {name} at") for line in words)
    assert f"ON {name}" in words
    assert any(line.startswith("put it down at") for line in words)


def test_pod_has_less_on_it_when_units_were_picked(plan, replay, written):
    picks = plan.pod_work.picks
    pod = int(plan.pod_work.stops["pod"][picks["stop"][0]])
    view = View(replay)
    view.select_pod(pod)
    totals = []
    for t in (0.0, replay.duration):
        written.clear()
        view.seek(t)
        Painter(replay).frame(view)
        name = plan.scenario.pods.names[pod]
        totals.append(int(dict(written)[f"ON {name}"].split()[0]))
    from_pod = plan.pod_work.stops["pod"][picks["stop"]] == pod
    taken = int(picks["quantity"][from_pod].sum())
    stock = plan.scenario.stock
    first = stock.quantity[stock.cell == plan.scenario.pods.start_cells[pod]].sum()
    assert totals == [first, first - taken]


def test_click_on_a_pod_selects_it_and_the_pointer_names_it(plan, replay):
    view = View(replay)
    events = Events(view)
    cell = int(plan.scenario.pods.start_cells[3])
    row, col = plan.scenario.layout.row_col(cell)
    point = view.camera.to_screen(col + 0.5, row + 0.5)
    point = (round(point[0]), round(point[1]))
    view.pointer = point
    words = tip_words(view, view.moment)
    assert words.startswith(f"Pod {plan.scenario.pods.names[3]}: ")
    events._click(point)
    assert (view.robot, view.station, view.pod) == (None, None, 3)
    frame = Painter(replay).frame(view)
    x, y = to_pixels(view, np.array([[col + 0.5, row + 0.5]]))[0]
    radius = max(8.0, view.camera.scale * 0.8)
    left, top = view.camera.left, view.camera.top
    ring = frame[round(top + y), : round(left + x)]
    assert (ring == DARK.selected).all(axis=1).any() and radius > 0
    view.back()
    assert view.pod is None


def test_robots_that_come_are_those_with_a_pod_and_a_visit_ahead(plan, replay):
    stops = plan.pod_work.stops
    for t in range(0, plan.steps, 3):
        for station in range(len(plan.scenario.stations)):
            expected = set()
            for row in np.flatnonzero(stops["kind"] == PodStopKind.VISIT).tolist():
                visit = stops[row]
                before = stops[
                    (stops["trip"] == visit["trip"]) & (stops["start"] < visit["start"])
                ]
                last = before[np.argmax(before["start"])]
                if visit["station"] == station and last["start"] <= t < visit["start"]:
                    expected.add((int(visit["robot"]), row))
            assert set(replay.pod_trips.coming_to(station, t)) == expected


def test_report_tells_of_picks_and_has_a_bar_where_pickers_work(plan, replay):
    page = re.sub("<script.*?</script>", "", report_html(plan), flags=re.DOTALL)
    units = int(plan.pod_work.picks["quantity"].sum())
    assert f"<span>Units picked</span><b>{units}</b>" in page
    assert "Orders done over time" in page
    assert "--pod-rules joint" in page
    assert "packed" not in page.split("<h2>Use of the fleet")[0]
    picks = replay.picking
    for index, row in enumerate(work_rows(replay)):
        start, end = row.start_s, row.end_s
        mine = picks.station == index
        worked = (picks.end_s - picks.start_s)[mine].sum()
        assert (end - start).sum() == pytest.approx(worked)
        assert (start[1:] > end[:-1]).all()


def test_plan_without_pods_has_no_picks_from_pods():
    replay = Replay.from_plan(corridor_plan())
    assert len(replay.picking.line) == len(replay.pod_trips.first) == 0
    assert replay.pod_trips.trip_at(0, 0.0) is None


def test_aisles_that_may_be_left_sideways_show_their_direction():
    exits = np.full((3, 5), 15, np.uint8)
    layout = Layout.from_rows([".....", ".....", "....."])
    exits[1, 1:4] = 0b0111  # all but left
    exits[1, 4] = 0b0111
    one_way = one_way_floor(Layout("a", 1.0, layout.kinds.copy(), exits))
    assert one_way.tolist() == [[-1] * 5, [-1, 1, 1, 1, -1], [-1] * 5]


def test_orders_that_end_open_are_drawn_and_not_counted_as_done():
    plan = pod_plan(end="\n[horizon]\nwarm_up_s = 30\nend_s = 100\n")
    replay = Replay.from_plan(plan)
    open_still = ~np.isfinite(plan.pod_work.open_orders["end_s"])
    assert open_still.any()
    assert len(replay.done.finished_s) == (~open_still).sum()
    view = View(replay)
    view.select_station(0)
    view.seek(replay.duration)
    Painter(replay).frame(view)
    done = f"<span>Orders done</span><b>{len(replay.done.finished_s)}</b>"
    assert done in report_html(plan)


def test_filling_is_named_where_it_happens(written):
    """What robots do at replenishment stations, and what pods hold after it."""
    plan = refill_plan()
    replay = Replay.from_plan(plan)
    painter, view = Painter(replay), View(replay)
    stops, rows = plan.pod_work.stops, plan.pod_work.refills
    stop = stops[rows["stop"][0]]
    view.seek(float(stop["start"]))
    view.select_robot(int(stop["robot"]))
    painter.frame(view)
    station = plan.scenario.pods.replenishment.names[stop["station"]]
    assert any(f"put in at {station}" in words for words, _ in written)
    written.clear()
    view.select_pod(int(stop["pod"]))
    view.seek(float(plan.steps))
    painter.frame(view)
    units = replay.filling.put_into(int(stop["pod"]), view.now_s)
    for sku in units:
        assert plan.scenario.sku_names[sku] in {words for words, _ in written}
    html = report_html(plan)
    assert "Units put in" in html
    assert f">{station}<" in html
