"""The bound of a plan: facts about each served order, and what follows from them."""

import numpy as np
from numpy.typing import NDArray

from solvers.bounds.makespan import (
    BoundProblem,
    completion_bound_s,
    robots_bound_s,
    stations_bound_s,
    travel_bound_s,
)
from solvers.bounds.order_paths import OrderLocations, shortest_ways
from solvers.fulfilment.site import Site
from warehouse.distances import UNREACHABLE
from warehouse.plan import Bound
from warehouse.scenario import Scenario


def bound_of(site: Site, served: NDArray[np.int64]) -> Bound:
    """Bound for every plan that serves some units.

    Parameters
    ----------
    site : Site
    served : ndarray of int64, shape (lines,)
        Units served of each order line.
    """
    problem = _problem(site, served)
    completion_s = completion_bound_s(problem)
    late = completion_s - problem.due_s
    parts = {
        "stations": stations_bound_s(problem),
        "robots": robots_bound_s(problem),
        "longest_order": float(completion_s.max(initial=0.0)),
    }
    return Bound(
        makespan_s=parts,
        travel_m=travel_bound_s(problem) * site.scenario.fleet.speed_m_s,
        tardiness_s=float(np.maximum(0.0, late).sum()),
    )


def _problem(site: Site, served: NDArray[np.int64]) -> BoundProblem:
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
    return BoundProblem(
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
