"""``[packing]`` and ``[[door]]`` of ``scenario.toml``."""

from dataclasses import dataclass, fields
from typing import Final

from warehouse.errors import Fault
from warehouse.formats.marked_cells import MarkRules, find_marked
from warehouse.formats.text_file import shown
from warehouse.formats.toml_file import TomlTable, toml_text
from warehouse.layout import CellKind, Layout
from warehouse.shipping import PACKING_LIMITS, Door, PackingRules, Shipping

MOST_CELLS: Final = 10**9


@dataclass(frozen=True, slots=True)
class DoorEntry:
    """One ``[[door]]`` as written, before it is set on the floor."""

    name: str
    row: int
    col: int
    place: str


@dataclass(frozen=True, slots=True)
class ShippingSettings:
    """What ``scenario.toml`` says of packing and doors."""

    rules: PackingRules
    doors: tuple[DoorEntry, ...]


def parse_shipping_settings(
    root: TomlTable, files: dict[str, str], mixed: bool
) -> ShippingSettings:
    """Settings of packing and doors; what does not go together is a fault.

    Parameters
    ----------
    root : TomlTable
        ``scenario.toml``.
    files : dict of str to str
        Files that are named, by key.
    mixed : bool
        Cartons and trucks are refused where robots carry totes and pods.
    """
    packing = root.table("packing")
    standard = PackingRules()
    values = {
        name: packing.number(name, low, high, getattr(standard, name))
        for name, (low, high) in PACKING_LIMITS.items()
    }
    packing.refuse_others()
    doors = _parse_doors(root)
    named = "cartons" in files
    if mixed and (named or "trucks" in files):
        key = "cartons" if named else "trucks"
        found = f"{key} of sites with racks and pods are not supported yet"
        root.fault("E123", key, found, "take the key away")
    if named and "skus" not in files:
        needed = 'name a table with sizes, as in skus = "skus.csv"'
        root.fault("E528", "cartons", "there are cartons, and no sizes", needed)
    if "trucks" in files and not named:
        needed = 'name the cartons that trucks load, as in cartons = "cartons.csv"'
        root.fault("E525", "trucks", "there are trucks, and no cartons", needed)
    if root.has("packing") and not named:
        needed = 'name the cartons, as in cartons = "cartons.csv"'
        root.fault("E527", "packing", "it is for orders packed in cartons", needed)
    return ShippingSettings(PackingRules(**values), doors)


def _parse_doors(root: TomlTable) -> tuple[DoorEntry, ...]:
    entries: list[DoorEntry] = []
    for number, table in enumerate(root.tables("door"), start=1):
        before = len(root.faults)
        name = table.name("name")
        row, col = table.whole("row", 0, MOST_CELLS), table.whole("col", 0, MOST_CELLS)
        table.refuse_others()
        if name and name in {entry.name for entry in entries}:
            found = f"door {shown(name)} is there twice"
            table.fault("E524", "name", found, "give each door a name of its own")
        if len(root.faults) == before:
            place = f"{root.file}, [[door]] {number}"
            entries.append(DoorEntry(name, row, col, place))
    return tuple(entries)


_DOORS: Final = MarkRules(
    what="door",
    kind=CellKind.DOOR,
    needed="trucks are loaded at a dock door, marked D",
    wrong_kind="E523",
    same_cell="E524",
    own="a place of its own",
)


def place_doors(
    entries: tuple[DoorEntry, ...], layout: Layout, faults: list[Fault]
) -> tuple[Door, ...]:
    """Set doors on the floor; whatever does not fit is a fault."""
    placed = find_marked(entries, layout, _DOORS, faults)
    return tuple(Door(entry.name, cell) for entry, cell in placed)


def shipping_lines(shipping: Shipping, layout: Layout) -> list[str]:
    """Lines of ``[packing]`` and of every ``[[door]]``."""
    rules = shipping.rules
    lines = ["", "[packing]"]
    lines += [
        f"{f.name} = {float(getattr(rules, f.name))!r}" for f in fields(PackingRules)
    ]
    for door in shipping.doors:
        row, col = layout.row_col(door.cell)
        lines += ["", "[[door]]", f"name = {toml_text(door.name)}"]
        lines += [f"row = {row}", f"col = {col}"]
    return lines
