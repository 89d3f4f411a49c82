"""Lower bounds: below every plan, and as high as brute force says."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.bounds.makespan import (
    BoundProblem,
    completion_bound_s,
    robots_bound_s,
    stations_bound_s,
    travel_bound_s,
)
from solvers.bounds.order_paths import MOST_LINES, OrderLocations, shortest_ways
from solvers.fulfilment import plan_scenario
from solvers.fulfilment.params import FulfilmentParams
from solvers.result import Stop
from tests.naive import FAR, fill_moment, partitions, shortest_way
from tests.strategies import scenarios
from warehouse.layout import CellKind, Layout
from warehouse.metrics import measure
from warehouse.scenario import Fleet, Orders, Scenario, Service, Station, Stock

# ---- Below every plan -------------------------------------------------------------


@settings(max_examples=80)
@given(
    scenarios(),
    st.sampled_from(["throughput", "on-time", "travel"]),
    st.sampled_from(["reserved", "pibt"]),
)
def test_no_plan_is_better_than_its_bounds(scenario, objective, motion):
    params = FulfilmentParams(objective=objective, motion=motion)
    plan = plan_scenario(scenario, Stop(iterations=2), params=params).solution
    metrics = measure(plan)
    assert set(plan.bound.makespan_s) == {"stations", "robots", "longest_order"}
    for value_s in plan.bound.makespan_s.values():
        assert 0 <= value_s <= plan.makespan_s + 1e-6
    assert 0 <= plan.bound.travel_m <= metrics.travel_m + 1e-6
    assert 0 <= plan.bound.tardiness_s <= metrics.tardiness_s + 1e-6
    assert plan.bound.value_s == max(plan.bound.makespan_s.values())


def lonely(lines, **changes):
    """One robot, one station, one order; a corridor of six cells before the racks."""
    rows = ["SSSSSS", "......", "H####P"]
    layout = Layout.from_rows(rows)
    count = len(lines)
    sku, rack, quantity = (np.array(c, np.int32) for c in zip(*lines, strict=True))
    scenario = Scenario(
        name="lonely",
        layout=layout,
        sku_names=tuple(f"sku {k}" for k in range(count)),
        stock=Stock(sku, rack, quantity),
        orders=Orders(
            ("only",),
            np.zeros(1),
            np.array([10.0]),
            np.zeros(1, np.int32),
            np.zeros(count, np.int32),
            sku.copy(),
            quantity.copy(),
        ),
        fleet=Fleet(layout.cells_of(CellKind.HOME).copy(), speed_m_s=1.0),
        stations=(Station("till", int(layout.cells_of(CellKind.DOCK)[0])),),
        service=Service(2.0, 1.0, 3.0, 20.0, 2.0),
    )
    return replace(scenario, **changes)


def test_a_lonely_order_is_done_as_soon_as_the_bound_says():
    plan = plan_scenario(lonely([(0, 2, 4)])).solution
    # 1 up, 2 along, 6 s to pick, 3 along, 1 down, 3 s to hand over, 28 s to pack.
    assert plan.bound.makespan_s["longest_order"] == 7 + 6 + 3 + 28
    assert plan.makespan_s == plan.bound.value_s == 44
    assert plan.bound.tardiness_s == 44 - 10
    assert plan.bound.travel_m == 7
    assert measure(plan).travel_m == 14  # and home again while the order is packed


def test_release_times_raise_the_bound():
    scenario = lonely([(0, 2, 4), (1, 4, 1)])
    given = scenario.orders
    late = replace(given, release_s=np.array([100.0]))
    plan = plan_scenario(replace(scenario, orders=late)).solution
    # From the first pick on: 3 along and 1 down, at the nearest of its locations.
    still_s = 2 * 2 + 5 + 3 + 30
    assert plan.bound.makespan_s["longest_order"] == 100 + 4 + still_s
    # No robot stood ready: none knew.
    assert plan.makespan_s == 100 + 7 + still_s


def test_nothing_served_has_no_bound():
    scenario = lonely([(0, 2, 4)])
    empty = Stock(*(np.array([n], np.int32) for n in (0, 2, 0)))
    plan = plan_scenario(replace(scenario, stock=empty)).solution
    assert plan.bound.value_s == plan.bound.travel_m == plan.bound.tardiness_s == 0


# ---- Ways through one order -------------------------------------------------------


@st.composite
def order_ways(draw, most_lines=5):
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    places = draw(st.integers(1, 8))
    lines_of = draw(st.lists(st.integers(0, most_lines), min_size=1, max_size=4))
    places_of = [
        [rng.integers(0, places, rng.integers(1, 4)).tolist() for _ in range(lines)]
        for lines in lines_of
    ]
    distance = rng.integers(0, 30, (places, places))
    np.fill_diagonal(distance, 0)
    come, leave = rng.integers(0, 20, (2, places)), rng.integers(0, 20, places)
    return distance, come, leave, places_of


def kernel_ways(distance, come, leave, places_of):
    flat = [line for order in places_of for line in order]
    locations = OrderLocations(
        np.cumsum([0, *map(len, places_of)]).astype(np.int32),
        np.cumsum([0, *map(len, flat)]).astype(np.int32),
        np.array([place for line in flat for place in line], np.int32),
    )
    ways = np.full((len(come), len(places_of)), -1, np.int64)
    arrays = (array.astype(np.int32) for array in (distance, come, leave))
    shortest_ways(*arrays, locations, ways)
    return ways


@pytest.mark.kernel
@settings(max_examples=60)
@given(order_ways())
def test_ways_are_those_of_brute_force(problem):
    distance, come, leave, places_of = problem
    naive = [
        [shortest_way(distance, start, leave, lines) for lines in places_of]
        for start in come
    ]
    assert kernel_ways(*problem).tolist() == naive


@pytest.mark.kernel
def test_long_orders_are_cut_and_their_ways_still_hold():
    # Places on a line; a tour of all is at least as long as one of some of them.
    places = MOST_LINES + 4
    distance = np.abs(np.subtract.outer(np.arange(places), np.arange(places)))
    come, leave = distance[:1], distance[:, 0]
    all_lines = [[[place] for place in range(places)]]
    [[way]] = kernel_ways(distance, come, leave, all_lines)
    assert way == 2 * (MOST_LINES - 1) < 2 * (places - 1)


@pytest.mark.kernel
def test_a_line_that_can_be_picked_nowhere_is_far():
    [[way]] = kernel_ways(
        np.zeros((1, 1), int), np.zeros((1, 1), int), np.zeros(1, int), [[[0], []]]
    )
    assert way >= FAR


# ---- Formulas ---------------------------------------------------------------------


def bound_problem(**changes):
    """Three orders at two stations, two robots with two slots."""
    given = BoundProblem(
        release_s=np.array([0.0, 0.0, 50.0]),
        due_s=np.array([np.inf, 20.0, 90.0]),
        pick_s=np.array([5.0, 6.0, 7.0]),
        drop_s=2.0,
        pack_s=np.array([30.0, 20.0, 40.0]),
        round_s=np.array([40.0, 60.0, 20.0]),
        from_home_s=np.array([30.0, 70.0, 20.0]),
        onward_s=np.array([20.0, 25.0, 10.0]),
        earliest_s=np.array([[37.0, 47.0], [78.0, 68.0], [69.0, 79.0]]),
        packers=np.array([1, 2], np.int32),
        robots=2,
        slots=2,
        head_start_s=8.0,
    )
    return replace(given, **changes)


def test_each_formula_by_hand():
    problem = bound_problem()
    # The ways of 60 and 30 ride together, that of 20 alone; those from docks on are
    # 60 and 40 together and 20, less a head start for each robot.
    assert travel_bound_s(problem) == 80
    assert travel_bound_s(replace(problem, slots=1)) == 110
    longer = replace(problem, round_s=np.array([40.0, 60.0, 30.0]), head_start_s=1.0)
    assert travel_bound_s(longer) == 90 - 2
    # Standing 18 + 6, the drive 80, on two robots; then the least to pack.
    assert robots_bound_s(problem) == (24 + 80) / 2 + 20
    assert completion_bound_s(problem).tolist() == [67.0, 98.0, 109.0]
    # Of all orders 90 s of packing: 10 alone until 47, then by three packers.
    at_once = replace(problem, release_s=np.zeros(3))
    assert stations_bound_s(at_once) == pytest.approx(47 + 80 / 3)
    # The last order, released later than the others, binds by itself.
    assert stations_bound_s(problem) == 79 + (40 - 10) / 3


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6), st.integers(1, 3))
def test_no_division_into_trips_drives_less(ways, slots):
    way_s = np.array(ways, float)
    problem = bound_problem(
        round_s=way_s, from_home_s=way_s, slots=slots, head_start_s=0.0
    )
    assert travel_bound_s(problem) == min(
        sum(max(trip) for trip in trips) for trips in partitions(ways, slots)
    )


def test_no_orders_no_bound():
    none = np.zeros(0)
    problem = bound_problem(
        **dict.fromkeys(["release_s", "due_s", "pick_s", "pack_s", "round_s"], none),
        from_home_s=none,
        onward_s=none,
        earliest_s=np.zeros((0, 2)),
    )
    assert travel_bound_s(problem) == 0
    assert robots_bound_s(problem) == 0
    assert stations_bound_s(problem) == 0
    assert completion_bound_s(problem).tolist() == []


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 3)), min_size=1, max_size=4),
    st.lists(st.integers(1, 60), min_size=1, max_size=5),
)
def test_stations_fill_up_as_they_come_free(stations, pack_s):
    orders = len(pack_s)
    ready = [float(first) for first, _ in stations]
    packers = [packers for _, packers in stations]
    problem = bound_problem(
        release_s=np.zeros(orders),
        pack_s=np.array(pack_s, float),
        earliest_s=np.tile(ready, (orders, 1)),
        packers=np.array(packers, np.int32),
    )
    assert stations_bound_s(problem) == pytest.approx(
        fill_moment(ready, packers, sum(pack_s))
    )


@given(st.integers(65, 200), st.integers(0, 2**32))
def test_many_release_times_leave_a_bound_that_is_no_higher(orders, seed):
    rng = np.random.default_rng(seed)
    release_s = rng.uniform(0, 500, orders)
    ready_s = release_s[:, None] + rng.uniform(10, 50, (orders, 2))
    pack_s = rng.uniform(1, 9, orders)
    problem = bound_problem(
        release_s=release_s,
        pack_s=pack_s,
        earliest_s=ready_s,
        packers=np.array([1, 2], np.int32),
    )
    naive = max(
        fill_moment(
            ready_s[release_s >= r].min(0).tolist(),
            [1, 2],
            pack_s[release_s >= r].sum(),
        )
        for r in release_s
    )
    found = stations_bound_s(problem)
    assert found <= naive + 1e-9
    assert found >= fill_moment(ready_s.min(0).tolist(), [1, 2], pack_s.sum()) - 1e-9
