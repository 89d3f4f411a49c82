"""A lower bound on the length of all tours, from shares that every item must bear."""

import numpy as np
from numpy.typing import NDArray

from solvers.joint_picking.problem import JointPickingProblem


def least_length(problem: JointPickingProblem) -> float:
    """Length that no solution falls below.

    A tour is at least twice as long as the way to its farthest item. As the volumes of
    a pick list are at most the capacity, this is at least the sum over its items of
    twice the way times the share of the capacity that the item fills (as for vehicle
    routing: Haimovich & Rinnooy Kan 1985, doi:10.1287/moor.10.4.527). Where every way
    between items leads over a cross aisle, each item costs in full what leads from its
    nearer cross aisle to it and back, and only the way across the aisles is shared.
    Then every position takes its cheapest item, however often it is taken, and the
    cheapest orders per position are chosen, the last one in part.

    Examples
    --------
    One item at row 3 of aisle 2, which fills the pick list:

    >>> least_length(
    ...     JointPickingProblem([0], [0], [3], [2], [5], [0, 1], [0], 1, 1, 5, -8, 8))
    10.0
    """
    spans = np.diff(problem.order_start)
    total = _order_costs(problem)
    ranked = np.argsort(total / spans, kind="stable")
    before = np.concatenate([[0], np.cumsum(spans[ranked])[:-1]])
    part = np.clip((problem.min_items - before) / spans[ranked], 0.0, 1.0)
    needed = part > 0
    bound = float((part[needed] * total[ranked][needed]).sum())
    return float(np.ceil(bound - 1e-6))  # lengths are whole


def servable_positions(problem: JointPickingProblem) -> int:
    """Positions of the orders whose every article is in stock and fits a pick list."""
    servable = np.isfinite(_order_costs(problem))
    return int(np.diff(problem.order_start)[servable].sum())


def _order_costs(problem: JointPickingProblem) -> NDArray[np.float64]:
    """Least share of each order, infinite if an article of it cannot be had."""
    volume = problem.article_volume[problem.item_article].astype(np.float64)
    row = np.abs(problem.item_row.astype(np.float64))
    aisle = np.abs(problem.item_aisle.astype(np.float64))
    share = np.minimum(volume / max(1, problem.capacity), 1.0)
    if problem.direct_in_aisle:
        cost = 2 * (row + aisle) * share
    else:
        outer = np.where(problem.item_row > 0, problem.last_row, -problem.first_row)
        cost = 2 * np.minimum(row, outer - row) + 2 * aisle * share
    cost[volume > problem.capacity] = np.inf
    least = np.full(len(problem.article_volume), np.inf)
    np.minimum.at(least, problem.item_article, cost)
    return np.add.reduceat(
        least[problem.position_article], problem.order_start[:-1].astype(np.intp)
    )
