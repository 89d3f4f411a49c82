"""Members of a plan file for sites where pods are filled."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warehouse.formats.npz_members import text_array
from warehouse.plan import REFILL_DTYPE, PodWork
from warehouse.replenishment import Replenishment

FILL_STATION_DTYPE: Final = np.dtype(
    [
        ("cell", "<i4"),
        ("s_per_visit", "<f8"),
        ("s_per_box", "<f8"),
        ("s_per_unit", "<f8"),
    ]
)
ARRIVAL_DTYPE: Final = np.dtype(
    [("sku", "<i4"), ("quantity", "<i4"), ("release_s", "<f8"), ("station", "<i4")]
)
REFILL_MEMBERS: Final[dict[str, tuple[np.dtype[Any] | None, int]]] = {
    "fill_station_names": (None, 1),
    "fill_stations": (FILL_STATION_DTYPE, 1),
    "pod_capacity": (np.dtype("<i4"), 1),
    "arrivals": (ARRIVAL_DTYPE, 1),
    "refills": (REFILL_DTYPE, 1),
}
"""Type (None: text) and dimensions of each. All there, or none."""


def refill_arrays(filling: Replenishment, work: PodWork) -> dict[str, NDArray[Any]]:
    """Members that hold what arrives, where pods are filled, and with what."""
    stations = np.zeros(len(filling.cells), FILL_STATION_DTYPE)
    stations["cell"] = filling.cells
    arrivals = np.zeros(len(filling.sku), ARRIVAL_DTYPE)
    for table in (stations, arrivals):
        for name in table.dtype.names or ():
            if name != "cell":
                table[name] = getattr(filling, name)
    return {
        "fill_station_names": text_array(filling.names, "station names"),
        "fill_stations": stations,
        "pod_capacity": filling.capacity,
        "arrivals": arrivals,
        "refills": work.refills,
    }


def read_replenishment(arrays: dict[str, NDArray[Any]]) -> Replenishment | None:
    """How pods are filled, from the members of a plan; None where they are not."""
    if "fill_stations" not in arrays:
        return None
    stations, arrivals = arrays["fill_stations"], arrays["arrivals"]
    columns = {
        name: np.ascontiguousarray(table[name])
        for table in (stations, arrivals)
        for name in table.dtype.names or ()
    }
    return Replenishment(
        names=tuple(arrays["fill_station_names"].tolist()),
        cells=columns.pop("cell"),
        capacity=arrays["pod_capacity"],
        **columns,
    )
