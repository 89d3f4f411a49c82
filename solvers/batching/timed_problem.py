"""Batching with due times: batches are picked one after another by some pickers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solvers.arguments import due_times, keep, numbers, whole_numbers
from solvers.batching.problem import BatchingProblem
from warehouse.errors import SolverError


@dataclass(frozen=True, slots=True)
class TimedBatchingProblem:
    """Orders to be batched and the batches to be given to pickers, in time.

    A batch begins when its picker is free and its last order is released; it takes its
    setup, its tour at the pickers' speed, and the service of its orders. All its
    orders are done when it is. An order is late by what that is after its due time.

    Parameters
    ----------
    batching : BatchingProblem
    due_s : ndarray of float64, shape (orders,)
        Inf where an order has none.
    release_s : ndarray of float64, shape (orders,), optional
        Earliest start of a batch with the order; 0 by default.
    service_s : ndarray of float64, shape (orders,), optional
        What the order takes besides travel, such as its picks; 0 by default.
    setup_s : float
        What each batch takes besides.
    pickers : int
    speed : float
        Length of the floor's unit that a picker goes in a second.
    late_weight : float
        Seconds of travel that a second of tardiness is worth in the objective.

    Raises
    ------
    SolverError
        E301 for an array of another shape or type, E302 for a number out of range.

    Examples
    --------
    >>> batching = BatchingProblem(np.zeros((1, 1), int), [0, 0], [], capacity=1)
    >>> TimedBatchingProblem(batching, [60.0], speed=0.0)
    Traceback (most recent call last):
    warehouse.errors.SolverError: E302 got speed 0.0; need a number above 0
    """

    batching: BatchingProblem
    due_s: NDArray[np.float64]
    release_s: NDArray[np.float64]
    service_s: NDArray[np.float64]
    setup_s: float
    pickers: int
    speed: float
    late_weight: float

    def __init__(
        self,
        batching: BatchingProblem,
        due_s: ArrayLike,
        *,
        release_s: ArrayLike | None = None,
        service_s: ArrayLike | None = None,
        setup_s: float = 0.0,
        pickers: int = 1,
        speed: float = 1.0,
        late_weight: float = 10.0,
    ) -> None:
        orders = batching.orders
        zero = np.zeros(orders)
        release_s = zero if release_s is None else release_s
        service_s = zero if service_s is None else service_s
        if not 0 < speed < float("inf"):
            raise SolverError("E302", f"got speed {speed}", "need a number above 0")
        keep(
            self,
            batching=batching,
            due_s=due_times("due_s", due_s, (orders,)),
            release_s=numbers("release_s", release_s, (orders,)),
            service_s=numbers("service_s", service_s, (orders,)),
            setup_s=float(numbers("setup_s", setup_s, ())),
            pickers=int(whole_numbers("pickers", pickers, (), low=1)),
            speed=float(speed),
            late_weight=float(numbers("late_weight", late_weight, ())),
        )


@dataclass(frozen=True, slots=True)
class TimedBatch:
    """A batch, its tour, who picks it, and from when to when.

    Parameters
    ----------
    orders : tuple of int
    tour : tuple of int
        Places in visiting order.
    length : float
        Of the tour, in the floor's unit.
    picker : int
    start_s, end_s : float
    """

    orders: tuple[int, ...]
    tour: tuple[int, ...]
    length: float
    picker: int
    start_s: float
    end_s: float


def tardiness_s(problem: TimedBatchingProblem, batches: list[TimedBatch]) -> float:
    """Seconds by which all orders together are late.

    Examples
    --------
    What is never due is never late.

    >>> batching = BatchingProblem(np.zeros((1, 1), int), [0, 0, 0], [], capacity=2)
    >>> problem = TimedBatchingProblem(batching, [60.0, np.inf])
    >>> tardiness_s(problem, [TimedBatch((0, 1), (), 0.0, 0, 0.0, 90.0)])
    30.0
    """
    return float(
        sum(
            np.maximum(0.0, batch.end_s - problem.due_s[list(batch.orders)]).sum()
            for batch in batches
        )
    )


def value_s(problem: TimedBatchingProblem, batches: list[TimedBatch]) -> float:
    """Objective: seconds of travel, and of tardiness times its weight."""
    travel_s = sum(batch.length for batch in batches) / problem.speed
    return travel_s + problem.late_weight * tardiness_s(problem, batches)
