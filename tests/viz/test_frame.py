import dataclasses

import numpy as np
import pytest

from tests.viz.synthetic import Wave, corridor_plan, one_line_orders, still_plan
from viz.choosing import next_robot, next_station
from viz.frame import Painter, render_frame
from viz.heat_counts import HeatKind
from viz.key_figures import key_figures
from viz.look import Look
from viz.palette import DARK, LIGHT
from viz.replay import Replay
from viz.text import Type
from viz.timebar import track_of
from viz.tips import tip_words
from viz.view import View
from warehouse.errors import InputError
from warehouse.layout import Layout
from warehouse.shipping import Catalogue, Door, Shipping, Units
from warehouse.trucks import Trucks


@pytest.fixture(scope="module")
def replay():
    return Replay.from_plan(Wave().build())


@pytest.fixture(scope="module")
def painter(replay):
    return Painter(replay)


def pixel(frame, view, x, y):
    """Colour of the frame at a point in cells."""
    px, py = view.camera.to_screen(x, y)
    return tuple(int(v) for v in frame[round(py), round(px)])


@pytest.mark.parametrize("size", [(1280, 800), (1280, 720), (800, 600), (480, 360)])
def test_frame_has_the_size_asked_for(replay, painter, size):
    frame = Painter(replay).frame(View(replay, size))
    assert frame.shape == (size[1], size[0], 3)
    assert frame.dtype == np.uint8
    assert np.array_equal(frame, painter.frame(View(replay, size)))


def test_frames_differ_as_time_passes(replay, painter):
    view = View(replay)
    frames = []
    for t in (100.0, 100.5, 101.0):
        view.seek(t)
        frames.append(painter.frame(view))
    assert not np.array_equal(frames[0], frames[1])
    assert not np.array_equal(frames[1], frames[2])
    view.seek(100.0)
    assert np.array_equal(painter.frame(view), frames[0])


def test_robot_is_drawn_where_it_is_in_the_colour_of_its_state():
    replay = Replay.from_plan(corridor_plan())
    painter, view = Painter(replay), View(replay)
    # Full squares and the bars' middle gap: look a little beside the middle.
    for t, colour in ((5.0, DARK.carrying), (5.5, DARK.carrying), (9.0, DARK.idle)):
        view.seek(t)
        x, y = view.moment.xy[0]
        frame = painter.frame(view)
        assert pixel(frame, view, x + 0.05, y + 0.05) == colour
        # Where it stood before is floor again.
        before = pixel(frame, view, 0.5 + 0.05, y + 0.05)
        assert before == DARK.floor


@pytest.mark.parametrize("scale", [1.0, 2.6, 4.3])
def test_racks_walls_and_docks_are_drawn_at_any_zoom(replay, painter, scale):
    view = View(replay)
    view.zoom(scale)
    view.toggle_minimap()  # it would lie on some of them
    frame = painter.frame(view)
    layout = replay.scenario.layout
    marks = {"#": DARK.wall, "S": DARK.rack}
    tried = 0
    for row, marks_of_row in enumerate(layout.rows()):
        for col, mark in enumerate(marks_of_row):
            px, py = view.camera.to_screen(col + 0.5, row + 0.5)
            left, top, width, height = view.arrangement.floor
            seen = left < px < left + width and top < py < top + height - 40
            if mark in marks and seen:
                assert pixel(frame, view, col + 0.5, row + 0.5) == marks[mark]
                tried += 1
    assert tried > 20


def test_panning_shows_the_same_as_drawing_anew(replay):
    view = View(replay)
    view.zoom(3)
    painter = Painter(replay)
    painter.frame(view)
    for dx, dy in ((40, 10), (-90, -60), (400, 300)):
        view.pan(dx, dy)
        assert np.array_equal(painter.frame(view), Painter(replay).frame(view))


def test_switches_change_the_picture(replay, painter):
    plain = painter.frame(View(replay))
    for switch in ("toggle_help", "toggle_legend"):
        view = View(replay)
        getattr(view, switch)()
        assert not np.array_equal(painter.frame(view), plain), switch
    view = View(replay)
    view.select_robot(0)
    chosen = painter.frame(view)
    assert not np.array_equal(chosen, plain)
    view.seek(200.3)
    for robot in range(replay.robots):
        view.select_robot(robot)
        painter.frame(view)


def test_heatmap_colours_visited_cells_only(replay, painter):
    view = View(replay)
    view.heatmap = HeatKind.VISITS
    frame = painter.frame(view)
    visited = np.zeros(replay.scenario.layout.kinds.size, bool)
    visited[replay.plan.cells.ravel()] = True
    floor = [
        divmod(cell, replay.scenario.layout.width)
        for cell, mark in enumerate("".join(replay.scenario.layout.rows()))
        if mark == "." and not visited[cell]
    ]
    assert floor, "every cell is visited: choose a larger floor"
    for row, col in floor:
        assert pixel(frame, view, col + 0.5, row + 0.5) == DARK.floor


def test_heatmap_keeps_the_states_in_the_legend(replay, painter):
    view = View(replay)
    view.heatmap = HeatKind.VISITS
    left, top, width, height = view.arrangement.legend
    row = painter.frame(view)[top : top + height, left : left + width]
    seen = {tuple(int(v) for v in colour) for colour in row.reshape(-1, 3)}
    assert {DARK.carrying, DARK.waiting, DARK.idle} <= seen


def test_way_ahead_is_drawn_to_the_end_also_after_the_last_trip(replay, painter):
    stops = replay.plan.stops
    for robot in range(replay.robots):
        last = int(stops["end"][stops["robot"] == robot].max())
        ahead = replay.track(robot, last + 1, replay.plan.steps)
        if len(ahead) > 3:
            break
    else:
        pytest.fail("no robot drives after its last stop: take another plan")
    view = View(replay)
    view.select_robot(robot)
    view.seek(last + 0.5)
    assert replay.trip_at(robot, view.t) is None
    shown = (painter.frame(view) == DARK.path_ahead).all(axis=2)
    assert shown.sum() > 20


def test_one_way_floor_and_every_kind_of_cell():
    layout = Layout.from_rows([">v#SoPCHD.", "^<........"])
    plan = still_plan(1, robots=0)
    scenario = dataclasses.replace(plan.scenario, layout=layout, stations=())
    plan = dataclasses.replace(plan, scenario=scenario)
    view = View(Replay.from_plan(plan))
    frame = Painter(view.replay).frame(view)
    colours = {pixel(frame, view, col + 0.3, 0.25) for col in range(2, 10)}
    assert len(colours) == 8
    area = view.arrangement.floor
    part = frame[area[1] : area[1] + area[3], : area[2]]
    assert (part == DARK.arrow).all(axis=2).any()


@pytest.mark.parametrize(
    "plan",
    [
        still_plan(0),
        still_plan(1),
        still_plan(0, robots=0),
        corridor_plan(()),
        corridor_plan(("\0<&", "n" * 300)),
        Wave(rotate=True, robots=3, orders=8).build(),
    ],
    ids=["no step", "one step", "no robot", "no order", "odd names", "turning"],
)
def test_unusual_plans_are_drawn(plan):
    replay = Replay.from_plan(plan)
    painter = Painter(replay)
    for size in ((1280, 800), (480, 360)):
        view = View(replay, size)
        for t in (0.0, replay.duration / 3, replay.duration):
            view.seek(t)
            next_robot(view, 1)
            assert painter.frame(view).any()
            next_station(view, 1)
            assert painter.frame(view).any()


def test_turning_robots_show_their_front():
    plan = Wave(rotate=True, robots=1, orders=4).build()
    frames = []
    for heading in (0, 1):
        headings = np.full_like(plan.headings, heading)
        turned = Replay.from_plan(dataclasses.replace(plan, headings=headings))
        frames.append(Painter(turned).frame(View(turned)))
    assert not np.array_equal(*frames)


def test_tip_tells_what_is_under_the_pointer(replay):
    view = View(replay)
    assert tip_words(view, view.moment) == ""
    view.pointer = tuple(round(v) for v in view.camera.to_screen(*view.moment.xy[2]))
    assert tip_words(view, view.moment).startswith("Robot 2: ")
    view.pointer = (1, 1)
    assert tip_words(view, view.moment) == ""


def test_long_text_is_cut_to_its_space():
    type_ = Type()
    for width in (0, 5, 40, 200):
        cut = type_.fitted("a very long name of an order", 20, width)
        assert not cut or type_.width(cut, 20) <= width
    assert type_.fitted("short", 20, 200) == "short"


def test_render_frame_is_what_a_painter_draws(replay, painter):
    view = View(replay, (900, 640), theme="light", heatmap=HeatKind.VISITS)
    view.select_robot(2)
    view.toggle_follow()
    view.seek(77.25)
    look = Look(theme="light", follow=2, heatmap="visits")
    drawn = render_frame(replay, 77.25, (900, 640), look)
    assert drawn.dtype == np.uint8
    assert np.array_equal(drawn, painter.frame(view))
    assert not np.array_equal(drawn, render_frame(replay, 77.5, (900, 640), look))
    assert render_frame(replay, -5.0).shape == (800, 1280, 3)


def test_themes_differ_in_colours_alone(replay):
    dark, light = (render_frame(replay, 50.0, look=Look(t)) for t in ("dark", "light"))
    assert tuple(dark[2, 2]) == DARK.panel
    assert tuple(light[2, 2]) == LIGHT.panel


@pytest.mark.parametrize(
    ("size", "look"),
    [((479, 360), Look()), ((1280, 800), Look("sepia")), ((900, 800), Look(follow=6))],
)
def test_what_cannot_be_drawn_is_refused(replay, size, look):
    with pytest.raises(InputError, match="E403"):
        render_frame(replay, 0.0, size, look)


def test_bare_motion_has_figures_of_its_own():
    plan = corridor_plan()
    bare = dataclasses.replace(
        plan,
        scenario=dataclasses.replace(
            plan.scenario, orders=one_line_orders(()), stations=()
        ),
        picks=plan.picks[:0],
        drops=plan.drops[:0],
        packing=plan.packing[:0],
        stops=plan.stops[:1],
    )
    replay = Replay.from_plan(bare)
    replay.conflicts.search()
    view = View(replay)
    view.seek(4.0)
    figures = key_figures(replay, view.moment, DARK)
    assert [(f.heading, f.value, f.remark) for f in figures] == [
        ("TASKS DONE", "1", "of 1"),
        ("ROBOTS MOVING", "0", "of 1"),
        ("STEPS", "9", ""),
        ("CONFLICTS", "0", "in all"),
    ]
    view.select_robot(0)
    assert Painter(replay).frame(view).shape == (800, 1280, 3)


def test_trucks_that_leave_are_marked_on_the_slider():
    plan = corridor_plan()
    none = np.zeros(0, bool)
    shipping = Shipping(
        Units((), np.zeros((0, 3)), np.zeros(0), none, none.copy()),
        Catalogue((), np.zeros((0, 3)), np.zeros(0), np.zeros(0)),
        doors=(Door("D1", 5),),
        trucks=Trucks(
            ("red", "late"),
            ("D1", "D1"),
            np.array([10.0, 900.0]),
            *np.full((2, 2), np.inf),
        ),
    )
    scenario = dataclasses.replace(plan.scenario, shipping=shipping)
    frames = []
    for given in (plan, dataclasses.replace(plan, scenario=scenario)):
        replay = Replay.from_plan(given)
        view = View(replay)
        frames.append(Painter(replay).frame(view))
    left, width, y = track_of(view.arrangement.slider)
    rows, cols = np.nonzero((frames[0] != frames[1]).any(axis=2))
    below = rows > y
    assert below.any()
    x = left + 10.0 / replay.duration_s * width
    assert abs(cols[below] - x).max() <= 5
