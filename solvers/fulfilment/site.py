"""The floor as the decisions see it: docks, stand cells and distances."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solvers.fulfilment.departures import plan_departures
from solvers.fulfilment.order_cartons import OrderCartons
from solvers.fulfilment.people import People
from warehouse.cutoffs import packing_due_s
from warehouse.distances import UNREACHABLE, DistanceTable
from warehouse.grid import Grid
from warehouse.layout import COL_STEP, ROW_STEP
from warehouse.scenario import Scenario


class Site:
    """A scenario with its grid graph and distances.

    Parameters
    ----------
    scenario : Scenario
    cartons : OrderCartons, optional
        Where orders are packed in cartons.

    Attributes
    ----------
    promised_s : ndarray of float64, shape (orders, stations)
        By when each order must be packed at each station to be in time.
    docks : ndarray of int32, shape (stations,)
        Dock cell of each station.
    from_dock, to_dock : ndarray of int32, shape (cells,)
        Steps from the nearest dock to a cell, and from a cell to the nearest dock.
    """

    def __init__(self, scenario: Scenario, cartons: OrderCartons | None = None) -> None:
        self.scenario, self.cartons = scenario, cartons
        self.promised_s = packing_due_s(scenario)
        self.grid = Grid.from_layout(scenario.layout)
        self.table = DistanceTable(self.grid)
        self.docks = np.array([s.cell for s in scenario.stations], np.int32)
        self.from_dock = self.table.from_any(self.docks)
        rows = self.table.rows(self.docks)
        self.to_dock = self.table.data[rows].min(0).astype(np.int32)

    @property
    def is_wave(self) -> bool:
        """Whether every order is known at the start."""
        return not self.scenario.orders.release_s.any()

    @cached_property
    def people(self) -> People | None:
        """Packers with shifts and skills, where there are any."""
        staff = self.scenario.staff
        return None if staff is None else People(self.scenario, staff, self._work_s())

    @cached_property
    def due_s(self) -> NDArray[np.float64]:
        """By when each order is to be packed at each station, shape (orders, stations).

        Trucks are then not too full for all that is promised.
        """
        if self.cartons is None or self.scenario.trucks is None or not self.is_wave:
            return self.promised_s
        aim = plan_departures(self.scenario, self.cartons.as_ordered())
        return packing_due_s(self.scenario, aim)

    @cached_property
    def latest_due_s(self) -> NDArray[np.float64]:
        """By when each order is to be packed at the best station, shape (orders,)."""
        return self.due_s.max(axis=1, initial=-np.inf)

    def pack_s(self, order: int, units: Mapping[int, int]) -> float:
        """Seconds that a packer needs for some units of an order.

        Parameters
        ----------
        order : int
        units : mapping of int to int
            Units by SKU.
        """
        if self.cartons is None:
            return self.scenario.pack_s(sum(units.values()))
        return self.cartons.work_s(order, units)

    def _work_s(self) -> NDArray[np.float64]:
        """Seconds of packing of each order, as it was ordered, in its cartons."""
        scenario, units = self.scenario, np.zeros(len(self.scenario.orders), int)
        orders = scenario.orders
        np.add.at(units, orders.line_order, orders.line_quantity)
        cartons = [(0, 0)] * len(units)
        if self.cartons is not None:
            packed = self.cartons.as_ordered()
            cartons = [(len(one.kinds), one.changes) for one in packed]
        rows = zip(units.tolist(), cartons, strict=True)
        return np.array([scenario.pack_s(n, *boxes) for n, boxes in rows])

    def steps_between(self, cells: NDArray[np.int32]) -> NDArray[np.int32]:
        """Steps between cells, with the nearest dock as row and column 0.

        Parameters
        ----------
        cells : ndarray of int32, shape (n,)

        Returns
        -------
        ndarray of int32, shape (n + 1, n + 1)
        """
        steps = np.zeros((len(cells) + 1, len(cells) + 1), np.int32)
        steps[1:, 1:] = self.table.between(cells, cells)
        steps[0, 1:] = self.from_dock[cells]
        steps[1:, 0] = self.to_dock[cells]
        return steps

    def stand_cells(self, racks: ArrayLike) -> NDArray[np.int32]:
        """Floor cells from which each rack cell is reached, shape (racks, 4), -1.

        Cells that no robot can come to and leave again are left out.
        """
        cells = np.asarray(racks, np.int32)
        row, col = np.divmod(cells, self.grid.width)
        stands = np.full((len(cells), 4), -1, np.int32)
        for d in range(4):
            r, c = row + ROW_STEP[d], col + COL_STEP[d]
            inside = (
                (r >= 0) & (r < self.grid.height) & (c >= 0) & (c < self.grid.width)
            )
            near = np.where(inside, r * self.grid.width + c, 0).astype(np.int32)
            good = (
                inside
                & (self.from_dock[near] < UNREACHABLE)
                & (self.to_dock[near] < UNREACHABLE)
            )
            stands[:, d] = np.where(good, near, -1)
        return stands

    def usual_stand(self, racks: ArrayLike) -> NDArray[np.int32]:
        """Return the stand cell of each rack cell nearest to the docks."""
        stands = self.stand_cells(racks)
        round_trip = self.from_dock[stands] + self.to_dock[stands]
        best = np.where(stands >= 0, round_trip, 4 * UNREACHABLE).argmin(1)
        chosen: NDArray[np.int32] = stands[np.arange(len(stands)), best]
        return chosen
