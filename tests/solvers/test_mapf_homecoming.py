"""Bringing robots home that a plan leaves away, against a plain search in time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.mapf.distances import distance_rows
from solvers.mapf.floor import Floor
from solvers.mapf.one_shot.homecoming import bring_home, replan_group
from solvers.mapf.one_shot.neighbourhood_search import as_plan
from solvers.mapf.one_shot.replan import make_search
from solvers.mapf.one_shot.reservations import empty_reservations
from solvers.mapf.one_shot.turning import turn, turning_rows
from solvers.mapf.one_shot.worker import reserve_some
from tests import naive
from tests.naive_lifelong import turning_ways
from tests.naive_mapf import joint_moves
from tests.strategies import rooms
from warehouse.grid import Grid

ROBOTS = 3


def wandering(floor, random, turning):
    """A plan of robots that wander, in states."""
    plan = [random.permutation(floor.vertices)[:ROBOTS].tolist()]
    for _ in range(5):
        after = list(joint_moves(floor.successors, plan[-1]))
        plan.append(list(after[random.integers(len(after))]))
    vertices = np.array(plan, np.int32)
    if not turning:
        return vertices
    return turn(floor, vertices, random.integers(0, 4, ROBOTS).astype(np.uint8))


def way_home(floor, plan, robot, goal, shift, horizon):
    """Whether a robot can get home and stay, around the paths of the others."""
    others = [r for r in range(plan.shape[1]) if r != robot]

    def at(t):
        return [int(v) >> shift for v in plan[min(t, len(plan) - 1), others]]

    states = {int(plan[0, robot])}
    for t in range(horizon):
        following = set()
        for state in states:
            near = (
                [int(u) for u in floor.successors[state] if u >= 0] if not shift else []
            )
            options = turning_ways(floor.successors, state) if shift else [state, *near]
            for after in options:
                v, u = state >> shift, after >> shift
                meets = u in at(t + 1)
                swaps = any(
                    b == u and a == v and u != v
                    for b, a in zip(at(t), at(t + 1), strict=True)
                )
                if not meets and not swaps:
                    following.add(after)
        states = following
    # By then the others rest.
    return any(state >> shift == goal for state in states)


@pytest.mark.kernel
@settings(max_examples=25, deadline=None)
@given(rooms(3, 4), st.integers(0, 10_000), st.booleans())
def test_a_robot_comes_home_if_it_can(grid, seed, turning):
    floor, random = Floor.from_grid(grid), np.random.default_rng(seed)
    shift = 2 if turning else 0
    states = wandering(floor, random, turning)
    goals = (states[-1] >> shift).astype(np.int32)
    goals[0] = random.choice(np.setdiff1d(np.arange(floor.vertices), goals[1:]))
    rows = turning_rows(floor, goals) if turning else distance_rows(floor, goals)
    plan = as_plan(states, shift, "sum_of_costs", 60)
    reserved = empty_reservations(floor.vertices, len(plan.at) // 64)
    paths = np.empty((1, len(plan.at)), np.int32)
    reserve_some(plan, reserved, floor.successors, np.arange(ROBOTS), paths[0])
    search = make_search(floor.vertices << shift, len(plan.at), 5064, seed)
    before = plan.at.copy()
    done, _ = replan_group(
        plan,
        reserved,
        search,
        floor.successors,
        rows,
        goals,
        np.ones(ROBOTS, np.bool_),
        np.array([0]),
        5000,
        paths,
        np.empty(1, np.int64),
    )
    assert done == way_home(floor, states, 0, int(goals[0]), shift, len(plan.at) - 1)
    cells = floor.cell_of[plan.at >> shift]
    headings = plan.at & 3 if turning else None
    assert naive.motion_faults(grid, cells, headings) == []
    assert (plan.at[0] == before[0]).all()
    if done:
        assert (plan.at[-1] >> shift).tolist() == goals.tolist()
    else:
        assert (plan.at == before).all()


@settings(max_examples=25, deadline=None)
@given(rooms(4, 4), st.integers(0, 10_000), st.booleans())
def test_no_fewer_are_home_and_nobody_collides(grid, seed, turning):
    floor, random = Floor.from_grid(grid), np.random.default_rng(seed)
    shift = 2 if turning else 0
    states = wandering(floor, random, turning)
    goals = random.permutation(floor.vertices)[:ROBOTS].astype(np.int32)
    rows = turning_rows(floor, goals) if turning else distance_rows(floor, goals)
    found = bring_home(floor, rows, goals, states, seed=seed)
    assert (found == bring_home(floor, rows, goals, states, seed=seed)).all()
    headings = found & 3 if turning else None
    assert naive.motion_faults(grid, floor.cell_of[found >> shift], headings) == []
    assert (found[0] == states[0]).all()
    home = (found[-1] >> shift == goals).sum()
    assert home >= (states[-1] >> shift == goals).sum()


def test_who_went_home_first_lets_another_pass():
    # Robot 1 settled in the mouth of a dead end before robot 0 came.
    floor = Floor.from_grid(Grid.from_arrays(np.ones((1, 4), bool)))
    goals = np.array([3, 2], np.int32)
    states = np.array([[0, 1], [0, 2], [1, 2]], np.int32)
    # Robot 0 cannot pass robot 1 at all; but where it may go first, both come home.
    found = bring_home(floor, distance_rows(floor, goals), goals, states)
    assert found[-1].tolist() == [1, 2]
    room = Floor.from_grid(
        Grid.from_arrays(np.array([[1, 1, 1, 1], [1, 1, 0, 0]], bool))
    )
    found = bring_home(room, distance_rows(room, goals), goals, states)
    assert found[-1].tolist() == goals.tolist()


def test_no_time_leaves_the_plan_as_it_is():
    floor = Floor.from_grid(Grid.from_arrays(np.ones((2, 4), bool)))
    goals, states = np.array([3], np.int32), np.array([[0], [1]], np.int32)
    rows = distance_rows(floor, goals)
    assert bring_home(floor, rows, goals, states, deadline=0.0).tolist() == [[0], [1]]
    stopped = bring_home(floor, rows, goals, states, stopped=lambda: True)
    assert stopped.tolist() == [[0], [1]]
