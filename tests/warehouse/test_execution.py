"""Robots that are late keep the order of the plan: no collision, no deadlock."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import naive, naive_execution
from warehouse.errors import InputError, WarehouseError
from warehouse.execution import (
    ActionKind,
    LorrDelays,
    PassingOrder,
    RandomDelays,
    RecordedDelays,
    execute,
)
from warehouse.grid import Grid

NEVER_LATE = RandomDelays(0.0)


class Masks:
    """Delays as a table, row after row; nobody is late after its last row."""

    def __init__(self, late, ticks_per_step=1):
        self.late, self.ticks_per_step = late, ticks_per_step

    def blocks(self, robots, seed):
        for k in range(0, len(self.late), 7):  # blocks of any length will do
            yield self.late[k : k + 7]
        while True:
            yield np.zeros((5, robots), bool)


@st.composite
def paths(draw, most_robots=8, most_steps=14):
    """Random paths on a small open floor: following, rings, waiting, turning.

    Returns grid, cells, headings or None, and where robots that stand still work.
    """
    rows, cols = draw(st.sampled_from([2, 3, 1, 4])), draw(st.sampled_from([2, 3, 4]))
    grid = Grid.from_arrays(np.ones((rows, cols), bool))
    most = min(most_robots, rows * cols)
    robots = most - draw(st.integers(0, most - 1)) // 2
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    turning = draw(st.booleans())
    rounds = [] if turning else loops(rows, cols)
    lively = draw(st.sampled_from([1.0, 0.7, 0.3]))
    cells = [random.permutation(rows * cols)[:robots]]
    headings = [random.integers(0, 4, robots)]
    for _ in range(most_steps - draw(st.integers(0, most_steps)) // 2):
        here, heading = cells[-1], headings[-1]
        wish = grid.successors[here, random.integers(0, 4, robots)]
        turns = np.zeros(robots, bool)
        if turning:
            wish = grid.successors[here, heading]
            turns = random.random(robots) < 0.4
        stays = (wish < 0) | turns | (random.random(robots) > lively)
        wish = np.where(stays, here, wish)
        fixed = np.zeros(robots, bool)
        if rounds and random.random() < 0.5:
            way = rounds[random.integers(len(rounds))]
            fixed = np.isin(here, list(way))
            wish[fixed] = [way[cell] for cell in here[fixed].tolist()]
        there = settle(here, wish, fixed)
        turns &= there == here
        by = random.choice([1, 3], robots)
        headings.append(np.where(turns, (heading + by) % 4, heading))
        cells.append(there)
    table = np.array(cells, np.int32)
    turned = np.array(headings, np.uint8)
    stand = table[1:] == table[:-1]
    if turning:
        stand &= turned[1:] == turned[:-1]
    works = stand & (random.random(stand.shape) < draw(st.sampled_from([0.0, 0.4])))
    return grid, table, turned if turning else None, works


def loops(rows, cols):
    """Next cell of every cell on the edge of each rectangle: all go round."""
    result = []
    for top, left in np.ndindex(rows - 1, cols - 1):
        for low, right in np.ndindex(rows - 1 - top, cols - 1 - left):
            low, right = top + low + 1, left + right + 1
            edge = [(top, c) for c in range(left, right)]
            edge += [(r, right) for r in range(top, low)]
            edge += [(low, c) for c in range(right, left, -1)]
            edge += [(r, left) for r in range(low, top, -1)]
            cells = [r * cols + c for r, c in edge]
            result.append(dict(zip(cells, [*cells[1:], cells[0]], strict=True)))
    return result


def settle(here, wish, fixed):
    """Let robots go where they wish, as far as nobody meets; some go anyway."""
    there = wish.copy()
    changed = True
    while changed:
        changed = False
        for robot in np.flatnonzero((there != here) & ~fixed):
            rivals = np.count_nonzero(there == there[robot]) > 1
            if rivals or ((there == here[robot]) & (here == there[robot])).any():
                there[robot] = here[robot]
                changed = True
    return there


def masks(robots, seed, share, ticks=60):
    return np.random.default_rng(seed).random((ticks, robots)) < share


def passings(cells):
    """Robots that drive onto each cell, in their order."""
    order = {}
    for before, after in pairwise(cells.tolist()):
        for robot, (a, b) in enumerate(zip(before, after, strict=True)):
            if a != b:
                order.setdefault(b, []).append(robot)
    return order


# ---- The kernel and the laws ---------------------------------------------------------


@pytest.mark.kernel
@settings(max_examples=40)
@given(
    paths(),
    st.integers(0, 2**31),
    st.sampled_from([0.0, 0.1, 0.5]),
    st.sampled_from([1, 3]),
    st.booleans(),
)
def test_the_kernel_does_what_queues_at_the_cells_do(sample, seed, share, pace, keeps):
    _, cells, headings, works = sample
    robots = cells.shape[1]
    late = masks(robots, seed, share)
    order = PassingOrder.from_paths(cells, headings, works=works, keeps_times=keeps)
    run = execute(order, Masks(late, pace), most_steps=1000)
    rest = np.zeros((len(late) + pace * (len(cells) + 1) * 5, robots), bool)
    rest[: len(late)] = late
    over = naive_execution.follow(cells, rest, pace, headings, works, keeps)
    assert run.done.tolist() == [tick for mine in over for tick in mine]


@settings(max_examples=40)
@given(
    paths(),
    st.integers(0, 2**31),
    st.sampled_from([0.1, 0.4]),
    st.sampled_from([1, 2]),
    st.booleans(),
)
def test_no_collision_and_the_order_is_kept(sample, seed, share, pace, keeps):
    grid, cells, headings, works = sample
    order = PassingOrder.from_paths(cells, headings, works=works, keeps_times=keeps)
    late = Masks(masks(cells.shape[1], seed, share), pace)
    run = execute(order, late)
    assert run.finished
    driven, turned = run.positions()
    assert naive.motion_faults(grid, driven, turned) == []
    assert driven[-1].tolist() == cells[-1].tolist()
    assert passings(driven) == passings(cells) == run.passings()
    if keeps:
        assert (run.robot_delay >= 0).all()


@settings(max_examples=40)
@given(paths())
def test_without_delays_the_plan_is_executed_as_it_is(sample):
    _, cells, headings, works = sample
    order = PassingOrder.from_paths(cells, headings, works=works)
    run = execute(order, NEVER_LATE)
    driven, turned = run.positions(order.steps)
    assert driven.tolist() == cells.tolist()
    assert headings is None or turned.tolist() == headings.tolist()
    assert not run.robot_delay.any()
    early = PassingOrder.from_paths(cells, headings, works=works, keeps_times=False)
    assert (execute(early, NEVER_LATE).robot_delay <= 0).all()


@settings(max_examples=40)
@given(paths(), st.integers(0, 2**31))
def test_late_robots_stand_still_unless_a_ring_waited_for_them(sample, seed):
    _, cells, _, _ = sample
    late = masks(cells.shape[1], seed, 0.5, ticks=400)
    order = PassingOrder.from_paths(cells)
    run = execute(order, Masks(late))
    assert run.finished
    for action, over in enumerate(run.done.tolist()):
        robot = order.owner[action]
        since = over - 1
        if order.ring[action] >= 0:  # ready since some step before
            alone = action == order.first[robot]
            since = 0 if alone else run.done[action - 1]
            since = max(since, order.earliest[action])
        assert not late[since:over, robot].all()


# ---- Rings ---------------------------------------------------------------------------

RING = np.array([[0, 1, 3, 2], [1, 3, 2, 0], [3, 2, 0, 1]])


def test_a_ring_turns_when_the_last_is_ready():
    order = PassingOrder.from_paths(RING)
    assert order.ring_sizes.tolist() == [4, 4]
    # One robot is late in each of the first four steps, another each time.
    run = execute(order, Masks(np.eye(4, dtype=bool)))
    driven, _ = run.positions()
    assert driven.tolist() == RING[[0, 0, 1, 1, 2]].tolist()


def test_a_large_ring_is_no_deadlock():
    size = 300
    ring = np.arange(size)
    cells = np.array([ring, (ring + 1) % size, (ring + 2) % size])
    order = PassingOrder.from_paths(cells)
    assert order.ring_sizes.tolist() == [size, size]
    for delays in (RandomDelays(0.3), LorrDelays.of_share(0.3)):
        run = execute(order, delays, most_steps=100)
        assert run.finished


def test_a_chain_goes_as_far_as_its_head():
    cells = np.array([[0, 1, 2], [1, 2, 3]])
    order = PassingOrder.from_paths(cells)
    assert order.ring_sizes.tolist() == []
    run = execute(order, RecordedDelays(((), ((0, 2),), ())))
    # Robot 2 leaves at once; 1 is late for two steps and keeps 0 from going.
    assert run.done.tolist() == [3, 3, 1]


def test_ticks_keep_a_follower_behind_in_the_middle_of_a_drive():
    cells = np.array([[0, 1], [1, 2]])
    order = PassingOrder.from_paths(cells)
    delays = RecordedDelays(((), ((1, 4),)), ticks_per_step=3)
    run = execute(order, delays)
    assert run.done.tolist() == [6, 6]
    assert run.began.tolist() == [0, 0]
    assert run.done_steps.tolist() == [2, 2]


# ---- What is refused, and runs without an end ----------------------------------------


def test_every_meeting_is_named():
    cells = np.array([[0, 1, 5, 8], [1, 1, 6, 7], [2, 0, 6, 6]])
    with pytest.raises(InputError) as caught:
        PassingOrder.from_paths(cells)
    assert [str(fault).split(";")[0] for fault in caught.value.faults] == [
        "E215 step 1: robots 0 and 1 are both on cell 1",
        "E215 step 2: robots 2 and 3 are both on cell 6",
    ]
    with pytest.raises(InputError, match="robots 0 and 1 swap cells 3 and 4"):
        PassingOrder.from_paths(np.array([[3, 4], [3, 4], [4, 3]]))
    with pytest.raises(InputError, match="both on cell 7"):
        PassingOrder.from_paths(np.array([[7, 7]]))


@pytest.mark.parametrize(
    "cells", [np.zeros(3, int), np.zeros((0, 2), int), np.zeros((2, 2))]
)
def test_paths_of_the_wrong_shape_are_refused(cells):
    with pytest.raises(WarehouseError, match="E301"):
        PassingOrder.from_paths(cells)
    with pytest.raises(WarehouseError, match="headings have shape"):
        PassingOrder.from_paths(np.array([[0], [1]]), np.zeros((1, 1), np.uint8))


def test_a_robot_that_never_wakes_up_keeps_those_behind_it():
    order = PassingOrder.from_paths(np.array([[0, 1, 7], [1, 2, 8]]))
    run = execute(order, RecordedDelays(((), ((0, 10**6),), ())), most_steps=50)
    assert not run.finished
    assert run.done.tolist() == [-1, -1, 1]
    assert run.robot_finish.tolist() == [np.inf, np.inf, 1.0]
    assert run.positions()[0].tolist() == [[0, 1, 7], [0, 1, 8]]


def test_nobody_or_nothing_to_do():
    idle = PassingOrder.from_paths(np.array([[4, 9]]))
    assert (len(idle), idle.robots) == (0, 2)
    run = execute(idle, RandomDelays(0.5))
    assert run.finished
    assert run.positions(2)[0].tolist() == [[4, 9]] * 3
    empty = execute(PassingOrder.from_paths(np.zeros((3, 0), int)), RandomDelays(0.5))
    assert empty.finished


# ---- A fleet manager's own loop ------------------------------------------------------


@settings(max_examples=40)
@given(paths(), st.integers(0, 2**31))
def test_a_loop_over_progress_keeps_the_order_and_ends(sample, seed):
    _, cells, headings, works = sample
    order = PassingOrder.from_paths(cells, headings, works=works)
    progress, random = order.begin(), np.random.default_rng(seed)
    came = {}
    for _ in range(2000):
        if progress.finished:
            break
        willing = np.flatnonzero(random.random(order.robots) < 0.7)
        going = progress.can_go(willing)
        for robot in going:
            action = progress.next_action(robot)
            if order.kind[action] == ActionKind.DRIVE:
                came.setdefault(int(order.cell[action]), []).append(robot)
        progress.advance(going)
        assert len({progress.cell(r) for r in range(order.robots)}) == order.robots
    assert progress.finished
    assert came == passings(cells)


def test_progress_names_who_has_to_go_together():
    progress = PassingOrder.from_paths(np.c_[RING, [[5], [0], [0]]][:1]).begin()
    assert progress.finished and progress.companions(0) == []
    progress = PassingOrder.from_paths(RING).begin()
    assert progress.companions(2) == [0, 1, 2, 3]
    assert not progress.may_advance(2)
    assert progress.awaits(0) == 1
    assert progress.can_go([0, 1, 2]) == []
    with pytest.raises(WarehouseError, match="E216 robot 0 advances before robot 1"):
        progress.advance([0, 2])
    progress.advance([0, 1, 2, 3])
    progress.advance(progress.companions(3))
    assert progress.finished
    with pytest.raises(WarehouseError, match="nothing left to do"):
        progress.advance([1])
