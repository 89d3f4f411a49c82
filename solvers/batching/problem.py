"""The order batching problem, and a solution of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
    """

    distance: NDArray[np.int32]
    order_start: NDArray[np.int32]
    order_place: NDArray[np.int32]
    capacity: int

    def __post_init__(self) -> None:
        rows, cols = self.distance.shape
        if rows != cols:
            raise SolverError("E320", f"got distance {rows} x {cols}, need a square")
        if self.capacity < 1:
            raise SolverError("E321", f"got capacity {self.capacity}, need at least 1")
        if len(self.order_place) and not (
            self.order_place.min() > 0 and self.order_place.max() < rows
        ):
            raise SolverError("E322", f"got a place outside 1 .. {rows - 1}")

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
