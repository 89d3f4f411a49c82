"""The generator: what it makes is what its parameters say, and fit to work in."""

from collections import deque
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.errors import InputError
from warehouse.generate import (
    LayoutParams,
    ScenarioParams,
    generate_layout,
    generate_scenario,
)
from warehouse.grid import Grid
from warehouse.layout import ALL_EXITS, CellKind, Layout

SHORT = LayoutParams(1, 1, aisles_per_block=2, aisle_depth=3, stations=1, homes=4)

layout_params = st.builds(
    LayoutParams,
    block_rows=st.integers(1, 3),
    block_cols=st.integers(1, 3),
    aisles_per_block=st.integers(2, 5),
    aisle_depth=st.integers(4, 6),
    cross_aisle_width=st.integers(1, 3),
    stations=st.integers(1, 2),
    station_side=st.sampled_from(["bottom", "top", "left", "right"]),
    apron_depth=st.integers(2, 5),
    homes=st.integers(1, 60),
    chargers=st.integers(0, 8),
    one_way=st.booleans(),
)


def reached(starts: list[int], moves: np.ndarray, blocked: set[int]) -> set[int]:
    """Cells reached from some cells along a table of moves, slow and plain."""
    seen, queue = set(starts), deque(starts)
    while queue:
        for cell in moves[queue.popleft()]:
            if cell >= 0 and cell not in seen and cell not in blocked:
                seen.add(int(cell))
                queue.append(int(cell))
    return seen


def neighbours(layout: Layout, cell: int) -> list[int]:
    row, col = layout.row_col(cell)
    return [
        layout.cell(row + r, col + c) for r, c in ((-1, 0), (1, 0), (0, -1), (0, 1))
    ]


@given(layout_params)
@settings(max_examples=40)
def test_layout_is_one_floor_on_which_each_rack_is_reached(params):
    layout = generate_layout(params)
    grid = Grid.from_layout(layout)
    dock = int(layout.cells_of(CellKind.DOCK)[0])
    floor = set(np.flatnonzero(layout.drivable.ravel()).tolist())
    assert reached([dock], grid.successors, set()) == floor
    assert reached([dock], grid.predecessors, set()) == floor
    for rack in layout.cells_of(CellKind.RACK):
        assert floor & set(neighbours(layout, int(rack)))


@given(layout_params)
@settings(max_examples=40)
def test_layout_has_what_was_asked_for(params):
    layout = generate_layout(params)
    racks = params.block_rows * params.block_cols * params.aisles_per_block
    assert len(layout.cells_of(CellKind.RACK)) == racks * params.aisle_depth * 2
    assert len(layout.cells_of(CellKind.DOCK)) == params.stations
    assert len(layout.cells_of(CellKind.HOME)) == params.homes
    assert len(layout.cells_of(CellKind.CHARGER)) == params.chargers
    assert ((layout.exits != ALL_EXITS).any()) == params.one_way
    edge = np.ones((layout.height, layout.width), bool)
    edge[1:-1, 1:-1] = False
    assert (layout.kinds[edge] == CellKind.WALL).all()


@given(layout_params)
@settings(max_examples=40)
def test_parked_and_docked_robots_block_nobody(params):
    layout = generate_layout(params)
    grid = Grid.from_layout(layout)
    places = np.concatenate(
        [layout.cells_of(kind) for kind in (CellKind.HOME, CellKind.CHARGER)]
    )
    docks = layout.cells_of(CellKind.DOCK).tolist()
    taken = {*places.tolist(), *docks}
    ways = set(np.flatnonzero(layout.drivable.ravel()).tolist()) - taken
    assert reached([min(ways)], grid.successors, taken) == ways
    for place in taken:
        assert ways & set(neighbours(layout, place))


def test_docks_stand_apart_with_open_floor_before_them():
    layout = generate_layout(replace(SHORT, block_cols=3, stations=5, apron_depth=3))
    rows, cols = np.divmod(layout.cells_of(CellKind.DOCK), layout.width)
    assert np.diff(cols).min() >= 3
    assert (rows == layout.height - 2).all()
    before = layout.kinds[layout.height - 4 : layout.height - 2, 1:-1]
    assert (before == CellKind.FLOOR).all()


def test_aisles_are_open_at_both_ends_and_one_way_ones_alternate():
    layout = generate_layout(replace(SHORT, one_way=True))
    rows = layout.rows()
    first = next(i for i, row in enumerate(rows) if "S" in row)
    assert rows[first] == "#..S^SSvS..#"
    assert set(rows[first - 1][1:-1]) == set(rows[first + 3][1:-1]) == {"."}


def test_every_wrong_parameter_is_named():
    with pytest.raises(InputError) as error:
        LayoutParams(block_rows=0, homes=-1, cell_size_m=float("nan"), chargers=-2)
    places = [fault.place for fault in error.value.faults]
    assert places == ["block_rows", "homes", "chargers", "cell_size_m"]
    with pytest.raises(InputError) as error:
        ScenarioParams(orders=0, affinity=1.5, lines_mean=1.0, due_after_s=(9.0, 1.0))
    places = [fault.place for fault in error.value.faults]
    assert places == ["orders", "affinity", "lines_mean", "due_after_s"]


@pytest.mark.parametrize(
    ("params", "place"),
    [
        (LayoutParams(stations=1000), "stations"),
        (ScenarioParams(robots=21), "robots"),
    ],
)
def test_what_does_not_fit_on_the_floor_is_refused(params, place):
    with pytest.raises(InputError) as error:
        if isinstance(params, LayoutParams):
            generate_layout(params)
        else:
            generate_scenario(params)
    assert [fault.place for fault in error.value.faults] == [place]


def test_absurd_floor_is_refused_before_it_is_built():
    with pytest.raises(InputError, match="at most"):
        LayoutParams(block_rows=100_000, block_cols=100_000)


def test_own_floor_without_docks_or_racks_is_refused():
    floor = Layout.from_rows(["H" * 20])
    with pytest.raises(InputError) as error:
        generate_scenario(ScenarioParams(), floor)
    assert len(error.value.faults) == 2


def test_own_floor_is_used():
    floor = Layout.from_rows(["HH....", ".S.SP."])
    scenario = generate_scenario(ScenarioParams(robots=2, orders=5), floor)
    assert scenario.layout is floor
    assert [station.cell for station in scenario.stations] == [10]
    assert set(scenario.stock.cell.tolist()) == {7, 9}


def arrays(scenario):
    for part in (scenario.stock, scenario.orders, scenario.fleet):
        for item in fields(part):
            value = getattr(part, item.name)
            if isinstance(value, np.ndarray):
                yield value


def test_same_seed_same_scenario_and_other_seed_another():
    params = ScenarioParams(
        seed=3, due_after_s=(300.0, 900.0), released_at_start=0.5, peaks=2
    )
    one, same = generate_scenario(params), generate_scenario(params)
    assert all(map(np.array_equal, arrays(one), arrays(same)))
    other = generate_scenario(replace(params, seed=4))
    assert not np.array_equal(one.orders.line_sku[:50], other.orders.line_sku[:50])


def shortage(scenario) -> np.ndarray:
    """Units of each SKU that are ordered and not in stock."""
    skus = len(scenario.sku_names)
    orders, stock = scenario.orders, scenario.stock
    return np.maximum(
        np.bincount(orders.line_sku, orders.line_quantity, skus)
        - np.bincount(stock.sku, stock.quantity, skus),
        0,
    )


@given(
    orders=st.integers(1, 120),
    skus=st.integers(1, 150),
    placement=st.sampled_from(["random", "class"]),
    locations_mean=st.floats(1, 4),
    seed=st.integers(0, 99),
)
@settings(max_examples=40)
def test_stock_covers_the_orders(orders, skus, placement, locations_mean, seed):
    params = ScenarioParams(
        layout=SHORT,
        robots=2,
        orders=orders,
        skus=skus,
        placement=placement,
        locations_mean=locations_mean,
        seed=seed,
    )
    scenario = generate_scenario(params)
    stock = scenario.stock
    assert not shortage(scenario).any()
    assert set(stock.sku.tolist()) == set(range(skus))
    assert (stock.quantity > 0).all()
    assert len(set(zip(stock.sku.tolist(), stock.cell.tolist(), strict=True))) == len(
        stock.sku
    )
    kinds = scenario.layout.kinds.ravel()[stock.cell]
    assert (kinds == CellKind.RACK).all()


def test_short_share_makes_about_that_share_of_lines_short():
    params = ScenarioParams(orders=2000, skus=5000, short_share=0.02)
    scenario = generate_scenario(params)
    lines = scenario.orders.lines
    short_units = shortage(scenario).sum()
    mean_units = scenario.orders.line_quantity.mean()
    assert 0.7 < short_units / mean_units / (0.02 * lines) < 1.3
    assert (scenario.stock.quantity >= 0).all()


def test_orders_look_like_real_ones():
    params = ScenarioParams(
        orders=5000, skus=3000, lines_mean=3.4, units_mean=1.5, popularity=1.0
    )
    orders = generate_scenario(params).orders
    sizes = np.bincount(orders.line_order)
    assert abs(sizes.mean() - 3.4) < 0.1
    assert abs((sizes == 1).mean() - 0.05) < 0.01
    assert np.bincount(sizes).argmax() == 2
    assert abs(orders.line_quantity.mean() - 1.5) < 0.05
    assert abs((orders.line_quantity == 1).mean() - 0.75) < 0.02
    demand = np.sort(np.bincount(orders.line_sku, minlength=3000))[::-1]
    assert demand[:600].sum() > 0.6 * demand.sum()
    pairs = np.stack([orders.line_order, orders.line_sku])
    assert np.unique(pairs, axis=1).shape == pairs.shape


def test_affinity_brings_the_same_skus_together():
    def repeated_pairs(affinity: float) -> int:
        params = ScenarioParams(
            orders=2000, skus=2000, affinity=affinity, popularity=0.0, lines_mean=2.0
        )
        orders = generate_scenario(params).orders
        first = np.flatnonzero(np.diff(orders.line_order) == 0)
        pair = np.sort(
            np.stack([orders.line_sku[first], orders.line_sku[first + 1]]), axis=0
        )
        return len(first) - np.unique(pair, axis=1).shape[1]

    assert repeated_pairs(0.9) > 10 * max(1, repeated_pairs(0.0))


def test_popular_skus_lie_near_the_docks_in_class_storage():
    params = ScenarioParams(orders=3000, skus=900, popularity=1.0, robots=1)

    def mean_row(placement) -> float:
        scenario = generate_scenario(replace(params, placement=placement))
        demand = np.bincount(scenario.orders.line_sku, minlength=900)
        popular = np.isin(scenario.stock.sku, np.argsort(-demand)[:100])
        return float((scenario.stock.cell[popular] // scenario.layout.width).mean())

    assert mean_row("class") > mean_row("random") + 3


def test_release_and_due_times_follow_the_parameters():
    params = ScenarioParams(
        orders=4000,
        released_at_start=0.25,
        horizon_s=1000.0,
        peaks=1,
        due_after_s=(300.0, 600.0),
    )
    orders = generate_scenario(params).orders
    assert (orders.release_s == 0).sum() in range(1000, 1010)
    assert (np.diff(orders.release_s) >= 0).all()
    assert orders.release_s.max() < 1000
    later = orders.release_s[1010:]
    at_peak = ((later > 400) & (later < 600)).sum()
    at_edge = ((later < 100) | (later > 900)).sum()
    assert at_peak > 2 * at_edge
    slack = orders.due_s - orders.release_s
    assert slack.min() >= 300
    assert slack.max() < 660
    assert (orders.due_s % 60 == 0).all()
