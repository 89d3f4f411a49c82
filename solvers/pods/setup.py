"""From a scenario to the arrays that are simulated."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from solvers.pods.arrays import (
    ARRIVAL,
    CHARGER,
    COUNTS,
    FILL_STATION,
    ITEM,
    LINE,
    MOST_ROWS,
    NONE,
    ORDER,
    ORDERS_GIVEN,
    POD,
    ROBOT,
    SKU,
    SPOT,
    STATION,
    VERTEX,
    Record,
    Rules,
    Site,
    Times,
)
from solvers.pods.energy import Steps, fill_energy, no_energy
from solvers.pods.motion import make_traffic
from solvers.pods.params import RULES, PodParams
from solvers.pods.ways import Ways
from warehouse.replenishment import Replenishment
from warehouse.scenario import Battery, PodSystem, Scenario

DRIVES_AHEAD: Final = 2.0
"""Work on its way to a station lasts as long as so many drives to the nearest one."""
MOST_NEW_SKUS: Final = 24
"""SKUs that a pod may come to hold beside those that it had at first.

One that it has sold out makes room for another.
"""


def make_site(
    scenario: Scenario, pods: PodSystem, ways: Ways, params: PodParams, seed: int
) -> Site:
    """Arrays of a scenario at step 0."""
    pod_table, items = _stock(scenario, pods)
    split_cost = _split_cost(params, len(scenario.stations))
    orders, lines = _orders(scenario, splits=split_cost < np.inf)
    spots, vertices = _spots(pods, ways)
    stations, fills = _stations(pods, ways)
    times = _times(scenario, pods)
    to_dock, from_dock = ways.to_docks(ways.spots), ways.docks_to_spots()
    energy = no_energy()
    battery = scenario.fleet.battery
    if battery is not None:
        to_charger = ways.to_chargers(ways.spots).min(1)
        from_charger = ways.chargers_to_spots()
        lifts = times.lift + times.set_down
        steps = Steps(to_dock, from_dock, to_charger, from_charger, lifts)
        energy = fill_energy(
            scenario, battery, spots, (stations, fills), steps, ways.robots
        )
    pod_table.spot = vertices.at[ways.floor.at(pods.start_cells)]
    robots = len(scenario.fleet)
    skus = _skus(len(scenario.sku_names), items)
    slot_free_s = np.full((len(scenario.stations), int(pods.order_slots.max())), np.inf)
    for station, slots in enumerate(pods.order_slots):
        slot_free_s[station, :slots] = 0.0
    return Site(
        pods=pod_table,
        items=items,
        orders=orders,
        lines=lines,
        skus=skus,
        stations=stations,
        fills=fills,
        arrivals=_arrivals(pods.replenishment),
        slot_free_s=slot_free_s,
        spots=spots,
        chargers=_chargers(ways),
        vertices=vertices,
        to_dock=to_dock,
        from_dock=from_dock,
        dock_to_dock=ways.to_docks(ways.docks),
        robots=_robots(robots, battery),
        visits=np.zeros((robots, MOST_ROWS, 3), np.int32),
        traffic=make_traffic(
            ways.floor.at(scenario.fleet.start_cells),
            np.ones(robots, np.uint8),
            ways.floor.vertices,
            seed,
        ),
        record=make_record(0),
        times=times,
        energy=energy,
        rules=Rules(
            *RULES[params.rules],
            pods.backlog,
            params.held,
            _work_s(params, to_dock[:, : len(stations)], scenario.step_s),
            params.overhead_s,
            params.detour_rate,
            params.slot_worth,
            params.rare_worth,
            params.least_gain,
            params.wait_weight,
            params.scarce_worth,
            params.age_worth,
            params.fill_worth,
            split_cost,
            params.least_split,
        ),
        counts=_counts(len(scenario.orders)),
        random=np.array([2 * seed + 3], np.uint64),
        waits=np.zeros(3),
    )


def _work_s(params: PodParams, drives: NDArray[np.int32], step_s: float) -> float:
    """Seconds of work on its way to a station after which it sends for no more.

    Parameters
    ----------
    params : PodParams
    drives : ndarray of int32, shape (spots, stations)
        Steps. Where it takes long to bring a pod, more must be on its way.
    step_s : float
    """
    if not drives.size:
        return params.work_s
    return max(params.work_s, DRIVES_AHEAD * float(np.median(drives.min(1))) * step_s)


def _split_cost(params: PodParams, stations: int) -> float:
    """Units that an order costs at one more station; inf where there is no other."""
    if params.split_s is None or stations == 1:
        return np.inf
    return params.detour_rate * params.split_s


def _table(dtype: np.dtype[np.void], rows: int, value: int = 0) -> Any:
    """Make a record array with one value everywhere."""
    return np.full(rows, value, dtype).view(np.recarray)


def make_record(room: int) -> Record:
    """Room for so many stops, picks, charges and refills."""
    stops, picks = np.zeros((room, 8), np.int32), np.zeros((room, 5))
    charges, refills = np.zeros((room, 6)), np.zeros((room, 5))
    return Record(stops, picks, charges, refills, np.zeros(5, np.int64))


def _stock(scenario: Scenario, pods: PodSystem) -> tuple[Any, Any]:
    pod_at = np.full(scenario.layout.kinds.size, NONE, np.int64)
    pod_at[pods.start_cells] = np.arange(len(pods))
    pod, sku = pod_at[scenario.stock.cell], scenario.stock.sku
    left, capacity = scenario.stock.quantity, np.zeros(len(pods), np.int64)
    if pods.replenishment is not None:
        capacity = pods.replenishment.capacity.astype(np.int64)
        new = min(MOST_NEW_SKUS, len(np.unique(pods.replenishment.sku)))
        pod = np.concatenate([pod, np.repeat(np.arange(len(pods)), new)])
        nothing = np.full(len(pods) * new, len(scenario.sku_names))
        sku = np.concatenate([sku, nothing])
        left = np.concatenate([left, np.zeros(len(nothing), np.int64)])
    order = np.argsort(pod, kind="stable")
    start = np.searchsorted(pod[order], np.arange(len(pods) + 1))
    table, items = _table(POD, len(pods)), _table(ITEM, len(order))
    table.first, table.last = start[:-1], start[1:]
    items.sku, items.left = sku[order], left[order]
    on_pod = np.bincount(pod[order], items.left, minlength=len(pods))
    table.room = np.maximum(0, capacity - on_pod.astype(np.int64))
    return table, items


def _skus(count: int, items: Any) -> Any:
    """SKUs; the last of the table stands for what is not on a pod yet."""
    skus = _table(SKU, count + 1, NONE)
    skus.pods = np.bincount(items.sku[items.left > 0], minlength=count + 1)
    skus.free = np.bincount(items.sku, items.left, minlength=count + 1)
    skus.wanted = skus.coming = 0
    return skus


def _arrivals(filling: Replenishment | None) -> Any:
    """Goods that arrive, none of them spoken for."""
    if filling is None:
        return _table(ARRIVAL, 0)
    arrivals = _table(ARRIVAL, len(filling.sku))
    arrivals.sku, arrivals.left = filling.sku, filling.quantity
    arrivals.station, arrivals.release_s = filling.station, filling.release_s
    arrivals.arrival = np.argsort(filling.release_s, kind="stable")
    return arrivals


def servable_units(scenario: Scenario) -> NDArray[np.int32]:
    """Units of each order line that there are or will be, earlier lines first."""
    orders = scenario.orders
    return covered_units(orders.line_sku, orders.line_quantity, scenario.supply())


def covered_units(
    line_sku: NDArray[np.int32],
    line_quantity: NDArray[np.int32],
    held: NDArray[np.int64],
) -> NDArray[np.int32]:
    """Units of each line that are held, shape (SKUs,), earlier lines first."""
    by_sku = np.argsort(line_sku, kind="stable")
    wanted = line_quantity[by_sku].astype(np.int64)
    before = np.cumsum(wanted) - wanted
    first = np.searchsorted(line_sku[by_sku], line_sku[by_sku])
    before -= before[first]
    units = np.zeros(len(line_sku), np.int32)
    units[by_sku] = np.clip(held[line_sku[by_sku]] - before, 0, wanted)
    return units


def _counts(orders: int) -> NDArray[np.int64]:
    counts = np.zeros(COUNTS, np.int64)
    counts[ORDERS_GIVEN] = orders
    return counts


def _orders(scenario: Scenario, *, splits: bool) -> tuple[Any, Any]:
    """Orders, with a row for every part that may be split off, and their lines."""
    given, n = scenario.orders, len(scenario.orders)
    lines = _table(LINE, given.lines, NONE)
    lines.order, lines.sku = given.line_order, given.line_sku
    lines.left, lines.promised, lines.begun = servable_units(scenario), 0, False
    start = np.searchsorted(given.line_order, np.arange(n + 1))
    # An order and its parts keep a line each.
    parts = int(np.maximum(0, np.diff(start) - 1).sum()) if splits else 0
    orders = _table(ORDER, n + parts)
    orders.first[:n], orders.last[:n] = start[:-1], start[1:]
    orders.units = np.bincount(given.line_order, lines.left, minlength=n + parts)
    orders.unpromised = orders.units
    orders.station = orders.slot = orders.part = NONE
    orders.open_s = orders.close_s = np.inf
    orders.release_s[:n] = given.release_s
    orders.arrival[:n] = np.argsort(given.release_s, kind="stable")
    orders.given = np.arange(n + parts)
    return orders, lines


def _stations(pods: PodSystem, ways: Ways) -> tuple[Any, Any]:
    """Stations, and stations where pods are filled."""
    n = len(pods.order_slots)
    queue, filling = queue_lengths(ways), pods.replenishment
    stations, fills = _table(STATION, n), _table(FILL_STATION, len(ways.docks) - n)
    stations.dock, fills.dock = ways.docks[:n], ways.docks[n:]
    stations.queue, fills.queue = queue[:n], queue[n:]
    stations.slots = pods.order_slots
    stations.opening_s = np.inf
    if filling is not None:
        fills.s_per_visit, fills.s_per_box = filling.s_per_visit, filling.s_per_box
        fills.s_per_unit = filling.s_per_unit
    return stations, fills


def queue_lengths(ways: Ways) -> NDArray[np.int32]:
    """Robots that can wait for each dock and block no way to anywhere else.

    The dock itself, and the cells before it that lead nowhere but to it.
    """
    floor = ways.floor
    lengths = np.ones(len(ways.docks), np.int32)
    for station, dock in enumerate(ways.docks.tolist()):
        queue = {dock}
        front = [dock]
        for vertex in front:
            for before in floor.predecessors[vertex].tolist():
                onward = set(floor.successors[before].tolist()) - {-1}
                if before >= 0 and before not in queue and onward <= queue:
                    queue.add(before)
                    front.append(before)
        lengths[station] = len(queue)
    return np.maximum(2, lengths)


def _spots(pods: PodSystem, ways: Ways) -> tuple[Any, Any]:
    vertices = _table(VERTEX, ways.floor.vertices, NONE)
    vertices.at[ways.spots] = np.arange(len(ways.spots))
    vertices.charger[ways.chargers] = np.arange(len(ways.chargers))
    vertices.stored[ways.floor.at(pods.start_cells)] = np.arange(len(pods))
    spots = _table(SPOT, len(ways.spots))
    spots.vertex = ways.spots
    spots.taken = vertices.stored[ways.spots] >= 0
    return spots, vertices


def _chargers(ways: Ways) -> Any:
    chargers = _table(CHARGER, len(ways.chargers), NONE)
    chargers.vertex = ways.chargers
    return chargers


def _robots(n: int, battery: Battery | None) -> Any:
    robots = _table(ROBOT, n)
    robots.pod = robots.station = robots.trip = robots.visit = NONE
    robots.charger = robots.stay = NONE
    robots.level_wh = np.inf if battery is None else battery.start_wh
    return robots


def _times(scenario: Scenario, pods: PodSystem) -> Times:
    return Times(
        step_s=scenario.step_s,
        lift=max(1, scenario.service_steps(pods.lift_s)),
        set_down=max(1, scenario.service_steps(pods.set_down_s)),
        visit_s=pods.station_s_per_visit,
        line_s=pods.station_s_per_line,
        unit_s=pods.station_s_per_unit,
        stand_s=pods.robot_s_per_unit,
    )
