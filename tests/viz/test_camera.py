import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.arrangement import LIST_HEAD, Arrangement, inside
from viz.camera import LARGEST_SCALE, SMALLEST_SCALE, Camera

CAMERA = Camera.fit(100, 60, (0, 64, 992, 638))


@given(
    st.floats(0.2, 5.0),
    st.floats(0, 991),
    st.floats(64, 701),
    st.floats(-300, 300),
)
def test_zoom_holds_the_point_under_the_pointer(factor, px, py, dx):
    camera = CAMERA.panned(dx, dx / 2)
    x, y = camera.to_floor(px, py)
    zoomed = camera.zoomed(factor, px, py)
    # The floor lies on whole pixels, so up to one of them may be lost.
    assert zoomed.to_screen(x, y) == pytest.approx((px, py), abs=1.01)


@given(st.floats(-50, 150), st.floats(-50, 150))
def test_screen_and_floor_are_inverse(x, y):
    assert CAMERA.to_floor(*CAMERA.to_screen(x, y)) == pytest.approx((x, y))


def test_pan_moves_by_pixels():
    x, y = CAMERA.to_screen(10, 10)
    assert CAMERA.panned(30, -12).to_screen(10, 10) == (x + 30, y - 12)


def test_fit_shows_all_corners():
    for area in ((0, 64, 992, 638), (10, 5, 300, 700), (0, 0, 80, 60)):
        camera = Camera.fit(100, 60, area)
        for corner in ((0, 0), (100, 60)):
            assert inside(area, camera.to_screen(*corner))


def test_scale_has_limits():
    assert CAMERA.zoomed(1e-9, 5, 5).scale == SMALLEST_SCALE
    assert CAMERA.zoomed(1e9, 5, 5).scale == LARGEST_SCALE


@pytest.mark.parametrize("size", [(480, 360), (800, 600), (1280, 720), (2560, 1440)])
@pytest.mark.parametrize("detail", [True, False])
@pytest.mark.parametrize("legend", [True, False])
def test_areas_cover_the_screen_and_never_overlap(size, detail, legend):
    arrangement = Arrangement.of(size, legend=legend, detail=detail)
    areas = [
        arrangement.strip,
        arrangement.floor,
        arrangement.legend,
        arrangement.stations,
        arrangement.detail,
        arrangement.timebar,
    ]
    # Areas that lie inside the screen, do not overlap and add up to it cover it.
    for left, top, width, height in areas:
        assert left >= 0
        assert top >= 0
        assert left + width <= size[0]
        assert top + height <= size[1]
    assert sum(width * height for _, _, width, height in areas) == size[0] * size[1]
    for x in range(0, size[0], 37):
        for y in range(0, size[1], 29):
            assert sum(inside(area, (x, y)) for area in areas) == 1
    left, top, width, height = arrangement.slider
    assert width > 80
    assert inside(arrangement.timebar, (left, top))
    assert inside(arrangement.timebar, (left + width, top + height - 1))


def test_row_of_the_list_of_stations():
    arrangement = Arrangement.of((1280, 800), legend=True, detail=False)
    left, top, _, height = arrangement.stations
    first = top + LIST_HEAD
    assert arrangement.row_at((left + 5, first - 1)) is None
    assert arrangement.row_at((left + 5, first)) == 0
    assert arrangement.row_at((left + 5, first + arrangement.row_height)) == 1
    assert arrangement.row_at((left - 5, first)) is None
    assert arrangement.rows * arrangement.row_height <= height - LIST_HEAD
