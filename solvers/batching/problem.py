"""The order batching problem, and a solution of it."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solvers.arguments import indices, keep, square_matrix, whole_numbers
from solvers.routing.parallel_aisles import AisleProblem
from warehouse.errors import SolverError


class Loads(NamedTuple):
    """What limits a batch, as arrays for kernels.

    Parameters
    ----------
    load : ndarray of int64, shape (orders, resources)
    capacity : ndarray of int64, shape (resources,)
    """

    load: NDArray[np.int64]
    capacity: NDArray[np.int64]


def checked_loads(orders: int, capacity: ArrayLike, load: ArrayLike | None) -> Loads:
    """What limits a batch, as a caller gives it; read-only.

    Parameters
    ----------
    orders : int
    capacity : array_like of int, shape (resources,) or ()
    load : array_like of int, shape (orders, resources), or None
        None for 1 of a single resource each.

    Raises
    ------
    SolverError
        E301 for another shape or type, E302 for a number out of range.

    Examples
    --------
    >>> checked_loads(2, 0, None)
    Traceback (most recent call last):
    warehouse.errors.SolverError: E302 got capacity 0; need 1 to 2147483647
    """
    limits = np.atleast_1d(np.asarray(capacity))
    if load is None:
        low, shape, load = 1, (1,), np.ones((orders, 1), np.int64)
    else:
        low, shape = 0, (len(limits),)
    return Loads(
        load=whole_numbers("load", load, (orders, *shape), dtype=np.int64),
        capacity=whole_numbers("capacity", limits, shape, low=low, dtype=np.int64),
    )


def most_together(loads: Loads) -> int:
    """Return how many orders fit into a batch at most, resource by resource."""
    filled = np.sort(loads.load, axis=0).cumsum(axis=0)
    return max(1, int((filled <= loads.capacity).all(axis=1).sum()))


@dataclass(frozen=True, slots=True)
class BatchingProblem:
    """Orders to be picked in closed tours of limited load.

    Parameters
    ----------
    floor : ndarray of int32, shape (places + 1, places + 1), or AisleProblem
        Steps between places; row and column 0 are the depot where every tour begins
        and ends. May be asymmetric. Or parallel aisles, whose picks are the places:
        place p is pick p - 1, lengths are in the unit of the aisles.
    order_start : ndarray of int32, shape (orders + 1,)
        Where the places of each order begin in `order_place`.
    order_place : ndarray of int32, shape (n,)
        Places (1 .. places) that each order needs, without repetition.
    capacity : int or ndarray of int64, shape (resources,)
        What a batch may hold of each resource: orders, weight, boxes, slots.
    load : ndarray of int64, shape (orders, resources), optional
        What each order takes of each resource; by default 1 of a single one, so
        that ``capacity`` counts orders.

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

    floor: NDArray[np.int32] | AisleProblem
    order_start: NDArray[np.int32]
    order_place: NDArray[np.int32]
    capacity: NDArray[np.int64]
    load: NDArray[np.int64]

    def __init__(
        self,
        floor: ArrayLike | AisleProblem,
        order_start: ArrayLike,
        order_place: ArrayLike,
        capacity: ArrayLike,
        load: ArrayLike | None = None,
    ) -> None:
        if not isinstance(floor, AisleProblem):
            floor = square_matrix("distance", floor)
        nodes = floor.picks + 1 if isinstance(floor, AisleProblem) else len(floor)
        orders, places = len(np.asarray(order_start)) - 1, len(np.asarray(order_place))
        ends = whole_numbers("order_start", order_start, (orders + 1,))
        if orders < 0 or ends[0] or ends[-1] != places or (np.diff(ends) < 0).any():
            need = f"need them to ascend from 0 to {places}"
            raise SolverError("E303", "got order_start out of order", need)
        visits = indices("order_place", order_place, (places,), nodes)
        if places and visits.min() == 0:
            raise SolverError("E303", "got order_place 0", "need 1 or more")
        limits = checked_loads(orders, capacity, load)
        keep(
            self,
            floor=floor,
            order_start=ends,
            order_place=visits,
            capacity=limits.capacity,
            load=limits.load,
        )

    @property
    def orders(self) -> int:
        """Number of orders."""
        return len(self.order_start) - 1

    def places_of(self, order: int) -> NDArray[np.int32]:
        """Places that an order needs."""
        return self.order_place[self.order_start[order] : self.order_start[order + 1]]

    def loads(self) -> Loads:
        """Return what limits a batch."""
        return Loads(np.array(self.load), np.array(self.capacity))

    def too_heavy(self) -> NDArray[np.intp]:
        """Orders that fit into no batch; with any, the problem has no solution."""
        return np.flatnonzero((self.load > self.capacity).any(axis=1))

    def most_orders(self) -> int:
        """Return how many orders a batch holds at most.

        Examples
        --------
        >>> floor = np.zeros((1, 1), int)
        >>> BatchingProblem(floor, [0, 0, 0, 0], [], 5, [[2], [3], [1]]).most_orders()
        2
        """
        return most_together(self.loads())


@dataclass(frozen=True, slots=True)
class Batch:
    """Orders that ride together, and the places of their tour in visiting order."""

    orders: tuple[int, ...]
    tour: tuple[int, ...]
    cost: float


def batch_numbers(batches: list[Batch], orders: int) -> NDArray[np.int32]:
    """Batch number of each order, shape (orders,)."""
    batch_of = np.zeros(orders, np.int32)
    for b, batch in enumerate(batches):
        batch_of[list(batch.orders)] = b
    return batch_of
