"""What has been put into pods, at any second of a plan."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viz.pod_picking import units_by_sku
from warehouse.plan import Plan


@dataclass(frozen=True, slots=True)
class PodFilling:
    """The refills of a plan, with where and into what.

    Parameters
    ----------
    stations : tuple of str
        Names of the replenishment stations; none where pods are not filled.
    stop, sku, quantity, pod, station : ndarray of int64, shape (refills,)
    start_s, end_s : ndarray of float64, shape (refills,)
        When the worker begins, and is free again.
    """

    stations: tuple[str, ...]
    stop: NDArray[np.int64]
    sku: NDArray[np.int64]
    quantity: NDArray[np.int64]
    pod: NDArray[np.int64]
    station: NDArray[np.int64]
    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]

    @classmethod
    def from_plan(cls, plan: Plan) -> "PodFilling":
        """Collect the refills; there are none where pods are not filled."""
        filling, work = plan.scenario.replenishment, plan.pod_work
        if filling is None or work is None:
            no, none = np.zeros(0, np.int64), np.zeros(0)
            return cls((), no, no, no, no, no, none, none)
        rows = work.refills
        stops = work.stops[rows["stop"]]
        return cls(
            stations=filling.names,
            stop=rows["stop"].astype(np.int64),
            sku=filling.sku[rows["arrival"]].astype(np.int64),
            quantity=rows["quantity"].astype(np.int64),
            pod=stops["pod"].astype(np.int64),
            station=stops["station"].astype(np.int64),
            start_s=rows["start_s"],
            end_s=rows["end_s"],
        )

    def put_into(self, pod: int, now_s: float) -> Counter[int]:
        """Units put into a pod up to a second, by SKU."""
        rows = (self.pod == pod) & (self.end_s <= now_s)
        return units_by_sku(self.sku[rows], self.quantity[rows])

    def put_in_at(self, stop: int) -> Counter[int]:
        """Units put in at a stop, by SKU."""
        rows = self.stop == stop
        return units_by_sku(self.sku[rows], self.quantity[rows])
