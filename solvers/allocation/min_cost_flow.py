"""Which units come from where: one minimum-cost flow over all SKUs.

Paying for a visit however many units are taken is a fixed-charge transportation
problem. Its linear relaxation charges ``pair_cost / min(units wanted, units there)``
for each unit, which is a minimum-cost flow: its value is a lower bound on the cost
of all visits, and it is met whenever no line is split.

Source: Balinski, M. L. (1961), Fixed-cost transportation problems, Naval Research
Logistics Quarterly 8, https://doi.org/10.1002/nav.3800080104.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.allocation.problem import AllocationProblem
from warehouse.errors import SolverError

# A unit's cost is a whole number of these parts. 27720 and 2520 divide by 1 to 12
# and by 1 to 10, so that common quantities lose nothing to rounding.
_PARTS: Final = (27720, 2520, 12, 1)
WHOLE: Final = 40_000
"""Up to so many pairs all SKUs are one flow ..."""
PART: Final = 4_000
"""... and of more, as many SKUs together as have about so many pairs.

The solver's time grows faster than the pairs. Which of several cheapest flows it
finds depends on what else is in it.
"""
# The solver multiplies costs by the number of nodes and needs some head room.
_LARGEST_COST: Final = 2**60


@dataclass(frozen=True, slots=True)
class UnitFlow:
    """Units over each pair (P,), units short of each line (L,), bound on visits."""

    units: NDArray[np.int64]
    shortage: NDArray[np.int64]
    lower_bound: int


class _SkuNumbers(NamedTuple):
    """SKU of each line and of each location, numbered from 0 without gaps."""

    line: NDArray[np.intp]
    stock: NDArray[np.intp]
    skus: int


class _Part(NamedTuple):
    """Lines and locations of some SKUs, ascending, and the pairs of them."""

    lines: NDArray[np.intp]
    stocks: NDArray[np.intp]
    pairs: NDArray[np.intp]


def flow_units(
    problem: AllocationProblem,
    wanted: NDArray[np.int64],
    ended: Callable[[], bool],
) -> UnitFlow | None:
    """Serve as much as the stock allows, heavier lines first, then cheapest.

    Parameters
    ----------
    problem : AllocationProblem
    wanted : ndarray of int64, shape (L,)
        Units to serve of each line; at most its quantity.
    ended : callable
        Asked before each part; where it is true, None is returned.

    Raises
    ------
    SolverError
        E302 if costs and sizes together leave the range of 64-bit integers.
    """
    room = np.minimum(
        wanted[problem.pair_line], problem.stock_quantity[problem.pair_stock]
    )
    pairs = np.flatnonzero(room > 0)
    # Location first: the solver's choice among equals then leans to few locations.
    pairs = pairs[np.lexsort((problem.pair_line[pairs], problem.pair_stock[pairs]))]
    numbers = _sku_numbers(problem)
    parts, unit_cost, penalty = _costs(problem, numbers, pairs, room[pairs])
    cost = np.zeros(len(problem.pair_line), np.int64)
    cost[pairs] = unit_cost
    units, shortage = np.zeros_like(cost), np.zeros_like(penalty)
    for part in _parts(problem, numbers, pairs):
        if ended():
            return None
        found, short = _flow(
            problem, part, wanted, room[part.pairs], cost[part.pairs], penalty
        )
        units[part.pairs], shortage[part.lines] = found, short
    paid = int(np.dot(units, cost))
    return UnitFlow(units, shortage, -(-paid // parts))


def _parts(
    problem: AllocationProblem, numbers: _SkuNumbers, pairs: NDArray[np.intp]
) -> Iterator[_Part]:
    """Parts with no SKU in common, so that a flow of each is a flow of all."""
    if len(pairs) <= WHOLE:
        stocks = np.arange(len(problem.stock_sku))
        yield _Part(np.arange(len(problem.line_sku)), stocks, pairs)
        return
    of_pair = numbers.line[problem.pair_line[pairs]]
    before = np.cumsum(np.bincount(of_pair, minlength=numbers.skus))
    _, part_of = np.unique(before // PART, return_inverse=True)
    parts = int(part_of.max()) + 1
    groups = [
        _by_part(part_of[sku], parts) for sku in (numbers.line, numbers.stock, of_pair)
    ]
    for lines, stocks, mine in zip(*groups, strict=True):
        yield _Part(lines, stocks, pairs[mine])


def _by_part(part: NDArray[np.intp], parts: int) -> list[NDArray[np.intp]]:
    """Positions of each part, ascending."""
    by_part = np.argsort(part, kind="stable")
    return np.split(by_part, np.searchsorted(part[by_part], np.arange(1, parts)))


def _flow(
    problem: AllocationProblem,
    part: _Part,
    wanted: NDArray[np.int64],
    room: NDArray[np.int64],
    unit_cost: NDArray[np.int64],
    penalty: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the units over each pair of a part, and those short of each line."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    line = np.searchsorted(part.lines, problem.pair_line[part.pairs])
    stock = np.searchsorted(part.stocks, problem.pair_stock[part.pairs])
    stocks, lines = len(part.stocks), len(part.lines)
    # Nodes: the locations, then the lines, then the source of all units.
    source = stocks + lines
    used = np.unique(stock)
    there, needed = problem.stock_quantity[part.stocks], wanted[part.lines]
    flow = SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate((stock, np.full(len(used) + lines, source))).astype(np.int32),
        np.concatenate((line + stocks, used, np.arange(stocks, source))).astype(
            np.int32
        ),
        np.concatenate((room, there[used], needed)),
        np.concatenate((unit_cost, np.zeros(len(used), np.int64), penalty[part.lines])),
    )
    flow.set_nodes_supplies(
        np.arange(source + 1, dtype=np.int32),
        np.concatenate((np.zeros(stocks, np.int64), -needed, [needed.sum()])),
    )
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise SolverError(
            "E302", f"the flow solver says {status}", "need smaller costs"
        )
    flows = np.array(flow.flows(np.arange(flow.num_arcs(), dtype=np.int32)))
    return flows[: len(line)], flows[len(line) + len(used) :]


def _costs(
    problem: AllocationProblem,
    numbers: _SkuNumbers,
    pairs: NDArray[np.intp],
    room: NDArray[np.int64],
) -> tuple[int, NDArray[np.int64], NDArray[np.int64]]:
    """Return parts per unit of cost, cost of a unit by pair, penalty by line."""
    rank = _rank_in_sku(problem)
    line_sku, stock_sku, skus = numbers
    nodes = len(stock_sku) + len(line_sku) + 1
    pair_sku = stock_sku[problem.pair_stock[pairs]]
    used = np.unique(problem.pair_stock[pairs])
    locations = np.bincount(stock_sku[used], minlength=skus)
    for parts in _PARTS:
        unit_cost = problem.pair_cost[pairs] * parts // np.maximum(room, 1)
        dearest = np.zeros(skus, np.int64)
        np.maximum.at(dearest, pair_sku, unit_cost)
        # A cycle that mends a shortage enters each location of the SKU at most
        # once, so this much outweighs all it can cost.
        step = (locations + 2) * dearest + 1
        penalty = rank * step[line_sku]
        if float(penalty.max(initial=0)) * nodes < _LARGEST_COST:
            return parts, unit_cost, penalty
    raise SolverError(
        "E302",
        f"got pair_cost up to {problem.pair_cost.max()} on {nodes} nodes",
        "need smaller costs",
    )


def _sku_numbers(problem: AllocationProblem) -> _SkuNumbers:
    skus, number = np.unique(
        np.concatenate((problem.line_sku, problem.stock_sku)), return_inverse=True
    )
    line, stock = np.split(number, [len(problem.line_sku)])
    return _SkuNumbers(line, stock, len(skus))


def _rank_in_sku(problem: AllocationProblem) -> NDArray[np.int64]:
    """Rank each line among those of its SKU, from 1: who is short first.

    The sets of units that can be served form a matroid, so any order of the lines
    gives the same served set as any weights in that order. Equal weights are told
    apart by quantity and index, which puts a shortage on few lines, the large and
    late ones.
    """
    lines = len(problem.line_sku)
    order = np.lexsort(
        (
            -np.arange(lines),
            -problem.line_quantity,
            problem.line_weight,
            problem.line_sku,
        )
    )
    sku = problem.line_sku[order]
    first = np.r_[True, sku[1:] != sku[:-1]] if lines else np.zeros(0, bool)
    start = np.maximum.accumulate(np.where(first, np.arange(lines), 0))
    rank = np.empty(lines, np.int64)
    rank[order] = np.arange(lines) - start + 1
    return rank
