"""Where robots start: ``robots.csv``, or else the home cells of the layout."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault
from warehouse.formats.named_places import PlaceRules, parse_places
from warehouse.formats.table import Table, write_table
from warehouse.layout import CellKind, Layout
from warehouse.scenario import RobotKind, Scenario

KIND_WORDS: Final = tuple(kind.name.lower() for kind in RobotKind)
_RULES: Final = PlaceRules(
    "robot",
    lambda kind: kind not in (CellKind.WALL, CellKind.RACK),
    "start on a cell a robot can stand on",
    wrong_kind="E184",
    same_name="E145",
    same_cell="E146",
    own="a cell of its own",
)


def parse_robots(
    path: Path, layout: Layout | None, count: int | None, faults: list[Fault]
) -> NDArray[np.int32] | None:
    """Read the start cells of the first ``count`` robots of ``robots.csv``.

    Parameters
    ----------
    path : Path
    layout : Layout or None
        Without one the cells are not looked at, and None is returned.
    count : int or None
        Robots; None takes all of the file.
    faults : list of Fault
        What is wrong is appended here.
    """
    places = parse_places(path, layout, _RULES, faults)
    if places is None:
        return None
    return _first(places[1], count, path.name, "lines", faults)


def parse_mixed_robots(
    path: Path, layout: Layout | None, count: int | None, faults: list[Fault]
) -> tuple[NDArray[np.int32], NDArray[np.uint8]] | None:
    """Read start cells and kinds of the first ``count`` robots, of which both are.

    Parameters
    ----------
    path : Path
        A ``robots.csv`` with the column ``kind``: ``tote`` or ``pod``.
    layout : Layout or None
        Without one the cells are not looked at, and None is returned.
    count : int or None
        Robots; None takes all of the file.
    faults : list of Fault
        What is wrong is appended here.
    """
    kinds: list[NDArray[np.int64]] = []

    def read_kinds(table: Table) -> None:
        if table.has("kind"):
            kinds.append(table.choices("kind", KIND_WORDS))

    rules = replace(_RULES, maybe=("kind",))
    places = parse_places(path, layout, rules, faults, read_kinds)
    if places is None:
        return None
    if not kinds:
        found = "the column kind is missing, and robots carry totes and pods"
        needed = "say what each robot carries: " + " or ".join(KIND_WORDS)
        faults.append(Fault("E570", path.name, found, needed))
        return None
    cells = _first(places[1], count, path.name, "lines", faults)
    if cells is None:
        return None
    taken = kinds[0][: len(cells)].astype(np.uint8)
    if len(np.unique(taken)) < len(RobotKind):
        found = f"the first {len(cells):,} robots all carry {KIND_WORDS[taken[0]]}s"
        needed = "take more robots, or write one of each kind among the first"
        faults.append(Fault("E572", path.name, found, needed))
        return None
    return cells, taken


def home_cells(
    layout: Layout, count: int | None, file: str, faults: list[Fault]
) -> NDArray[np.int32] | None:
    """First ``count`` home cells of a layout, row by row; None takes all."""
    homes = layout.cells_of(CellKind.HOME)
    return _first(homes, count, file, "home cells (H)", faults)


def _first(
    cells: NDArray[np.int32],
    count: int | None,
    file: str,
    what: str,
    faults: list[Fault],
) -> NDArray[np.int32] | None:
    """First ``count`` cells, or None and a fault if there are too few."""
    if len(cells) == 0:
        needed = "mark home cells H, or write robots.csv and name it"
        faults.append(Fault("E186", file, "there is no robot", needed))
        return None
    if count is not None and count > len(cells):
        found = f"{len(cells):,} {what} for {count:,} robots"
        needed = f"lower [fleet] count to {len(cells):,} or add {what}"
        faults.append(Fault("E185", file, found, needed))
        return None
    return cells[:count].copy()


def write_robots(scenario: Scenario, path: Path) -> None:
    """Write ``robots.csv``; robots are named R1, R2, ..."""
    rows, cols = np.divmod(scenario.fleet.start_cells, scenario.layout.width)
    names = [f"R{number}" for number in range(1, len(rows) + 1)]
    columns: dict[str, Any] = {"robot": names, "row": rows, "col": cols}
    kinds = scenario.fleet.kinds
    if kinds is not None:
        columns["kind"] = [KIND_WORDS[kind] for kind in kinds.tolist()]
    write_table(path, columns)
