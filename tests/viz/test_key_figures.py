"""The strip of key figures: what they are, which have room, what they mean."""

import numpy as np
import pytest

from tests.mixed_sites import mixed_plan
from tests.pod_sites import pod_plan
from tests.viz.synthetic import Wave, corridor_plan, still_plan
from tests.viz.trucks import with_trucks
from viz.buttons import switches
from viz.frame import Painter
from viz.key_figures import gap_so_far, key_figures
from viz.palette import DARK
from viz.panels import figure_hint, shown_figures
from viz.replay import Replay
from viz.text import Type
from viz.view import View
from warehouse.lateness import late_orders
from warehouse.metrics import gap_to_bound

PLANS = {
    "totes": lambda: Wave(orders=12).build(),
    "trucks": lambda: with_trucks(Wave(orders=24).build(), (150.0, 300.0)),
    "pods": pod_plan,
    "mixed": mixed_plan,
}


@pytest.fixture(scope="module", params=PLANS)
def replay(request):
    return Replay.from_plan(PLANS[request.param]())


def figures_at(view):
    return {one.heading: one for one in key_figures(view.replay, view.moment, DARK)}


def test_gap_so_far_begins_at_nothing_and_ends_at_the_gap(replay):
    view, plan = View(replay), replay.plan
    assert gap_so_far(replay, view.moment) == 0.0
    gap = gap_to_bound(plan.makespan_s, plan.bound.value_s)
    for t in (plan.makespan_s / replay.step_s, replay.duration):
        view.seek(t)
        assert gap_so_far(replay, view.moment) == pytest.approx(gap)


def test_gap_so_far_is_the_delay_behind_a_steady_pace():
    replay = Replay.from_plan(corridor_plan())  # two orders, packed at 15 s and 21 s
    view = View(replay)
    for t, done in ((10.0, 0.0), (15.0, 0.5), (20.0, 0.5)):
        view.seek(t)
        assert gap_so_far(replay, view.moment) == pytest.approx(t / 15.0 - done)


def test_figures_say_what_binds_and_the_gap_so_far():
    view = View(Replay.from_plan(corridor_plan()))
    view.seek(15.0)
    figures = figures_at(view)
    assert figures["ORDER BOUND"].value == "0:00:15"
    assert "the longest single order binds" in figures["ORDER BOUND"].hint
    assert (figures["GAP"].value, figures["GAP"].remark) == ("40.0 %", "so far 50.0 %")


def test_late_orders_are_counted_where_orders_are_due():
    plan = PLANS["trucks"]()
    figures = figures_at(View(Replay.from_plan(plan)))
    late = len(late_orders(plan))
    assert late
    assert figures["LATE ORDERS"].value == str(late)
    assert figures["LATE ORDERS"].colour == DARK.bad
    assert figures["LATE ORDERS"].remark == "of 24 due"
    early = figures_at(View(Replay.from_plan(corridor_plan(due_s=900.0))))
    assert (early["LATE ORDERS"].value, early["LATE ORDERS"].colour) == ("0", DARK.good)
    never = figures_at(View(Replay.from_plan(corridor_plan(due_s=np.inf))))
    assert "LATE ORDERS" not in never


@pytest.mark.parametrize("size", [(480, 360), (800, 600), (1280, 720), (2560, 1440)])
def test_no_word_of_a_figure_is_cut_and_none_lies_under_a_button(replay, size):
    view, type_ = View(replay, size), Type()
    shown = shown_figures(view, list(figures_at(view).values()), type_)
    assert shown
    assert "GAP" in [figure.heading for figure, _ in shown]
    for figure, (_, _, width, _) in shown:
        for words, points in ((figure.heading, 16), (figure.value, 30)):
            assert type_.width(words, points) <= width - 18
    left, _, width, _ = shown[-1][1]
    assert left + width <= switches(view)[0].area[0]


def test_more_room_shows_more_figures_and_the_important_ones_first(replay):
    type_, seen = Type(), []
    for width in range(480, 2600, 160):
        view = View(replay, (width, 800))
        figures = list(figures_at(view).values())
        seen.append([one for one, _ in shown_figures(view, figures, type_)])
        left_out = [one.rank for one in figures if one not in seen[-1]]
        assert max(one.rank for one in seen[-1]) <= min(left_out, default=9)
    assert len(seen[-1]) == len(figures)


def test_a_figure_tells_what_it_means(replay):
    view, type_ = View(replay), Type()
    figures = list(figures_at(view).values())
    for figure, (left, top, _, _) in shown_figures(view, figures, type_):
        view.pointer = (left + 20, top + 20)
        assert figure_hint(view, figures, type_) == figure.hint != ""
        assert Painter(replay).frame(view).any()
    view.pointer = (5, 5)
    assert figure_hint(view, figures, type_) == ""


def test_plans_without_orders_have_other_figures():
    view = View(Replay.from_plan(still_plan(1)))
    assert "GAP" not in figures_at(view)
