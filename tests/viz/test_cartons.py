"""Pictures of filled cartons, and the sheets that packers work by."""

import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plans import small_plan
from tests.shipped_plans import shipped_plan
from viz.carton_canvas import carton_surface
from viz.carton_colours import face_colour, sku_colours
from viz.carton_labels import label_places
from viz.carton_svg import carton_svg
from viz.carton_view import (
    RIGHT,
    TOP,
    FilledCarton,
    carton_lines,
    faces_of,
    project,
)
from viz.carton_words import place_words, turn_words
from viz.frame import Painter
from viz.look import Look
from viz.order_cartons import OrderCartons
from viz.pack_sheet import SheetOrder, sheet_html
from viz.palette import DARK, SKY
from viz.plan_sheets import station_sheets
from viz.replay import Replay
from viz.text import Type


def carton_of(corner, size, whole=(6.0, 6.0, 6.0), skus=None):
    corner, size = np.array(corner, float), np.array(size, float)
    skus = tuple(skus or [f"S{k}" for k in range(len(corner))])
    return FilledCarton("M", np.array(whole), corner, size, skus, size)


ROUND_ABOUT = carton_of(
    [[0, 2, 4], [4, 0, 2], [2, 4, 0]], [[6, 2, 2], [2, 6, 2], [2, 2, 6]]
)
"""Three boxes of which each hides a part of the next."""


def random_carton(seed):
    """Boxes in a carton of 6 x 6 x 6: those of many random ones that do not overlap."""
    rng = np.random.default_rng(seed)
    corner, size = np.zeros((0, 3)), np.zeros((0, 3))
    for _ in range(60):
        low = rng.integers(0, 6, 3)
        edge = np.minimum(rng.integers(1, 7, 3), 6 - low)
        apart = (corner >= low + edge) | (corner + size <= low)
        if apart.any(axis=1).all():
            corner, size = np.vstack([corner, low]), np.vstack([size, edge])
    return carton_of(corner, size)


def seen_box(carton, point):
    """Box that a ray through a point of the picture meets first; -1 if none."""
    # Of the ray towards the viewer, (1, 1, 1), the place that projects there.
    across = point[0] / np.cos(np.pi / 6)
    start = np.array([across / 2, -across / 2, 0.0])
    start += (point[1] - project(start)[1]) * np.array([0, 0, -1.0])
    enter = (carton.corner - start).max(axis=1)
    leave = (carton.corner + carton.box_size - start).min(axis=1)
    met = leave > enter + 1e-9
    return int(np.where(met, leave, -np.inf).argmax()) if met.any() else -1


def drawn_box(faces, point):
    """Box of the last face that covers a point; -1 if none."""
    shown = -1
    for face in faces:
        sides = np.roll(face.points, -1, axis=0) - face.points
        to_point = point - face.points
        turn = sides[:, 0] * to_point[:, 1] - sides[:, 1] * to_point[:, 0]
        if (turn > 0).all() or (turn < 0).all():
            shown = face.box
    return shown


def test_three_boxes_round_about_are_drawn_in_pieces():
    assert len(faces_of(ROUND_ABOUT)) > 9
    outline = sum(
        len(face.edges) for face in faces_of(carton_of([[0, 0, 0]], [[1, 2, 3]]))
    )
    assert outline == 12


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_what_is_drawn_last_is_what_is_seen(seed):
    carton = random_carton(seed) if seed else ROUND_ABOUT
    faces = faces_of(carton)
    points = project(np.random.default_rng(seed).uniform(0, 6, (60, 3)))
    for point in points:
        assert drawn_box(faces, point) == seen_box(carton, point)


def test_boxes_round_about_are_seen_as_they_are():
    faces = faces_of(ROUND_ABOUT)
    for point in project(np.random.default_rng(1).uniform(0, 6, (400, 3))):
        assert drawn_box(faces, point) == seen_box(ROUND_ABOUT, point)


@pytest.mark.parametrize("seed", range(6))
def test_numbers_stand_on_what_is_seen_of_their_box(seed):
    carton = random_carton(seed)
    places = label_places(faces_of(carton), len(carton))
    for box, place in enumerate(places):
        if np.isfinite(place).all():
            assert seen_box(carton, place) == box
    hidden = carton_of([[0, 0, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0]], [[1, 1, 1]] * 4)
    assert np.isnan(label_places(faces_of(hidden), 4)).any(axis=1).tolist() == [
        *(True, False, False, False)
    ]


def test_words_say_where_and_how():
    carton = carton_of(
        [[0, 0, 0], [2, 0, 0], [0, 0, 2], [4, 4, 3]],
        [[2, 2, 2], [4, 6, 1], [2, 2, 1], [2, 2, 1]],
    )
    assert place_words(carton, 0) == "back left, on the bottom"
    assert place_words(carton, 1) == "right, on the bottom"
    assert place_words(carton, 2) == "back left, on 1"
    assert place_words(carton, 3) == "front right, on 2"
    both = carton_of([[0, 0, 0], [3, 0, 0], [2, 2, 2]], [[3, 6, 2]] * 2 + [[2, 2, 1]])
    assert place_words(both, 2) == "middle, on 1 and 2"
    given_size = np.array([[2, 2, 2], [6, 4, 1], [1, 2, 2], [2, 2, 1]], float)
    turned = replace(carton, given_size=given_size)
    words = [turn_words(turned, box) for box in range(4)]
    assert words == ["as it stands", "turned a quarter", "on its side", "as it stands"]


def test_drawing_is_well_formed_and_names_what_is_seen():
    carton = carton_of([[0, 0, 0], [2, 0, 0]], [[2, 2, 2], [2, 2, 4]])
    carton = replace(carton, name='<"&>')
    root = ElementTree.fromstring(carton_svg(carton, sku_colours(carton.skus)))
    texts = [text.text for text in root.iter("text")]
    assert texts == ["1", "2", "front"]
    assert root.attrib["aria-label"] == 'Carton <"&> with 2 units'
    behind, before = carton_lines(carton.size)
    assert (len(behind), len(before)) == (9, 3)


def test_every_sku_has_a_colour_of_its_own():
    colours = sku_colours(f"S{k}" for k in range(21))
    assert len(set(colours.values())) == 21


def test_window_shows_the_boxes_in_their_colours():
    carton = carton_of([[0, 0, 0]], [[6, 6, 6]])
    surface = carton_surface(carton, (SKY,), (200, 200), DARK, words := Type())
    assert surface.get_at((100, 40))[:3] == face_colour(SKY, TOP)
    assert surface.get_at((2, 2))[:3] == DARK.panel
    assert carton_surface(carton, (SKY,), (200, 200), DARK, words) is surface


class _Tags(HTMLParser):
    """Counts tags, and notices those that are not closed."""

    def __init__(self):
        super().__init__()
        self.open, self.count = [], {}

    def handle_starttag(self, tag, attrs):
        self.count[tag] = self.count.get(tag, 0) + 1
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_sheet_has_a_page_an_order_and_a_row_a_unit():
    carton = carton_of(
        [[0, 0, 0], [2, 0, 0]], [[2, 2, 2], [2, 2, 4]], skus=["<A>", "B"]
    )
    orders = [
        SheetOrder("O1", (carton, carton), "packer 1"),
        SheetOrder("O2", (), left_out=("too <large>",)),
    ]
    page = sheet_html("Station <1>", orders, "today")
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    assert (tags.count["article"], tags.count["svg"]) == (2, 2)
    assert tags.count["tr"] == 2 + 4
    assert "2 x &lt;A&gt;, 2 x B" in page
    assert "In no carton: too &lt;large&gt;" in page
    assert "<A>" not in page


def test_plan_gives_a_sheet_for_each_station():
    plan = shipped_plan()
    pages = station_sheets(plan)
    assert list(pages) == [station.name for station in plan.scenario.stations]
    orders = plan.scenario.orders.names
    packed = [
        (plan.scenario.stations[row["station"]].name, orders[row["order"]])
        for row in plan.packing
    ]
    for station, order in packed:
        assert f"Order {order}<" in pages[station]
    assert sum(page.count("<article>") for page in pages.values()) == len(packed)
    assert "road from door D1 at" in "".join(pages.values())
    assert station_sheets(small_plan("omni")) is None


@pytest.mark.parametrize("selected", ["order", "station"])
def test_panel_shows_the_cartons_of_what_is_selected(selected):
    plan = shipped_plan()
    row = plan.packing[0]
    filled = Replay.from_plan(plan)
    bare = replace(filled, cartons=OrderCartons(replace(plan, consignment=None)))
    frames = []
    for replay in (filled, bare):
        view = Look().view(replay, (1280, 800))
        view.seek(float(row["start_s"]) / replay.step_s + 0.01)
        if selected == "order":
            view.select_order(int(row["order"]))
        else:
            view.select_station(int(row["station"]))
        frames.append(Painter(replay).frame(view))
    shown, plain = frames
    changed = np.argwhere((shown != plain).any(axis=2))
    # Key figures tell of late orders where there are trucks.
    changed = changed[changed[:, 0] >= view.arrangement.strip[3]]
    left, top, width, height = view.arrangement.detail
    assert len(changed) > 500
    assert (changed >= (top, left)).all()
    assert (changed < (top + height, left + width)).all()
    colours = sku_colours(Replay.from_plan(plan).cartons.of(int(row["order"]))[0].skus)
    first = face_colour(next(iter(colours.values())), RIGHT)
    assert (shown == first).all(axis=2).any()
