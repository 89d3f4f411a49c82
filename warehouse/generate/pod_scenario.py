"""A seeded generator of sites with pods: floor, pods, stock, orders, robots."""

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault, InputError
from warehouse.generate.demand import generate_orders, popularity_of_skus
from warehouse.generate.mixed import kinds_of_robots, with_racks
from warehouse.generate.pod_layout import generate_pod_layout
from warehouse.generate.pod_params import PodScenarioParams
from warehouse.generate.pod_replenishment import (
    find_small_pods,
    first_quantities,
    generate_replenishment,
    split_docks,
)
from warehouse.layout import CellKind, Layout
from warehouse.scenario import Fleet, Orders, PodSystem, Scenario, Station, Stock


def generate_pod_scenario(
    params: PodScenarioParams, layout: Layout | None = None
) -> Scenario:
    """Make a site with pods. The same parameters give the same site.

    Parameters
    ----------
    params : PodScenarioParams
    layout : Layout, optional
        A floor of your own; its docks become the stations. Without it the floor is
        made from ``params.layout``.

    Raises
    ------
    InputError
        If the floor lacks homes for the robots, docks, or spots for the pods, or if
        the pods lack room for the SKUs.

    Examples
    --------
    >>> site = generate_pod_scenario(PodScenarioParams(pods=150, orders=50))
    >>> len(site.pods), len(site.stations)
    (150, 4)
    >>> generate_pod_scenario(PodScenarioParams(pods=241))
    Traceback (most recent call last):
    warehouse.errors.InputError: E602 pods: got 241 and 240 spots; need more spots \
or fewer pods
    """
    if layout is None:
        layout = generate_pod_layout(params.layout)
    homes, every_dock = layout.cells_of(CellKind.HOME), layout.cells_of(CellKind.DOCK)
    docks, fill_docks = split_docks(layout, every_dock, params)
    spots = layout.cells_of(CellKind.POD_SPOT)
    _refuse_unfit(params, len(homes), len(docks), len(spots))
    if params.battery is not None and not len(layout.cells_of(CellKind.CHARGER)):
        fault = Fault(
            "E602", "battery_wh", "no charger", "need a cell C, or no battery"
        )
        raise InputError([fault])
    layout, racks = with_racks(layout, params.racks)
    spots = layout.cells_of(CellKind.POD_SPOT)
    rng = np.random.Generator(np.random.PCG64(params.seed))
    start_cells = np.sort(rng.permutation(spots)[: params.pods])
    places = np.concatenate([start_cells, racks])
    sku_names, stock, orders = generate_goods(params, places, rng)
    robots = params.robots + params.tote_robots
    names = _names("POD", params.pods)
    stations = _names("P", len(docks))
    filling = None
    if len(fill_docks):
        filling = generate_replenishment(params, orders, len(docks), fill_docks, rng)
    return Scenario(
        name=params.name,
        layout=layout,
        sku_names=sku_names,
        stock=stock,
        orders=orders,
        fleet=Fleet(
            homes[:robots],
            speed_m_s=params.speed_m_s,
            motion="rotate",
            battery=params.battery,
            kinds=kinds_of_robots(params.robots, params.tote_robots),
        ),
        stations=tuple(map(Station, stations, docks.tolist())),
        pods=PodSystem(
            names=names,
            start_cells=start_cells,
            order_slots=np.full(len(docks), params.order_slots, np.int32),
            lift_s=params.lift_s,
            set_down_s=params.set_down_s,
            acceleration_m_s2=params.acceleration_m_s2,
            turn_s=params.turn_s,
            station_s_per_unit=params.station_s_per_unit,
            robot_s_per_unit=params.robot_s_per_unit,
            backlog=params.backlog,
            warm_up_s=params.warm_up_s,
            end_s=params.end_s,
            replenishment=filling,
        ),
    )


def generate_goods(
    params: PodScenarioParams, cells: NDArray[np.int32], rng: np.random.Generator
) -> tuple[tuple[str, ...], Stock, Orders]:
    """Names of SKUs, stock on pods and racks, and orders.

    The stock covers the orders, with what arrives.

    Parameters
    ----------
    params : PodScenarioParams
    cells : ndarray of int32, shape (pods and racks,)
    rng : numpy.random.Generator
    """
    popularity = popularity_of_skus(params, rng)
    orders = generate_orders(params, popularity, rng)
    stock = _stock(params, orders, popularity, cells, rng)
    return _names("SKU", params.skus), stock, orders


def _names(prefix: str, count: int) -> tuple[str, ...]:
    """Names with numbers from 1, all of one length."""
    digits = len(str(count))
    return tuple(f"{prefix}{i + 1:0{digits}}" for i in range(count))


def _refuse_unfit(
    params: PodScenarioParams, homes: int, docks: int, spots: int
) -> None:
    faults = []
    robots = params.robots + params.tote_robots
    if robots > homes:
        found = f"got {robots} and {homes} homes"
        needed = "need more homes or fewer robots"
        faults.append(Fault("E602", "robots", found, needed))
    spots -= params.racks
    if spots < 0:
        found = f"got {params.racks} and {spots + params.racks} spots"
        needed = "need more spots or fewer racks"
        faults.append(Fault("E602", "racks", found, needed))
    elif params.pods > spots:
        found = f"got {params.pods} and {spots} spots"
        needed = "need more spots or fewer pods"
        faults.append(Fault("E602", "pods", found, needed))
    if docks == 0:
        faults.append(Fault("E602", "layout", "no station dock", "need a cell P"))
    if params.skus > (params.pods + params.racks) * params.skus_per_pod:
        found = f"got {params.skus:,}, {params.pods:,} pods with room for "
        found += f"{params.skus_per_pod} each"
        needed = "need fewer SKUs, more pods or more skus_per_pod"
        faults.append(Fault("E602", "skus", found, needed))
    faults += find_small_pods(params)
    if faults:
        raise InputError(faults)


def _stock(
    params: PodScenarioParams,
    orders: Orders,
    popularity: NDArray[np.float64],
    cells: NDArray[np.int32],
    rng: np.random.Generator,
) -> Stock:
    """Stock on pods and racks that covers all orders.

    Every SKU has a place; the other places go to SKUs by the square root of their
    popularity, so that popular ones lie on many cells. What is ordered and half as
    much again is shared out over a SKU's places; where pods are filled, all pods are
    equally full.
    """
    places = len(cells) * params.skus_per_pod
    weight = np.sqrt(popularity)
    count = 1 + rng.multinomial(places - params.skus, weight / weight.sum())
    sku, pod = _dealt(np.minimum(count, len(cells)), len(cells), rng)
    demand = np.bincount(
        orders.line_sku, weights=orders.line_quantity, minlength=params.skus
    ).astype(np.int64)
    count = np.bincount(sku, minlength=params.skus)
    total = demand + np.maximum(demand // 2, count)
    first = np.concatenate([[0], np.cumsum(count)[:-1]])
    nth = np.arange(len(sku)) - first[sku]
    quantity = total[sku] // count[sku] + (nth < total[sku] % count[sku])
    if params.layout.replenishment_stations:
        quantity = first_quantities(params, pod)
    return Stock(
        sku.astype(np.int32), cells[pod].astype(np.int32), quantity.astype(np.int32)
    )


def _dealt(
    count: NDArray[np.int64], pods: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Deal SKUs out to pods: arrays of SKU and pod, sorted, no pair twice.

    Dealt round and round to pods in random order, the places of one SKU after each
    other, so that no pod gets a SKU twice and all pods get as many, but for one.
    """
    mixed = rng.permutation(len(count))
    sku = np.repeat(mixed, count[mixed])
    pod = rng.permutation(pods)[np.arange(len(sku)) % pods]
    order = np.lexsort((pod, sku))
    return sku[order], pod[order]
