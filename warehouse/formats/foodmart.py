"""Foodmart text format: a warehouse as a graph, and orders that are put into boxes.

The format in which the instances of Valle, Beasley and da Cunha (2017, European Journal
of Operational Research 262) are handed on. A line that begins with ``//`` says what the
numbers below it are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault, InputError
from warehouse.formats.instance_text import (
    MAX_QUANTITY,
    InstanceText,
)

MAX_COUNT: Final = 5_000
"""Most locations, products and orders; distances are a matrix."""

# What stands behind // before the first colon or bracket, without spaces at its ends.
_SINGLE: Final = {
    "NbLocations": "locations",
    "NbProducts": "products",
    "K": "trolley_boxes",
    "NbDimensionsCapacity": "dimensions",
    "B": "box_capacity",
    "A box can accept mixed orders": "mixed",
    "Nb Orders": "orders",
    "NbVerticesIntersections": "intersections",
    "DepartingDepot": "departure",
    "ArrivalDepot": "arrival",
}
_TABLES: Final = {
    "Idx Location Volume": "product",
    "Idx M NbProdInOrder ProdIdx1 Qty1 ProdIdx2 Qty2 ...": "order",
    "Start End Distance": "arc",
    "LocStart LocEnd ShortestPath": "path",
    "Vertices coordinates LocationName": "vertex",
}
_TITLES: Final = {"Products", "Orders", "Graph", "Arcs"}


@dataclass(frozen=True, slots=True)
class FoodmartInstance:
    """What a file in the Foodmart format says.

    Parameters
    ----------
    name : str
        The file's name without its ending.
    trolley_boxes : int
        Boxes a picker pushes.
    box_capacity : int
        Volume a box holds.
    mixed : bool
        Whether the file says that a box may hold parts of several orders. Published
        values count whole boxes of each order all the same.
    product_location : ndarray of int32, shape (products,)
    product_volume : ndarray of int32, shape (products,)
    order_boxes : ndarray of int32, shape (orders,)
        Boxes that each order fills.
    line_order, line_product, line_quantity : ndarray of int32
        One entry an order line, orders ascend.
    departure, arrival : int
        Locations where tours begin and end.
    distance : ndarray of float64, shape (locations + 1, locations + 1)
        Shortest ways as the file gives them.
    arcs : ndarray of float64, shape (arcs, 3)
        From, to, length: the graph that the shortest ways are ways in.
    """

    name: str
    trolley_boxes: int
    box_capacity: int
    mixed: bool
    product_location: NDArray[np.int32]
    product_volume: NDArray[np.int32]
    order_boxes: NDArray[np.int32]
    line_order: NDArray[np.int32]
    line_product: NDArray[np.int32]
    line_quantity: NDArray[np.int32]
    departure: int
    arrival: int
    distance: NDArray[np.float64]
    arcs: NDArray[np.float64]

    @property
    def orders(self) -> int:
        """Number of orders."""
        return len(self.order_boxes)


def parse_foodmart(data: bytes, source: str) -> FoodmartInstance:
    """Parse the bytes of a file; ``source`` names it in faults and in the result.

    Raises
    ------
    InputError
        E150 to E158, with every fault found (at most 50); see `docs/errors.md`.

    Examples
    --------
    >>> parse_foodmart(b"", "a")
    Traceback (most recent call last):
    warehouse.errors.InputError: E150 a: the file is empty; write an instance into it
    """
    if not data.strip():
        needed = "write an instance into it"
        raise InputError([Fault("E150", source, "the file is empty", needed)])
    reader = _Reader(source)
    reader.split(data)
    reader.check_header()
    instance = reader.instance()
    if reader.faults or instance is None:
        raise InputError(reader.faults)
    return instance


@dataclass(slots=True)
class _Reader(InstanceText):
    """Sorts lines by what stands above them, collects faults, makes the instance."""

    header: dict[str, int] = field(default_factory=dict)
    tables: dict[str, list[tuple[int, list[str]]]] = field(default_factory=dict)

    def split(self, data: bytes) -> None:
        """Put every line where its heading says."""
        heading = ""
        for number, raw in enumerate(data.splitlines(), start=1):
            line = raw.decode("latin-1").strip()
            if not line:
                continue
            if not line.isascii() or "\0" in line:
                self.fault("E151", number, "bytes that are not plain text", "use ASCII")
            elif line.startswith("//"):
                heading = re.split(r"[:(]", line[2:])[0].strip()
                self._begin(number, heading)
            elif heading in _SINGLE:
                self._read_single(number, heading, line)
            elif heading in _TABLES:
                self.tables[_TABLES[heading]].append((number, line.split()))
            elif not heading or heading in _TITLES:
                needed = "write it below the // line that says what it is"
                self.fault("E155", number, repr(line[:40]), needed)

    def _begin(self, number: int, heading: str) -> None:
        if heading in _TABLES:
            if _TABLES[heading] in self.tables:
                self.fault("E152", number, f"{heading[:40]} again", "write it once")
            self.tables.setdefault(_TABLES[heading], [])
        elif heading not in _SINGLE and heading not in _TITLES:
            found, needed = f"unknown heading {heading[:40]!r}", "remove it"
            if heading == "NbPickers":
                needed = "files with pickers and due times are not supported"
            self.fault("E152", number, found, needed)

    def _read_single(self, number: int, heading: str, line: str) -> None:
        name = _SINGLE[heading]
        if name in self.header:
            self.fault("E152", number, f"a second {heading}", "write one number")
            return
        high = 1 if name == "mixed" else MAX_COUNT
        low = 0 if name in ("mixed", "departure", "arrival", "intersections") else 1
        self.header[name] = self.whole_number(number, heading, line, low, high)

    def check_header(self) -> None:
        """Everything is there, and there as often as it says."""
        for heading, name in _SINGLE.items():
            if name not in self.header:
                self.fault("E152", f"heading {heading}", "is missing", "add it")
        for heading, name in _TABLES.items():
            if name not in self.tables:
                self.fault("E152", f"heading {heading}", "is missing", "add it")
        if self.header.get("dimensions", 1) != 1:
            found = f"{self.header['dimensions']} dimensions of capacity"
            self.fault("E153", "NbDimensionsCapacity", found, "write 1")
        for single, table in (("products", "product"), ("orders", "order")):
            said, rows = self.header.get(single), self.tables.get(table)
            if said is not None and rows is not None and said != len(rows):
                found = f"{said} {single} said, {len(rows)} found"
                self.fault("E154", f"{single}", found, "make them agree")

    def instance(self) -> FoodmartInstance | None:
        """Make the instance; None where there are faults."""
        if self.faults:
            return None
        header, nodes = self.header, self.header["locations"] + 1
        products = list(self._products(nodes))
        orders, lines = self._orders(products)
        for name in ("departure", "arrival"):
            if header[name] >= nodes:
                found = f"location {header[name]} of {nodes - 1}"
                self.fault("E156", name, found, f"use 0 to {nodes - 1}")
        arcs = np.array([row for _, row in self._ways("arc", nodes)], np.float64)
        distance = self._distances(nodes, [location for location, _ in products])
        if self.faults:
            return None
        self._compare_ways(distance, arcs.reshape(-1, 3), [at for at, _ in products])
        if self.faults:
            return None
        table = np.array(lines, np.int32).reshape(-1, 3)
        arrays = np.array(products, np.int32).reshape(-1, 2)
        for array in (table, arrays, arcs, distance):
            array.flags.writeable = False
        return FoodmartInstance(
            name=Path(self.source).stem,
            trolley_boxes=header["trolley_boxes"],
            box_capacity=header["box_capacity"],
            mixed=bool(header["mixed"]),
            product_location=arrays[:, 0],
            product_volume=arrays[:, 1],
            order_boxes=np.array(orders, np.int32),
            line_order=table[:, 0],
            line_product=table[:, 1],
            line_quantity=table[:, 2],
            departure=header["departure"],
            arrival=header["arrival"],
            distance=distance,
            arcs=arcs.reshape(-1, 3),
        )

    def _products(self, nodes: int) -> Iterator[tuple[int, int]]:
        """Location and volume of each product; they are numbered from 1."""
        for index, (number, words) in enumerate(self.tables["product"], start=1):
            if len(words) != 3 or words[0] != str(index):
                found, needed = (
                    repr(" ".join(words)[:40]),
                    f"write {index} location volume",
                )
                self.fault("E155", number, found, needed)
                yield 1, 1
                continue
            location = self.whole_number(number, "location", words[1], 0, MAX_COUNT)
            if location >= nodes:
                found = f"location {location} of {nodes - 1}"
                self.fault("E156", number, found, f"use 0 to {nodes - 1}")
            yield (
                location,
                self.whole_number(number, "volume", words[2], 0, MAX_QUANTITY),
            )

    def _orders(
        self, products: list[tuple[int, int]]
    ) -> tuple[list[int], list[tuple[int, int, int]]]:
        """Boxes of each order, and all lines as order, product, quantity."""
        boxes, lines = [], []
        for index, (number, words) in enumerate(self.tables["order"]):
            if len(words) < 5 or len(words) % 2 == 0 or words[0] != str(index + 1):
                needed = f"write {index + 1} boxes products, then product and quantity"
                self.fault("E155", number, repr(" ".join(words)[:40]), needed)
                continue
            boxes.append(self.whole_number(number, "boxes", words[1], 1, MAX_COUNT))
            said = self.whole_number(number, "products", words[2], 1, MAX_COUNT)
            pairs = list(zip(words[3::2], words[4::2], strict=True))
            if said != len(pairs):
                found = f"{said} products said, {len(pairs)} found"
                self.fault("E154", number, found, "make them agree")
            volume = 0
            for text, units in pairs:
                product = self.whole_number(number, "product", text, 1, MAX_COUNT)
                quantity = self.whole_number(number, "quantity", units, 1, MAX_QUANTITY)
                if product > len(products):
                    found = f"product {product} of {len(products)}"
                    self.fault("E157", number, found, "list it first")
                    continue
                lines.append((index, product - 1, quantity))
                volume += quantity * products[product - 1][1]
            needed_boxes = -(-volume // self.header["box_capacity"])
            if boxes[-1] < needed_boxes:
                found = f"volume {volume} in {boxes[-1]} boxes"
                self.fault("E154", number, found, f"need {needed_boxes} boxes")
        return boxes, lines

    def _ways(
        self, table: str, nodes: int
    ) -> Iterator[tuple[int, tuple[int, int, float]]]:
        """Line number, and from, to and length of each row."""
        for number, words in self.tables[table]:
            if len(words) != 3:
                found = repr(" ".join(words)[:40])
                self.fault("E155", number, found, "write from, to, length")
                continue
            ends = [
                self.whole_number(number, "location", w, 0, MAX_COUNT)
                for w in words[:2]
            ]
            if max(ends) >= nodes:
                found = f"location {max(ends)} of {nodes - 1}"
                self.fault("E156", number, found, f"use 0 to {nodes - 1}")
                continue
            yield number, (*ends, self.number(number, "length", words[2]))  # type: ignore[misc]

    def _compare_ways(
        self, distance: NDArray[np.float64], arcs: NDArray[np.float64], used: list[int]
    ) -> None:
        """Shortest ways that a tour may take are those that the arcs give."""
        departure, arrival = self.header["departure"], self.header["arrival"]
        starts, ends = np.unique([departure, *used]), np.unique([*used, arrival])
        listed = distance[np.ix_(starts, ends)]
        walked = _ways_by_arcs(arcs, len(distance), ends)[starts]
        differ = ~np.isclose(listed, walked, rtol=1e-9, atol=1e-6)
        # No tour goes from depot to depot without a stop.
        differ &= (starts[:, None] != departure) | (ends != arrival)
        for a, b in np.argwhere(differ):
            by_arcs = f"is {walked[a, b]:.10g}"
            if walked[a, b] == np.inf:
                by_arcs = "leads nowhere"
            found = f"{starts[a]} to {ends[b]} is {listed[a, b]:.10g}, and {by_arcs}"
            self.fault("E154", "shortest paths", f"{found} by the arcs", "mend one")

    def _distances(self, nodes: int, used: list[int]) -> NDArray[np.float64]:
        distance = np.full((nodes, nodes), np.nan)
        for number, (start, end, length) in self._ways("path", nodes):
            if not np.isnan(distance[start, end]):
                found = f"{start} to {end} again"
                self.fault("E157", number, found, "list each pair once")
            distance[start, end] = length
        np.fill_diagonal(distance, 0.0)
        if self.faults:
            return distance
        ends = np.unique([*used, self.header["departure"], self.header["arrival"]])
        for start, end in np.argwhere(np.isnan(distance[np.ix_(ends, ends)])):
            found = f"no way from {ends[start]} to {ends[end]}"
            self.fault("E154", "shortest paths", found, "the file is truncated")
        return distance


def _ways_by_arcs(
    arcs: NDArray[np.float64], nodes: int, ends: NDArray[np.int_]
) -> NDArray[np.float64]:
    """Length of the shortest way from every node to some, shape (nodes, ends).

    Bellman-Ford, all ends at once: a round for each arc of the longest way.
    """
    way = np.full((nodes, len(ends)), np.inf)
    way[ends, np.arange(len(ends))] = 0.0
    if not len(arcs):
        return way
    arcs = arcs[np.argsort(arcs[:, 0], kind="stable")]
    start, end, length = (
        arcs[:, 0].astype(np.int64),
        arcs[:, 1].astype(np.int64),
        arcs[:, 2:],
    )
    sources, first = np.unique(start, return_index=True)
    for _ in range(nodes):
        onward = np.minimum.reduceat(length + way[end], first, axis=0)
        shorter = np.minimum(way[sources], onward)
        if np.array_equal(shorter, way[sources]):
            break
        way[sources] = shorter
    return way
