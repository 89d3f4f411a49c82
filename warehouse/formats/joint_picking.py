"""Instances of joint order selection, allocation, batching and picking, in JSON.

A folder of ``articles.json``, ``orders.json``, ``warehouse_items.json`` and
``parameters.json``, and ``batches.json`` for a solution. Source: the repository
zalandoresearch/batching-benchmarks on GitHub, which belongs to arXiv:2401.04563.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault, InputError
from warehouse.formats.fault_list import add_faults
from warehouse.formats.json_file import parse_json, parse_json_list
from warehouse.formats.text_file import shown, write_text

FAR: Final = 1_000_000
"""Largest row or aisle, either way."""
LARGEST: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class JointPickingInstance:
    """What the four files of an instance hold; indices count from 0.

    Parameters
    ----------
    name : str
    article_ids, order_ids, item_ids, zones : tuple of str
    article_volume : ndarray of int32, shape (articles,)
    order_start : ndarray of int32, shape (orders + 1,)
    position_article : ndarray of int32, shape (positions,)
    item_row, item_aisle, item_article, item_zone : ndarray of int32, shape (items,)
    min_items, max_orders, capacity, first_row, last_row : int
    """

    name: str
    article_ids: tuple[str, ...]
    order_ids: tuple[str, ...]
    item_ids: tuple[str, ...]
    zones: tuple[str, ...]
    article_volume: NDArray[np.int32]
    order_start: NDArray[np.int32]
    position_article: NDArray[np.int32]
    item_row: NDArray[np.int32]
    item_aisle: NDArray[np.int32]
    item_article: NDArray[np.int32]
    item_zone: NDArray[np.int32]
    min_items: int
    max_orders: int
    capacity: int
    first_row: int
    last_row: int


def read_joint_picking(folder: str | Path) -> JointPickingInstance:
    """Read the four files of an instance.

    Raises
    ------
    InputError
        With every fault of the four files.

    Examples
    --------
    >>> read_joint_picking("absent")
    Traceback (most recent call last):
    warehouse.errors.InputError: E101 articles.json: no such file; write the file or \
correct its name
    E101 orders.json: no such file; write the file or correct its name
    E101 warehouse_items.json: no such file; write the file or correct its name
    E101 parameters.json: no such file; write the file or correct its name
    """
    folder, faults = Path(folder), list[Fault]()
    articles = _Table(folder, "articles.json", faults)
    article_ids = articles.ids()
    volume = articles.whole("volume", 0, LARGEST)
    known = None if faults else {name: n for n, name in enumerate(article_ids)}
    orders = _Table(folder, "orders.json", faults)
    order_ids = orders.ids()
    start, wanted = orders.lists("positions", known)
    items = _Table(folder, "warehouse_items.json", faults)
    item_ids = items.ids()
    numbers = _read_parameters(folder / "parameters.json", faults)
    row = items.whole("row", numbers["first_row"], numbers["last_row"])
    aisle = items.whole("aisle", -FAR, FAR)
    article = items.known("article", known)
    zones = items.texts("zone")
    if faults:
        raise InputError(faults)
    zone_names = tuple(dict.fromkeys(zones))
    zone_of = {name: number for number, name in enumerate(zone_names)}
    return JointPickingInstance(
        folder.resolve().name,
        tuple(article_ids),
        tuple(order_ids),
        tuple(item_ids),
        zone_names,
        np.array(volume, np.int32),
        np.array(start, np.int32),
        np.array(wanted, np.int32),
        np.array(row, np.int32),
        np.array(aisle, np.int32),
        np.array(article, np.int32),
        np.array([zone_of[zone] for zone in zones], np.int32),
        numbers["min_number_requested_items"],
        numbers["max_orders_per_batch"],
        numbers["max_container_volume"],
        numbers["first_row"],
        numbers["last_row"],
    )


def write_batches(
    path: Path,
    instance: JointPickingInstance,
    batches: Iterable[tuple[Sequence[int], Sequence[Sequence[int]]]],
) -> None:
    """Write orders and pick lists of each batch, by their ids, as ``batches.json``.

    Parameters
    ----------
    path : Path
    instance : JointPickingInstance
    batches : iterable of (orders, pick lists)
        Indices of orders, and of items in walking order.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    written = [
        {
            "picklists": [[instance.item_ids[i] for i in walk] for walk in walks],
            "orders": [instance.order_ids[order] for order in orders],
        }
        for orders, walks in batches
    ]
    write_text(path, json.dumps(written, indent=4) + "\n")


def _read_parameters(path: Path, faults: list[Fault]) -> dict[str, int]:
    """Numbers of ``parameters.json``; those that could not be read are 0."""
    limits = {
        "min_number_requested_items": (0, LARGEST),
        "max_orders_per_batch": (1, LARGEST),
        "max_container_volume": (0, LARGEST),
        "first_row": (-FAR, 0),
        "last_row": (0, FAR),
    }
    root = parse_json(path, faults)
    if root is None:
        return {**dict.fromkeys(limits, 0), "first_row": -FAR, "last_row": FAR}
    numbers = {key: root.whole(key, *low_high) for key, low_high in limits.items()}
    for key in ("first_aisle", "last_aisle"):
        root.whole(key, -FAR, FAR, 0)  # known, and of no use: no distance needs them
    root.refuse_others()
    return numbers


class _Table:
    """The objects of one file, read column by column; faults are appended."""

    def __init__(self, folder: Path, name: str, faults: list[Fault]) -> None:
        self.name, self.faults = name, faults
        self.rows: list[dict[str, Any]] = []
        rows = parse_json_list(folder / name, faults)
        bad = [n for n, row in enumerate(rows or []) if not isinstance(row, dict)]
        if bad:
            assert rows is not None
            self._refuse(bad, lambda n: shown(rows[n]), "write an object", "E116", "")
        else:
            self.rows = rows or []

    def ids(self) -> list[str]:
        """Ids of all objects, each there once."""
        ids = self.texts("id")
        if len(set(ids)) < len(ids):
            first = {name: n for n, name in reversed(list(enumerate(ids)))}
            bad = [n for n, name in enumerate(ids) if first[name] < n]
            self._refuse(bad, lambda n: shown(ids[n]), "give each once", "E175", "id")
        return ids

    def texts(self, key: str) -> list[str]:
        """Values of a key that are texts."""
        return self._column(key, str, "write text")

    def known(self, key: str, known: dict[str, int] | None) -> list[int]:
        """Numbers of the things that a key names; none if it is not known which are."""
        names = self.texts(key)
        if known is None:
            return []
        numbers = [known.get(name, -1) for name in names]
        bad = [n for n, number in enumerate(numbers) if number < 0]
        needed = "name an article of articles.json"
        self._refuse(bad, lambda n: shown(names[n]), needed, "E176", key)
        return numbers

    def whole(self, key: str, low: int, high: int) -> list[int]:
        """Values of a key that are whole numbers; 2.0 is one."""
        needed = f"write a whole number from {low:,} to {high:,}"
        values = self._column(key, (int, float), needed)
        bad = [
            n for n, v in enumerate(values) if not (low <= v <= high and v == int(v))
        ]
        self._refuse(bad, lambda n: shown(values[n]), needed, "E117", key)
        return values

    def lists(
        self, key: str, known: dict[str, int] | None
    ) -> tuple[list[int], list[int]]:
        """Where the entries of each object begin, and the things they name."""
        start, named = [0], list[int]()
        needed = "write a list of one or more articles of articles.json"
        columns = self._column(key, list, needed)
        if known is None:
            return start, named
        bad, found = list[int](), dict[int, str]()
        for n, names in enumerate(columns):
            for name in names:
                number = known.get(name, -1) if isinstance(name, str) else -1
                if number < 0:
                    found[n] = shown(name)
                named.append(number)
            if not names:
                found[n] = "[]"
            if n in found:
                bad.append(n)
            start.append(len(named))
        self._refuse(bad, found.__getitem__, needed, "E176", key)
        return start, named

    def _column(self, key: str, kind: Any, needed: str) -> list[Any]:
        """Values of a key, or none at all where some are missing or of another kind."""
        values = [row.get(key) for row in self.rows]
        bad = [
            n
            for n, value in enumerate(values)
            if not isinstance(value, kind) or isinstance(value, bool)
        ]
        missing = [n for n in bad if key not in self.rows[n]]
        self._refuse(missing, lambda n: "the key is missing", needed, "E121", key)
        wrong = [n for n in bad if key in self.rows[n]]
        self._refuse(wrong, lambda n: shown(values[n]), needed, "E116", key)
        return [] if bad else values

    def _refuse(self, bad: list[int], found: Any, needed: str, code: str, key: str):  # type: ignore[no-untyped-def]
        dot = f", {key}" if key else ""
        add_faults(
            self.faults,
            [Fault(code, f"{self.name}, [{n}]{dot}", found(n), needed) for n in bad],
            self.name,
        )
