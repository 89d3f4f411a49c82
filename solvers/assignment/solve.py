"""Assign trips to robots that are free now or will be soon."""

import time
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solvers.assignment.linear_assignment import fits_dense, match_dense
from solvers.assignment.min_cost_flow import match_edges
from solvers.assignment.problem import Assignment, AssignmentProblem, checked_matrix
from solvers.result import Result, Status, Termination

# Padding an oblong matrix to a square costs the linear assignment more than the flow
# takes (measured: 500 x 1000 0.27 s against 0.12 s, 1000 x 1000 0.13 s against 0.39 s).
_NEAR_SQUARE: Final = 1.2


def assign(cost: ArrayLike, forbidden: ArrayLike | None = None) -> NDArray[np.int32]:
    """Match as many robots and trips as possible, at the least total cost.

    Parameters
    ----------
    cost : array of integers, shape (R, T)
        Cost of robot r on trip t; either number may be larger.
    forbidden : array of bool, shape (R, T), optional
        True where robot r must not drive trip t.

    Returns
    -------
    ndarray of int32, shape (n, 2)
        Pairs of robot and trip, ordered by robot. Deterministic.

    Raises
    ------
    SolverError
        E301 on a wrong shape or type, E302 on costs beyond 2**36.

    Notes
    -----
    5 x 50 takes about 0.1 ms, 1000 x 1000 about 0.15 s.

    Examples
    --------
    Two matches come before cheap ones: robot 0 leaves trip 0 to robot 1.

    >>> assign([[1, 9], [2, 3]], [[False, False], [False, True]]).tolist()
    [[0, 1], [1, 0]]
    >>> assign(np.zeros((0, 3), int)).tolist()
    []
    """
    matrix, allowed = checked_matrix(cost, forbidden)
    robots, trips = matrix.shape
    near_square = max(robots, trips) <= _NEAR_SQUARE * min(robots, trips)
    if near_square and fits_dense(matrix, allowed):
        return match_dense(matrix, allowed)
    robot, trip = np.nonzero(allowed)
    edges = robot.astype(np.int32), trip.astype(np.int32)
    return match_edges(robots, trips, *edges, matrix[allowed])


def assign_sparse(
    robot: NDArray[np.int32], trip: NDArray[np.int32], cost: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Match over given edges only, for big fleets: each robot's nearest trips, say.

    Parameters
    ----------
    robot, trip, cost : ndarray of integers, shape (E,)
        Edge e: robot ``robot[e]`` may drive trip ``trip[e]`` at ``cost[e]``.

    Returns
    -------
    ndarray of int32, shape (n, 2)
        Pairs of robot and trip, ordered by robot; as many as the edges allow, then
        of least total cost. Deterministic.

    Raises
    ------
    SolverError
        E301, E302, E303 as for `AssignmentProblem`.

    Examples
    --------
    Robots 0 and 4 both know trip 7 only: one of them stays free.

    >>> assign_sparse([0, 4], [7, 7], [5, 3]).tolist()
    [[4, 7]]
    """
    problem = AssignmentProblem(_count(robot), _count(trip), robot, trip, cost)
    return match_edges(
        problem.robots, problem.trips, problem.robot, problem.trip, problem.cost
    )


def _count(index: NDArray[np.int32]) -> int:
    """One more than the largest index; what is no index is refused later."""
    given = np.asarray(index)
    return int(given.max()) + 1 if given.size and given.dtype.kind in "iu" else 0


def solve(problem: AssignmentProblem) -> Result[Assignment]:
    """Solve an assignment problem to proven optimality.

    Returns
    -------
    Result of Assignment
        As many pairs as possible; ``objective`` and ``lower_bound`` are the least
        total cost of that many. Statistics: ``pairs``, ``free_robots``,
        ``open_trips``.

    Examples
    --------
    >>> result = solve(AssignmentProblem.from_matrix([[4, 1], [3, 1]]))
    >>> result.objective, result.solution.pairs.tolist()
    (4, [[0, 1], [1, 0]])
    """
    begun = time.perf_counter()
    robots, trips = problem.robots, problem.trips
    edges = problem.robot, problem.trip
    if 2 * len(problem.cost) > robots * trips:
        allowed = np.zeros((robots, trips), np.bool_)
        allowed[edges] = True
        matrix = np.zeros((robots, trips), np.int64)
        matrix[edges] = problem.cost
        pairs = assign(matrix, ~allowed)
    else:
        pairs = match_edges(robots, trips, *edges, problem.cost)
    key = problem.robot.astype(np.int64) * trips + problem.trip
    chosen = np.isin(key, pairs[:, 0].astype(np.int64) * trips + pairs[:, 1])
    cost = int(problem.cost[chosen].sum())
    return Result(
        solution=Assignment(pairs),
        status=Status.OPTIMAL,
        termination=Termination.PROVED,
        objective=cost,
        lower_bound=cost,
        runtime_s=time.perf_counter() - begun,
        seed=0,
        solver="assignment: cost scaling",
        statistics={
            "pairs": len(pairs),
            "free_robots": robots - len(pairs),
            "open_trips": trips - len(pairs),
        },
    )
