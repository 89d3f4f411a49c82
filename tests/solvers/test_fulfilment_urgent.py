"""Trips that keep due times."""

import numpy as np

from solvers.batching.annealing import BatchingParams
from solvers.fulfilment.params import FulfilmentParams
from solvers.fulfilment.reserve import StockLedger
from solvers.fulfilment.site import Site
from solvers.fulfilment.trips import Picks, make_trips
from solvers.result import Stop
from tests.planning import plan_of
from tests.solvers.test_fulfilment import make_scenario, one_line_orders


def trips_of(scenario, urgent_at_s):
    site, picks = Site(scenario), Picks()
    orders = np.arange(len(scenario.orders), dtype=np.int32)
    ledger = StockLedger(site, FulfilmentParams())
    picks.add(site, ledger.reserve(orders), ledger.stands)
    return make_trips(
        site,
        picks,
        orders.tolist(),
        scenario.fleet.tote_slots,
        Stop(),
        seed=0,
        params=BatchingParams(),
        urgent_at_s=urgent_at_s,
    )


def test_urgent_orders_ride_first_and_with_few_others():
    due_s = np.full(12, 1e6)
    due_s[[0, 4, 8]] = 40.0
    scenario = make_scenario(one_line_orders(12, due_s=due_s), robots=1)
    trips = trips_of(scenario, 0.0)
    assert sorted(o for trip in trips for o in trip.orders) == list(range(12))

    def brought_with_urgent(some):
        with_urgent = [trip for trip in some if {0, 4, 8} & set(trip.orders)]
        return sum(len(trip.orders) for trip in with_urgent)

    apart = trips_of(scenario, None)
    assert brought_with_urgent(trips) < brought_with_urgent(apart)
    last = max(k for k, trip in enumerate(trips) if {0, 4, 8} & set(trip.orders))
    assert last < len(trips) - 1


def test_what_is_late_anyhow_still_rides():
    due_s = np.where(np.arange(12) % 2 == 0, 5.0, np.inf)
    trips = trips_of(make_scenario(one_line_orders(12, due_s=due_s)), 1e5)
    assert sorted(o for trip in trips for o in trip.orders) == list(range(12))


def test_without_due_times_on_time_is_what_throughput_is():
    scenario = make_scenario(one_line_orders(12), robots=2)
    soon = plan_of(scenario, objective="on-time").solution
    any_time = plan_of(scenario).solution
    assert soon.cells.tobytes() == any_time.cells.tobytes()
    assert soon.picks.tobytes() == any_time.picks.tobytes()
