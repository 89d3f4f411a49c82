"""When each order is done, whoever serves it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viz.station_work import StationWork
from warehouse.plan import Splitting


@dataclass(frozen=True, slots=True)
class OrdersDone:
    """Orders that a station has to do with, and when each is done.

    Parameters
    ----------
    order, station : ndarray of int, shape (n,)
        Ascending by order; an order is there once.
    end_s : ndarray of float64, shape (n,)
        Inf where the order never is.
    due_s : ndarray of float64, shape (n,)
        Inf where it has no due time.
    """

    order: NDArray[np.int64]
    station: NDArray[np.int64]
    end_s: NDArray[np.float64]
    due_s: NDArray[np.float64]

    @classmethod
    def of(cls, *work: StationWork, splitting: Splitting | None = None) -> "OrdersDone":
        """Take each order as done when all that is listed for it is over.

        One that is split, when its parts are together.
        """
        order = np.concatenate([some.order for some in work])
        station = np.concatenate([some.station for some in work])
        end_s = np.concatenate([some.end_s for some in work])
        orders, first, which = np.unique(order, return_index=True, return_inverse=True)
        last_s = np.full(len(orders), -np.inf)
        np.maximum.at(last_s, which, end_s)
        due_s = np.full(len(orders), np.inf)
        np.minimum.at(due_s, which, np.concatenate([some.due_s for some in work]))
        if splitting is not None:
            split = splitting.orders[np.isin(splitting.orders["order"], orders)]
            at = np.searchsorted(orders, split["order"])
            last_s[at] = np.maximum(last_s[at], split["done_s"])
        numbers = orders.astype(np.int64), station[first].astype(np.int64)
        return cls(*numbers, last_s, due_s)

    @property
    def finished_s(self) -> NDArray[np.float64]:
        """Seconds at which orders are done, of those that ever are."""
        return self.end_s[np.isfinite(self.end_s)]

    def end_of(self, order: int) -> float:
        """Second at which an order is done; inf where it never is."""
        return float(self.end_s[self.order == order].min(initial=np.inf))

    def by(self, now_s: float) -> int:
        """How many are done at a second."""
        return int(np.count_nonzero(self.end_s <= now_s))
