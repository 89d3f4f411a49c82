"""The motion rules against a slow obvious version of each."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.plans import empty_plan
from warehouse.check import check_plan
from warehouse.check import motion as motion_module
from warehouse.check.intervals import find_overlaps
from warehouse.grid import Grid
from warehouse.layout import ALL_EXITS, Layout
from warehouse.plan import Plan
from warehouse.scenario import Fleet

ROWS = ["..#", ".>.", "v.S"]
CELLS = 9


def naive_motion(plan: Plan) -> set[tuple[str, int, int]]:
    """Rule, robot and step of everything wrong with a motion, robot by robot."""
    layout = plan.scenario.layout
    grid = Grid.from_layout(layout)
    found = set()
    cells, headings = plan.cells.tolist(), plan.headings
    robots = range(len(plan.scenario.fleet))
    for t, row in enumerate(cells):
        for r in robots:
            if not 0 <= row[r] < CELLS:
                found.add(("off-grid", r, t))
            elif not grid.drivable[row[r]]:
                found.add(("off-floor", r, t))
            if headings is not None and headings[t, r] > 3:
                found.add(("heading-range", r, t))
        for a in robots:
            for b in robots[a + 1 :]:
                if row[a] == row[b] and 0 <= row[a] < CELLS:
                    found |= {("vertex-conflict", a, t), ("vertex-conflict", b, t)}
        if t == len(cells) - 1:
            break
        after = cells[t + 1]
        for r in robots:
            source, target = row[r], after[r]
            turn = (
                0 if headings is None else int(headings[t + 1, r]) - int(headings[t, r])
            )
            if turn % 4 == 2:
                found.add(("half-turn", r, t))
            if turn % 4 and source != target:
                found.add(("turn-while-driving", r, t))
            on_grid = 0 <= source < CELLS and 0 <= target < CELLS
            if not on_grid or source == target:
                continue
            exits = grid.successors[source].tolist()
            if target not in exits:
                found.add(("illegal-move", r, t))
            elif headings is not None and exits[headings[t, r] % 4] != target:
                found.add(("sideways-move", r, t))
            for other in robots:
                if row[other] == target and after[other] == source:
                    found.add(("edge-conflict", r, t))
    return found


def as_triples(plan: Plan) -> set[tuple[str, int, int]]:
    found = set()
    for violation in check_plan(plan):
        if violation.rule == "start-cell":
            continue
        for robot in (violation.robot, violation.other_robot):
            if robot is not None:
                found.add((violation.rule, robot, violation.step))
    return found


@st.composite
def motions(draw: st.DrawFn, most_robots: int = 4) -> Plan:
    robots = draw(st.integers(1, most_robots))
    steps = draw(st.integers(0, 5))
    turning = draw(st.booleans())

    def rows(values):
        row = st.lists(values, min_size=robots, max_size=robots)
        return draw(st.lists(row, min_size=steps + 1, max_size=steps + 1))

    cells = np.array(rows(st.integers(-1, CELLS)), np.int32)
    headings = np.array(rows(st.integers(0, 4)), np.uint8) if turning else None
    plan = empty_plan()
    fleet = Fleet(np.zeros(robots, np.int32), motion="rotate" if turning else "omni")
    scenario = replace(plan.scenario, layout=Layout.from_rows(ROWS), fleet=fleet)
    return replace(plan, scenario=scenario, cells=cells, headings=headings)


@given(motions(most_robots=2))
def test_motion_rules_agree_with_the_naive_check(plan):
    assert as_triples(plan) == naive_motion(plan)


@given(motions())
def test_crowds_are_found_too(plan):
    # With three in a cell each is named, though not against every other one.
    found, naive = as_triples(plan), naive_motion(plan)
    assert found <= naive
    rules = {"edge-conflict"}
    assert {f for f in found if f[0] not in rules} == {
        f for f in naive if f[0] not in rules
    }


@given(motions(most_robots=3), st.integers(1, 8))
def test_the_size_of_blocks_does_not_matter(plan, size):
    whole = check_plan(plan)
    usual = motion_module.BLOCK
    try:
        motion_module.BLOCK = size
        assert sorted(map(str, check_plan(plan))) == sorted(map(str, whole))
    finally:
        motion_module.BLOCK = usual


def test_a_grid_one_cell_wide():
    layout = Layout.from_rows([".", ".", "."])
    assert layout.exits.tolist() == [[ALL_EXITS]] * 3
    plan = empty_plan()
    scenario = replace(plan.scenario, layout=layout, fleet=Fleet(np.zeros(1, np.int32)))
    cells = np.array([[0], [1], [2], [0]], np.int32)
    found = check_plan(replace(plan, scenario=scenario, cells=cells))
    assert [(v.rule, v.step) for v in found] == [("illegal-move", 2)]


intervals = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 9), st.integers(-1, 9)), max_size=8
)


@given(intervals, st.booleans())
def test_overlaps_agree_with_all_pairs(rows, closed):
    group, start, end = np.array(rows, np.int64).reshape(-1, 3).T
    later, earlier = find_overlaps(group, start, end, closed=closed)
    order = sorted(range(len(rows)), key=lambda i: (*rows[i], i))
    expected = set()
    for place, i in enumerate(order):
        for j in order[:place]:
            gap = end[j] - start[i]
            if group[i] == group[j] and (gap >= 0 if closed else gap > 0):
                expected.add(i)
    assert set(later.tolist()) == expected
    assert all(group[i] == group[j] for i, j in zip(later, earlier, strict=True))
