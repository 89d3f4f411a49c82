"""Table of a plan that says where and when each order is packed, and by whom."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from warehouse.plan import PACKING_DTYPE


def packing_table(
    order: NDArray[np.int32],
    station: NDArray[np.int32],
    packer: NDArray[np.int32],
    start_s: NDArray[np.float64],
    end_s: NDArray[np.float64],
) -> NDArray[np.void]:
    """Rows in the order of the plan format, from columns in any order.

    Parameters
    ----------
    order, station, packer : ndarray of int32, shape (n,)
    start_s, end_s : ndarray of float64, shape (n,)

    Returns
    -------
    structured ndarray of `PACKING_DTYPE`, shape (n,)
    """
    table = np.zeros(len(order), PACKING_DTYPE)
    columns: tuple[NDArray[Any], ...] = (order, station, packer, start_s, end_s)
    rank = np.argsort(order)
    for name, column in zip(PACKING_DTYPE.names or (), columns, strict=True):
        table[name] = column[rank]
    return table
