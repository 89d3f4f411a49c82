"""What rides with each truck of a plan, and what is late for it."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from viz.clock import clock
from viz.late import LateOrders
from warehouse.cutoffs import timely_trucks
from warehouse.plan import Plan
from warehouse.truck_metrics import TruckMetrics, measure_trucks
from warehouse.trucks import Trucks


class TruckLoads:
    """Trucks of one plan; what they take is collected when first asked for.

    Parameters
    ----------
    plan : Plan
    late : LateOrders
    """

    def __init__(self, plan: Plan, late: LateOrders) -> None:
        self._plan = plan
        self._late = late
        self.given = plan.scenario.trucks or Trucks.none()

    def __len__(self) -> int:
        """Return the number of departures."""
        return len(self.given)

    def name(self, truck: int) -> str:
        """Carrier and clock time of the departure, which tell trucks apart."""
        return f"{self.given.carrier[truck]} {clock(self.departs_s[truck])}"

    @property
    def departs_s(self) -> NDArray[np.float64]:
        """When each leaves, shape (trucks,)."""
        return self.given.departs_s

    def door_cells(self, truck: int) -> list[int]:
        """Cell of the door a truck leaves from; none where the plan lacks the door."""
        shipping = self._plan.scenario.shipping
        doors = () if shipping is None else shipping.doors
        return [door.cell for door in doors if door.name == self.given.door[truck]]

    @cached_property
    def by_departure(self) -> list[int]:
        """Trucks, the first to leave first."""
        return np.argsort(self.departs_s, kind="stable").tolist()

    @cached_property
    def departures_s(self) -> NDArray[np.float64]:
        """When they leave, ascending, shape (trucks,)."""
        return np.sort(self.departs_s)

    @cached_property
    def place_of(self) -> NDArray[np.int64]:
        """Place of each truck in ``by_departure``, shape (trucks,)."""
        return np.argsort(np.array(self.by_departure, np.int64))

    @cached_property
    def figures(self) -> list[TruckMetrics]:
        """Figures of each; none where the plan packs no cartons."""
        return measure_trucks(self._plan)

    @cached_property
    def _taken(self) -> tuple[dict[int, int], list[list[int]]]:
        """Truck of each order that rides, and orders of each in order of loading."""
        truck_of: dict[int, int] = {}
        orders_on: list[list[int]] = [[] for _ in range(len(self))]
        consignment = self._plan.consignment
        if consignment is not None:
            loads = consignment.loads
            order = consignment.cartons["order"][loads["carton"]].tolist()
            for one, truck in zip(order, loads["truck"].tolist(), strict=True):
                if one not in truck_of:
                    truck_of[one] = truck
                    orders_on[truck].append(one)
        return truck_of, orders_on

    def truck_of(self, order: int) -> int | None:
        """Truck that takes an order; None where none does."""
        return self._taken[0].get(order)

    def orders_on(self, truck: int) -> list[int]:
        """Orders that ride with a truck, the first to be loaded first."""
        return self._taken[1][truck]

    @cached_property
    def _timely(self) -> NDArray[np.bool_]:
        return timely_trucks(self._plan.scenario)

    def last_in_time(self, order: int) -> int | None:
        """Last truck of its carrier that is in time for an order, if there is any."""
        mine = np.flatnonzero(self._timely[order])
        return int(mine[self.departs_s[mine].argmax()]) if len(mine) else None

    @cached_property
    def _late_for(self) -> list[list[int]]:
        """Late orders of each truck."""
        late: list[list[int]] = [[] for _ in range(len(self))]
        for order in self._late.causes:
            truck = self.last_in_time(order)
            if truck is not None:
                late[truck].append(order)
        return late

    def late_for(self, truck: int) -> list[int]:
        """Late orders for which a truck was the last in time."""
        return self._late_for[truck]

    @cached_property
    def late_before(self) -> NDArray[np.int64]:
        """Late orders of those that leave before each in ``by_departure``, and of all.

        Shape (trucks + 1,).
        """
        late = [len(self._late_for[truck]) for truck in self.by_departure]
        return np.cumsum([0, *late])

    @property
    def last_s(self) -> float:
        """When the last truck leaves that takes an order; 0 where none does."""
        consignment = self._plan.consignment
        if consignment is None:
            return 0.0
        used = np.unique(consignment.loads["truck"])
        return float(self.departs_s[used].max(initial=0.0))
