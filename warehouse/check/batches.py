"""Whether a batching is what it says: by rules and walks that know no solver.

The floor is a graph of points and lengths between them. Whoever checks builds it from
what was given, cell by cell and crossing by crossing, and the walk from place to place
is measured anew by shortest ways in that graph (Dijkstra 1959).
"""

import heapq
import itertools
import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

TOLERANCE = 1e-6


class Paths:
    """A floor as a graph.

    Parameters
    ----------
    arcs : iterable of (point, point, float)
        From, to, length.

    Examples
    --------
    >>> paths = Paths([("a", "b", 2.0), ("b", "c", 2.0), ("a", "c", 5.0)])
    >>> paths.length("a", "c"), paths.length("c", "a")
    (4.0, inf)
    """

    def __init__(self, arcs: Iterable[tuple[Hashable, Hashable, float]]) -> None:
        self._next: dict[Hashable, dict[Hashable, float]] = {}
        for start, end, length in arcs:
            ways = self._next.setdefault(start, {})
            ways[end] = min(length, ways.get(end, math.inf))
        self._known: dict[Hashable, dict[Hashable, float]] = {}

    def length(self, start: Hashable, end: Hashable) -> float:
        """Length of the shortest way; inf if there is none."""
        if start not in self._known:
            self._known[start] = self._from(start)
        return self._known[start].get(end, math.inf)

    def _from(self, start: Hashable) -> dict[Hashable, float]:
        done: dict[Hashable, float] = {}
        count = 0  # points need no order of their own
        heap: list[tuple[float, int, Hashable]] = [(0.0, count, start)]
        while heap:
            length, _, point = heapq.heappop(heap)
            if point in done:
                continue
            done[point] = length
            for beyond, step in self._next.get(point, {}).items():
                if beyond not in done:
                    count += 1
                    heapq.heappush(heap, (length + step, count, beyond))
        return done


def aisle_arcs(
    aisle_x: Sequence[float],
    cross_y: Sequence[float],
    place_y: Sequence[float],
) -> list[tuple[Hashable, Hashable, float]]:
    """Arcs both ways of parallel aisles: points are (aisle, y).

    Parameters
    ----------
    aisle_x : sequence of float
        Where each aisle lies along the cross aisles.
    cross_y : sequence of float
        Where each cross aisle lies along the aisles.
    place_y : sequence of float
        Where cells lie along every aisle.

    Examples
    --------
    >>> paths = Paths(aisle_arcs([0.0, 3.0], [0.0, 10.0], [2.0]))
    >>> paths.length((0, 2.0), (1, 2.0))
    7.0
    """
    points = sorted({*cross_y, *place_y})
    arcs: list[tuple[Hashable, Hashable, float]] = []
    for aisle in range(len(aisle_x)):
        for y, z in itertools.pairwise(points):
            arcs += [((aisle, y), (aisle, z), z - y), ((aisle, z), (aisle, y), z - y)]
        if aisle:
            gap = aisle_x[aisle] - aisle_x[aisle - 1]
            for y in cross_y:
                arcs += [((aisle - 1, y), (aisle, y), gap)]
                arcs += [((aisle, y), (aisle - 1, y), gap)]
    return arcs


@dataclass(frozen=True, slots=True)
class GivenOrder:
    """An order: the points to visit for it, and what it takes of each resource."""

    points: frozenset[Hashable]
    load: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class FoundBatch:
    """A batch as reported: orders, points in visiting order, length of its tour."""

    orders: tuple[Hashable, ...]
    walk: tuple[Hashable, ...]
    length: float


def check_batches(
    orders: Mapping[Hashable, GivenOrder],
    capacity: Sequence[float],
    paths: Paths,
    depot: tuple[Hashable, Hashable],
    batches: Iterable[FoundBatch],
    *,
    depot_leg: float = 0.0,
) -> list[str]:
    """What is wrong with a batching, in words; empty if nothing.

    Each order is in exactly one batch, no batch is empty or too full, every tour visits
    all points of its orders and is as long as it says.

    Parameters
    ----------
    orders : mapping
        Every order by its name.
    capacity : sequence of float
        By resource.
    paths : Paths
    depot : (point, point)
        Where tours begin and end.
    batches : iterable of FoundBatch
    depot_leg : float
        Way from the depot to these points, walked out and back.

    Examples
    --------
    >>> paths = Paths([("door", "shelf", 4.0), ("shelf", "door", 4.0)])
    >>> orders = {1: GivenOrder(frozenset({"shelf"}), (2.0,))}
    >>> check_batches(orders, [1.0], paths, ("door", "door"),
    ...               [FoundBatch((1,), ("shelf",), 7.0)])
    ['batch 0 holds 2 of 1', 'batch 0 says it is 7 long and is 8']
    """
    faults = []
    times: dict[Hashable, int] = dict.fromkeys(orders, 0)
    for number, batch in enumerate(batches):
        name = f"batch {number}"
        unknown = [order for order in batch.orders if order not in orders]
        if unknown or not batch.orders:
            faults.append(f"{name} has no order, or unknown ones: {unknown}")
            continue
        for order in batch.orders:
            times[order] += 1
        members = [orders[order] for order in batch.orders]
        for r, limit in enumerate(capacity):
            filled = sum(member.load[r] for member in members)
            if filled > limit + TOLERANCE:
                faults.append(f"{name} holds {filled:g} of {limit:g}")
        missed = frozenset().union(*(m.points for m in members)) - set(batch.walk)
        if missed:
            faults.append(f"{name} misses {sorted(map(str, missed))}")
        stops = [depot[0], *batch.walk, depot[1]]
        length = sum(map(paths.length, stops[:-1], stops[1:])) if batch.walk else 0.0
        length += 2 * depot_leg if batch.walk else 0.0
        if not abs(length - batch.length) <= TOLERANCE:
            said, found = f"{batch.length:.10g}", f"{length:.10g}"
            faults.append(f"{name} says it is {said} long and is {found}")
    for order, count in times.items():
        if count != 1:
            faults.append(f"order {order} is in {count} batches")
    return faults
