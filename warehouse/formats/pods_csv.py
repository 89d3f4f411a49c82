"""``pods.csv``: the pods and the spots on which they stand at first."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault
from warehouse.formats.named_places import PlaceRules, parse_places
from warehouse.formats.table import write_table
from warehouse.layout import CellKind, Layout
from warehouse.scenario import PodSystem

_RULES: Final = PlaceRules(
    "pod",
    lambda kind: kind == CellKind.POD_SPOT,
    "a pod stands on a pod spot, marked o",
    wrong_kind="E149",
    same_name="E147",
    same_cell="E148",
    own="a spot of its own",
    too_many="E170",
)


def parse_pods(
    path: Path, layout: Layout | None, faults: list[Fault]
) -> tuple[tuple[str, ...], NDArray[np.int32]] | None:
    """Names and first cells of all pods; None when any row has a fault.

    Parameters
    ----------
    path : Path
    layout : Layout or None
        Without one the cells are not looked at, and None is returned.
    faults : list of Fault
        What is wrong is appended here.
    """
    places = parse_places(path, layout, _RULES, faults)
    if places is not None and not places[0]:
        faults.append(Fault("E169", path.name, "there is no pod", "write one or more"))
        return None
    return places


def write_pods(pods: PodSystem, layout: Layout, path: Path) -> None:
    """Write ``pods.csv``."""
    rows, cols = np.divmod(pods.start_cells, layout.width)
    write_table(path, {"pod": pods.names, "row": rows, "col": cols})
