"""PIBT and lifelong motion: legal, fair, and nobody is stuck for ever."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.mapf.fleet.lifelong import LifelongMotion
from tests.naive import motion_faults, service_faults
from tests.strategies import rooms, scattered_layouts
from warehouse.distances import UNREACHABLE, DistanceTable
from warehouse.errors import SolverError
from warehouse.grid import Grid
from warehouse.layout import Layout

pytestmark = [
    pytest.mark.kernel,
    # Without the compiler numpy warns where random bits fall off the end.
    pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning"),
]
MOTIONS = ["omni", "rotate"]


def grid_of(*rows):
    return Grid.from_layout(Layout.from_rows(list(rows)))


def floor_cells(grid):
    return np.flatnonzero(grid.drivable)


def reached(table, cell):
    """Cells that can be come to from a cell and left for it again."""
    ways = table.to(cell)
    there = table.from_any([cell])
    both = (ways < UNREACHABLE) & (there < UNREACHABLE)
    return np.flatnonzero(both & table.grid.drivable)


def run(motion, rng, goals, steps, *, most_stops=3, most_service=4):
    """Send every robot that is free to random stops; return what was sent, served."""
    sent = {}
    served = []
    while motion.t < steps:
        for robot in range(motion.robots):
            if robot not in sent:
                cells = rng.choice(goals[robot], rng.integers(1, most_stops + 1))
                lengths = rng.integers(0, most_service + 1, len(cells))
                motion.send(robot, cells, lengths)
                sent[robot] = cells.tolist(), lengths.tolist()
        for robot in motion.advance(steps).tolist():
            served.append((robot, *sent.pop(robot), motion.services(robot)))
    return served


def all_faults(grid, motion, served):
    cells, headings = motion.cells(), motion.headings()
    faults = motion_faults(grid, cells, headings)
    for robot, stops, lengths, times in served:
        faults += service_faults(cells, headings, robot, stops, lengths, times)
    return faults


@settings(max_examples=60)
@given(
    scattered_layouts(),
    st.integers(1, 8),
    st.sampled_from(MOTIONS),
    st.integers(0, 2**31),
)
def test_moves_are_legal_on_any_floor(layout, robots, kind, seed):
    rng = np.random.default_rng(seed)
    grid = Grid.from_layout(layout)
    table = DistanceTable(grid)
    floor = floor_cells(grid)
    starts = rng.permutation(floor)[:robots]
    motion = LifelongMotion(table, starts, motion=kind, seed=seed)
    goals = [reached(table, start) for start in starts.tolist()]
    served = run(motion, rng, goals, 40)
    assert all_faults(grid, motion, served) == []


@settings(max_examples=40)
@given(rooms(), st.integers(0, 2**31), st.data())
def test_the_most_urgent_robot_comes_nearer_at_every_step(grid, seed, data):
    floor = floor_cells(grid)
    rng = np.random.default_rng(seed)
    # As full as it may be: one cell is free.
    robots = data.draw(st.integers(1, len(floor) - 1))
    table = DistanceTable(grid)
    motion = LifelongMotion(table, rng.permutation(floor)[:robots], seed=seed)
    goal = int(rng.choice(floor))
    left = int(table.to(goal)[motion.position[0]])
    for robot in range(1, robots):
        motion.send(robot, [int(rng.choice(floor))], [0])
    motion.send(0, [goal], [0])
    motion.team.priority[0] = 1e6
    finished = []
    while 0 not in finished:
        finished += motion.advance(motion.t + 1).tolist()
        assert left - int(table.to(goal)[motion.position[0]]) == motion.t
    assert motion.t == left
    assert motion_faults(grid, motion.cells()) == []


@pytest.mark.parametrize("kind", MOTIONS)
@settings(max_examples=12)
@given(grid=rooms(most_rows=5, most_cols=5), seed=st.integers(0, 2**31))
def test_nobody_is_stuck_in_a_crowd(kind, grid, seed):
    rng = np.random.default_rng(seed)
    floor = floor_cells(grid)
    starts = rng.permutation(floor)[: max(1, len(floor) // 2)]
    motion = LifelongMotion(DistanceTable(grid), starts, motion=kind, seed=seed)
    served = run(motion, rng, [floor] * motion.robots, 250)
    assert all_faults(grid, motion, served) == []
    assert {robot for robot, *_ in served} == set(range(motion.robots))


DEAD_ENDS = {
    "one robot has to back out": (
        ["#.####", "......", "#.####"],
        {"starts": [6, 11], "goals": [11, 6]},
    ),
    "a pocket lets two pass": (
        ["###.###", "......."],
        {"starts": [7, 13], "goals": [13, 7]},
    ),
    "out of a dead end that another wants": (
        ["....", "...#", "...."],
        {"starts": [3, 0], "goals": [0, 3]},
    ),
    "two in a dead end, in the wrong order": (
        ["......", "...###", "...###"],
        {"starts": [5, 4], "goals": [4, 5]},
    ),
    "a tree with three leaves": (
        ["##.##", ".....", "#####"],
        {"starts": [5, 9, 2], "goals": [9, 2, 5]},
    ),
}


@pytest.mark.parametrize("kind", MOTIONS)
@pytest.mark.parametrize("name", DEAD_ENDS)
def test_dead_ends_are_freed(name, kind):
    rows, robots = DEAD_ENDS[name]
    grid = grid_of(*rows)
    motion = LifelongMotion(DistanceTable(grid), robots["starts"], motion=kind)
    for robot, goal in enumerate(robots["goals"]):
        motion.send(robot, [goal], [1])
    finished = []
    while len(finished) < motion.robots and motion.t < 3000:
        finished += motion.advance(3000).tolist()
    assert sorted(finished) == list(range(motion.robots))
    assert motion.escapes <= 2
    assert motion_faults(grid, motion.cells(), motion.headings()) == []


def test_exchanging_places_at_a_junction_needs_no_detour():
    grid = grid_of("###.###", ".......")
    motion = LifelongMotion(DistanceTable(grid), [7, 13])
    motion.send(0, [13], [0])
    motion.send(1, [7], [0])
    while motion.errands.done.sum() < 2:
        motion.advance(100)
    assert motion.t < 25
    assert motion.escapes == 0


SITES = {
    "dead-end aisles": [".#.#.#.", ".#.#.#.", "......."],
    "one-way ring": [">>>>v", "^###v", "^<<<<"],
    "one-way aisles": [".......", ".^#v#^.", ".^#v#^.", "......."],
    "a narrow door": ["...#...", ".......", "...#..."],
}


@pytest.mark.parametrize("kind", MOTIONS)
@pytest.mark.parametrize("name", SITES)
@pytest.mark.parametrize("seed", range(3))
def test_long_runs_keep_everybody_going(name, kind, seed):
    grid = grid_of(*SITES[name])
    rng = np.random.default_rng(seed)
    floor = floor_cells(grid)
    starts = rng.permutation(floor)[:3]
    motion = LifelongMotion(DistanceTable(grid), starts, motion=kind, seed=seed)
    steps = 1500
    served = run(motion, rng, [floor] * 3, steps)
    assert all_faults(grid, motion, served) == []
    # Everybody was served all along: no pause longer than a few detours.
    for robot in range(3):
        ends = [int(times[1][-1]) for r, *_, times in served if r == robot]
        assert np.diff([0, *ends, steps]).max() < 5 * motion.PATIENCE


@pytest.mark.parametrize("kind", MOTIONS)
def test_detours_rearrange_three_robots_in_a_corridor_with_one_pocket(kind):
    grid = grid_of("###.###", ".......")
    floor = floor_cells(grid)
    motion = LifelongMotion(DistanceTable(grid), floor[:3], motion=kind)
    served = run(motion, np.random.default_rng(0), [floor] * 3, 6000)
    assert all_faults(grid, motion, served) == []
    assert motion.escapes > 0
    for robot in range(3):
        ends = [int(times[1][-1]) for r, *_, times in served if r == robot]
        assert len(ends) > 10
        assert np.diff([0, *ends, 6000]).max() < 2500


@pytest.mark.parametrize("kind", MOTIONS)
def test_robots_in_service_do_not_move(kind):
    grid = grid_of("...", "...")
    motion = LifelongMotion(DistanceTable(grid), [0, 1, 3], motion=kind)
    motion.send(0, [4], [30])
    motion.send(1, [3], [5])
    motion.send(2, [2], [5])
    finished = []
    while len(finished) < 3:
        finished += motion.advance(200).tolist()
    start, end = motion.services(0)
    assert (motion.cells()[start[0] : end[0] + 1, 0] == 4).all()
    assert motion_faults(grid, motion.cells(), motion.headings()) == []


@pytest.mark.parametrize("kind", MOTIONS)
def test_the_same_seed_moves_the_same_way(kind):
    grid = grid_of(".....", ".#.#.", ".....", ".#.#.", ".....")
    floor = floor_cells(grid)

    def cells(seed):
        rng = np.random.default_rng(1)
        motion = LifelongMotion(DistanceTable(grid), floor[:9], motion=kind, seed=seed)
        run(motion, rng, [floor] * 9, 120)
        return motion.cells().tobytes()

    assert cells(4) == cells(4)
    assert len({cells(seed) for seed in range(4)}) > 1


def test_robots_go_home_and_rest():
    grid = grid_of("......")
    motion = LifelongMotion(DistanceTable(grid), [0])
    motion.send(0, [4], [2])
    assert motion.free_at(0) == 6
    assert motion.advance(50).tolist() == [0]
    assert motion.t == 6
    assert motion.advance(12).tolist() == []
    assert motion.position.tolist() == [0]


def test_more_stops_than_ever_before():
    grid = grid_of("....")
    motion = LifelongMotion(DistanceTable(grid), [0, 3])
    motion.send(1, [3], [2])
    stops = [0, 1] * 40
    motion.send(0, stops, [1] * 80)
    finished = []
    while len(finished) < 2:
        finished += motion.advance(1000).tolist()
    faults = service_faults(
        motion.cells(), None, 0, stops, [1] * 80, motion.services(0)
    )
    assert faults == []


def test_time_does_not_run_backwards():
    motion = LifelongMotion(DistanceTable(grid_of("...")), [0])
    motion.advance(9)
    assert motion.advance(4).tolist() == []
    assert motion.t == 9
    assert motion.cells().ravel().tolist() == [0] * 10


def test_bad_calls_are_refused():
    table = DistanceTable(grid_of("..#", "##."))
    with pytest.raises(SolverError, match="E310"):
        LifelongMotion(table, [0, 0])
    with pytest.raises(SolverError, match="E311"):
        LifelongMotion(table, [2])
    motion = LifelongMotion(table, [0])
    with pytest.raises(SolverError, match="E313"):
        motion.send(0, [5], [1])
    with pytest.raises(SolverError, match="E313"):
        motion.send(0, [1, 5], [1, 1])
    motion.send(0, [1], [1])
    with pytest.raises(SolverError, match="E312"):
        motion.send(0, [1], [1])
