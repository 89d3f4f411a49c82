"""Plans with plain decisions: the rules of thumb that others are compared with."""

from dataclasses import replace

import numpy as np

import layouts
from solvers.fulfilment.plain import plain_trips
from solvers.fulfilment.site import Site
from solvers.fulfilment.trips import Pick, Picks
from tests.planning import plan_of
from tests.solvers.test_fulfilment import make_orders, make_scenario, one_line_orders
from warehouse.formats.scenario_folder import read_scenario
from warehouse.layout import CellKind
from warehouse.scenario import Stock


def test_orders_ride_together_as_they_come():
    release_s = np.zeros(12)
    release_s[[0, 5]] = 500.0
    scenario = make_scenario(one_line_orders(12, release_s=release_s), robots=1)
    site = Site(scenario)
    picks = Picks()
    stands = site.usual_stand(scenario.stock.cell)
    for order in range(12):
        cell = int(scenario.stock.cell[0])
        picks.of_order[order].append(Pick(order, order, 0, cell, int(stands[0]), 1))
    trips = plain_trips(site, picks, list(range(12)), 4)
    assert [trip.orders for trip in trips] == [
        (1, 2, 3, 4),
        (6, 7, 8, 9),
        (0, 5, 10, 11),
    ]
    assert plain_trips(site, picks, [], 4) == []


def test_masses_belong_to_their_orders_however_they_come():
    # The heavy order was known last: the light ones fill a trip without it.
    release_s = np.array([500.0, 0.0, 0.0])
    scenario = make_scenario(one_line_orders(3, release_s=release_s), robots=1)
    skus = len(scenario.sku_names)
    unit_kg = np.ones(skus)
    heavy = int(scenario.orders.line_sku[0])
    assert (scenario.orders.line_sku[1:] != heavy).all()
    unit_kg[heavy] = 9.0
    fleet = replace(scenario.fleet, max_mass_kg=9.0)
    site = Site(replace(scenario, fleet=fleet, sku_mass_kg=unit_kg))
    picks = Picks()
    stands = site.usual_stand(scenario.stock.cell)
    for order in range(3):
        cell = int(scenario.stock.cell[0])
        picks.of_order[order].append(Pick(order, order, 0, cell, int(stands[0]), 1))
    trips = plain_trips(site, picks, [0, 1, 2], 3)
    assert [trip.orders for trip in trips] == [(1, 2), (0,)]


def test_tours_go_on_to_the_nearest_place():
    scenario = make_scenario(one_line_orders(6), robots=1)
    site = Site(scenario)
    picks = Picks()
    stands = site.usual_stand(scenario.stock.cell)
    rows = list(range(min(6, len(stands))))
    for order, row in enumerate(rows):
        cell = int(scenario.stock.cell[row])
        picks.of_order[order].append(Pick(order, order, row, cell, int(stands[row]), 1))
    (trip,) = plain_trips(site, picks, list(range(len(rows))), len(rows))
    left = set(trip.tour)
    assert left == {int(stands[row]) for row in rows}
    way = site.from_dock
    for cell in trip.tour:
        assert way[cell] == min(way[other] for other in left)
        left.remove(cell)
        way = site.table.between(np.array([cell]), np.arange(len(way)))[0]


def test_stock_nearest_to_a_dock_is_taken():
    scenario = make_scenario(make_orders([(k, 0, 1) for k in range(5)]), skus=1)
    racks = scenario.layout.cells_of(CellKind.RACK)
    ones, none = np.ones(len(racks), np.int32), np.zeros(len(racks), np.int32)
    scenario = replace(scenario, stock=Stock(none, racks, ones))
    plan = plan_of(scenario, decisions="plain").solution
    site = Site(scenario)
    stands = site.usual_stand(racks)
    way = (site.from_dock + site.to_dock)[stands]
    taken = way[np.isin(racks, plan.picks["rack"])]
    assert sorted(taken.tolist()) == sorted(way.tolist())[:5]


def test_deciding_together_drives_less():
    scenario = read_scenario(layouts.folder("small"))
    driven = {}
    for decisions in ("joint", "plain"):
        plan = plan_of(scenario, objective="travel", decisions=decisions).solution
        assert plan.meta["decisions"] == decisions
        driven[decisions] = np.count_nonzero(plan.cells[1:] != plan.cells[:-1])
    assert driven["joint"] < 0.9 * driven["plain"]
