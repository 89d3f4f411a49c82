"""The member of a plan file for orders that are picked in parts, and its setting."""

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warehouse.formats.plan_meta import MetaReader
from warehouse.plan import SPLIT_DTYPE, Splitting

SPLIT_MEMBERS: Final[dict[str, tuple[np.dtype[Any] | None, int]]] = {
    "split_orders": (SPLIT_DTYPE, 1)
}
"""Type and dimensions. There where the settings have `SPLIT_KEY`."""
SPLIT_KEY: Final = "splitting.split_s"


def read_splitting(
    meta: MetaReader, arrays: dict[str, NDArray[Any]]
) -> Splitting | None:
    """Orders that are picked in parts; None where the plan lets no order be split."""
    if "split_orders" not in arrays:
        return None
    split_s = meta.take(SPLIT_KEY, float)
    if not 0 <= split_s < math.inf:
        meta.refuse(SPLIT_KEY, split_s, "a number of seconds, 0 or more")
    return Splitting(split_s, arrays["split_orders"])
