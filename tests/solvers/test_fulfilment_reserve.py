"""Reserving stock: what visits cost, who has stock, and stopping on the way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.fulfilment.params import FulfilmentParams
from solvers.fulfilment.reserve import StockLedger
from solvers.fulfilment.site import Site
from solvers.fulfilment.visit_costs import Visits, visit_costs
from solvers.result import Stop
from tests import naive
from tests.solvers.test_fulfilment import make_scenario, one_line_orders
from tests.strategies import scenarios


@pytest.mark.kernel
@settings(max_examples=40)
@given(st.data())
def test_visits_cost_what_the_slow_way_says(data):
    stands = data.draw(st.integers(1, 5))
    steps = st.integers(0, 9)
    square = st.lists(steps, min_size=stands**2, max_size=stands**2)
    # Row: to this stand; column: from that cell.
    distance = np.array(data.draw(square), np.int16).reshape(stands, stands)
    round_trip = np.array(
        data.draw(st.lists(steps, min_size=stands, max_size=stands)), np.int32
    )
    locations = st.lists(st.integers(0, stands - 1), unique=True, max_size=4)
    orders = data.draw(st.lists(st.lists(locations, max_size=4), max_size=3))
    lines = [sorted(line) for order in orders for line in order]
    stand = np.array([place for line in lines for place in line], np.int32)
    order = np.repeat(np.arange(len(orders)), list(map(len, orders)))
    visits = Visits(
        np.cumsum([0, *map(len, orders)]),
        np.cumsum([0, *map(len, lines)]),
        np.lexsort((list(map(len, lines)), order)),
        stand,
        stand,
        round_trip[stand],
    )
    cost = np.zeros(len(stand), np.int64)
    visit_costs(distance, visits, cost)
    number, keyed = 0, []
    for order in orders:
        keyed.append({number + k: sorted(line) for k, line in enumerate(order)})
        number += len(order)
    slow = naive.visit_cost(
        keyed, lambda p: round_trip[p], lambda anchor, p: distance[p, anchor]
    )
    pairs = [(k, place) for k, line in enumerate(lines) for place in line]
    assert cost.tolist() == [slow[pair] for pair in pairs]


@settings(max_examples=30)
@given(scenarios())
def test_every_row_that_may_serve_a_line_is_found(scenario):
    ledger = StockLedger(Site(scenario), FulfilmentParams())
    stock, skus = scenario.stock, scenario.orders.line_sku
    position, row = ledger.locations(skus)
    expected = [
        (k, r)
        for k, sku in enumerate(skus.tolist())
        for r in range(len(stock.sku))
        if stock.sku[r] == sku and stock.quantity[r] > 0 and ledger.stands[r] >= 0
    ]
    assert list(zip(position.tolist(), row.tolist(), strict=True)) == expected


@pytest.mark.parametrize("partial", ["ship", "hold"])
def test_whoever_stops_gets_nothing_and_the_stock_stays(partial):
    scenario = make_scenario(one_line_orders(13))
    ledger = StockLedger(Site(scenario), FulfilmentParams(partial=partial))
    ledger.too_heavy[12] = True
    before, orders = ledger.left.copy(), np.arange(13, dtype=np.int32)
    units = int(scenario.orders.line_quantity[12])
    for stop in (Stop(time_limit_s=0.0), Stop(interrupted=lambda: True)):
        reserved = ledger.reserve(orders, stop)
        assert len(reserved.line) == 0
        assert not reserved.short
        assert reserved.too_heavy == {12: units}
        assert (ledger.left == before).all()
    assert len(ledger.reserve(orders).line) == 12
