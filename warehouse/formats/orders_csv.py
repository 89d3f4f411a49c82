"""``orders.csv``: customer orders, one line of the file for each order line."""

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault
from warehouse.formats.names import find_name_fault
from warehouse.formats.table import (
    MOST_UNITS,
    Table,
    parse_table,
    plain,
    write_table,
)
from warehouse.formats.text_file import shown
from warehouse.formats.toml_file import nearest
from warehouse.scenario import Orders, Scenario

LATEST_RELEASE_S: Final = 1e7
"""About 115 days: no plan is longer, and a Unix time stamp is far beyond."""
_MOST_GUESSES, _MOST_COMPARED = 20, 1000
"""Unknown SKUs that get a guess at what was meant: comparing names is slow."""
_OF_ORDER: Final = ("release_s", "due_s", "priority")
CARRIER: Final = "carrier"
NEEDS: Final = "needs"


def parse_orders(
    path: Path, index_of_sku: dict[str, int] | None, faults: list[Fault]
) -> Orders | None:
    """Read ``orders.csv``.

    Lines of one order need not be neighbours; orders come in the order of their
    first lines.

    Parameters
    ----------
    path : Path
    index_of_sku : dict or None
        Known SKUs; None when they could not be read, and none is refused.
    faults : list of Fault
        What is wrong is appended here.

    Returns
    -------
    Orders or None
        None when any line has a fault.
    """
    optional = (*_OF_ORDER, CARRIER, NEEDS)
    table = parse_table(path, ("order", "sku", "quantity"), optional, faults)
    if table is None:
        return None
    order_names = table.names("order")
    sku_names = table.names("sku")
    quantity = table.whole_numbers("quantity", 1, MOST_UNITS)
    release_s = table.numbers("release_s", 0, LATEST_RELEASE_S, default=0.0)
    due_s = table.numbers("due_s", 0, MOST_UNITS, default=float("inf"))
    priority = table.whole_numbers("priority", -MOST_UNITS, MOST_UNITS, default=0)
    carrier = np.array(_carriers(table), object)
    needs = np.array([";".join(sorted(words)) for words in table.words(NEEDS)], object)
    index_of_order: dict[str, int] = {}
    first_row: list[int] = []
    for row, name in enumerate(order_names):
        if name not in index_of_order:
            index_of_order[name] = len(index_of_order)
            first_row.append(row)
    order = np.array([index_of_order[name] for name in order_names], np.int64)
    first = np.array(first_row, np.int64)
    if index_of_sku is not None:
        _refuse_unknown_skus(table, sku_names, index_of_sku)
    _refuse_doubles(table, order_names, sku_names)
    of_order = (release_s, due_s, priority, carrier, needs)
    for column, values in zip(optional, of_order, strict=True):
        _refuse_contradictions(table, column, values, first[order], order_names)
    if len(table) == 0 and table.complete:
        found = "there is a header and no order"
        faults.append(Fault("E188", table.file, found, "write one line or more"))
    if not table.complete or len(table) == 0 or index_of_sku is None:
        return None
    lines = np.argsort(order, kind="stable")
    sku = np.array([index_of_sku[name] for name in sku_names], np.int32)
    return Orders(
        names=tuple(index_of_order),
        release_s=release_s[first],
        due_s=due_s[first],
        priority=priority[first].astype(np.int32),
        line_order=order[lines].astype(np.int32),
        line_sku=sku[lines],
        line_quantity=quantity[lines].astype(np.int32),
        carrier=tuple(carrier[first].tolist()) if carrier.any() else (),
        needs=tuple(map(skills_of, needs[first])) if needs.any() else (),
    )


def skills_of(text: str) -> frozenset[str]:
    """Skills that semicolons separate.

    Examples
    --------
    >>> sorted(skills_of("heavy;gift")), skills_of("")
    (['gift', 'heavy'], frozenset())
    """
    return frozenset(text.split(";") if text else ())


def _carriers(table: Table) -> list[str]:
    """Carrier on each line, blank where no truck is to take the order."""
    texts = table.texts(CARRIER)
    fault_of = {text: find_name_fault(text) for text in set(texts) if text}
    for row, text in enumerate(texts):
        fault = fault_of.get(text)
        if fault is not None:
            code, found, needed = fault
            table.fault(code, row, CARRIER, found, needed)
    return texts


def _refuse_unknown_skus(
    table: Table, sku_names: list[str], index_of_sku: dict[str, int]
) -> None:
    """Append a fault for each line that asks for a SKU that nobody knows."""
    known = list(index_of_sku)
    guesses = _MOST_GUESSES if len(known) <= _MOST_COMPARED else 0
    for row, sku in enumerate(sku_names):
        if sku not in index_of_sku and table.good[row]:
            needed = "name a SKU of stock.csv or skus.csv"
            if guesses > 0:
                needed += nearest(sku, known)
                guesses -= 1
            table.fault("E181", row, "sku", f"unknown SKU {shown(sku)}", needed)


def _refuse_doubles(table: Table, order_names: list[str], sku_names: list[str]) -> None:
    """Append a fault for each line whose order asked for the SKU before."""
    first_line: dict[tuple[str, str], int] = {}
    pairs = zip(order_names, sku_names, strict=True)
    for row, (pair, good) in enumerate(zip(pairs, table.good.tolist(), strict=True)):
        if not good:
            continue
        line = first_line.setdefault(pair, table.lines[row])
        if line != table.lines[row]:
            found = (
                f"duplicate line: order {shown(pair[0])} asks for "
                f"{shown(pair[1])} on line {line} already"
            )
            table.fault("E140", row, "", found, "merge them and add the quantities up")


def _refuse_contradictions(
    table: Table,
    column: str,
    values: NDArray[Any],
    first: NDArray[np.int64],
    order_names: list[str],
) -> None:
    """Append a fault for each line that differs from the first line of its order."""
    if not table.has(column):
        return
    wrong = (values != values[first]) & table.good & table.good[first]
    cells = table.texts(column)
    for row in np.flatnonzero(wrong):
        start = int(first[row])
        found = (
            f"{shown(cells[row])} here, {shown(cells[start])} on line "
            f"{table.lines[start]} of order {shown(order_names[row])}"
        )
        needed = "give all lines of an order the same"
        table.fault("E189", int(row), column, found, needed)


def write_orders(scenario: Scenario, path: Path) -> None:
    """Write ``orders.csv``, without columns in which every order has the default."""
    orders = scenario.orders
    order = orders.line_order
    columns: dict[str, list[object]] = {
        "order": [orders.names[index] for index in order],
        "sku": [scenario.sku_names[index] for index in orders.line_sku],
        "quantity": orders.line_quantity.tolist(),
    }
    if (orders.release_s != 0).any():
        columns["release_s"] = [plain(value) for value in orders.release_s[order]]
    if np.isfinite(orders.due_s).any():
        columns["due_s"] = [plain(value) for value in orders.due_s[order]]
    if (orders.priority != 0).any():
        columns["priority"] = orders.priority[order].tolist()
    if any(orders.carrier):
        columns[CARRIER] = [orders.carrier[index] for index in order]
    if any(orders.needs):
        columns[NEEDS] = [";".join(sorted(orders.needs[index])) for index in order]
    write_table(path, columns)
