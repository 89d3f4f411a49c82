"""All sets of orders, and choices among them: as slow ways to do the same find them."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.result import Stop
from solvers.totes.carried import CarriedSets
from solvers.totes.lazy_choice import choose_lazily
from solvers.totes.partition import (
    DONE,
    ENOUGH,
    STEPS_OVER,
    begin,
    descend,
    group,
)
from solvers.totes.problem import ToteProblem
from solvers.totes.trips_met import TripsMet
from tests.solvers.test_totes import naive_total, random_problem


def naive_partitions(bits, orders):
    """Every way to put sets together that hold each order once, as lists of columns."""
    ways = []
    for size in range(1, orders + 1):
        for chosen in combinations(range(len(bits)), size):
            taken = [bits[column] for column in chosen]
            if sum(taken) == (1 << orders) - 1 == np.bitwise_or.reduce(taken):
                ways.append(list(chosen))
    return ways


def random_sets(seed, orders=4):
    rng = np.random.default_rng(seed)
    bits = np.sort(rng.choice(np.arange(1, 1 << orders), 9, replace=False))
    cost = rng.integers(0, 8, len(bits)).astype(float)
    return bits, cost, rng.random(len(bits)) < 0.6


@pytest.mark.kernel
@given(
    seed=st.integers(0, 10_000),
    steps=st.sampled_from([1, 7, 10_000]),
    surcharge=st.sampled_from([0.0, 1.5, 20.0]),
)
@settings(max_examples=40)
def test_descent_finds_the_cheapest_and_all_that_may_be_cheaper(seed, steps, surcharge):
    bits, cost, known = random_sets(seed)
    room = 12.0
    groups, order = group(bits, cost, known, 4, 2, surcharge)

    def price(way):
        return cost[way].sum() + surcharge * max(0, len(way) - 2)

    descent = begin(groups, room)
    while descend(groups, descent, 1.0, 10_000, steps) == STEPS_OVER:
        pass
    ways = naive_partitions(bits, 4)
    sure = [price(way) for way in ways if known[way].all()]
    best = min(sure, default=np.inf)
    count = descent.best[0]
    if best <= room:
        chosen = order[descent.best[1 : count + 1]]
        assert price(chosen) == best
        assert np.bitwise_or.reduce(bits[chosen]) == bits[chosen].sum() == 15
    else:
        assert count == 0
    wanted = set(order[descent.wanted].tolist())
    for way in ways:
        if price(way) <= min(room, best - 1):
            assert {column for column in way if not known[column]} <= wanted
    assert not known[list(wanted)].any()


def test_descent_stops_where_enough_is_wanted():
    bits, cost = np.array([1, 2, 3]), np.zeros(3)
    groups, _ = group(bits, cost, np.zeros(3, bool), 2, 2, 0.0)
    descent = begin(groups, 1.0)
    assert descend(groups, descent, 1.0, 1, 100) == ENOUGH
    assert descend(groups, descent, 1.0, 9, 100) == DONE
    assert descent.wanted.all()


def replace_capacity(problem, capacity):
    return ToteProblem(
        problem.distance,
        problem.stations,
        problem.sku_start,
        problem.sku_place,
        problem.order_start,
        problem.order_sku,
        problem.mass,
        capacity,
    )


@pytest.mark.parametrize("seed", range(5))
def test_sets_are_those_within_the_capacity(seed):
    mass = np.random.default_rng(seed).integers(1, 6, 6).astype(np.int32)
    carried = CarriedSets.within(mass, 9)
    member = np.arange(64)[:, None] >> np.arange(6) & 1
    fits = np.flatnonzero(member @ mass <= 9)[1:]
    assert carried.bits.tolist() == fits.tolist()
    worth = np.arange(6) / 4
    assert carried.worth(worth).tolist() == (member[fits] @ worth).tolist()
    rng = np.random.default_rng(seed)
    carried.least[:] = given_least = rng.integers(0, 50, len(fits))
    carried.spread()
    for bits, least in zip(fits, carried.least, strict=True):
        assert least == given_least[(fits & bits) == fits].max()


def test_too_many_sets_are_not_listed(monkeypatch):
    monkeypatch.setattr("solvers.totes.carried.MOST_SETS", 6)
    assert CarriedSets.within(np.ones(3, np.int32), 3) is None
    assert len(CarriedSets.within(np.ones(3, np.int32), 2).bits) == 6
    assert CarriedSets.within(np.ones(63, np.int32), 1) is None


@pytest.mark.parametrize("seed", range(12))
def test_choice_is_the_best_with_few_trips_found(seed):
    problem = random_problem(seed, orders=8, skus=5, nodes=8)
    if seed % 2:  # few trips, so that light sets are left out
        problem = replace_capacity(problem, 11)
    met = TripsMet(problem, Stop(), 0.0, float("inf"))
    singles = [1 << order for order in range(problem.orders)]
    for single in singles:
        met.trip(single)
    carried = CarriedSets.within(problem.mass, problem.capacity)
    parts, bound = choose_lazily(met, carried, singles)
    shortest = naive_total(problem, list(range(problem.orders)))
    assert met.total(parts) == bound == shortest
    assert sum(parts) == (1 << problem.orders) - 1


def test_bound_holds_where_trips_are_not_exact(monkeypatch):
    monkeypatch.setattr("solvers.totes.covering_tour.MOST_EXACT", 1)
    for seed in range(4):
        problem = random_problem(seed, orders=6, skus=5, nodes=8)
        met = TripsMet(problem, Stop(), 0.0, float("inf"))
        singles = [1 << order for order in range(problem.orders)]
        for single in singles:
            met.trip(single)
        carried = CarriedSets.within(problem.mass, problem.capacity)
        parts, bound = choose_lazily(met, carried, singles)
        shortest = naive_total(problem, list(range(problem.orders)))
        assert bound <= shortest <= met.total(parts)
