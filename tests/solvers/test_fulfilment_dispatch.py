"""What robots are offered, and that they look at traffic before they set out."""

import numpy as np
import pytest

from solvers.fulfilment.decided import Decided
from solvers.fulfilment.dispatch import Dispatcher
from solvers.fulfilment.drop_off import DropOff
from solvers.fulfilment.forking_loop import ForkingLoop
from solvers.fulfilment.params import FulfilmentParams
from solvers.fulfilment.policy import Policy
from solvers.fulfilment.reserve import StockLedger
from solvers.fulfilment.site import Site
from solvers.fulfilment.station_queues import StationQueues
from solvers.fulfilment.trips import Picks
from solvers.mapf.fleet.reserved import ReservedMotion
from tests.solvers.test_fulfilment import make_scenario, one_line_orders

POLICY = Policy(1, starters=0.0, tries=3)


@pytest.fixture
def site():
    return Site(make_scenario(one_line_orders(6)))


@pytest.fixture
def decided(site):
    return Decided(
        site, FulfilmentParams(), 0, float("inf"), lambda: False, lambda _: None
    )


@pytest.fixture
def trips(site, decided):
    ledger, picks = StockLedger(site, FulfilmentParams()), Picks()
    reserved = decided.reserve(ledger, np.arange(6, dtype=np.int32))
    picks.add(site, reserved, ledger.stands)
    return decided.make_trips(picks, list(range(6)), POLICY, 0.0)


def offers_of(site, trips, robots, policy=POLICY):
    homes = site.scenario.fleet.start_cells
    return Dispatcher(site, policy).choose(robots, homes, trips, 0)


def test_an_offer_begins_with_the_match_and_goes_on_with_what_is_left(site, trips):
    offers = offers_of(site, trips, [0, 1])
    matched = [offer.trips[0] for offer in offers]
    assert sorted(offer.robot for offer in offers) == [0, 1]
    assert matched[0] is not matched[1]
    for offer in offers:
        assert len(offer.trips) == len(offer.worth_s) == 3
        assert not any(trip is other for trip in offer.trips[1:] for other in matched)


@pytest.mark.parametrize(
    ("robots", "policy"), [(4, Policy(1)), (2, Policy(1, tries=1))]
)
def test_nothing_else_is_offered_where_none_is_left_or_wanted(
    site, trips, robots, policy
):
    some = trips[:4] if robots == 4 else trips
    offers = offers_of(site, some, list(range(robots)), policy)
    assert [len(offer.trips) for offer in offers] == [1] * robots


def test_more_robots_than_trips_are_offered_one_each(site, trips):
    assert len(offers_of(site, trips[:2], [0, 1, 2, 3])) == 2


def make_loop(site, decided):
    motion = ReservedMotion(site.table, site.scenario.fleet.start_cells)
    return ForkingLoop(
        site,
        FulfilmentParams(),
        POLICY,
        decided,
        lambda: False,
        motion,
        DropOff(site, POLICY, StationQueues(site)),
    )


def test_a_robot_takes_the_trip_that_is_held_up_least(
    site, decided, trips, monkeypatch
):
    loop = make_loop(site, decided)
    [offer] = offers_of(site, trips, [0])
    assert loop._choice(offer, set()) in offer.trips
    ends, would_end = {}, loop.motion.would_end

    def held_up(robot, cells, steps, *, fixed):
        way = tuple(sorted(cells[:-fixed]))
        free = any(way == tuple(sorted(trip.tour)) for trip in offer.trips[2:])
        ends[way] = would_end(robot, cells, steps, fixed=fixed) + (0 if free else 5000)
        return ends[way]

    monkeypatch.setattr(loop.motion, "would_end", held_up)
    assert loop._choice(offer, set()) is offer.trips[2]
    assert len(ends) == 3


def test_a_trip_just_taken_is_left_out(site, decided, trips):
    [offer] = offers_of(site, trips, [0])
    gone = {id(trip) for trip in offer.trips[:2]}
    assert make_loop(site, decided)._choice(offer, gone) is offer.trips[2]
