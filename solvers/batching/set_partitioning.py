"""The best choice among batches already met: set partitioning by HiGHS.

The linear relaxation comes first (GLOP). A row that asks for as many batches as the
loads need at least makes it tight. A batch whose reduced cost is larger than the
distance between the relaxation and the best batching known is part of no better one and
is left out.
"""

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ortools.math_opt.python import mathopt

TOLERANCE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Columns:
    """Different batches, as the columns of a matrix with a row for each order.

    Parameters
    ----------
    start : ndarray of int64, shape (batches + 1,)
        Where the orders of each batch begin in ``order``; no batch is empty.
    order : ndarray of int32
    cost : ndarray of float64, shape (batches,)
    """

    start: NDArray[np.int64]
    order: NDArray[np.int32]
    cost: NDArray[np.float64]

    @property
    def count(self) -> int:
        """Number of batches."""
        return len(self.cost)

    def of(self, column: int) -> list[int]:
        """Orders of one batch."""
        orders: list[int] = self.order[
            self.start[column] : self.start[column + 1]
        ].tolist()
        return orders

    def take(self, chosen: NDArray[np.intp]) -> "Columns":
        """Only some of the batches."""
        sizes = np.diff(self.start)[chosen]
        start = np.concatenate([[0], np.cumsum(sizes)])
        at = np.repeat(self.start[:-1][chosen] - start[:-1], sizes)
        return Columns(start, self.order[at + np.arange(start[-1])], self.cost[chosen])


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Value of the linear relaxation, and what its rows are worth.

    Parameters
    ----------
    value : float
    order_dual : ndarray of float64, shape (orders,)
        0 or more.
    batch_dual : float
        Of the row that asks for a number of batches; 0 or more.
    used : tuple of int
        Batches of which the relaxation uses a part, the largest part first.
    """

    value: float
    order_dual: NDArray[np.float64]
    batch_dual: float
    used: tuple[int, ...] = ()

    def reduced_costs(self, columns: Columns) -> NDArray[np.float64]:
        """Cost of each batch above what its orders and itself are worth."""
        worth = np.add.reduceat(self.order_dual[columns.order], columns.start[:-1])
        reduced: NDArray[np.float64] = columns.cost - worth - self.batch_dual
        return reduced


def relax(
    columns: Columns, orders: int, least_batches: int, time_limit_s: float = math.inf
) -> Relaxation | None:
    """Least cost of fractions of batches that cover every order.

    Parameters
    ----------
    columns : Columns
        Cover every order.
    orders : int
    least_batches : int
        Every batching has at least so many batches.
    time_limit_s : float

    Returns
    -------
    Relaxation or None
        None, if there was no time to solve it.
    """
    from ortools.math_opt.python import mathopt

    result = mathopt.solve(
        _model(columns, orders, least_batches, whole=False),
        mathopt.SolverType.GLOP,
        params=mathopt.SolveParameters(time_limit=_limit(time_limit_s)),
    )
    if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
        return None
    dual = np.zeros(orders + 1)
    for row, value in result.dual_values().items():
        dual[row.id] = max(0.0, value)
    parts = {v.id: part for v, part in result.variable_values().items() if part > 0}
    used = tuple(sorted(parts, key=lambda column: (-parts[column], column)))
    return Relaxation(
        result.objective_value(), dual[:orders], float(dual[orders]), used
    )


def choose(
    columns: Columns,
    orders: int,
    least_batches: int,
    best: float,
    time_limit_s: float,
    nodes: int,
) -> tuple[list[int] | None, float]:
    """Choose batches that hold every order once, for less than a cost.

    Parameters
    ----------
    columns : Columns
    orders, least_batches : int
        As in `relax`.
    best : float
        What the best batching known costs.
    time_limit_s : float
        Wall clock; a run that ends by it is not repeatable.
    nodes : int
        Nodes of branch and bound.

    Returns
    -------
    list of int or None
        Columns chosen; None, if nothing cheaper than ``best`` was found.
    float
        Lower bound on every choice among these columns, and not above ``best``.
    """
    from ortools.math_opt.python import mathopt

    result = mathopt.solve(
        _model(columns, orders, least_batches, whole=True),
        mathopt.SolverType.HIGHS,
        params=mathopt.SolveParameters(
            time_limit=_limit(time_limit_s),
            node_limit=nodes,
            relative_gap_tolerance=0.0,
        ),
    )
    if result.termination.reason == mathopt.TerminationReason.INFEASIBLE:
        return None, best
    bound = min(best, result.termination.objective_bounds.dual_bound)
    if not result.has_primal_feasible_solution():
        return None, bound
    values = result.variable_values()
    if result.objective_value() >= best - TOLERANCE:
        return None, bound
    return [variable.id for variable, value in values.items() if value > 0.5], bound


def _limit(time_limit_s: float) -> timedelta | None:
    if time_limit_s == math.inf:
        return None
    return timedelta(seconds=max(0.001, time_limit_s))


def _model(
    columns: Columns, orders: int, least_batches: int, *, whole: bool
) -> "mathopt.Model":
    """Cover every order, once where batches are whole; the last row counts batches."""
    from ortools.math_opt import model_pb2
    from ortools.math_opt.python import mathopt

    proto = model_pb2.ModelProto()
    variables, rows = proto.variables, proto.linear_constraints
    every = range(columns.count)
    variables.ids.extend(every)
    variables.lower_bounds.extend([0.0] * columns.count)
    variables.upper_bounds.extend([1.0 if whole else math.inf] * columns.count)
    variables.integers.extend([whole] * columns.count)
    rows.ids.extend(range(orders + 1))
    rows.lower_bounds.extend([1.0] * orders + [float(least_batches)])
    rows.upper_bounds.extend([1.0 if whole else math.inf] * orders + [math.inf])
    proto.objective.linear_coefficients.ids.extend(every)
    proto.objective.linear_coefficients.values.extend(columns.cost.tolist())
    row = np.concatenate([columns.order, np.full(columns.count, orders)])
    column = np.repeat(np.arange(columns.count), np.diff(columns.start))
    column = np.concatenate([column, np.arange(columns.count)])
    by_row = np.lexsort((column, row))
    matrix = proto.linear_constraint_matrix
    matrix.row_ids.extend(row[by_row].tolist())
    matrix.column_ids.extend(column[by_row].tolist())
    matrix.coefficients.extend([1.0] * len(by_row))
    return mathopt.Model.from_model_proto(proto)
