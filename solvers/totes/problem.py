"""The tote problem: which orders ride together, from which places, to which station."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solvers.arguments import indices, keep, square_matrix, whole_numbers
from warehouse.errors import SolverError


@dataclass(frozen=True, slots=True, init=False)
class ToteProblem:
    """Orders to be fetched by robots that carry several at once.

    A trip begins and ends at one station, any of them. It carries whole orders within
    the capacity, and stops at places that hold all SKUs of its orders, each at any of
    its places. Robots make as many trips as it takes; what they drive together is to
    be short.

    Parameters
    ----------
    distance : ndarray of int32, shape (nodes, nodes)
        In millimetres, say, by the shortest way; stations are the first nodes.
    stations : int
    sku_start : ndarray of int32, shape (SKUs + 1,)
        Where the places of each SKU begin in ``sku_place``.
    sku_place : ndarray of int32
        Nodes that hold as much of the SKU as all orders ask for.
    order_start : ndarray of int32, shape (orders + 1,)
        Where the SKUs of each order begin in ``order_sku``.
    order_sku : ndarray of int32
    mass : ndarray of int32, shape (orders,)
        In grams, say.
    capacity : int
        Most mass of a trip.

    Raises
    ------
    SolverError
        E301 to E303 for arrays that do not fit each other.

    Examples
    --------
    >>> ToteProblem([[0, 2], [2, 0]], 1, [0, 1], [1], [0, 1], [1], [1], 2)
    Traceback (most recent call last):
    warehouse.errors.SolverError: E303 got order_sku 1; need 0 to 0
    """

    distance: NDArray[np.int32]
    stations: int
    sku_start: NDArray[np.int32]
    sku_place: NDArray[np.int32]
    order_start: NDArray[np.int32]
    order_sku: NDArray[np.int32]
    mass: NDArray[np.int32]
    capacity: int

    def __init__(
        self,
        distance: ArrayLike,
        stations: int,
        sku_start: ArrayLike,
        sku_place: ArrayLike,
        order_start: ArrayLike,
        order_sku: ArrayLike,
        mass: ArrayLike,
        capacity: int,
    ) -> None:
        matrix = square_matrix("distance", distance)
        places, skus = np.asarray(sku_place), np.asarray(order_sku)
        first = _starts("sku_start", sku_start, len(places))
        begin = _starts("order_start", order_start, len(skus))
        keep(
            self,
            distance=matrix,
            stations=int(
                whole_numbers("stations", stations, (), low=1, high=len(matrix))
            ),
            sku_start=first,
            sku_place=indices("sku_place", places, places.shape, len(matrix)),
            order_start=begin,
            order_sku=indices("order_sku", skus, skus.shape, len(first) - 1),
            mass=whole_numbers("mass", mass, (len(begin) - 1,)),
            capacity=int(whole_numbers("capacity", capacity, ())),
        )

    @property
    def orders(self) -> int:
        """Number of orders."""
        return len(self.mass)

    @property
    def fewest_trips(self) -> int:
        """How many trips the mass of all orders takes at least."""
        return -(-int(self.mass.sum()) // max(1, self.capacity))

    def skus_of(self, orders: list[int]) -> list[int]:
        """SKUs that some orders ask for, each once, ascending."""
        found: set[int] = set()
        for order in orders:
            begin, end = self.order_start[order : order + 2]
            found.update(self.order_sku[begin:end].tolist())
        return sorted(found)

    def places_of(self, sku: int) -> NDArray[np.int32]:
        """Nodes that hold a SKU."""
        return self.sku_place[self.sku_start[sku] : self.sku_start[sku + 1]]


def _starts(name: str, given: ArrayLike, end: int) -> NDArray[np.int32]:
    """Checked places at which lists begin: ascending from 0 to the end of all."""
    array = np.asarray(given)
    starts: NDArray[np.int32] = whole_numbers(name, array, (len(array),))
    if not len(starts) or starts[0] or starts[-1] != end or (np.diff(starts) < 0).any():
        need = f"need them to ascend from 0 to {end}"
        raise SolverError("E303", f"got {name} out of order", need)
    return starts
