"""Mainz text format: parallel aisles, stock and orders to pick, one file an instance.

The format of the published instances for single picker routing (with and without
scattered storage) and for order batching that Hessler and Irnich collected in Mainz.
Two things bite: cell 0 lies at the TOP of an aisle, and the depot is at the top or at
the bottom, which differs from file to file.
"""

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, NoReturn

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault, InputError
from warehouse.formats.instance_sets import read_bytes
from warehouse.formats.instance_text import (
    MAX_QUANTITY,
    InstanceText,
)

DepotSide = Literal["top", "bottom"]

TYPES: Final = (
    "Single_picker_routing",
    "Single_picker_routing_with_scattered_storage",
    "Order_batching",
)
MAX_COUNT: Final = 100_000
MAX_BYTES: Final = 16 * 1024 * 1024

_COUNTS: Final = ("NUM_AISLES", "NUM_CELLS")
_LENGTHS: Final = (
    "DISTANCE_AISLE_TO_AISLE",
    "DISTANCE_CELL_TO_CELL",
    "DISTANCE_TOP_TO_CELL",
    "DISTANCE_BOTTOM_TO_CELL",
    "DISTANCE_TOP_OR_BOTTOM_TO_DEPOT",
)
_COUNT_KEYWORDS: Final = {
    "ARTICLE_SECTION": ("NUM_ARTICLES",),
    "SKU_SECTION": ("NUM_SKUS",),
    "ORDER_SECTION": ("NUM_ARTICLES", "NUM_ORDERS", "NUM_ARTICLES_IN_ORDER"),
}
_FREE_TEXT: Final = ("NAME", "COMMENT")
_REQUIRED: Final = ("TYPE", *_COUNTS, "DEPOT_AISLE", "DEPOT_LOCATION", *_LENGTHS)
_KNOWN: Final = {*_REQUIRED, *_FREE_TEXT, "LAYOUT", "PICKER_CAPACITY"}


@dataclass(frozen=True, slots=True)
class MainzInstance:
    """What a file in the Mainz format says; lengths are in the file's unit.

    Parameters
    ----------
    name : str
        The file's name without its ending.
    kind : str
        One of `TYPES`.
    aisles, cells : int
        Aisles, and cells in each; cell 0 is at the top.
    depot_aisle : int
    depot_side : "top" or "bottom"
    aisle_to_aisle, cell_to_cell, top_to_cell, bottom_to_cell, to_depot : float
        Distances between neighbouring aisles, neighbouring cells, from the top (the
        bottom) cross aisle to the first (the last) cell, and from the cross aisle
        to the depot.
    capacity : float
        Weight a picker carries; inf where the file names none.
    article_id : ndarray of int32, shape (articles,)
    article_weight : ndarray of float64, shape (articles,)
        0 where the file names none.
    stock_article, stock_aisle, stock_cell, stock_quantity : ndarray of int32
        One entry a place; articles by index into ``article_id``.
    orders : int
    line_order, line_article, line_quantity : ndarray of int32
        One entry an order line, orders ascend.
    """

    name: str
    kind: str
    aisles: int
    cells: int
    depot_aisle: int
    depot_side: DepotSide
    aisle_to_aisle: float
    cell_to_cell: float
    top_to_cell: float
    bottom_to_cell: float
    to_depot: float
    capacity: float
    article_id: NDArray[np.int32]
    article_weight: NDArray[np.float64]
    stock_article: NDArray[np.int32]
    stock_aisle: NDArray[np.int32]
    stock_cell: NDArray[np.int32]
    stock_quantity: NDArray[np.int32]
    orders: int
    line_order: NDArray[np.int32]
    line_article: NDArray[np.int32]
    line_quantity: NDArray[np.int32]


def read_mainz(path: Path | str) -> MainzInstance:
    """Read one file.

    Raises
    ------
    InputError
        E150 to E158, with every fault found (at most 50); see `docs/errors.md`.

    Examples
    --------
    >>> read_mainz("absent.txt")
    Traceback (most recent call last):
    warehouse.errors.InputError: E150 absent.txt: no such file; name an existing file
    """
    return parse_mainz(read_bytes(Path(path), MAX_BYTES), str(path))


def parse_mainz(data: bytes, source: str) -> MainzInstance:
    """Parse the bytes of a file; ``source`` names it in faults and in the result.

    Raises
    ------
    InputError
        E150 to E158, with every fault found (at most 50).
    """
    if not data.strip():
        _refuse("E150", source, "the file is empty", "write an instance into it")
    if len(data) > MAX_BYTES:
        found = f"more than {MAX_BYTES >> 20} MiB"
        _refuse("E150", source, found, "name an instance in the Mainz text format")
    reader = _Reader(source)
    reader.read(data)
    return reader.instance()


def _refuse(code: str, place: str, found: str, needed: str) -> NoReturn:
    raise InputError([Fault(code, place, found, needed)])


@dataclass(slots=True)
class _Reader(InstanceText):
    """Reads line by line, collects faults, and makes the instance in the end."""

    header: dict[str, tuple[int, str]] = field(default_factory=dict)
    declared: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    weights: dict[int, float] = field(default_factory=dict)
    stock: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    lines: list[tuple[int, int, int, int]] = field(default_factory=list)
    section: str = "header"
    ended: bool = False

    def read(self, data: bytes) -> None:
        """Read all lines, then what only the whole can show."""
        for number, raw in enumerate(data.splitlines(), start=1):
            line = raw.decode("latin-1").strip()
            if line:
                self._read_line(number, line)
        self._check_header()
        self._check_counts()
        self._check_places()
        self._check_supply()
        if self.faults:
            raise InputError(self.faults)

    def _read_line(self, number: int, line: str) -> None:
        free = self.section == "header" and line.startswith(_FREE_TEXT)
        if not (line.isascii() or free) or "\0" in line:
            self.fault("E151", number, "bytes that are not plain text", "use ASCII")
        elif self.ended:
            self.fault("E155", number, f"{line[:40]!r} after EOF", "end at EOF")
        elif line == "EOF":
            self.ended = True
        elif line in ("ARTICLE_SECTION", "SKU_SECTION", "ORDER_SECTION"):
            if line in self.declared:
                self.fault("E152", number, f"a second {line}", "write it once")
            self.section = line
            self.declared.setdefault(line, [])
        elif line.startswith("ID "):
            self._read_entry(number, line.split())
        elif ":" in line:
            key, value = (part.strip() for part in line.split(":", 1))
            self._read_pair(number, key, value)
        else:
            self.fault("E155", number, repr(line[:40]), "write KEYWORD : value")

    def _read_pair(self, number: int, key: str, value: str) -> None:
        if self.section == "header":
            if key not in _KNOWN:
                self.fault("E152", number, f"unknown keyword {key[:40]}", "remove it")
            elif key in self.header:
                self.fault("E152", number, f"{key} again", "write it once")
            else:
                self.header[key] = (number, value)
            return
        expected = _COUNT_KEYWORDS[self.section]
        if key not in expected:
            needed = f"in {self.section} use {' or '.join(expected)}"
            self.fault("E152", number, f"keyword {key[:40]}", needed)
            return
        count = self.whole_number(number, key, value, 1, MAX_COUNT)
        # In ORDER_SECTION a count starts the order whose lines follow.
        name = key if key == "NUM_ORDERS" else self.section
        declared = self.declared.setdefault(name, [])
        if declared and name != "ORDER_SECTION":
            self.fault("E152", number, f"{key} again", "write it once")
        declared.append((number, count))

    def _read_entry(self, number: int, words: list[str]) -> None:
        keys = tuple(words[0::2])
        form: tuple[str, ...]
        if self.section == "SKU_SECTION":
            form = ("ID", "AISLE", "CELL", "QUANTITY")
            if keys[4:] == ("LEFT_RIGHT_HAND_SIDE",) and len(words) == 10:
                keys, words = keys[:4], words[:8]
        elif self.section == "ORDER_SECTION":
            form = ("ID", "QUANTITY")
        elif len(words) == 2:
            form = ("ID",)
        else:
            form = ("ID", "WEIGHT")
        if self.section == "header" or keys != form or len(words) % 2:
            self.fault(
                "E155",
                number,
                repr(" ".join(words)[:60]),
                f"write {' .. '.join(form)} .. in its section",
            )
            return
        article = self.whole_number(number, "ID", words[1], 0, 2**31 - 1)
        if self.section == "ARTICLE_SECTION":
            if article in self.weights:
                self.fault("E157", number, f"article {article} again", "list it once")
            weight = words[3] if len(words) == 4 else "0"
            self.weights[article] = self.number(number, "WEIGHT", weight)
            return
        values = [
            self.whole_number(number, key, word, 1, MAX_QUANTITY)
            if key == "QUANTITY"
            else self.whole_number(number, key, word, 0, MAX_COUNT)
            for key, word in zip(keys[1:], words[3::2], strict=True)
        ]
        if article not in self.weights:
            self.fault("E157", number, f"unknown article {article}", "list it first")
        if self.section == "SKU_SECTION":
            self.stock.append((number, article, values[0], values[1], values[2]))
        else:
            order = len(self.declared["ORDER_SECTION"]) - 1
            if order < 0:
                needed = "state NUM_ARTICLES before the lines of an order"
                self.fault("E154", number, "an order line of no order", needed)
            self.lines.append((number, order, article, values[0]))

    def _check_header(self) -> None:
        required = list(_REQUIRED)
        if self.header.get("TYPE", (0, ""))[1] == "Order_batching":
            required.append("PICKER_CAPACITY")
        for key in required:
            if key not in self.header:
                self.fault("E152", f"keyword {key}", "is missing", "add it")
        choices = {
            "TYPE": TYPES,
            "LAYOUT": ("single-block",),
            "DEPOT_LOCATION": ("top", "bottom"),
        }
        for key in (*_LENGTHS, "PICKER_CAPACITY"):
            if key in self.header:
                self.number(*self._entry(key))
        for key, allowed in choices.items():
            number, value = self.header.get(key, (0, allowed[0]))
            if value not in allowed:
                needed = f"need one of {', '.join(allowed)}"
                self.fault("E153", number, f"{key} is {value[:40]!r}", needed)

    def _check_counts(self) -> None:
        """Hold what the file says it contains against what it contains."""
        if not self.ended:
            needed = "the file is truncated: get it again"
            self.fault("E154", "at its end", "no EOF", needed)
        per_order = [0] * len(self.declared.get("ORDER_SECTION", ()))
        for _, order, _, _ in self.lines:
            if order >= 0:
                per_order[order] += 1
        found = {
            "ARTICLE_SECTION": [len(self.weights)],
            "SKU_SECTION": [len(self.stock)],
            "ORDER_SECTION": per_order,
            "NUM_ORDERS": [len(per_order)],
        }
        for section, counts in found.items():
            declared = self.declared.get(section)
            if declared is None and section != "NUM_ORDERS":
                self.fault("E154", f"section {section}", "is missing", "add it")
            elif declared == []:
                needed = "state how many entries follow"
                self.fault("E154", f"section {section}", "no NUM_ line", needed)
            for (number, said), count in zip(declared or (), counts, strict=False):
                if said != count:
                    what = "orders" if section == "NUM_ORDERS" else "entries"
                    self.fault("E154", number, f"{said} {what} said, {count} found",
                                "make them agree")  # fmt: skip

    def _check_places(self) -> None:
        aisles, cells = (self._header_integer(key) for key in _COUNTS)
        depot = self._header_integer("DEPOT_AISLE", low=0)
        if depot is not None:
            number = self._entry("DEPOT_AISLE")[0]
            self._check_place(number, "DEPOT_AISLE", depot, aisles)
        for number, _, aisle, cell, _ in self.stock:
            self._check_place(number, "AISLE", aisle, aisles)
            self._check_place(number, "CELL", cell, cells)

    def _check_place(self, number: int, key: str, value: int, many: int | None) -> None:
        if many is not None and value >= many:
            found, needed = f"{key} {value} of {many}", f"use 0 to {many - 1}"
            self.fault("E156", number, found, needed)

    def _check_supply(self) -> None:
        """Every ordered article lies somewhere, and in tours there is enough of it.

        In batching instances quantities in stock are nominal and often too small.
        """
        supply: dict[int, int] = {}
        for _, article, _, _, quantity in self.stock:
            supply[article] = supply.get(article, 0) + quantity
        batching = self.header.get("TYPE", (0, ""))[1] == "Order_batching"
        demand: dict[int, int] = {}
        for number, _, article, quantity in self.lines:
            if article not in supply:
                found = f"article {article} is ordered and lies nowhere"
                self.fault("E158", number, found, "give it a place in SKU_SECTION")
                continue
            demand[article] = demand.get(article, 0) + quantity
            if demand[article] > supply[article] and not batching:
                found = f"{demand[article]} units of article {article} ordered, "
                found += f"{supply[article]} in stock"
                self.fault("E158", number, found, "add stock or order less")
        if not self.lines and "ORDER_SECTION" in self.declared:
            self.fault("E158", "ORDER_SECTION", "nothing is ordered", "add a line")

    def _header_integer(self, key: str, low: int = 1) -> int | None:
        """Count in the header; None where it is missing or wrong."""
        if key not in self.header:
            return None
        number, text = self.header[key]
        faults = len(self.faults)
        value = self.whole_number(number, key, text, low, MAX_COUNT)
        return value if len(self.faults) == faults else None

    def instance(self) -> MainzInstance:
        """Make the instance of what was read and found right."""
        index = {article: i for i, article in enumerate(self.weights)}
        stock = np.array(
            [(index[article], *place) for _, article, *place in self.stock], np.int32
        )
        lines = np.array(
            [(order, index[article], q) for _, order, article, q in self.lines],
            np.int32,
        )
        for array in (stock, lines):
            array.flags.writeable = False
        aisle_to_aisle, cell_to_cell, top_to_cell, bottom_to_cell, to_depot = (
            self.number(*self._entry(key)) for key in _LENGTHS
        )
        batching = "PICKER_CAPACITY" in self.header
        return MainzInstance(
            name=Path(self.source).stem,
            kind=self.header["TYPE"][1],
            aisles=int(self.header["NUM_AISLES"][1]),
            cells=int(self.header["NUM_CELLS"][1]),
            depot_aisle=int(self.header["DEPOT_AISLE"][1]),
            depot_side=(
                "top" if self.header["DEPOT_LOCATION"][1] == "top" else "bottom"
            ),
            aisle_to_aisle=aisle_to_aisle,
            cell_to_cell=cell_to_cell,
            top_to_cell=top_to_cell,
            bottom_to_cell=bottom_to_cell,
            to_depot=to_depot,
            capacity=(
                self.number(*self._entry("PICKER_CAPACITY")) if batching else math.inf
            ),
            article_id=np.array(list(self.weights), np.int32),
            article_weight=np.array(list(self.weights.values()), np.float64),
            stock_article=stock[:, 0],
            stock_aisle=stock[:, 1],
            stock_cell=stock[:, 2],
            stock_quantity=stock[:, 3],
            orders=len(self.declared["ORDER_SECTION"]),
            line_order=lines[:, 0],
            line_article=lines[:, 1],
            line_quantity=lines[:, 2],
        )

    def _entry(self, key: str) -> tuple[int, str, str]:
        number, text = self.header[key]
        return number, key, text
