"""The tote problem of a RAFS instance, and its stock."""

import heapq
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from solvers.totes.covering_tour import covering_trip
from solvers.totes.problem import ToteProblem
from solvers.totes.solve import ToteTrip
from warehouse.formats.rafs import RafsInstance
from warehouse.formats.rawsim_instance import Waypoints
from warehouse.formats.tote_trips import ServedTrip

FAR_MM: Final = 2**30


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


def _node_of_pod(instance: RafsInstance) -> NDArray[np.intp]:
    """Node at which each pod is picked from."""
    first = len(instance.station_waypoint)
    places = _nodes(instance)[first:]
    return first + np.searchsorted(places, instance.pick_waypoint)


def stock_of_nodes(instance: RafsInstance) -> NDArray[np.int64]:
    """Units of each SKU that can be taken at each node, shape (SKUs, nodes).

    Parameters
    ----------
    instance : RafsInstance
    """
    goods = instance.goods
    stock = np.zeros((len(goods.sku_names), len(_nodes(instance))), np.int64)
    at = goods.stock_sku, _node_of_pod(instance)[goods.stock_pod]
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
    station, to places that still have enough of each of its SKUs. Where it takes
    nothing it does not stop.

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
        Its orders are those of the instance. None where no place has enough left for a
        trip.
    """
    orders, stock = instance.goods.orders, stock_of_nodes(instance)
    shelves = _Shelves(instance)
    served = []
    for trip in trips:
        numbers = [kept[order] for order in trip.orders]
        mine = np.isin(orders.line_order, numbers)
        units = np.bincount(
            orders.line_sku[mine], orders.line_quantity[mine], len(stock)
        ).astype(np.int64)
        nodes = _nodes_with_enough(problem, trip.nodes, stock, units)
        if nodes is None:
            return None
        taken: dict[int, list[int]] = {node: [] for node in nodes[1:-1]}
        for sku in np.flatnonzero(units).tolist():
            node = nodes[int(stock[sku, list(nodes)].argmax())]
            stock[sku, node] -= units[sku]
            taken[node].append(sku)
        picks = [
            pick
            for node, skus in taken.items()
            for sku in skus
            for pick in shelves.take(node, sku, int(units[sku]))
        ]
        stops = [nodes[0], *(node for node in taken if taken[node]), nodes[0]]
        length = int(problem.distance[stops[:-1], stops[1:]].sum())
        served.append(ServedTrip(numbers, nodes[0], picks, length))
    return tuple(served)


def _nodes_with_enough(
    problem: ToteProblem,
    nodes: tuple[int, ...],
    stock: NDArray[np.int64],
    units: NDArray[np.int64],
) -> tuple[int, ...] | None:
    """Nodes of a trip if they hold what it takes, else of the shortest that does."""
    skus = np.flatnonzero(units).tolist()
    if all((stock[s, list(nodes)] >= units[s]).any() for s in skus):
        return nodes
    enough = [np.flatnonzero(stock[s] >= units[s]).astype(np.int32) for s in skus]
    other = covering_trip(problem.distance, problem.stations, enough)
    return None if other is None else other.nodes


class _Shelves:
    """What pods still hold, by the node where they are picked from."""

    def __init__(self, instance: RafsInstance) -> None:
        goods = instance.goods
        self.left: dict[tuple[int, int], dict[int, int]] = {}
        nodes = _node_of_pod(instance)
        for sku, pod, units in zip(
            goods.stock_sku.tolist(),
            goods.stock_pod.tolist(),
            goods.stock_quantity.tolist(),
            strict=True,
        ):
            pods = self.left.setdefault((int(nodes[pod]), sku), {})
            pods[pod] = pods.get(pod, 0) + units

    def take(self, node: int, sku: int, units: int) -> list[tuple[int, int, int]]:
        """Take units at a node: pod, SKU and units of each pick."""
        picks, pods = [], self.left[node, sku]
        # From the pod with most first, so that one pick is enough where it can be.
        for pod in sorted(pods, key=lambda pod: (-pods[pod], pod)):
            mine = min(units, pods[pod])
            if mine:
                pods[pod] -= mine
                units -= mine
                picks.append((pod, sku, mine))
        return picks


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
