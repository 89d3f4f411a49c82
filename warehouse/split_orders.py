"""Orders that are picked in parts: when each is done, and how many there are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warehouse.plan import PodWork


def whole_orders(work: PodWork) -> NDArray[np.void]:
    """Orders that had a slot, each once, as rows of `OPEN_ORDER_DTYPE`.

    One that is split starts with its first part, ends when its parts are together, and
    is at the station of the part that is closed last. Inf where that is not yet.

    Examples
    --------
    >>> from warehouse.plan import OPEN_ORDER_DTYPE, SPLIT_DTYPE, Splitting
    >>> parts = [(4, 0, 5.0, 20.0), (4, 1, 7.0, 60.0), (6, 1, 9.0, 30.0)]
    >>> table, none = np.array(parts, OPEN_ORDER_DTYPE), np.zeros(0)
    >>> splitting = Splitting(15.0, np.array([(4, 75.0)], SPLIT_DTYPE))
    >>> whole_orders(PodWork(none, none, table, splitting=splitting)).tolist()
    [(4, 1, 5.0, 75.0), (6, 1, 9.0, 30.0)]
    """
    table = work.open_orders
    if work.splitting is None or not len(table):
        return table
    by_end = table[np.lexsort((table["end_s"], table["order"]))]
    orders, first, parts = np.unique(
        by_end["order"], return_index=True, return_counts=True
    )
    rows = by_end[first + parts - 1]
    rows["start_s"] = np.minimum.reduceat(by_end["start_s"], first)
    split = work.splitting.orders
    split = split[np.isin(split["order"], orders)]
    rows["end_s"][np.searchsorted(orders, split["order"])] = split["done_s"]
    return rows


@dataclass(frozen=True, slots=True)
class SplitMetrics:
    """How often orders were picked in parts, over the time that counts.

    Parameters
    ----------
    orders : int
        Orders with several parts of which the last was put to the others in this time.
    parts : int
        Parts of these.
    together_s : float
        Seconds of putting them together.
    """

    orders: int
    parts: int
    together_s: float


def measure_splits(work: PodWork, from_s: float, to_s: float) -> SplitMetrics | None:
    """Key figures of orders with parts; None where no order may be split."""
    if work.splitting is None:
        return None
    orders, parts = np.unique(work.open_orders["order"], return_counts=True)
    split = work.splitting.orders
    in_time = (split["done_s"] > from_s) & (split["done_s"] <= to_s)
    counts = parts[np.isin(orders, split["order"][in_time])]
    counts = counts[counts > 1]
    together_s = float((counts - 1).sum()) * work.splitting.split_s
    return SplitMetrics(len(counts), int(counts.sum()), together_s)
