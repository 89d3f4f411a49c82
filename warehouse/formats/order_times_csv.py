"""When the orders of a batching instance are due: a table beside its file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault, InputError
from warehouse.formats.table import parse_table

LATEST_S: Final = 1e9


@dataclass(frozen=True, slots=True)
class OrderTimes:
    """Times of orders in seconds, each of shape (orders,).

    Parameters
    ----------
    due_s : ndarray of float64
        Inf for an order that is never due.
    release_s : ndarray of float64
        Earliest start.
    service_s : ndarray of float64
        What the order takes besides travel.
    """

    due_s: NDArray[np.float64]
    release_s: NDArray[np.float64]
    service_s: NDArray[np.float64]


def read_order_times(path: str | Path, orders: int, first: int) -> OrderTimes:
    """Read ``order,due_s`` and, optional, ``release_s,service_s``.

    An order without a line has none of them; nor has one with a blank cell.

    Parameters
    ----------
    path : str or Path
    orders : int
        Orders of the instance.
    first : int
        Number of the first of them in its file.

    Raises
    ------
    InputError
        With every fault of the file.

    Examples
    --------
    >>> read_order_times("due.csv", 3, 0)
    Traceback (most recent call last):
    warehouse.errors.InputError: E101 due.csv: no such file; write the file or correct \
its name
    """
    faults: list[Fault] = []
    optional = ("release_s", "service_s")
    table = parse_table(Path(path), ("order", "due_s"), optional, faults)
    if table is None:
        raise InputError(faults)
    order = table.whole_numbers("order", first, first + orders - 1)
    columns = {
        "due_s": table.numbers("due_s", 0, LATEST_S, default=float("inf")),
        "release_s": table.numbers("release_s", 0, LATEST_S, default=0.0),
        "service_s": table.numbers("service_s", 0, LATEST_S, default=0.0),
    }
    line_of: dict[int, int] = {}
    for row, number in enumerate(order.tolist()):
        line = line_of.setdefault(number, table.lines[row])
        if table.good[row] and line != table.lines[row]:
            found = f"order {number} is on line {line} already"
            table.fault("E157", row, "order", found, "list each order once")
    if faults:
        raise InputError(faults)
    times = {name: np.zeros(orders) for name in columns}
    times["due_s"][:] = np.inf
    for name, values in columns.items():
        times[name][order - first] = values
    return OrderTimes(**times)
