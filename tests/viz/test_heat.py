"""Maps of visits, waiting and picks, of the whole plan and of parts of the time."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mixed_sites import mixed_plan
from tests.pod_sites import pod_plan
from tests.viz.synthetic import Wave, corridor_plan, still_plan
from viz import heat_counts
from viz.frame import Painter, render_frame
from viz.heat import LEVELS, heat_colours, heat_levels, round_top
from viz.heat_choice import WIDTHS_S, change_width, next_kind, next_part
from viz.heat_counts import HeatKind
from viz.heat_layer import Heat, heat_title
from viz.heat_part import WHOLE_PLAN, HeatPart
from viz.look import Look
from viz.palette import DARK, LIGHT, ramp
from viz.replay import Replay, RobotState
from viz.stage import OnePlan
from viz.tips import tip_words
from viz.view import View
from warehouse import metrics
from warehouse.errors import InputError
from warehouse.layout import Layout
from warehouse.plan import PodStopKind

PLANS = {
    "totes": Wave(robots=5, orders=16).build(),
    "turning": Wave(robots=3, orders=8, rotate=True).build(),
    "pods": pod_plan(),
    "both": mixed_plan(),
    "corridor": corridor_plan(),
    "no step": still_plan(0),
    "no robot": still_plan(3, robots=0),
}
REPLAYS = {name: Replay.from_plan(plan) for name, plan in PLANS.items()}


def naive_counts(replay, kind, first, last):
    """Count robot by robot, step by step."""
    plan = replay.plan
    counts = np.zeros(plan.scenario.layout.kinds.size, np.int64)
    if kind is HeatKind.PICKS:
        for pick in plan.picks:
            if first <= plan.stops["end"][pick["stop"]] < last:
                counts[pick["rack"]] += pick["quantity"]
        for pick in [] if plan.pod_work is None else plan.pod_work.picks:
            if first <= pick["end_s"] / replay.step_s < last:
                counts[lifted_from(plan, pick["stop"])] += pick["quantity"]
        return counts
    for robot, path in enumerate(plan.cells.T.tolist()):
        if kind is HeatKind.VISITS:
            entered = [(0, path[0])]
            entered += [(t, b) for t, (a, b) in enumerate(pairwise(path), 1) if a != b]
        else:
            states = [replay.at(t).state[robot] for t in range(plan.steps)]
            steps = zip(range(plan.steps), path, states, strict=False)
            entered = [(t, c) for t, c, state in steps if state == RobotState.WAITING]
        for t, cell in entered:
            counts[cell] += first <= t < last
    return counts


def lifted_from(plan, stop):
    stops = plan.pod_work.stops
    while stops["kind"][stop] != PodStopKind.LIFT:
        stop -= 1
    return stops["cell"][stop]


@pytest.mark.parametrize("kind", HeatKind)
@pytest.mark.parametrize("name", PLANS)
def test_counts_are_those_of_counting_one_by_one(name, kind):
    replay = REPLAYS[name]
    last = replay.heat.steps
    for part in ((0, last), (0, 0), (last // 3, last // 2 + 1), (last - 1, last)):
        expected = naive_counts(replay, kind, *part)
        assert replay.heat.between(kind, *part).tolist() == expected.tolist()


@given(data=st.data())
def test_parts_add_up_to_the_whole(data):
    replay = REPLAYS[data.draw(st.sampled_from(sorted(REPLAYS)))]
    kind = data.draw(st.sampled_from(list(HeatKind)))
    last = replay.heat.steps
    cuts = sorted(data.draw(st.lists(st.integers(0, last), max_size=4)))
    parts = pairwise([0, *cuts, last])
    total = sum(replay.heat.between(kind, *part) for part in parts)
    assert np.array_equal(total, replay.heat.between(kind, 0, last))


@pytest.mark.parametrize("most", [1, 10_000, 10**9])
def test_how_many_counts_are_kept_changes_nothing(monkeypatch, most):
    monkeypatch.setattr(heat_counts, "_MOST_KEPT", most)
    plan = PLANS["totes"]
    heat = heat_counts.HeatCounts(plan, REPLAYS["totes"].legs)
    for kind in HeatKind:
        for part in ((0, heat.steps), (7, 90), (90, 91)):
            expected = REPLAYS["totes"].heat.between(kind, *part)
            assert np.array_equal(heat.between(kind, *part), expected)


@pytest.mark.parametrize("rows", [1, 7])
@pytest.mark.parametrize("name", PLANS)
def test_counts_so_far_are_of_the_steps_that_were_counted(monkeypatch, name, rows):
    plan = PLANS[name]
    monkeypatch.setattr(heat_counts, "_BLOCK", rows * max(1, plan.cells.shape[1]))
    for kind in (HeatKind.VISITS, HeatKind.WAITING):
        heat = heat_counts.HeatCounts(plan, REPLAYS[name].legs)
        steps = heat.steps if kind is HeatKind.VISITS else plan.steps
        while heat.counted(kind) < 1:
            done, last = round(heat.counted(kind) * steps), heat.steps
            for part in ((0, last), (last // 3, last // 2 + 1), (last - 1, last)):
                known = [min(t, done) for t in part]
                expected = REPLAYS[name].heat.between(kind, *known)
                assert np.array_equal(heat.so_far(kind, *part), expected)
            heat.count(kind, most_s=0.0)
            assert heat.counted(kind) > done / steps


def test_a_window_fills_its_map_up_and_a_picture_has_all_of_it():
    replay = Replay.from_plan(PLANS["totes"])
    stage = OnePlan(Look(heatmap="visits").view(replay, (900, 600)))
    stage.hurry()
    assert Heat.of(stage.view).amounts.sum() == 0
    assert heat_title(stage.view) == "Visits, whole plan: 0 % counted"
    stage.search(0.0)
    part = Heat.of(stage.view).amounts.sum()
    first = Painter(replay).frame(stage.view)
    stage.search(60.0)
    assert heat_title(stage.view) == "Visits, whole plan"
    assert 0 < part < Heat.of(stage.view).amounts.sum()
    assert not np.array_equal(Painter(replay).frame(stage.view), first)
    other = Replay.from_plan(PLANS["totes"])
    picture = Heat.of(Look(heatmap="visits").view(other, (900, 600)))
    assert np.array_equal(Heat.of(stage.view).amounts, picture.amounts)


@pytest.mark.parametrize("name", ["totes", "turning", "corridor", "no step"])
def test_whole_plan_agrees_with_the_metrics(name):
    heat, plan = REPLAYS[name].heat, PLANS[name]
    visits = heat.between(HeatKind.VISITS, 0, heat.steps)
    waiting = heat.between(HeatKind.WAITING, 0, heat.steps)
    assert np.array_equal(visits, metrics.visits(plan))
    assert np.array_equal(waiting, metrics.waits(plan))


def test_robots_outside_the_map_are_not_counted():
    plan = still_plan(3)
    cells = plan.cells.copy()
    cells[2] = -1
    heat = Replay.from_plan(replace(plan, cells=cells)).heat
    # Each of three robots begins on its cell and comes back to it.
    assert heat.between(HeatKind.VISITS, 0, heat.steps).sum() == 6


def test_robots_with_pods_wait_only_between_stops():
    replay, work = REPLAYS["pods"], PLANS["pods"].pod_work
    waited = 0
    for t in range(replay.plan.steps):
        state = replay.at(t).state
        stops = work.stops[(work.stops["start"] <= t) & (t < work.stops["end"])]
        assert (state[stops["robot"]] == RobotState.SERVING).all()
        waited += np.count_nonzero(state == RobotState.WAITING)
    heat = replay.heat
    assert waited == heat.between(HeatKind.WAITING, 0, heat.steps).sum() > 0


def test_keys_go_through_kinds_parts_and_widths():
    view = View(REPLAYS["totes"])
    seen = []
    for _ in range(4):
        next_kind(view)
        seen.append(view.heatmap)
    assert seen == [*HeatKind, None]
    next_part(view)
    assert (view.heatmap, view.heat_part) == (HeatKind.VISITS, HeatPart(300.0))
    next_part(view)
    assert view.heat_part == WHOLE_PLAN  # there are no marks
    change_width(view, 1)
    for places, width_s in ((1, 600.0), (9, WIDTHS_S[-1]), (-9, WIDTHS_S[0])):
        change_width(view, places)
        assert view.heat_part.around_s == width_s


def test_part_between_marks_stays_while_time_goes_on():
    view = View(REPLAYS["totes"])
    view.bookmarks = [50.0, 120.0]
    step_s, end_s = view.replay.step_s, view.replay.duration_s
    for t, part in ((10.0, (0.0, 50 * step_s)), (50.0, (50 * step_s, 120 * step_s))):
        view.seek(t)
        view.heat_part = HeatPart(300.0)
        next_part(view)
        assert view.heat_part.between_s == part
        view.seek(t + 200)
        assert view.heat_part.between_s == part
    for t in (120.0, view.replay.duration):
        view.seek(t)
        view.heat_part = HeatPart(300.0)
        next_part(view)
        assert view.heat_part.between_s == (120 * step_s, end_s)


def test_colours_get_lighter_or_darker_all_along():
    for palette, way in ((DARK, 1), (LIGHT, -1)):
        light = [
            np.dot(ramp(palette.heat, s), (0.2126, 0.7152, 0.0722))
            for s in np.linspace(0, 1, 30)
        ]
        assert (np.diff(light) * way > 0).all()
        assert len(heat_colours(palette)) == LEVELS


def test_levels_rise_with_the_counts():
    levels = heat_levels(np.arange(5001), 5000)
    assert levels[0] == 0 < levels[1]
    assert (np.diff(levels.astype(int)) >= 0).all()
    assert levels.max() == LEVELS - 1
    for most in range(1, 3000):
        top = round_top(most)
        assert top >= most > top / 2.6


def test_hot_cells_have_their_colour_and_tell_their_amount():
    view = View(REPLAYS["totes"])
    view.heatmap = HeatKind.PICKS
    heat = Heat.of(view)
    cell = int(heat.amounts.argmax())
    row, col = view.replay.scenario.layout.row_col(cell)
    x, y = view.camera.to_screen(col + 0.5, row + 0.5)
    frame = Painter(view.replay).frame(view)
    level = heat_levels(heat.amounts, heat.top)[cell]
    assert tuple(frame[round(y), round(x)]) == heat_colours(DARK)[level]
    view.pointer = (round(x), round(y))
    words = tip_words(view, view.moment)
    assert f"col {col}, {heat.amounts[cell]:g} units picked: " in words
    assert "of SKU" in words


def test_window_around_the_clock_moves_with_it():
    view = View(REPLAYS["totes"])
    view.heatmap, view.heat_part = HeatKind.VISITS, HeatPart(60.0)
    painter = Painter(view.replay)
    for t in (100.0, 101.0, 30.0):
        view.seek(t)
        assert np.array_equal(painter.frame(view), Painter(view.replay).frame(view))
        reach = round(30.0 / view.replay.step_s)
        part = (max(int(t) - reach, 0), int(t) + reach)
        expected = view.replay.heat.between(HeatKind.VISITS, *part)
        assert np.array_equal(Heat.of(view).amounts, expected)


def test_waiting_is_told_in_seconds():
    view = View(REPLAYS["corridor"])
    view.heatmap = HeatKind.WAITING
    heat = Heat.of(view)
    assert heat.amounts.sum() == view.replay.step_s
    assert heat.words(heat.amounts.max()) == "1 s waited"


def test_arrows_of_one_way_floor_stay_over_the_heat():
    plan = corridor_plan()
    layout = Layout.from_rows(["..SS.", ">>>>P"], name="one way")
    plan = replace(plan, scenario=replace(plan.scenario, layout=layout))
    frames = [
        render_frame(Replay.from_plan(plan), 9.0, look=Look(heatmap=kind))
        for kind in (None, "visits")
    ]
    arrows = [(frame == DARK.arrow).all(axis=2).sum() for frame in frames]
    assert arrows[0] == arrows[1] > 50


@pytest.mark.parametrize(
    "look",
    [
        Look(heatmap="speed"),
        Look(heatmap="visits", heat_part=HeatPart(around_s=0.0)),
        Look(heatmap="visits", heat_part=HeatPart(around_s=float("nan"))),
        Look(heatmap="visits", heat_part=HeatPart(between_s=(9.0, 3.0))),
        Look(heatmap="visits", heat_part=HeatPart(between_s=(1e9, 2e9))),
    ],
)
def test_a_map_that_cannot_be_is_refused(look):
    with pytest.raises(InputError, match="E403"):
        render_frame(REPLAYS["totes"], 0.0, look=look)
