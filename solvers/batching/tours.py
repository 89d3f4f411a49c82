"""The tours of a batching, measured anew: nothing remembered is believed."""

import time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solvers.batching.problem import Batch, BatchingProblem
from solvers.result import Stop
from solvers.routing.parallel_aisles import AisleProblem
from solvers.routing.problem import TourProblem, solve
from solvers.routing.ratliff_rosenthal import solve_aisles

KICKS: Final = 20_000
"""Kicks of the local search for all tours on a matrix together; no fewer than
`LEAST_KICKS` for one."""
LEAST_KICKS: Final = 100


def batches_of(problem: BatchingProblem, batch_of: NDArray[np.int32]) -> list[Batch]:
    """Batches with their tours: shortest in aisles, else by the best method at hand.

    Parameters
    ----------
    problem : BatchingProblem
    batch_of : ndarray of int32, shape (orders,)

    Examples
    --------
    >>> floor = np.array([[0, 4, 4], [4, 0, 1], [4, 1, 0]])
    >>> problem = BatchingProblem(floor, [0, 1, 2], [1, 2], capacity=2)
    >>> [batch.cost for batch in batches_of(problem, np.array([0, 0]))]
    [9.0]
    """
    batches = []
    used = np.unique(batch_of)
    kicks = max(LEAST_KICKS, KICKS // max(1, len(used)))
    for b in used:
        orders = np.flatnonzero(batch_of == b)
        tour, cost = _tour(problem, _places(problem, orders), kicks)
        batches.append(Batch(tuple(orders.tolist()), tuple(tour.tolist()), cost))
    return batches


def batches_time_s(problem: BatchingProblem, batch_of: NDArray[np.int32]) -> float:
    """About how long `batches_of` will take, judged by a few batches."""
    used = np.unique(batch_of)
    kicks = max(LEAST_KICKS, KICKS // max(1, len(used)))
    few = used[:: max(1, len(used) // 3)][:3]
    began = time.perf_counter()
    for b in few:
        _tour(problem, _places(problem, np.flatnonzero(batch_of == b)), kicks)
    return (time.perf_counter() - began) / max(1, len(few)) * len(used)


def _places(problem: BatchingProblem, orders: NDArray[np.intp]) -> NDArray[np.int32]:
    """Places that some orders need, ascending."""
    return np.unique(np.concatenate([problem.places_of(o) for o in orders.tolist()]))


def aisle_part(floor: AisleProblem, places: NDArray[np.int32]) -> AisleProblem:
    """Pose the tour through only some places; place p is pick p - 1."""
    return AisleProblem(
        floor.aisle_x,
        floor.cross_y,
        floor.pick_aisle[places - 1],
        floor.pick_y[places - 1],
        floor.depot_aisle,
        floor.depot_cross,
        floor.depot_leg,
    )


def _tour(
    problem: BatchingProblem, places: NDArray[np.int32], kicks: int
) -> tuple[NDArray[np.int32], float]:
    floor = problem.floor
    if isinstance(floor, AisleProblem):
        tour = solve_aisles(aisle_part(floor, places)).solution
        assert tour is not None  # every set of places has a tour
        return places[tour.order], tour.length
    nodes = np.concatenate([[0], places]).astype(np.int32)
    stops = TourProblem(floor[np.ix_(nodes, nodes)])
    result = solve(stops, Stop(iterations=kicks))
    assert result.solution is not None
    return nodes[result.solution], result.objective
