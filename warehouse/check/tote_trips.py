"""Trips of a RAFS instance: every rule, and their length driven anew."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from warehouse.check.violation import Findings, Violation

TOTE_RULES: Final[dict[str, str]] = {
    "trip-index": "Every order, SKU, pod and station exists.",
    "order-once": "Every order that can be served is on one trip.",
    "trip-load": "A trip carries no more mass than a robot may.",
    "trip-units": "A trip takes what its orders ask for.",
    "pod-stock": "No more units of a SKU are taken from a pod than it holds.",
    "trip-length": "A trip is as long as is said, by the shortest paths.",
}
"""Name of every rule of tote trips, and what holds where it is kept."""


class Given(Protocol):
    """What the instance gives; see `warehouse.formats.rafs`."""

    @property
    def layout(self) -> Any: ...  # noqa: D102
    @property
    def goods(self) -> Any: ...  # noqa: D102
    @property
    def pick_waypoint(self) -> NDArray[np.int64]: ...  # noqa: D102
    @property
    def station_waypoint(self) -> NDArray[np.int64]: ...  # noqa: D102
    @property
    def capacity_kg(self) -> float: ...  # noqa: D102


class Trip(Protocol):
    """A trip from its station and back to it.

    ``picks`` has the pod, the SKU and the units of each pick, in the order of the way.
    """

    @property
    def orders(self) -> Sequence[int]: ...  # noqa: D102
    @property
    def station(self) -> int: ...  # noqa: D102
    @property
    def picks(self) -> Sequence[tuple[int, int, int]]: ...  # noqa: D102
    @property
    def length_mm(self) -> int: ...  # noqa: D102


def check_tote_trips(
    instance: Given, trips: Sequence[Trip], left_out: Sequence[int]
) -> list[Violation]:
    """Find every rule that trips break.

    Parameters
    ----------
    instance : Given
    trips : sequence of Trip
    left_out : sequence of int
        Orders that are said to be too heavy, or for more than any place holds.
    """
    findings = Findings(0, 0, rules=TOTE_RULES)
    goods = instance.goods
    limits = len(goods.orders), len(instance.pick_waypoint), len(goods.sku_names)
    for number, trip in enumerate(trips):
        numbers = [(order, limits[0]) for order in trip.orders]
        numbers.append((trip.station, len(instance.station_waypoint)))
        for pod, sku, _ in trip.picks:
            numbers += [(pod, limits[1]), (sku, limits[2])]
        if any(not 0 <= value < limit for value, limit in numbers):
            _find(findings, "trip-index", f"trip {number} names what there is not")
    if findings.broken("trip-index"):
        return findings.violations()
    times = Counter(order for trip in trips for order in trip.orders)
    for order in range(limits[0]):
        wanted = 0 if order in left_out else 1
        if times[order] != wanted or (not wanted and _can_be_served(instance, order)):
            _find(findings, "order-once", f"order {order} is on {times[order]} trips")
    for number, trip in enumerate(trips):
        _check_trip(instance, findings, number, trip)
    _check_stock(instance, findings, trips)
    return findings.violations()


def _find(findings: Findings, rule: str, text: str) -> None:
    findings.add(rule, "{text}", text=[text])


def _lines(instance: Given, order: int) -> Counter[int]:
    """Units of each SKU that an order asks for, in one line or several."""
    orders, units = instance.goods.orders, Counter[int]()
    for line in np.flatnonzero(orders.line_order == order).tolist():
        units[int(orders.line_sku[line])] += int(orders.line_quantity[line])
    return units


def _mass_kg(instance: Given, units: dict[int, int]) -> float:
    return sum(instance.goods.sku_mass_kg[sku] * n for sku, n in units.items())


def _held(instance: Given) -> Counter[tuple[int, int]]:
    """Units of each SKU on each pod."""
    goods, held = instance.goods, Counter[tuple[int, int]]()
    for sku, pod, units in zip(
        goods.stock_sku, goods.stock_pod, goods.stock_quantity, strict=True
    ):
        held[int(pod), int(sku)] += int(units)
    return held


def _can_be_served(instance: Given, order: int) -> bool:
    """Whether an order is light enough, and no SKU of it too scarce everywhere."""
    units = _lines(instance, order)
    if _mass_kg(instance, units) > instance.capacity_kg + 1e-9:
        return False
    at_place = Counter[tuple[int, int]]()
    for (pod, sku), n in _held(instance).items():
        at_place[int(instance.pick_waypoint[pod]), sku] += n
    orders = instance.goods.orders
    for sku in units:
        most = orders.line_quantity[orders.line_sku == sku].max()
        if all(n < most for (_, own), n in at_place.items() if own == sku):
            return False
    return True


def _check_trip(instance: Given, findings: Findings, number: int, trip: Trip) -> None:
    asked: Counter[int] = Counter()
    for order in trip.orders:
        asked.update(_lines(instance, order))
    mass_kg = _mass_kg(instance, asked)
    if mass_kg > instance.capacity_kg + 1e-9:
        _find(findings, "trip-load", f"trip {number} carries {mass_kg:g} kg")
    taken: Counter[int] = Counter()
    for _, sku, units in trip.picks:
        taken[sku] += units
    if taken != asked:
        _find(findings, "trip-units", f"trip {number} takes {dict(taken)}")
    station = int(instance.station_waypoint[trip.station])
    way = [station, *(int(instance.pick_waypoint[pod]) for pod, _, _ in trip.picks)]
    driven = sum(_way_mm(instance, a, b) for a, b in pairwise([*way, station]))
    if driven != trip.length_mm:
        found = f"trip {number} of {driven} mm is said to be {trip.length_mm} long"
        _find(findings, "trip-length", found)


def _check_stock(instance: Given, findings: Findings, trips: Sequence[Trip]) -> None:
    held, taken = _held(instance), Counter[tuple[int, int]]()
    for trip in trips:
        for pod, sku, units in trip.picks:
            taken[pod, sku] += units
    for (pod, sku), units in sorted(taken.items()):
        if units > held[pod, sku]:
            found = f"{units} of SKU {sku} are taken from pod {pod}"
            _find(findings, "pod-stock", f"{found}, {held[pod, sku]} are there")


def _way_mm(instance: Given, start: int, end: int) -> int:
    """Shortest way along the paths, round after round over all of them."""
    points = instance.layout.waypoints
    origin, target = points.paths.T
    step = np.abs(points.x_m[origin] - points.x_m[target])
    step = np.round((step + np.abs(points.y_m[origin] - points.y_m[target])) * 1000)
    far = np.full(len(points.x_m), np.inf)
    far[start] = 0.0
    while True:
        nearer = far.copy()
        np.minimum.at(nearer, target, far[origin] + step)
        if (nearer == far).all():
            return int(far[end]) if np.isfinite(far[end]) else -1
        far = nearer
