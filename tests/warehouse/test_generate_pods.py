"""The generator of sites with pods: what it makes is what was asked for, and works."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.errors import InputError
from warehouse.fitness import find_layout_faults
from warehouse.generate import (
    PodLayoutParams,
    PodScenarioParams,
    generate_pod_layout,
    generate_pod_scenario,
)
from warehouse.grid import Grid
from warehouse.layout import CellKind, Layout
from warehouse.pod_fitness import find_pod_faults
from warehouse.scenario import Station

SMALL = PodLayoutParams(2, 2, stations=2, homes=6, chargers=1)

layout_params = st.builds(
    PodLayoutParams,
    block_rows=st.integers(1, 4),
    block_cols=st.integers(2, 4),
    block_length=st.integers(3, 6),
    stations=st.integers(1, 2),
    station_side=st.sampled_from(["bottom", "top", "left", "right"]),
    replenishment_stations=st.integers(0, 2),
    queue=st.integers(3, 9),
    homes=st.integers(1, 40),
    chargers=st.integers(0, 8),
    towards_stations=st.booleans(),
    one_way=st.booleans(),
)


def stations_of(layout: Layout) -> tuple[Station, ...]:
    return tuple(
        Station(f"P{k}", int(cell))
        for k, cell in enumerate(layout.cells_of(CellKind.DOCK))
    )


@given(layout_params)
@settings(max_examples=40)
def test_every_pod_gets_to_every_station_and_back(params):
    layout = generate_pod_layout(params)
    spots = layout.cells_of(CellKind.POD_SPOT)
    assert find_layout_faults(layout) == []
    assert find_pod_faults(layout, stations_of(layout), spots, "a.toml") == []


@given(layout_params)
@settings(max_examples=40)
def test_layout_has_what_was_asked_for(params):
    layout = generate_pod_layout(params)
    blocks = params.block_rows * params.block_cols
    assert len(layout.cells_of(CellKind.POD_SPOT)) == 2 * params.block_length * blocks
    assert params.spots == 2 * params.block_length * blocks
    docks = params.stations + params.replenishment_stations
    assert len(layout.cells_of(CellKind.DOCK)) == docks
    assert len(layout.cells_of(CellKind.HOME)) == params.homes
    assert len(layout.cells_of(CellKind.CHARGER)) == params.chargers


@given(layout_params)
@settings(max_examples=20)
def test_queues_hold_as_many_robots_as_was_asked_for(params):
    layout = generate_pod_layout(params)
    successors = Grid.from_layout(layout).successors
    predecessors = Grid.from_layout(layout).predecessors
    for station in stations_of(layout):
        lane, cell = 1, station.cell
        while True:
            before = [c for c in predecessors[cell].tolist() if c >= 0]
            assert len(before) == 1 or lane == params.queue
            if lane == params.queue:
                break
            cell, lane = before[0], lane + 1
            assert [c for c in successors[cell].tolist() if c >= 0] != []
            assert (successors[cell] >= 0).sum() == 1


def test_aisles_lead_one_way_in_turn_and_nobody_drives_into_their_ends():
    params = PodLayoutParams(3, 2, block_length=3, stations=1, homes=1, chargers=0)
    layout = generate_pod_layout(params)
    moves = Grid.from_layout(layout).successors
    width = layout.width
    one, other = layout.cell(6, 5), layout.cell(9, 5)
    assert moves[one][[1, 3]].tolist() == [one + 1, -1]
    assert moves[other][[1, 3]].tolist() == [-1, other - 1]
    assert (moves[one][[0, 2]] >= 0).all()
    right_end = layout.cell(6, 9)
    assert moves[right_end + 1][3] == -1
    assert moves[layout.cell(9, 3) - 1][1] == -1
    assert width == layout.kinds.shape[1]


def test_two_way_aisles_have_a_lane_each_way():
    params = PodLayoutParams(2, 2, block_length=3, stations=1, homes=1, chargers=0)
    layout = generate_pod_layout(replace(params, one_way=False))
    may_move = Grid.from_layout(layout).successors >= 0
    up, right, down, left = 0, 1, 2, 3
    for row, col, ahead, back in (
        *((6, 4, left, right), (7, 4, right, left)),
        *((4, 6, down, up), (4, 7, up, down)),
    ):
        moves = may_move[layout.cell(row, col)]
        assert (moves[ahead], moves[back]) == (True, False)
        assert moves.sum() == 3  # under the pods beside it, and across


@pytest.mark.parametrize("side", ["top", "left", "right"])
def test_sides_are_turns_of_the_same_floor(side):
    base = generate_pod_layout(SMALL)
    turned = generate_pod_layout(replace(SMALL, station_side=side))
    moves = {name: Grid.from_layout(one) for name, one in (("b", base), ("t", turned))}
    counts = [np.sort((grid.successors >= 0).sum(axis=1)) for grid in moves.values()]
    assert np.array_equal(*counts)
    assert len(turned.cells_of(CellKind.POD_SPOT)) == SMALL.spots


def test_stations_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match="E602 stations: got 5 along a wall of 13"):
        generate_pod_layout(replace(SMALL, stations=5))


def test_site_that_does_not_fit_is_refused_with_every_fault():
    params = PodScenarioParams(
        layout=SMALL, robots=7, pods=33, skus=40, skus_per_pod=1, orders=5
    )
    with pytest.raises(InputError) as error:
        generate_pod_scenario(params)
    assert [fault.place for fault in error.value.faults] == ["robots", "pods", "skus"]
    too_many = replace(params, robots=2, racks=SMALL.spots + 1, tote_robots=1)
    with pytest.raises(InputError, match=f"E602 racks: got {SMALL.spots + 1} and"):
        generate_pod_scenario(too_many)
    floor = Layout.from_rows(["Ho."])
    with pytest.raises(InputError, match="E602 layout: no station dock"):
        generate_pod_scenario(PodScenarioParams(robots=1, pods=1, skus=1), floor)


def test_numbers_out_of_range_are_refused():
    with pytest.raises(InputError) as error:
        PodScenarioParams(
            pods=0, robot_s_per_unit=11.0, end_s=0.0, orders=0, speed_m_s=0.0
        )
    places = {fault.place for fault in error.value.faults}
    assert places == {"pods", "robot_s_per_unit", "end_s", "orders", "speed_m_s"}
    with pytest.raises(InputError, match="E601 blocks: a floor"):
        PodLayoutParams(block_rows=2000, block_cols=2000)


@given(
    pods=st.integers(1, 32),
    skus=st.integers(1, 60),
    skus_per_pod=st.integers(1, 9),
    orders=st.integers(1, 60),
    seed=st.integers(0, 99),
)
@settings(max_examples=40)
def test_stock_covers_the_orders_and_lies_evenly_on_the_pods(
    pods, skus, skus_per_pod, orders, seed
):
    skus = min(skus, pods * skus_per_pod)
    site = generate_pod_scenario(
        PodScenarioParams(
            layout=SMALL,
            robots=2,
            pods=pods,
            skus=skus,
            skus_per_pod=skus_per_pod,
            orders=orders,
            seed=seed,
        )
    )
    stock, asked = site.stock, site.orders
    demand = np.bincount(asked.line_sku, asked.line_quantity, skus)
    assert (np.bincount(stock.sku, stock.quantity, skus) >= demand).all()
    assert (stock.quantity > 0).all()
    assert set(stock.sku.tolist()) == set(range(skus))
    pairs = set(zip(stock.sku.tolist(), stock.cell.tolist(), strict=True))
    assert len(pairs) == len(stock.sku)
    assert set(stock.cell.tolist()) <= set(site.pods.start_cells.tolist())
    each = np.bincount(np.searchsorted(site.pods.start_cells, stock.cell))
    assert each.max() <= skus_per_pod


def test_popular_skus_lie_on_more_pods():
    params = PodScenarioParams(
        pods=240, skus=300, orders=3000, popularity=1.0, layout=PodLayoutParams()
    )
    site = generate_pod_scenario(params)
    demand = np.bincount(site.orders.line_sku, minlength=300)
    places = np.bincount(site.stock.sku, minlength=300)
    popular = np.argsort(-demand)[:30]
    assert places[popular].mean() > 2 * places.mean()


def arrays(site):
    for part in (site.stock, site.orders, site.fleet, site.pods):
        for item in fields(part):
            value = getattr(part, item.name)
            if isinstance(value, np.ndarray):
                yield value


def test_same_seed_same_site_and_other_seed_another():
    params = PodScenarioParams(seed=3)
    one, same = generate_pod_scenario(params), generate_pod_scenario(params)
    assert all(map(np.array_equal, arrays(one), arrays(same)))
    other = generate_pod_scenario(replace(params, seed=4))
    assert not np.array_equal(one.pods.start_cells, other.pods.start_cells)


@pytest.mark.parametrize("side", ["bottom", "top", "left", "right"])
def test_pods_are_filled_opposite_of_the_stations(side):
    floor = replace(SMALL, station_side=side, replenishment_stations=1)
    params = PodScenarioParams(
        layout=floor, robots=4, pods=30, skus=40, orders=400, box_units=5
    )
    site = generate_pod_scenario(params)
    filling = site.pods.replenishment
    cells = np.concatenate([filling.cells, [s.cell for s in site.stations]])
    rows, cols = np.divmod(cells, site.layout.width)
    along = cols if side in ("left", "right") else rows
    assert len(set(along[1:].tolist())) == 1
    far = along[0] < along[1] if side in ("bottom", "right") else along[0] > along[1]
    assert far
    ordered = np.bincount(site.orders.line_sku, site.orders.line_quantity, params.skus)
    arrives = filling.units(params.skus)
    assert (np.abs(arrives - ordered) < 5).all()
    assert (np.diff(filling.release_s) >= 0).all()
    on_pod = np.bincount(
        np.searchsorted(site.pods.start_cells, site.stock.cell), site.stock.quantity
    )
    assert on_pod.max() <= 0.7 * params.pod_capacity
    assert (site.supply() >= ordered - 5).all()


def test_no_charger_bars_the_way_to_stations_where_pods_are_filled():
    floor = replace(SMALL, homes=1, chargers=12, replenishment_stations=2)
    layout = generate_pod_layout(floor)
    spots = layout.cells_of(CellKind.POD_SPOT)
    stations = stations_of(layout)
    faults = find_pod_faults(layout, stations, spots, "a.toml", with_chargers=True)
    assert faults == []


def test_pods_too_small_for_their_skus_are_refused():
    floor = replace(SMALL, replenishment_stations=1)
    params = PodScenarioParams(layout=floor, robots=2, pods=30, skus=40, pod_capacity=3)
    with pytest.raises(InputError, match="E602 pod_capacity: got 3 for 6 SKUs"):
        generate_pod_scenario(params)
    with pytest.raises(InputError, match="E602 replenishment_stations: got 9"):
        generate_pod_layout(replace(SMALL, replenishment_stations=9))


def test_batteries_are_those_asked_for_and_need_a_charger():
    params = PodScenarioParams(layout=SMALL, robots=2, pods=20, orders=5, skus=30)
    assert generate_pod_scenario(params).fleet.battery is None
    params = replace(params, battery_wh=250.0, reserve=0.3)
    battery = generate_pod_scenario(params).fleet.battery
    assert (battery.capacity_wh, battery.reserve) == (250.0, 0.3)
    assert battery.lifting_w == battery.carrying_w
    bare = replace(params, layout=replace(SMALL, chargers=0))
    with pytest.raises(InputError, match="E602 battery_wh: no charger"):
        generate_pod_scenario(bare)
    with pytest.raises(InputError, match="E601 battery_start"):
        replace(params, battery_start=0.3)
