"""Things of ``scenario.toml`` that stand on a marked cell: stations, and doors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from warehouse.errors import Fault
from warehouse.formats.stock_csv import KIND_TEXT
from warehouse.formats.text_file import shown
from warehouse.layout import CellKind, Layout


class Entry(Protocol):
    """A table with a name and a cell, and where it is written."""

    @property
    def name(self) -> str:
        """Name of the thing."""

    @property
    def row(self) -> int:
        """Row as written."""

    @property
    def col(self) -> int:
        """Column as written."""

    @property
    def place(self) -> str:
        """File and table."""


EntryT = TypeVar("EntryT", bound=Entry)


@dataclass(frozen=True, slots=True)
class MarkRules:
    """What such tables must keep to, and what is said where they do not.

    Parameters
    ----------
    what : str
        What the tables name, such as ``"station"``.
    kind : CellKind
        What the cell must be.
    needed : str
        What is said where it is another.
    wrong_kind, same_cell : str
        Codes of the faults.
    own : str
        What each needs for itself, such as ``"a dock of its own"``.
    """

    what: str
    kind: CellKind
    needed: str
    wrong_kind: str
    same_cell: str
    own: str


def find_marked(
    entries: Sequence[EntryT], layout: Layout, rules: MarkRules, faults: list[Fault]
) -> list[tuple[EntryT, int]]:
    """Entries that fit, with their flat cells; whatever does not fit is a fault.

    Parameters
    ----------
    entries : sequence of Entry
    layout : Layout
    rules : MarkRules
    faults : list of Fault
        Added to: E134 for a cell that is not on the map, and the codes of ``rules``.
    """
    placed: dict[int, EntryT] = {}
    for entry in entries:
        spot = f"row {entry.row}, col {entry.col}"
        if entry.row >= layout.height or entry.col >= layout.width:
            needed = (
                f"the map has rows 0 to {layout.height - 1}, cols 0 to "
                f"{layout.width - 1}"
            )
            found = f"{spot} is outside the map"
            faults.append(Fault("E134", entry.place, found, needed))
            continue
        cell = layout.cell(entry.row, entry.col)
        kind = CellKind(layout.kinds[entry.row, entry.col])
        if kind != rules.kind:
            found = f"{spot} is {KIND_TEXT[kind]}"
            faults.append(Fault(rules.wrong_kind, entry.place, found, rules.needed))
        elif cell in placed:
            found = f"{rules.what} {shown(placed[cell].name)} is at {spot} already"
            needed = f"give each {rules.what} {rules.own}"
            faults.append(Fault(rules.same_cell, entry.place, found, needed))
        else:
            placed[cell] = entry
    return [(entry, cell) for cell, entry in placed.items()]
