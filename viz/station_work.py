"""What waits, is packed and has been packed at the stations at any second."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warehouse.plan import Plan


@dataclass(frozen=True, slots=True)
class StationMoment:
    """The stations at one second.

    Parameters
    ----------
    queued, packing, packed : ndarray of int64, shape (stations,)
        Orders handed over and not begun, being packed, and done.
    orders_packed, units_packed : int
        Done at all stations.
    """

    queued: NDArray[np.int64]
    packing: NDArray[np.int64]
    packed: NDArray[np.int64]
    orders_packed: int
    units_packed: int


@dataclass(frozen=True, slots=True)
class StationWork:
    """The packing table of a plan, with the hand-over time of every order.

    Parameters
    ----------
    stations : int
    order, station, packer, units : ndarray of int, shape (packed orders,)
    ready_s, start_s, end_s : ndarray of float64, shape (packed orders,)
        Handed over in full; packing begins; packing ends.
    """

    stations: int
    order: NDArray[np.int32]
    station: NDArray[np.int32]
    packer: NDArray[np.int32]
    units: NDArray[np.int64]
    ready_s: NDArray[np.float64]
    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]

    @classmethod
    def from_plan(cls, plan: Plan) -> "StationWork":
        """Collect the packing table. O(picks + drops + packing)."""
        scenario = plan.scenario
        orders = len(scenario.orders)
        units = np.zeros(orders, np.int64)
        np.add.at(
            units,
            scenario.orders.line_order[plan.picks["line"]],
            plan.picks["quantity"],
        )
        ready_s = np.full(orders, -np.inf)
        dropped_s = plan.stops["end"][plan.drops["stop"]] * scenario.step_s
        np.maximum.at(ready_s, plan.drops["order"], dropped_s)
        order = plan.packing["order"]
        # An order that was never handed over (a faulty plan) has no time in a queue.
        ready = np.where(
            np.isfinite(ready_s[order]), ready_s[order], plan.packing["start_s"]
        )
        return cls(
            stations=len(scenario.stations),
            order=order,
            station=plan.packing["station"],
            packer=plan.packing["packer"],
            units=units[order],
            ready_s=ready,
            start_s=plan.packing["start_s"],
            end_s=plan.packing["end_s"],
        )

    def at(self, now_s: float) -> StationMoment:
        """Count orders by what happens to them at a second."""
        queued = (self.ready_s <= now_s) & (now_s < self.start_s)
        packing = (self.start_s <= now_s) & (now_s < self.end_s)
        packed = self.end_s <= now_s
        return StationMoment(
            queued=self._per_station(queued),
            packing=self._per_station(packing),
            packed=self._per_station(packed),
            orders_packed=int(packed.sum()),
            units_packed=int(self.units[packed].sum()),
        )

    def _per_station(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.bincount(self.station[chosen], minlength=self.stations)

    def queue_at(self, station: int, now_s: float) -> NDArray[np.int64]:
        """Rows waiting at a station, the next to be packed first."""
        rows = np.flatnonzero(
            (self.station == station) & (self.ready_s <= now_s) & (now_s < self.start_s)
        )
        return rows[np.argsort(self.start_s[rows], kind="stable")]

    def packing_at(self, station: int, now_s: float) -> NDArray[np.int64]:
        """Rows being packed at a station, in the order of its packers."""
        rows = np.flatnonzero(
            (self.station == station) & (self.start_s <= now_s) & (now_s < self.end_s)
        )
        return rows[np.argsort(self.packer[rows], kind="stable")]
