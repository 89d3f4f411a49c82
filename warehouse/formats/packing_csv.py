"""Container loading instances: a table of boxes and one of containers.

The form in which the instances of Bischoff and Ratcliff (1995, Omega 23) are handed on
with PackingSolver: ``NAME_items.csv`` and ``NAME_bins.csv``.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from warehouse.errors import Fault, InputError
from warehouse.formats.instance_sets import find_members, read_bytes
from warehouse.formats.instance_text import InstanceText

MAX_BYTES: Final = 4 * 1024 * 1024
LONGEST_EDGE: Final = 20_000
MOST_BOXES: Final = 10_000
MOST_KINDS: Final = 1_000
ITEMS: Final = "_items.csv"
BINS: Final = "_bins.csv"
WAYS: Final = ("XYZ", "YXZ", "ZYX", "YZX", "XZY", "ZXY")
"""Rotations: which edge lies along length, width and height."""
_EDGES: Final = ("X", "Y", "Z")
_ROTATIONS: Final = tuple(f"ROTATION_{way}" for way in WAYS)


@dataclass(frozen=True, slots=True)
class PackingItem:
    """A kind of box; ``ways`` are the rotations that are allowed, out of `WAYS`."""

    name: str
    edges: tuple[int, int, int]
    copies: int
    ways: tuple[str, ...]
    mass_kg: float


@dataclass(frozen=True, slots=True)
class PackingInstance:
    """What a pair of tables says: boxes, and one container."""

    name: str
    items: tuple[PackingItem, ...]
    container: tuple[int, int, int]
    max_mass_kg: float


def read_packing_set(path: Path | str) -> Iterator[PackingInstance]:
    """Read the pair to one ``NAME_items.csv``, or all pairs of a folder or archive.

    Raises
    ------
    InputError
        E150 if nothing can be read; E151 to E154 for what is wrong in a table.

    Examples
    --------
    >>> list(read_packing_set("absent_items.csv"))
    Traceback (most recent call last):
    warehouse.errors.InputError: E150 absent_items.csv: no such file; name an \
existing file
    """
    path = Path(path)
    members = find_members(path, ITEMS, MAX_BYTES)
    if members[0][1] is not None:
        bins = dict(find_members(path, BINS, MAX_BYTES))
    faults: list[Fault] = []
    for source, data in members:
        partner = source.removesuffix(ITEMS) + BINS
        try:
            if not source.endswith(ITEMS):
                needed = f"name a file NAME{ITEMS}, or a folder or archive of them"
                found = "it is no table" if path.exists() else "no such file or folder"
                raise InputError([Fault("E150", source, found, needed)])
            if data is None:
                data = read_bytes(Path(source), MAX_BYTES)
                other: bytes | None = read_bytes(Path(partner), MAX_BYTES)
            else:
                other = bins.get(partner)
            if other is None:
                needed = "name an archive with both tables of each instance"
                raise InputError([Fault("E150", partner, "no such file", needed)])
            yield parse_packing(data, source, other, partner)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)


def parse_packing(
    items: bytes, source: str, bins: bytes, bins_source: str
) -> PackingInstance:
    r"""Read the bytes of the two tables of an instance.

    Raises
    ------
    InputError
        E151 to E154.

    Examples
    --------
    Without columns of rotations boxes stay as they are; one copy is usual.

    >>> instance = parse_packing(b"ID,X,Y,Z\n0,1,2,3", "a_items.csv",
    ...                          b"ID,X,Y,Z\n0,9,9,9", "a_bins.csv")
    >>> instance.items[0].ways, instance.items[0].copies
    (('XYZ',), 1)
    """
    faults: list[Fault] = []
    kinds: list[PackingItem] = []
    containers: list[tuple[tuple[int, int, int], float]] = []
    try:
        table = _Rows(InstanceText(source, faults), items, (*_ROTATIONS, "COPIES",
                                                            "WEIGHT"))  # fmt: skip
        kinds = [_item(table, line, row) for line, row in table.rows]
        copies = sum(kind.copies for kind in kinds)
        for count, most, of in (
            (copies, MOST_BOXES, "boxes"), (len(kinds), MOST_KINDS, "kinds of boxes")
        ):  # fmt: skip
            if count > most:
                needed = f"{most} at most"
                table.text.fault("E153", "COPIES", f"{count} {of}", needed)
        table = _Rows(InstanceText(bins_source, faults), bins, ("MAXIMUM_WEIGHT",))
        for line, row in table.rows:
            limit = float("inf")
            if row.get("MAXIMUM_WEIGHT"):
                limit = table.text.number(line, "MAXIMUM_WEIGHT", row["MAXIMUM_WEIGHT"])
            containers.append((table.edges(line, row), limit))
        if len(containers) > 1:
            needed = "one container"
            table.text.fault("E154", "rows", f"{len(containers)} containers", needed)
    except InputError as error:
        faults = list(error.faults)
    if faults:
        raise InputError(faults)
    name = Path(source).name.removesuffix(ITEMS)
    return PackingInstance(name, tuple(kinds), *containers[0])


def _item(table: "_Rows", line: int, row: dict[str, str]) -> PackingItem:
    """One kind of box, from its row."""
    text = table.text
    given = [column for column in _ROTATIONS if column in row]
    ways = tuple(
        column.removeprefix("ROTATION_")
        for column in given
        if text.whole_number(line, column, row[column], 0, 1)
    )
    if given and not ways:
        text.fault("E153", line, "no rotation is allowed", "1 for one at least")
    copies = 1
    if "COPIES" in row:
        copies = text.whole_number(line, "COPIES", row["COPIES"], 0, MOST_BOXES)
    return PackingItem(
        name=row["ID"],
        edges=table.edges(line, row),
        copies=copies,
        ways=ways if given else ("XYZ",),
        mass_kg=text.number(line, "WEIGHT", row["WEIGHT"]) if "WEIGHT" in row else 0.0,
    )


class _Rows:
    """Rows of a table as dicts, each with its line; faults go to the text."""

    def __init__(
        self, text: InstanceText, data: bytes, optional: tuple[str, ...]
    ) -> None:
        self.text = text
        self.rows: list[tuple[int, dict[str, str]]] = []
        if len(data) > MAX_BYTES:
            found = f"more than {MAX_BYTES >> 20} MiB"
            raise InputError([Fault("E150", text.source, found, "name a table")])
        try:
            lines = data.decode("ascii").lstrip()
            reader = csv.reader(io.StringIO(lines, newline=""), strict=True)
            table = [(reader.line_num, row) for row in reader if any(row)]
        except UnicodeDecodeError as error:
            found, needed = f"byte {error.start} is no ASCII", "save it as plain text"
            raise InputError([Fault("E151", text.source, found, needed)]) from None
        except csv.Error as error:
            needed = "a table with commas"
            raise InputError([Fault("E155", text.source, str(error), needed)]) from None
        header = [name.strip() for name in table[0][1]] if table else []
        self._check_header(header, optional)
        for line, row in table[1:]:
            if len(row) != len(header):
                needed = f"{len(header)} cells, as in the header"
                text.fault("E155", line, f"{len(row)} cells", needed)
            else:
                cells = [cell.strip() for cell in row]
                self.rows.append((line, dict(zip(header, cells, strict=True))))
        if not self.rows:
            text.fault("E154", "rows", "none can be read", "one at least")
            raise InputError(text.faults)

    def _check_header(self, header: list[str], optional: tuple[str, ...]) -> None:
        needed = ("ID", *_EDGES)
        faults = [f"no column {name}" for name in needed if name not in header]
        faults += [
            f"column {name[:40]!r}"
            for at, name in enumerate(header)
            if name not in (*needed, *optional) or name in header[:at]
        ]
        for found in faults:
            columns = ",".join((*needed, *optional))
            self.text.fault("E152", 1, found, f"columns out of {columns}, once each")
        if faults:
            raise InputError(self.text.faults)

    def edges(self, line: int, row: dict[str, str]) -> tuple[int, int, int]:
        """Length, width and height of a row."""
        x, y, z = (
            self.text.whole_number(line, edge, row[edge], 1, LONGEST_EDGE)
            for edge in _EDGES
        )
        return x, y, z
