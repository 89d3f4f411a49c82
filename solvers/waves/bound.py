"""Waves: limits on the units that k aisles can serve, by Lagrangian relaxation.

An order is served only as far as the aisles chosen hold each of its lines, and an item
is used only as far as they hold it. Both are priced: then every order and every aisle
is worth something of its own, and the worth of all good orders and of the best k aisles
is a limit for every k at once, whatever the prices. Subgradient steps (Held, Wolfe and
Crowder 1974, doi:10.1007/BF01580223) make the prices good.
"""

from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from solvers.waves.bound_kernel import (
    PricedLines,
    add_worth,
    find_imbalance,
    serve_orders,
    shift_prices,
)
from solvers.waves.problem import WaveProblem

PATIENCE: Final = 20
"""Steps without a better limit before steps become shorter."""
MOST_SIZES: Final = 500
"""With more sizes of waves open, no aisles are looked for that cannot be in one."""
_ROUNDING: Final = 1e-6


class AisleBound:
    """Prices under way, and the limits that they proved.

    Parameters
    ----------
    problem : WaveProblem
        Reduced.

    Attributes
    ----------
    most : ndarray of float64, shape (aisles + 1,)
        Limit on the units of a wave in k aisles.
    steps : int
    """

    def __init__(self, problem: WaveProblem) -> None:
        self.problem = problem
        self.steps = 0
        self._lines = priced_lines(problem)
        self._served = np.zeros(problem.orders, np.uint8)
        self._line_lack = np.zeros(len(problem.order_item))
        self._item_lack = np.zeros(problem.items)
        whole = float(min(problem.order_units.sum(), problem.most_units))
        self.most = np.full(problem.aisles + 1, whole)
        self.most[0] = 0.0
        self._excluded: dict[int, NDArray[np.bool_]] = {}
        self._length, self._waited = 1.0, 0

    def limit(self) -> float:
        """Units per aisle that no wave exceeds; -inf: no wave has enough units."""
        return float(self._ratios().max(initial=-np.inf))

    def _ratios(self) -> NDArray[np.float64]:
        """Limit on units per aisle with k aisles; -inf where units are too few."""
        units = _whole(self.most)
        aisles = np.maximum(np.arange(len(units)), 1)
        return np.where(units >= self.problem.least_units, units / aisles, -np.inf)

    def sizes(self, better_than: Fraction) -> NDArray[np.int64]:
        """How many aisles a wave can have that has more units per aisle."""
        units, aisles = _whole(self.most), np.arange(len(self.most))
        better = units * better_than.denominator > aisles * better_than.numerator
        return np.flatnonzero(better & (units >= self.problem.least_units))

    def useful_aisles(self, better_than: Fraction) -> NDArray[np.int64]:
        """Aisles that a wave with more units per aisle can have."""
        useful = np.zeros(self.problem.aisles, bool)
        for k in self.sizes(better_than).tolist():
            useful |= ~self._excluded.get(k, np.zeros_like(useful))
        return np.flatnonzero(useful)

    def step(self, better_than: Fraction) -> None:
        """Lower limits by one step, towards the units per aisle of the best wave.

        Parameters
        ----------
        better_than : Fraction
            What is asked is whether a wave with more units per aisle exists.
        """
        self.steps += 1
        good = serve_orders(self._lines, self._served)
        worth = np.zeros(self.problem.aisles)
        add_worth(self._lines, worth)
        ranked = np.argsort(-worth, kind="stable")
        best = np.concatenate([[0.0], np.cumsum(worth[ranked])])
        size = int(self._ratios().argmax())
        before = self.most[size]
        np.minimum(self.most, good + best, out=self.most)
        self._exclude(good, worth, worth[ranked], best, better_than)
        self._pace(self.most[size] < before * (1 - 1e-4))
        target = min(float(better_than) * size, before)
        excess = good + best[size] - target
        if excess > 0:
            self._shift(ranked[:size], excess)

    def _pace(self, better: bool) -> None:
        self._waited = 0 if better else self._waited + 1
        if self._waited >= PATIENCE:
            self._length, self._waited = self._length * 0.7, 0

    def _exclude(
        self,
        good: float,
        worth: NDArray[Any],
        falling: NDArray[Any],
        best: NDArray[np.float64],
        better_than: Fraction,
    ) -> None:
        """Note which aisles a better wave of each size cannot have."""
        sizes = self.sizes(better_than)
        if len(sizes) > MOST_SIZES:
            return
        for k in sizes.tolist():
            forced = good + best[k - 1] + np.minimum(worth, falling[k - 1])
            units = _whole(forced)
            small = units < self.problem.least_units
            small |= units * better_than.denominator <= k * better_than.numerator
            self._excluded[k] = self._excluded.get(k, small) | small

    def _shift(self, opened: NDArray[np.int64], excess: float) -> None:
        """Move prices: up where orders ask for more than the open aisles hold."""
        is_open = np.zeros(self.problem.aisles, np.uint8)
        is_open[opened] = 1
        lacks = self._line_lack, self._item_lack
        total = find_imbalance(self._lines, self._served, is_open, *lacks)
        if total > 0:
            shift_prices(self._lines, *lacks, self._length * excess / total)


def _whole(units: NDArray[np.float64]) -> NDArray[np.int64]:
    """Whole units below a limit, which may be a little too low from rounding."""
    return np.floor(units * (1 + 1e-12) + _ROUNDING).astype(np.int64)


def priced_lines(problem: WaveProblem) -> PricedLines:
    """Lines with prices such that an order pays for its lines all that it is worth."""
    quantity = problem.order_quantity.astype(np.float64)
    demand = np.bincount(problem.order_item, quantity, minlength=problem.items)
    aisle = np.repeat(np.arange(problem.aisles), np.diff(problem.aisle_start))
    by_item = np.argsort(problem.order_item, kind="stable")
    item_start = np.searchsorted(
        problem.order_item[by_item], np.arange(problem.items + 1)
    )
    stock = np.minimum(problem.aisle_quantity, demand[problem.aisle_item])
    return PricedLines(
        order_start=problem.order_start,
        order_item=problem.order_item,
        order_quantity=quantity,
        units=problem.order_units.astype(np.float64),
        item_start=item_start,
        item_line=by_item,
        stock_aisle=aisle.astype(np.int32),
        stock_item=problem.aisle_item,
        stock=stock.astype(np.float64),
        line_price=quantity.copy(),
        item_price=np.zeros(problem.items),
    )
