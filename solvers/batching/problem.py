"""The order batching problem, and a solution of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.arguments import indices, keep, square_matrix, whole_numbers
from warehouse.errors import SolverError


@dataclass(frozen=True, slots=True)
class BatchingProblem:
    """Orders to be picked in closed tours of limited size.

    Parameters
    ----------
    distance : ndarray of int32, shape (places + 1, places + 1)
        Steps between places; row and column 0 are the depot where every tour
        begins and ends. May be asymmetric.
    order_start : ndarray of int32, shape (orders + 1,)
        Where the places of each order begin in `order_place`.
    order_place : ndarray of int32, shape (n,)
        Places (1 .. places) that each order needs, without repetition.
    capacity : int
        Orders a tour may hold.

    Raises
    ------
    SolverError
        E301 if the matrix is not square or an array has another shape or type, E302
        if a number is out of range, E303 if an order needs a place that is none.

    Examples
    --------
    The depot is no place to pick at.

    >>> BatchingProblem(np.zeros((2, 2), int), [0, 1], [0], capacity=4)
    Traceback (most recent call last):
    warehouse.errors.SolverError: E303 got order_place 0; need 1 or more
    """

    distance: NDArray[np.int32]
    order_start: NDArray[np.int32]
    order_place: NDArray[np.int32]
    capacity: int

    def __post_init__(self) -> None:
        distance = square_matrix("distance", self.distance)
        orders, places = len(self.order_start) - 1, len(self.order_place)
        ends = whole_numbers("order_start", self.order_start, (orders + 1,))
        if orders < 0 or ends[0] or ends[-1] != places or (np.diff(ends) < 0).any():
            need = f"need them to ascend from 0 to {places}"
            raise SolverError("E303", "got order_start out of order", need)
        visits = indices("order_place", self.order_place, (places,), len(distance))
        if places and visits.min() == 0:
            raise SolverError("E303", "got order_place 0", "need 1 or more")
        keep(
            self,
            distance=distance,
            order_start=ends,
            order_place=visits,
            capacity=int(whole_numbers("capacity", self.capacity, (), low=1)),
        )

    @property
    def orders(self) -> int:
        """Number of orders."""
        return len(self.order_start) - 1

    def places_of(self, order: int) -> NDArray[np.int32]:
        """Places that an order needs."""
        return self.order_place[self.order_start[order] : self.order_start[order + 1]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Orders that ride together, and the places of their tour in visiting order."""

    orders: tuple[int, ...]
    tour: tuple[int, ...]
    cost: int
