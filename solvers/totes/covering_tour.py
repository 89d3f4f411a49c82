"""The shortest trip that comes to a place of each of some SKUs.

A trip for the SKUs that lie far apart often passes all others. So the shortest trip of
a few SKUs is found, and SKUs that it misses are added one after the other, until a trip
of all is as short as that of the few.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel

MOST_EXACT: Final = 13
"""Most SKUs of which the shortest trip is found; others are put in where they fit."""

FAR: Final = 1 << 60


@dataclass(frozen=True, slots=True)
class Trip:
    """A closed trip.

    Parameters
    ----------
    length : int
    least : int
        No trip to the same SKUs is shorter.
    nodes : tuple of int
        A station, the places where it stops, the station again.
    """

    length: int
    least: int
    nodes: tuple[int, ...]

    @property
    def exact(self) -> bool:
        """Whether there is no shorter one."""
        return self.least == self.length


def covering_trip(
    distance: NDArray[np.int32], stations: int, places: list[NDArray[np.int32]]
) -> Trip | None:
    """Find a short trip, from any station, that comes to a place of each of some SKUs.

    Where `MOST_EXACT` SKUs or fewer make it as long as it is, it is the shortest.

    Parameters
    ----------
    distance : ndarray of int32, shape (nodes, nodes)
        By the shortest way; the stations come first.
    stations : int
    places : list of ndarray of int32
        Nodes that hold each SKU.

    Returns
    -------
    Trip or None
        None where a SKU has no place.

    Examples
    --------
    >>> distance = np.array([[0, 2, 9], [2, 0, 9], [9, 9, 0]], np.int32)
    >>> covering_trip(distance, 1, [np.array([1, 2], np.int32)])
    Trip(length=4, least=4, nodes=(0, 1, 0))
    """
    if not all(map(len, places)):
        return None
    start = np.cumsum([0, *map(len, places)]).astype(np.int64)
    place = np.concatenate([np.zeros(0, np.int32), *places])
    best, missed = min(
        (
            _filled(distance, (station, station), start, place)
            for station in range(stations)
        ),
        key=lambda found: found[0].length,
    )
    hard: list[int] = []
    while not best.exact and len(hard) < MOST_EXACT:
        hard.append(missed)
        few = np.array(hard, np.int64)
        least, nodes = _shortest(distance, stations, start, place, few, best.length)
        best = replace(best, least=int(least))
        if best.exact:
            return best
        trip, missed = _filled(distance, tuple(nodes.tolist()), start, place)
        if trip.length < best.length:
            best = replace(trip, least=best.least)
    return best


def _filled(
    distance: NDArray[np.int32],
    nodes: tuple[int, ...],
    start: NDArray[np.int64],
    place: NDArray[np.int32],
) -> tuple[Trip, int]:
    """Trip that comes to all SKUs besides, and the SKU that was farthest from it."""
    room = np.zeros(len(nodes) + len(start), np.int64)
    room[: len(nodes)] = nodes
    count, missed = _put_in(distance, room, len(nodes), start, place)
    way = tuple(room[:count].tolist())
    length = sum(int(distance[a, b]) for a, b in pairwise(way))
    return Trip(length, 0 if missed >= 0 else length, way), missed


@kernel
def _put_in(
    distance: NDArray[np.int32],
    way: NDArray[np.int64],
    count: int,
    start: NDArray[np.int64],
    place: NDArray[np.int32],
) -> tuple[int, int]:
    """Put places of all SKUs into a way of ``count`` nodes, the least detour first.

    Returns how many nodes the way has then, and the SKU that was the farthest from the
    way at the beginning; -1 where none was missing.
    """
    skus = len(start) - 1
    missing = np.ones(skus, np.bool_)
    for sku in range(skus):
        for at in range(start[sku], start[sku + 1]):
            for k in range(count):
                if way[k] == place[at]:
                    missing[sku] = False
    farthest, most, first = -1, -1, True
    while True:
        least, chosen, after = FAR, -1, -1
        for sku in range(skus):
            if not missing[sku]:
                continue
            detour = FAR
            for at in range(start[sku], start[sku + 1]):
                node = place[at]
                for k in range(count - 1):
                    a, b = way[k], way[k + 1]
                    more = distance[a, node] + distance[node, b] - distance[a, b]
                    if more < detour:
                        detour = more
                        if more < least:
                            least, chosen, after = more, node, k
            if first and detour > most:
                farthest, most = sku, detour
        if chosen < 0:
            return count, farthest
        first = False
        for k in range(count, after + 1, -1):
            way[k] = way[k - 1]
        way[after + 1] = chosen
        count += 1
        for sku in range(skus):
            for at in range(start[sku], start[sku + 1]):
                if place[at] == chosen:
                    missing[sku] = False


@kernel
def _shortest(
    distance: NDArray[np.int32],
    stations: int,
    start: NDArray[np.int64],
    place: NDArray[np.int32],
    hard: NDArray[np.int64],
    below: int,
) -> tuple[int, NDArray[np.int64]]:
    """Length and nodes of the shortest trip to some SKUs from any station.

    Without a trip shorter than ``below`` that number, and no node. Dynamic programming
    over what is collected and where the robot is, as Held and Karp (1962) do for all
    places; at a place all that it has is collected. O(2^SKUs p^2) for p places.
    """
    mask_of = np.zeros(len(distance), np.int64)
    for bit in range(len(hard)):
        for at in range(start[hard[bit]], start[hard[bit] + 1]):
            mask_of[place[at]] |= 1 << bit
    nodes = np.flatnonzero(mask_of)
    mask = mask_of[nodes]
    inner = np.zeros((len(nodes), len(nodes)), np.int64)
    for one in range(len(nodes)):
        for other in range(len(nodes)):
            inner[one, other] = distance[nodes[one], nodes[other]]
    out, home = np.zeros((2, len(nodes)), np.int64)
    trip = np.zeros(0, np.int64)
    for station in range(stations):
        for node in range(len(nodes)):
            out[node] = distance[station, nodes[node]]
            home[node] = distance[nodes[node], station]
        length, way = _collect(inner, out, home, mask, len(hard), below)
        if length < below:
            below = length
            trip = np.full(len(way) + 2, station, np.int64)
            for stop in range(len(way)):
                trip[stop + 1] = nodes[way[stop]]
    return below, trip


@kernel
def _collect(
    inner: NDArray[np.int64],
    out: NDArray[np.int64],
    home: NDArray[np.int64],
    mask: NDArray[np.int64],
    skus: int,
    below: int,
) -> tuple[int, NDArray[np.int64]]:
    """Length of the shortest trip from one station, and the places in their order.

    Without a trip shorter than ``below`` that number, and no place.
    """
    places = len(mask)
    everything = (1 << skus) - 1
    # What is left to drive where a SKU is missing, at least.
    rest = np.full((skus, places), FAR, np.int64)
    for onward in range(places):
        for sku in range(skus):
            if mask[onward] >> sku & 1:
                for place in range(places):
                    way_home = inner[place, onward] + home[onward]
                    rest[sku, place] = min(rest[sku, place], way_home)
    length = np.full((1 << skus, places), FAR, np.int64)
    before = np.full((1 << skus, places), -1, np.int64)
    for place in range(places):
        length[mask[place], place] = out[place]
    best, end = below, -1
    # What is collected only grows, so the sets can be gone through by number.
    for have in range(1, everything + 1):
        for place in range(places):
            here = length[have, place]
            if here >= best:
                continue
            if have == everything:
                if here + home[place] < best:
                    best, end = here + home[place], place
                continue
            hopeless = False
            for sku in range(skus):
                if not have >> sku & 1 and here + rest[sku, place] >= best:
                    hopeless = True
            if hopeless:
                continue
            for onward in range(places):
                more = have | mask[onward]
                there = here + inner[place, onward]
                if more != have and there < length[more, onward]:
                    length[more, onward] = there
                    before[more, onward] = have * places + place
    way = np.zeros(skus, np.int64)
    count, state = 0, everything * places + end if end >= 0 else -1
    while state >= 0:
        way[count] = state % places
        count += 1
        state = before[state // places, state % places]
    turned = np.zeros(count, np.int64)
    for index in range(count):
        turned[index] = way[count - 1 - index]
    return best, turned
