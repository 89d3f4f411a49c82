"""Allocate order lines to stock locations."""

import time
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from solvers.allocation.min_cost_flow import UnitFlow, flow_units
from solvers.allocation.problem import Allocation, AllocationProblem
from solvers.allocation.splits import merge_splits
from solvers.allocation.whole_orders import fewest_refused, refuse_orders
from solvers.result import Result, Status, Stop, Termination
from warehouse.errors import SolverError

Partial = Literal["ship", "hold"]
"""Ship what can be served of an order, or hold an order back that is short."""
_NO_LIMIT: Final = Stop()
SOLVER: Final = "allocation: minimum-cost flow"


def solve(
    problem: AllocationProblem,
    stop: Stop = _NO_LIMIT,
    *,
    partial: Partial = "ship",
) -> Result[Allocation]:
    """Decide at which locations each line is served.

    A minimum-cost flow serves as many units as stock and pairs allow, lines of larger
    weight first, at the least cost by unit; a local search then merges needless
    splits. Among lines of one weight a shortage falls on few lines, the large and late
    ones. With ``partial="hold"`` an order that is short anywhere is held back whole
    and its stock is left to others; which ones is a greedy choice by weight, then by
    share of the scarce stock, and no order held back could be added to those served.

    Parameters
    ----------
    problem : AllocationProblem
    stop : Stop
        There is no allocation before the end: whoever stops gets None.
    partial : "ship" or "hold"

    Returns
    -------
    Result of Allocation
        ``objective`` is the cost of all visits. ``lower_bound`` holds for every
        allocation that leaves each line the same shortage. Deterministic. Statistics:
        ``short_lines``, ``short_units``, ``split_lines`` (served at several
        locations), ``held_orders``, ``held_orders_bound`` (no choice holds fewer).

    Raises
    ------
    SolverError
        E302 if ``partial`` is neither, or costs are too large for 64-bit integers.

    Notes
    -----
    One flow over all SKUs, or one for some SKUs after another where pairs are many;
    each once more when orders are held back. 10,000 lines with three locations each
    take about 0.3 s.

    Examples
    --------
    Order 0 wants two SKUs, one of which is gone; order 1 gets what it leaves.

    >>> problem = AllocationProblem(
    ...     line_quantity=[2, 1, 2], line_sku=[0, 1, 0], line_order=[0, 0, 1],
    ...     line_weight=[1, 1, 1], stock_sku=[0], stock_quantity=[2],
    ...     pair_line=[0, 2], pair_stock=[0, 0], pair_cost=[4, 9])
    >>> solve(problem).solution.shortage.tolist()
    [0, 1, 2]
    >>> held = solve(problem, partial="hold").solution
    >>> held.shortage.tolist(), held.held.tolist()
    ([2, 1, 0], [True, False, False])
    """
    if partial not in ("ship", "hold"):
        raise SolverError("E302", f"got partial {partial!r}", "need 'ship' or 'hold'")
    begun, deadline = time.perf_counter(), stop.deadline()

    def ended() -> bool:
        return time.perf_counter() >= deadline or stop.interrupted()

    flow = flow_units(problem, problem.line_quantity, ended)
    if flow is None:
        return _unknown(stop, begun)
    short = flow.shortage
    held = np.zeros(len(short), np.bool_)
    held_orders = held_bound = 0
    if partial == "hold" and short.any():
        refused, to_blame = refuse_orders(problem, short)
        held_orders = len(np.unique(problem.line_order[refused]))
        held_bound = fewest_refused(problem, short)
        held = refused & ~to_blame & (problem.line_quantity > 0)
        served = np.where(refused, 0, problem.line_quantity)
        flow = flow_units(problem, served, ended)
        if flow is None:
            return _unknown(stop, begun)
        short = np.where(refused, problem.line_quantity, flow.shortage)
    units = merge_splits(problem, flow.units)
    return _result(problem, units, short, held, flow, begun, held_orders, held_bound)


def _unknown(stop: Stop, begun: float) -> Result[Allocation]:
    """What is known when it was stopped before the end."""
    by_hand = stop.interrupted()
    return Result(
        solution=None,
        status=Status.UNKNOWN,
        termination=Termination.INTERRUPTED if by_hand else Termination.TIME_LIMIT,
        objective=float("inf"),
        lower_bound=float("-inf"),
        runtime_s=time.perf_counter() - begun,
        seed=0,
        solver=SOLVER,
    )


def _result(
    problem: AllocationProblem,
    units: NDArray[np.int64],
    short: NDArray[np.int64],
    held: NDArray[np.bool_],
    flow: UnitFlow,
    begun: float,
    held_orders: int,
    held_bound: int,
) -> Result[Allocation]:
    """Put the rows in order and say what is known of them."""
    visits = np.bincount(problem.pair_line[units > 0])
    pairs = np.flatnonzero(units)
    pairs = pairs[np.lexsort((problem.pair_stock[pairs], problem.pair_line[pairs]))]
    allocation = Allocation(
        line=problem.pair_line[pairs].astype(np.int32),
        stock=problem.pair_stock[pairs].astype(np.int32),
        quantity=units[pairs].astype(np.int32),
        shortage=short.astype(np.int32),
        held=held,
    )
    cost = int(problem.pair_cost[pairs].sum())
    proved = cost == flow.lower_bound and held_orders == held_bound
    return Result(
        solution=allocation,
        status=Status.OPTIMAL if proved else Status.FEASIBLE,
        termination=Termination.PROVED if proved else Termination.CONVERGED,
        objective=cost,
        lower_bound=flow.lower_bound,
        runtime_s=time.perf_counter() - begun,
        seed=0,
        solver=SOLVER,
        statistics={
            "short_lines": int(np.count_nonzero(short)),
            "short_units": int(short.sum()),
            "split_lines": int(np.count_nonzero(visits > 1)),
            "held_orders": held_orders,
            "held_orders_bound": held_bound,
        },
    )
