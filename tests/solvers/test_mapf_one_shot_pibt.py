"""PIBT's step: legal whatever is asked of it, and what it promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvers.mapf.distances import distance_rows
from solvers.mapf.floor import Floor
from solvers.mapf.one_shot.pibt import NOBODY, away_first, make_space, step
from tests import naive
from tests.naive_mapf import joint_moves
from tests.strategies import rooms, scattered_layouts
from warehouse.grid import Grid

pytestmark = pytest.mark.kernel


class Team:
    """Robots on a floor that `step` moves."""

    def __init__(self, floor, starts, goals, seed=0):
        self.floor = floor
        self.position = np.array(starts, np.int32)
        self.goals = np.array(goals, np.int32)
        self.distances = distance_rows(floor, self.goals)
        self.degree = (floor.successors >= 0).sum(axis=1).astype(np.int8)
        self.order = np.arange(len(starts), dtype=np.int32)
        self.space = make_space(floor.vertices, len(starts), seed)

    def step(self, preferred=None, fixed=None):
        robots = len(self.goals)
        target = np.full(robots, -1, np.int32) if fixed is None else fixed
        done = step(
            self.floor.successors,
            self.degree,
            self.distances,
            self.goals,
            self.position,
            self.order,
            np.full(robots, -1, np.int32) if preferred is None else preferred,
            target,
            self.space,
        )
        return target if done else None


@st.composite
def teams(draw, layouts):
    floor = Floor.from_grid(draw(layouts))
    robots = draw(st.integers(1, min(9, floor.vertices)))
    places = st.permutations(range(floor.vertices)).map(lambda p: p[:robots])
    return Team(floor, draw(places), draw(places), draw(st.integers(0, 9)))


any_floor = scattered_layouts(5, 5).map(Grid.from_layout)


@given(teams(any_floor), st.data())
def test_every_step_is_legal_whatever_is_preferred(team, data):
    paths = [team.position]
    for _ in range(5):
        around = np.column_stack(
            [team.floor.successors, np.arange(team.floor.vertices)]
        )
        columns = data.draw(
            st.lists(st.integers(0, 4), min_size=len(team.goals), max_size=9)
        )[: len(team.goals)]
        preferred = around[team.position, columns].astype(np.int32)
        team.position = team.step(preferred)
        assert team.position is not None
        paths.append(team.position)
    cells = team.floor.cell_of[np.array(paths)]
    assert naive.motion_faults(team.floor.grid, cells) == []


@given(teams(any_floor), st.data())
def test_a_fixed_robot_goes_where_it_must_or_the_step_is_given_up(team, data):
    robot = data.draw(st.integers(0, len(team.goals) - 1))
    ways = [v for v in team.floor.successors[team.position[robot]].tolist() if v >= 0]
    fixed = np.full(len(team.goals), -1, np.int32)
    fixed[robot] = vertex = data.draw(st.sampled_from([*ways, team.position[robot]]))
    before = team.position.copy()
    target = team.step(fixed=fixed)
    if target is not None:
        assert target[robot] == vertex
        assert (
            tuple(target.tolist())
            in set(joint_moves(team.floor.successors[:], before.tolist()))
            or len(team.goals) > 5
        )
    assert (team.space.here == NOBODY).all()
    assert (team.space.there == NOBODY).all()


@given(teams(rooms(4, 4)))
def test_all_robots_come_to_their_goals_one_at_a_time(team):
    """On 2-connected floor who is first gets there, then the next, and so on."""
    reached = np.zeros(len(team.goals), bool)
    after = team.order.copy()
    for _ in range(3000):
        away_first(team.order, team.position, team.goals, after)
        team.order, after = after, team.order
        reached |= team.position == team.goals
        if reached.all():
            break
        team.position = team.step()
    assert reached.all()


def test_who_is_pushed_lets_the_more_urgent_one_through():
    # The aisle's way out for robot 1 is behind it: it backs off to the junction.
    floor = Floor.from_grid(
        Grid.from_arrays(np.array([[1, 1, 1, 1], [0, 0, 1, 0]], bool))
    )
    team = Team(floor, starts=[0, 1], goals=[3, 0])
    team.position = team.step()
    assert team.position.tolist() == [1, 2]


def test_the_preferred_vertex_comes_first_even_when_it_is_a_wait():
    floor = Floor.from_grid(Grid.from_arrays(np.ones((1, 4), bool)))
    team = Team(floor, starts=[0], goals=[3])
    assert team.step(preferred=np.array([0], np.int32)).tolist() == [0]
    assert team.step().tolist() == [1]


@given(st.data())
def test_urgency_is_what_growing_priorities_would_sort(data):
    robots = data.draw(st.integers(1, 8))
    goals = np.zeros(robots, np.int32)
    order = np.arange(robots, dtype=np.int32)
    waited = np.zeros(robots, int)
    after = order.copy()
    for _ in range(6):
        away = np.array(data.draw(st.lists(st.booleans(), min_size=robots, max_size=8)))
        position = away[:robots].astype(np.int32)
        waited = np.where(position != goals, waited + 1, 0)
        away_first(order, position, goals, after)
        assert sorted(after.tolist()) == list(range(robots))
        assert (np.diff(waited[after]) <= 0).all()
        order, after = after, order
