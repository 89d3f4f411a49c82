"""Batching problems from instances in the Foodmart format."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.batching.problem import BatchingProblem
from warehouse.formats.foodmart import FoodmartInstance

UNITS: Final = 100
"""Distances are counted in hundredths: the files give two digits."""


def foodmart_problem(instance: FoodmartInstance) -> BatchingProblem:
    """Which orders to pick together; the load is the boxes that each order fills.

    Place p of the problem is location `used_locations`[p - 1]; distances are in
    hundredths.
    """
    used = used_locations(instance)
    needed = np.unique(
        np.column_stack(
            [
                instance.line_order,
                instance.product_location[instance.line_product],
            ]
        ),
        axis=0,
    )
    start = np.searchsorted(needed[:, 0], np.arange(instance.orders + 1))
    hundredths = np.round(UNITS * np.nan_to_num(instance.distance)).astype(np.int64)
    leave = np.concatenate([[instance.departure], used])
    reach = np.concatenate([[instance.arrival], used])
    matrix = hundredths[np.ix_(leave, reach)]
    matrix[0, 0] = 0
    return BatchingProblem(
        matrix,
        start,
        np.searchsorted(used, needed[:, 1]) + 1,
        [instance.trolley_boxes],
        instance.order_boxes[:, None],
    )


def used_locations(instance: FoodmartInstance) -> NDArray[np.int32]:
    """Locations of all products that are ordered, ascending."""
    return np.unique(instance.product_location[instance.line_product])
