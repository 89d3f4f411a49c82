"""Motion by reservation: validated from outside, against optima, and reversible."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.mapf.fleet.lifelong import LifelongMotion
from solvers.mapf.fleet.reserved import ReservedMotion
from solvers.mapf.fleet.sipp import NEVER
from tests.naive import earliest_arrival, motion_faults, service_faults
from tests.strategies import rooms, site_layouts
from warehouse.distances import DistanceTable
from warehouse.errors import SolverError
from warehouse.grid import Grid
from warehouse.layout import CellKind, Layout

pytestmark = [
    pytest.mark.kernel,
    # Without the compiler numpy warns where random bits fall off the end.
    pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning"),
]
MOTIONS = ["omni", "rotate"]
BOTH = [ReservedMotion, LifelongMotion]


def grid_of(*rows):
    return Grid.from_layout(Layout.from_rows(list(rows)))


def run(motion, rng, goals, steps):
    """Send robots that are free to random stops; return what was sent and served.

    A robot that cannot go is asked again later. Now and then what is planned is
    improved, which may bring robots home sooner and never later. Some are sent
    elsewhere when only fixed stops are left.
    """
    sent, served = {}, []
    while motion.t < steps:
        for robot in rng.permutation(motion.robots).tolist():
            if robot in sent:
                continue
            cells = rng.choice(goals, rng.integers(1, 4))
            lengths = rng.integers(0, 5, len(cells))
            fixed = int(rng.integers(1, 3))
            end = motion.would_end(robot, cells, lengths, fixed=fixed)
            if motion.send(robot, cells, lengths, fixed=fixed):
                sent[robot] = cells, lengths
                assert motion.free_at(robot) <= end
                assert motion.free_at(robot) >= motion.t + lengths.sum()
        if rng.random() < 0.5:
            before = sum(motion.free_at(robot) for robot in sent)
            gained = motion.improve(int(rng.integers(0, 6)))
            assert sum(motion.free_at(robot) for robot in sent) == before - gained
            assert gained >= 0
        t = motion.t
        for robot in np.flatnonzero(motion.turns_at() == t).tolist():
            redirect(motion, rng, goals, sent, robot)
        turns_at = motion.turns_at()
        until = min(steps, t + 10, int(turns_at[turns_at > t].min(initial=steps)))
        for robot in motion.advance(until).tolist():
            order = motion.order(robot)
            cells, lengths = sent.pop(robot)
            assert sorted(order.tolist()) == list(range(len(cells)))
            assert order[-1] == len(cells) - 1
            stops = cells[order].tolist(), lengths[order].tolist()
            served.append((robot, *stops, motion.services(robot)))
    return served


def redirect(motion, rng, goals, sent, robot):
    """Send a robot elsewhere that has served the first of its stops."""
    begun = np.count_nonzero(motion.services(robot)[0] <= motion.t)
    kept = motion.order(robot)[:begun]
    assert sorted(kept.tolist()) == list(range(begun))
    cells = rng.choice(goals, rng.integers(1, 4))
    lengths = rng.integers(0, 5, len(cells))
    if motion.redirect(robot, cells, lengths):
        old_cells, old_lengths = sent[robot]
        sent[robot] = (
            np.concatenate([old_cells[:begun], cells]),
            np.concatenate([old_lengths[:begun], lengths]),
        )
        assert motion.free_at(robot) >= motion.t + lengths.sum()


def all_faults(grid, motion, served):
    cells, headings = motion.cells(), motion.headings()
    faults = motion_faults(grid, cells, headings)
    for robot, stops, lengths, times in served:
        faults += service_faults(cells, headings, robot, stops, lengths, times)
    return faults


def count_again(motion):
    """Whether each cell is taken at each timestep: as reserved, and as it happened."""
    cells = motion.cells()
    reserved = np.zeros((len(cells), motion.table.grid.cells), bool)
    busy, rest_from = motion._reserved
    for t in range(len(cells)):
        if t >> 6 < busy.shape[1]:
            reserved[t] = busy[:, t >> 6] >> np.uint64(t & 63) & np.uint64(1)
        reserved[t] |= rest_from <= t
    happened = np.zeros_like(reserved)
    happened[np.arange(len(cells))[:, None], cells] = True
    return reserved, happened


@settings(max_examples=40)
@given(rooms(), st.integers(1, 6), st.sampled_from(MOTIONS), st.integers(0, 2**31))
def test_paths_are_legal_and_reservations_match_them(grid, robots, kind, seed):
    rng = np.random.default_rng(seed)
    floor = np.flatnonzero(grid.drivable)
    homes = rng.permutation(floor)[:robots]
    motion = ReservedMotion(DistanceTable(grid), homes, motion=kind)
    goals = floor if rng.random() < 0.5 else np.setdiff1d(floor, homes)
    served = run(motion, rng, goals if len(goals) else floor, 100)
    motion.advance(100)
    # All trips end, and every robot rests at its home.
    while len(motion.advance(2000)):
        pass
    assert all_faults(grid, motion, served) == []
    assert motion.position.tolist() == homes.tolist()
    reserved, happened = count_again(motion)
    np.testing.assert_array_equal(reserved, happened)


@settings(max_examples=30)
@given(site_layouts(), st.sampled_from(MOTIONS), st.integers(0, 2**31))
def test_sites_of_all_kinds(layout, kind, seed):
    rng = np.random.default_rng(seed)
    grid = Grid.from_layout(layout)
    homes = layout.cells_of(CellKind.HOME)
    goals = np.setdiff1d(np.flatnonzero(grid.drivable), homes)
    for make in BOTH:
        motion = make(DistanceTable(grid), homes, motion=kind)
        served = run(motion, rng, goals, 80)
        assert all_faults(grid, motion, served) == []


@st.composite
def last_ones(draw):
    """Robots of which all but one have been sent on their ways."""
    grid = draw(rooms(most_rows=4, most_cols=5))
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    floor = rng.permutation(np.flatnonzero(grid.drivable))
    robots = draw(st.integers(1, 4))
    weight = draw(st.sampled_from([1.0, 1.0, 1.5]))
    motion = ReservedMotion(
        DistanceTable(grid),
        floor[:robots],
        motion=draw(st.sampled_from(MOTIONS)),
        weight=weight,
    )
    goals = floor[robots:] if len(floor) > robots else floor
    for robot in range(1, robots):
        motion.send(robot, rng.choice(goals, 2), rng.integers(0, 6, 2))
    return motion, int(rng.choice(goals)), int(rng.integers(0, 5)), weight


@settings(max_examples=120)
@given(last_ones())
def test_one_trip_among_the_others_is_the_earliest_there_is(problem):
    motion, stop, length, weight = problem
    grid, home = motion.table.grid, int(motion.homes[0])
    found = motion.send(0, [stop], [length])
    end = 300
    while motion.t < end:
        motion.advance(end)
    cells = motion.cells()
    taken = {(int(c), t) for t in range(end) for c in cells[t, 1:]}
    rests = {}
    for robot in range(1, motion.robots):
        away = np.flatnonzero(cells[:, robot] != motion.homes[robot])
        rests[int(motion.homes[robot])] = int(away.max(initial=-1)) + 1
    best = earliest_arrival(
        grid, taken, rests, (home, 0, 0), [stop, home], [length, 0],
        motion.turning, 120,
    )  # fmt: skip
    if best is None:
        assert not found
        return
    assert found
    away = np.flatnonzero(cells[:, 0] != home)
    last = int(away.max(initial=-1)) + 1
    # Whoever serves at its own home is back when it is done.
    arrival = max(last, int(motion.services(0)[1][0]))
    assert best <= arrival <= weight * best + 1 / 32


def snapshot(motion):
    return (
        motion._reserved.busy.tobytes(),
        motion._reserved.rest_from.tobytes(),
        motion.cells().tobytes(),
        [motion.free_at(robot) for robot in range(motion.robots)],
        [tuple(map(bytes, motion.services(r))) for r in range(motion.robots)],
    )


@pytest.mark.parametrize("kind", MOTIONS)
def test_a_trip_that_cannot_be_leaves_all_as_it_was(kind):
    # Robot 1 rests in the only door to the right part of the floor.
    grid = grid_of("...#..", "......", "...#..")
    motion = ReservedMotion(DistanceTable(grid), [0, 9], motion=kind)
    motion.send(0, [12], [3])
    assert motion.advance(50).tolist() == [0]
    motion.advance(motion.t + 1)
    before = snapshot(motion)
    assert not motion.send(0, [11], [1])
    assert not motion.send(0, [1, 11, 2], [1, 1, 1])
    assert snapshot(motion) == before
    # It goes on home as settled, and a later trip works.
    motion.advance(motion.t + 20)
    assert motion.position.tolist() == [0, 9]
    assert motion.send(0, [12], [3])
    reserved, happened = count_again(motion)
    now = motion.t
    np.testing.assert_array_equal(reserved[:now], happened[:now])


def test_a_trip_begins_on_the_way_home_from_the_last():
    grid = grid_of("........")
    motion = ReservedMotion(DistanceTable(grid), [0])
    motion.send(0, [7], [2])
    assert motion.advance(50).tolist() == [0]
    motion.advance(motion.t + 2)
    assert motion.position.tolist() == [5]
    motion.send(0, [6], [1])
    assert motion.free_at(0) == 13
    assert motion.advance(50).tolist() == [0]
    motion.advance(50)
    walked = [0, 1, 2, 3, 4, 5, 6, 7, 7, 7, 6, 5, 6, 6, 5, 4, 3, 2, 1, 0]
    assert motion.cells().ravel()[:20].tolist() == walked


def test_stops_are_taken_in_the_order_that_is_short():
    grid = grid_of("..........", "..........")
    motion = ReservedMotion(DistanceTable(grid), [0])
    motion.send(0, [8, 2, 5, 9], [1, 1, 1, 1])
    assert motion.order(0).tolist() == [1, 2, 0, 3]
    assert motion.free_at(0) == 9 + 4


def test_fixed_stops_keep_their_order():
    grid = grid_of("..........", "..........")
    motion = ReservedMotion(DistanceTable(grid), [0])
    motion.send(0, [2, 8, 5, 9], [1, 1, 1, 1], fixed=3)
    assert motion.order(0).tolist() == [0, 1, 2, 3]
    assert motion.free_at(0) == 8 + 3 + 4 + 4


def test_a_robot_that_has_only_fixed_stops_left_can_be_sent_elsewhere():
    grid = grid_of("..........", "..........")
    motion = ReservedMotion(DistanceTable(grid), [0, 10])
    motion.send(0, [2, 3, 9], [1, 1, 1])
    assert motion.turns_at().tolist() == [5, NEVER]
    motion.advance(1)
    with pytest.raises(SolverError, match="E312"):
        motion.redirect(0, [7], [4])
    motion.advance(5)
    assert motion.redirect(0, [7, 8], [4, 2])
    assert motion.order(0).tolist() == [0, 1, 2, 3]
    assert motion.free_at(0) == 5 + 4 + 4 + 1 + 2
    assert motion.advance(50).tolist() == [0]
    assert motion.services(0)[0].tolist() == [2, 4, 9, 14]
    # On the way home it meets nobody, though the way to stop 9 was reserved before.
    assert motion.send(1, [9], [1])
    assert motion.free_at(1) == 16 + 10 + 1


def test_a_robot_that_cannot_go_elsewhere_goes_on():
    grid = grid_of("......", "...#..")
    motion = ReservedMotion(DistanceTable(grid), [0, 11])
    motion.send(0, [1, 2], [1, 1])
    motion.send(1, [3], [30])
    motion.advance(2)
    before = snapshot(motion)
    assert not motion.redirect(0, [9], [1])
    assert snapshot(motion) == before


def test_no_robot_turns_that_serves_its_next_stop_where_it_is():
    motion = ReservedMotion(DistanceTable(grid_of("....")), [0])
    motion.send(0, [3, 3], [1, 1])
    assert motion.turns_at().tolist() == [NEVER]


def test_replanning_undoes_what_planning_in_turn_has_done():
    # One lane: robot 0, sent first, serves long where robot 1 has to pass.
    grid = grid_of("..#######", ".........")
    motion = ReservedMotion(DistanceTable(grid), [1, 0])
    motion.send(0, [13], [20])
    motion.send(1, [15], [1])
    before = motion.free_at(0) + motion.free_at(1)
    gained = motion.improve(20)
    other = ReservedMotion(DistanceTable(grid), [1, 0])
    other.send(1, [15], [1])
    other.send(0, [13], [20])
    best = other.free_at(0) + other.free_at(1)
    assert best < before
    assert motion.free_at(0) + motion.free_at(1) == before - gained <= best


@pytest.mark.parametrize("make", BOTH)
@pytest.mark.parametrize("kind", MOTIONS)
def test_the_same_calls_give_the_same_paths(make, kind):
    grid = grid_of(".....", ".#.#.", ".....", ".#.#.", ".....")
    floor = np.flatnonzero(grid.drivable)

    def cells():
        motion = make(DistanceTable(grid), floor[:5], motion=kind)
        run(motion, np.random.default_rng(3), floor[5:], 100)
        return motion.cells().tobytes()

    assert cells() == cells()


@pytest.mark.parametrize("make", BOTH)
def test_time_stands_at_the_first_robot_that_comes_free(make):
    grid = grid_of("...", "...", "...")
    motion = make(DistanceTable(grid), [0, 2])
    motion.send(0, [3], [4])
    motion.send(1, [5], [2])
    assert motion.advance(2).tolist() == []
    assert motion.t == 2
    assert motion.advance(50).tolist() == [1]
    assert motion.t == 3
    assert motion.services(1)[0].tolist() == [1]
    assert motion.services(1)[1].tolist() == [3]
    assert motion.advance(50).tolist() == [0]
    assert motion.t == 5
    assert motion.advance(4).tolist() == []
    assert motion.t == 5


@pytest.mark.parametrize("make", BOTH)
def test_what_turns_has_headings(make):
    grid = grid_of("..", "..")
    turning = make(DistanceTable(grid), [0], motion="rotate")
    turning.send(0, [2], [1])
    turning.advance(20)
    assert turning.headings().shape == turning.cells().shape
    assert turning.headings().dtype == np.uint8
    # Facing up, it turns twice before it can drive down.
    assert turning.services(0)[0].tolist() == [3]
    assert make(DistanceTable(grid), [0]).headings() is None


def test_bad_calls_are_refused():
    table = DistanceTable(grid_of("..#", "##."))
    with pytest.raises(SolverError, match="E310"):
        ReservedMotion(table, [0, 0])
    with pytest.raises(SolverError, match="E311"):
        ReservedMotion(table, [2])
    motion = ReservedMotion(table, [0])
    assert not motion.send(0, [5], [1])
    motion.send(0, [1], [1])
    with pytest.raises(SolverError, match="E312"):
        motion.send(0, [1], [1])
