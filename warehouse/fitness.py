"""Whether a scenario can work at all: is the floor one piece, is anything in stock."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault
from warehouse.grid import Grid
from warehouse.layout import COL_STEP, ROW_STEP, CellKind, Layout
from warehouse.scenario import Scenario

MOST_FAULTS: Final = 1_000
"""Pieces of floor, or racks, that are named one by one."""


def find_layout_faults(layout: Layout) -> list[Fault]:
    """Faults of the floor: pieces, one-way traps, racks that no robot reaches.

    Takes O(cells) time and, beside the grid, one byte for each cell.

    Examples
    --------
    >>> for fault in find_layout_faults(Layout.from_rows([".>.", "###", "SS."])):
    ...     print(fault.code, fault.place)
    E161 row 2, col 2
    E162 row 0, col 1
    E163 row 2, col 0
    E163 row 2, col 1
    """
    if not layout.drivable.any():
        needed = "mark floor with ."
        return [Fault("E160", "map", "there is no floor", needed)]
    grid = Grid.from_layout(layout)
    floor, faults = _find_pieces(layout, grid)
    faults += _find_traps(layout, grid, floor)
    faults += _find_lone_racks(layout, floor)
    return faults


def find_supply_faults(scenario: Scenario) -> list[Fault]:
    """Faults if no order can be served, or if masses are limited and not known.

    Orders of which some part can be served are no fault: what the stock does not
    cover is planned around and reported line by line, and so is an order that is
    heavier than a robot may carry, where there are others.

    The place of a fault is ``stock``, ``skus`` or ``orders``.
    """
    units = scenario.supply()
    orders, most_kg = scenario.orders, scenario.fleet.max_mass_kg
    in_stock = np.zeros(len(orders), bool)
    in_stock[orders.line_order[units[orders.line_sku] > 0]] = True
    if not in_stock.any():
        found = "no unit of any order is in stock, so that no order can be served"
        needed = "add stock of the SKUs that orders ask for"
        return [Fault("E164", "stock", found, needed)]
    faults = []
    if most_kg < math.inf:
        faults = _find_unknown_masses(scenario)
        lightest_kg = float(scenario.order_mass_kg()[in_stock].min())
        if lightest_kg > most_kg:
            found = f"the lightest order in stock has {lightest_kg:,g} kg, and a robot "
            found += f"carries {most_kg:,g} kg, so that no order can be served"
            needed = "split the orders, or raise max_mass_kg of [fleet]"
            faults.append(Fault("E166", "orders", found, needed))
    return faults


def _find_unknown_masses(scenario: Scenario) -> list[Fault]:
    """Append a fault for each SKU that orders ask for and whose mass nobody gives."""
    skus = np.unique(scenario.orders.line_sku)
    if scenario.sku_mass_kg is not None:
        skus = skus[scenario.sku_mass_kg[skus] == 0]
    needed = "give its mass_kg in skus.csv, or take max_mass_kg of [fleet] away"
    faults = [
        Fault("E165", "skus", f"SKU {scenario.sku_names[sku]!r} has no mass", needed)
        for sku in skus.tolist()
    ]
    return _first(faults, "SKUs", "skus")


def _exit_masks(steps: NDArray[np.int32]) -> bytes:
    """Bit d of a cell says that its neighbour in direction d is in ``steps``."""
    legal = (steps >= 0).astype(np.uint8)
    return (legal << np.arange(4, dtype=np.uint8)).sum(axis=1, dtype=np.uint8).tobytes()


def _flood(masks: bytes, width: int, start: int, seen: bytearray) -> list[int]:
    """Cells reached from ``start`` over the moves of ``masks``; marks them as seen.

    Plain Python with a stack: linear in the cells whatever the floor looks like,
    and reading a scenario does not wait for a compiler.
    """
    steps = [(1 << d, ROW_STEP[d] * width + COL_STEP[d]) for d in range(len(ROW_STEP))]
    seen[start] = 1
    reached = [start]
    for cell in reached:
        mask = masks[cell]
        for bit, step in steps:
            if mask & bit and not seen[cell + step]:
                seen[cell + step] = 1
                reached.append(cell + step)
    return reached


def floor_pieces(grid: Grid) -> NDArray[np.int32]:
    """Number of the piece of floor each cell belongs to, -1 where none can stand.

    Between two pieces there is no way at all; within one, one-way floor may still
    bar it. O(cells).

    Examples
    --------
    >>> floor_pieces(Grid.from_layout(Layout.from_rows([".#.", "##."]))).tolist()
    [0, -1, 1, -1, -1, 1]
    """
    numbers = np.full(grid.cells, -1, np.int32)
    for number, piece in enumerate(_pieces(grid)):
        numbers[piece] = number
    return numbers


def _pieces(grid: Grid) -> list[list[int]]:
    """Cells of every piece of floor, one-way or not."""
    # Walked backwards, a move in direction d is one in the opposite direction.
    backwards = np.roll(grid.predecessors, 2, axis=1)
    masks = _exit_masks(np.maximum(grid.successors, backwards))
    seen = bytearray((~grid.drivable).tobytes())
    pieces: list[list[int]] = []
    start = seen.find(0)
    while start >= 0:
        pieces.append(_flood(masks, grid.width, start, seen))
        start = seen.find(0, start)
    return pieces


def _find_pieces(layout: Layout, grid: Grid) -> tuple[NDArray[np.int64], list[Fault]]:
    """Cells of the largest piece of floor, one-way or not; a fault for each other."""
    pieces = _pieces(grid)
    largest = max(pieces, key=len)
    needed = "open a way to it, or mark it as wall"
    faults = []
    for piece in pieces:
        if piece is not largest:
            found = f"{_count(len(piece))} of floor cut off from the other "
            found += f"{len(largest):,}"
            faults.append(Fault("E161", layout.place(min(piece)), found, needed))
    return np.array(largest, np.int64), _first(faults, "pieces of floor")


def _find_traps(layout: Layout, grid: Grid, floor: NDArray[np.int64]) -> list[Fault]:
    """Faults of one-way floor: cells that cannot be reached, or not be left."""
    kinds = layout.kinds.ravel()[floor]
    docks = floor[kinds == CellKind.DOCK]
    base = int(docks.min() if len(docks) else floor.min())
    faults = []
    for steps, found, needed in (
        (
            grid.successors,
            "{} of one-way floor cannot be reached from {}",
            "open a way in",
        ),
        (
            np.roll(grid.predecessors, 2, axis=1),
            "{} of one-way floor cannot be left for {}",
            "open a way out",
        ),
    ):
        seen = bytearray(grid.cells)
        reached = _flood(_exit_masks(steps), grid.width, base, seen)
        if len(reached) < len(floor):
            trapped = floor[np.frombuffer(seen, np.uint8)[floor] == 0]
            found = found.format(_count(len(trapped)), layout.place(base))
            place = layout.place(int(trapped.min()))
            faults.append(Fault("E162", place, found, needed))
    return faults


def _find_lone_racks(layout: Layout, floor: NDArray[np.int64]) -> list[Fault]:
    """Faults of racks with no floor of the large piece beside them."""
    is_floor = np.zeros((layout.height + 2, layout.width + 2), bool)
    inner = np.zeros(layout.kinds.size, bool)
    inner[floor] = True
    is_floor[1:-1, 1:-1] = inner.reshape(layout.kinds.shape)
    beside = (
        is_floor[:-2, 1:-1]
        | is_floor[2:, 1:-1]
        | is_floor[1:-1, :-2]
        | is_floor[1:-1, 2:]
    )
    lone = np.argwhere((layout.kinds == CellKind.RACK) & ~beside)
    needed = "leave floor beside it that robots reach, or mark it as wall"
    faults = [
        Fault("E163", f"row {row}, col {col}", "no robot can reach this rack", needed)
        for row, col in lone
    ]
    return _first(faults, "racks")


def _first(faults: list[Fault], what: str, place: str = "map") -> list[Fault]:
    """No more faults than a person can want, and how many are left out."""
    if len(faults) <= MOST_FAULTS:
        return faults
    found = f"{len(faults) - MOST_FAULTS:,} more {what} of this kind"
    rest = Fault("E119", place, found, "mend the first ones first")
    return [*faults[:MOST_FAULTS], rest]


def _count(cells: int) -> str:
    return "1 cell" if cells == 1 else f"{cells:,} cells"
