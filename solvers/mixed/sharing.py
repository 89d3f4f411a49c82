"""Which units come from racks, and which from pods."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.mixed.work import PODS, RACKS, Work
from warehouse.layout import CellKind
from warehouse.plan import SHARE_DTYPE
from warehouse.scenario import Scenario

SIDES = (RACKS, PODS)
COLUMNS = ("racks", "pods")
Pace = tuple[float, float]
"""How much longer the work on racks, and on pods, takes than `Work` says."""
PACE: Pace = (1.4, 1.3)
"""What it was on generated sites, about: a run does not begin with full stations."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Shares:
    """What comes from where, and how long that will take.

    Parameters
    ----------
    table : structured ndarray of `SHARE_DTYPE`, shape (lines,)
    ends_s : ndarray of float64, shape (2,)
        When racks and pods will be done, about.
    """

    table: NDArray[np.void]
    ends_s: NDArray[np.float64]


def share_lines(
    scenario: Scenario, pace: Pace = PACE, stopped: Callable[[], bool] = _never
) -> Shares:
    """Say for each order line which units come from racks and which from pods.

    Orders are looked at as they are released, and nothing that comes later counts. Of
    those released together, first come the ones that one side alone can serve whole,
    then those that either can: the side gets them that will be done sooner; then the
    ones that need both. Last, lines go from the side that will be done later to the
    other, as long as the later end comes nearer. Pods hold what has arrived for them
    too; what only arrives later comes from pods where nothing else is left. What
    neither side holds, or will, is in no share.

    Parameters
    ----------
    scenario : Scenario
        With robots of both kinds.
    pace : pair of float
    stopped : callable
        Asked now and then; after it has said yes, no line goes to the other side.
    """
    sharing = Sharing(scenario, pace)
    release_s = scenario.orders.release_s
    for release in np.unique(release_s).tolist():
        sharing.receive(release)
        sharing.ends_s = np.maximum(sharing.ends_s, release)
        orders = np.flatnonzero(release_s == release).tolist()
        sharing.share(orders)
        sharing.even_out(orders, stopped)
    return Shares(sharing.table, sharing.ends_s.max(1))


class Sharing:
    """Stock and work of both sides, while orders are given to them.

    Parameters
    ----------
    scenario : Scenario
        With robots of both kinds.
    pace : pair of float

    Attributes
    ----------
    table : structured ndarray of `SHARE_DTYPE`, shape (lines,)
    ends_s : ndarray of float64, shape (2, 2)
        When the people and the robots of each side will be done.
    left : ndarray of int64, shape (2, SKUs)
        What is on racks and pods, or has arrived for these, and is in no share; below 0
        where pods are to bring what has not arrived yet.
    """

    def __init__(self, scenario: Scenario, pace: Pace) -> None:
        self.orders = scenario.orders
        self.pace = pace
        self.work = Work(scenario)
        self.left = _units_held(scenario)
        self._arrivals = _Arrivals(scenario)
        self.too_heavy = scenario.order_mass_kg() > scenario.fleet.max_mass_kg
        self.ends_s = np.zeros((2, 2))
        self.table = np.zeros(scenario.orders.lines, SHARE_DTYPE)
        self.table["line"] = np.arange(len(self.table))
        numbers = np.arange(len(scenario.orders) + 1)
        self._first = np.searchsorted(scenario.orders.line_order, numbers)

    def receive(self, now_s: float) -> None:
        """Let goods arrive for pods that are there by now."""
        self.left[PODS] += self._arrivals.until(now_s)

    def held(self) -> NDArray[np.int64]:
        """Units of each SKU that are in no share, those to come included."""
        return self.left.sum(0) + self._arrivals.left

    def share(self, orders: list[int]) -> None:
        """Share the lines of orders that are released together."""
        several = []
        for order in orders:
            able = self._able(order)
            if len(able) == 1:
                self._give_whole(able[0], order)
            else:
                several.append(order)
        rest = []
        for order in several:
            able = self._able(order)
            if able:
                self._give_whole(self._sooner_done(able, order), order)
            else:
                rest.append(order)
        for order in rest:
            self._divide(order)

    def lines(self, order: int) -> NDArray[np.int64]:
        """Numbers of the lines of an order."""
        return np.arange(self._first[order], self._first[order + 1])

    def _able(self, order: int) -> list[int]:
        """Sides that hold all that an order asks for, and may carry it."""
        lines = self.lines(order)
        wanted = self.orders.line_quantity[lines]
        held = self.left[:, self.orders.line_sku[lines]]
        able = [bool((wanted <= held[side]).all()) for side in SIDES]
        able[RACKS] &= not self.too_heavy[order]
        return [side for side in SIDES if able[side]]

    def part_s(self, side: int, order: int) -> NDArray[np.float64]:
        """Seconds of people and robots for a side's part of an order."""
        units = self.table[COLUMNS[side]][self.lines(order)]
        lines = int(np.count_nonzero(units))
        seconds = self.work.seconds(side, lines, int(units.sum()))
        return self.pace[side] * seconds

    def _give(
        self, side: int, order: int, lines: NDArray[np.int64], units: NDArray[np.int64]
    ) -> None:
        """Let a side bring some more units, or fewer, of some lines of an order."""
        before_s = self.part_s(side, order)
        self.left[side, self.orders.line_sku[lines]] -= units
        self.table[COLUMNS[side]][lines] += units.astype(np.int32)
        self.ends_s[side] += self.part_s(side, order) - before_s

    def _give_whole(self, side: int, order: int) -> None:
        lines = self.lines(order)
        units = self.orders.line_quantity[lines].astype(np.int64)
        self._give(side, order, lines, units)

    def _sooner_done(self, able: list[int], order: int) -> int:
        """Side that would be done sooner with a whole order."""
        lines = self.lines(order)
        units = int(self.orders.line_quantity[lines].sum())
        ends_s = {}
        for side in able:
            more_s = self.pace[side] * self.work.seconds(side, len(lines), units)
            ends_s[side] = float((self.ends_s[side] + more_s).max())
        return min(able, key=lambda side: (ends_s[side], -side))

    def _divide(self, order: int) -> None:
        """Let both sides bring an order that neither serves whole.

        A line is divided only where neither side has all of it. A line that both have
        goes where more of the others have to go, so that few are in two parts. What is
        still missing comes from pods, as far as it arrives later.
        """
        lines = self.lines(order)
        wanted = self.orders.line_quantity[lines].astype(np.int64)
        sku = self.orders.line_sku[lines]
        held = np.maximum(0, self.left[:, sku])
        whole = held >= wanted
        main = RACKS if whole[RACKS].sum() > whole[PODS].sum() else PODS
        if self.too_heavy[order]:
            main = PODS
        first = np.where(whole[main] | ~whole[1 - main], main, 1 - main)
        at = np.arange(len(lines))
        most = np.minimum(wanted, held[first, at])
        rest = np.minimum(wanted - most, held[1 - first, at])
        for side in SIDES:
            self._give(side, order, lines, np.where(first == side, most, rest))
        comes = self.left[PODS, sku] + self._arrivals.left[sku]
        missing = np.clip(wanted - most - rest, 0, np.maximum(0, comes))
        self._give(PODS, order, lines, missing)

    def even_out(self, orders: list[int], stopped: Callable[[], bool]) -> None:
        """Move lines to the side that is done sooner; those that help it most first."""
        late = int(self.ends_s.max(1).argmax())
        soon = 1 - late
        worth = []
        for order in orders:
            if stopped():
                return
            lines = self._movable(late, order)
            if len(lines):
                before_s = self.ends_s.copy()
                self._move(late, order, lines)
                saved_s, cost_s = np.abs(self.ends_s - before_s)[[late, soon]]
                self._move(soon, order, lines)
                binding = before_s.argmax(1)
                ratio = saved_s[binding[late]] / max(cost_s[binding[soon]], 1e-9)
                worth.append((-ratio, order))
        for _, order in sorted(worth):
            if stopped():
                return
            latest_s = self.ends_s.max()
            lines = self._movable(late, order)
            self._move(late, order, lines)
            if self.ends_s.max() >= latest_s:
                self._move(soon, order, lines)

    def _movable(self, side: int, order: int) -> NDArray[np.int64]:
        """Lines that one side brings alone, and that the other holds."""
        if side == PODS and self.too_heavy[order]:
            return np.zeros(0, np.int64)
        lines = self.lines(order)
        units = self.table[COLUMNS[side]][lines]
        alone = (units > 0) & (units == self.orders.line_quantity[lines])
        held = self.left[1 - side, self.orders.line_sku[lines]] >= units
        return lines[alone & held]

    def _move(self, side: int, order: int, lines: NDArray[np.int64]) -> None:
        """Let the other side bring what one brings of some lines."""
        units = self.table[COLUMNS[side]][lines].astype(np.int64)
        self._give(side, order, lines, -units)
        self._give(1 - side, order, lines, units)


class _Arrivals:
    """Goods that arrive for pods; ``left`` (SKUs,) is what has not arrived yet."""

    def __init__(self, scenario: Scenario) -> None:
        filling = scenario.replenishment
        self.left = np.zeros(len(scenario.sku_names), np.int64)
        self._sku = self._quantity = np.zeros(0, np.int32)
        self._release_s = np.zeros(0)
        if filling is not None:
            self.left = filling.units(len(self.left))
            by_time = np.argsort(filling.release_s, kind="stable")
            self._sku, self._quantity = filling.sku[by_time], filling.quantity[by_time]
            self._release_s = filling.release_s[by_time]
        self._there = 0

    def until(self, now_s: float) -> NDArray[np.int64]:
        """Take what has arrived by now; its units of each SKU."""
        there = int(np.searchsorted(self._release_s, now_s, side="right"))
        new = slice(self._there, there)
        units = np.zeros_like(self.left)
        np.add.at(units, self._sku[new], self._quantity[new])
        self.left -= units
        self._there = there
        return units


def _units_held(scenario: Scenario) -> NDArray[np.int64]:
    """Units of each SKU on racks and on pods, shape (2, SKUs)."""
    stock = scenario.stock
    on_racks = scenario.layout.kinds.ravel()[stock.cell] == CellKind.RACK
    held = np.zeros((2, len(scenario.sku_names)), np.int64)
    np.add.at(held, (np.where(on_racks, RACKS, PODS), stock.sku), stock.quantity)
    return held
