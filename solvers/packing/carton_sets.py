"""Sets of cartons: the cheap ones first, and what any set must cost."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.kernel import lean_kernel

_PARTS: Final = 500
"""Into so many parts the whole is cut where sets are counted."""


def cheapest_sets(
    cost: NDArray[np.float64], most: int, below: float
) -> list[tuple[float, tuple[int, ...]]]:
    """Sets of 1 to ``most`` cartons by their cost, which is below a limit.

    A carton may repeat.

    Examples
    --------
    >>> cheapest_sets(np.array([2.0, 3.0]), 2, 6.0)
    [(2.0, (0,)), (3.0, (1,)), (4.0, (0, 0)), (5.0, (0, 1))]
    """
    prices = cost.tolist()
    sets: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    found = []
    for _ in range(most):
        sets = [
            (price + prices[carton], (*cartons, carton))
            for price, cartons in sets
            for carton in range(cartons[-1] if cartons else 0, len(prices))
            if price + prices[carton] < below
        ]
        found += sets
    return sorted(found)


def least_cost(
    cost: NDArray[np.float64], holds: NDArray[np.float64], need: float
) -> float:
    """Cost without which no cartons hold so much, of volume or of mass.

    Parameters
    ----------
    cost, holds : ndarray of float64, shape (cartons,)
    need : float

    Notes
    -----
    What a carton holds is rounded up to parts of the need, so the true least cost is
    no lower.

    Examples
    --------
    >>> least_cost(np.array([2.0, 5.0]), np.array([10.0, 30.0]), 45.0)
    9.0
    """
    if need <= 0:
        return 0.0
    parts = np.minimum(np.ceil(holds / need * _PARTS - 1e-9), _PARTS)
    best = np.full(_PARTS + 1, np.inf)
    cheapest_cover(cost, parts.astype(np.int64), best)
    return float(best[_PARTS])


@lean_kernel
def cheapest_cover(
    cost: NDArray[np.float64], parts: NDArray[np.int64], best: NDArray[np.float64]
) -> None:
    """Write the least cost of so many parts and more, for each number of parts.

    Parameters
    ----------
    cost : ndarray of float64, shape (cartons,)
    parts : ndarray of int64, shape (cartons,)
        How many a carton holds.
    best : ndarray of float64, shape (most parts + 1,)
    """
    best[0] = 0.0
    for filled in range(1, len(best)):
        best[filled] = np.inf
        for carton in range(len(cost)):
            if parts[carton] > 0:
                price = best[max(0, filled - parts[carton])] + cost[carton]
                best[filled] = min(best[filled], price)
