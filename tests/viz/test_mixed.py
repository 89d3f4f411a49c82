"""The replay and the report of sites with racks and pods."""

import numpy as np
import pytest

from solvers.mixed.planner import plan_mixed
from solvers.result import Stop
from tests.mixed_sites import mixed_plan, mixed_scenario, refill_site
from viz.comparison import Comparison
from viz.frame import Painter
from viz.order_story import order_story
from viz.replay import Replay
from viz.report import write_report
from viz.view import View
from warehouse.scenario import RobotKind


@pytest.fixture(scope="module")
def replay() -> Replay:
    return Replay.from_plan(mixed_plan())


def robot_of(replay: Replay, kind: RobotKind) -> int:
    return int(np.flatnonzero(replay.scenario.fleet.kinds == kind)[0])


def test_orders_are_done_when_both_parts_are(replay):
    plan, given = replay.plan, replay.scenario.orders
    order = given.names.index("both0")
    packed = plan.packing["end_s"][plan.packing["order"] == order][0]
    at = int(np.flatnonzero(replay.done.order == order)[0])
    assert replay.done.end_s[at] == packed
    assert len(replay.done.finished_s) == len(given)
    assert replay.done.by(replay.duration_s) == len(given)
    assert replay.done.by(-1.0) == 0


def test_an_order_of_which_a_part_is_missing_is_never_done():
    plan = mixed_plan()
    plan.pod_work.open_orders["end_s"][:] = np.inf
    done = Replay.from_plan(plan).done
    open_still = np.isin(done.order, plan.pod_work.open_orders["order"])
    assert open_still.any()
    assert np.isinf(done.end_s[open_still]).all()


def test_the_report_tells_how_pods_are_filled(tmp_path):
    site = mixed_scenario(**refill_site("N,6,0\n", "n,N,2,0\na,A0,1,0\n"))
    plan = plan_mixed(site, Stop(iterations=1)).solution
    words = {}
    for name, shown in (("filled", plan), ("not", mixed_plan())):
        page = tmp_path / f"{name}.html"
        write_report(shown, page)
        words[name] = "Units put in" in page.read_text(encoding="utf-8")
    assert words == {"filled": True, "not": False}


def test_each_kind_of_robot_has_its_panel(replay):
    frames = {}
    for kind in RobotKind:
        view = View(replay)
        view.seek(0.4 * replay.duration)
        view.select_robot(robot_of(replay, kind))
        frames[kind] = Painter(replay).frame(view)
        assert replay.carries_totes(view.robot) == (kind == RobotKind.TOTE)
    assert not np.array_equal(frames[RobotKind.TOTE], frames[RobotKind.POD])


def test_an_order_tells_what_comes_from_racks_and_from_pods(replay):
    names = replay.scenario.orders.names
    for kind, told in (
        ("racks", {"handed", "packing", "packed"}),
        ("pods", {"takes", "done"}),
        ("both", {"handed", "packing", "packed", "takes", "done"}),
    ):
        story = order_story(replay, names.index(f"{kind}0"))
        words = {chapter.words.split()[0] for chapter in story}
        assert {word for word in words if word.isalpha()} == {"released", *told}
        assert story[-1].at_s == replay.done.end_of(names.index(f"{kind}0"))


def test_two_plans_are_compared_by_what_comes_from_racks_and_from_pods(replay):
    plan, end_s = replay.plan, replay.duration_s
    units = plan.picks["quantity"].sum() + plan.pod_work.picks["quantity"].sum()
    told = {p.heading: p for p in Comparison(replay, replay).pairings(end_s)}
    assert told["UNITS SO FAR"].values == (f"{units}", f"{units}")
    orders = f"{len(plan.scenario.orders)}"
    assert told["ORDERS SO FAR"].values == (orders, orders)


def test_the_report_names_both_sides(replay, tmp_path):
    path = tmp_path / "r.html"
    write_report(replay.plan, path)
    text = path.read_text(encoding="utf-8")
    for words in ("Units from racks", "Units from pods", "P1 picker", "P2 / 2 packer"):
        assert words in text
    assert "3 from both" in text
    assert "4 pods on" in text
    assert "rack cell" in text
