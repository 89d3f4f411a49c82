"""Which units come from where: one minimum-cost flow over all SKUs.

Paying for a visit however many units are taken is a fixed-charge transportation
problem. Its linear relaxation charges ``pair_cost / min(units wanted, units there)``
for each unit, which is a minimum-cost flow: its value is a lower bound on the cost
of all visits, and it is met whenever no line is split.

Source: Balinski, M. L. (1961), Fixed-cost transportation problems, Naval Research
Logistics Quarterly 8, https://doi.org/10.1002/nav.3800080104.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.allocation.problem import AllocationProblem
from warehouse.errors import SolverError

# A unit's cost is a whole number of these parts. 27720 and 2520 divide by 1 to 12
# and by 1 to 10, so that common quantities lose nothing to rounding.
_PARTS: Final = (27720, 2520, 12, 1)
# The solver multiplies costs by the number of nodes and needs some head room.
_LARGEST_COST: Final = 2**60


@dataclass(frozen=True, slots=True)
class UnitFlow:
    """Units over each pair (P,), units short of each line (L,), bound on visits."""

    units: NDArray[np.int64]
    shortage: NDArray[np.int64]
    lower_bound: int


def flow_units(problem: AllocationProblem, wanted: NDArray[np.int64]) -> UnitFlow:
    """Serve as much as the stock allows, heavier lines first, then cheapest.

    Parameters
    ----------
    problem : AllocationProblem
    wanted : ndarray of int64, shape (L,)
        Units to serve of each line; at most its quantity.

    Raises
    ------
    SolverError
        E302 if costs and sizes together leave the range of 64-bit integers.
    """
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    room = np.minimum(
        wanted[problem.pair_line], problem.stock_quantity[problem.pair_stock]
    )
    pairs = np.flatnonzero(room > 0)
    # Location first: the solver's choice among equals then leans to few locations.
    pairs = pairs[np.lexsort((problem.pair_line[pairs], problem.pair_stock[pairs]))]
    line, stock = problem.pair_line[pairs], problem.pair_stock[pairs]
    stocks, lines = len(problem.stock_sku), len(problem.line_sku)
    parts, unit_cost, penalty = _costs(problem, pairs, room[pairs], stocks + lines + 1)

    # Nodes: the locations, then the lines, then the source of all units.
    source = stocks + lines
    used = np.unique(stock)
    flow = SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate((stock, np.full(len(used) + lines, source))).astype(np.int32),
        np.concatenate((line + stocks, used, np.arange(stocks, source))).astype(
            np.int32
        ),
        np.concatenate((room[pairs], problem.stock_quantity[used], wanted)),
        np.concatenate((unit_cost, np.zeros(len(used), np.int64), penalty)),
    )
    flow.set_nodes_supplies(
        np.arange(source + 1, dtype=np.int32),
        np.concatenate((np.zeros(stocks, np.int64), -wanted, [wanted.sum()])),
    )
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise SolverError(
            "E302", f"the flow solver says {status}", "need smaller costs"
        )
    flows = np.array(flow.flows(np.arange(flow.num_arcs(), dtype=np.int32)))
    units = np.zeros(len(problem.pair_line), np.int64)
    units[pairs] = flows[: len(pairs)]
    paid = int(np.dot(units[pairs], unit_cost))
    return UnitFlow(units, flows[len(pairs) + len(used) :], -(-paid // parts))


def _costs(
    problem: AllocationProblem,
    pairs: NDArray[np.intp],
    room: NDArray[np.int64],
    nodes: int,
) -> tuple[int, NDArray[np.int64], NDArray[np.int64]]:
    """Return parts per unit of cost, cost of a unit by pair, penalty by line."""
    rank = _rank_in_sku(problem)
    _, sku = np.unique(
        np.concatenate((problem.line_sku, problem.stock_sku)), return_inverse=True
    )
    line_sku, stock_sku = np.split(sku, [len(problem.line_sku)])
    skus = int(sku.max(initial=-1)) + 1
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
