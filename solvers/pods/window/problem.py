"""A few orders, pods and stations, and what is decided about them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from solvers.arguments import indices, whole_numbers


@dataclass(frozen=True, slots=True)
class WindowProblem:
    """Orders to serve with as few pod visits as possible.

    A visit brings one pod to one station once. Every order is served at one station.

    Parameters
    ----------
    wanted : ndarray of int32, shape (orders, SKUs)
        Units.
    stock : ndarray of int32, shape (pods, SKUs)
        Units on each pod.
    most_orders : ndarray of int32, shape (stations,)
        Orders that a station may get.

    Raises
    ------
    SolverError
        E301 for another shape or type, E302 for a number out of range.

    Examples
    --------
    >>> WindowProblem(np.ones((1, 2), int), np.ones((3, 1), int), np.ones(1, int))
    Traceback (most recent call last):
    warehouse.errors.SolverError: E301 got stock of shape (3, 1); need (3, 2)
    """

    wanted: NDArray[np.int32]
    stock: NDArray[np.int32]
    most_orders: NDArray[np.int32]

    def __post_init__(self) -> None:
        """Check and copy."""
        counts = [np.size(a, 0) if np.ndim(a) else 0 for a in (self.wanted, self.stock)]
        skus = np.size(self.wanted, 1) if np.ndim(self.wanted) == 2 else 0
        wanted = whole_numbers("wanted", self.wanted, (counts[0], skus))
        stock = whole_numbers("stock", self.stock, (counts[1], skus))
        stations = (np.size(self.most_orders),)
        most = whole_numbers("most_orders", self.most_orders, stations)
        object.__setattr__(self, "wanted", wanted)
        object.__setattr__(self, "stock", stock)
        object.__setattr__(self, "most_orders", most)

    @property
    def is_servable(self) -> bool:
        """Whether stock covers all orders, and stations have room for them."""
        covered = bool((self.stock.sum(0) >= self.wanted.sum(0)).all())
        return covered and int(self.most_orders.sum()) >= len(self.wanted)


@dataclass(frozen=True, slots=True)
class WindowChoice:
    """Where each order is served, and what each visit brings.

    Parameters
    ----------
    station : ndarray of int32, shape (orders,)
    brought : ndarray of int32, shape (pods, stations, SKUs)
        Units; a pod visits the stations to which it brings any.
    """

    station: NDArray[np.int32]
    brought: NDArray[np.int32]

    def __post_init__(self) -> None:
        """Check and copy."""
        stations = np.shape(self.brought)[1]
        count = (len(self.station),)
        station = indices("station", self.station, count, stations)
        brought = whole_numbers("brought", self.brought, np.shape(self.brought))
        object.__setattr__(self, "station", station)
        object.__setattr__(self, "brought", brought)

    @property
    def visits(self) -> int:
        """Pairs of a pod and a station it visits."""
        return int(self.brought.any(2).sum())


@dataclass(frozen=True, slots=True)
class WindowParams:
    """Parameters of `solve`.

    Parameters
    ----------
    method : "search" or "exact"
        Local search; or a proof after it, by bounds for each station and CP-SAT.
    moves : int
        Of the search, where the stop sets no iterations.
    deterministic_limit : float
        Of CP-SAT each time it is called, on its own clock.
    """

    method: Literal["search", "exact"] = "search"
    moves: int = 5000
    deterministic_limit: float = 60.0
