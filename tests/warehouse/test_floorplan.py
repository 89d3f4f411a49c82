import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from warehouse.floorplan import (
    cell_boxes,
    covered,
    find_floor_faults,
    outline,
    turning_circles,
)
from warehouse.grid import Grid
from warehouse.layout import COL_STEP, DOWN, LEFT, RIGHT, ROW_STEP, UP, CellKind, Layout
from warehouse.scenario import Fleet

NOBODY = np.zeros(0, np.int32)


def fleet(length_m=0.8, width_m=0.6, motion="omni"):
    return Fleet(NOBODY.copy(), motion=motion, length_m=length_m, width_m=width_m)


def hall(rows, size=1.0, *obstacles):
    plain = Layout.from_rows(rows, cell_size_m=size)
    return Layout(
        "hall", size, plain.kinds.copy(), plain.exits.copy(), (), tuple(obstacles)
    )


def square(x_m, y_m, half=0.05):
    return (
        (x_m - half, y_m - half),
        (x_m + half, y_m - half),
        (x_m + half, y_m + half),
        (x_m - half, y_m + half),
    )


def codes(layout, robots):
    return [fault.code for fault in find_floor_faults(layout, robots)]


def test_metres_start_at_the_bottom_left_corner():
    layout = hall(["..", "..", ".S"], 2.0)
    assert outline(layout, CellKind.RACK).bounds == (2, 0, 4, 2)
    assert cell_boxes(layout, np.array([0]))[0].bounds == (0, 4, 2, 6)
    assert outline(layout, CellKind.WALL).is_empty


def test_racks_in_a_row_are_one_shape():
    shape = outline(hall(["SSS.S"]), CellKind.RACK)
    assert sorted(part.area for part in shapely.get_parts(shape)) == [1, 3]


@pytest.mark.parametrize("direction", [UP, RIGHT, DOWN, LEFT])
@pytest.mark.parametrize("heading", [UP, RIGHT])
def test_ground_of_a_move_is_what_many_poses_cover(direction, heading):
    layout = hall(["...", "...", "..."])
    swept = covered(layout, fleet(), np.array([4]), heading, direction)[0]
    stand = covered(layout, fleet(), np.array([4]), heading)[0]
    dx, dy = COL_STEP[direction], -ROW_STEP[direction]
    poses = [
        shapely.affinity.translate(stand, dx * share, dy * share)
        for share in np.linspace(0, 1, 11)
    ]
    assert shapely.equals_exact(
        shapely.normalize(shapely.unary_union(poses).simplify(1e-9)),
        shapely.normalize(swept),
        1e-9,
    )


def test_a_turning_robot_covers_the_circle_around_it():
    circle = turning_circles(hall(["."]), fleet(0.8, 0.6), np.array([0]))[0]
    assert circle.area == pytest.approx(math.pi * 0.25, rel=0.01)


def test_a_robot_as_wide_as_its_cell_passes():
    layout = hall(["#####", "#...#", "#####"])
    assert codes(layout, fleet(1.0, 1.0)) == []
    assert codes(layout, fleet(0.8, 0.6, "rotate")) == []  # its diagonal is 1 m


def test_a_robot_that_sticks_out_touches_walls_racks_and_others():
    layout = hall(["#####", "#...#", "SSSSS"])
    faults = find_floor_faults(layout, fleet(1.01, 0.6))
    assert [(fault.code, fault.place) for fault in faults] == [
        ("E171", "row 1, col 1 and row 1, col 2"),
        ("E172", "row 1, col 1 to row 1, col 2"),  # crosswise, a wall
        ("E172", "row 1, col 1 to row 1, col 2"),  # lengthwise, the wall at the end
        ("E172", "row 1, col 1 to row 1, col 2"),  # crosswise, a rack
    ]
    assert "touches a rack" in faults[-1].found


def test_a_robot_that_cannot_turn_is_refused():
    layout = hall(["#####", "#...#", "#####"])
    faults = find_floor_faults(layout, fleet(0.9, 0.6, "rotate"))
    assert [fault.code for fault in faults] == ["E171", "E173"]
    assert "overlap by 0.0817 m" in faults[0].found


def test_robots_too_large_for_open_floor_touch_only_each_other():
    assert codes(hall([".."]), fleet(1.2, 0.6)) == ["E171"]


def test_a_robot_alone_in_a_cell_overlaps_nobody():
    assert codes(hall(["#.#"]), fleet(1.2, 0.6)) == []


def test_a_post_beside_the_way_of_an_omni_robot_is_let_be():
    # Lengthwise 0.6 m wide, crosswise 0.8 m: both leave 0.1 m on either side.
    rows = ["#####", "#...#", "#####"]
    assert codes(hall(rows, 1.0, square(1.5, 1.95, 0.04)), fleet()) == []
    assert codes(hall(rows, 1.0, square(1.5, 1.85)), fleet()) == ["E172"]
    assert codes(hall(rows, 1.0, square(1.5, 1.75)), fleet()) == ["E172", "E172"]


def test_a_post_between_circles_is_in_the_way_of_turns_only():
    # 0.4 m above the middle of a cell: beside the lane, inside the turning circle.
    rows = ["#####", "#...#", "#####"]
    faults = find_floor_faults(
        hall(rows, 1.0, square(1.5, 1.9)), fleet(0.8, 0.6, "rotate")
    )
    assert [(fault.code, fault.place) for fault in faults] == [("E173", "row 1, col 1")]
    corner = hall(rows, 1.0, square(2.0, 1.95, 0.02))
    assert codes(corner, fleet(0.8, 0.6, "rotate")) == []


def test_each_obstacle_is_judged_by_itself():
    layout = hall(
        ["....", "....", "...."],
        1.0,
        ((0, 0), (1, 1), (1, 0), (0, 1)),
        square(99, 99),
        ((0, 0), (1, 1), (2, 2)),
        square(1.5, 1.5),
    )
    faults = find_floor_faults(layout, fleet(0.6, 0.6))
    assert [(fault.code, fault.place) for fault in faults] == [
        ("E174", "[[obstacle]] 1"),
        ("E174", "[[obstacle]] 2"),
        ("E174", "[[obstacle]] 3"),
        ("E172", "row 1, col 0 to row 1, col 1"),
    ]
    assert "touches obstacle 4; 4 moves like it do" in faults[-1].found


def test_one_way_floor_has_moves_too():
    layout = hall([">>."], 1.0, square(1.0, 0.5))
    assert find_floor_faults(layout, fleet())[0].place == "row 0, col 0 to row 0, col 1"
    wall_between = hall([".#."], 1.0, square(1.5, 0.5))
    assert codes(wall_between, fleet()) == []


@given(
    st.lists(st.text(".#S", min_size=5, max_size=5), min_size=1, max_size=5),
    st.floats(0.3, 2.4),
    st.floats(0.3, 2.4),
    st.sampled_from(["omni", "rotate"]),
    st.lists(
        st.tuples(st.floats(0, 5), st.floats(0, 5), st.floats(0.01, 0.6)), max_size=2
    ),
)
def test_touches_are_those_that_slow_code_finds(rows, length, width, motion, posts):
    layout = hall(rows, 1.0, *(square(*post) for post in posts))
    robots = fleet(length, width, motion)
    grid = Grid.from_layout(layout)
    slim = fleet(length - 0.002, width - 0.002, motion)
    ground = []
    for cell in np.flatnonzero(grid.drivable):
        at = np.array([cell])
        for d in range(4):
            if grid.successors[cell, d] >= 0:
                headings = (d, (d + 1) % 4) if motion == "omni" else (d,)
                ground += [covered(layout, slim, at, h, d)[0] for h in headings]
        if motion == "rotate":
            ground.append(turning_circles(layout, slim, at)[0])
    cells = np.flatnonzero(~grid.drivable)
    blocks = [*cell_boxes(layout, cells), *map(shapely.Polygon, layout.obstacles)]
    map_box = shapely.box(0, 0, layout.width, layout.height)
    blocks = [block for block in blocks if block.intersects(map_box)]
    touch = any(g.intersects(b) for g in ground for b in blocks)
    found = {"E172", "E173"} & set(codes(layout, robots))
    assert bool(found) == touch
