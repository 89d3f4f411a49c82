"""What waits, is packed and has been packed at the stations at any second."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warehouse.lateness import handed_over_s, lateness_of
from warehouse.plan import Plan, PodWork


@dataclass(frozen=True, slots=True)
class StationWork:
    """The packing table of a plan, with the hand-over time of every order.

    On sites with pods, orders with their slots: they start when they open, and end when
    their last unit is picked; the slot takes the place of the packer. Each part of an
    order that is split is a row.

    Parameters
    ----------
    stations : int
    order, station, packer, units : ndarray of int, shape (packed orders,)
    ready_s, start_s, end_s : ndarray of float64, shape (packed orders,)
        Handed over in full; packing begins; packing ends, inf where it never does.
    due_s : ndarray of float64, shape (packed orders,)
        By when packing must end, to be in time for a truck too; inf where nobody says.
    rows_of : tuple of ndarray of int64
        Rows of each station.
    """

    stations: int
    order: NDArray[np.int32]
    station: NDArray[np.int32]
    packer: NDArray[np.int32]
    units: NDArray[np.int64]
    ready_s: NDArray[np.float64]
    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]
    due_s: NDArray[np.float64]
    rows_of: tuple[NDArray[np.int64], ...]

    @classmethod
    def of_packing(cls, plan: Plan) -> "StationWork":
        """Collect the packing table. O(picks + drops + packing)."""
        scenario = plan.scenario
        orders = len(scenario.orders)
        units = np.zeros(orders, np.int64)
        np.add.at(
            units,
            scenario.orders.line_order[plan.picks["line"]],
            plan.picks["quantity"],
        )
        ready_s = handed_over_s(plan)
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
            due_s=lateness_of(plan).due_s,
            rows_of=_rows_by(plan.packing["station"], len(scenario.stations)),
        )

    @classmethod
    def of_slots(cls, plan: Plan, work: PodWork) -> "StationWork":
        """Collect the orders that had a slot."""
        scenario, table = plan.scenario, work.open_orders
        orders = scenario.orders
        units = np.zeros((len(orders), len(scenario.stations)), np.int64)
        picked = orders.line_order[work.picks["line"]]
        station = work.stops["station"][work.picks["stop"]]
        np.add.at(units, (picked, station), work.picks["quantity"])
        return cls(
            stations=len(scenario.stations),
            order=table["order"],
            station=table["station"],
            packer=_slots(table),
            units=units[table["order"], table["station"]],
            ready_s=table["start_s"],
            start_s=table["start_s"],
            end_s=table["end_s"],
            due_s=orders.due_s[table["order"]],
            rows_of=_rows_by(table["station"], len(scenario.stations)),
        )

    def queued(self, now_s: float) -> NDArray[np.int64]:
        """Orders handed over and not begun at each station, shape (stations,)."""
        waiting = (self.ready_s <= now_s) & (now_s < self.start_s)
        return np.bincount(self.station[waiting], minlength=self.stations)

    def units_by(self, now_s: float) -> int:
        """Units of the orders that are done at a second."""
        return int(self.units[self.end_s <= now_s].sum())

    def done_at(self, station: int, now_s: float) -> int:
        """How many orders are done at a station."""
        return int(np.count_nonzero(self.end_s[self.rows_of[station]] <= now_s))

    def queue_at(self, station: int, now_s: float) -> NDArray[np.int64]:
        """Rows waiting at a station, the next to be packed first."""
        rows = self.rows_of[station]
        rows = rows[(self.ready_s[rows] <= now_s) & (now_s < self.start_s[rows])]
        return rows[np.argsort(self.start_s[rows], kind="stable")]

    def packing_at(self, station: int, now_s: float) -> NDArray[np.int64]:
        """Rows being packed at a station, in the order of its packers."""
        rows = self.rows_of[station]
        rows = rows[(self.start_s[rows] <= now_s) & (now_s < self.end_s[rows])]
        return rows[np.argsort(self.packer[rows], kind="stable")]


def _rows_by(
    station: NDArray[np.int32], stations: int
) -> tuple[NDArray[np.int64], ...]:
    """Rows of each station, ascending."""
    order = np.argsort(station, kind="stable")
    ends = np.cumsum(np.bincount(station, minlength=stations))
    return tuple(np.split(order, ends[:-1]))


def _slots(table: NDArray[np.void]) -> NDArray[np.int32]:
    """Number of the slot of each order: the lowest that is free when it opens."""
    slots = np.zeros(len(table), np.int32)
    free_s: dict[int, list[float]] = {}
    for row in np.argsort(table["start_s"], kind="stable").tolist():
        mine = free_s.setdefault(int(table["station"][row]), [])
        start_s, end_s = float(table["start_s"][row]), float(table["end_s"][row])
        slot = next((i for i, at in enumerate(mine) if at <= start_s), len(mine))
        mine[slot : slot + 1] = [end_s]
        slots[row] = slot
    return slots
