"""Cartons and trucks when orders are packed at other times than planned."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from warehouse.consignment import Consignment
from warehouse.plan import Plan
from warehouse.truck_loading import load_trucks, loading_order

Packer = tuple[int, int]
"""Station, and number at the station."""


class CartonChanges:
    """How much longer than planned orders take, as cartons are changed at other times.

    Who packs orders in another sequence than planned changes the kind of carton before
    other orders.

    Parameters
    ----------
    plan : Plan
    """

    def __init__(self, plan: Plan) -> None:
        self._kinds: dict[int, tuple[int, int]] = {}
        self._kind_at: dict[Packer, int] = {}
        self._planned: dict[int, bool] = {}
        self._setup_s = 0.0
        if plan.consignment is None or plan.scenario.shipping is None:
            return
        self._setup_s = plan.scenario.shipping.rules.setup_s
        for order, kind in plan.consignment.cartons.tolist():
            first, _ = self._kinds.get(order, (kind, kind))
            self._kinds[order] = first, kind
        packing = plan.packing
        for row in np.lexsort((packing["end_s"], packing["start_s"])).tolist():
            order, station, packer, *_ = packing[row].tolist()
            self._planned[order] = self._changes(order, (station, packer))
            self.packed(order, (station, packer))
        self._kind_at.clear()

    def more_s(self, order: int, packer: Packer) -> float:
        """Seconds that an order takes longer if this packer packs it next."""
        if order not in self._kinds:
            return 0.0
        changes = int(self._changes(order, packer)) - int(self._planned[order])
        return changes * self._setup_s

    def packed(self, order: int, packer: Packer) -> None:
        """Note that a packer has packed an order."""
        if order in self._kinds:
            self._kind_at[packer] = self._kinds[order][1]

    def _changes(self, order: int, packer: Packer) -> bool:
        """Whether the packer changes the kind of carton before an order."""
        first = self._kinds[order][0] if order in self._kinds else None
        return first is not None and self._kind_at.get(packer, first) != first


def sent_anew(plan: Plan, packing: NDArray[np.void]) -> Consignment | None:
    """The cartons of a plan on the trucks that they still reach.

    An order that misses its truck goes with another of its carrier that has room, if
    any, see `warehouse.truck_loading.load_trucks`.

    Parameters
    ----------
    plan : Plan
    packing : structured array of `warehouse.plan.PACKING_DTYPE`
        When its orders are packed now.
    """
    given, scenario = plan.consignment, plan.scenario
    if given is None or scenario.shipping is None or scenario.trucks is None:
        return given
    order_of, count = given.cartons["order"], len(scenario.orders)
    each_m3 = scenario.shipping.catalogue.volume_m3[given.cartons["carton"]]
    each_kg = np.maximum(0.0, np.nan_to_num(scenario.shipping.units.mass_kg))
    volume_m3 = np.bincount(order_of, each_m3, count)
    of_unit = order_of[given.units["carton"]]
    mass_kg = np.bincount(of_unit, each_kg[given.units["sku"]], count)
    loads, orders = given.loads, packing["order"]
    planned = zip(
        order_of[loads["carton"]].tolist(), loads["truck"].tolist(), strict=True
    )
    truck_of = load_trucks(
        scenario,
        orders,
        packing["station"],
        packing["end_s"],
        volume_m3[orders],
        mass_kg[orders],
        dict(planned),
    )
    ends = np.searchsorted(order_of, [orders, orders + 1]).T.tolist()
    rows = zip(orders.tolist(), ends, strict=True)
    cartons_of = {order: range(*pair) for order, pair in rows}
    packed_at = {
        order: (station, end_s) for order, station, _, _, end_s in packing.tolist()
    }
    anew = loading_order(scenario, truck_of, cartons_of, packed_at)
    return replace(given, loads=anew)
