"""The shortest trip that comes to a place of each of some SKUs."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import kernel

MOST_EXACT: Final = 12
"""SKUs of a trip up to which its length is the shortest; above it is a good one."""

FAR: Final = 1 << 60


@dataclass(frozen=True, slots=True)
class Trip:
    """A closed trip.

    Parameters
    ----------
    length : int
    exact : bool
        Whether there is no shorter one.
    nodes : tuple of int
        A station, the places where it stops, the station again.
    """

    length: int
    exact: bool
    nodes: tuple[int, ...]


def covering_trip(
    distance: NDArray[np.int32], stations: int, places: list[NDArray[np.int32]]
) -> Trip | None:
    """Shortest trip, from any station, that comes to a place of each of some SKUs.

    Dynamic programming over what is collected and where the robot is, as Held and Karp
    (1962) do for all places; at a place all that it has is collected. O(2^SKUs p^2) for
    p places, up to `MOST_EXACT` SKUs; above, the nearest place that has something
    missing is next.

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
    Trip(length=4, exact=True, nodes=(0, 1, 0))
    """
    mask_of: dict[int, int] = {}
    for bit, nodes_of_sku in enumerate(places):
        if not len(nodes_of_sku):
            return None
        for place in nodes_of_sku.tolist():
            mask_of[place] = mask_of.get(place, 0) | 1 << bit
    best = _nearest_next(distance, stations, mask_of, len(places))
    if len(places) > MOST_EXACT:
        return best
    nodes = np.array(sorted(mask_of), np.int64)
    mask = np.array([mask_of[node] for node in nodes.tolist()], np.int64)
    inner = distance[np.ix_(nodes, nodes)].astype(np.int64)
    best = Trip(best.length, True, best.nodes)
    for station in range(stations):
        out = distance[station, nodes].astype(np.int64)
        home = distance[nodes, station].astype(np.int64)
        length, way = _shortest(inner, out, home, mask, len(places), best.length)
        if length < best.length:
            stops = tuple(nodes[way].tolist())
            best = Trip(int(length), True, (station, *stops, station))
    return best


@kernel
def _shortest(
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
    length = np.full((1 << skus, places), FAR, np.int64)
    before = np.full((1 << skus, places), -1, np.int64)
    for place in range(places):
        length[mask[place], place] = out[place]
    best, end = below, -1
    # What is collected only grows, so the sets can be gone through by number.
    for have in range(1, everything + 1):
        for place in range(places):
            here = length[have, place]
            # Ways are the shortest, so none home is shorter than the straight one.
            if here + home[place] >= best:
                continue
            if have == everything:
                best, end = here + home[place], place
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


def _nearest_next(
    distance: NDArray[np.int32], stations: int, mask_of: dict[int, int], skus: int
) -> Trip:
    """Trip to the nearest place that has something missing, again and again."""
    trips = []
    for station in range(stations):
        have, here, length, nodes = 0, station, 0, [station]
        while have != (1 << skus) - 1:
            useful = [node for node, mask in mask_of.items() if mask & ~have]
            onward = useful[int(distance[here, useful].argmin())]
            length += int(distance[here, onward])
            have |= mask_of[onward]
            here = onward
            nodes.append(here)
        length += int(distance[here, station])
        trips.append(Trip(length, False, (*nodes, station)))
    return min(trips, key=lambda trip: trip.length)
