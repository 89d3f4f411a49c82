"""What robots are offered, and that they look at traffic before they set out."""

from dataclasses import replace

import numpy as np
import pytest

from solvers.fulfilment.decided import Decided
from solvers.fulfilment.dispatch import Dispatcher
from solvers.fulfilment.drop_off import DropOff
from solvers.fulfilment.forking_loop import ForkingLoop
from solvers.fulfilment.params import FulfilmentParams
from solvers.fulfilment.policy import Policy, QueueWeights
from solvers.fulfilment.reserve import StockLedger
from solvers.fulfilment.site import Site
from solvers.fulfilment.station_queues import StationQueues
from solvers.fulfilment.trips import Picks
from solvers.mapf.fleet.reserved import ReservedMotion
from tests.solvers.test_fulfilment import make_orders, make_scenario, one_line_orders

POLICY = Policy(1, starters=0.0, tries=3)
ANY_QUEUE = QueueWeights(1.0, 1.0, 0.0, 1.0, 1.0)


@pytest.fixture
def site():
    return Site(make_scenario(one_line_orders(6)))


def decided_for(site):
    return Decided(
        site, FulfilmentParams(), 0, float("inf"), lambda: False, lambda _: None
    )


@pytest.fixture
def decided(site):
    return decided_for(site)


@pytest.fixture
def trips(site, decided):
    return trips_of(site, decided)


def trips_of(site, decided):
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


def test_what_takes_long_to_pack_in_one_piece_goes_first():
    orders = make_orders([(k, k, 40 if k == 3 else 1) for k in range(6)])
    site = Site(make_scenario(orders))
    trips = trips_of(site, decided_for(site))
    for biggest_first, first in ((0.0, 1), (2.0, 40)):
        policy = replace(POLICY, biggest_first=biggest_first, pack_first=0.0)
        [offer] = offers_of(site, trips, [0], policy)
        [picks] = offer.trips[0].picks.values()
        assert [pick.quantity for pick in picks] == [first]


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


def test_stations_are_chosen_again_by_what_is_known_to_come_before(site, trips):
    queues = StationQueues(site)
    drop_off = DropOff(site, replace(POLICY, queues_again=ANY_QUEUE), queues)
    [near, far] = site.docks.tolist()
    mission = drop_off.mission(0, trips[0], near, 0.0, 1.0)
    queues.expect(1, [queues.coming(0.0, 0, {0: 500.0})])
    queues.expect(2, [queues.coming(0.0, 1, {0: 9000.0})])
    stations = [
        [d.station for d in drop_off.again(mission, near, 0.0, frozenset(robots)).drops]
        for robots in ((), (1,), (1, 2))
    ]
    assert stations == [[0], [1], [0]]
    [there] = drop_off.again(mission, far, 0.0, frozenset()).drops
    assert there.station == 1


def test_robots_are_sent_to_a_station_that_has_become_free(site, decided, monkeypatch):
    loop, asked = make_loop(site, decided), []
    again, redirect = loop.drop_off.again, loop.motion.redirect

    def to_the_other(mission, cell, now_s, robots):
        asked.append((mission.robot, loop.motion.t, robots))
        assert loop.motion.turns_at()[mission.robot] == loop.motion.t
        [drop] = again(mission, cell, now_s, robots).drops
        return replace(mission, drops=(replace(drop, station=1 - drop.station),))

    gone = []
    monkeypatch.setattr(loop.drop_off, "again", to_the_other)
    monkeypatch.setattr(
        loop.motion, "redirect", lambda *call: gone.append(call) or redirect(*call)
    )
    served = loop.run().served
    assert len(asked) == len(served) == 6
    assert gone
    docks = site.docks[[drop.station for one in served for drop in one.mission.drops]]
    assert docks.tolist() == [one.cells[-1] for one in served]
    assert all(one.end[-1] > one.start[-1] > one.end[-2] for one in served)
