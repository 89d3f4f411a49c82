"""Dense matrices near the square: the linear assignment of OR-Tools.

Source: Goldberg, A. V. and Kennedy, R. (1995), An efficient cost scaling algorithm
for the assignment problem, https://doi.org/10.1007/BF01585996, as OR-Tools'
SimpleLinearSumAssignment; it wants a perfect matching of a square.
"""

import numpy as np
from numpy.typing import NDArray

from warehouse.errors import SolverError


def fits_dense(cost: NDArray[np.int64], allowed: NDArray[np.bool_]) -> bool:
    """Tell whether node prices stay within 64 bits: about 4 n^2 times a cost."""
    used = cost[allowed]
    if not used.size:
        return True
    forbidden_cost = (int(used.max()) - int(used.min())) * min(cost.shape) + 1
    return 4 * max(cost.shape) ** 2 * forbidden_cost < 2**62


def match_dense(
    cost: NDArray[np.int64], allowed: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """Match as many rows and columns as possible, then as cheaply as possible.

    The matrix is padded to a square with zeros. A forbidden entry costs more than
    all others together, so as few as possible are used, and those are dropped.

    Parameters
    ----------
    cost : ndarray of int64, shape (rows, columns)
    allowed : ndarray of bool, shape (rows, columns)

    Returns
    -------
    ndarray of int32, shape (n, 2)
        Row and column of each match, ordered by row.
    """
    from ortools.graph.python.linear_sum_assignment import SimpleLinearSumAssignment

    rows, columns = cost.shape
    size = max(rows, columns)
    if not allowed.any():
        return np.empty((0, 2), np.int32)
    least = cost[allowed].min()
    span = int(cost[allowed].max() - least)
    square = np.zeros((size, size), np.int64)
    square[:rows, :columns] = np.where(
        allowed, cost - least, min(rows, columns) * span + 1
    )
    nodes = np.arange(size, dtype=np.int32)
    solver = SimpleLinearSumAssignment()
    solver.add_arcs_with_cost(
        np.repeat(nodes, size), np.tile(nodes, size), square.ravel()
    )
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise SolverError(
            "E302", f"got assignment status {status}", "need smaller costs"
        )
    mates = np.array([solver.right_mate(row) for row in range(rows)], np.int32)
    pairs = np.column_stack((nodes[:rows], mates))[mates < columns]
    return pairs[allowed[pairs[:, 0], pairs[:, 1]]]
