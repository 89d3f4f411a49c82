"""Tour kernels held against trying every order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvers.routing.tour_kernels import (
    EXACT_NODES,
    find_neighbours,
    held_karp_cost,
    improve,
    iterate,
    make_work,
    tour_cost,
    visit_nearest,
)
from tests.naive_routing import path_length, shortest_path_length

pytestmark = pytest.mark.kernel


@st.composite
def path_problems(draw, most_nodes):
    """A random, mostly asymmetric matrix, nodes, and a start and an end."""
    k = draw(st.integers(0, most_nodes))
    places = k + draw(st.integers(2, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    points = rng.integers(0, 20, (places, 2))
    dist = np.abs(points[:, None] - points[None]).sum(axis=2)
    if draw(st.booleans()):
        dist = dist + rng.integers(0, 10, dist.shape)
    shuffled = rng.permutation(places)
    start = int(shuffled[k])
    end = start if draw(st.booleans()) else int(shuffled[k + 1])
    kind = draw(st.sampled_from([np.int16, np.int32]))
    return dist.astype(kind), shuffled[:k].astype(np.int32), k, start, end


def call(kernel, problem, work):
    dist, nodes, k, start, end = problem
    order = np.full(k + 1, -7, np.int32)
    length = kernel(dist, nodes, k, start, end, order, work)
    assert order[k] == -7, "wrote past the order"
    assert sorted(order[:k].tolist()) == list(range(k))
    assert length == path_length(dist, [start, *nodes[order[:k]].tolist(), end])
    return length


@given(path_problems(most_nodes=6))
def test_held_karp_is_shortest(problem):
    dist, nodes, _, start, end = problem
    shortest = shortest_path_length(dist, nodes.tolist(), start, end)
    assert call(held_karp_cost, problem, make_work(6)) == shortest
    assert call(tour_cost, problem, make_work(6)) == shortest


@given(path_problems(most_nodes=11))
def test_tour_cost_is_near_held_karp(problem):
    work = make_work(11, 11)
    shortest = call(held_karp_cost, problem, work)
    length = call(tour_cost, problem, work)
    assert length >= shortest
    if problem[2] <= EXACT_NODES:
        assert length == shortest
    else:
        assert length <= 1.5 * shortest


@given(path_problems(most_nodes=40))
def test_tour_cost_tells_the_length_of_its_order(problem):
    call(tour_cost, problem, make_work(40))


def test_work_may_be_larger_and_used_before():
    rng = np.random.default_rng(3)
    work = make_work(80)
    for k in (30, 5, 12, 0, 60, 9, 1):
        points = rng.integers(0, 50, (k + 1, 2))
        dist = np.abs(points[:, None] - points[None]).sum(axis=2).astype(np.int32)
        nodes = np.arange(1, k + 1, dtype=np.int32)
        problem = (dist, nodes, k, 0, 0)
        assert call(tour_cost, problem, work) == call(tour_cost, problem, make_work(k))


def loaded_work(dist):
    """Work with a nearest-neighbour tour of a matrix, improved once."""
    k = len(dist) - 1
    work = make_work(k, 0)
    work.local[:-1, :-1] = dist
    work.local[-1, :-1] = dist[0]
    work.local[:, -1] = work.local[:, 0]
    find_neighbours(k, work)
    visit_nearest(k, work)
    before = path_length(work.local, work.path)
    assert improve(k, work) <= before
    return work


@given(st.integers(0, 2**32), st.integers(2, 30), st.booleans())
def test_kicks_never_lengthen_and_sums_stay_true(seed, k, symmetric):
    rng = np.random.default_rng(seed)
    dist = rng.integers(1, 50, (k + 1, k + 1)).astype(np.int32)
    if symmetric:
        dist = np.minimum(dist, dist.T)
    work = loaded_work(dist)
    random, idle = np.array([seed + 1], np.uint64), np.zeros(1, np.int64)
    length = work.sums[0, k + 1]
    for kicks in (1, 5, 20):
        assert iterate(k, kicks, 1000, idle, random, work) == kicks
        path = work.path.tolist()
        assert sorted(path) == list(range(k + 2))
        assert [path.index(c) for c in range(k + 2)] == work.position.tolist()
        assert work.sums[0, k + 1] == path_length(work.local, path) <= length
        assert work.sums[1, k + 1] == path_length(work.local, path[::-1])
        length = work.sums[0, k + 1]


def test_short_calls_do_what_one_long_call_does():
    dist = np.random.default_rng(1).integers(1, 99, (31, 31)).astype(np.int32)
    paths = []
    for calls in ([60], [7, 13, 40]):
        work = loaded_work(dist)
        random, idle = np.array([5], np.uint64), np.zeros(1, np.int64)
        for kicks in calls:
            iterate(30, kicks, 1000, idle, random, work)
        paths.append((work.path.tolist(), random[0], idle[0]))
    assert paths[0] == paths[1]


@pytest.mark.parametrize("patience", [0, 10])
def test_patience_ends_the_kicks(patience):
    work = loaded_work(np.ones((6, 6), np.int32))
    idle = np.zeros(1, np.int64)
    assert iterate(5, 50, patience, idle, np.array([1], np.uint64), work) == patience
