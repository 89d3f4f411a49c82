"""``pods.csv``: the pods and the spots on which they stand at first."""

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault
from warehouse.formats.named_places import PlaceRules, parse_places
from warehouse.formats.table import MOST_UNITS, Table, write_table
from warehouse.layout import CellKind, Layout
from warehouse.scenario import PodSystem

_CAPACITY: Final = "capacity"
_RULES: Final = PlaceRules(
    "pod",
    lambda kind: kind == CellKind.POD_SPOT,
    "a pod stands on a pod spot, marked o",
    wrong_kind="E149",
    same_name="E147",
    same_cell="E148",
    own="a spot of its own",
    too_many="E170",
    maybe=(_CAPACITY,),
)


def parse_pods(
    path: Path, layout: Layout | None, faults: list[Fault]
) -> tuple[tuple[str, ...], NDArray[np.int32], NDArray[np.int64]] | None:
    """Names, first cells and capacities of all pods; None when any row has a fault.

    A capacity that is not written is 0.

    Parameters
    ----------
    path : Path
    layout : Layout or None
        Without one the cells are not looked at, and None is returned.
    faults : list of Fault
        What is wrong is appended here.
    """
    capacity: list[NDArray[np.int64]] = []

    def read_more(table: Table) -> None:
        capacity.append(table.whole_numbers(_CAPACITY, 1, MOST_UNITS, default=0))

    places = parse_places(path, layout, _RULES, faults, read_more)
    if places is None:
        return None
    if not places[0]:
        faults.append(Fault("E169", path.name, "there is no pod", "write one or more"))
        return None
    return *places, capacity[0]


def write_pods(pods: PodSystem, layout: Layout, path: Path) -> None:
    """Write ``pods.csv``; capacities where pods are filled."""
    rows, cols = np.divmod(pods.start_cells, layout.width)
    columns: dict[str, Any] = {"pod": pods.names, "row": rows, "col": cols}
    if pods.replenishment is not None:
        columns[_CAPACITY] = pods.replenishment.capacity.tolist()
    write_table(path, columns)
