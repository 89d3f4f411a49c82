"""Undo needless splits: local search on the visits of lines served in parts.

The flow pays by unit, so it may take one line from two locations where one visit
would do. Two moves mend that, within one SKU and never changing how much a line gets:

merge
    a split line moves whole to one location with enough free units;
exchange
    a line gives up units at one location for as many at another, either free there
    or held by another line, which takes over the units given up.

Every accepted move makes the visits cheaper, or fewer at the same cost, so the
search ends.
"""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from solvers.allocation.problem import AllocationProblem


def merge_splits(
    problem: AllocationProblem, units: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return units over each pair, shape (P,), at no more cost and fewer visits."""
    visits = np.bincount(problem.pair_line[units > 0], minlength=len(problem.line_sku))
    split = visits > 1
    if not split.any():
        return units
    split_skus = np.unique(problem.line_sku[split])
    pairs = np.flatnonzero(np.isin(problem.line_sku[problem.pair_line], split_skus))
    pairs = pairs[np.argsort(problem.line_sku[problem.pair_line[pairs]], kind="stable")]
    sku = problem.line_sku[problem.pair_line[pairs]]
    merged = units.copy()
    for group in np.split(pairs, np.flatnonzero(np.diff(sku)) + 1):
        _SkuVisits(problem, group, merged).improve()
    return merged


class _SkuVisits:
    """Who takes how much where, for the lines and locations of one SKU."""

    def __init__(
        self,
        problem: AllocationProblem,
        pairs: NDArray[np.intp],
        units: NDArray[np.int64],
    ) -> None:
        line = problem.pair_line[pairs]
        by_line = np.argsort(line, kind="stable")
        lines, first = np.unique(line[by_line], return_index=True)
        last = np.append(first[1:], len(pairs))
        self.problem, self.units = problem, units
        self.pairs = pairs[by_line]
        self.span = dict(
            zip(lines.tolist(), zip(first, last, strict=True), strict=True)
        )
        self.known_cost: dict[int, dict[int, int]] = {}
        self.changed: set[int] = set()
        self.taken: dict[int, dict[int, int]] = defaultdict(dict)
        self.takers: dict[int, set[int]] = defaultdict(set)
        stocks = np.unique(problem.pair_stock[pairs])
        left = problem.stock_quantity[stocks]
        self.free = dict(zip(stocks.tolist(), left.tolist(), strict=True))
        served = pairs[units[pairs] > 0]
        rows = problem.pair_line[served], problem.pair_stock[served], units[served]
        for row in np.column_stack(rows).tolist():
            self._change(*row)

    def improve(self) -> None:
        """Apply improving moves until there is none, then write the units back."""
        split = [line for line, taken in self.taken.items() if len(taken) > 1]
        self.changed.clear()
        while split:
            changed = [line for line in split if self._merge(line)]
            changed += [line for line in split if self._exchange(line)]
            if not changed:
                break
            split = [line for line, taken in self.taken.items() if len(taken) > 1]
        for line in self.changed:
            mine, taken = self._pairs_of(line), self.taken[line]
            stocks = self.problem.pair_stock[mine].tolist()
            self.units[mine] = [taken.get(stock, 0) for stock in stocks]

    def _pairs_of(self, line: int) -> NDArray[np.intp]:
        first, last = self.span[line]
        return self.pairs[first:last]

    def _cost(self, line: int) -> dict[int, int]:
        """Cost of a visit to each location that may serve a line."""
        if line not in self.known_cost:
            mine, problem = self._pairs_of(line), self.problem
            stocks, cost = problem.pair_stock[mine], problem.pair_cost[mine]
            costs = zip(stocks.tolist(), cost.tolist(), strict=True)
            self.known_cost[line] = dict(costs)
        return self.known_cost[line]

    def _change(self, line: int, stock: int, amount: int) -> None:
        """Let a line take more units at a location, or fewer."""
        self.changed.add(line)
        taken = self.taken[line]
        taken[stock] = taken.get(stock, 0) + amount
        self.free[stock] -= amount
        self.takers[stock].add(line)
        if taken[stock] == 0:
            del taken[stock]
            self.takers[stock].remove(line)

    def _merge(self, line: int) -> bool:
        """Move a split line to the cheapest location that can serve all of it."""
        taken, cost = self.taken[line], self._cost(line)
        if len(taken) < 2:
            return False
        total = sum(taken.values())
        paid = sum(cost[stock] for stock in taken)
        for stock in sorted(cost, key=lambda stock: (cost[stock], stock)):
            if cost[stock] > paid:
                break
            if self.free[stock] + taken.get(stock, 0) >= total:
                for left, amount in list(taken.items()):
                    self._change(line, left, -amount)
                self._change(line, stock, total)
                return True
        return False

    def _exchange(self, line: int) -> bool:
        """Make the first improving exchange of a split line."""
        taken = self.taken[line]
        if len(taken) < 2:
            return False
        for give in sorted(taken):
            for get in sorted(self._cost(line)):
                if get == give:
                    continue
                if self._take_free(line, give, get):
                    return True
                for other in sorted(self.takers[get]):
                    if other != line and self._swap(line, give, get, other):
                        return True
        return False

    def _take_free(self, line: int, give: int, get: int) -> bool:
        """Give up a location for free units at another, where that is cheaper."""
        amount = self.taken[line][give]
        if self.free[get] < amount:
            return False
        cost = self._cost(line)
        if (0 if get in self.taken[line] else cost[get]) >= cost[give]:
            return False
        self._change(line, give, -amount)
        self._change(line, get, amount)
        return True

    def _swap(self, line: int, give: int, get: int, other: int) -> bool:
        """Trade units at ``give`` for those that another line has at ``get``."""
        mine, theirs = self.taken[line], self.taken[other]
        if give not in self._cost(other):
            return False
        amount = min(mine[give], theirs[get])
        saved = self._cost(line)[give] if mine[give] == amount else 0
        saved += self._cost(other)[get] if theirs[get] == amount else 0
        saved -= 0 if get in mine else self._cost(line)[get]
        saved -= 0 if give in theirs else self._cost(other)[give]
        if saved <= 0:
            return False
        for who, where, change in (
            (line, give, -amount),
            (other, get, -amount),
            (line, get, amount),
            (other, give, amount),
        ):
            self._change(who, where, change)
        return True
