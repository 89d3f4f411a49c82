"""Wave instances of the SBPO 2025 challenge, and the solution files that it takes.

An instance is lines of whole numbers: orders, items, aisles; for each order how many
items, then item and quantity of each; the same for each aisle; the least and the most
units of a wave. A solution: how many orders, their numbers, how many aisles, theirs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NoReturn

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault, InputError
from warehouse.formats.instance_sets import read_bytes, read_set
from warehouse.formats.instance_text import InstanceText

MAX_BYTES: Final = 64 * 1024 * 1024
LARGEST: Final = 2**31 - 1
_DIGITS: Final = b"0123456789 \t\r"


@dataclass(frozen=True, slots=True)
class SbpoInstance:
    """What an instance file says.

    Parameters
    ----------
    folder, name : str
        The folder that the file lies in, and its name without the ending.
    items : int
    order_start : ndarray of int64, shape (orders + 1,)
        Lines of order o are ``order_start[o]`` to ``order_start[o + 1] - 1``.
    order_item, order_quantity : ndarray of int64, shape (order lines,)
    aisle_start, aisle_item, aisle_quantity
        The same for the stock of aisles.
    least_units, most_units : int
        Bounds on the units of a wave.
    """

    folder: str
    name: str
    items: int
    order_start: NDArray[np.int64]
    order_item: NDArray[np.int64]
    order_quantity: NDArray[np.int64]
    aisle_start: NDArray[np.int64]
    aisle_item: NDArray[np.int64]
    aisle_quantity: NDArray[np.int64]
    least_units: int
    most_units: int


def read_sbpo_set(path: Path | str) -> Iterator[SbpoInstance]:
    """Read one instance, all ``*.txt`` of a folder, or all ``*.txt`` of an archive.

    Raises
    ------
    InputError
        E150 if nothing can be read, else the faults of all files (E150 to E157).

    Examples
    --------
    >>> list(read_sbpo_set("absent.txt"))
    Traceback (most recent call last):
    warehouse.errors.InputError: E150 absent.txt: no such file; name an existing file
    """
    yield from read_set(path, parse_sbpo, MAX_BYTES)


def parse_sbpo(data: bytes, source: str) -> SbpoInstance:
    """Parse the bytes of an instance; ``source`` names it in faults and the result.

    Raises
    ------
    InputError
        E150 to E157, with every fault found (at most 50).

    Examples
    --------
    A file that claims more than it holds is refused before anything is made room for.

    >>> parse_sbpo(b"2000000000 1 1", "x.txt")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    warehouse.errors.InputError: E154 x.txt, line 1: 2000000000 orders and 1 aisles ...
    """
    reader = _Reader(source, lines=_lines_of(data, source, "an instance"))
    counts = reader.numbers(1, 3, "orders, items and aisles")
    if counts is None:
        raise InputError(reader.faults)
    orders, items, aisles = counts
    needed = orders + aisles + 2
    if len(reader.lines) != needed:
        found = f"{orders} orders and {aisles} aisles make {needed} lines, "
        reader.fault("E154", 1, f"{found}{len(reader.lines)} found",
                     "get the whole file again, or correct the counts")  # fmt: skip
        raise InputError(reader.faults)
    order_rows = reader.rows(2, orders, items, low=1)
    aisle_rows = reader.rows(2 + orders, aisles, items, low=0)
    bounds = reader.numbers(needed, 2, "the least and the most units of a wave")
    if bounds is not None and bounds[0] > bounds[1]:
        found = f"at least {bounds[0]} and at most {bounds[1]} units"
        reader.fault("E153", needed, found, "a least that is not above the most")
    if reader.faults or bounds is None:
        raise InputError(reader.faults)
    path = Path(source)
    names = path.parent.name, path.stem
    return SbpoInstance(*names, items, *order_rows, *aisle_rows, *bounds)


def solution_text(orders: Iterable[int], aisles: Iterable[int]) -> str:
    r"""Text of a solution file.

    Parameters
    ----------
    orders, aisles : iterable of int
        Counted from 0.

    Examples
    --------
    >>> solution_text([], [4])
    '0\n1\n4\n'
    """
    numbers = [list(map(int, some)) for some in (orders, aisles)]
    lines = [str(n) for some in numbers for n in (len(some), *some)]
    return "\n".join(lines) + "\n"


def read_solution(path: Path | str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Orders and aisles of a solution file; whether they exist is not looked at.

    Raises
    ------
    InputError
        E150 to E155.
    """
    return parse_solution(read_bytes(Path(path), MAX_BYTES), str(path))


def parse_solution(
    data: bytes, source: str
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    r"""Orders and aisles from the bytes of a solution file.

    Raises
    ------
    InputError
        E150 to E155.

    Examples
    --------
    >>> parse_solution(b"2\n7\n", "x.txt")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    warehouse.errors.InputError: E154 x.txt, line 1: 2 orders said, 1 lines follow; ...
    """
    reader = _Reader(source, lines=_lines_of(data, source, "a solution"))
    lists = []
    line = 1
    for what in ("orders", "aisles"):
        count = reader.numbers(line, 1, f"how many {what}")
        left = len(reader.lines) - line
        if count is not None and count[0] > left:
            found = f"{count[0]} {what} said, {max(left, 0)} lines follow"
            needed = "get the whole file again, or correct the count"
            reader.fault("E154", line, found, needed)
        if reader.faults:
            raise InputError(reader.faults)
        many = count[0] if count else 0
        numbers = [reader.numbers(line + 1 + k, 1, what) or [0] for k in range(many)]
        lists.append(np.array(numbers, np.int64).reshape(-1))
        line += many + 1
    if line <= len(reader.lines):
        found = f"{len(reader.lines) - line + 1} lines after the last aisle"
        reader.fault("E154", line, found, "end there, or correct the counts")
    if reader.faults:
        raise InputError(reader.faults)
    return lists[0], lists[1]


def _lines_of(data: bytes, source: str, what: str) -> list[bytes]:
    """Lines of a file, without empty ones at its end."""
    if not data.strip():
        _refuse(source, "the file is empty", f"write {what} into it")
    if len(data) > MAX_BYTES:
        _refuse(
            source, f"more than {MAX_BYTES >> 20} MiB", f"name {what} of the format"
        )
    return data.rstrip().split(b"\n")


def _refuse(source: str, found: str, needed: str) -> NoReturn:
    raise InputError([Fault("E150", source, found, needed)])


@dataclass(slots=True)
class _Reader(InstanceText):
    """Takes whole numbers from numbered lines."""

    lines: list[bytes] = field(default_factory=list)

    def whole(self, line: int) -> list[int] | None:
        """Whole numbers of a line, 0 or more; None where it has anything else."""
        if line > len(self.lines):
            self.fault("E154", line, "the file ends", "get the whole file again")
            return None
        text = self.lines[line - 1]
        words = text.split()
        if not text.translate(None, _DIGITS) and all(len(w) < 11 for w in words):
            values = list(map(int, words))
            if not values or max(values) <= LARGEST:
                return values
        if not text.isascii() or b"\0" in text:
            self.fault("E151", line, "bytes that are not plain text", "use ASCII")
            return None
        wrong = next(
            word for word in words
            if not word.isdigit() or len(word) > 10 or int(word) > LARGEST
        )  # fmt: skip
        found = repr(wrong[:40].decode("ascii"))
        self.fault("E153", line, found, f"a whole number from 0 to {LARGEST}")
        return None

    def numbers(self, line: int, count: int, what: str) -> list[int] | None:
        """So many whole numbers, alone on a line; None where they are not."""
        values = self.whole(line)
        if values is None or len(values) == count:
            return values
        self.fault("E155", line, f"{len(values)} numbers", f"write {what}")
        return None

    def rows(
        self, first: int, count: int, items: int, low: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Lines of ``k item quantity ...``: starts, items, quantities."""
        starts, found_items, quantities = [0], [], []
        for line in range(first, first + count):
            values = self.whole(line)
            if values is None:
                continue
            if not values or len(values) != 2 * values[0] + 1:
                said = f"{values[0]} items said, " if values else ""
                found = f"{said}{max(len(values) - 1, 0)} numbers follow"
                needed = "write how many items, then item and quantity of each"
                self.fault("E154", line, found, needed)
                continue
            row_items, row_quantities = values[1::2], values[2::2]
            if row_items and max(row_items) >= items:
                found = f"item {max(row_items)} of {items}"
                self.fault("E157", line, found, f"items count from 0 to {items - 1}")
            if row_quantities and min(row_quantities) < low:
                self.fault("E153", line, f"a quantity of {min(row_quantities)}",
                           f"{low} or more")  # fmt: skip
            found_items += row_items
            quantities += row_quantities
            starts.append(len(found_items))
        if sum(quantities) > LARGEST:
            self.fault("E153", first, f"{sum(quantities)} units in all",
                       f"{LARGEST} at most")  # fmt: skip
        columns = [np.array(c, np.int64) for c in (starts, found_items, quantities)]
        for column in columns:
            column.flags.writeable = False
        return columns[0], columns[1], columns[2]
