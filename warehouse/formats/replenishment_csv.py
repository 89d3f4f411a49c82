"""``replenishment.csv``: the goods that arrive and are put into pods."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import Fault
from warehouse.formats.orders_csv import LATEST_RELEASE_S
from warehouse.formats.table import MOST_UNITS, parse_table, plain, write_table
from warehouse.formats.text_file import shown
from warehouse.formats.toml_file import nearest
from warehouse.replenishment import Replenishment
from warehouse.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Columns of `Replenishment` that say what arrives."""

    sku: NDArray[np.int32]
    quantity: NDArray[np.int32]
    release_s: NDArray[np.float64]
    station: NDArray[np.int32]


def parse_arrivals(
    path: Path,
    stations: tuple[str, ...] | None,
    index_of_sku: dict[str, int],
    faults: list[Fault],
) -> Arrivals | None:
    """Read ``replenishment.csv``; add its SKUs to ``index_of_sku``.

    Parameters
    ----------
    path : Path
    stations : tuple of str, or None
        Names of the replenishment stations; None where they could not be read.
    index_of_sku : dict
        Known SKUs; new ones are added in order of appearance.
    faults : list of Fault
        What is wrong is appended here.

    Returns
    -------
    Arrivals or None
        None when any row has a fault.
    """
    columns = ("sku", "quantity", "release_s")
    table = parse_table(path, columns, ("station",), faults)
    if table is None:
        return None
    names = table.names("sku")
    for name in names:
        index_of_sku.setdefault(name, len(index_of_sku))
    quantity = table.whole_numbers("quantity", 1, MOST_UNITS)
    release_s = table.numbers("release_s", 0.0, LATEST_RELEASE_S)
    station = np.full(len(table), -1, np.int32)
    known = list(stations or ())
    for row, name in enumerate(table.texts("station")):
        if name in known:
            station[row] = known.index(name)
        elif name and stations is not None:
            found = f"unknown replenishment station {shown(name)}"
            needed = "name one of [[replenishment]], or none" + nearest(name, known)
            table.fault("E552", row, "station", found, needed)
    if len(table) == 0 and table.complete:
        found = "there is a header and nothing arrives"
        faults.append(Fault("E555", table.file, found, "write one line or more"))
    if not table.complete or len(table) == 0:
        return None
    return Arrivals(
        sku=np.array([index_of_sku[name] for name in names], np.int32),
        quantity=quantity.astype(np.int32),
        release_s=release_s,
        station=station,
    )


def write_arrivals(scenario: Scenario, filling: Replenishment, path: Path) -> None:
    """Write ``replenishment.csv``; no column of stations where any will do."""
    columns: dict[str, list[object]] = {
        "sku": [scenario.sku_names[index] for index in filling.sku.tolist()],
        "quantity": filling.quantity.tolist(),
        "release_s": [plain(value) for value in filling.release_s.tolist()],
    }
    if (filling.station >= 0).any():
        names = [*filling.names, ""]
        columns["station"] = [names[index] for index in filling.station.tolist()]
    write_table(path, columns)
