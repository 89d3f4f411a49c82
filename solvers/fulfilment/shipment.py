"""Cartons, packing times and trucks of the orders that came to the packers."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from solvers.fulfilment.order_cartons import OrderCartons
from solvers.fulfilment.truck_schedule import truck_roster
from solvers.scheduling.problem import PackingProblem, PackingSchedule
from solvers.scheduling.roster.problem import RosterProblem
from warehouse.consignment import (
    LOAD_DTYPE,
    PACKED_CARTON_DTYPE,
    PACKED_UNIT_DTYPE,
    Consignment,
)
from warehouse.cutoffs import timely_trucks
from warehouse.scenario import Scenario
from warehouse.truck_loading import load_trucks, loading_order


class Shipment:
    """How orders that came to the packers are packed and sent away.

    Parameters
    ----------
    scenario : Scenario
        With shipping.
    cartons : OrderCartons
    units : mapping of int to mapping of int to int
        Units by SKU of each of these orders.
    orders, station : ndarray of int32, shape (n,)
        What came where.

    Attributes
    ----------
    packed : list of PackedOrder
        Cartons of each of these orders.
    truck_of : dict of int to int
        Truck of each order that goes with one, once `send` was called.
    """

    def __init__(
        self,
        scenario: Scenario,
        cartons: OrderCartons,
        units: Mapping[int, Mapping[int, int]],
        orders: NDArray[np.int32],
        station: NDArray[np.int32],
    ) -> None:
        assert scenario.shipping is not None  # there are cartons
        self.scenario, self.orders, self.station = scenario, orders, station
        self._shipping = scenario.shipping
        self._units = [sum(units[order].values()) for order in orders.tolist()]
        self.packed = [cartons.packed(order, units[order]) for order in orders.tolist()]
        self.truck_of: dict[int, int] = {}

    def without_spare_changes(
        self, schedule: PackingSchedule, ready_s: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Begin each order as soon as its packer can, who changes cartons only if need.

        Parameters
        ----------
        schedule : PackingSchedule
            Who packs what in which order, as if cartons were changed before each.
        ready_s : ndarray of float64, shape (n,)

        Returns
        -------
        start_s, end_s : ndarray of float64, shape (n,)
        """
        start_s, end_s = schedule.start_s.copy(), schedule.end_s.copy()
        packers: dict[tuple[int, int], tuple[float, int]] = {}
        for k in np.argsort(schedule.start_s, kind="stable").tolist():
            packer = int(self.station[k]), int(schedule.packer[k])
            kinds = self.packed[k].kinds
            free_s, kind = packers.get(packer, (0.0, kinds[0]))
            changes = self.packed[k].changes + (kind != kinds[0])
            start_s[k] = max(free_s, ready_s[k])
            end_s[k] = start_s[k] + self.scenario.pack_s(
                self._units[k], len(kinds), changes
            )
            packers[packer] = float(end_s[k]), kinds[-1]
        return start_s, end_s

    def roster(self, problem: PackingProblem) -> RosterProblem:
        """The packing of these orders, with changes of cartons, as a roster.

        Parameters
        ----------
        problem : PackingProblem
            With a change of cartons in the work of every order.
        """
        setup_s = self._shipping.rules.setup_s
        first = np.array([packed.kinds[0] for packed in self.packed], np.int32)
        return truck_roster(
            replace(problem, work_s=np.maximum(0.0, problem.work_s - setup_s)),
            first,
            self.setup_s,
        )

    @property
    def setup_s(self) -> NDArray[np.float64]:
        """Seconds to change to each kind of carton, shape (kinds,)."""
        return np.full(len(self._shipping.catalogue), self._shipping.rules.setup_s)

    def send(self, end_s: NDArray[np.float64]) -> None:
        """Choose the trucks, now that it is known when each order is packed."""
        if self._shipping.trucks is not None:
            self.truck_of = load_trucks(
                self.scenario,
                self.orders,
                self.station,
                end_s,
                np.array([one.volume_m3 for one in self.packed]),
                np.array([one.mass_kg for one in self.packed]),
            )

    def misses_truck(self) -> NDArray[np.bool_]:
        """Whether an order has a carrier and goes with no truck in time, shape (n,)."""
        timely, missed = timely_trucks(self.scenario), self.scenario.orders.has_carrier
        for order, truck in self.truck_of.items():
            if timely[order, truck]:
                missed[order] = False
        return missed[self.orders]

    def consignment(self, end_s: NDArray[np.float64]) -> Consignment:
        """Tables of the plan.

        Parameters
        ----------
        end_s : ndarray of float64, shape (n,)
            When each order is packed.
        """
        cartons: list[tuple[int, int]] = []
        units: list[tuple[int, ...]] = []
        cartons_of: dict[int, range] = {}
        for k in np.argsort(self.orders, kind="stable").tolist():
            order, first = int(self.orders[k]), len(cartons)
            packed = self.packed[k]
            for kind, inside in zip(packed.kinds, packed.inside, strict=True):
                units += [(len(cartons), *row) for row in inside]
                cartons.append((order, kind))
            cartons_of[order] = range(first, len(cartons))
        at = zip(self.station.tolist(), end_s.tolist(), strict=True)
        packed_at = dict(zip(self.orders.tolist(), at, strict=True))
        loads = np.zeros(0, LOAD_DTYPE)
        if self.truck_of:
            loads = loading_order(self.scenario, self.truck_of, cartons_of, packed_at)
        return Consignment(
            np.array(cartons, PACKED_CARTON_DTYPE),
            np.array(units, PACKED_UNIT_DTYPE),
            loads,
        )
