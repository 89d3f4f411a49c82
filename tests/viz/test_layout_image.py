import pygame
import pytest

from viz.layout_image import draw_layout, layout_picture
from viz.layout_map import COLOURS
from warehouse.errors import InputError
from warehouse.layout import CellKind, Layout, Zone
from warehouse.scenario import Station

ROWS = ["#######", "#HH>.C#", "#.S.So#", "#.S.S.#", "#..P..#", "#####D#"]


@pytest.fixture
def no_screen(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "no such driver")
    pygame.display.quit()


def colours(surface: pygame.Surface) -> set[tuple[int, int, int]]:
    data = pygame.image.tobytes(surface, "RGB")
    return {tuple(data[i : i + 3]) for i in range(0, len(data), 3)}


def hall(zones=(), obstacles=()):
    plain = Layout.from_rows(ROWS)
    return Layout("hall", 1.0, plain.kinds.copy(), plain.exits.copy(), zones, obstacles)


def test_a_png_is_written_without_a_screen(no_screen, tmp_path):
    path = tmp_path / "hall.part"
    draw_layout(hall(), path, stations=[Station("P1", 31)])
    assert path.read_bytes().startswith(b"\x89PNG")
    picture = pygame.image.load(path, "hall.png")
    assert not pygame.display.get_init()
    assert set(COLOURS.values()) <= colours(picture)


def test_zones_obstacles_and_station_names_are_drawn():
    plain = layout_picture(hall())
    zone = Zone("fast", 1, 1, 3, 2)
    post = ((3.4, 2.4), (3.6, 2.4), (3.6, 2.6))
    for other in (
        layout_picture(hall(zones=(zone,))),
        layout_picture(hall(obstacles=(post,))),
        layout_picture(hall(), stations=[Station("Pack 1", 31)]),
    ):
        assert pygame.image.tobytes(other, "RGB") != pygame.image.tobytes(plain, "RGB")


def test_a_cell_is_drawn_where_it_is():
    rows = ["." * 9 for _ in range(5)]
    rows[3] = "......S.."
    picture = layout_picture(Layout.from_rows(rows))
    mask = pygame.mask.from_threshold(
        picture, COLOURS[CellKind.RACK], threshold=(3, 3, 3, 255)
    )
    box = max(mask.get_bounding_rects(), key=lambda rect: rect.width * rect.height)
    empty = layout_picture(Layout.from_rows(["." * 9 for _ in range(5)]))
    assert picture.get_width() == empty.get_width()
    middle = picture.get_width() / 2
    # The map is 9 x 5 cells of 36 pixels, in the middle of the page.
    assert box.centerx - middle == pytest.approx(2 * 36 + 12, abs=2)
    assert box.width == pytest.approx(36, abs=6)


@pytest.mark.parametrize(
    "rows",
    [["."], ["." * 9000], ["."] * 9000, ["S." * 40] * 80, [">" * 900]],
    ids=["one cell", "very wide", "very high", "racks", "one-way"],
)
def test_every_size_is_drawn_and_none_is_endless(rows):
    width, height = layout_picture(Layout.from_rows(rows)).get_size()
    assert 300 < width < 3000
    assert 200 < height < 3000


def test_a_name_that_would_cover_another_is_left_out():
    layout = Layout.from_rows(["." * 100, "." * 49 + "PP" + "." * 49])
    one, beside = Station("Packing 1", 149), Station("Packing 2", 150)
    pictures = [
        pygame.image.tobytes(layout_picture(layout, stations=stations), "RGB")
        for stations in ([], [one], [one, beside], [beside])
    ]
    assert pictures[1] == pictures[2]
    assert len(set(pictures)) == 3


def test_a_picture_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(InputError) as caught:
        draw_layout(hall(), tmp_path / "no folder" / "x.png")
    assert caught.value.code == "E107"
