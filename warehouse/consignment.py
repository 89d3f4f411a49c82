"""What a plan says of cartons and trucks: tables beside those of `warehouse.plan`."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

PACKED_CARTON_DTYPE: Final = np.dtype(
    [
        ("order", "<i4"),
        ("carton", "<i4"),  # index into the catalogue
    ]
)
PACKED_UNIT_DTYPE: Final = np.dtype(
    [
        ("carton", "<i4"),  # row of the packed cartons
        ("sku", "<i4"),
        ("x_mm", "<i4"),  # least corner, along length, width and height
        ("y_mm", "<i4"),
        ("z_mm", "<i4"),
        ("length_mm", "<i4"),  # size as it lies
        ("width_mm", "<i4"),
        ("height_mm", "<i4"),
    ]
)
LOAD_DTYPE: Final = np.dtype(
    [
        ("carton", "<i4"),  # row of the packed cartons
        ("truck", "<i4"),  # row of the trucks
        ("position", "<i4"),  # order of loading into the truck, from 0
    ]
)


@dataclass(frozen=True, slots=True)
class Consignment:
    """Cartons as they are packed, and on which truck they go.

    Parameters
    ----------
    cartons : structured array of `PACKED_CARTON_DTYPE`
        Ordered by order; those of an order in the order of packing.
    units : structured array of `PACKED_UNIT_DTYPE`
        Ordered by carton; those of a carton in the order in which they are put in.
    loads : structured array of `LOAD_DTYPE`
        Ordered by truck and position. A carton without a row misses every truck, or
        its order has no carrier.
    """

    cartons: NDArray[np.void]
    units: NDArray[np.void]
    loads: NDArray[np.void]
