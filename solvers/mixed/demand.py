"""Orders that become known while others are begun, where only so many may wait."""

import numpy as np
from numpy.typing import NDArray

from solvers.mixed.errand import Errand
from solvers.mixed.parts_together import Meetings
from solvers.mixed.sharing import COLUMNS, PACE, SIDES, Shares, Sharing
from solvers.mixed.work import PODS, RACKS
from solvers.pods.arrays import Site
from solvers.pods.setup import covered_units
from warehouse.scenario import Scenario


class Demand:
    """Orders that are known one after another, and shared out when they are.

    An order waits until its part from pods has a slot, and the robot that fetches its
    part from racks begins the first stop of its trip. The next one is known as soon as
    fewer wait than may. It is shared out by what waits on either side then, so that
    the side gets more that takes less time for it.

    Orders and lines of both sides have the numbers that they have on the whole site.

    Parameters
    ----------
    scenario : Scenario
        With robots of both kinds and a backlog.

    Attributes
    ----------
    shares : Shares
        Of orders that are known; nothing comes from anywhere for the others.
    meetings : Meetings
        Of orders that both sides bring.
    """

    def __init__(self, scenario: Scenario) -> None:
        assert scenario.pods is not None  # whoever calls has looked
        self._scenario = scenario
        self._backlog = scenario.pods.backlog
        self._sharing = Sharing(scenario, PACE)
        self.shares = Shares(self._sharing.table, np.zeros(2))
        self.meetings = Meetings(len(scenario.stations))
        self._arrival = np.argsort(scenario.orders.release_s, kind="stable")
        self._known = 0
        orders = len(scenario.orders)
        self._waits = np.zeros((2, orders), bool)
        self._part_s = np.zeros((2, orders, 2))
        self._fresh: list[int] = []
        self._sent: list[tuple[Errand, tuple[int, ...]]] = []
        self._closed = False

    @property
    def has_fresh(self) -> bool:
        """Whether orders with a part from racks are known that nobody has taken."""
        return bool(self._fresh)

    @property
    def unknown_share(self) -> float:
        """Share of all orders that are not known."""
        return 1.0 - self._known / len(self._arrival)

    def take_fresh(self) -> list[int]:
        """Take the orders with a part from racks that became known."""
        fresh, self._fresh = self._fresh, []
        return fresh

    def close(self) -> None:
        """Let no more orders become known."""
        self._closed = True

    def hide(self, site: Site) -> None:
        """Let no order be known to robots with pods."""
        site.lines.left = 0
        site.orders.units = site.orders.unpromised = 0
        site.orders.release_s = np.inf

    def reveal(self, site: Site, now_s: float) -> None:
        """Let orders become known, as far as so many may wait."""
        self._let_begin(site, now_s)
        orders = self._next(now_s)
        while orders:
            self._share(orders, now_s)
            for order in orders:
                self._show(site, order)
            orders = self._next(now_s)

    def fetched(self, errand: Errand, orders: tuple[int, ...]) -> None:
        """Take note of an errand on which parts of orders are fetched from racks."""
        self._sent.append((errand, orders))

    def leave_out(self, order: int) -> None:
        """Take note that nothing of an order can be fetched from racks."""
        self._waits[RACKS, order] = False

    def late_units(self) -> NDArray[np.int64]:
        """Units of each line of orders not known that there are, or will be."""
        given, held = self._scenario.orders, self._sharing.held()
        unknown = np.isin(given.line_order, self._arrival[self._known :])
        units = np.zeros(given.lines, np.int64)
        units[unknown] = covered_units(
            given.line_sku[unknown], given.line_quantity[unknown], held
        )
        return units

    def _let_begin(self, site: Site, now_s: float) -> None:
        """See which orders wait no more."""
        waiting = np.flatnonzero(self._waits[PODS])
        self._waits[PODS, waiting[site.orders.open_s[waiting] <= now_s]] = False
        for errand, orders in self._sent:
            if errand.start:
                self._waits[RACKS, list(orders)] = False
        self._sent = [sent for sent in self._sent if not sent[0].start]

    def _next(self, now_s: float) -> list[int]:
        """Orders that become known now."""
        if self._closed:
            return []
        room = self._backlog - int(np.count_nonzero(self._waits.any(0)))
        orders = self._arrival[self._known : self._known + max(0, room)]
        orders = orders[self._scenario.orders.release_s[orders] <= now_s]
        self._known += len(orders)
        return orders.tolist()

    def _share(self, orders: list[int], now_s: float) -> None:
        """Say which units of some orders come from where."""
        sharing = self._sharing
        sharing.receive(now_s)
        sharing.ends_s = now_s + (self._part_s * self._waits[:, :, None]).sum(1)
        sharing.share(orders)
        for order in orders:
            for side in SIDES:
                units = sharing.table[COLUMNS[side]][sharing.lines(order)]
                self._waits[side, order] = units.any()
                self._part_s[side, order] = sharing.part_s(side, order)

    def _show(self, site: Site, order: int) -> None:
        """Let an order be known to both sides, as far as they bring some of it."""
        lines = self._sharing.lines(order)
        units = self._sharing.table["pods"][lines]
        site.lines.left[lines] = units
        site.orders.units[order] = site.orders.unpromised[order] = units.sum()
        site.orders.release_s[order] = self._scenario.orders.release_s[order]
        if self._waits[RACKS, order]:
            self._fresh.append(order)
            if units.any():
                self.meetings.fix(site.orders, order, order)
