"""The bound of a plan: facts about each served order, and what follows from them."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.bounds.makespan import (
    BoundProblem,
    completion_bound_s,
    delivery_bound_s,
    robots_bound_s,
    stations_bound_s,
    travel_bound_s,
)
from solvers.bounds.order_paths import OrderLocations, shortest_ways
from solvers.bounds.shifts import ShiftCapacity, alone_ends_s
from solvers.fulfilment.people import People
from solvers.fulfilment.site import Site
from solvers.scheduling.roster.problem import RosterProblem
from warehouse.distances import UNREACHABLE
from warehouse.plan import Bound
from warehouse.scenario import Scenario

MS: Final = 0.001
"""What a roster counts in, in seconds."""


def bound_of(site: Site, served: NDArray[np.int64]) -> Bound:
    """Bound for every plan that serves some units.

    Parameters
    ----------
    site : Site
    served : ndarray of int64, shape (lines,)
        Units served of each order line.
    """
    orders, problem = _problem(site, served)
    if site.people is None:
        stations_s = stations_bound_s(problem)
        completion_s = completion_bound_s(problem)
    else:
        shifts = ShiftCapacity(
            _for_people(site.people, problem, orders[:0]),
            site.people.staff.packers.station,
        )
        stations_s = stations_bound_s(problem, shifts.filled_s)
        completion_s = alone_ends_s(_for_people(site.people, problem, orders))
        fastest = np.where(site.people.able[orders], site.people.staff.packers.speed, 0)
        problem = replace(problem, pack_s=problem.pack_s / fastest.max(axis=1))
    late = completion_s - problem.due_s
    parts = {
        "stations": stations_s,
        "robots": robots_bound_s(problem),
        "longest_order": float(completion_s.max(initial=0.0)),
    }
    return Bound(
        makespan_s=parts,
        travel_m=travel_bound_s(problem) * site.scenario.fleet.speed_m_s,
        tardiness_s=float(np.maximum(0.0, late).sum()),
    )


def _for_people(
    people: People, problem: BoundProblem, orders: NDArray[np.int32]
) -> RosterProblem:
    """Packing of the first orders of a problem, each from its first delivery on.

    A roster rounds times up to milliseconds; here they are rounded down before.
    """
    count = len(orders)
    none = np.zeros(count, np.int32)
    spare_s = MS * max(1.0, float(people.staff.packers.speed.max()))
    return people.roster(
        ready_s=np.floor(delivery_bound_s(problem)[:count] / MS) * MS,
        due_s=np.full(count, np.inf),
        priority=none,
        kind=none,
        work_s=np.maximum(0.0, problem.pack_s[:count] - 2 * spare_s),
        setup_s=np.zeros(1),
        able=people.able[orders],
    )


def _problem(
    site: Site, served: NDArray[np.int64]
) -> tuple[NDArray[np.int32], BoundProblem]:
    """Return the orders that are served, and facts about each."""
    scenario = site.scenario
    given, service, step_s = scenario.orders, scenario.service, scenario.step_s
    lines = np.flatnonzero(served > 0)
    orders, line_counts = np.unique(given.line_order[lines], return_counts=True)
    units = np.bincount(given.line_order, served, minlength=len(given))[orders]
    pick_s = line_counts * service.pick_s_per_line + units * service.pick_s_per_unit
    places, locations = _locations(site, lines, line_counts)

    table = site.table
    between = table.between_places(places)
    from_home = table.from_any(scenario.fleet.start_cells)[places]
    from_dock = site.from_dock[places]
    come = np.stack([from_dock, from_home, np.zeros(len(places), np.int32)])
    ways = np.zeros((3, len(orders)), np.int64)
    shortest_ways(between, come, site.to_dock[places], locations, ways)

    dock_rows = table.rows(site.docks)
    to_docks = table.data[dock_rows][:, places].astype(np.int64)
    earliest = _earliest_steps(from_home, to_docks, locations)
    onward_s = ways[2] * step_s
    arrival = np.maximum(
        earliest * step_s, (given.release_s[orders] + onward_s)[:, None]
    )
    saving = np.maximum(0, from_dock - from_home).max(initial=0)
    return orders, BoundProblem(
        release_s=given.release_s[orders],
        due_s=site.promised_s[orders].max(axis=1, initial=-np.inf),
        pick_s=pick_s,
        drop_s=service.drop_s_per_order,
        pack_s=np.array(
            [
                scenario.pack_s(n, cartons)
                for n, cartons in zip(
                    units.tolist(),
                    _least_cartons(scenario, served)[orders],
                    strict=True,
                )
            ]
        ),
        round_s=ways[0] * step_s,
        from_home_s=ways[1] * step_s,
        onward_s=onward_s,
        earliest_s=arrival + (pick_s + service.drop_s_per_order)[:, None],
        packers=np.array([s.packers for s in scenario.stations], np.int32),
        robots=len(scenario.fleet),
        slots=scenario.fleet.tote_slots,
        head_start_s=float(saving) * step_s,
    )


def _least_cartons(scenario: Scenario, served: NDArray[np.int64]) -> NDArray[np.int64]:
    """Cartons that the units served of each order need at least, by volume and mass."""
    given, shipping = scenario.orders, scenario.shipping
    if shipping is None:
        return np.zeros(len(given), np.int64)
    units, catalogue = shipping.units, shipping.catalogue
    volume_m3 = np.nan_to_num(units.size_m).prod(axis=1)
    mass_kg = np.nan_to_num(units.mass_kg)
    need = np.ones(len(given))
    for of_unit, most in (
        (volume_m3, catalogue.volume_m3.max()),
        (mass_kg, catalogue.max_mass_kg.max()),
    ):
        load = of_unit[given.line_sku] * served
        total = np.bincount(given.line_order, load, len(given))
        need = np.maximum(need, np.ceil(total / most * (1 - 1e-9)))
    return need.astype(np.int64)


def _locations(
    site: Site, lines: NDArray[np.intp], line_counts: NDArray[np.intp]
) -> tuple[NDArray[np.int32], OrderLocations]:
    """All stand cells of all locations of each line, as places 0, 1, ..."""
    stock, given = site.scenario.stock, site.scenario.orders
    rows = np.flatnonzero(stock.quantity > 0)
    rows = rows[np.argsort(stock.sku[rows], kind="stable")]
    stands = site.stand_cells(stock.cell[rows])
    first = np.searchsorted(stock.sku[rows], given.line_sku[lines], "left")
    last = np.searchsorted(stock.sku[rows], given.line_sku[lines], "right")
    cells_of = [stands[a:b].ravel() for a, b in zip(first, last, strict=True)]
    cells_of = [np.unique(cells[cells >= 0]) for cells in cells_of]
    # Lines with the fewest places come first: they are the ones that count.
    begin = 0
    for count in line_counts.tolist():
        cells_of[begin : begin + count] = sorted(
            cells_of[begin : begin + count], key=len
        )
        begin += count
    flat = np.concatenate([np.empty(0, np.int32), *cells_of]).astype(np.int32)
    places, place = np.unique(flat, return_inverse=True)
    return places.astype(np.int32), OrderLocations(
        np.cumsum([0, *line_counts.tolist()], dtype=np.int32),
        np.cumsum([0, *map(len, cells_of)], dtype=np.int32),
        place.astype(np.int32),
    )


def _earliest_steps(
    from_home: NDArray[np.int32], to_docks: NDArray[np.int64], orders: OrderLocations
) -> NDArray[np.int64]:
    """Steps from a home over the farthest line to each dock, (orders, stations)."""
    if len(orders.place) == 0:
        return np.zeros((0, len(to_docks)), np.int64)
    over = from_home[orders.place] + to_docks[:, orders.place]
    per_line = np.minimum.reduceat(over, orders.place_start[:-1], axis=1)
    farthest = np.maximum.reduceat(per_line, orders.line_start[:-1], axis=1)
    return np.minimum(farthest, UNREACHABLE).T
