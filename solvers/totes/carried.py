"""All sets of orders that a robot can carry, and what their trips take at least."""

from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from solvers.batching.set_partitioning import Columns

MOST_ORDERS: Final = 62
"""Orders are bits of a whole number."""
MOST_SETS: Final = 500_000


@dataclass(slots=True)
class CarriedSets:
    """Sets of orders within the capacity, as bits of numbers.

    Parameters
    ----------
    orders : int
    bits : ndarray of int64, shape (sets,)
        Ascending; with a set all its subsets are there.
    mass : ndarray of int64, shape (sets,)
    least : ndarray of int64, shape (sets,)
        Length that the trip of each set has at least.
    """

    orders: int
    bits: NDArray[np.int64]
    mass: NDArray[np.int64]
    least: NDArray[np.int64]
    _smaller: list[tuple[NDArray[np.intp], NDArray[np.intp]]] = field(
        default_factory=list
    )

    @classmethod
    def within(cls, mass: NDArray[np.int32], capacity: int) -> Self | None:
        """List the sets; None where they are more than `MOST_SETS`.

        Parameters
        ----------
        mass : ndarray of int32, shape (orders,)
        capacity : int

        Examples
        --------
        >>> CarriedSets.within(np.array([1, 2, 2], np.int32), 3).bits.tolist()
        [1, 2, 3, 4, 5]
        """
        if len(mass) > MOST_ORDERS:
            return None
        bits, filled = np.zeros(1, np.int64), np.zeros(1, np.int64)
        for order, more in enumerate(mass.tolist()):
            fits = filled + more <= capacity
            bits = np.concatenate([bits, bits[fits] | 1 << order])
            filled = np.concatenate([filled, filled[fits] + more])
            if len(bits) > MOST_SETS + 1:
                return None
        return cls(len(mass), bits[1:], filled[1:], np.zeros(len(bits) - 1, np.int64))

    def spread(self) -> None:
        """Let every set take at least what its subsets take."""
        if not self._smaller:
            self._smaller = [self._without(order) for order in range(self.orders)]
        for larger, smaller in self._smaller:
            self.least[larger] = np.maximum(self.least[larger], self.least[smaller])

    def _without(self, order: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Sets with an order and at least one other, and the same sets without it."""
        bit = np.int64(1) << order
        larger = np.flatnonzero((self.bits & bit > 0) & (self.bits != bit))
        return larger, np.searchsorted(self.bits, self.bits[larger] ^ bit)

    def worth(self, order_worth: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum over the orders of each set."""
        total = np.zeros(len(self.bits))
        for first in range(0, self.orders, 8):
            eight = order_worth[first : first + 8]
            member = np.arange(1 << len(eight))[:, None] >> np.arange(len(eight)) & 1
            sums = (member * eight).sum(axis=1)
            total += sums[self.bits >> first & len(sums) - 1]
        return total

    def columns(self, chosen: NDArray[np.intp], cost: NDArray[np.float64]) -> Columns:
        """Columns of some sets; ``cost`` is that of every set."""
        member = self.bits[chosen, None] >> np.arange(self.orders) & 1
        _, order = np.nonzero(member)
        start = np.cumsum([0, *member.sum(axis=1)])
        return Columns(start.astype(np.int64), order.astype(np.int32), cost[chosen])
