"""What the engine for turning robots is made of, held to naive versions."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.mapf.floor import Floor
from solvers.mapf.lifelong.pockets import pockets
from solvers.mapf.lifelong.problem import Ahead
from solvers.mapf.lifelong.turning import TurningTeam
from solvers.mapf.lifelong.turning_distances import TurningDistances
from solvers.mapf.lifelong.turning_operations import HEADING_STEP
from solvers.mapf.lifelong.turning_pibt import NOBODY, SEVERAL, holder, improve
from solvers.mapf.lifelong.turning_step import StepPlanner, TurningParams, Wanted
from solvers.mapf.lifelong.turning_windows import (
    AT,
    NOW,
    Ways,
    first_actions,
    let_time_pass,
    make_turning_windows,
    plan_windows,
)
from tests.naive_lifelong import (
    dead_ends,
    operation_clashes,
    turning_step_cost,
    turning_ways,
)
from warehouse.grid import Grid

pytestmark = [
    pytest.mark.kernel,
    # Counts of windows are kept modulo 256, of which numpy warns without the compiler.
    pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning"),
]

WALLS = ["......", ".##.#.", "......", ".#.##.", "......"]
MEET = 6


def floor_of(*rows):
    return Floor.from_grid(
        Grid.from_arrays(np.array([[c == "." for c in row] for row in rows]))
    )


def ways_of(floor, goals, following=None, settled=-1):
    table = TurningDistances(floor)
    both = goals if following is None else np.concatenate([goals, following])
    rows = table.slots(np.array(both, np.int32))
    after = np.full(len(goals), -1, np.int64)
    if following is not None:
        after = rows[len(goals) :]
    return Ways(
        np.require(floor.successors, np.int32, ["C", "W"]),
        table.forward_costs,
        table.data,
        rows[: len(goals)].copy(),
        after.copy(),
        np.full(len(goals), settled, np.int32),
        MEET,
    )


def planned(windows):
    """States of each robot, from the present timestep on."""
    slots = windows.plan.shape[1]
    now = windows.counts[NOW] % slots
    return [
        [int(plan[(now + k) % slots]) for k in range(windows.length[robot] + 1)]
        for robot, plan in enumerate(windows.plan)
    ]


@given(st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=1))
@settings(max_examples=40, deadline=None)
def test_pockets_are_the_naive_dead_ends(free):
    free = np.array(free)
    if not free.any():
        return
    floor = Floor.from_grid(Grid.from_arrays(free))
    ways = {
        v: {int(u) for u in after if u >= 0} for v, after in enumerate(floor.successors)
    }
    assert set(np.flatnonzero(pockets(floor)).tolist()) == dead_ends(ways)


@pytest.mark.parametrize("seed", range(6))
def test_the_last_window_is_cheapest_among_the_others(seed):
    floor = floor_of(*WALLS)
    random = np.random.default_rng(seed)
    window, robots = 5, 6
    starts = random.choice(floor.vertices, robots, replace=False)
    goals = np.roll(starts, 1)
    states = (4 * starts + random.integers(0, 4, robots)).astype(np.int32)
    ways = ways_of(floor, goals)
    windows = make_turning_windows(robots, floor.vertices, window)
    windows.plan[:, 0] = states
    order = random.permutation(robots)
    plan_windows(ways, windows, order, 1 << 40)
    plans, last = planned(windows), int(order[-1])
    # Who comes to its goal is gone from then on.
    others = [plan + [-9] * window for robot, plan in enumerate(plans) if robot != last]
    row = ways.data[ways.rows[last]]

    def step(before, after, t):
        return turning_step_cost(floor.successors, row, before, after, others, t, MEET)

    found = sum(step(b, a, t) for t, (b, a) in enumerate(pairwise(plans[last])))
    costs, ended = {int(states[last]): 0}, []
    for t in range(window):
        following = {}
        for state, paid in costs.items():
            for after in turning_ways(floor.successors, state):
                cost = paid + step(state, after, t)
                if row[after] == 0:
                    ended.append(cost)
                else:
                    following[after] = min(following.get(after, 10**9), cost)
        costs = following
    assert found == min([*costs.values(), *ended])


@pytest.mark.parametrize("seed", range(6))
def test_who_stays_at_its_goal_pays_for_leaving_it(seed):
    floor = floor_of(*WALLS)
    random = np.random.default_rng(seed)
    window, robots, stayed = 5, 6, int(random.integers(0, 3))
    starts = random.choice(floor.vertices, robots, replace=False)
    goals = np.roll(starts, 1)
    order = random.permutation(robots)
    last = int(order[-1])
    if seed % 2:
        goals[last] = starts[last]
    states = (4 * starts + random.integers(0, 4, robots)).astype(np.int32)
    ways = ways_of(floor, goals, settled=stayed)
    windows = make_turning_windows(robots, floor.vertices, window)
    windows.plan[:, 0] = states
    plan_windows(ways, windows, order, 1 << 40)
    plans = planned(windows)
    assert {len(plan) for plan in plans} == {window + 1}
    others = [plan for robot, plan in enumerate(plans) if robot != last]
    row = ways.data[ways.rows[last]]

    def step(before, after, t):
        cost = turning_step_cost(floor.successors, row, before, after, others, t, MEET)
        if row[before] == 0:
            cost += -4 if before // 4 == after // 4 else 4 * stayed
        return cost

    costs = {int(states[last]): 0}
    for t in range(window):
        following = {}
        for state, paid in costs.items():
            for after in turning_ways(floor.successors, state):
                cost = paid + step(state, after, t)
                following[after] = min(following.get(after, 10**9), cost)
        costs = following
    found = sum(step(b, a, t) for t, (b, a) in enumerate(pairwise(plans[last])))
    assert found == min(costs.values())


@pytest.mark.parametrize("seed", range(3))
def test_operations_of_who_stays_cost_every_step_away(seed):
    floor = floor_of(*WALLS)
    random = np.random.default_rng(seed)
    robots = 6
    starts = random.choice(floor.vertices, robots, replace=False)
    goals = np.roll(starts, 1).astype(np.int32)
    goals[0] = starts[0]
    states = (4 * starts + random.integers(0, 4, robots)).astype(np.int32)
    table = TurningDistances(floor)
    rows = table.slots(goals)
    params = TurningParams(depth=3, window=2)
    planner = StepPlanner(floor, states, table.forward_costs, params, False, 0)
    nothing = np.full(robots, -1, np.int64)
    nowhere, settled = np.zeros(floor.vertices, np.int32), np.zeros(robots, np.int32)
    planner.weigh(Wanted(goals, table.data, rows, nothing, nowhere, settled))
    choices = planner.choices
    for robot in range(robots):
        for k in range(choices.counts[robot]):
            path = [int(starts[robot]), *choices.paths[robot, k].tolist()]
            away = sum({b, a} != {int(goals[robot])} for b, a in pairwise(path))
            turns = HEADING_STEP[choices.actions[robot, k]].sum()
            end = 4 * path[-1] + (int(states[robot]) + turns) % 4
            cost = 4 * away + int(table.data[rows[robot], end])
            assert choices.costs[robot, k] == cost


def test_the_books_agree_with_the_plans_after_many_steps():
    floor = floor_of(*WALLS)
    random = np.random.default_rng(3)
    robots = 7
    goals = random.choice(floor.vertices, robots, replace=False)
    states = (4 * random.choice(floor.vertices, robots, replace=False)).astype(np.int32)
    ways = ways_of(floor, goals)
    ways.rows[0] = -1
    windows = make_turning_windows(robots, floor.vertices, 4)
    windows.plan[:, 0] = states
    for _ in range(12):
        plan_windows(ways, windows, np.arange(robots), 1 << 40)
        slots = windows.plan.shape[1]
        expected = np.zeros_like(windows.used)
        plans = planned(windows)
        for plan in plans:
            for t, (before, after) in enumerate(pairwise(plan)):
                slot = (windows.counts[NOW] + t) % slots
                expected[(slot + 1) % slots, after // 4, AT] += 1
                if before // 4 != after // 4:
                    expected[slot, before // 4, before % 4] += 1
        assert (windows.used == expected).all()
        # Some robots do not do as they planned.
        follows = random.random(robots) < 0.7
        states = np.array(
            [
                plan[1] if follow and len(plan) > 1 else plan[0]
                for plan, follow in zip(plans, follows, strict=True)
            ],
            np.int32,
        )
        let_time_pass(windows, states)


def test_a_window_goes_on_to_the_goal_after_the_goal():
    floor = floor_of("...")
    ways = ways_of(floor, np.array([1]), np.array([2]))
    windows = make_turning_windows(1, floor.vertices, 2)
    windows.plan[0, 0] = 1  # on vertex 0, looks to the right
    plan_windows(ways, windows, np.arange(1), 1 << 40)
    assert planned(windows) == [[1, 5, 9]]
    actions = np.zeros(4, np.int8)
    assert first_actions(windows, 0, actions)
    assert actions.tolist() == [1, 1, 0, 0]


def _crowd(seed):
    """Return a team on a crowded floor that has moved for some steps."""
    floor = floor_of(*WALLS)
    random = np.random.default_rng(seed)
    starts = random.permutation(floor.vertices)[:12].astype(np.int32)
    goals = random.permutation(floor.vertices)[:12].astype(np.int32)
    goals[:4] = -1
    team = TurningTeam(floor, starts, params=TurningParams(depth=3, window=4))
    for _ in range(3):
        team.step(goals)
    return team, goals


def _wanted(team, goals):
    slots, next_slots = team._rows(goals)
    return Wanted(goals, team.distances.data, slots, next_slots, team._in_the_way)


def _operations(team):
    plan, choices = team._planner.plan, team._planner.choices
    return [
        [int(plan.vertices[r]), *choices.paths[r, plan.chosen[r]].tolist()]
        for r in range(len(plan.vertices))
    ]


@pytest.mark.parametrize("seed", range(3))
def test_who_is_in_the_way_and_since_when(seed):
    team, goals = _crowd(seed)
    team._planner.weigh(_wanted(team, goals))
    plan, choices = team._planner.plan, team._planner.choices
    operations = _operations(team)
    for robot in range(len(operations)):
        for k in range(choices.counts[robot]):
            path = choices.paths[robot, k].tolist()
            mine = [operations[robot][0], *path]
            clashes = {
                other: next(
                    t for t in range(3) if operation_clashes(mine[: t + 2], op[: t + 2])
                )
                for other, op in enumerate(operations)
                if other != robot and operation_clashes(mine, op)
            }
            found, since = holder(choices, plan, robot, k)
            if found in (NOBODY, robot):
                assert not clashes
            elif found == SEVERAL:
                assert len(clashes | {robot: 0}) > 1
            else:
                assert set(clashes) <= {found, robot}
                assert since in (clashes.get(found), 0, 1, 2)


@pytest.mark.parametrize("seed", range(3))
def test_chains_keep_operations_apart_and_never_cost_more(seed):
    team, goals = _crowd(seed)
    slots, _ = team._rows(goals)
    order = team._prioritise(goals, slots)
    team._planner.weigh(_wanted(team, goals))
    team._planner.inherit(order, float("inf"))
    plan, choices = team._planner.plan, team._planner.choices
    robots = np.arange(len(goals))

    def weighted():
        return float((plan.weights * choices.costs[robots, plan.chosen]).sum())

    for _ in range(3):
        before = weighted()
        improve(choices, plan, team._planner.chain, order.astype(np.int32), False, 500)
        assert weighted() <= before + 1e-9
        operations = _operations(team)
        for robot, mine in enumerate(operations):
            assert not any(operation_clashes(mine, op) for op in operations[:robot])
            held = plan.reserved[mine[1:], np.arange(3)]
            assert (held == robot).all()


def test_who_is_in_a_dead_end_comes_out_before_another_goes_in():
    floor = floor_of("....", ".##.", "....", "#.##")
    bay, door = floor.vertices - 1, int(floor.vertex_of[2 * 4 + 1])
    team = TurningTeam(floor, np.array([bay, door], np.int32))
    goals = [0, bay]
    team.look_ahead(Ahead(np.full(2, -1, np.int32), np.array([900, 0])))
    reached = [False, False]
    for _ in range(40):
        vertices, _ = team.step(np.array(goals, np.int32))
        for robot in range(2):
            reached[robot] |= vertices[robot] == goals[robot]
    assert all(reached)
