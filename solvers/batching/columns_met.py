"""All different batches that a search met, until there are too many."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.batching.exchange_kernels import Pool
from solvers.batching.set_costs import SetCosts, set_cost
from solvers.batching.set_partitioning import Columns

ROOM: Final = 100_000
"""Batches that a pool holds between two looks at it."""
MOST_MEMBERS: Final = 20_000_000
"""Members of all batches in a pool: it holds fewer where batches may be large."""
SEEN_LOG2: Final = 17


def new_pool(most_orders: int) -> Pool:
    """Return an empty pool for batches of up to so many orders."""
    room = min(ROOM, MOST_MEMBERS // most_orders + 1)
    return Pool(
        np.zeros((room, most_orders), np.int32),
        np.zeros(room, np.int32),
        np.zeros(room),
        np.zeros(room, np.uint64),
        np.zeros(1 << SEEN_LOG2, np.uint64),
        np.zeros(1, np.int64),
    )


class ColumnsMet:
    """Batches from several pools, each once.

    Parameters
    ----------
    most_orders : int
        Orders in a batch at most.
    """

    def __init__(self, most_orders: int) -> None:
        self._member = np.zeros((0, most_orders), np.int32)
        self._size = np.zeros(0, np.int32)
        self._cost = np.zeros(0)
        self._key = np.zeros(0, np.uint64)

    def take_from(self, pool: Pool) -> None:
        """Add what a pool holds, and empty it."""
        count = int(pool.used[0])
        member, size = pool.member[:count], pool.size[:count]
        self._add(member, size, pool.cost[:count], pool.key[:count])
        pool.used[0] = 0

    def add_batching(
        self,
        batch_of: NDArray[np.int32],
        costs: SetCosts,
    ) -> None:
        """Add the batches of a batching.

        Parameters
        ----------
        batch_of : ndarray of int32, shape (orders,)
        costs : SetCosts
        """
        used = np.unique(batch_of)
        member = np.zeros((len(used), self._member.shape[1]), np.int32)
        size = np.zeros(len(used), np.int32)
        key = np.zeros(len(used), np.uint64)
        cost = np.zeros(len(used))
        for row, b in enumerate(used):
            orders = np.flatnonzero(batch_of == b)
            member[row, : len(orders)] = orders
            size[row] = len(orders)
            key[row] = np.bitwise_xor.reduce(costs.key[orders])
            cost[row] = set_cost(member[row], len(orders), costs)
        self._add(member, size, cost, key)

    def _add(
        self,
        member: NDArray[np.int32],
        size: NDArray[np.int32],
        cost: NDArray[np.float64],
        key: NDArray[np.uint64],
    ) -> None:
        self._key, first = np.unique(
            np.concatenate([self._key, key]), return_index=True
        )
        self._member = np.concatenate([self._member, member])[first]
        self._size = np.concatenate([self._size, size])[first]
        self._cost = np.concatenate([self._cost, cost])[first]

    def count(self) -> int:
        """Return how many batches there are."""
        return len(self._size)

    def columns(self) -> Columns:
        """Return all batches."""
        inside = np.arange(self._member.shape[1]) < self._size[:, None]
        start = np.concatenate([[0], np.cumsum(self._size, dtype=np.int64)])
        return Columns(start, self._member[inside], self._cost)

    def keep(self, most: int, reduced_cost: NDArray[np.float64]) -> None:
        """Forget all but so many of least reduced cost."""
        if len(self._size) > most:
            kept = np.sort(np.argsort(reduced_cost, kind="stable")[:most])
            self._member, self._size = self._member[kept], self._size[kept]
            self._cost, self._key = self._cost[kept], self._key[kept]
