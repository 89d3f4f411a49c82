"""Reserve stock for orders that were released: lines to stock locations."""

from copy import copy
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.allocation.problem import Allocation, AllocationProblem
from solvers.allocation.solve import solve
from solvers.fulfilment.params import FulfilmentParams
from solvers.fulfilment.ride_limits import too_heavy
from solvers.fulfilment.site import Site
from solvers.fulfilment.visit_costs import Visits, visit_costs
from solvers.result import Stop


@dataclass(frozen=True, slots=True)
class Reserved:
    """Stock set aside for order lines.

    Parameters
    ----------
    line, stock, quantity : ndarray of int32, shape (n,)
        Units of a line to be taken from a row of ``Scenario.stock``.
    short : dict of int to int
        Units that no stock covers, by line.
    held : dict of int to int
        Units held back because the order is short elsewhere, by line.
    too_heavy : dict of int to int
        Units of orders that are heavier than a robot may carry, by line.
    no_carton : dict of int to int
        Units that go into no carton, by line.
    no_packer : dict of int to int
        Units of orders that nobody can pack, by line.
    """

    line: NDArray[np.int32]
    stock: NDArray[np.int32]
    quantity: NDArray[np.int32]
    short: dict[int, int]
    held: dict[int, int]
    too_heavy: dict[int, int]
    no_carton: dict[int, int]
    no_packer: dict[int, int]


_NONE: Final = np.zeros(0, np.int32)
_NO_LIMIT: Final = Stop()


class StockLedger:
    """What is left on the racks, and where the lines of new orders are served."""

    def __init__(self, site: Site, params: FulfilmentParams) -> None:
        stock = site.scenario.stock
        self.site = site
        self.params = params
        self.too_heavy = too_heavy(site.scenario)
        self.left = stock.quantity.copy()
        self.stands = site.usual_stand(stock.cell)
        self.explained = np.zeros(len(site.scenario.sku_names), np.int64)
        rows = np.flatnonzero((stock.quantity > 0) & (self.stands >= 0))
        self._rows = rows[np.argsort(stock.sku[rows], kind="stable")]
        skus = np.arange(len(site.scenario.sku_names) + 1)
        self._first_row = np.searchsorted(stock.sku[self._rows], skus)

    def fork(self) -> "StockLedger":
        """A copy that goes its own way from here."""
        fork = copy(self)
        fork.left = self.left.copy()
        fork.explained = self.explained.copy()
        return fork

    def take_over(self, other: "StockLedger") -> None:
        """Go on as another ledger of the same site would."""
        self.left = other.left.copy()
        self.explained = other.explained.copy()

    def locations(
        self, skus: NDArray[np.int32]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Every row of stock that held some of each SKU at first, and can be reached.

        Parameters
        ----------
        skus : ndarray of int32, shape (n,)
            Any, also several times.

        Returns
        -------
        position, row : ndarray of int, shape (pairs,)
            Position in ``skus``, ascending, and rows of ``Scenario.stock``, ascending
            for each.
        """
        count = self._first_row[skus + 1] - self._first_row[skus]
        position = np.repeat(np.arange(len(skus)), count)
        before = np.cumsum(count) - count
        within = np.arange(len(position)) - before[position]
        return position, self._rows[self._first_row[skus][position] + within]

    def reserve(self, orders: NDArray[np.int32], stop: Stop = _NO_LIMIT) -> Reserved:
        """Set stock aside for all lines of some orders that a robot can carry.

        Parameters
        ----------
        orders : ndarray of int32
        stop : Stop
            Whoever stops before the end gets nothing set aside; lines that cannot be
            served in any case are told all the same.
        """
        given = self.site.scenario.orders
        lines = np.flatnonzero(np.isin(given.line_order, orders))
        refused = self.too_heavy[given.line_order[lines]]
        lines, heavy = lines[~refused], lines[refused]
        lines, no_packer = self._for_packers(lines)
        lines, no_carton, waiting = self._in_cartons(lines)
        line_of_pair, stock_of_pair = self.locations(given.line_sku[lines])
        free = self.left[stock_of_pair] > 0
        line_of_pair, stock_of_pair = line_of_pair[free], stock_of_pair[free]
        problem = AllocationProblem(
            line_quantity=given.line_quantity[lines].astype(np.int64),
            line_sku=given.line_sku[lines].astype(np.int64),
            line_order=given.line_order[lines].astype(np.int64),
            line_weight=1.0 + np.maximum(given.priority[given.line_order[lines]], 0),
            stock_sku=self.site.scenario.stock.sku.astype(np.int64),
            stock_quantity=self.left.astype(np.int64),
            pair_line=line_of_pair,
            pair_stock=stock_of_pair,
            pair_cost=self._visit_cost(lines, line_of_pair, stock_of_pair),
        )
        allocation = solve(problem, stop, partial=self.params.partial).solution
        nothing = Reserved(
            line=_NONE,
            stock=_NONE,
            quantity=_NONE,
            short={},
            held=self._units_of(waiting),
            too_heavy=self._units_of(heavy),
            no_carton=self._units_of(no_carton),
            no_packer=self._units_of(no_packer),
        )
        if allocation is None:
            return nothing
        np.subtract.at(self.left, allocation.stock, allocation.quantity)
        short, held = self._explain(lines, allocation)
        return replace(
            nothing,
            line=lines[allocation.line].astype(np.int32),
            stock=allocation.stock,
            quantity=allocation.quantity,
            short=short,
            held=held | nothing.held,
        )

    def _units_of(self, lines: NDArray[np.intp]) -> dict[int, int]:
        units = self.site.scenario.orders.line_quantity[lines]
        return dict(zip(lines.tolist(), units.tolist(), strict=True))

    def _for_packers(
        self, lines: NDArray[np.intp]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Split off lines of orders that nobody can pack."""
        if self.site.people is None:
            return lines, lines[:0]
        packable = np.asarray(self.site.people.may_pack.any(axis=1))
        can = packable[self.site.scenario.orders.line_order[lines]]
        return lines[can], lines[~can]

    def _in_cartons(
        self, lines: NDArray[np.intp]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
        """Split off lines that go into no carton, and those that are held for them."""
        none = lines[:0]
        if self.site.cartons is None:
            return lines, none, none
        out = self.site.cartons.no_carton[lines]
        waits = np.zeros(len(lines), bool)
        if self.params.partial == "hold":
            order = self.site.scenario.orders.line_order[lines]
            waits = np.isin(order, order[out]) & ~out
        return lines[~out & ~waits], lines[out], lines[waits]

    def _visit_cost(
        self,
        lines: NDArray[np.intp],
        line: NDArray[np.intp],
        stock: NDArray[np.intp],
    ) -> NDArray[np.int64]:
        """Steps that a visit to a location adds to the tour of its order, about.

        Lines with one location come first and fix where the order has to go; the
        others are then drawn to the location nearest to those, one after another. With
        plain decisions the nearest to a dock is best, whatever else the order needs.
        """
        stand = self.stands[stock]
        round_trip = (self.site.from_dock + self.site.to_dock)[stand]
        if self.params.decisions == "plain":
            return round_trip.astype(np.int64)
        order = self.site.scenario.orders.line_order[lines]
        line_start = np.searchsorted(line, np.arange(len(lines) + 1))
        visits = Visits(
            order_start=np.append(
                np.flatnonzero(np.diff(order, prepend=-1)), len(lines)
            ),
            line_start=line_start,
            turn=np.lexsort((np.diff(line_start), order)),
            row=self.site.table.rows(stand),
            stand=stand,
            round_trip=round_trip,
        )
        cost = np.zeros(len(line), np.int64)
        visit_costs(self.site.table.data, visits, cost)
        return cost

    def _explain(
        self, lines: NDArray[np.intp], allocation: Allocation
    ) -> tuple[dict[int, int], dict[int, int]]:
        """Split what is not served into units short of stock and units held back.

        A line that made its order wait is short of what its SKU lacks in all; the
        rest of it is held back like the other lines of its order.
        """
        missing = {
            int(lines[k]): int(allocation.shortage[k])
            for k in np.flatnonzero(allocation.shortage)
        }
        if self.params.partial == "ship":
            return missing, {}
        given, stock = self.site.scenario.orders, self.site.scenario.stock
        held_back = {int(lines[k]) for k in np.flatnonzero(allocation.held)}
        blamed = [line for line in missing if line not in held_back]
        skus = len(self.site.scenario.sku_names)
        ordered = np.bincount(given.line_sku, given.line_quantity, minlength=skus)
        present = np.bincount(stock.sku, stock.quantity, minlength=skus)
        lacking = (ordered - present).astype(np.int64) - self.explained
        waiting = np.bincount(given.line_sku[blamed], minlength=skus)
        short: dict[int, int] = {}
        for line in blamed:
            sku = int(given.line_sku[line])
            waiting[sku] -= 1
            units = int(min(missing[line], lacking[sku] - waiting[sku]))
            lacking[sku] -= units
            self.explained[sku] += units
            short[line] = units
        held = {line: n - short.get(line, 0) for line, n in missing.items()}
        return short, {line: n for line, n in held.items() if n > 0}
