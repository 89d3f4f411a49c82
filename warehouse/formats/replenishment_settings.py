"""Keys of ``scenario.toml`` for stations where pods are filled."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault
from warehouse.formats.table import MOST_UNITS
from warehouse.formats.toml_file import TomlTable, toml_text
from warehouse.layout import Layout
from warehouse.replenishment import Replenishment

LONGEST_S: Final = 86_400.0
WORKER_S: Final = {"s_per_visit": 0.0, "s_per_box": 10.0, "s_per_unit": 0.0}
"""Times of the worker, and what they are where nothing is said."""


@dataclass(frozen=True, slots=True)
class FillSettings:
    """What ``scenario.toml`` says of how pods are filled, beside where.

    Parameters
    ----------
    worker_s : tuple of tuple of float
        For each replenishment station the times of its worker, as in `WORKER_S`.
    pod_capacity : int or None
        Units that a pod holds for which ``pods.csv`` says nothing.
    """

    worker_s: tuple[tuple[float, ...], ...] = ()
    pod_capacity: int | None = None


def parse_worker_times(table: TomlTable) -> tuple[float, ...]:
    """Times of the worker of one ``[[replenishment]]``."""
    return tuple(
        table.number(key, 0, LONGEST_S, usual) for key, usual in WORKER_S.items()
    )


def parse_pod_capacity(fleet: TomlTable) -> int | None:
    """``[fleet] pod_capacity``; None where it is not written."""
    if not fleet.has("pod_capacity"):
        return None
    return fleet.whole("pod_capacity", 1, MOST_UNITS)


def refuse_halves(
    root: TomlTable, with_pods: bool, stations: int, has_arrivals: bool
) -> None:
    """Append faults where of stations, arrivals and pods some are there alone.

    Parameters
    ----------
    root : TomlTable
        ``scenario.toml``.
    with_pods : bool
        Whether robots carry pods.
    stations : int
        Tables ``[[replenishment]]``.
    has_arrivals : bool
        Whether a table of arrivals is named.
    """
    if (stations or has_arrivals) and not with_pods:
        key = "replenishment" if stations else "arrivals"
        needed = "take it away, or name the pods"
        root.fault("E550", key, "only pods are filled, and there are none", needed)
    elif has_arrivals and not stations:
        found = "goods arrive, and there is no station to fill pods at"
        needed = "write [[replenishment]] with name, row and col"
        root.fault("E551", "replenishment", found, needed)
    elif stations and not has_arrivals:
        found = "there are stations to fill pods at, and nothing arrives"
        needed = 'name what arrives, as in arrivals = "replenishment.csv"'
        root.fault("E551", "arrivals", found, needed)


def pod_capacities(
    written: NDArray[np.int64] | None,
    usual: int | None,
    names: tuple[str, ...],
    stocked: NDArray[np.int64],
    file: str,
    faults: list[Fault],
) -> NDArray[np.int32] | None:
    """Units that each pod holds; None, and faults, where that cannot be.

    Parameters
    ----------
    written : ndarray of int64, shape (pods,), or None
        As ``pods.csv`` says; 0 where it does not.
    usual : int or None
        For the others.
    names : tuple of str
        Of the pods.
    stocked : ndarray of int64, shape (pods,)
        Units on each pod at first.
    file : str
        Name of the pods' file, for places.
    faults : list of Fault
    """
    capacity = np.zeros(len(names), np.int64) if written is None else written.copy()
    capacity[capacity == 0] = usual or 0
    before = len(faults)
    if not capacity.all():
        first = names[int(np.argmin(capacity))]
        found = f"nothing says how many units pod {first!r} holds"
        needed = "write the column capacity, or [fleet] pod_capacity"
        faults.append(Fault("E553", file, found, needed))
        return None
    for pod in np.flatnonzero(stocked > capacity).tolist():
        found = f"{stocked[pod]:,} units lie on pod {names[pod]!r}, which holds "
        needed = "raise its capacity, or put less on it"
        faults.append(Fault("E554", file, found + f"{capacity[pod]:,}", needed))
    return capacity.astype(np.int32) if len(faults) == before else None


def replenishment_lines(filling: Replenishment, layout: Layout) -> list[str]:
    """Lines of ``[[replenishment]]``, once for each station."""
    lines = []
    for index, name in enumerate(filling.names):
        row, col = layout.row_col(int(filling.cells[index]))
        lines += ["", "[[replenishment]]", f"name = {toml_text(name)}"]
        lines += [f"row = {row}", f"col = {col}"]
        lines += [
            f"{key} = {float(getattr(filling, key)[index])!r}" for key in WORKER_S
        ]
    return lines
