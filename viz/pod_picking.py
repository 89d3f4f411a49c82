"""What people have picked from pods, at any second of a plan."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warehouse.plan import Plan


@dataclass(frozen=True, slots=True)
class PodPicking:
    """The picks of a plan with pods, order by order, with where and from what.

    Parameters
    ----------
    stations : int
    line, order, sku, quantity, pod, station : ndarray of int64, shape (picks,)
    start_s, end_s : ndarray of float64, shape (picks,)
        When the picker begins, and is free again.
    """

    stations: int
    line: NDArray[np.int64]
    order: NDArray[np.int64]
    sku: NDArray[np.int64]
    quantity: NDArray[np.int64]
    pod: NDArray[np.int64]
    station: NDArray[np.int64]
    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]

    @classmethod
    def from_plan(cls, plan: Plan) -> "PodPicking":
        """Collect the picks; there are none in a plan without pods."""
        stations, work = len(plan.scenario.stations), plan.pod_work
        if work is None:
            no, none = np.zeros(0, np.int64), np.zeros(0)
            return cls(stations, no, no, no, no, no, no, none, none)
        orders = plan.scenario.orders
        by_order = np.argsort(orders.line_order[work.picks["line"]], kind="stable")
        picks = work.picks[by_order]
        line = picks["line"].astype(np.int64)
        stops = work.stops[picks["stop"]]
        return cls(
            stations=stations,
            line=line,
            order=orders.line_order[line].astype(np.int64),
            sku=orders.line_sku[line].astype(np.int64),
            quantity=picks["quantity"].astype(np.int64),
            pod=stops["pod"].astype(np.int64),
            station=stops["station"].astype(np.int64),
            start_s=picks["start_s"],
            end_s=picks["end_s"],
        )

    def units_at(self, now_s: float) -> NDArray[np.int64]:
        """Units picked at each station up to a second."""
        done = self.end_s <= now_s
        units = np.zeros(self.stations, np.int64)
        np.add.at(units, self.station[done], self.quantity[done])
        return units

    def being_picked(self, station: int, now_s: float) -> int | None:
        """Row of the pick that is made at a station; None where the picker waits."""
        rows = np.flatnonzero(
            (self.station == station) & (self.start_s <= now_s) & (now_s < self.end_s)
        )
        return int(rows[0]) if len(rows) else None

    def units_in_slot(self, order: int, station: int, now_s: float) -> tuple[int, int]:
        """Units of an order picked at a station up to a second, and in the plan."""
        first, last = np.searchsorted(self.order, (order, order + 1))
        units = np.where(self.station == station, self.quantity, 0)[first:last]
        return int(units[self.end_s[first:last] <= now_s].sum()), int(units.sum())

    def taken_from(self, pod: int, now_s: float) -> Counter[int]:
        """Units taken from a pod up to a second, by SKU."""
        rows = (self.pod == pod) & (self.end_s <= now_s)
        return units_by_sku(self.sku[rows], self.quantity[rows])


def units_by_sku(
    sku: NDArray[np.integer], quantity: NDArray[np.integer]
) -> Counter[int]:
    """Sum of units of each SKU, in the order in which they come first."""
    units: Counter[int] = Counter()
    for one, number in zip(sku.tolist(), quantity.tolist(), strict=True):
        units[one] += number
    return units
