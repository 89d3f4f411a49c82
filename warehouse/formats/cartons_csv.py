"""What is needed to pack orders: ``cartons.csv``, ``skus.csv`` with sizes, orders."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault, InputError
from warehouse.formats.orders_csv import parse_orders
from warehouse.formats.stock_csv import HANDLING, MASS, SIZES
from warehouse.formats.table import Table, parse_table, plain, write_table
from warehouse.formats.toml_file import parse_toml
from warehouse.scenario import Orders
from warehouse.shipping import Catalogue, Units

LONGEST_M: Final = 20.0
_HEAVIEST_KG: Final = 1e6
_USUAL: Final = {"orders": "orders.csv", "skus": "skus.csv", "cartons": "cartons.csv"}


@dataclass(frozen=True, slots=True)
class PackingOrders:
    """Orders, what a unit of each SKU is like, and the cartons."""

    orders: Orders
    units: Units
    catalogue: Catalogue


def has_cartons(folder: Path) -> bool:
    """Whether a folder holds orders to pack: ``scenario.toml`` or ``cartons.csv``."""
    names = ("scenario.toml", _USUAL["cartons"], _USUAL["orders"])
    return any((folder / name).is_file() for name in names)


def read_packing_orders(folder: Path | str) -> PackingOrders:
    """Read the orders of a folder, sizes and cartons.

    ``scenario.toml`` is not needed; where it is, it may give the tables other names.

    Raises
    ------
    InputError
        With every fault of the three tables. A size that is missing or not above 0 is
        none of them: it concerns the orders that ask for the SKU.

    Examples
    --------
    >>> read_packing_orders("no_such_folder")
    Traceback (most recent call last):
    warehouse.errors.InputError: E101 cartons.csv: no such file; write the file or \
correct its name
    E101 skus.csv: no such file; write the file or correct its name
    E101 orders.csv: no such file; write the file or correct its name
    """
    folder = Path(folder)
    faults: list[Fault] = []
    names = dict(_USUAL)
    if (folder / "scenario.toml").is_file():
        root = parse_toml(folder / "scenario.toml", faults)
        if root is not None:
            names = {key: root.text(key, usual) for key, usual in _USUAL.items()}
    catalogue = parse_cartons(folder / names["cartons"], faults)
    units = parse_units(folder / names["skus"], faults)
    index = None if units is None else {sku: i for i, sku in enumerate(units.names)}
    orders = parse_orders(folder / names["orders"], index, faults)
    if faults or catalogue is None or units is None or orders is None:
        raise InputError(faults)
    return PackingOrders(orders, units, catalogue)


def parse_cartons(path: Path, faults: list[Fault]) -> Catalogue | None:
    """Read ``cartons.csv``; None when any row has a fault, or there is none.

    A blank mass stands for no limit. Without a cost a carton costs its litres.
    """
    table = parse_table(path, ("carton", *SIZES), ("max_mass_kg", "cost"), faults)
    if table is None:
        return None
    names = table.different_names("carton", "E137")
    size_m = np.stack([table.numbers(c, 0.001, LONGEST_M) for c in SIZES], axis=1)
    limit = table.numbers("max_mass_kg", 1e-9, _HEAVIEST_KG, default=float("inf"))
    litres = size_m.prod(axis=1) * 1e3
    cost = table.numbers("cost", 1e-9, _HEAVIEST_KG, default=0.0)
    if len(table) == 0 and table.complete:
        needed = "write one line or more"
        table.faults.append(Fault("E138", table.file, "there is no carton", needed))
    if not table.complete or len(table) == 0:
        return None
    limit = np.full(len(table), np.inf) if not table.has("max_mass_kg") else limit
    return Catalogue(tuple(names), size_m, limit, np.where(cost > 0, cost, litres))


def parse_units(path: Path, faults: list[Fault]) -> Units | None:
    """Read ``skus.csv`` for packing; None when any row has a fault."""
    table = parse_table(path, ("sku", *SIZES), (MASS, *HANDLING), faults)
    if table is None:
        return None
    names = table.different_names("sku", "E141")
    size_m = np.stack([_maybe(table, column) for column in SIZES], axis=1)
    mass_kg = _maybe(table, MASS)
    up, fragile = (table.whole_numbers(name, 0, 1, default=0) > 0 for name in HANDLING)
    if not table.complete:
        return None
    return Units(tuple(names), size_m, mass_kg, up, fragile)


def _maybe(table: Table, column: str) -> NDArray[np.float64]:
    """Numbers of a column, whatever their sign; nan for a blank cell."""
    return table.numbers(column, -_HEAVIEST_KG, _HEAVIEST_KG, default=float("nan"))


def write_cartons(catalogue: Catalogue, path: Path) -> None:
    """Write ``cartons.csv``."""
    columns: dict[str, list[object]] = {"carton": list(catalogue.names)}
    for axis, column in enumerate(SIZES):
        columns[column] = [plain(edge) for edge in catalogue.size_m[:, axis].tolist()]
    columns["max_mass_kg"] = [plain(kg) for kg in catalogue.max_mass_kg.tolist()]
    columns["cost"] = [plain(cost) for cost in catalogue.cost.tolist()]
    write_table(path, columns)


def write_units(units: Units, path: Path) -> None:
    """Write ``skus.csv`` with sizes; what is not known stays blank."""
    columns: dict[str, list[object]] = {"sku": list(units.names)}
    numbers = dict(zip((*SIZES, MASS), (*units.size_m.T, units.mass_kg), strict=True))
    for column, values in numbers.items():
        columns[column] = ["" if v != v else plain(v) for v in values.tolist()]
    for column, marks in zip(
        HANDLING, (units.this_side_up, units.fragile), strict=True
    ):
        if marks.any():
            columns[column] = marks.astype(int).tolist()
    write_table(path, columns)
