"""The tote problem of a RAFS instance, and its stock."""

import heapq
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from solvers.totes.covering_tour import covering_trip
from solvers.totes.problem import ToteProblem
from solvers.totes.solve import ToteTrip
from warehouse.formats.rafs import RafsInstance
from warehouse.formats.rawsim_instance import Waypoints

FAR_MM: Final = 2**30


@dataclass(frozen=True, slots=True)
class ServedTrip:
    """A trip on a RAFS instance, with what it takes where.

    Parameters
    ----------
    orders : list of int
    waypoints : list of int
        A station, places to pick at, the station again.
    taken : list of (waypoint, SKU, units)
    length_mm : int
    """

    orders: list[int]
    waypoints: list[int]
    taken: list[tuple[int, int, int]]
    length_mm: int


def tote_problem(instance: RafsInstance) -> tuple[ToteProblem, list[int]]:
    """Pose the problem, in millimetres and grams, on the file's own distances.

    Left out are orders heavier than a robot may carry, and orders for more of a SKU
    than any pod has. That two trips may want the last units of one pod is not looked at
    here: see `take_stock`.

    Parameters
    ----------
    instance : RafsInstance

    Returns
    -------
    ToteProblem
        Its nodes are the stations, then the pick locations.
    list of int
        Orders that it has, ascending.
    """
    goods, orders = instance.goods, instance.goods.orders
    nodes, stations = _nodes(instance), len(instance.station_waypoint)
    stock = stock_of_nodes(instance)
    largest = np.zeros(len(goods.sku_names), np.int64)
    np.maximum.at(largest, orders.line_sku, orders.line_quantity)
    held = [
        np.flatnonzero(row >= max(1, n)) for row, n in zip(stock, largest, strict=True)
    ]
    grams = np.round(goods.sku_mass_kg * 1000).astype(np.int64)
    weights = grams[orders.line_sku] * orders.line_quantity
    mass = np.bincount(orders.line_order, weights, len(orders)).astype(np.int64)
    capacity = round(instance.capacity_kg * 1000)
    lines = [orders.line_sku[orders.line_order == k] for k in range(len(orders))]
    kept = [
        k
        for k, skus in enumerate(lines)
        if mass[k] <= capacity and all(len(held[sku]) for sku in skus.tolist())
    ]
    problem = ToteProblem(
        distances_mm(instance.layout.waypoints, nodes),
        stations,
        _starts(held),
        np.concatenate(held),
        _starts([lines[k] for k in kept]),
        np.concatenate([lines[k] for k in kept]) if kept else np.zeros(0, np.int32),
        mass[kept],
        capacity,
    )
    return problem, kept


def _starts(lists: list[NDArray[Any]]) -> NDArray[np.int64]:
    """Where each of some lists begins when they are one, and the end."""
    return np.cumsum([0, *map(len, lists)]).astype(np.int64)


def _nodes(instance: RafsInstance) -> NDArray[np.int64]:
    """Waypoints of the stations, then of the pick locations."""
    places = np.unique(instance.pick_waypoint)
    return np.concatenate([instance.station_waypoint, places])


def stock_of_nodes(instance: RafsInstance) -> NDArray[np.int64]:
    """Units of each SKU that can be taken at each node, shape (SKUs, nodes).

    Parameters
    ----------
    instance : RafsInstance
    """
    goods, nodes = instance.goods, _nodes(instance)
    first = len(instance.station_waypoint)
    node_of_pod = first + np.searchsorted(nodes[first:], instance.pick_waypoint)
    stock = np.zeros((len(goods.sku_names), len(nodes)), np.int64)
    at = goods.stock_sku, node_of_pod[goods.stock_pod]
    np.add.at(stock, at, goods.stock_quantity)
    return stock


def take_stock(
    instance: RafsInstance,
    problem: ToteProblem,
    kept: list[int],
    trips: tuple[ToteTrip, ...],
) -> tuple[ServedTrip, ...] | None:
    """Let trips take their units one after the other, and go on where a pod is empty.

    A trip whose places lack what it needs is replaced by the shortest one, from any
    station, to places that still have enough of each of its SKUs.

    Parameters
    ----------
    instance : RafsInstance
    problem : ToteProblem
    kept : list of int
        Orders of the instance that the problem has.
    trips : tuple of ToteTrip

    Returns
    -------
    tuple of ServedTrip or None
        Orders and waypoints are those of the instance. None where no place has enough
        left for a trip.
    """
    orders, stock = instance.goods.orders, stock_of_nodes(instance)
    served, waypoint_of = [], _nodes(instance).tolist()
    for trip in trips:
        numbers = [kept[order] for order in trip.orders]
        mine = np.isin(orders.line_order, numbers)
        units = np.bincount(
            orders.line_sku[mine], orders.line_quantity[mine], len(stock)
        ).astype(np.int64)
        skus = np.flatnonzero(units).tolist()
        if not all((stock[s, list(trip.nodes)] >= units[s]).any() for s in skus):
            enough = [
                np.flatnonzero(stock[s] >= units[s]).astype(np.int32) for s in skus
            ]
            other = covering_trip(problem.distance, problem.stations, enough)
            if other is None:
                return None
            trip = ToteTrip(trip.orders, other.nodes, other.length)
        taken = []
        for sku in skus:
            node = trip.nodes[int(stock[sku, list(trip.nodes)].argmax())]
            stock[sku, node] -= units[sku]
            taken.append((waypoint_of[node], sku, int(units[sku])))
        stops = [waypoint_of[node] for node in trip.nodes]
        served.append(ServedTrip(numbers, stops, taken, trip.length))
    return tuple(served)


def distances_mm(points: Waypoints, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Shortest ways between waypoints along the paths, in millimetres.

    Parameters
    ----------
    points : Waypoints
    nodes : ndarray of int64, shape (nodes,)

    Returns
    -------
    ndarray of int64, shape (nodes, nodes)
    """
    onward: list[list[tuple[int, int]]] = [[] for _ in range(len(points.x_m))]
    for start, end in points.paths.tolist():
        metres = abs(points.x_m[start] - points.x_m[end])
        metres += abs(points.y_m[start] - points.y_m[end])
        onward[start].append((end, round(float(metres) * 1000)))
    rows = [_ways(onward, start) for start in nodes.tolist()]
    return np.array([[row.get(end, FAR_MM) for end in nodes.tolist()] for row in rows])


def _ways(onward: list[list[tuple[int, int]]], start: int) -> dict[int, int]:
    """Length of the shortest way from a waypoint to every other (Dijkstra 1959)."""
    length = {start: 0}
    queue = [(0, start)]
    while queue:
        far, here = heapq.heappop(queue)
        if far > length[here]:
            continue
        for there, step in onward[here]:
            if far + step < length.get(there, FAR_MM):
                length[there] = far + step
                heapq.heappush(queue, (far + step, there))
    return length
