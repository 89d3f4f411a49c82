"""Trips on a RAFS instance as a JSON file: which orders, what from which pod, in order.

The columns of the format are in ``docs/formats.md``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from warehouse.errors import Fault, InputError
from warehouse.formats.json_file import parse_json
from warehouse.formats.rafs import RafsInstance
from warehouse.formats.rawsim_instance import MOST_ID
from warehouse.formats.toml_file import TomlTable, nearest

MOST_UNITS: Final = 10**9
LONGEST_M: Final = 1e9


@dataclass(frozen=True, slots=True)
class ServedTrip:
    """A trip on a RAFS instance, with what it takes where.

    Parameters
    ----------
    orders : list of int
    station : int
        Where it begins and ends.
    picks : list of (pod, SKU, units)
        In the order of the way.
    length_mm : int
    """

    orders: list[int]
    station: int
    picks: list[tuple[int, int, int]]
    length_mm: int


def pod_numbers(instance: RafsInstance) -> list[int]:
    """Return the ID of each pod in the layout's file."""
    return [pod.whole("ID", 0, MOST_ID) for pod in instance.layout.pods]


def trips_told(
    instance: RafsInstance, trips: Sequence[ServedTrip]
) -> list[dict[str, Any]]:
    """Return trips in the names of the instance, as its JSON file has them."""
    orders, skus = instance.goods.orders.names, instance.goods.sku_names
    pods = pod_numbers(instance)
    return [
        {
            "orders": [orders[order] for order in trip.orders],
            "station": trip.station + 1,
            "picks": [
                {"pod": pods[pod], "sku": skus[sku], "units": units}
                for pod, sku, units in trip.picks
            ],
            "length_m": trip.length_mm / 1000,
        }
        for trip in trips
    ]


def tote_trips_text(
    instance: RafsInstance, trips: Sequence[ServedTrip], left_out: Sequence[int]
) -> str:
    """Return the JSON text of trips.

    Parameters
    ----------
    instance : RafsInstance
    trips : sequence of ServedTrip
    left_out : sequence of int
        Orders on no trip.
    """
    names = instance.goods.orders.names
    answer = {
        "trips": trips_told(instance, trips),
        "left_out": [{"order": names[order]} for order in left_out],
    }
    return json.dumps(answer, indent=1) + "\n"


def read_tote_trips(
    path: Path, instance: RafsInstance
) -> tuple[list[ServedTrip], list[int]]:
    """Read trips for an instance, and the orders that are on none.

    Whether they keep the rules is not looked at here, see
    `warehouse.check.tote_trips`.

    Raises
    ------
    InputError
        With every fault of the file.

    Examples
    --------
    >>> read_tote_trips(Path("a.json"), None)
    Traceback (most recent call last):
    warehouse.errors.InputError: E101 a.json: no such file; write the file or correct \
its name
    """
    faults: list[Fault] = []
    root = parse_json(path, faults)
    if root is None:
        raise InputError(faults)
    reader = _Reader(instance)
    trips = [reader.trip(table) for table in root.tables("trips")]
    left_out = [reader.order(table) for table in root.tables("left_out")]
    root.refuse_others()
    if faults:
        raise InputError(faults)
    return trips, left_out


class _Reader:
    """The names of an instance, by which trips are read."""

    def __init__(self, instance: RafsInstance) -> None:
        goods = instance.goods
        self.order_of = {name: k for k, name in enumerate(goods.orders.names)}
        self.sku_of = {name: k for k, name in enumerate(goods.sku_names)}
        self.pod_of = {str(n): k for k, n in enumerate(pod_numbers(instance))}
        self.stations = len(instance.station_waypoint)

    def trip(self, table: TomlTable) -> ServedTrip:
        """Read one trip."""
        picks = [self.pick(pick) for pick in table.tables("picks")]
        names = table.values.get("orders", []) if table.has("orders") else []
        if not isinstance(names, list):
            table.fault("E116", "orders", "no list", "write names of orders: [...]")
            names = []
        orders = [
            _found(table, "orders", str(name), self.order_of, "an order")
            for name in names
        ]
        station = table.whole("station", 1, self.stations) - 1
        length_m = table.number("length_m", 0.0, LONGEST_M)
        table.refuse_others()
        return ServedTrip(orders, station, picks, round(1000 * length_m))

    def pick(self, table: TomlTable) -> tuple[int, int, int]:
        """Read one pick of a trip."""
        number = str(table.whole("pod", 0, MOST_ID))
        pod = _found(table, "pod", number, self.pod_of, "a pod of the layout")
        sku = _found(table, "sku", table.text("sku"), self.sku_of, "a SKU")
        units = table.whole("units", 1, MOST_UNITS)
        table.refuse_others()
        return pod, sku, units

    def order(self, table: TomlTable) -> int:
        """Read one order that is left out."""
        name = table.text("order")
        table.refuse_others()
        return _found(table, "order", name, self.order_of, "an order")


def _found(
    table: TomlTable, key: str, name: str, known: Mapping[str, int], what: str
) -> int:
    """Return the number of a name; 0, with a fault, where it is not known."""
    if name not in known:
        needed = f"name {what}{nearest(name, list(known))}"
        table.fault("E190", key, f"there is no {name[:80]!r}", needed)
    return known.get(name, 0)
