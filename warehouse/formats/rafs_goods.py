"""Orders and pods of the RAFS data: what is asked for, and what lies where."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault
from warehouse.formats.fault_list import add_faults
from warehouse.formats.text_file import read_text_of_lines, shown
from warehouse.formats.xml_file import XmlElement, parse_xml
from warehouse.scenario import Orders

MOST_UNITS: Final = 10**9
LATEST_S: Final = 1e7
MOST_KG: Final = 1e6


@dataclass(frozen=True, slots=True)
class Goods:
    """SKUs, orders, and stock of pods.

    Parameters
    ----------
    sku_names : tuple of str
        Colour and letter, as in ``red/a``.
    sku_mass_kg : ndarray of float64, shape (SKUs,)
        0 where the orders' file does not list a SKU.
    orders : Orders
    stock_sku, stock_pod, stock_quantity : ndarray of int32, shape (n,)
        Units of a SKU on a pod; a pair comes once.
    """

    sku_names: tuple[str, ...]
    sku_mass_kg: NDArray[np.float64]
    orders: Orders
    stock_sku: NDArray[np.int32]
    stock_pod: NDArray[np.int32]
    stock_quantity: NDArray[np.int32]


def parse_rafs_orders(path: Path, faults: list[Fault]) -> Goods | None:
    """Read a file of orders: SKUs and orders, no stock yet.

    Parameters
    ----------
    path : Path
    faults : list of Fault
        What is wrong is appended here.
    """
    before = len(faults)
    root = parse_xml(path, "OrderList", faults)
    if root is None:
        return None
    sku_of_id: dict[int, int] = {}
    names: dict[str, int] = {}
    mass_kg: list[float] = []
    for item in root.all("ItemDescriptions", "ItemDescription"):
        name = f"{item.attributes.get('Color', '')}/{item.attributes.get('Letter', '')}"
        number = item.whole("ID", 0, MOST_UNITS)
        if number in sku_of_id or name in names:
            item.fault("E141", f"item {number}, {name}, is there twice", "keep one")
            continue
        sku_of_id[number] = names[name] = len(mass_kg)
        mass_kg.append(item.number("Weight", 0.0, MOST_KG))
    orders = _parse_orders(root, sku_of_id)
    if len(faults) > before:
        return None
    none = np.zeros(0, np.int32)
    return Goods(tuple(names), np.array(mass_kg), orders, none, none, none)


def _parse_orders(root: XmlElement, sku_of_id: dict[int, int]) -> Orders:
    elements = list(root.all("Orders", "Order"))
    if not elements:
        root.fault("E188", "there is no Order", "write one or more")
    rows: list[tuple[int, int, int]] = []
    release_s = []
    for number, element in enumerate(elements):
        stamp = element.attributes.get("TimeStamp", "")
        release_s.append(element.number("TimeStamp", 0.0, LATEST_S) if stamp else 0.0)
        wanted: dict[int, int] = {}
        for position in element.all("Positions", "Position"):
            item = position.whole("ItemDescriptionID", 0, MOST_UNITS)
            if item not in sku_of_id:
                needed = "name an ItemDescription of the file"
                position.fault("E181", f"there is no item {item}", needed)
                continue
            sku = sku_of_id[item]
            units = wanted.get(sku, 0) + position.whole("Count", 1, MOST_UNITS)
            wanted[sku] = min(units, MOST_UNITS)
        if not wanted:
            element.fault("E115", "the order has no Position", "write one or more")
        rows += [(number, sku, units) for sku, units in wanted.items()]
    table = np.array(rows, np.int32).reshape(-1, 3)
    digits = len(str(len(elements)))
    return Orders(
        names=tuple(f"O{k + 1:0{digits}}" for k in range(len(elements))),
        release_s=np.array(release_s, np.float64),
        due_s=np.full(len(elements), np.inf),
        priority=np.zeros(len(elements), np.int32),
        line_order=table[:, 0].copy(),
        line_sku=table[:, 1].copy(),
        line_quantity=table[:, 2].copy(),
    )


def parse_rafs_pods(
    path: Path, goods: Goods, index_of_pod: dict[int, int], faults: list[Fault]
) -> Goods | None:
    r"""Read what lies on pods, and add it to SKUs and orders.

    A line is ``pod;x/y;colour/letter/units;colour/letter/units;``. Where the pod
    stands is said by the layout, and not looked at here.

    Parameters
    ----------
    path : Path
    goods : Goods
        SKUs of the pods that it lacks are added.
    index_of_pod : dict of int to int
        Place of each pod of the layout among all.
    faults : list of Fault
        What is wrong is appended here.
    """
    text = read_text_of_lines(path, faults)
    if text is None:
        return None
    names = {name: sku for sku, name in enumerate(goods.sku_names)}
    stock: dict[tuple[int, int], int] = {}
    found: list[Fault] = []
    for number, line in enumerate(text.split("\n"), start=1):
        cells = [cell.strip() for cell in line.split(";")]
        if not line.strip():
            continue
        place = f"{path.name}, line {number}"
        pod = index_of_pod.get(_whole(cells[0]))
        if pod is None:
            needed = "begin the line with the ID of a Pod of the layout"
            found.append(Fault("E190", place, f"pod {shown(cells[0])}", needed))
            continue
        for cell in filter(None, cells[2:]):
            parts = cell.split("/")
            units = _whole(parts[2]) if len(parts) == 3 else -1
            if not 0 <= units <= MOST_UNITS:
                needed = "need colour/letter/units"
                found.append(Fault("E190", place, shown(cell), needed))
                continue
            sku = names.setdefault(f"{parts[0]}/{parts[1]}", len(names))
            total = stock.get((sku, pod), 0) + units
            stock[sku, pod] = min(total, MOST_UNITS)
    add_faults(faults, found, path.name)
    if found:
        return None
    rows = [(*pair, units) for pair, units in stock.items()]
    table: NDArray[np.int32] = np.array(rows, np.int32).reshape(-1, 3)
    unknown = np.zeros(len(names) - len(goods.sku_names))
    return replace(
        goods,
        sku_names=tuple(names),
        sku_mass_kg=np.concatenate([goods.sku_mass_kg, unknown]),
        stock_sku=table[:, 0],
        stock_pod=table[:, 1],
        stock_quantity=table[:, 2],
    )


def _whole(text: str) -> int:
    """Whole number of up to ten digits; -1 where there is none."""
    return int(text) if text.isdecimal() and len(text) <= 10 else -1
