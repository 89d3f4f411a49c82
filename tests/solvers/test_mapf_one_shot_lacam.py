"""LaCAM*: complete, and in the end as good as trying everything."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvers.mapf.distances import distance_rows
from solvers.mapf.floor import Floor
from solvers.mapf.one_shot.lacam import Lacam, make_instance
from solvers.mapf.one_shot.problem import Paths
from solvers.mapf.one_shot.search_tree import grow, hash_of, make_tree, slot_of
from tests import naive
from tests.naive_mapf import least_loss
from tests.strategies import scattered_layouts
from warehouse.grid import Grid

pytestmark = pytest.mark.kernel


@st.composite
def small_instances(draw):
    floor = Floor.from_grid(Grid.from_layout(draw(scattered_layouts(3, 3))))
    robots = draw(st.integers(1, min(3, floor.vertices)))
    places = st.permutations(range(floor.vertices)).map(
        lambda p: np.array(p[:robots], np.int32)
    )
    return floor, draw(places), draw(places)


def begun(floor, starts, goals, seed=0, **limits):
    instance = make_instance(floor, distance_rows(floor, goals), goals)
    return Lacam(instance, starts, seed, **limits)


@given(small_instances(), st.integers(0, 3))
def test_the_search_ends_with_the_least_loss_or_a_proof(instance, seed):
    floor, starts, goals = instance
    lacam = begun(floor, starts, goals, seed)
    while not lacam.exhausted:
        lacam.run(steps=1_000_000)
    least = least_loss(floor.successors, starts, goals)
    plan = lacam.best()
    if least is None:
        assert plan is None
    else:
        assert plan[0].tolist() == starts.tolist()
        assert plan[-1].tolist() == goals.tolist()
        assert naive.motion_faults(floor.grid, floor.cell_of[plan]) == []
        assert Paths(plan).loss == least


@given(small_instances())
def test_several_tries_a_step_and_more_steps_never_make_it_worse(instance):
    floor, starts, goals = instance
    lacam = begun(floor, starts, goals)
    losses = []
    for _ in range(20):
        lacam.run(steps=7, tries=3)
        if lacam.best() is not None:
            losses.append(Paths(lacam.best()).loss)
    assert losses == sorted(losses, reverse=True)


def test_a_crowded_floor_is_solved():
    """A puzzle with two free cells: PIBT alone would go round in circles."""
    floor = Floor.from_grid(Grid.from_arrays(np.ones((3, 3), bool)))
    starts = np.arange(7, dtype=np.int32)
    goals = np.array([1, 0, 3, 2, 5, 4, 6], np.int32)
    lacam = begun(floor, starts, goals)
    assert lacam.run(steps=300_000)
    assert naive.motion_faults(floor.grid, floor.cell_of[lacam.best()]) == []


def test_without_memory_the_best_is_kept_but_nothing_is_proved():
    floor = Floor.from_grid(Grid.from_arrays(np.ones((3, 3), bool)))
    starts, goals = np.arange(4, dtype=np.int32), np.arange(4, dtype=np.int32)[::-1]
    lacam = begun(floor, starts, goals.copy(), memory_bytes=1)
    assert lacam.run(steps=10_000)
    first = Paths(lacam.best()).loss
    lacam.run(steps=2_000)
    assert lacam.restarts > 0
    assert not lacam.exhausted
    assert Paths(lacam.best()).loss <= first


def test_a_configuration_is_found_again_after_the_tree_has_grown():
    tree = make_tree(robots=2, nodes=4)
    known = np.array([[k, 7 * k] for k in range(3)], np.int32)
    for node, configuration in enumerate(known):
        tree.hashed[node] = hash_of(configuration, tree.salt)
        tree.table[slot_of(tree, configuration, tree.hashed[node])] = node
        tree.configuration[node] = configuration
    tree.nodes[0] = 3
    tree = grow(tree)
    assert len(tree.parent) == 8
    for node, configuration in enumerate(known):
        found = slot_of(tree, configuration, hash_of(configuration, tree.salt))
        assert tree.table[found] == node
    other = np.array([0, 1], np.int32)
    assert tree.table[slot_of(tree, other, hash_of(other, tree.salt))] == -1
