"""Which orders can be served whole: a greedy choice with exact feasibility.

Serving as many whole orders as possible is a set packing problem, NP-hard. Orders
with a line that all stock could not serve go first. The others are tried by weight,
then by the share of the scarce demand they make, and one is accepted when all its
lines fit beside those accepted so far. Accepted lines may be moved between locations
to make room (augmenting paths), so an order is refused only if no distribution of
the units could serve it too. What it would have used stays free for the others.
"""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from solvers.allocation.problem import AllocationProblem


def refuse_orders(
    problem: AllocationProblem, shortage: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Choose the orders that are not served.

    Parameters
    ----------
    problem : AllocationProblem
    shortage : ndarray of int64, shape (L,)
        Units short when every line takes part; a SKU without any is not scarce.

    Returns
    -------
    refused, to_blame : ndarray of bool, shape (L,)
        Lines of refused orders, and those of them that stock could not serve.
    """
    reachable = np.bincount(
        problem.pair_line,
        problem.stock_quantity[problem.pair_stock],
        minlength=len(problem.line_sku),
    )
    to_blame = reachable < problem.line_quantity
    refused = np.isin(problem.line_order, problem.line_order[to_blame])
    scarce_skus = np.unique(problem.line_sku[shortage > 0])
    lines = np.flatnonzero(
        np.isin(problem.line_sku, scarce_skus) & (problem.line_quantity > 0) & ~refused
    )
    _, sku = np.unique(problem.line_sku[lines], return_inverse=True)
    demand = np.bincount(sku, problem.line_quantity[lines])
    lines_of: dict[int, list[int]] = defaultdict(list)
    weight: dict[int, float] = {}
    wanted_share: dict[int, float] = defaultdict(float)
    for line, share in zip(
        lines.tolist(), problem.line_quantity[lines] / demand[sku], strict=True
    ):
        order, line_weight = problem.line_order[line], problem.line_weight[line]
        lines_of[order].append(line)
        weight[order] = max(weight.get(order, line_weight), line_weight)
        wanted_share[order] += share

    room = _Room(problem, lines)
    for order in sorted(lines_of, key=lambda o: (-weight[o], wanted_share[o], o)):
        missed = [line for line in lines_of[order] if not room.place(line)]
        if missed:
            for line in lines_of[order]:
                room.remove(line)
            refused |= problem.line_order == order
            to_blame[missed] = True
    return refused, to_blame


def fewest_refused(problem: AllocationProblem, shortage: NDArray[np.int64]) -> int:
    """Return a number of orders that every choice has to refuse.

    For each scarce SKU: how many of the orders that want it fit into its stock when
    the smallest are served first. The worst SKU gives the bound.
    """
    worst = 0
    for sku in np.unique(problem.line_sku[shortage > 0]):
        mine = (problem.line_sku == sku) & (problem.line_quantity > 0)
        _, order = np.unique(problem.line_order[mine], return_inverse=True)
        wants = np.sort(np.bincount(order, problem.line_quantity[mine]))
        stock = problem.stock_quantity[problem.stock_sku == sku].sum()
        fits = int(np.searchsorted(np.cumsum(wants), stock, side="right"))
        worst = max(worst, len(wants) - fits)
    return worst


class _Room:
    """Units of accepted lines on the locations of the scarce SKUs."""

    def __init__(self, problem: AllocationProblem, lines: NDArray[np.intp]) -> None:
        self.quantity = problem.line_quantity
        self.reach: dict[int, list[int]] = {line: [] for line in lines.tolist()}
        for line, stock in sorted(
            zip(problem.pair_line.tolist(), problem.pair_stock.tolist(), strict=True)
        ):
            if line in self.reach:
                self.reach[line].append(stock)
        self.free = problem.stock_quantity.tolist()
        self.taken: dict[int, dict[int, int]] = defaultdict(dict)

    def place(self, line: int) -> bool:
        """Place all units of a line, moving others if needed; False if it cannot."""
        missing = int(self.quantity[line])
        while missing:
            path = self._path_to_free(line)
            if not path:
                return False
            missing -= self._push(line, path, missing)
        return True

    def remove(self, line: int) -> None:
        """Free all units that a line has been given."""
        for stock in self.reach[line]:
            self.free[stock] += self.taken[stock].pop(line, 0)

    def _path_to_free(self, line: int) -> list[tuple[int, int]]:
        """Shortest way to free units: (location, line that leaves it) in order.

        The last entry's location has free units and -1 for its line.
        """
        entered: dict[int, tuple[int, int]] = {}
        queue = []
        for stock in self.reach[line]:
            entered[stock] = (-1, -1)
            queue.append(stock)
        for stock in queue:
            if self.free[stock] > 0:
                path = [(stock, -1)]
                while entered[stock][0] >= 0:
                    stock, mover = entered[stock]
                    path.append((stock, mover))
                return path[::-1]
            for mover in self.taken[stock]:
                for onward in self.reach[mover]:
                    if onward not in entered:
                        entered[onward] = (stock, mover)
                        queue.append(onward)
        return []

    def _push(self, line: int, path: list[tuple[int, int]], wanted: int) -> int:
        """Give a line units along a path; return how many."""
        amount = min(wanted, self.free[path[-1][0]])
        for stock, mover in path[:-1]:
            amount = min(amount, self.taken[stock][mover])
        self.free[path[-1][0]] -= amount
        entering = line
        for stock, mover in path:
            taken = self.taken[stock]
            taken[entering] = taken.get(entering, 0) + amount
            if mover >= 0:
                taken[mover] -= amount
                if taken[mover] == 0:
                    del taken[mover]
            entering = mover
        return amount
